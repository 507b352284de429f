"""Limits of UnsubscribeCheck."""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_server.rpc.limits.shared import ADDRESS, ID, OPTIONAL_ID, PAGING, REASON, TOKEN
from actionsync_server.rpc.rules import Flag, Items, Named, Nested, OneOf, Rule, Text

#: Only the sync itself finds a ticked field.
_NEVER_REPORTED = frozenset({"UNSUBSCRIBE_SOURCE_SALESFORCE_SYNC"})

LIMITS: Mapping[str, Mapping[str, Rule]] = {
    "CheckUnsubscribeRequest": {"email": ADDRESS, "freshness": Nested()},
    "BatchCheckUnsubscribesRequest": {"emails": Items(1, 1000, ADDRESS), "freshness": Nested()},
    "Recipient": {"email": ADDRESS, "person_id": OPTIONAL_ID, "kind": Named()},
    "AuthorizeSendRequest": {
        "recipients": Items(1, 1000, Nested()),
        "user_id": ID,
        "channel": Named(required=True),
        "non_commercial": Flag(),
        "freshness": Nested(),
        "request_id": OPTIONAL_ID,
    },
    "RecordUnsubscribeRequest": {
        "subject": OneOf(required=True),
        "email": ADDRESS,
        "person_id": ID,
        "source": Named(required=True, without=_NEVER_REPORTED),
        "reason": Text(0, 1000),
        "request_id": OPTIONAL_ID,
    },
    "ListUnsubscribesRequest": {**PAGING, "query": Text(0, 320)},
    "RemoveUnsubscribeRequest": {
        "email": ADDRESS,
        "scope": Named(required=True),
        "reason": REASON,
        "consent": REASON,
        "request_id": OPTIONAL_ID,
    },
    "ListUnsubscribeHistoryRequest": {"email": ADDRESS, **PAGING},
    "WatchUnsubscribesRequest": {"resume_token": TOKEN},
}
