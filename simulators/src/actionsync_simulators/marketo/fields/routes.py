"""The calls that administer lead fields. Both describes of leads stand with the leads."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.marketo.fields import schema
from actionsync_simulators.marketo.fields.schema_rules import DATA_TYPES
from actionsync_simulators.marketo.gateway.parameters import PAGE, TEXT, record, records
from actionsync_simulators.marketo.gateway.route import CUSTOM_SCHEMA, STANDARD_SCHEMA, Route, get, post

_PATH = "/rest/v1/leads/schema/fields"
_PERMISSIONS = (STANDARD_SCHEMA, CUSTOM_SCHEMA)
_NAME = Param("fieldApiName", required=True, description="REST name of a field", example="email")
_FLAG = {"type": "boolean"}
_SETTINGS = {
    "displayName": TEXT,
    "description": {"type": ["string", "null"]},
    "isHidden": _FLAG,
    "isHtmlEncodingInEmail": _FLAG,
    "isSensitive": _FLAG,
}
_NEW = record("displayName", "name", "dataType", **_SETTINGS, name=TEXT, dataType={"enum": list(DATA_TYPES)})

ROUTES: tuple[Route, ...] = (
    get(
        f"{_PATH}.json",
        _PERMISSIONS,
        schema.fields,
        params=PAGE,
        errors=("1001", "1003"),
        behaviours=(
            Behaviour("schema-fields-by-role", "standard and custom fields are shown as the role may administer them"),
            Behaviour("schema-fields-pages", "moreResult is always there, a token only when there is more"),
        ),
    ),
    get(f"{_PATH}/{{fieldApiName}}.json", _PERMISSIONS, schema.field, params=(_NAME,), errors=("1006",)),
    post(
        f"{_PATH}.json",
        (CUSTOM_SCHEMA,),
        schema.create,
        schema=records(_NEW),
        errors=("1001", "1002", "1003", "1017"),
        behaviours=(
            Behaviour("schema-create-is-by-record", "each definition has its own outcome"),
            Behaviour(
                "schema-created-field-is-everywhere", "a new field is described, written, read, found by, exported"
            ),
            Behaviour("schema-hundred-fields", "the API creates at most 100 fields"),
        ),
    ),
    post(
        f"{_PATH}/{{fieldApiName}}.json",
        _PERMISSIONS,
        schema.update,
        params=(_NAME,),
        schema={**records(record(**_SETTINGS))},
        errors=("1001", "1002", "1003", "1006", "1017"),
        behaviours=(
            Behaviour("schema-update-limits", "standard fields keep their display name, and nothing changes its type"),
            Behaviour("schema-hidden-fields", "a hidden field is in no describe and finds no lead; its values stay"),
        ),
    ),
)
