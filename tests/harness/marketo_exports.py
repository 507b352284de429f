"""The steps of a Marketo export job, for tests that take them one by one."""

from __future__ import annotations

from typing import Any

LEADS = "/bulk/v1/leads/export"
ACTIVITIES = "/bulk/v1/activities/export"
WINDOW = {"startAt": "2026-10-26T00:00:00Z", "endAt": "2026-11-26T00:00:00Z"}
BODY = {"fields": ["id", "email"], "filter": {"createdAt": WINDOW}}


async def create(api: Any, body: Any = BODY, *, base: str = LEADS) -> str:
    """Create a job and return its id."""
    (row,) = (await api.post(f"{base}/create.json", body)).result
    job: str = row["exportId"]
    return job


async def enqueue(api: Any, job: str, *, base: str = LEADS) -> Any:
    """Queue a job; returns the answer."""
    return await api.post(f"{base}/{job}/enqueue.json")


async def status(api: Any, job: str, *, base: str = LEADS) -> dict[str, Any]:
    """Return a job as a poll sees it."""
    (row,) = (await api.get(f"{base}/{job}/status.json")).result
    shown: dict[str, Any] = row
    return shown
