"""What rows of the three feeds ask for, pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from actionsync_server.systems.marketo import FeedRow

OWNER_CHANGE = 23
MERGE = 32
DELETION = 37


@dataclass(slots=True)
class Work:
    """What a stretch of rows asks for: leads to look at again, then merges in their order, then deletions."""

    changed: dict[int, None] = field(default_factory=dict)  # an ordered set
    merges: list[tuple[int, list[int]]] = field(default_factory=list)  # winner, losers
    deleted: dict[int, None] = field(default_factory=dict)

    @property
    def touched(self) -> list[int]:
        """Everybody concerned."""
        return list(dict.fromkeys((*self.changed, *self.leaving)))

    @property
    def leaving(self) -> list[int]:
        """Everybody who is no more."""
        losers = (loser for _, these in self.merges for loser in these)
        return list(dict.fromkeys((*losers, *self.deleted)))

    def add(self, rows: Iterable[FeedRow]) -> None:
        """Add what these rows ask for."""
        for row in rows:
            if row.type_id == DELETION:
                self.deleted[row.lead_id] = None
            elif row.type_id == MERGE:
                losers = [one for one in merged_ids(row.attributes.get("Merge IDs")) if one != row.lead_id]
                self.merges.append((row.lead_id, losers))
                self.changed[row.lead_id] = None
            else:  # a changed field, a new lead, a changed owner
                self.changed[row.lead_id] = None


def merged_ids(value: Any) -> list[int]:
    """Read the ids of a merge: a list, or the text of one, with or without brackets."""
    if isinstance(value, str):
        text = value.strip()
        value = json.loads(text if text.startswith("[") else f"[{text}]") if text else []
    if isinstance(value, int):
        value = [value]
    return [int(one) for one in value or ()]
