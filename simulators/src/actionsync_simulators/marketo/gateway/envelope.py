"""Answers: the JSON envelope of the Lead Database, plain text, OAuth bodies and files."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from actionsync_simulators.connections import Send
from actionsync_simulators.marketo.gateway.errors import ApiError

JSON_TYPE = b"application/json;charset=UTF-8"
GZIP_FROM_BYTES = 1024
"""Smaller answers are not worth compressing; the real service starts at about this size."""

Members = dict[str, Any]
"""What an endpoint returns: the members of the envelope beside `requestId` and `success`."""


@dataclass(slots=True)
class Reply:
    """One HTTP answer. `chunks`, when set, is streamed instead of `body` (`length` bytes in all)."""

    status: int
    content_type: bytes
    body: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    code: str | None = None
    """The vendor's error code, for journal and statistics."""
    chunks: Iterator[bytes] | None = None
    length: int = 0
    compress: bool = False


class RequestIds:
    """Issues `requestId` values: up to five hex digits, `#`, the time in milliseconds as hex."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin again with the first id."""
        self._issued = 0xE42A

    def issue(self, now: datetime) -> str:
        """Return the next id; unique as long as fewer than a million calls share a millisecond."""
        self._issued = (self._issued + 1) & 0xFFFFF
        return f"{max(self._issued, 0x10):x}#{int(now.timestamp() * 1000):x}"


def success(request_id: str, members: Members) -> Reply:
    """Wrap what an endpoint returned in the envelope of a success."""
    envelope: Members = {"requestId": request_id}
    result = members.pop("result", None)
    if result is not None:
        envelope["result"] = result
    envelope["success"] = True
    envelope.update(members)
    return Reply(200, JSON_TYPE, orjson.dumps(envelope), compress=True)


def failure(request_id: str, error: ApiError) -> Reply:
    """Wrap an error in the envelope of a failure (HTTP 200, except at the gateway)."""
    body = orjson.dumps({"requestId": request_id, "success": False, "errors": [error.as_json()]})
    return Reply(error.http_status, JSON_TYPE, body, code=error.code)


def plain_json(status: int, document: Any) -> Reply:
    """Return JSON without the envelope: the identity service."""
    headers = [(b"cache-control", b"no-store"), (b"pragma", b"no-cache")]
    return Reply(status, JSON_TYPE, orjson.dumps(document), headers)


def plain_text(status: int, text: str) -> Reply:
    """Return a real HTTP status with a short text: gateway and bulk files."""
    return Reply(status, b"text/plain;charset=UTF-8", text.encode())


async def send_reply(reply: Reply, send: Send, *, accept_gzip: bool, head: bool = False) -> None:
    """Put an answer on the wire. JSON is compressed when the client asked for it and it is long enough."""
    body = reply.body
    headers = [(b"content-type", reply.content_type), *reply.headers]
    if reply.compress and accept_gzip and len(body) >= GZIP_FROM_BYTES:
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = packer.compress(body) + packer.flush()
        headers += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
    length = reply.length if reply.chunks is not None else len(body)
    headers.append((b"content-length", str(length).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if reply.chunks is not None and not head:
        for chunk in reply.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        body = b""
    await send({"type": "http.response.body", "body": b"" if head else body})
