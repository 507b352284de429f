"""Who writes, when, and under which of the vendor's write headers."""

from __future__ import annotations

from dataclasses import dataclass

from actionsync_simulators.salesforce.gateway.messages import Caller, Request
from actionsync_simulators.salesforce.state import Org


@dataclass(frozen=True, slots=True)
class Write:
    """The circumstances of one write: the caller, the moment in wire form, and what the headers allow.

    `origin` is how change events name the API and client behind the write; empty for the user interface.
    `body` is the raw request body, for positions in error texts. `allow_duplicates` lets a save through although an
    alert-type duplicate rule fires. `method` is the HTTP verb, by which a planned fault may match.
    """

    caller: Caller
    now: str
    body: bytes = b""
    allow_duplicates: bool = False
    method: str = "POST"
    version: str = "60.0"
    origin: str = ""


def write_of(org: Org, request: Request) -> Write:
    """The circumstances of a write that a request asks for."""
    header = request.headers.get("sforce-duplicate-rule-header", "")
    options = dict(part.strip().lower().partition("=")[::2] for part in header.split(";"))
    return Write(
        caller=request.user,
        now=org.now_text(),
        body=request.body,
        allow_duplicates=options.get("allowsave") == "true",
        method=request.method,
        version=request.version,
        origin=change_origin("rest", request.version, request.user.client),
    )


def change_origin(api: str, version: str, client: str) -> str:
    """How change events name the origin of a write. `api` is rest, soap or bulkapi; `client` is of the call options."""
    origin = f"com/salesforce/api/{api}/{version}"
    return f"{origin};client={client}" if client else origin
