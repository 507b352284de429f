"""Bodies of type multipart/form-data: form fields and files in one request."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

MULTIPART_TYPE = "multipart/form-data"
LONGEST_BOUNDARY = 70


@dataclass(frozen=True, slots=True)
class Part:
    """One part: a file when it has a `filename`, else a form field."""

    name: str
    filename: str | None
    charset: str | None
    """The character set that the part's own Content-Type names, in lower case."""
    content: bytes

    def text(self) -> str:
        """Return the content of a form field."""
        return self.content.decode(errors="replace")


def boundary_of(content_type: str) -> bytes:
    """Return the boundary that a Content-Type line names; ValueError when it names none that is one."""
    line = Message()
    line["content-type"] = content_type
    boundary = line.get_param("boundary")
    if not isinstance(boundary, str) or not 0 < len(boundary) <= LONGEST_BOUNDARY or not boundary.isascii():
        raise ValueError("no boundary")
    return boundary.encode()


def parse_multipart(body: bytes, boundary: bytes) -> list[Part]:
    """Return the parts of a body, which must be closed; ValueError when it is broken."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 3 or pieces[-1][:2] != b"--":
        raise ValueError("the body does not end with its boundary")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    padding, line_end, rest = piece.partition(b"\r\n")
    head, blank, content = rest.partition(b"\r\n\r\n")
    if padding.strip() or not line_end or not blank:
        raise ValueError("a part without a head")
    headers = BytesHeaderParser().parsebytes(head + b"\r\n")
    name = headers.get_param("name", header="content-disposition")
    if headers.get_content_disposition() != "form-data" or not isinstance(name, str):
        raise ValueError("a part without a name")
    return Part(name, headers.get_filename(), headers.get_content_charset(), content)
