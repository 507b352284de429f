"""Creating, changing and deleting rows: with `undelete`, the only place where rows of the org are written by callers.

Each function expects to run inside a transaction of its caller and raises `ApiError` when the row is refused; the
caller's rollback then removes what was done so far.
"""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.gateway.errors import (
    api_error,
    entity_is_deleted,
    no_such_row,
)
from actionsync_simulators.salesforce.rows.checks import (
    AUDIT_FIELDS,
    check_required,
    check_unique,
    checked_values,
)
from actionsync_simulators.salesforce.rows.recycle_bin import put_in
from actionsync_simulators.salesforce.rows.shape import insert_statement, shape_of, update_statement
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.rules import rules_of
from actionsync_simulators.salesforce.rules.org_rules import check_org_rules
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org, Row

LAST_TOUCH = ("LastModifiedDate", "LastModifiedById", "SystemModstamp")


def create(org: Org, write: Write, sobject: SObject, record: Mapping[str, Any], *, fault_key: str | None = None) -> str:
    """Create a row and return its id. `fault_key` is how a planned row fault may name the row."""
    may_write(write, sobject)
    values = checked_values(org, write, sobject=sobject, record=record, old=None)
    row = _new_row(write, sobject, values)
    rules = rules_of(sobject.name)
    rules.default(org, write, row)
    check_required(sobject, row)
    rules.before_save(org, write, None, row)
    check_unique(org, sobject, row, changed=row)
    locks = rules.locks(None, row)
    check_org_rules(org, write, sobject=sobject, row=row, old=None, locks=locks, fault_key=fault_key)
    row["Id"] = org.issue_id(sobject.key_prefix)
    insert_row(org, sobject, row)
    org.changes.created(write, sobject, row)
    rules.after_save(org, write, None, row)
    return str(row["Id"])


def update(
    org: Org,
    write: Write,
    sobject: SObject,
    record_id: str,
    record: Mapping[str, Any],
    *,
    tolerate_unchanged: bool = False,
    fault_key: str | None = None,
    missing_status: int = 404,
) -> None:
    """Change a row. `missing_status` is 404 where the row is the subject of the call, 400 for a row of a collection."""
    old = live_row(org, sobject, record_id, missing_status=missing_status)
    may_write(write, sobject)
    rules = rules_of(sobject.name)
    rules.before_change(old)
    values = checked_values(org, write, sobject=sobject, record=record, old=old, tolerate_unchanged=tolerate_unchanged)
    row = old | values
    check_required(sobject, row)
    rules.before_save(org, write, old, row)
    changed = {name: value for name, value in row.items() if value != old[name]}
    check_unique(org, sobject, row, changed=changed)
    locks = rules.locks(old, row)
    check_org_rules(org, write, sobject=sobject, row=row, old=old, locks=locks, fault_key=fault_key)
    touch(org, write, sobject, record_id, changed, before=old)
    rules.after_save(org, write, old, row)


def delete(org: Org, write: Write, sobject: SObject, record_id: str, *, missing_status: int = 404) -> None:
    """Move a row and what hangs on it to the recycle bin."""
    row = live_row(org, sobject, record_id, missing_status=missing_status)
    may_write(write, sobject)
    rules = rules_of(sobject.name)
    rules.before_delete(org, row)
    locks = rules.locks(row, row)
    check_org_rules(org, write, sobject=sobject, row=row, old=row, locks=locks, fault_key=None, deleting=True)
    _bin(org, write, sobject, row, root_id=record_id)


def live_row(org: Org, sobject: SObject, record_id: str, *, missing_status: int = 404) -> Row:
    """The row a call is about; refused when it never existed or is deleted."""
    row = org.row(sobject, record_id)
    if row is None:
        raise no_such_row(status=missing_status)
    if row["IsDeleted"]:
        raise entity_is_deleted(status=missing_status)
    return row


def insert_row(org: Org, sobject: SObject, row: Row) -> None:
    """Store a complete row as it is."""
    org.database.execute(insert_statement(sobject.name, tuple(row)), tuple(row.values()))


def touch(
    org: Org,
    write: Write,
    sobject: SObject,
    record_id: str,
    changes: Mapping[str, Any],
    *,
    before: Row | None = None,
    published: bool = True,
) -> None:
    """Store changes of a row and stamp it as modified by the caller, also when nothing changed.

    `before` is the whole row as it is stored, where the caller has it at hand: change events compare with it. A change
    that is not `published` makes no event.
    """
    stamped = {
        **changes,
        "LastModifiedDate": write.now,
        "LastModifiedById": write.caller.user_id,
        "SystemModstamp": write.now,
    }
    if published:
        before = before or org.row(sobject, record_id)
        after = None if before is None else {**before, **stamped}
        org.changes.changing(write, sobject, record_id, before=before, after=after)
    store_changes(org, sobject, record_id, stamped)


def store_changes(org: Org, sobject: SObject, record_id: str, changes: Mapping[str, Any]) -> None:
    """Store changes of a row as they are."""
    statement = update_statement(sobject.name, tuple(changes))
    org.database.execute(statement, (*changes.values(), record_id))


def may_write(write: Write, sobject: SObject) -> None:
    """Refuse who may only read the object."""
    if sobject.name in write.caller.access.read_only_objects:
        raise api_error("INSUFFICIENT_ACCESS_OR_READONLY", fields=())


def _new_row(write: Write, sobject: SObject, values: Row) -> Row:
    row = shape_of(sobject).empty.copy()
    for name, value in values.items():
        # A null given for a field leaves its default.
        if value is not None:
            row[name] = value
    user_id = write.caller.user_id
    stamps = {"CreatedDate": write.now, "CreatedById": user_id, "LastModifiedDate": write.now}
    stamps |= {"LastModifiedById": user_id, "SystemModstamp": write.now}
    for name, value in stamps.items():
        if name in row and not (name in AUDIT_FIELDS and values.get(name) is not None):
            row[name] = value
    if "OwnerId" in row and row["OwnerId"] is None:
        row["OwnerId"] = user_id
    return row


def _bin(org: Org, write: Write, sobject: SObject, row: Row, *, root_id: str) -> None:
    record_id = row["Id"]
    touch(org, write, sobject, record_id, {"IsDeleted": 1}, before=row)
    put_in(org, record_id, root_id=root_id, deleted_at=write.now)
    for relation in sobject.child_relationships:
        if not relation.cascade_delete:
            continue
        child = org.sobject(relation.child_object)
        for found in org.database.rows(
            f"SELECT * FROM {quoted(child.name)} WHERE {quoted(relation.field)} = ? AND IsDeleted = 0", (record_id,)
        ):
            _bin(org, write, child, dict(found), root_id=root_id)
    rules_of(sobject.name).after_delete(org, write, row)
