"""Paging tokens: base32 text that carries a position, opaque to clients, refused when it was not issued here."""

from __future__ import annotations

import base64
import struct
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.gateway.errors import ApiError, invalid_data
from actionsync_simulators.marketo.gateway.times import epoch_seconds

_LAYOUT = struct.Struct(">cqqq")
_SEAL_BYTES = 6
DATE, POSITION = b"d", b"p"


class Position(NamedTuple):
    """A place in a feed: after the row `row` of second `at` (row 0: before the first row of that second)."""

    at: int
    row: int


class PagingTokens:
    """Issues and reads the tokens of one subscription. Date tokens never expire, position tokens do."""

    def __init__(self, clock: Clock, *, seed: int, life: int) -> None:
        self._clock = clock
        self._key = f"{seed}:paging".encode()
        self._life = life

    def for_date(self, since: datetime) -> str:
        """Return the token of a moment: it starts at the first row of that second."""
        return self._issue(DATE, Position(epoch_seconds(since), 0), now=0)

    def for_position(self, position: Position) -> str:
        """Return the token of a place in a feed."""
        return self._issue(POSITION, position, now=epoch_seconds(self._clock.now()))

    def for_row(self, row: int) -> str:
        """Return the token of a list that goes on after a row id."""
        return self.for_position(Position(0, row))

    def read(self, token: str) -> Position:
        """Return the position of a token; 1003 when it is garbage or past its life."""
        try:
            sealed = base64.b32decode(token.strip())
        except ValueError as problem:
            raise _invalid() from problem
        if len(sealed) != _LAYOUT.size + _SEAL_BYTES:
            raise _invalid()
        seal, hidden = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        plain = self._mask(hidden, seal)
        if self._seal(plain) != seal:
            raise _invalid()
        kind, at, row, issued = _LAYOUT.unpack(plain)
        if kind == POSITION and epoch_seconds(self._clock.now()) - issued > self._life:
            raise invalid_data("Paging token has expired")
        return Position(at, row)

    def _issue(self, kind: bytes, position: Position, *, now: int) -> str:
        plain = _LAYOUT.pack(kind, position.at, position.row, now)
        seal = self._seal(plain)
        return base64.b32encode(seal + self._mask(plain, seal)).decode()

    def _seal(self, plain: bytes) -> bytes:
        return blake2b(plain, digest_size=_SEAL_BYTES, key=self._key).digest()

    def _mask(self, data: bytes, seal: bytes) -> bytes:
        # Hidden so that no client comes to rely on what is inside.
        pad = blake2b(seal, digest_size=_LAYOUT.size, key=self._key).digest()
        return bytes(one ^ other for one, other in zip(data, pad, strict=True))


def _invalid() -> ApiError:
    return invalid_data("Invalid paging token")
