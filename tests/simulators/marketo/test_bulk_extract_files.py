"""Downloading an export file: ranges, retention, large files, several readers."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import itertools
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from actionsync_simulators.marketo.bulk import extract_files

LEADS = "/bulk/v1/leads/export"
WINDOW = {"startAt": "2026-11-24T00:00:00Z", "endAt": "2026-11-30T00:00:00Z"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("header", "status", "part", "content_range"),
    [
        ("bytes=0-0", 206, slice(0, 1), "bytes 0-0/{size}"),
        ("bytes=3-9", 206, slice(3, 10), "bytes 3-9/{size}"),
        ("bytes=5-", 206, slice(5, None), "bytes 5-{last}/{size}"),
        ("bytes=-4", 206, slice(-4, None), "bytes {tail}-{last}/{size}"),
        ("bytes=0-999999", 206, slice(0, None), "bytes 0-{last}/{size}"),
        ("bytes=-999999", 206, slice(0, None), "bytes 0-{last}/{size}"),
        ("bytes=999999-", 416, None, "bytes */{size}"),
        ("bytes=-0", 416, None, "bytes */{size}"),
        ("bytes=9-3", 200, slice(0, None), None),
        ("bytes=0-1,3-4", 200, slice(0, None), None),
        ("lines=0-1", 200, slice(0, None), None),
        ("bytes=-", 200, slice(0, None), None),
    ],
)
@pytest.mark.behaviour("export-ranges")
async def test_ranges(seeded: Any, header: str, status: int, part: slice | None, content_range: str | None) -> None:
    path, job = await seeded.export({"fields": ["id", "email"], "filter": {"staticListId": 1002}})
    whole = (await seeded.get(path)).body
    size = job["fileSize"]
    answer = await seeded.request("GET", path, headers={"range": header})
    assert answer.status == status
    if part is not None:
        assert answer.body == whole[part]
    expected = content_range and content_range.format(size=size, last=size - 1, tail=size - 4)
    assert answer.headers.get("content-range") == expected


@pytest.mark.asyncio
@pytest.mark.parametrize("days", [7, 10])
@pytest.mark.behaviour("export-file-days")
async def test_a_file_is_kept_for_days_and_then_a_real_404(make_api: Callable[..., Any], days: int) -> None:
    api = make_api(people=True, export_file_days=days)
    path, job = await api.export({"fields": ["id"], "filter": {"staticListId": 1002}})
    await api.advance(days=days, seconds=-60)
    await api.log_in()
    assert (await api.get(path)).status == 200
    await api.advance(seconds=61)
    answer = await api.get(path)
    assert (answer.status, answer.headers["content-type"]) == (404, "text/plain;charset=UTF-8")
    (row,) = (await api.get(path.replace("file", "status"))).result
    assert row == job


@pytest.mark.asyncio
async def test_a_completed_job_whose_file_is_gone_can_be_provoked(seeded: Any) -> None:
    path, _ = await seeded.export({"fields": ["id"], "filter": {"staticListId": 1002}})
    await seeded.fault("error", "*/file.json", error={"code": "404", "message": "gone", "http_status": 404})
    answer = await seeded.get(path)
    assert (answer.status, answer.body) == (404, b"gone")
    assert (await seeded.get(path)).status == 200


@pytest.mark.asyncio
async def test_errors_on_the_file_url_are_the_json_envelope(seeded: Any) -> None:
    path, _ = await seeded.export({"fields": ["id"], "filter": {"staticListId": 1002}})
    for token, code in ((None, "600"), ("wrong", "601")):
        answer = await seeded.request("GET", path, token=token)
        assert (answer.status, answer.code) == (200, code)
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"


@pytest.mark.asyncio
async def test_a_large_export_is_spooled_and_lets_other_calls_in_between(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk.extract_rows.STEP", 500)
    monkeypatch.setattr("actionsync_simulators.marketo.bulk.extract_files.IN_MEMORY_BYTES", 10_000)
    for _ in range(10):
        await api.sync(*[{"email": "many@example.com", "firstName": "x" * 50}] * 300, action="createDuplicate")
    (row,) = (
        await api.post(f"{LEADS}/create.json", {"fields": ["id", "firstName"], "filter": {"createdAt": WINDOW}})
    ).result
    job = f"{LEADS}/{row['exportId']}"
    await api.post(f"{job}/enqueue.json")
    seen = set()
    for _ in range(50):
        (row,) = (await api.get(f"{job}/status.json")).result
        seen.add(row["status"])
        if row["status"] == "Completed":
            break
        await asyncio.sleep(0)
    assert "Processing" in seen
    assert row["numberOfRecords"] == 3_000
    body = (await api.get(f"{job}/file.json")).body
    assert len(body) == row["fileSize"] > 150_000
    assert hashlib.sha256(body).hexdigest() == row["fileChecksum"].removeprefix("sha256:")


@pytest.mark.asyncio
async def test_attributes_of_every_exported_row_are_a_json_object(seeded: Any) -> None:
    window = {"startAt": "2026-10-26T00:00:00Z", "endAt": "2026-11-25T00:00:00Z"}
    text = await seeded.exported({"filter": {"createdAt": window}}, kind="activities")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) > 200
    for row in rows:
        assert isinstance(orjson.loads(row["attributes"]), dict)
    assert [(row["activityDate"], int(row["marketoGUID"])) for row in rows] == sorted(
        (row["activityDate"], int(row["marketoGUID"])) for row in rows
    )


@pytest.mark.asyncio
async def test_a_long_list_is_read_in_steps(seeded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk.extract_rows.STEP", 7)
    members = [row["id"] for row in (await seeded.get("/rest/v1/lists/1001/leads.json")).result]
    more = await seeded.get("/rest/v1/lists/1001/leads.json")
    while "nextPageToken" in more.json:
        more = await seeded.get("/rest/v1/lists/1001/leads.json", nextPageToken=more.json["nextPageToken"])
        members += [row["id"] for row in more.result]
    text = await seeded.exported({"fields": ["id"], "filter": {"staticListId": 1001}})
    assert text.split() == ["id", *map(str, members)]
    assert len(members) == 340


@pytest.mark.asyncio
async def test_an_export_stays_inside_the_partitions_of_its_user(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU"))
    user = {"client_id": "eu", "client_secret": "s", "user": "eu@example.com", "permissions": ["Read-Write Lead"]}
    await api.control("POST", "users", {**user, "partitions": ["EU"]})
    eu = type(api)(api.simulator, "eu", "s")
    elsewhere = await api.create(email="a@example.com")
    (own,) = await eu.sync({"email": "b@example.com"})
    body = {"fields": ["id"], "filter": {"createdAt": WINDOW}}
    assert (await eu.exported(body)).split() == ["id", str(own["id"])]
    assert (await api.exported(body)).split() == ["id", str(elsewhere), str(own["id"])]


@pytest.mark.asyncio
async def test_several_readers_of_one_file_take_turns(seeded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk.extract_files.READ_BYTES", 64)
    path, status = await seeded.export({"fields": ["id", "email"], "filter": {"staticListId": 1002}})
    exports = seeded.simulator.subscription.exports
    file = exports.file(exports.get(status["exportId"]))
    whole = (await seeded.get(path)).body
    first, second = file.read(0, len(whole)), file.read(100, 500)
    parts: tuple[list[bytes], list[bytes]] = ([], [])
    for one, other in itertools.zip_longest(first, second, fillvalue=b""):
        parts[0].append(one)
        parts[1].append(other)
    assert b"".join(parts[0]) == whole
    assert b"".join(parts[1]) == whole[100:600]
    assert len(parts[0]) > 10


def test_files_that_no_job_needs_are_freed_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract_files, "SPARE_FILES", 2)
    monkeypatch.setattr(extract_files, "SPARE_BYTES", 100)
    files = extract_files.ExportFiles()
    for number in range(6):
        files.add(str(number), extract_files.ExportFile(extract_files.spool(), 10))
    files.tidy({"0", "5"})
    assert [files.get(str(number)) is not None for number in range(6)] == [True, False, False, True, True, True]
    files.add("6", extract_files.ExportFile(extract_files.spool(), 95))
    files.tidy({"0", "5"})
    assert files.get("4") is None
    assert files.get("6") is not None
    files.close()
    assert files.get("0") is None
