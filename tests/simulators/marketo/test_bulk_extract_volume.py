"""Export jobs: the daily volume, the job list, snapshots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from harness.marketo_exports import ACTIVITIES, BODY, LEADS, WINDOW, create, enqueue, status


@pytest.mark.asyncio
@pytest.mark.parametrize("limits", ["vendor", "off"])
@pytest.mark.behaviour("export-volume")
async def test_the_daily_volume_is_charged_at_completion_and_resets_at_midnight(
    make_api: Callable[..., Any], limits: str
) -> None:
    api = make_api(people=True, limits=limits)
    waiting = await create(api)
    await api.export(BODY)
    used = (await api.control("GET", "limits")).json["used"]["export_bytes_today"]
    assert used == len((await api.exported(BODY)).encode())
    await api.control("POST", "limits", {"export_bytes_today": 500 * 1024 * 1024})
    refused = [await api.post(f"{LEADS}/create.json", BODY), await enqueue(api, waiting)]
    if limits == "off":
        assert [answer.code for answer in refused] == [None, None]
        return
    for answer in refused:
        assert (answer.code, answer.message) == ("1029", "Export daily quota 500MB exceeded.")
    await api.advance(hours=18)
    await api.log_in()
    assert (await enqueue(api, waiting)).code is None


@pytest.mark.asyncio
async def test_a_running_job_is_not_stopped_by_the_quota(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, limits="vendor", export_run_time=10)
    job = await create(api)
    await enqueue(api, job)
    await api.advance(seconds=1)
    await api.control("POST", "limits", {"export_bytes_per_day": 10, "export_bytes_today": 10})
    assert (await status(api, job))["status"] == "Processing"
    await api.advance(seconds=10)
    assert (await status(api, job))["status"] == "Completed"
    assert (await api.get(f"{LEADS}/{job}/file.json")).status == 200


@pytest.mark.asyncio
@pytest.mark.behaviour("export-in-between")
@pytest.mark.parametrize("delay", ["export_queue_delay", "export_run_time", "export_status_refresh"])
async def test_where_jobs_take_time_the_first_poll_never_sees_the_end(make_api: Callable[..., Any], delay: str) -> None:
    api = make_api(people=True, **{delay: 5})
    job = await create(api)
    assert (await status(api, job))["status"] == "Created"
    await enqueue(api, job)
    await api.advance(seconds=60)
    shown = await status(api, job)
    assert shown["status"] == "Processing"
    assert set(shown) == {"exportId", "format", "status", "createdAt", "queuedAt", "startedAt"}
    await api.advance(seconds=5)
    assert (await status(api, job))["status"] == "Completed"


@pytest.mark.asyncio
async def test_without_delays_the_first_poll_may_see_the_end(seeded: Any) -> None:
    job = await create(seeded)
    await enqueue(seeded, job)
    await seeded.advance(seconds=1)
    assert (await status(seeded, job))["status"] == "Completed"


@pytest.mark.asyncio
@pytest.mark.behaviour("export-job-list")
async def test_the_job_list_has_own_jobs_of_seven_days_by_status(seeded: Any) -> None:
    done, cancelled, fresh = [await create(seeded) for _ in range(3)]
    await create(seeded, {"filter": {"createdAt": WINDOW}}, base=ACTIVITIES)
    await enqueue(seeded, done)
    await seeded.post(f"{LEADS}/{cancelled}/cancel.json")
    await seeded.advance(seconds=1)

    async def listed(**params: Any) -> list[str]:
        return [row["exportId"] for row in (await seeded.get(f"{LEADS}.json", **params)).result]

    assert await listed() == [done, cancelled, fresh]
    assert await listed(status="Completed") == [done]
    assert await listed(status="completed,CREATED") == [done, fresh]
    assert await listed(status=["cancelled", "created"]) == [cancelled, fresh]
    assert await listed(status="Canceled") == [cancelled]
    assert await listed(status="Failed") == []
    assert (await seeded.get(f"{LEADS}.json", status="Lost")).code == "1003"
    page = await seeded.get(f"{LEADS}.json", batchSize=2)
    assert "moreResult" not in page.json
    assert await listed(batchSize=2, nextPageToken=page.json["nextPageToken"]) == [fresh]
    assert "nextPageToken" not in (await seeded.get(f"{LEADS}.json", batchSize=3)).json
    reader = type(seeded)(seeded.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    assert (await reader.get(f"{LEADS}.json")).result == []
    await seeded.advance(days=7)
    await seeded.log_in()
    assert await listed() == []
    assert (await status(seeded, done))["status"] == "Completed"
    await seeded.advance(days=23, seconds=2)
    await seeded.log_in()
    assert (await seeded.get(f"{LEADS}/{done}/status.json")).code == "1013"


@pytest.mark.asyncio
async def test_jobs_survive_a_snapshot_and_are_gone_after_a_reset(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, export_run_time=100)
    job = await create(api)
    await enqueue(api, job)
    await api.advance(seconds=50)
    snapshot = (await api.control("POST", "snapshot")).json["id"]
    await api.post(f"{LEADS}/{job}/cancel.json")
    assert (await api.control("POST", "restore", {"id": snapshot})).status == 200
    await api.advance(seconds=1)
    assert (await status(api, job))["status"] == "Processing"
    await api.advance(seconds=100)
    assert (await status(api, job))["status"] == "Completed"
    assert (await api.control("POST", "reset")).status == 200
    await api.log_in()
    assert (await api.get(f"{LEADS}/{job}/status.json")).code == "1013"
    assert (await api.get(f"{LEADS}/{job}/file.json")).status == 404


@pytest.mark.asyncio
async def test_a_snapshot_brings_finished_files_back_and_ids_go_on_where_they_were(seeded: Any) -> None:
    path, done = await seeded.export(BODY)
    whole = (await seeded.get(path)).body
    snapshot = (await seeded.control("POST", "snapshot")).json["id"]
    following = await create(seeded)
    assert (await seeded.control("POST", "reset")).status == 200
    await seeded.log_in()
    assert (await seeded.get(path)).status == 404
    assert (await seeded.control("POST", "restore", {"id": snapshot})).status == 200
    assert (await seeded.get(path)).body == whole
    assert await status(seeded, done["exportId"]) == done
    assert await create(seeded) == following != done["exportId"]
