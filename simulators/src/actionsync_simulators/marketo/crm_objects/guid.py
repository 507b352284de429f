"""The GUIDs of objects: like random ones, and the same for the same seed."""

from __future__ import annotations

import uuid
from random import Random


def guid_of(seed: int, table: str, number: int) -> str:
    """Return the GUID of the record with this number in its table."""
    return str(uuid.UUID(int=Random(f"{seed}:{table}:{number}").getrandbits(128), version=4))  # noqa: S311
