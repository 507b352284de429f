"""The rows of leads: reading by id, creating, updating, removing; and the activities each of these leaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.fields.values import to_json
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.fields.catalogue import LeadField
    from actionsync_simulators.marketo.subscription import Subscription

COOKIES = "cookies"
CHANGED = '"changed at"'
LEAD_TABLES = ("leads", "lead_stale", "lead_cookies", "list_members", "program_members", "campaign_members")
"""Tables whose rows go when a lead goes."""


class ReadPlan:
    """How to read a set of fields: the SQL columns, and which values need a look."""

    def __init__(self, fields: Sequence[LeadField]) -> None:
        self.names = [field.name for field in fields]
        self.columns = ", ".join(
            # A lead may have several cookies; they are kept beside the row.
            "(SELECT group_concat(cookie) FROM lead_cookies WHERE lead_id = leads.id)"
            if field.name == COOKIES
            else field.column
            for field in fields
        )
        self._booleans = [field.name for field in fields if field.is_boolean]

    def row(self, values: Iterable[Any]) -> dict[str, Any]:
        """Return one lead as JSON members."""
        lead = dict(zip(self.names, values, strict=False))
        for name in self._booleans:
            lead[name] = bool(lead[name])
        return lead


class LeadRows:
    """Writes of the lead table. Values are in stored form (see `values`); callers have checked them."""

    def __init__(self, site: Subscription) -> None:
        self._site = site
        self._plans: dict[tuple[str, ...], ReadPlan] = {}
        self._recent: deque[tuple[float, int, str | None]] = deque(maxlen=10_000)

    def refresh(self) -> None:
        """Forget what was derived from the field catalogue."""
        self._plans.clear()
        self._recent.clear()

    def plan(self, names: Sequence[str]) -> ReadPlan:
        """Return the plan that reads these existing fields, in this order."""
        key = tuple(names)
        plan = self._plans.get(key)
        if plan is None:
            fields = self._site.fields
            plan = self._plans[key] = ReadPlan([fields[name] for name in key])
            if len(self._plans) > 500:
                del self._plans[next(iter(self._plans))]
        return plan

    def exists(self, lead_id: int) -> bool:
        """Tell whether a lead is there (deleted and merged-away ones are not)."""
        return self._site.database.row("SELECT 1 FROM leads WHERE id = ?", (lead_id,)) is not None

    def stored(self, lead_id: int) -> sqlite3.Row | None:
        """Return the whole row in stored form, or None."""
        return self._site.database.row("SELECT * FROM leads WHERE id = ?", (lead_id,))

    def create(
        self,
        values: Mapping[str, Any],
        *,
        origin: Origin,
        partition_id: int = 1,
        details: Mapping[str, Any] | None = None,
    ) -> int:
        """Insert a lead, record the 12, and return its id."""
        site = self._site
        now = site.clock.now()
        stamp = wire(now)
        row = {name: value for name, value in values.items() if value is not None and name != COOKIES}
        row.setdefault("personType", "contact")
        row.setdefault("isLead", 1)
        row.setdefault("registrationSourceType", origin.source)
        row["originalSourceType"] = origin.source
        row["mktoName"] = full_name(row.get("firstName"), row.get("lastName"))
        row["leadPartitionId"] = partition_id
        row["createdAt"] = row["updatedAt"] = row["changed at"] = stamp
        columns = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        cursor = site.database.execute(f"INSERT INTO leads ({columns}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 - names come from the catalogue
        lead_id = int(cursor.lastrowid or 0)
        site.database.execute(
            'UPDATE leads SET "leadPerson" = ?1, "personPrimaryLeadInterest" = ?1 WHERE id = ?1', (lead_id,)
        )
        if values.get(COOKIES):
            self.add_cookie(lead_id, values[COOKIES])
        site.recorder.new_lead(
            lead_id,
            row["mktoName"],
            origin=origin,
            details={"Lead Source": row.get("leadSource"), **(details or {})},
        )
        self._recent.append((now.timestamp(), lead_id, origin.request_id))
        return lead_id

    def update(self, lead_id: int, values: Mapping[str, Any], *, origin: Origin) -> list[str]:
        """Write the values that differ, record a 13 for each, and return the names of the changed fields."""
        site = self._site
        cookie = values.get(COOKIES)
        if cookie:
            self.add_cookie(lead_id, cookie)
        names = [name for name in values if name != COOKIES]
        if not names:
            return []
        wanted = ", ".join(f'"{name}"' for name in ("firstName", "lastName", *names))
        row = site.database.row(f"SELECT {wanted} FROM leads WHERE id = ?", (lead_id,))  # noqa: S608
        if row is None:
            raise LookupError(f"there is no lead {lead_id}")
        fields = site.fields
        changed = {
            name: (old, values[name])
            for name, old in zip(names, tuple(row)[2:], strict=True)
            if to_json(fields[name], old) != to_json(fields[name], values[name])
        }
        if not changed:
            return []
        now = site.clock.now()
        assignments = {name: new for name, (_, new) in changed.items()}
        if "firstName" in changed or "lastName" in changed:
            assignments["mktoName"] = full_name(
                assignments.get("firstName", row[0]), assignments.get("lastName", row[1])
            )
        assignments["changed at"] = wire(now)
        diverge = site.switches.updated_at_divergence == "on"
        if not diverge or any(not fields[name].custom for name in changed):
            assignments["updatedAt"] = wire(now)
        if site.switches.read_lag:
            self._keep_old(lead_id, {name: old for name, (old, _) in changed.items()}, now.timestamp())
        sets = ", ".join(f'"{name}" = ?' for name in assignments)
        site.database.execute(f"UPDATE leads SET {sets} WHERE id = ?", (*assignments.values(), lead_id))  # noqa: S608
        for name, (old, new) in changed.items():
            site.recorder.change(lead_id, fields[name], old=old, new=new, origin=origin)
        return list(changed)

    def remove(self, lead_id: int) -> None:
        """Take a lead out of every table but the activity log."""
        for table in LEAD_TABLES:
            key = "id" if table == "leads" else "lead_id"
            self._site.database.execute(f"DELETE FROM {table} WHERE {key} = ?", (lead_id,))  # noqa: S608
        self._site.database.execute('DELETE FROM opportunity_roles WHERE "leadId" = ?', (lead_id,))

    def delete(self, lead_id: int) -> None:
        """Delete a lead and record the 37, which carries its id and name. LookupError when there is none."""
        row = self._site.database.row('SELECT "mktoName" FROM leads WHERE id = ?', (lead_id,))
        if row is None:
            raise LookupError(f"there is no lead {lead_id}")
        self.remove(lead_id)
        self._site.recorder.add(lead_id, types.DELETE_LEAD, asset_id=lead_id, asset=row[0])

    def add_cookie(self, lead_id: int, cookie: str) -> None:
        """Associate a cookie with a lead; a known cookie moves."""
        self._site.database.execute("INSERT OR REPLACE INTO lead_cookies VALUES (?, ?)", (cookie, lead_id))

    def unseen(self, request_id: str | None) -> set[int]:
        """Return the leads that a concurrent call would not have seen yet (switch `sync_race`)."""
        window = self._site.switches.sync_race
        if not window:
            return set()
        since = self._site.clock.now().timestamp() - window
        return {lead for at, lead, call in self._recent if at > since and call != request_id}

    def show_old(self, leads: list[dict[str, Any]]) -> None:
        """Put back the old values of leads that changed within the read lag (switch `read_lag`)."""
        database = self._site.database
        now = self._site.clock.now().timestamp()
        for lead in leads:
            row = database.row("SELECT until, old_values FROM lead_stale WHERE lead_id = ?", (lead["id"],))
            if row is None:
                continue
            if row["until"] <= now:
                database.execute("DELETE FROM lead_stale WHERE lead_id = ?", (lead["id"],))
                continue
            for name, value in orjson.loads(row["old_values"]).items():
                if name in lead:
                    lead[name] = to_json(self._site.fields[name], value)

    def _keep_old(self, lead_id: int, old: dict[str, Any], now: float) -> None:
        database = self._site.database
        row = database.row("SELECT until, old_values FROM lead_stale WHERE lead_id = ?", (lead_id,))
        if row is not None and row["until"] > now:
            old = {**old, **orjson.loads(row["old_values"])}
        database.execute(
            "INSERT OR REPLACE INTO lead_stale VALUES (?, ?, ?)",
            (lead_id, now + self._site.switches.read_lag, orjson.dumps(old).decode()),
        )


def full_name(first: str | None, last: str | None) -> str | None:
    """Return what `mktoName` holds: first and last name with a space, or None without either."""
    return f"{first} {last}" if first and last else first or last or None
