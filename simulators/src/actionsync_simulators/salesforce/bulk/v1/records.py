"""The records of a batch, out of CSV, JSON or XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import orjson

from actionsync_simulators.salesforce.bulk.cells import typed_value
from actionsync_simulators.salesforce.bulk.columns import Columns, check_field_names, check_only_ids
from actionsync_simulators.salesforce.bulk.csv_format import Dialect, UnusableData, checked_text
from actionsync_simulators.salesforce.bulk.saving import Given
from actionsync_simulators.salesforce.bulk.v1.formats import CSV, JSON
from actionsync_simulators.salesforce.gateway.errors import ApiError
from actionsync_simulators.salesforce.gateway.xml import UnreadableXml, is_nil, local_name, parsed
from actionsync_simulators.salesforce.schema import Access, SObject
from actionsync_simulators.salesforce.state import Org

MOST_RECORDS = 10_000
CSV_DIALECT = Dialect(",", None)
"""Either line ending will do."""
_NO_FIELDS = frozenset({"attributes", "type"})


async def batch_records(
    org: Org, access: Access, sobject: SObject, *, operation: str, content_type: str, data: bytes
) -> list[Given]:
    """All records of a batch. Raises UnusableData for a batch that fails as a whole."""
    if content_type == CSV:
        return await _csv_records(org, access, sobject, operation, data)
    given = list(_json_records(data) if content_type == JSON else _xml_records(data))
    _check_count(len(given))
    names = {name: None for record in given for name in record if name not in _NO_FIELDS}
    check_field_names(access, sobject, names)
    check_only_ids(operation, [field.name if (field := access.field(sobject, name)) else name for name in names])
    return [_given(access, sobject, record) for record in given]


async def _csv_records(org: Org, access: Access, sobject: SObject, operation: str, data: bytes) -> list[Given]:
    rows = CSV_DIALECT.rows(await checked_text(data, CSV_DIALECT))
    columns = Columns(org, access, sobject, next(rows))
    check_only_ids(operation, columns.field_names)
    given: list[Given] = [columns.given(cells) for cells in rows]
    _check_count(len(given))
    return given


def _check_count(count: int) -> None:
    if count == 0:
        raise UnusableData("InvalidBatch", "Records not found")
    if count > MOST_RECORDS:
        raise UnusableData("InvalidBatch", f"Too many records: {count}, a batch has at most {MOST_RECORDS}")


def _json_records(data: bytes) -> list[dict[str, Any]]:
    try:
        records = orjson.loads(data)
    except orjson.JSONDecodeError as problem:
        raise UnusableData("InvalidBatch", f"Failed to parse JSON. {problem}") from None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnusableData("InvalidBatch", "Failed to parse JSON. A batch is an array of objects")
    return records


def _xml_records(data: bytes) -> Iterator[dict[str, Any]]:
    try:
        root = parsed(data)
    except UnreadableXml as problem:
        raise UnusableData("InvalidBatch", f"Failed to parse XML. {problem}") from None
    if local_name(root) != "sObjects":
        raise UnusableData("InvalidBatch", "Failed to parse XML. A batch is an sObjects element")
    return (_xml_record(child) for child in root)


def _xml_record(element: Element) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for child in element:
        if len(child):
            # A parent: <Account><sObject><Ext__c>A-1</Ext__c></sObject></Account>
            inner = child[0] if local_name(child[0]) == "sObject" else child
            record[local_name(child)] = _xml_record(inner)
        elif is_nil(child):
            record[local_name(child)] = None
        elif child.text:
            record[local_name(child)] = child.text
    return record


def _given(access: Access, sobject: SObject, record: dict[str, Any]) -> Given:
    given: dict[str, Any] = {}
    try:
        for name, value in record.items():
            if name in _NO_FIELDS and access.field(sobject, name) is None:
                continue
            field = access.field(sobject, name)
            if field is None:
                given[name] = value
            else:
                given[field.name] = typed_value(field, value)
    except ApiError as refused:
        return refused
    return given
