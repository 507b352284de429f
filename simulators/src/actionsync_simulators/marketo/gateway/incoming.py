"""A request as it comes off the wire: limits of the gateway, headers that matter, tunnelled method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from actionsync_simulators.connections import Receive, Scope
from actionsync_simulators.marketo.gateway.call import FORM_TYPE, JSON_TYPE, Params, add_params, json_params, parse_form
from actionsync_simulators.marketo.gateway.multipart import MULTIPART_TYPE, Part, boundary_of, parse_multipart

DRAIN_LIMIT = 64 << 20
"""Of a body that is too large, so much is read to the end before the answer, so that clients get to read it."""


@dataclass(slots=True)
class Incoming:
    """One request before routing."""

    method: str
    raw_path: str
    query: bytes
    headers: list[tuple[bytes, bytes]]
    authorization: str
    content_type: str
    accept_gzip: bool
    range_header: str | None
    address: str
    body: bytes = b""
    parts: list[Part] | None = None
    """The parts of a multipart body, once `effective` has read it; None for another body and a broken one."""

    @property
    def uri_bytes(self) -> int:
        """Length of the request line's URI."""
        return len(self.raw_path) + len(self.query) + (1 if self.query else 0)

    def is_import(self, path: str) -> bool:
        """Tell whether this uploads a file of records to a path, which may be larger than other bodies."""
        return self.method == "POST" and path.startswith("/bulk/") and path.endswith(("/leads.json", "/import.json"))


def read_head(scope: Scope) -> Incoming:
    """Take what is needed from the ASGI scope."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    authorization = content_type = accept = ""
    range_header: str | None = None
    for name, value in headers:
        # A few names out of a dozen: comparing beats building a dictionary on every call.
        if name == b"authorization":
            authorization = value.decode("latin-1")
        elif name == b"content-type":
            content_type = value.decode("latin-1").split(";", 1)[0].strip().lower()
        elif name == b"accept-encoding":
            accept = f"{accept},{value.decode('latin-1').lower()}" if accept else value.decode("latin-1").lower()
        elif name == b"range":
            range_header = value.decode("latin-1")
    raw_path = scope.get("raw_path") or scope["path"].encode()
    client = scope.get("client")
    return Incoming(
        method=scope["method"],
        raw_path=raw_path.decode("latin-1").partition("?")[0],
        query=scope.get("query_string", b""),
        headers=headers,
        authorization=authorization,
        content_type=content_type,
        accept_gzip=accepts_gzip(accept),
        range_header=range_header,
        address=client[0] if client else "",
    )


@lru_cache(maxsize=256)
def accepts_gzip(accept: str) -> bool:
    """Tell whether an Accept-Encoding header (lower case) allows gzip: named, or by `*`, with a quality above 0."""
    allowed: dict[str, bool] = {}
    for one in accept.split(","):
        coding, *params = (part.strip() for part in one.split(";"))
        quality = next((part[2:] for part in params if part.startswith("q=")), "1")
        try:
            allowed[coding] = float(quality) > 0
        except ValueError:
            allowed[coding] = False
    return allowed.get("gzip", allowed.get("*", False))


class ClientGone(Exception):
    """The client has closed the connection before its request was complete."""


async def read_body(receive: Receive, *, limit: int) -> bytes | None:
    """Return the whole body, or None when it is larger than `limit` bytes. ClientGone when the rest never comes."""
    message = await receive()
    if message["type"] != "http.request":
        raise ClientGone
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body if len(body) <= limit else None
    chunks = bytearray(body)
    seen = len(chunks)
    while message.get("more_body", False) and seen <= DRAIN_LIMIT:
        message = await receive()
        if message["type"] != "http.request":
            # What came of it must not be taken for the whole.
            raise ClientGone
        part: bytes = message.get("body", b"")
        seen += len(part)
        if seen <= limit:
            chunks += part
    return bytes(chunks) if seen <= limit else None


def bearer_token(authorization: str) -> str | None:
    """Return the token of an Authorization header, None for another scheme or an empty one."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def effective(incoming: Incoming) -> tuple[str, Params]:
    """Return the method after tunnelling and the parameters: query, form or multipart fields, tunnelled JSON.

    `_method` counts on POST only, in the query, a form body or a JSON body; `_method=POST` there is noise.
    """
    params = parse_form(incoming.query) if incoming.query else {}
    document: dict[str, Any] = {}
    if incoming.body:
        if incoming.content_type == FORM_TYPE:
            add_params(params, parse_form(incoming.body))
        elif incoming.content_type == MULTIPART_TYPE:
            incoming.parts = _parts(incoming)
            for part in incoming.parts or ():
                if part.filename is None:
                    add_params(params, {part.name: [part.text()]})
        elif incoming.method == "POST" and (b"_method" in incoming.body or "_method" in params):
            document = _json_members(incoming)
    method = incoming.method
    if method != "POST":
        return method, params
    wanted = params["_method"][-1] if "_method" in params else document.get("_method")
    if isinstance(wanted, str) and wanted.strip() and wanted.strip().upper() != "POST":
        method = wanted.strip().upper()
        add_params(params, json_params(document))
    return method, params


def _parts(incoming: Incoming) -> list[Part] | None:
    """Return the parts of a multipart body, None when it is broken, which is told later, after token and limits."""
    for name, value in incoming.headers:
        if name == b"content-type":
            try:
                return parse_multipart(incoming.body, boundary_of(value.decode("latin-1")))
            except ValueError:
                return None
    return None


def _json_members(incoming: Incoming) -> dict[str, Any]:
    if incoming.content_type != JSON_TYPE:
        return {}
    try:
        document = orjson.loads(incoming.body)
    except orjson.JSONDecodeError:
        # The syntax error has its own step, after token and limits; here only the method is looked for.
        return {}
    return document if isinstance(document, dict) else {}
