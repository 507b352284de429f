"""Delete records by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.crm_objects.access import check_write
from actionsync_simulators.marketo.crm_objects.definition import ObjectKind
from actionsync_simulators.marketo.crm_objects.keys import KeyReader
from actionsync_simulators.marketo.crm_objects.query import DEDUPE_FIELDS, ID_FIELD
from actionsync_simulators.marketo.crm_objects.records import remove
from actionsync_simulators.marketo.gateway.call import skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription


def delete(kind: ObjectKind, site: Subscription, call: Call) -> Members:
    """POST …/delete: a row for each record; one that is not there (any more) is skipped with 1013."""
    check_write(site)
    delete_by = call.json_object().get("deleteBy") or DEDUPE_FIELDS
    if delete_by not in (DEDUPE_FIELDS, ID_FIELD):
        raise invalid_data(f"Invalid deleteBy '{delete_by}'")
    keys = KeyReader(kind, (kind.id_field,) if delete_by == ID_FIELD else kind.dedupe_fields)
    origin = Origin(method=kind.api_method, user=call.user, request_id=call.request_id)
    result: list[dict[str, Any]] = []
    for seq, record in enumerate(call.input_records()):
        try:
            old = kind.find(site, keys.read(record))
            if old is None:
                raise api_error("1013")
            kind.rules.check_delete(site, old)
        except ApiError as error:
            result.append(skipped(error, seq=seq))
            continue
        remove(kind, site, old, origin=origin)
        result.append({"seq": seq, kind.id_field: old[kind.id_field], "status": "deleted"})
    return {"result": result}
