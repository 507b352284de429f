"""From the XML of a SOAP call to what it asks for, whatever prefixes and spellings the client has; and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from actionsync_simulators.salesforce.gateway.messages import Response
from actionsync_simulators.salesforce.gateway.xml import (
    SCHEMA_INSTANCE,
    XML_HEAD,
    UnreadableXml,
    is_nil,
    local_name,
    namespace,
    parsed,
)
from actionsync_simulators.salesforce.soap.faults import SOAP_ENVELOPE, SOAP_TYPE, ClientFault

TRUE = frozenset({"true", "1"})
FALSE = frozenset({"false", "0"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the element of the operation, and what its headers say."""

    operation: Element
    session_id: str | None
    client: str
    allow_duplicates: bool

    @property
    def name(self) -> str:
        """The name of the operation."""
        return local_name(self.operation)


def read_call(body: bytes, *, kind: str) -> Call:
    """The call in an envelope of the partner or enterprise API. Raises ClientFault."""
    try:
        root = parsed(body)
    except UnreadableXml as problem:
        raise ClientFault(f"The request is not well-formed XML: {problem}") from None
    if local_name(root) != "Envelope":
        raise ClientFault(f"The root element is {local_name(root)}, not Envelope")
    if namespace(root) != SOAP_ENVELOPE:
        raise ClientFault("Only SOAP 1.1 is spoken here", kind="VersionMismatch")
    soap_body = next((one for one in root if one.tag == f"{{{SOAP_ENVELOPE}}}Body"), None)
    if soap_body is None or not len(soap_body):
        raise ClientFault("The envelope has no Body with a call in it")
    operation = soap_body[0]
    if namespace(operation) != f"urn:{kind}.soap.sforce.com":
        raise unknown_operation(operation)
    header = next((one for one in root if one.tag == f"{{{SOAP_ENVELOPE}}}Header"), None)
    return Call(
        operation=operation,
        session_id=_header(header, "SessionHeader", "sessionId"),
        client=_header(header, "CallOptions", "client") or "",
        allow_duplicates=(_header(header, "DuplicateRuleHeader", "allowSave") or "").lower() in TRUE,
    )


def unknown_operation(operation: Element) -> ClientFault:
    """The refusal of an operation that this API does not have."""
    shown = f"{{{namespace(operation)}}}{local_name(operation)}"
    return ClientFault(f"No operation available for request {shown}, please check the WSDL for the service.")


def children(parent: Element, name: str) -> Iterator[Element]:
    """The child elements of that name, in whatever namespace."""
    return (one for one in parent if local_name(one) == name)


def text_in(parent: Element, name: str) -> str | None:
    """The text of the first child of that name, without blanks around it; None where it is absent, empty or nil."""
    for one in children(parent, name):
        return None if is_nil(one) else (one.text or "").strip() or None
    return None


def flag_in(parent: Element, name: str) -> bool:
    """The truth value of a child; false where it is absent. Raises ClientFault for another word."""
    text = (text_in(parent, name) or "false").lower()
    if text not in TRUE | FALSE:
        raise ClientFault(f"'{text}' is not a valid value for the type xsd:boolean of {name}")
    return text in TRUE


def answer(operation: str, inner: str, *, kind: str) -> Response:
    """The answer to a call: result elements without prefix or attributes."""
    name = f"{operation}Response"
    result = f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"
    payload = (
        f'{XML_HEAD}<soapenv:Envelope xmlns:soapenv="{SOAP_ENVELOPE}" xmlns="urn:{kind}.soap.sforce.com"'
        f' xmlns:xsi="{SCHEMA_INSTANCE}"><soapenv:Body>{result}</soapenv:Body></soapenv:Envelope>'
    )
    return Response(200, payload, content_type=SOAP_TYPE)


def _header(header: Element | None, name: str, member: str) -> str | None:
    if header is None:
        return None
    for one in children(header, name):
        return text_in(one, member)
    return None
