"""Faults: how the SOAP API refuses a call as a whole."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.errors import ApiError
from actionsync_simulators.salesforce.gateway.messages import Response
from actionsync_simulators.salesforce.gateway.xml import SCHEMA_INSTANCE, XML_HEAD, text_of

SOAP_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_TYPE = "text/xml;charset=UTF-8"
PARTNER, ENTERPRISE = "partner", "enterprise"

MESSAGES: dict[str, str] = {
    "INVALID_LOGIN": "Invalid username, password, security token; or user locked out.",
    "INVALID_SESSION_ID": "Invalid Session ID found in SessionHeader: Illegal Session",
    "LOGIN_MUST_USE_SECURITY_TOKEN": (
        "Invalid username, password, security token; or user locked out. Are you at a new location? When accessing"
        " Salesforce from outside of your company's trusted networks, you must add a security token to your password"
        " to log in."
    ),
    "PASSWORD_LOCKOUT": "The user is locked out after too many failed logins.",
    "LOGIN_RATE_EXCEEDED": "The user has logged in too often within the last hour.",
    "TRIAL_EXPIRED": "The trial period of this organization has expired.",
    "API_DISABLED_FOR_ORG": "API is not enabled for this Organization or Partner",
    "UNSUPPORTED_API_VERSION": "Invalid Api version specified on URL",
}
"""The text by code, for faults that are raised without one."""

_LOGIN_CODES = frozenset(
    {"INVALID_LOGIN", "LOGIN_MUST_USE_SECURITY_TOKEN", "PASSWORD_LOCKOUT", "LOGIN_RATE_EXCEEDED", "TRIAL_EXPIRED"}
)


class SoapFault(Exception):
    """A call that fails as a whole with one of the platform's exception codes."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        self.message = MESSAGES.get(code, code) if message is None else message
        super().__init__(f"{code}: {self.message}")


class ClientFault(Exception):
    """An envelope that cannot be understood: answered by the SOAP layer itself, without an exception code.

    `kind` is the fault code of SOAP 1.1: Client or VersionMismatch.
    """

    def __init__(self, message: str, *, kind: str = "Client") -> None:
        super().__init__(message)
        self.kind = kind


def fault_of(error: ApiError) -> SoapFault:
    """A refusal of the platform as a fault."""
    own = MESSAGES.get(error.code)
    known = error.code in ("INVALID_SESSION_ID", "API_DISABLED_FOR_ORG", "UNSUPPORTED_API_VERSION")
    return SoapFault(error.code, own if known and own else error.items[0].message)


def fault_response(fault: SoapFault, *, kind: str, status: int = 500) -> Response:
    """The answer: 500, with the inner tags prefixed `sf:` and without attributes, as clients look for them."""
    type_name = "LoginFault" if fault.code in _LOGIN_CODES else "UnexpectedErrorFault"
    inner = (
        f"<faultcode>sf:{text_of(fault.code)}</faultcode>"
        f"<faultstring>{text_of(f'{fault.code}: {fault.message}')}</faultstring>"
        f'<detail><sf:{type_name} xsi:type="sf:{type_name}"><sf:exceptionCode>{text_of(fault.code)}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{text_of(fault.message)}</sf:exceptionMessage></sf:{type_name}></detail>"
    )
    return _response(inner, code=fault.code, kind=kind, status=status)


def client_fault_response(fault: ClientFault, *, kind: str) -> Response:
    """The answer to an envelope that cannot be understood."""
    inner = f"<faultcode>soapenv:{fault.kind}</faultcode><faultstring>{text_of(str(fault))}</faultstring>"
    return _response(inner, code=f"soapenv:{fault.kind}", kind=kind, status=500)


def _response(inner: str, *, code: str, kind: str, status: int) -> Response:
    payload = (
        f'{XML_HEAD}<soapenv:Envelope xmlns:soapenv="{SOAP_ENVELOPE}" xmlns:sf="urn:fault.{kind}.soap.sforce.com"'
        f' xmlns:xsi="{SCHEMA_INSTANCE}"><soapenv:Body><soapenv:Fault>{inner}</soapenv:Fault></soapenv:Body>'
        "</soapenv:Envelope>"
    )
    return Response(status, payload, code=code, content_type=SOAP_TYPE)
