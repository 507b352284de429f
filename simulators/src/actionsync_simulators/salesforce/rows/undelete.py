"""Undeleting a row, with the rows that went to the recycle bin with it."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error
from actionsync_simulators.salesforce.rows.checks import check_unique
from actionsync_simulators.salesforce.rows.recycle_bin import take_out, went_with
from actionsync_simulators.salesforce.rows.write import may_write, touch
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.rules import rules_of
from actionsync_simulators.salesforce.schema import Field, SObject
from actionsync_simulators.salesforce.state import Org, Row

UNCHECKED = frozenset({"CreatedById", "LastModifiedById", "OwnerId", "MasterRecordId"})
"""References to users, who are never deleted, and the one that an undeleted loser of a merge gives up."""


def undelete(org: Org, write: Write, sobject: SObject, record_id: str) -> None:
    """Bring a row back from the recycle bin, in a transaction of the caller. Raises UNDELETE_FAILED and others.

    Refused for a row that is not in the bin, is there because of another row, or has been there for 15 days. The loser
    of a merge comes back alone: what was moved to the winner stays there.
    """
    may_write(write, sobject)
    returning = went_with(org, record_id) if sobject.undeletable else []
    if not returning:
        raise _not_undeleted("Entity is not in the recycle bin")
    for each in returning:
        # What a row needs comes back before it.
        found = org.schema.object_for_prefix(each)
        row = None if found is None else org.row(found, each)
        if found is not None and row is not None:
            _bring_back(org, write, found, row)


def _bring_back(org: Org, write: Write, sobject: SObject, row: Row) -> None:
    after = row | {"IsDeleted": 0}
    if "MasterRecordId" in row:
        after["MasterRecordId"] = None
    for field in sobject.stored_fields:
        if field.type == "reference" and field.name not in UNCHECKED and row[field.name] is not None:
            after[field.name] = _still_there(org, field, row[field.name])
    rules = rules_of(sobject.name)
    # Derived values come from what the row points at now.
    rules.before_save(org, write, row, after)
    check_unique(org, sobject, after, changed=after)
    changes = {name: value for name, value in after.items() if value != row[name]}
    touch(org, write, sobject, row["Id"], changes, before=row)
    take_out(org, row["Id"])
    rules.after_save(org, write, None, after)


def _still_there(org: Org, field: Field, target_id: str) -> str | None:
    """The row a reference means today: the winner for the loser of a merge, none for a row that is deleted."""
    target = org.schema.object_for_prefix(target_id)
    while target is not None:
        row = org.row(target, target_id)
        if row is not None and not row["IsDeleted"]:
            return target_id
        if row is None or row.get("MasterRecordId") is None:
            break
        target_id = row["MasterRecordId"]
    if not field.nillable:
        raise _not_undeleted(f"{field.label}: the record this one belongs to is deleted")
    return None


def _not_undeleted(message: str) -> ApiError:
    return api_error("UNDELETE_FAILED", message, fields=())
