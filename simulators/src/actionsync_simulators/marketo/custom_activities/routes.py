"""The calls for activity types of the user and their rows."""

from __future__ import annotations

from actionsync_simulators.marketo.custom_activities import rows, types
from actionsync_simulators.marketo.gateway.route import READ_METADATA, WRITE_ACTIVITY, WRITE_METADATA, Route, get, post

EXTERNAL = "/rest/v1/activities/external"
TYPE = f"{EXTERNAL}/type/{{apiName}}"

ROUTES: tuple[Route, ...] = (
    post(f"{EXTERNAL}.json", WRITE_ACTIVITY, rows.add),
    get(f"{EXTERNAL}/types.json", READ_METADATA, types.types),
    get(f"{TYPE}/describe.json", READ_METADATA, types.describe),
    post(f"{EXTERNAL}/type.json", WRITE_METADATA, types.create),
    post(f"{TYPE}.json", WRITE_METADATA, types.update),
    post(f"{TYPE}/approve.json", WRITE_METADATA, types.approve, body="any"),
    post(f"{TYPE}/discardDraft.json", WRITE_METADATA, types.discard_draft, body="any"),
    post(f"{TYPE}/delete.json", WRITE_METADATA, types.delete, body="any"),
    post(f"{TYPE}/attributes/create.json", WRITE_METADATA, types.create_attributes),
    post(f"{TYPE}/attributes/update.json", WRITE_METADATA, types.update_attributes),
    post(f"{TYPE}/attributes/delete.json", WRITE_METADATA, types.delete_attributes),
)
