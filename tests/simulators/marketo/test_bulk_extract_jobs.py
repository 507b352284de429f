"""Export jobs: their life by the clock and the queue."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from harness.marketo_exports import ACTIVITIES, BODY, LEADS, WINDOW, create, enqueue, status


@pytest.mark.asyncio
@pytest.mark.behaviour("export-life")
async def test_the_life_of_a_job_follows_the_clock(make_api: Callable[..., Any], world: Any) -> None:
    created = sum(1 for person in world.people if person.created_at.isoformat() >= "2026-10-26")
    api = make_api(people=True, export_queue_delay=60, export_run_time=120)
    job = await create(api)
    await api.advance(seconds=10)
    assert (await enqueue(api, job)).result[0]["status"] == "Queued"
    await api.advance(seconds=59)
    assert (await status(api, job))["status"] == "Queued"
    await api.advance(seconds=1)
    shown = await status(api, job)
    assert shown["status"] == "Processing"
    assert set(shown) == {"exportId", "format", "status", "createdAt", "queuedAt", "startedAt"}
    assert (await api.get(f"{LEADS}/{job}/file.json")).status == 404
    await api.advance(seconds=120)
    shown = await status(api, job)
    checksum = shown.pop("fileChecksum")
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", checksum)
    size = len((await api.get(f"{LEADS}/{job}/file.json")).body)
    assert shown == {
        "exportId": job,
        "format": "CSV",
        "status": "Completed",
        "createdAt": "2026-11-24T12:00:00Z",
        "queuedAt": "2026-11-24T12:00:10Z",
        "startedAt": "2026-11-24T12:01:10Z",
        "finishedAt": "2026-11-24T12:03:10Z",
        "numberOfRecords": created,
        "fileSize": size,
    }


@pytest.mark.asyncio
@pytest.mark.behaviour("export-two-at-once")
async def test_two_jobs_process_at_once_and_the_others_wait_in_order(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, export_run_time=100)
    jobs = [await create(api) for _ in range(4)]
    jobs.append(await create(api, {"filter": {"createdAt": WINDOW}}, base=ACTIVITIES))
    bases = [LEADS] * 4 + [ACTIVITIES]
    for job, base in zip(jobs, bases, strict=True):
        await enqueue(api, job, base=base)
    await api.advance(seconds=1)

    async def states() -> str:
        return "".join(
            [(await status(api, job, base=base))["status"][0] for job, base in zip(jobs, bases, strict=True)]
        )

    assert await states() == "PPQQQ"
    await api.advance(seconds=100)
    assert await states() == "CCPPQ"
    await api.advance(seconds=100)
    assert await states() == "CCCCP"
    await api.advance(seconds=100)
    assert await states() == "CCCCC"


@pytest.mark.asyncio
@pytest.mark.behaviour("export-ten-in-queue")
async def test_ten_jobs_may_be_in_the_queue_whatever_the_call_limits(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, limits="off", export_run_time=100)
    jobs = [await create(api) for _ in range(12)]
    for job in jobs[:10]:
        assert (await enqueue(api, job)).code is None
    refused = await enqueue(api, jobs[10])
    assert (refused.code, refused.message) == ("1029", "Too many jobs in queue")
    assert (await status(api, jobs[10]))["status"] == "Created"
    await api.advance(seconds=1)
    await api.post(f"{LEADS}/{jobs[5]}/cancel.json")
    assert (await enqueue(api, jobs[10])).code is None
    assert (await enqueue(api, jobs[11])).code == "1029"
    await api.advance(seconds=100)
    assert (await enqueue(api, jobs[11])).code is None


@pytest.mark.asyncio
async def test_a_job_is_enqueued_once(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, export_run_time=10)
    job = await create(api)
    await enqueue(api, job)
    for seconds in (0, 1, 20):
        await api.advance(seconds=seconds)
        refused = await enqueue(api, job)
        assert (refused.code, refused.message) == ("1029", "Job already queued")


@pytest.mark.asyncio
@pytest.mark.behaviour("export-cancelled")
async def test_an_unfinished_job_can_be_cancelled(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, export_queue_delay=10, export_run_time=10)
    for wait, before in ((None, "Created"), (5, "Queued"), (15, "Processing")):
        job = await create(api)
        if wait is not None:
            await enqueue(api, job)
            await api.advance(seconds=wait)
        assert (await status(api, job))["status"] == before
        (row,) = (await api.post(f"{LEADS}/{job}/cancel.json")).result
        assert row["status"] == "Cancelled"
        await api.advance(seconds=60)
        assert (await status(api, job))["status"] == "Cancelled"
        assert (await api.get(f"{LEADS}/{job}/file.json")).status == 404
        assert (await api.post(f"{LEADS}/{job}/cancel.json")).code == "1003"
        assert (await enqueue(api, job)).code == "1029"
    job = await create(api)
    await enqueue(api, job)
    await api.advance(seconds=20)
    assert (await api.post(f"{LEADS}/{job}/cancel.json")).code == "1003"


@pytest.mark.asyncio
@pytest.mark.behaviour("export-failed")
async def test_a_job_that_breaks_is_failed_with_a_message(seeded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    job = await create(seeded)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("actionsync_simulators.marketo.bulk.extract_jobs.file_blocks", broken)
    await enqueue(seeded, job)
    await seeded.advance(seconds=1)
    shown = await status(seeded, job)
    assert shown["status"] == "Failed"
    assert "disk full" in shown["errorMsg"]
    monkeypatch.undo()
    assert (await enqueue(seeded, job)).code == "1029"
    assert (await seeded.export(BODY))[1]["status"] == "Completed"


@pytest.mark.asyncio
@pytest.mark.behaviour("export-old-status")
async def test_the_status_may_be_old(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, export_status_refresh=60)
    job = await create(api)
    assert (await status(api, job))["status"] == "Created"
    await enqueue(api, job)
    assert (await status(api, job))["status"] == "Queued"
    await api.advance(seconds=59)
    assert (await status(api, job))["status"] == "Queued"
    await api.advance(seconds=1)
    assert (await status(api, job))["status"] == "Completed"


@pytest.mark.asyncio
@pytest.mark.parametrize("call", ["enqueue", "cancel", "status", "file"])
@pytest.mark.behaviour("export-own-jobs")
async def test_a_job_is_unknown_to_other_users_and_other_objects(seeded: Any, call: str) -> None:
    job = await create(seeded)
    reader = type(seeded)(seeded.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    method = "POST" if call in ("enqueue", "cancel") else "GET"
    answers = [
        await reader.request(method, f"{LEADS}/{job}/{call}.json"),
        await seeded.request(method, f"{ACTIVITIES}/{job}/{call}.json"),
        await seeded.request(method, f"{LEADS}/nope/{call}.json"),
    ]
    for answer in answers:
        if call == "file":
            assert answer.status == 404
            assert answer.headers["content-type"].startswith("text/plain")
        else:
            assert answer.code == "1013"
