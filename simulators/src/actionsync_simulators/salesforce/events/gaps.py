"""Gap events: word that something changed without saying what; the subscriber must read the records again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actionsync_simulators.salesforce.events.changes import OVERFLOW_RECORD

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.schema import SObject
    from actionsync_simulators.salesforce.state import Org


def publish_gap(org: Org, sobject: SObject, kind: str, record_ids: Sequence[str]) -> int:
    """Publish one gap event (`GAP_UPDATE` …) about these records, and return its replay id."""
    log = org.events
    with org.database.transaction():
        key, commit_number = log.next_transaction()
        header = {
            "entityName": sobject.name,
            "recordIds": [OVERFLOW_RECORD] if kind == "GAP_OVERFLOW" else list(record_ids),
            "changeType": kind,
            "changeOrigin": "",
            "transactionKey": key,
            "sequenceNumber": 1,
            "commitTimestamp": log.now(),
            "commitNumber": commit_number,
            "commitUser": org.api_user_id,
            "nulledFields": (),
            "diffFields": (),
            "changedFields": (),
        }
        (replay,) = log.append([org.changes.new_event(sobject, header, b"{}")])
    return replay
