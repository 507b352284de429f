"""Platform events: messages of a kind that an admin defines and callers publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.salesforce.events.event_schema import (
    DATETIME,
    NAMESPACE,
    field_id,
    schema_id_of,
    schema_text,
)

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Org

FIELD_TYPES: dict[str, tuple[str, str]] = {
    "text": ("string", "Data:Text"),
    "checkbox": ("boolean", "Data:Boolean"),
    "number": ("double", "Data:Double"),
    "datetime": ("long", DATETIME[0]),
}
"""What the fields of a platform event may be, in Avro and in its `doc`."""


def platform_event_schema(org: Org, name: str) -> str:
    """The id of the schema of a defined platform event, kept for whoever asks."""
    fields: list[dict[str, Any]] = [
        {"name": "CreatedDate", "type": "long", "doc": DATETIME[1]},
        {"name": "CreatedById", "type": "string", "doc": "CreatedBy:EntityId"},
    ]
    for field, kind in org.selection.platform_events[name].items():
        avro, doc = FIELD_TYPES[kind]
        fields.append({"name": field, "type": ["null", avro], "doc": f"{doc}:{field_id(name, field)}", "default": None})
    text = schema_text({"type": "record", "name": name, "namespace": NAMESPACE, "fields": fields})
    schema_id = schema_id_of(text)
    org.events.keep_schema(schema_id, name, text)
    return schema_id
