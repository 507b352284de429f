"""Page tokens for keyset listings: the position of the last row, bound to the listing and its filters.

A token is opaque by contract. It holds a version and a checksum over listing, filters and position, so that one from
another listing, or from the same with other filters, is refused instead of giving a page that fits nothing. It is no
secret: queries are bound to the caller's instance, so a forged position shows nothing that the listing would not.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Protocol

from google.protobuf.message import Message

from actionsync_server.model.errors import InvalidInput, Violation

DEFAULT_SIZE = 50
LARGEST_SIZE = 1000

_VERSION = 1
_CHECKSUM_SIZE = 8
#: Fields of a list request that may differ from page to page.
_PAGING_FIELDS = ("page_size", "page_token")


class Paged(Protocol):
    """A list request."""

    page_size: int
    page_token: str


def page_size(request: Paged) -> int:
    """Return how many rows the caller gets: 50 unless told, 1000 at most. (Negative sizes are refused before.)"""
    return min(request.page_size or DEFAULT_SIZE, LARGEST_SIZE)


def encode(position: Sequence[str | int], *, listing: str, filters: Message) -> str:
    """Return the token of the page after `position`. `filters` is the list request itself."""
    body = json.dumps(list(position), separators=(",", ":")).encode()
    raw = bytes([_VERSION]) + _checksum(listing, filters, body) + body
    return _text(raw)


def decode(token: str, *, listing: str, filters: Message) -> list[str | int] | None:
    """Return the position in a token, None for an empty one. Raises InvalidInput PAGE_TOKEN_INVALID."""
    if not token:
        return None
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise _invalid("is not a page token") from error
    if _text(raw) != token:  # the last character has bits to spare
        raise _invalid("is not a page token")
    version, checksum, body = raw[:1], raw[1 : 1 + _CHECKSUM_SIZE], raw[1 + _CHECKSUM_SIZE :]
    if version != bytes([_VERSION]):
        raise _invalid("is not a page token of this release; start from the first page")
    if checksum != _checksum(listing, filters, body):
        raise _invalid("does not belong to this listing with these filters; start from the first page")
    position: list[str | int] = json.loads(body)
    return position


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _checksum(listing: str, filters: Message, body: bytes) -> bytes:
    kept = type(filters)()
    kept.CopyFrom(filters)
    for name in _PAGING_FIELDS:
        if name in kept.DESCRIPTOR.fields_by_name:
            kept.ClearField(name)
    parts = (listing.encode(), kept.SerializeToString(deterministic=True), body)
    digest = hashlib.blake2b(digest_size=_CHECKSUM_SIZE)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _invalid(description: str) -> InvalidInput:
    return InvalidInput(
        [Violation("page_token", description)], reason="PAGE_TOKEN_INVALID", metadata={"field": "page_token"}
    )
