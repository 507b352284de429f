"""Ids that the server makes: a kind prefix and a ULID, so that the order of ids is the order of creation."""

from __future__ import annotations

import random

from actionsync_server.clock import Clock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case


class Ids:
    """Makes ids from a clock and a random stream; both are arguments, so a seed repeats them."""

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        self._last = 0

    def make(self, kind: str) -> str:
        """Return a new id such as `p-01j…`; later calls give greater ids."""
        candidate = (self._clock.now() // 1_000) << 80 | self._rng.getrandbits(80)
        # Within one millisecond, or when the clock steps back, count up instead: order must hold.
        self._last = max(candidate, self._last + 1)
        return f"{kind}-{encode(self._last)}"


def encode(number: int) -> str:
    """Return 26 characters of base 32 for a 128-bit number."""
    digits = []
    for _ in range(26):
        digits.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(digits))
