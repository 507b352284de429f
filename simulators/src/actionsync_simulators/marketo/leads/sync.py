"""Sync leads: create and update, record by record, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.gateway.errors import invalid_data
from actionsync_simulators.marketo.leads.partitions import find_partition
from actionsync_simulators.marketo.leads.records import (
    CREATE_ONLY,
    DUPLICATE,
    UPDATE_ONLY,
    UPSERT,
    RecordWriter,
    lookup_field,
)

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

ACTIONS = (UPSERT, CREATE_ONLY, UPDATE_ONLY, DUPLICATE)
PARTITION_ACTIONS = (UPSERT, CREATE_ONLY)


def sync(site: Subscription, call: Call) -> Members:
    """POST leads: `result[i]` answers `input[i]`; a refused record is `skipped` with its reason."""
    writer = _writer(site, call)
    return {"result": [writer.row(record) for record in call.input_records()]}


def _writer(site: Subscription, call: Call) -> RecordWriter:
    """Check the members beside `input`; what is wrong with them fails the whole call."""
    body = call.json_object()
    action = body.get("action") or UPSERT
    if action not in ACTIONS:
        raise invalid_data(f"Invalid action '{action}'")
    lookup = lookup_field(site, body.get("lookupField") or "email", action)
    partition = body.get("partitionName")
    if partition is not None:
        if action not in PARTITION_ACTIONS:
            raise invalid_data(f"partitionName is not allowed with action {action}")
        find_partition(site, partition)
    origin = Origin(method="syncLead", user=call.user, request_id=call.request_id)
    return RecordWriter(site=site, call=call, action=action, lookup=lookup, partition=partition, origin=origin)
