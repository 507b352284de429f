"""A logged event as a subscriber receives it: without the fields its user may not see, in Avro or in JSON."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.salesforce.events.bitmaps import field_bitmaps
from actionsync_simulators.salesforce.events.event_schema import DATE, DATETIME
from actionsync_simulators.salesforce.events.log import EventLog, LoggedEvent
from actionsync_simulators.salesforce.events.shape import column_of

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.schema import Access

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EventSchema:
    """A schema that events were written with: as JSON, and as fastavro wants it."""

    schema: dict[str, Any]
    parsed: Any


class Payloads:
    """Turns logged events into payloads; knows every schema it has met."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._schemas: dict[str, EventSchema] = {}

    def avro(self, event: LoggedEvent, access: Access) -> bytes:
        """The event in plain Avro binary, its header speaking in bitmaps."""
        # Loaded with the first subscriber: the simulator starts faster without it.
        from fastavro import schemaless_writer

        known = self._schema(event.schema_id)
        header, fields = _seen(event, access)
        datum: dict[str, Any] = dict(fields)
        if header:
            for name in ("nulledFields", "diffFields", "changedFields"):
                header[name] = field_bitmaps(known.schema, header[name])
            datum["ChangeEventHeader"] = header
        buffer = io.BytesIO()
        schemaless_writer(buffer, known.parsed, datum)
        return buffer.getvalue()

    def fields_of(self, schema_id: str, payload: bytes) -> dict[str, Any] | None:
        """The fields of a published payload; None when it does not fit the schema."""
        from fastavro import schemaless_reader

        buffer = io.BytesIO(payload)
        try:
            found = schemaless_reader(buffer, self._schema(schema_id).parsed)
        except (EOFError, ValueError, IndexError, TypeError, OverflowError, StopIteration):
            return None
        if buffer.tell() != len(payload) or not isinstance(found, dict):
            return None
        return found

    def json(self, event: LoggedEvent, access: Access) -> dict[str, Any]:
        """The event as CometD carries it: names, and moments in words."""
        docs = {field["name"]: field.get("doc", "") for field in self._schema(event.schema_id).schema["fields"]}
        header, fields = _seen(event, access)
        payload: dict[str, Any] = {"ChangeEventHeader": header} if header else {}
        for name, value in fields.items():
            payload[name] = _in_words(value, docs[name])
        return payload

    def _schema(self, schema_id: str) -> EventSchema:
        known = self._schemas.get(schema_id)
        if known is None:
            from fastavro import parse_schema

            text = self._log.schema(schema_id)
            if text is None:
                raise LookupError(f"no schema {schema_id}")
            schema = orjson.loads(text)
            known = self._schemas[schema_id] = EventSchema(schema, parse_schema(orjson.loads(text), named_schemas={}))
        return known


def _seen(event: LoggedEvent, access: Access) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and fields without what field-level security hides from the subscriber."""
    hidden = {field for entity, field in access.hidden if entity == event.entity}
    if not hidden:
        return dict(event.header), event.fields
    fields: dict[str, Any] = {}
    for name, value in event.fields.items():
        if name in hidden:
            continue
        if isinstance(value, dict):
            parts = {part: each for part, each in value.items() if column_of(name, part) not in hidden}
            if parts:
                fields[name] = parts
        else:
            fields[name] = value
    header = dict(event.header)
    for name in ("nulledFields", "changedFields"):
        if name in header:
            header[name] = [each for each in header[name] if not _hides(hidden, each)]
    return header, fields


def _hides(hidden: set[str], name: str) -> bool:
    field, _, part = name.partition(".")
    return field in hidden or (bool(part) and column_of(field, part) in hidden)


def _in_words(value: Any, doc: str) -> Any:
    if value is None or isinstance(value, Mapping):
        return value
    if doc.startswith(DATETIME):
        return f"{_moment(value):%Y-%m-%dT%H:%M:%SZ}"
    if doc.startswith(DATE):
        return f"{_moment(value):%Y-%m-%d}"
    return value


def _moment(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value)
