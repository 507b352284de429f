"""The checks of a row body, in the vendor's order, up to the references it makes.

unknown field → field that cannot be written → type and shape of ids → restricted picklist → length and address →
existence of what is referenced. Required fields, object rules and uniqueness need the whole row and come later.
"""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.gateway.errors import (
    ApiError,
    api_error,
    duplicate_value,
    entity_is_deleted,
    no_such_column,
    no_such_row,
    not_writable,
    required_missing,
    wrong_id_type,
)
from actionsync_simulators.salesforce.rows.shape import shape_of, visible_fields, writable_fields
from actionsync_simulators.salesforce.rows.values import (
    Stored,
    check_restricted,
    check_size_and_form,
    stored_value,
)
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.schema import Field, SObject
from actionsync_simulators.salesforce.state import Org, Row

AUDIT_FIELDS = frozenset({"CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById"})


def checked_values(
    org: Org,
    write: Write,
    *,
    sobject: SObject,
    record: Mapping[str, Any],
    old: Row | None,
    tolerate_unchanged: bool = False,
) -> Row:
    """The stored values of a row body. `old` is the row that is updated, None for a create.

    `tolerate_unchanged` lets an update repeat the value of a create-only field (upserts do that).
    """
    given = _known_fields(org, write, sobject, record)
    writable = writable_fields(sobject, write.caller.access, creating=old is None)
    refused = [f for f, _ in given if f.name not in writable and not _audit(org, write, sobject, f, old)]
    if refused and old is not None and tolerate_unchanged:
        refused = [f for f in refused if not _repeats(f, dict(_by_name(given))[f.name], old)]
    if refused:
        raise not_writable([f.name for f in refused])
    values: Row = {field.name: stored_value(field, value, write.body) for field, value in given}
    longest = shape_of(sobject).longest
    for field, _ in given:
        if field.restricted_picklist:
            check_restricted(field, values[field.name])
    for field, _ in given:
        value = values[field.name]
        if isinstance(value, str) and len(value) > longest.get(field.name, len(value)):
            check_size_and_form(field, value)
    for field, _ in given:
        if field.type == "reference" and values[field.name] is not None:
            check_reference(org, sobject, field, values[field.name], old)
    return values


def _by_name(given: Sequence[tuple[Field, Any]]) -> list[tuple[str, Any]]:
    return [(field.name, value) for field, value in given]


def _known_fields(org: Org, write: Write, sobject: SObject, record: Mapping[str, Any]) -> list[tuple[Field, Any]]:
    visible = visible_fields(sobject, write.caller.access)
    given: list[tuple[Field, Any]] = []
    for name, value in record.items():
        if name == "attributes":
            continue
        field = visible.get(name) or visible.get(name.lower())
        if field is not None:
            given.append((field, value))
        elif isinstance(value, Mapping):
            given.append(_by_nested_external_id(org, write, sobject, name, value))
        else:
            raise no_such_column(name, sobject.name)
    return given


def _by_nested_external_id(
    org: Org, write: Write, sobject: SObject, name: str, parent: Mapping[str, Any]
) -> tuple[Field, Any]:
    """`"Account": {"Ext__c": "A-1"}` sets AccountId. Polymorphic lookups cannot be set this way."""
    access = write.caller.access
    lookup = sobject.relationship(name)
    if lookup is None or lookup.polymorphic or not access.visible(sobject.name, lookup.name):
        raise no_such_column(name, sobject.name)
    target = org.sobject(lookup.reference_to[0])
    keys = [key for key in parent if key != "attributes"]
    key = access.field(target, keys[0]) if len(keys) == 1 else None
    if key is None or not key.id_lookup:
        raise no_such_column(keys[0] if keys else name, target.name)
    return lookup, parent_id(org, target, key, parent[keys[0]], write.body)


def parent_id(org: Org, target: SObject, key: Field, given: Any, body: bytes = b"") -> str:
    """The id of the one live row of an object that has this value of a key field. Raises INVALID_FIELD."""
    value = stored_value(key, given, body)
    found = org.database.rows(
        f"SELECT Id FROM {quoted(target.name)} WHERE {quoted(key.name)} = ? AND IsDeleted = 0 LIMIT 2", (value,)
    )
    if len(found) != 1:
        message = f"Foreign key external ID: {value} not found for field {key.name} in entity {target.name}"
        raise api_error("INVALID_FIELD", message, fields=())
    return str(found[0]["Id"])


def _audit(org: Org, write: Write, sobject: SObject, field: Field, old: Row | None) -> bool:
    """Whether this is a stamp that the permission to set audit fields opens on a new row."""
    granted = old is None and org.switches.audit_fields_on_create and field.name in AUDIT_FIELDS
    return granted and write.caller.access.editable(sobject.name, field.name)


def _repeats(field: Field, value: Any, old: Row) -> bool:
    if not field.createable or not field.stored:
        return False
    try:
        return bool(stored_value(field, value) == old[field.name])
    except ApiError:
        return False


def check_reference(org: Org, sobject: SObject, field: Field, target_id: Stored, old: Row | None) -> None:
    """Refuse a reference to the wrong kind of row, to a deleted one, or to none. An unchanged one is not looked at."""
    if not isinstance(target_id, str) or (old is not None and old[field.name] == target_id):
        return
    target = org.schema.object_for_prefix(target_id)
    if target is None or target.name not in field.reference_to:
        raise wrong_id_type(field.label, target_id, field.name, code="FIELD_INTEGRITY_EXCEPTION")
    found = org.database.row(shape_of(target).as_target, (target_id,))
    if found is None:
        raise no_such_row(status=400)
    if found["IsDeleted"]:
        raise entity_is_deleted(status=400)
    if field.name == "OwnerId" and target.name == "User" and not found["IsActive"]:
        raise api_error(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{target_id}] as owner of {sobject.label.lower()}",
            fields=["OwnerId"],
        )


def check_required(sobject: SObject, row: Row) -> None:
    """Refuse a row that lacks values it must have, naming all of them."""
    missing = [name for name in shape_of(sobject).required if row[name] is None]
    if missing:
        raise required_missing(missing)


def check_unique(org: Org, sobject: SObject, row: Row, *, changed: Mapping[str, Any]) -> None:
    """Refuse values of unique fields that another live row has."""
    for field in shape_of(sobject).unique:
        value = changed.get(field.name)
        if value is None:
            continue
        other = org.database.value(field.other_row, (value, row["Id"]))
        if other is not None:
            raise duplicate_value(field.name, other)
