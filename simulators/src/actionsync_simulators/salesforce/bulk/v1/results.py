"""The results of a batch: what became of each row, and the rows of a query, in the content type of the job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import orjson

from actionsync_simulators.salesforce.bulk.csv_format import header_line
from actionsync_simulators.salesforce.bulk.query_rows import BulkQuery, Record
from actionsync_simulators.salesforce.bulk.saving import Outcome
from actionsync_simulators.salesforce.bulk.v1.formats import (
    CSV,
    CSV_TYPE,
    JSON,
    JSON_TYPE,
    XML_TYPE,
    element_list,
    text,
    xml_document,
)
from actionsync_simulators.salesforce.bulk.v1.records import CSV_DIALECT
from actionsync_simulators.salesforce.gateway.messages import Response
from actionsync_simulators.salesforce.gateway.xml import SCHEMA_INSTANCE

RESULT_COLUMNS = ("Id", "Success", "Created", "Error")
NO_RECORDS = "Records not found for this query"
"""What a CSV result without rows consists of."""
_INSTANCE = f' xmlns:xsi="{SCHEMA_INSTANCE}"'


def outcome_rows(content_type: str, outcomes: Sequence[Outcome], *, first: bool) -> list[bytes]:
    """What became of the rows, each as a piece of the result; `first` when no piece comes before."""
    if content_type == CSV:
        return [_csv_outcome(outcome).encode() for outcome in outcomes]
    if content_type == JSON:
        return joined_json([_json_outcome(outcome) for outcome in outcomes], first=first)
    return [_xml_outcome(outcome).encode() for outcome in outcomes]


def outcome_response(content_type: str, rows: bytes) -> Response:
    """The result of an ingest batch."""
    if content_type == CSV:
        return Response(200, header_line(CSV_DIALECT, RESULT_COLUMNS) + rows, content_type=CSV_TYPE)
    return _enclosed(content_type, "results", rows)


def query_rows(content_type: str, query: BulkQuery, records: list[Record], *, first: bool) -> list[bytes]:
    """Rows of a query, each as a piece of the result."""
    if content_type == CSV:
        lines = query.csv_rows(records, CSV_DIALECT)
        return [header_line(CSV_DIALECT, query.names), *lines] if first and lines else lines
    if content_type == JSON:
        return joined_json([query.with_epochs(record) for record in records], first=first)
    return [f'<records xsi:type="sObject">{_xml_fields(record)}</records>'.encode() for record in records]


def query_response(content_type: str, rows: bytes) -> Response:
    """The rows of a query."""
    if content_type == CSV:
        return Response(200, rows or NO_RECORDS, content_type=CSV_TYPE)
    return _enclosed(content_type, "queryResult", rows)


def joined_json(values: Sequence[Any], *, first: bool) -> list[bytes]:
    """Elements of an array, each with the comma before it."""
    return [(b"" if first and not n else b",") + orjson.dumps(value) for n, value in enumerate(values)]


def _enclosed(content_type: str, root: str, rows: bytes) -> Response:
    if content_type == JSON:
        return Response(200, b"[" + rows + b"]", content_type=JSON_TYPE)
    attributes = _INSTANCE if root == "queryResult" else ""
    return Response(200, xml_document(root, rows.decode(), attributes=attributes), content_type=XML_TYPE)


def _csv_outcome(outcome: Outcome) -> str:
    success, created = str(outcome.error is None).lower(), str(outcome.created).lower()
    return CSV_DIALECT.line([outcome.id, success, created, outcome.error_text])


def _json_outcome(outcome: Outcome) -> dict[str, Any]:
    errors = []
    if outcome.error is not None:
        errors.append(
            {
                "message": outcome.error.message,
                "fields": list(outcome.error.fields or ()),
                "statusCode": outcome.error.code,
                "extendedErrorDetails": None,
            }
        )
    return {"success": not errors, "created": outcome.created, "id": outcome.id or None, "errors": errors}


def _xml_outcome(outcome: Outcome) -> str:
    errors = ""
    if outcome.error is not None:
        fields = "".join(f"<fields>{escape(name)}</fields>" for name in outcome.error.fields or ())
        about = element_list({"message": outcome.error.message, "statusCode": outcome.error.code})
        errors = f"<errors>{fields}{about}</errors>"
    members = {"id": outcome.id or None, "success": not errors, "created": outcome.created}
    return f"<result>{errors}{element_list(members)}</result>"


def _xml_fields(record: Record) -> str:
    parts: list[str] = []
    for name, value in record.items():
        if name == "attributes":
            parts.append(f"<type>{value['type']}</type>")
        elif value is None:
            parts.append(f'<{name} xsi:nil="true"/>')
        elif isinstance(value, dict):
            parts.append(f'<{name} xsi:type="sObject">{_xml_fields(value)}</{name}>')
        else:
            parts.append(f"<{name}>{escape(text(value))}</{name}>")
    return "".join(parts)
