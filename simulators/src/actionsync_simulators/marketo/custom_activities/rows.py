"""Add custom activities: rows of approved types, each accepted or skipped on its own. Rows cannot be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.fields.catalogue import FLOAT_TYPES, LeadField
from actionsync_simulators.marketo.fields.values import to_stored
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import epoch_seconds, parse_datetime
from actionsync_simulators.marketo.leads.read import reachable

if TYPE_CHECKING:
    from actionsync_simulators.marketo.custom_activities.store import Attribute, CustomType
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

ATTRIBUTE_BYTES = 65_536
REQUIRED = ("leadId", "activityDate", "activityTypeId", "primaryAttributeValue", "attributes")


def add(site: Subscription, call: Call) -> Members:
    """POST activities/external: `result[i]` answers `input[i]`; the reasons of a skipped row are called `errors`."""
    result = []
    for record in call.input_records():
        try:
            row_id = _add(site, call, record)
            result.append({"id": row_id, "marketoGUID": str(row_id), "status": "added"})
        except ApiError as error:
            result.append({"status": "skipped", "errors": [error.as_json()]})
    return {"result": result}


def _add(site: Subscription, call: Call, record: dict[str, Any]) -> int:
    for name in REQUIRED:
        if record.get(name) is None or record[name] == "":
            raise api_error("1002", name)
    lead_id, type_id = as_integer(record["leadId"]), as_integer(record["activityTypeId"])
    try:
        at = epoch_seconds(parse_datetime(record["activityDate"]))
    except (ValueError, AttributeError, TypeError) as problem:
        raise api_error("1001", record["activityDate"], "datetime") from problem
    custom = site.custom_types.get(type_id)
    if custom is None or custom.approved is None or custom.approved.primary is None:
        raise invalid_data(f"Activity type '{type_id}' is not an approved custom activity type")
    primary = _typed(custom.approved.primary, record["primaryAttributeValue"])
    if isinstance(primary, bool):
        primary = str(primary).lower()
    attributes = _attributes(custom, record["attributes"])
    found = site.database.row(
        f"SELECT 1 FROM leads WHERE id = ?{reachable(call)}",  # noqa: S608 - quoted partition names
        (lead_id,),
    )
    if found is None:
        raise api_error("1004")
    return site.recorder.add(lead_id, type_id, at=at, asset=primary, attributes=attributes)


def _attributes(custom: CustomType, given: Any) -> dict[str, Any]:
    """Return the attributes by display name; 1001, 1002, 1003, 1006 or 1049 for what is wrong with them."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise invalid_data("attributes must be an array of objects")
    if len(orjson.dumps(given)) > ATTRIBUTE_BYTES:
        raise api_error("1049")
    version = custom.approved
    if version is None:
        raise ValueError(f"custom type {custom.api_name} is not approved")
    values: dict[str, Any] = {}
    for one in given:
        name = one.get("apiName") or one.get("name")
        if not isinstance(name, str):
            raise api_error("1002", "apiName")
        attribute = version.attribute(name)
        if attribute is None:
            raise api_error("1006", name)
        values[attribute.name] = _typed(attribute, one.get("value"))
    return values


def _typed(attribute: Attribute, value: Any) -> Any:
    """Return a value of the attribute's data type as it is read back; 1001 when it is not one."""
    kind = "url" if attribute.data_type == "link" else attribute.data_type
    stored = to_stored(LeadField(0, attribute.name, attribute.name, kind), value)
    if kind == "boolean" and stored is not None:
        return bool(stored)
    if kind in FLOAT_TYPES and stored is not None and float(stored).is_integer():
        return int(stored)
    return stored
