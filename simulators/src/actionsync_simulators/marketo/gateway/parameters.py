"""Parameters and bodies that many calls share, as their routes describe them."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.endpoint import Param, Schema

PAGE: tuple[Param, ...] = (
    Param("batchSize", "integer", description="rows of a page, 1 to 300 (the default)"),
    Param("nextPageToken", description="the token of the page before"),
)
FIELDS = Param("fields", "strings", description="names of lead fields; without it six come back")
LEAD_ID = Param("leadId", "integer", required=True, description="id of a lead", example="1001")
LIST_ID = Param("listId", "integer", required=True, description="id of a static list", example="1001")
IDS = Param("id", "integers", description="1 to 300 ids of leads; or give them in the body")


def records(item: Schema, **members: Schema) -> dict[str, Any]:
    """Return the schema of a body with 1 to 300 records in `input`, and further members beside it."""
    rows = {"type": "array", "items": item, "minItems": 1, "maxItems": 300}
    return {"type": "object", "properties": {**members, "input": rows}, "required": ["input"]}


def record(*required: str, **members: Schema) -> dict[str, Any]:
    """Return the schema of an object with these members, the named ones required."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(members)}
    return schema | {"required": list(required)} if required else schema


TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
IDS_BODY: Schema = {"type": "object", "properties": records(record("id", id=WHOLE))["properties"]}
"""Ids of leads in a body; `id` parameters do as well, so that nothing in it is required."""
