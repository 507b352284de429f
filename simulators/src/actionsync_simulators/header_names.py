"""The names of response headers, in the case in which both vendors write them.

Names of headers compare without case, and most clients know that. Some keep an answer's headers in a plain dictionary,
look for `Content-Type` or `Sforce-Locator` there and never met another spelling; uvicorn writes names in lower case.
"""

from __future__ import annotations

import asyncio

_IRREGULAR = (
    b"ETag",
    b"Sforce-NumberOfRecords",
    b"X-XSS-Protection",
)
_spelled = {name.lower(): name for name in _IRREGULAR}
"""Names met so far. The applications send a fixed set, so this stays small."""


def spelled(head: bytes) -> bytes:
    """The head of an HTTP/1 response with its names as the vendors write them: `Content-Type`, `Sforce-Limit-Info`."""
    status, _, rest = head.partition(b"\r\n")
    lines = [status]
    for line in rest.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        known = _spelled.get(name)
        if known is None:
            known = _spelled[name] = b"-".join(part.capitalize() for part in name.split(b"-"))
        lines.append(known + colon + value)
    return b"\r\n".join(lines)


class HeadTransport(asyncio.Transport):
    """What one request's cycle writes to: the head of its answer is spelled, all else goes to the connection as it is.

    uvicorn writes the head of a response in one piece, after no more than a `100 Continue`.
    """

    def __init__(self, connection: asyncio.Transport) -> None:
        super().__init__()
        self._connection = connection
        self._head_sent = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send a piece of the answer."""
        if not self._head_sent:
            head = bytes(data)
            self._head_sent = not head.startswith(b"HTTP/1.1 1")
            data = spelled(head)
        self._connection.write(data)

    def is_closing(self) -> bool:
        """Whether the connection is being closed."""
        return self._connection.is_closing()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
