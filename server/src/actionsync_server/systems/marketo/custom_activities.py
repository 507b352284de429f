"""Custom activities: their types, and writing rows.

Rows can be neither changed nor removed and have no key, so a write is sent once and never repeated here. Creating and
approving types is sent once as well: after a lost answer the list of types tells what happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from actionsync_server.clock import to_iso
from actionsync_server.model.errors import SystemFailure
from actionsync_server.systems.marketo.answers import Problem, Reply, unreadable
from actionsync_server.systems.marketo.connection import LARGEST_BODY, Connection
from actionsync_server.systems.marketo.types import (
    CustomActivityRow,
    CustomActivityType,
    CustomActivityTypeSpec,
    CustomAttribute,
    RowResult,
)

READ_TYPES = "Read-Only Activity Metadata"
WRITE_TYPES = "Read-Write Activity Metadata"
WRITE_ROWS = "Read-Write Activity"
MOST_ROWS = 300
_TYPE = "/rest/v1/activities/external/type"


class _Attribute(msgspec.Struct, rename="camel"):
    api_name: str = ""
    name: str = ""
    data_type: str = "string"
    description: str | None = ""


class _Type(msgspec.Struct, rename="camel"):
    api_name: str
    id: int = 0
    name: str = ""
    status: str = ""
    primary_attribute: _Attribute | None = None
    attributes: list[_Attribute] = []


class _Added(msgspec.Struct, rename="camel"):
    status: str = ""
    id: int | None = None
    marketo_guid: str | int | None = msgspec.field(name="marketoGUID", default=None)
    errors: list[Problem] = []
    reasons: list[Problem] = []  # the name that every other call uses


class CustomActivities:
    """Custom activity types and rows of one subscription."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def custom_activity_types(self) -> list[CustomActivityType]:
        """Return every custom activity type, drafts too, without attributes."""
        reply = await self._connection.get("/rest/v1/activities/external/types.json", kind=_Type, permission=READ_TYPES)
        return [_custom_type(row) for row in reply.rows]

    async def custom_activity_type(self, api_name: str, *, draft: bool = False) -> CustomActivityType:
        """Return one type with its attributes, as approved or as drafted. Raises Refused (1013) if there is none."""
        query = {"draft": "true"} if draft else None
        path = f"{_TYPE}/{quote(api_name, safe='')}/describe.json"
        reply = await self._connection.get(path, query, kind=_Type, permission=READ_TYPES)
        return self._one_type(reply, repeatable=True)

    async def create_custom_activity_type(self, spec: CustomActivityTypeSpec) -> CustomActivityType:
        """Create a type as a draft. Raises Refused (1017) for a name that is taken, NotPrepared (1027) for an 11th."""
        body = {
            "apiName": spec.api_name,
            "name": spec.name,
            "triggerName": spec.trigger_name,
            "filterName": spec.filter_name,
            "description": spec.description,
            "primaryAttribute": _attribute(spec.primary_attribute),
        }
        return self._one_type(await self._write_type(f"{_TYPE}.json", body), repeatable=False)

    async def create_attributes(self, api_name: str, attributes: Sequence[CustomAttribute]) -> None:
        """Add attributes to the draft of a type; Marketo allows 20."""
        body = {"attributes": [_attribute(attribute) for attribute in attributes]}
        await self._write_type(f"{_TYPE}/{quote(api_name, safe='')}/attributes/create.json", body)

    async def approve(self, api_name: str) -> None:
        """Approve the draft of a type. Raises Refused (709) where there is no draft."""
        await self._write_type(f"{_TYPE}/{quote(api_name, safe='')}/approve.json", None)

    async def add_activities(self, rows: Sequence[CustomActivityRow]) -> list[RowResult]:
        """Write at most 300 rows; the results answer the rows in order.

        Raises OutcomeUnknown when the answer was lost: rows may be there, so look before you write them again.
        """
        if len(rows) > MOST_ROWS:
            raise ValueError(f"at most {MOST_ROWS} rows at a time; row_batches makes such portions")
        if not rows:
            return []
        reply = await self._connection.post(
            "/rest/v1/activities/external.json",
            {"input": [_row(row) for row in rows]},
            kind=_Added,
            permission=WRITE_ROWS,
            repeatable=False,
            seconds=100.0,  # Marketo itself takes up to 90
        )
        if len(reply.rows) != len(rows):
            # Results answer rows by position alone: with another number of them nobody knows which row is meant.
            raise self._unreadable(f"{len(reply.rows)} results for {len(rows)} rows", repeatable=False)
        return [_result(row) for row in reply.rows]

    async def _write_type(self, path: str, body: dict[str, Any] | None) -> Reply[_Type]:
        return await self._connection.post(path, body, kind=_Type, permission=WRITE_TYPES, repeatable=False)

    def _one_type(self, reply: Reply[_Type], *, repeatable: bool) -> CustomActivityType:
        if not reply.rows:
            raise self._unreadable("no type in it", repeatable=repeatable)
        return _custom_type(reply.rows[0])

    def _unreadable(self, what: str, *, repeatable: bool) -> SystemFailure:
        return self._connection.calls.error(unreadable(what).failure, repeatable=repeatable)


def row_batches(rows: Sequence[CustomActivityRow]) -> Iterator[Sequence[CustomActivityRow]]:
    """Cut `rows` into portions that `add_activities` takes: at most 300 rows and 1 MB each, in order."""
    start, size = 0, 0
    room = LARGEST_BODY - 1_000
    for place, row in enumerate(rows):
        length = len(msgspec.json.encode(_row(row))) + 1
        if place > start and (place - start == MOST_ROWS or size + length > room):
            yield rows[start:place]
            start, size = place, 0
        size += length
    if start < len(rows):
        yield rows[start:]


def _row(row: CustomActivityRow) -> dict[str, Any]:
    return {
        "leadId": row.lead_id,
        "activityDate": to_iso(row.activity_time),
        "activityTypeId": row.type_id,
        "primaryAttributeValue": row.primary_value,
        "attributes": [
            {"apiName": name, "value": value} for name, value in row.attributes.items() if value is not None
        ],
    }


def _result(row: _Added) -> RowResult:
    if row.status == "added":
        guid = row.marketo_guid if row.marketo_guid is not None else row.id
        return RowResult("" if guid is None else str(guid))
    problems = row.errors or row.reasons
    if not problems:
        return RowResult(None, "", f"Marketo says '{row.status}' without a reason")
    return RowResult(None, str(problems[0].code), problems[0].message)


def _attribute(attribute: CustomAttribute) -> dict[str, str]:
    described = {"apiName": attribute.api_name, "name": attribute.name, "dataType": attribute.data_type}
    return described | ({"description": attribute.description} if attribute.description else {})


def _custom_type(row: _Type) -> CustomActivityType:
    return CustomActivityType(
        row.id,
        row.api_name,
        row.name,
        row.status,
        None if row.primary_attribute is None else _custom_attribute(row.primary_attribute),
        tuple(_custom_attribute(attribute) for attribute in row.attributes),
    )


def _custom_attribute(attribute: _Attribute) -> CustomAttribute:
    return CustomAttribute(attribute.api_name, attribute.name, attribute.data_type, attribute.description or "")
