"""The calls for activity types of the user and their rows."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.marketo.custom_activities import rows, types
from actionsync_simulators.marketo.custom_activities.store import DATA_TYPES
from actionsync_simulators.marketo.gateway.parameters import TEXT, WHOLE, record, records
from actionsync_simulators.marketo.gateway.route import READ_METADATA, WRITE_ACTIVITY, WRITE_METADATA, Route, get, post

EXTERNAL = "/rest/v1/activities/external"
TYPE = f"{EXTERNAL}/type/{{apiName}}"
API_NAME = Param("apiName", required=True, description="name of a custom type")

VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}
ATTRIBUTE = record(
    "apiName",
    "name",
    apiName=TEXT,
    name=TEXT,
    dataType={"enum": sorted(DATA_TYPES)},
    description=TEXT,
    isPrimary={"type": "boolean"},
)
NAMES: dict[str, Schema] = {"apiName": TEXT, "name": TEXT, "triggerName": TEXT, "filterName": TEXT, "description": TEXT}
NEW_TYPE = record(
    "apiName", "name", "triggerName", "filterName", "primaryAttribute", **NAMES, primaryAttribute=ATTRIBUTE
)
CHANGED_TYPE = record(**NAMES, primaryAttribute=ATTRIBUTE)
ATTRIBUTES = record("attributes", attributes={"type": "array", "items": ATTRIBUTE, "minItems": 1})
NAMED_ATTRIBUTES = record(
    "attributes", attributes={"type": "array", "items": record("apiName", **ATTRIBUTE["properties"]), "minItems": 1}
)
ROW = record(
    *rows.REQUIRED,
    leadId=WHOLE,
    activityDate={"type": "string", "format": "date-time"},
    activityTypeId=WHOLE,
    primaryAttributeValue={"type": ["string", "number", "boolean"]},
    attributes={"type": "array", "items": record(apiName=TEXT, name=TEXT, value=VALUE)},
)

ROUTES: tuple[Route, ...] = (
    post(
        f"{EXTERNAL}.json",
        WRITE_ACTIVITY,
        rows.add,
        schema=records(ROW),
        errors=("1001", "1002", "1003", "1004", "1006", "1049"),
        behaviours=(
            Behaviour("custom-rows-read-back", "rows are read back under display names, in UTC"),
            Behaviour("custom-rows-each", "each row is accepted or skipped on its own, its reasons named errors"),
            Behaviour("custom-rows-approved", "rows follow the approved version, not the draft"),
        ),
    ),
    get(f"{EXTERNAL}/types.json", READ_METADATA, types.types),
    get(
        f"{TYPE}/describe.json",
        READ_METADATA,
        types.describe,
        params=(API_NAME, Param("draft", "boolean", description="the draft instead of the approved version")),
        errors=("1001", "1013"),
    ),
    post(
        f"{EXTERNAL}/type.json",
        WRITE_METADATA,
        types.create,
        schema=NEW_TYPE,
        errors=("1001", "1002", "1003", "1017", "1027"),
        behaviours=(Behaviour("custom-type-life", "draft, approved, approved with draft, deleted"),),
    ),
    post(
        f"{TYPE}.json",
        WRITE_METADATA,
        types.update,
        params=(API_NAME,),
        schema=CHANGED_TYPE,
        errors=("709", "1001", "1002", "1003", "1013", "1017"),
        behaviours=(Behaviour("custom-type-frozen", "names are frozen once the type is approved and has rows"),),
    ),
    post(
        f"{TYPE}/approve.json",
        WRITE_METADATA,
        types.approve,
        body="any",
        params=(API_NAME,),
        errors=("709", "1013"),
    ),
    post(
        f"{TYPE}/discardDraft.json",
        WRITE_METADATA,
        types.discard_draft,
        body="any",
        params=(API_NAME,),
        errors=("709", "1013"),
    ),
    post(
        f"{TYPE}/delete.json",
        WRITE_METADATA,
        types.delete,
        body="any",
        params=(API_NAME,),
        errors=("709", "1013"),
        behaviours=(Behaviour("custom-type-slot", "a deleted type frees its slot among the ten"),),
    ),
    post(
        f"{TYPE}/attributes/create.json",
        WRITE_METADATA,
        types.create_attributes,
        params=(API_NAME,),
        schema=ATTRIBUTES,
        errors=("709", "1001", "1002", "1003", "1013", "1017", "1028"),
    ),
    post(
        f"{TYPE}/attributes/update.json",
        WRITE_METADATA,
        types.update_attributes,
        params=(API_NAME,),
        schema=NAMED_ATTRIBUTES,
        errors=("709", "1001", "1002", "1003", "1013", "1017", "1028"),
        behaviours=(Behaviour("custom-primary-demoted", "a new primary attribute needs the old one demoted first"),),
    ),
    post(
        f"{TYPE}/attributes/delete.json",
        WRITE_METADATA,
        types.delete_attributes,
        params=(API_NAME,),
        schema=NAMED_ATTRIBUTES,
        errors=("709", "1001", "1002", "1003", "1013"),
    ),
)
