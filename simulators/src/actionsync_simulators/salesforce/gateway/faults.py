"""Planned faults of this simulator: of whole requests, and of single rows inside a request.

A fault whose path starts with `/rows/` falls on rows: `/rows/<Object>/<key>`, where the key is the record's id, the
value of its external id in an upsert, or `new` for another create. Only `error` makes sense there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionsync_simulators.faults import Fault, FaultPlan, FaultSpecError

ROWS = "/rows/"


class SalesforceFaults(FaultPlan):
    """A fault plan that also knows faults of single rows."""

    def add(self, spec: Mapping[str, Any]) -> str:
        """Plan a fault. Raises FaultSpecError for a bad spec, and for what a transactional store cannot do."""
        match = spec.get("match") if isinstance(spec, Mapping) else None
        path = match.get("path") if isinstance(match, Mapping) else None
        action = spec.get("action") if isinstance(spec, Mapping) else None
        if action == "hide_rows":
            raise FaultSpecError(
                "rows of Salesforce are visible as soon as they are written",
                hint="hide_rows is a fault of Marketo; use error, drop_before, commit_then_drop or delay",
            )
        if isinstance(path, str) and path.startswith(ROWS) and action != "error":
            raise FaultSpecError("a row can only fail with an error", hint='"action": "error"')
        return super().add(spec)

    @property
    def has_row_faults(self) -> bool:
        """Whether any planned fault may fall on a row."""
        return any(planned.path is not None and planned.path.startswith(ROWS) for planned in self._planned.values())

    def take_row(self, method: str, path: str) -> Fault | None:
        """The fault that falls on this row, if any; faults of whole requests are not counted."""
        everything = self._planned
        self._planned = {i: p for i, p in everything.items() if p.path is not None and p.path.startswith(ROWS)}
        try:
            return self.take(method, path)
        finally:
            self._planned = everything
