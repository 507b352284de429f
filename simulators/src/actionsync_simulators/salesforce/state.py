"""The org: its data model, its rows, who may see what, and the counters behind new ids.

Everything that a snapshot must bring back lies in the database; what is derived from it is rebuilt by `reload()`.
"""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from actionsync_simulators.clock import Clock
from actionsync_simulators.database import Database, quoted
from actionsync_simulators.salesforce.auth.sessions import Sessions
from actionsync_simulators.salesforce.bulk.tables import BULK_SQL
from actionsync_simulators.salesforce.bulk.work import BulkWork
from actionsync_simulators.salesforce.events.changes import Changes
from actionsync_simulators.salesforce.events.cometd.clients import CometClients
from actionsync_simulators.salesforce.events.log import EventLog
from actionsync_simulators.salesforce.events.selection import Selection
from actionsync_simulators.salesforce.events.streams import Streams
from actionsync_simulators.salesforce.events.tables import EVENTS_SQL
from actionsync_simulators.salesforce.gateway.faults import SalesforceFaults
from actionsync_simulators.salesforce.gateway.limits import Limits
from actionsync_simulators.salesforce.gateway.times import wire_datetime
from actionsync_simulators.salesforce.query.cursors import Cursors
from actionsync_simulators.salesforce.rows.recycle_bin import RECYCLE_BIN_SQL
from actionsync_simulators.salesforce.rows.upkeep import Upkeep
from actionsync_simulators.salesforce.schema import PROFILES, Access, Field, Schema, SObject, org_schema
from actionsync_simulators.salesforce.schema.custom_fields import custom_field
from actionsync_simulators.salesforce.schema.ddl import add_column_statements, schema_sql
from actionsync_simulators.salesforce.switches import SalesforceSwitches
from actionsync_simulators.seed.salesforce_ids import salesforce_id

STATE_SQL = """
CREATE TABLE "sim_serial" (prefix TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE "sim_setting" (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
"""Tables of the simulator itself: the last serial of each key prefix, and settings made through `/_sim`."""

Row = dict[str, Any]


class Org:
    """The state that all handlers share."""

    def __init__(self, *, clock: Clock, seed: int, switches: SalesforceSwitches, vendor_limits: bool = True) -> None:
        self.clock = clock
        self.switches = switches
        self._first_schema: Schema = org_schema(activity_fields=switches.activity_fields)
        self.schema = self._first_schema
        self.database = Database(schema_sql(self.schema) + STATE_SQL + RECYCLE_BIN_SQL + EVENTS_SQL + BULK_SQL)
        self.organization_id = salesforce_id("00D", 1)
        self.profile_id = salesforce_id("00e", 1)
        self.api_user_id = salesforce_id("005", 1)
        self.faults = SalesforceFaults()
        self.cursors = Cursors(clock=clock, lifetime=switches.locator_lifetime)
        self.sessions = Sessions(
            clock=clock, seed=seed, organization_id=self.organization_id, timeout=switches.session_timeout
        )
        self.limits = Limits(clock=clock, vendor=vendor_limits)
        self.bulk = BulkWork(
            clock=clock, queue_seconds=switches.bulk_queue_seconds, chunk_seconds=switches.bulk_chunk_seconds
        )
        self.described_at = clock.now()
        self._rules: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self.held_locks: frozenset[str] = frozenset()
        self._access_by_user: dict[str, Access] = {}
        self._default_access = PROFILES[switches.profile]
        self.events = EventLog(database=self.database, clock=clock, seed=seed, retention=switches.event_retention)
        self.upkeep = Upkeep(self)
        self.selection = Selection(self)
        self.changes = Changes(self)
        self.database.watcher = self.changes
        self.streams = Streams()
        self.comet_clients = CometClients(self)
        self.sessions.ended = self.events.ring

    # Ids and time

    def issue_id(self, prefix: str) -> str:
        """The next id of a key prefix."""
        serial = self.database.value(
            'INSERT INTO "sim_serial" (prefix, last) VALUES (?, 1)'
            " ON CONFLICT (prefix) DO UPDATE SET last = last + 1 RETURNING last",
            (prefix,),
        )
        return salesforce_id(prefix, serial)

    def note_issued(self, issued: Iterable[tuple[str, int]]) -> None:
        """Note that the serials up to these have been used (by the seed)."""
        self.database.executemany(
            'INSERT INTO "sim_serial" (prefix, last) VALUES (?, ?)'
            " ON CONFLICT (prefix) DO UPDATE SET last = max(last, excluded.last)",
            list(issued),
        )

    def now_text(self) -> str:
        """The current time in wire form, to the second."""
        return wire_datetime(self.clock.now())

    # Rows

    def row(self, sobject: SObject, record_id: str) -> Row | None:
        """One row by its 18-character id, deleted or not."""
        found = self.database.row(f"SELECT * FROM {quoted(sobject.name)} WHERE Id = ?", (record_id,))
        return None if found is None else dict(zip(found.keys(), found, strict=True))

    def rows(self, sobject: SObject, record_ids: Sequence[str]) -> dict[str, Row]:
        """Rows by their 18-character ids, deleted or not."""
        marks = ",".join("?" * len(record_ids))
        found = self.database.rows(f"SELECT * FROM {quoted(sobject.name)} WHERE Id IN ({marks})", record_ids)
        # dict(row) would look every name up among all the others.
        names = found[0].keys() if found else []
        rows = [dict(zip(names, row, strict=True)) for row in found]
        return {row["Id"]: row for row in rows}

    def sobject(self, name: str) -> SObject:
        """An object that is known to exist."""
        found = self.schema.object(name)
        if found is None:
            raise KeyError(name)
        return found

    # Access

    def access_of(self, user_id: str) -> Access:
        """What a user may see and edit."""
        return self._access_by_user.get(user_id, self._default_access)

    def set_access(self, access: Access, user_id: str | None = None) -> None:
        """Set field-level security of one user, or of everyone who has none of their own."""
        if user_id is None:
            self._default_access = access
        else:
            self._access_by_user[user_id] = access
        self.described_at = self.clock.now()
        self._save_access()

    def _save_access(self) -> None:
        def plain(access: Access) -> dict[str, Any]:
            return {
                "hidden": sorted(access.hidden),
                "read_only": sorted(access.read_only),
                "read_only_objects": sorted(access.read_only_objects),
            }

        users = {user: plain(access) for user, access in self._access_by_user.items()}
        self.save_setting("access", {"default": plain(self._default_access), "users": users})

    # Custom fields

    def add_field(self, object_name: str, spec: dict[str, Any]) -> Field:
        """Add a custom field to an object (to Task and Event together). Raises ValueError for a bad spec."""
        added = custom_field(spec)
        for target in added.reference_to:
            if self.schema.object(target) is None:
                raise ValueError(f"there is no object {target} to refer to")
        schema = self.schema.with_field(object_name, added)
        with self.database.transaction():
            for sobject in schema:
                known = self.sobject(sobject.name)
                if added.name in sobject.fields and added.name not in known.fields:
                    for statement in add_column_statements(sobject, added):
                        self.database.execute(statement)
            fields = [*(self.setting("fields") or []), {"object": object_name, **spec}]
            self.save_setting("fields", fields)
        self.schema = schema
        self.described_at = self.clock.now()
        return added

    def add_picklist_values(self, object_name: str, field_name: str, values: Sequence[str]) -> None:
        """Add values to a picklist. Raises KeyError for no such field, ValueError for one that is no picklist."""
        schema = self.schema.with_picklist_values(object_name, field_name, values)
        added = {"object": object_name, "field": field_name, "values": list(values)}
        self.save_setting("picklist_values", [*(self.setting("picklist_values") or []), added])
        self.schema = schema
        self.described_at = self.clock.now()

    # Rules an admin makes

    def rules_for(self, kind: str, object_name: str) -> list[dict[str, Any]]:
        """The "validation" or "duplicate" rules of one object."""
        return self._rules.get(kind, {}).get(object_name, [])

    def set_rules(self, rules: dict[str, dict[str, list[dict[str, Any]]]]) -> None:
        """Replace all rules: kind → object → rules."""
        self._rules = rules
        self.save_setting("rules", rules)

    def set_locks(self, record_ids: Iterable[str]) -> None:
        """Hold these rows as if another transaction were working on them."""
        self.held_locks = frozenset(record_ids)
        self.save_setting("locks", sorted(self.held_locks))

    # Settings, and what is rebuilt from them

    def setting(self, name: str) -> Any:
        """A setting that was made through the control plane, or None."""
        value = self.database.value('SELECT value FROM "sim_setting" WHERE name = ?', (name,))
        return None if value is None else orjson.loads(value)

    def save_setting(self, name: str, value: Any) -> None:
        """Keep a setting with the rows, so that snapshots bring it back."""
        self.database.execute(
            'INSERT OR REPLACE INTO "sim_setting" (name, value) VALUES (?, ?)', (name, orjson.dumps(value))
        )

    def reload(self) -> None:
        """Rebuild what is derived from the database, after it has been restored."""
        schema = self._first_schema
        for spec in self.setting("fields") or []:
            schema = schema.with_field(spec["object"], custom_field(spec))
        for more in self.setting("picklist_values") or []:
            schema = schema.with_picklist_values(more["object"], more["field"], more["values"])
        self.schema = schema
        self.events.reload()
        self.selection.reload()
        self.upkeep.reload()
        self._rules = self.setting("rules") or {}
        self.held_locks = frozenset(self.setting("locks") or ())
        saved = self.setting("access")
        if saved is None:
            self._default_access, self._access_by_user = PROFILES[self.switches.profile], {}
            return
        self._default_access = _access(saved["default"])
        self._access_by_user = {user: _access(plain) for user, plain in saved["users"].items()}


def _access(plain: dict[str, Any]) -> Access:
    return Access(
        hidden=frozenset((o, f) for o, f in plain["hidden"]),
        read_only=frozenset((o, f) for o, f in plain["read_only"]),
        read_only_objects=frozenset(plain["read_only_objects"]),
    )
