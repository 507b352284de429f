"""Import jobs: their life by the clock, the queue, snapshots."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

BATCH = "/bulk/v1/leads/batch"
FILE = "email\na@example.com\n"


async def status(api: Any, batch: int) -> dict[str, Any]:
    (row,) = (await api.get(f"{BATCH}/{batch}.json")).result
    shown: dict[str, Any] = row
    return shown


async def queued(api: Any, content: str = FILE, **params: Any) -> int:
    (row,) = (await api.upload(content, **params)).result
    batch: int = row["batchId"]
    assert row == {"batchId": batch, "importId": str(batch), "status": "Queued"}
    return batch


@pytest.mark.asyncio
@pytest.mark.behaviour("import-life")
async def test_the_life_of_an_import_follows_the_clock(make_api: Callable[..., Any]) -> None:
    api = make_api(import_queue_delay=60, import_run_time=30)
    batch = await queued(api, "email\na@example.com\nb\nc,d\n")
    zero = {"numOfLeadsProcessed": 0, "numOfRowsFailed": 0, "numOfRowsWithWarning": 0}
    await api.advance(seconds=59)
    assert await status(api, batch) == {"batchId": batch, "importId": str(batch), "status": "Queued", **zero}
    await api.advance(seconds=1)
    shown = await status(api, batch)
    assert (shown["status"], shown["numOfLeadsProcessed"], shown["numOfRowsWithWarning"]) == ("Importing", 2, 1)
    assert "message" not in shown
    await api.advance(seconds=30)
    shown = await status(api, batch)
    assert shown["status"] == "Complete"
    assert shown["message"] == ("Import completed with errors, 2 records imported (2 members), 1 failed, 1 warning.")


@pytest.mark.asyncio
@pytest.mark.behaviour("import-in-between")
@pytest.mark.parametrize("delay", ["import_queue_delay", "import_run_time"])
async def test_where_imports_take_time_the_first_poll_never_sees_the_end(
    make_api: Callable[..., Any], delay: str
) -> None:
    api = make_api(**{delay: 5})
    batch = await queued(api)
    await api.advance(seconds=60)
    shown = await status(api, batch)
    assert shown["status"] == "Importing"
    assert "message" not in shown
    assert (await status(api, batch))["status"] == "Complete"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content", "part_type", "message"),
    [
        (b"email\n\xff\xfe\xff\n", "text/csv", "Import failed: the file is not UTF-8 text"),
        (b"email\nx", "text/csv; charset=klingon", "Import failed: the character set klingon is unknown"),
        (b'email\nfirst@example.com\n"a\n', "text/csv", "Import failed: line 3 cannot be read: unexpected end of data"),
        (
            b'email\nfirst@example.com\n"a"b\n',
            "text/csv",
            "Import failed: line 3 cannot be read: ',' expected after '\"'",
        ),
    ],
)
async def test_a_file_that_cannot_be_read_fails_as_a_whole_or_from_there(
    api: Any, content: bytes, part_type: str, message: str
) -> None:
    shown = await api.imported(content, part_type=part_type)
    assert (shown["status"], shown["message"]) == ("Failed", message)
    assert shown["numOfLeadsProcessed"] == content.count(b"first")
    answer = await api.get(f"{BATCH}/{shown['batchId']}/failures.json")
    assert answer.body.endswith(b"Import Failure Reason\n")


@pytest.mark.asyncio
async def test_an_import_whose_list_vanishes_fails(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, import_queue_delay=10)
    batch = await queued(api, listId=1003)
    api.simulator.database.execute("DELETE FROM static_lists WHERE id = 1003")
    await status(api, batch)
    await api.advance(seconds=10)
    shown = await status(api, batch)
    assert (shown["status"], shown["message"]) == ("Failed", "Import failed: List 1003 not found")


@pytest.mark.asyncio
async def test_an_import_that_breaks_keeps_the_steps_before(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk.import_run.CHUNK", 2)
    create = api.simulator.subscription.leads.create

    def broken(values: dict[str, Any], **more: Any) -> int:
        if values["email"] == "3@example.com":
            raise RuntimeError("disk full")
        made: int = create(values, **more)
        return made

    monkeypatch.setattr(api.simulator.subscription.leads, "create", broken)
    shown = await api.imported("email\n" + "".join(f"{number}@example.com\n" for number in range(6)))
    assert (shown["status"], shown["message"]) == ("Failed", "Import failed: internal error: disk full")
    emails = ",".join(f"{number}@example.com" for number in range(6))
    found = (await api.get("/rest/v1/leads.json", filterType="email", filterValues=emails, fields="email")).result
    assert [row["email"] for row in found] == ["0@example.com", "1@example.com"]
    assert shown["numOfLeadsProcessed"] == 2


@pytest.mark.asyncio
@pytest.mark.behaviour("import-two-at-once")
async def test_two_import_at_once_ten_may_be_queued(make_api: Callable[..., Any]) -> None:
    api = make_api(import_run_time=100)
    batches = [await queued(api) for _ in range(10)]
    refused = await api.upload(FILE)
    assert (refused.code, refused.message) == ("1016", "Too many imports")
    await api.advance(seconds=1)

    async def states() -> str:
        return "".join([(await status(api, batch))["status"][0] for batch in batches])

    assert await states() == "IIQQQQQQQQ"
    await api.advance(seconds=100)
    assert await states() == "CCIIQQQQQQ"
    await queued(api)
    await queued(api)
    assert (await api.upload(FILE)).code == "1016"


@pytest.mark.asyncio
async def test_one_import_at_a_time_goes_to_a_list(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, import_queue_delay=10, import_run_time=10)
    await queued(api, listId=1003)
    for seconds in (0, 15):
        await api.advance(seconds=seconds)
        refused = await api.upload(FILE, listId=1003)
        assert (refused.code, refused.message) == ("1019", "Import in progress")
    await queued(api, listId=1002)
    await queued(api)
    await api.advance(seconds=10)
    await queued(api, listId=1003)


@pytest.mark.asyncio
@pytest.mark.behaviour("import-batch-days")
async def test_a_batch_is_known_for_seven_days(api: Any) -> None:
    batch = (await api.imported("email\nbad,row\n"))["batchId"]
    paths = [f"{BATCH}/{batch}.json", f"{BATCH}/{batch}/failures.json", f"{BATCH}/{batch}/warnings.json"]
    await api.advance(days=7, seconds=-10)
    await api.log_in()
    for path in paths:
        assert (await api.get(path)).status == 200
    await api.advance(seconds=10)
    for path in paths:
        answer = await api.get(path)
        assert (answer.status, answer.code) == (200, "1013")
    for path in paths:
        assert (await api.get(path.replace(str(batch), "soon"))).code == "1001"
    assert await queued(api) == batch + 1
    for table in ("import_jobs", "import_remarks"):
        key = "id" if table == "import_jobs" else "batch_id"
        query = f"SELECT count(*) FROM {table} WHERE {key} = ?"
        assert api.simulator.database.value(query, (batch,)) == 0


@pytest.mark.asyncio
async def test_a_long_file_is_imported_in_steps_that_let_other_calls_in(api: Any) -> None:
    batch = await queued(api, "email\n" + "".join(f"{number}@example.com\n" for number in range(1_000)))
    seen = []
    for _ in range(200):
        shown = await status(api, batch)
        seen.append(shown["numOfLeadsProcessed"])
        if shown["status"] == "Complete":
            break
        await asyncio.sleep(0)
    assert seen[-1] == 1_000
    assert len(set(seen)) >= 10


@pytest.mark.asyncio
async def test_an_import_goes_on_in_a_restored_state_where_it_was(
    make_api: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk.import_run.CHUNK", 2)
    api = make_api()
    batch = await queued(api, "email\n" + "".join(f"{number}@example.com\n" for number in range(20)))
    before = 0
    for _ in range(100):
        before = (await status(api, batch))["numOfLeadsProcessed"]
        if before >= 6:
            break
        await asyncio.sleep(0)
    snapshot = (await api.control("POST", "snapshot")).json["id"]
    await api.advance(seconds=1)
    assert (await status(api, batch))["status"] == "Complete"
    assert (await api.control("POST", "reset")).status == 200
    await api.log_in()
    assert (await api.get(f"{BATCH}/{batch}.json")).code == "1013"
    assert (await api.control("POST", "restore", {"id": snapshot})).status == 200
    assert 6 <= (await status(api, batch))["numOfLeadsProcessed"] == before < 20
    await api.advance(seconds=1)
    shown = await status(api, batch)
    assert (shown["status"], shown["numOfLeadsProcessed"]) == ("Complete", 20)
    assert len(await api.activities(12)) == 20


@pytest.mark.asyncio
async def test_a_reset_stops_an_import(make_api: Callable[..., Any]) -> None:
    api = make_api(import_queue_delay=10)
    await queued(api)
    assert (await api.control("POST", "reset")).status == 200
    await api.log_in()
    await api.advance(seconds=60)
    found = await api.get("/rest/v1/leads.json", filterType="email", filterValues="a@example.com")
    assert found.result == []
