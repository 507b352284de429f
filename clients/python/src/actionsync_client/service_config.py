"""How calls are retried: made from the contract itself, so that nobody sets retries by hand.

Only UNAVAILABLE is retried, and only for methods that the contract marks as free of side effects or idempotent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from actionsync.v1 import (
    activity_log_pb2,
    connections_pb2,
    directory_pb2,
    person_sync_pb2,
    reminder_tasks_pb2,
    sync_settings_pb2,
    unsubscribe_check_pb2,
)
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions

_FILES = (
    person_sync_pb2,
    activity_log_pb2,
    unsubscribe_check_pb2,
    reminder_tasks_pb2,
    sync_settings_pb2,
    connections_pb2,
    directory_pb2,
)
_RETRY = {
    "maxAttempts": 4,
    "initialBackoff": "0.1s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}


def methods() -> Iterable[MethodDescriptor]:
    """Return every method of the contract."""
    return (
        method for file in _FILES for service in file.DESCRIPTOR.services_by_name.values() for method in service.methods
    )


def may_repeat(method: MethodDescriptor) -> bool:
    """Tell whether the contract lets a call be made again."""
    level = method.GetOptions().idempotency_level
    # A stream is resumed by its own token, not repeated from its start.
    return level != MethodOptions.IDEMPOTENCY_UNKNOWN and not method.server_streaming


def service_config() -> str:
    """Return gRPC's service config as JSON."""
    names = [
        {"service": method.containing_service.full_name, "method": method.name}
        for method in methods()
        if may_repeat(method)
    ]
    return json.dumps(
        {
            "methodConfig": [{"name": names, "retryPolicy": _RETRY}],
            "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
        }
    )
