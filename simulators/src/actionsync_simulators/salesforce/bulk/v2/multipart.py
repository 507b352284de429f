"""The body of a multipart create: the job and its data in one call."""

from __future__ import annotations

import re

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.gateway.messages import Request

CONTENT_TYPE = "multipart/form-data"
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'name="([^"]*)"', re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def named_parts(request: Request) -> dict[str, bytes]:
    """The parts by their names, exactly as they came. Raises INVALIDBATCH for a body that has none."""
    found = _BOUNDARY.search(request.headers.get("content-type", ""))
    parts: dict[str, bytes] = {}
    if found is not None:
        mark = b"--" + found.group(1).strip().encode()
        # The line ending before a boundary belongs to the boundary.
        pieces = re.split(rb"(?:\A|\r?\n)" + re.escape(mark) + rb"(?:--)?[ \t]*(?=\r?\n|\Z)", request.body)
        for piece in pieces[1:]:
            split = _BLANK_LINE.split(piece, maxsplit=1)
            name = _NAME.search(split[0])
            if name is not None and len(split) == 2:
                parts[name.group(1).decode()] = split[1]
    if not parts:
        raise api_error("INVALIDBATCH", "InvalidBatch : The multipart body has no named parts")
    return parts
