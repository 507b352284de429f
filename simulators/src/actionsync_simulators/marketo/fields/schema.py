"""Administration of lead fields: list them, read one, create and update custom ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.fields import schema_rules as rules
from actionsync_simulators.marketo.fields.catalogue import LeadField
from actionsync_simulators.marketo.fields.custom import (
    add_field,
    made_by_api,
    save_settings,
    settings_of,
    usual_settings,
)
from actionsync_simulators.marketo.gateway.call import skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.route import CUSTOM_SCHEMA, STANDARD_SCHEMA
from actionsync_simulators.marketo.state import search_index

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

FIELDS_BY_API = 100
"""So many custom fields can be created by the API."""


def fields(site: Subscription, call: Call) -> Members:
    """GET schema/fields: the fields that the role may administer, hidden ones too, in the order of attribute ids."""
    batch = call.batch_size()
    token = call.text("nextPageToken")
    after = site.paging.read(token).row if token else 0
    rest = sorted((one for one in site.fields if one.id > after and _may(site, call, one)), key=lambda one: one.id)
    answer: Members = {"result": [_as_json(site, one) for one in rest[:batch]], "moreResult": len(rest) > batch}
    if len(rest) > batch:
        answer["nextPageToken"] = site.paging.for_row(rest[batch - 1].id)
    return answer


def field(site: Subscription, call: Call) -> Members:
    """GET schema/fields/{apiName}: one field; 1006 when there is none, 603 when the role does not reach it."""
    return {"result": [_as_json(site, _find(site, call))]}


def create(site: Subscription, call: Call) -> Members:
    """POST schema/fields: new custom fields, record by record; they are there for every other call at once."""
    result = []
    for record in call.input_records():
        name = record.get("name")
        try:
            _create(site, record)
            result.append({"name": name, "status": "created"})
        except ApiError as error:
            result.append(skipped(error, **({"name": name} if isinstance(name, str) else {})))
    return {"result": result}


def update(site: Subscription, call: Call) -> Members:
    """POST schema/fields/{apiName}: change one field; what may be changed depends on where the field comes from."""
    one = _find(site, call)
    records = call.input_records()
    if len(records) != 1:
        raise invalid_data("input must hold a single field")
    try:
        _update(site, one, records[0])
    except ApiError as error:
        return {"result": [skipped(error, name=one.name)]}
    return {"result": [{"name": one.name, "status": "updated"}]}


def _create(site: Subscription, record: dict[str, Any]) -> None:
    display_name = rules.display_name(rules.required(record, "displayName"))
    name = rules.field_name(rules.required(record, "name"))
    data_type = rules.data_type(rules.required(record, "dataType"))
    rules.check_free(site.fields, name=name, display_name=display_name)
    if made_by_api(site.database) >= FIELDS_BY_API:
        raise invalid_data(f"At most {FIELDS_BY_API} custom fields can be created")
    usual = usual_settings(LeadField(0, name, display_name, data_type, custom=True))
    settings = rules.changed(usual, record, api_created=True)
    add_field(site.database, name, display_name, data_type, index=search_index)
    save_settings(site.database, name, settings)
    site.refresh()


def _update(site: Subscription, one: LeadField, record: dict[str, Any]) -> None:
    old = settings_of(site.database, one)
    rules.check_unchanged(record, _as_json(site, one), ("name", "dataType", "length", "isCustom", "isApiCreated"))
    if not one.custom:
        rules.check_unchanged(record, _as_json(site, one), ("displayName",))
    if not old.api_created:
        rules.check_unchanged(record, _as_json(site, one), ("isHidden",))
    settings = rules.changed(old, record, api_created=old.api_created)
    if record.get("displayName") is not None:
        display_name = rules.display_name(rules.required(record, "displayName"))
        rules.check_free(site.fields, display_name=display_name, own=one)
        site.database.execute("UPDATE lead_fields SET display_name = ? WHERE name = ?", (display_name, one.name))
    save_settings(site.database, one.name, settings)
    site.refresh()


def _find(site: Subscription, call: Call) -> LeadField:
    name = call.arguments[0]
    one = site.fields.get(name)
    if one is None:
        raise api_error("1006", name)
    if not _may(site, call, one):
        raise api_error("603")
    return one


def _may(site: Subscription, call: Call, one: LeadField) -> bool:
    """Tell whether the role reaches a field: custom and standard ones are two permissions."""
    return site.identity.clients[call.client_id].may((CUSTOM_SCHEMA if one.custom else STANDARD_SCHEMA,))


def _as_json(site: Subscription, one: LeadField) -> dict[str, Any]:
    settings = settings_of(site.database, one)
    row: dict[str, Any] = {
        "displayName": one.display_name,
        "name": one.name,
        "description": settings.description,
        "dataType": one.data_type,
    }
    if one.length is not None:
        row["length"] = one.length
    return row | {
        "isHidden": settings.hidden,
        "isHtmlEncodingInEmail": settings.html_encoded,
        "isSensitive": settings.sensitive,
        "isCustom": one.custom,
        "isApiCreated": settings.api_created,
    }
