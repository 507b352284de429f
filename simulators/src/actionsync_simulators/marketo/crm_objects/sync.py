"""Create and update records by key, record by record, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.crm_objects.access import check_write
from actionsync_simulators.marketo.crm_objects.definition import STAMPS, ObjectKind
from actionsync_simulators.marketo.crm_objects.keys import KeyReader
from actionsync_simulators.marketo.crm_objects.query import DEDUPE_FIELDS, ID_FIELD
from actionsync_simulators.marketo.crm_objects.records import change, insert
from actionsync_simulators.marketo.fields.values import to_json, to_stored
from actionsync_simulators.marketo.gateway.call import skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

UPSERT, CREATE_ONLY, UPDATE_ONLY = "createOrUpdate", "createOnly", "updateOnly"


def sync(kind: ObjectKind, site: Subscription, call: Call) -> Members:
    """POST …: a row for each record, `seq` its place in `input`; a refused record is `skipped` with its reason."""
    check_write(site)
    job = _job(kind, site, call)
    result = []
    for seq, record in enumerate(call.input_records()):
        try:
            result.append({"seq": seq} | job.record(record))
        except ApiError as error:
            result.append(skipped(error, seq=seq))
    return {"result": result}


def _job(kind: ObjectKind, site: Subscription, call: Call) -> _Job:
    body = call.json_object()
    action = body.get("action") or UPSERT
    if action not in (UPSERT, CREATE_ONLY, UPDATE_ONLY):
        raise invalid_data(f"Invalid action '{action}'")
    dedupe_by = body.get("dedupeBy") or DEDUPE_FIELDS
    if dedupe_by not in (DEDUPE_FIELDS, ID_FIELD):
        raise invalid_data(f"Invalid dedupeBy '{dedupe_by}'")
    if dedupe_by == ID_FIELD and action == CREATE_ONLY:
        raise invalid_data("dedupeBy idField is not allowed with action createOnly")
    names = (kind.id_field,) if dedupe_by == ID_FIELD else kind.dedupe_fields
    origin = Origin(method=kind.api_method, user=call.user, request_id=call.request_id)
    return _Job(kind, site, action, KeyReader(kind, names), origin)


@dataclass(slots=True)
class _Job:
    """One sync call."""

    kind: ObjectKind
    site: Subscription
    action: str
    keys: KeyReader
    origin: Origin

    def record(self, record: dict[str, Any]) -> dict[str, Any]:
        """Process one record and return its result row; ApiError when it is to be skipped."""
        kind, site = self.kind, self.site
        key = self.keys.read(record)
        values = self._values(record, key)
        if self.keys.seen_before(key):
            raise api_error("1036")
        old = kind.find(site, key)
        if old is None:
            if self.action == UPDATE_ONLY or kind.id_field in key:
                raise api_error("1013")
            return self._create(key | values)
        if self.action == CREATE_ONLY:
            raise api_error("1017")
        return self._update(old, values)

    def _values(self, record: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a record in stored form, without its key."""
        values: dict[str, Any] = {}
        for name, value in record.items():
            if name in key:
                continue
            one = self.kind.fields.get(name)
            if one is None or name in STAMPS:
                raise api_error("1006", name)
            if name == self.kind.id_field:
                raise invalid_data(f"Field '{name}' is only allowed with dedupeBy idField")
            values[name] = to_stored(one, value)
        return values

    def _create(self, values: dict[str, Any]) -> dict[str, Any]:
        kind = self.kind
        for name in kind.needed:
            if values.get(name) is None:
                raise api_error("1002", name)
        kind.rules.check(self.site, values, None)
        new = insert(kind, self.site, values, origin=self.origin)
        return {"status": "created", kind.id_field: new[kind.id_field]}

    def _update(self, old: sqlite3.Row, values: dict[str, Any]) -> dict[str, Any]:
        kind = self.kind
        changed = {}
        for name, value in values.items():
            one = kind.fields[name]
            if to_json(one, value) == to_json(one, old[name]):
                continue
            if not one.updateable:
                raise invalid_data(f"Field '{name}' cannot be changed")
            if value is None and name in kind.needed:
                raise api_error("1002", name)
            changed[name] = value
        kind.rules.check(self.site, values, old)
        change(kind, self.site, old, changed, origin=self.origin)
        return {"status": "updated", kind.id_field: old[kind.id_field]}
