"""Finding rows by what a caller gives: an id in a path or a body, or the value of an external id."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.gateway.errors import (
    entity_is_deleted,
    external_field_not_found,
    malformed_id,
    not_found,
    wrong_id_type,
)
from actionsync_simulators.salesforce.gateway.ids import full_id, looks_like_id
from actionsync_simulators.salesforce.gateway.messages import Caller
from actionsync_simulators.salesforce.rows.values import stored_value
from actionsync_simulators.salesforce.schema import Field, SObject
from actionsync_simulators.salesforce.state import Org, Row


def id_in_path(sobject: SObject, text: str) -> str:
    """The 18-character id a path names. Raises 404 for what is no id, 400 for a wrong checksum or another object's."""
    if not looks_like_id(text):
        raise external_field_not_found(text)
    record_id = full_id(text)
    if record_id is None or not record_id.startswith(sobject.key_prefix):
        raise wrong_id_type(sobject.fields["Id"].label, text, "Id")
    return record_id


def id_in_body(org: Org, text: object) -> tuple[SObject, str]:
    """The object and 18-character id that a body or a list of ids names. Raises MALFORMED_ID."""
    if not isinstance(text, str) or not looks_like_id(text):
        raise malformed_id(str(text))
    record_id = full_id(text)
    sobject = org.schema.object_for_prefix(text)
    if record_id is None or sobject is None:
        raise malformed_id(text)
    return sobject, record_id


def readable_row(org: Org, sobject: SObject, record_id: str) -> Row:
    """The live row a GET names. Raises 404."""
    row = org.row(sobject, record_id)
    if row is None:
        raise not_found()
    if row["IsDeleted"]:
        raise entity_is_deleted(status=org.switches.deleted_row_status)
    return row


def key_field(caller: Caller, sobject: SObject, name: str) -> Field:
    """The field of that name if rows can be looked up by it. Raises 404 in the vendor's words."""
    field = caller.access.field(sobject, name)
    if field is None or not (field.external_id or (field.id_lookup and field.type != "string")):
        raise external_field_not_found(name)
    return field


def ids_by_key(org: Org, sobject: SObject, field: Field, value: str) -> list[str]:
    """The ids of live rows with that value, in the order of their ids."""
    if field.type == "id":
        record_id = id_in_path(sobject, value)
        return [record_id] if org.row(sobject, record_id) is not None else []
    stored = stored_value(field, value)
    if stored is None:
        return []
    rows = org.database.rows(
        f"SELECT Id FROM {quoted(sobject.name)} WHERE {quoted(field.name)} = ? AND IsDeleted = 0 ORDER BY Id",
        (stored,),
    )
    return [row["Id"] for row in rows]
