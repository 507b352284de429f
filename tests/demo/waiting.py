"""Waiting for what must come: the demo runs on the machine's clock, with real polls in between."""

from __future__ import annotations

import time
from collections.abc import Callable

WAIT_SECONDS = 60


class WaitedInVainError(RuntimeError):
    """Something that must come did not come in time."""


def wait_for(what: str, done: Callable[[], bool]) -> None:
    """Ask again until it is so; raise after a minute."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise WaitedInVainError(f"waited {WAIT_SECONDS} s in vain for {what}")
        time.sleep(0.2)
