"""Limits of PersonSync."""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_server.rpc.limits.shared import ID, OPTIONAL_ID, PAGING, REASON, SALESFORCE_ID, TOKEN
from actionsync_server.rpc.rules import Items, Named, Nested, OneOf, Rule, Text, Whole

_WHICH = {"initial_sync_id": ID}

LIMITS: Mapping[str, Mapping[str, Rule]] = {
    "PersonKey": {
        "key": OneOf(required=True),
        "person_id": ID,
        "marketo_id": Whole(1, 2**63 - 1),
        "salesforce_id": SALESFORCE_ID,
    },
    "PreviewInitialSyncRequest": {},
    "StartInitialSyncRequest": {"request_id": OPTIONAL_ID, "conflict_policy": Named(), "method": Named()},
    "GetInitialSyncRequest": _WHICH,
    "ListInitialSyncsRequest": PAGING,
    "PauseInitialSyncRequest": _WHICH,
    "ResumeInitialSyncRequest": _WHICH,
    "CancelInitialSyncRequest": _WHICH,
    "WatchInitialSyncRequest": _WHICH,
    "GetSyncStatusRequest": {},
    "GetPersonRequest": {"key": Nested(required=True), "view": Named()},
    "BatchGetPersonsRequest": {"keys": Items(1, 1000, Nested()), "view": Named()},
    "ListPersonsRequest": {
        **PAGING,
        "query": Text(0, 200),
        "email": Text(0, 320),
        "qualification": Named(),
        "view": Named(),
        "order": Named(),
    },
    "WatchPersonsRequest": {"resume_token": TOKEN},
    "ListSyncedFieldsRequest": {"view": Named()},
    "ExplainPersonRequest": {"key": Nested(required=True)},
    "ErasePersonRequest": {"person_id": ID, "reason": REASON, "request_id": OPTIONAL_ID},
}
