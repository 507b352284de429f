"""Writes activity rows: what the API itself causes, custom rows, and injected ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from actionsync_simulators.clock import Clock
from actionsync_simulators.database import Database
from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.fields.catalogue import LeadField
from actionsync_simulators.marketo.fields.standard import SCORE_FIELDS
from actionsync_simulators.marketo.fields.values import TypedField
from actionsync_simulators.marketo.gateway.times import epoch_seconds, in_change_log
from actionsync_simulators.marketo.switches import MarketoSwitches

COLUMNS = ("id", "lead_id", "at", "type_id", "campaign_id", "asset_id", "asset", "attributes", "visible_at")
INSERT = f"INSERT INTO activities ({', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - the names above


@dataclass(frozen=True, slots=True)
class Origin:
    """Who caused a change, as activity attributes name it."""

    source: str = "Web service API"
    reason: str = "Web service API"
    method: str | None = None
    user: str | None = None
    request_id: str | None = None
    campaign_id: int | None = None

    def trail(self) -> dict[str, Any]:
        """Return the attributes that API calls leave on activities, without empty ones."""
        trail = {"API Method Name": self.method, "Modifying User": self.user, "Request Id": self.request_id}
        return {name: value for name, value in trail.items() if value is not None}


NATIVE_SYNC = Origin(source="SFDC Sync", reason="SFDC Sync")
"""Changes that Marketo's own Salesforce sync makes."""


class ActivityRecorder:
    """Appends rows to the activity log. Rows are never changed; some become visible late."""

    def __init__(self, database: Database, clock: Clock, *, seed: int, switches: MarketoSwitches) -> None:
        self._database = database
        self._clock = clock
        self._seed = seed
        self._first_id = switches.first_activity_id
        self._lag = switches.activity_commit_lag
        self._hide = 0.0
        self.reset()

    def reset(self) -> None:
        """Start the random stream of the commit lag again."""
        self._random = Random(f"{self._seed}:activity-lag")  # noqa: S311 - reproducible, no secret

    @contextmanager
    def hiding(self, seconds: float) -> Iterator[None]:
        """Let the rows written in this block become visible so many seconds later."""
        self._hide = seconds
        try:
            yield
        finally:
            self._hide = 0.0

    def add(
        self,
        lead_id: int,
        type_id: int,
        *,
        at: int | None = None,
        asset_id: int | None = None,
        asset: str | float | None = None,
        attributes: Mapping[str, Any] | None = None,
        campaign_id: int | None = None,
    ) -> int:
        """Append a row and return its id. `at` is epoch seconds (default now). Empty attributes are left out."""
        now = self._clock.now()
        filled = {name: value for name, value in (attributes or {}).items() if value not in (None, "")}
        late = self._hide or (self._random.random() * self._lag if self._lag else 0.0)
        row_id = self.next_id()
        self._database.execute(
            INSERT,
            (
                row_id,
                lead_id,
                epoch_seconds(now) if at is None else at,
                type_id,
                campaign_id,
                asset_id,
                asset,
                orjson.dumps(filled).decode() if filled else None,
                now.timestamp() + late if late else None,
            ),
        )
        return row_id

    def next_id(self) -> int:
        """Return the id of the next row."""
        return int(self._database.value("SELECT max(id) FROM activities") or self._first_id - 1) + 1

    def add_many(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Append visible rows in bulk: (lead_id, at, type_id, campaign_id, asset_id, asset, attributes JSON)."""
        first = self.next_id()
        self._database.insert("activities", COLUMNS[:-1], ((first + at, *row) for at, row in enumerate(rows)))

    # ------------------------------------------------------------------------------------------ what events leave

    def new_lead(self, lead_id: int, name: str | None, *, origin: Origin, details: Mapping[str, Any]) -> None:
        """Record a created lead (12); `details` are further attributes."""
        today = self._clock.now().date().isoformat()
        attributes = {"Created Date": today, "Source Type": origin.source, **details, **origin.trail()}
        self.add(lead_id, types.NEW_LEAD, asset_id=lead_id, asset=name, attributes=attributes)

    def change(self, lead_id: int, field: LeadField, *, old: Any, new: Any, origin: Origin) -> None:
        """Record a changed field: a 13, and for score fields a 22 before it."""
        old_text, new_text = log_text(field, old), log_text(field, new)
        why = {"Reason": origin.reason, "Source": origin.source}
        if field.name in SCORE_FIELDS or field.data_type == "score":
            self.add(
                lead_id,
                types.CHANGE_SCORE,
                asset_id=field.id,
                asset=field.display_name,
                attributes={
                    "Change Value": f"{(new or 0) - (old or 0):+d}",
                    "Old Value": old or 0,
                    "New Value": new or 0,
                    **why,
                },
                campaign_id=origin.campaign_id,
            )
        self.add(
            lead_id,
            types.CHANGE_DATA_VALUE,
            asset_id=field.id,
            asset=field.display_name,
            attributes={"Old Value": old_text, "New Value": new_text, **why, **origin.trail()},
            campaign_id=origin.campaign_id,
        )


def log_text(field: TypedField, value: Any) -> str | None:
    """Return a stored field value as Change Data Value rows print it."""
    if field.data_type == "boolean":
        return "True" if value else "False"
    if value is None:
        return None
    if field.data_type == "datetime":
        return in_change_log(value)
    return str(value)
