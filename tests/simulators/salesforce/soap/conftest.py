"""A caller of the SOAP API, who reads answers with a parser of its own."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import pytest

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
USER = {"username": "admin@simulator.example", "password": "simulator-password"}


def name_of(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def value_of(element: ElementTree.Element) -> Any:
    """The text of an element, or its members; a repeated member is a list."""
    if not len(element):
        return None if "true" in element.attrib.values() else element.text or ""
    members: dict[str, Any] = {}
    for child in element:
        name, value = name_of(child), value_of(child)
        if name in members:
            known = members[name]
            members[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            members[name] = value
    return members


@dataclass(frozen=True)
class Answered:
    status: int
    text: str
    headers: Any

    @property
    def body(self) -> ElementTree.Element:
        envelope = ElementTree.fromstring(self.text)
        [body] = list(envelope)
        assert body.tag == f"{{{ENVELOPE}}}Body"
        return body[0]

    @property
    def result(self) -> Any:
        assert self.status == 200, self.text
        return value_of(self.body).get("result")

    @property
    def fault(self) -> dict[str, Any]:
        assert self.status == 500, self.text
        assert self.body.tag == f"{{{ENVELOPE}}}Fault"
        fault: dict[str, Any] = value_of(self.body)
        return fault

    @property
    def code(self) -> str:
        return str(self.fault["faultcode"]).removeprefix("sf:")


@dataclass
class Soap:
    """Sends envelopes to one of the addresses of the API."""

    api: Any
    path: str = "/services/Soap/u/59.0"
    kind: str = "partner"
    session: str | None = None
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml; charset=UTF-8"})

    async def send(self, envelope: str | bytes, method: str = "POST", **headers: str) -> Answered:
        answer = await self.api(method, self.path, envelope, headers={**self.headers, "SOAPAction": '""', **headers})
        return Answered(answer.status, answer.body, answer.headers)

    async def __call__(self, operation: str, inner: str = "", header: str = "") -> Answered:
        session = f"<u:SessionHeader><u:sessionId>{self.session}</u:sessionId></u:SessionHeader>"
        return await self.send(
            f'<e:Envelope xmlns:e="{ENVELOPE}" xmlns:u="urn:{self.kind}.soap.sforce.com"'
            f' xmlns:s="urn:sobject.{self.kind}.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<e:Header>{header}{session if self.session else ''}</e:Header>"
            f"<e:Body><u:{operation}>{inner}</u:{operation}></e:Body></e:Envelope>"
        )

    async def log_in(self, **changes: str) -> Answered:
        inner = "".join(f"<u:{name}>{escape(value)}</u:{name}>" for name, value in (USER | changes).items())
        answered = await self("login", inner)
        if answered.status == 200:
            self.session = answered.result["sessionId"]
        return answered


@pytest.fixture(params=["partner", "partner with org", "enterprise"])
def soap(request: pytest.FixtureRequest, anonymous: Any) -> Soap:
    """The partner and the enterprise API, and the address that login answers with."""
    org = anonymous.simulator.org.organization_id[:15]
    match request.param:
        case "partner":
            return Soap(anonymous)
        case "enterprise":
            return Soap(anonymous, "/services/Soap/c/59.0/", "enterprise")
    return Soap(anonymous, f"/services/Soap/u/59.0/{org}")
