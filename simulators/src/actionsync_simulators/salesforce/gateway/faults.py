"""Planned faults of this simulator: of whole requests, and of single rows inside a request.

A fault whose path starts with `/rows/` falls on rows: `/rows/<Object>/<key>`, where the key is the record's id, the
value of its external id in an upsert, or `new` for another create. Only `error` makes sense there.

An error of a request whose code is an HTTP status ("502") is answered with a page in HTML, as a gateway has it.

A fault whose path starts with `/eventbus.` falls on the Pub/Sub API: on a call (`/eventbus.v1.PubSub/Subscribe`) or
on a response of a stream (`/eventbus.v1.PubSub/FetchResponse`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionsync_simulators.faults import Fault, FaultPlan, FaultSpecError
from actionsync_simulators.salesforce.events.pubsub.errors import PREFIX, STATUS_OF

ROWS = "/rows/"
STREAMS = "/eventbus."


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
                hint="hide_rows is a fault of Marketo; use error, drop_before, commit_then_drop, cut_answer or delay",
            )
        if isinstance(path, str) and path.startswith(ROWS) and action != "error":
            raise FaultSpecError("a row can only fail with an error", hint='"action": "error"')
        if isinstance(path, str) and path.startswith(STREAMS):
            if action == "cut_answer":
                raise FaultSpecError("a gRPC message comes whole or not at all", hint='"action": "commit_then_drop"')
            _check_stream_error(spec)
        return super().add(spec)

    @property
    def has_row_faults(self) -> bool:
        """Whether any planned fault may fall on a row."""
        return any(planned.path is not None and planned.path.startswith(ROWS) for planned in self._planned.values())

    def take_row(self, method: str, path: str) -> Fault | None:
        """The fault that falls on this row, if any; faults of whole requests are not counted."""
        return self._take_below(ROWS, method, path)

    def take_stream(self, path: str) -> Fault | None:
        """The fault that falls on this gRPC call or message, if any; those of other requests are not counted."""
        return self._take_below(STREAMS, "POST", path) if self._planned else None

    def _take_below(self, start: str, method: str, path: str) -> Fault | None:
        everything = self._planned
        self._planned = {i: p for i, p in everything.items() if p.path is not None and p.path.startswith(start)}
        try:
            return self.take(method, path)
        finally:
            self._planned = everything


def _check_stream_error(spec: Mapping[str, Any]) -> None:
    error = spec.get("error")
    code = error.get("code") if isinstance(error, Mapping) else None
    if spec.get("action") == "error" and str(code).removeprefix(PREFIX) not in STATUS_OF:
        raise FaultSpecError(f"the Pub/Sub API has no error {code!r}", hint=f"one of {', '.join(STATUS_OF)}")
