"""The calls for bulk jobs."""

from __future__ import annotations

from actionsync_simulators.marketo.bulk.extract_calls import ExtractCalls
from actionsync_simulators.marketo.gateway.route import READ_ACTIVITY, READ_LEAD, Route, get, post


def _extract(kind: str, permission: str) -> tuple[Route, ...]:
    calls = ExtractCalls(kind)
    job = f"/bulk/v1/{kind}/export/{{exportId}}"
    return (
        post(f"/bulk/v1/{kind}/export/create.json", permission, calls.create),
        post(f"{job}/enqueue.json", permission, calls.enqueue, body="any"),
        post(f"{job}/cancel.json", permission, calls.cancel, body="any"),
        get(f"{job}/status.json", permission, calls.status),
        get(f"{job}/file.json", permission, calls.file),
        get(f"/bulk/v1/{kind}/export.json", permission, calls.jobs),
    )


ROUTES: tuple[Route, ...] = (*_extract("leads", READ_LEAD), *_extract("activities", READ_ACTIVITY))
