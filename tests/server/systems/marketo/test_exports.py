"""Bulk export: the job's life, and a file that must arrive whole: F8 (1029), F10, F11, F12."""

from __future__ import annotations

import hashlib
from contextlib import aclosing
from typing import Any

import pytest
from actionsync_server.model.errors import LoginRefused, NotPrepared, QuotaExhausted, Refused, SystemBusy
from actionsync_server.systems.marketo import ExportDamaged, ExportState

pytestmark = pytest.mark.asyncio

CSV = "text/csv;charset=UTF-8"
FILE = b"id,email\n" + b"".join(b'%d,"p%d\n@example.com"\n' % (number, number) for number in range(1, 2_501))


def job(content: bytes = FILE, **changes: Any) -> dict[str, Any]:
    return {
        "exportId": "e-1",
        "format": "CSV",
        "status": "Completed",
        "finishedAt": "2026-03-02T14:00:00Z",
        "numberOfRecords": 2_500,
        "fileSize": len(content),
        "fileChecksum": f"sha256:{hashlib.sha256(content).hexdigest()}",
    } | changes


def described(stub: Any) -> Any:
    return stub.result({"id": 1, "dataType": "string", "rest": {"name": "email"}})


def part(stub: Any, start: int, *, cut: int | None = None, content: bytes = FILE) -> Any:
    size = len(content)
    return stub.then(
        content[start:],
        status=206,
        kind=CSV,
        headers={"Content-Range": f"bytes {start}-{size - 1}/{size}"},
        cut=cut,
    )


async def read(marketo: Any, skip_rows: int = 0) -> list[list[dict[str, Any]]]:
    async with aclosing(marketo.export_rows("e-1", skip_rows=skip_rows)) as chunks:
        return [chunk async for chunk in chunks]


async def test_chunks_of_a_thousand(marketo: Any, stub: Any) -> None:
    described(stub.result(job())).then(FILE, kind=CSV)
    chunks = await read(marketo)
    assert [len(chunk) for chunk in chunks] == [1_000, 1_000, 500]
    assert chunks[0][0] == {"id": 1, "email": "p1\n@example.com"}
    assert chunks[2][-1]["id"] == 2_500
    asked = stub.seen[-1]
    assert asked.path == "/bulk/v1/leads/export/e-1/file.json"
    assert asked.headers["accept-encoding"] == "identity"
    assert "range" not in asked.headers


@pytest.mark.parametrize("skip", [1, 999, 1_000, 1_001, 2_499, 2_500])
async def test_rows_that_are_known_already_are_skipped(marketo: Any, stub: Any, skip: int) -> None:
    described(stub.result(job())).then(FILE, kind=CSV)
    chunks = await read(marketo, skip_rows=skip)
    assert [row["id"] for chunk in chunks for row in chunk] == list(range(skip + 1, 2_501))
    assert all(chunks)


async def test_a_lost_connection_goes_on_at_the_byte_it_stopped(wired_marketo: Any, stub: Any, finish: Any) -> None:
    described(stub.result(job())).then(FILE, kind=CSV, cut=30_000)
    part(stub, 30_000, cut=25_000)
    part(stub, 55_000)
    chunks = await finish(read(wired_marketo))
    assert [row["id"] for chunk in chunks for row in chunk] == list(range(1, 2_501))
    assert [seen.headers.get("range") for seen in stub.seen[2:]] == [None, "bytes=30000-", "bytes=55000-"]


async def test_a_server_without_ranges_sends_what_is_known_again(wired_marketo: Any, stub: Any, finish: Any) -> None:
    described(stub.result(job())).then(FILE, kind=CSV, cut=30_001)
    stub.then(FILE, kind=CSV)
    chunks = await finish(read(wired_marketo))
    assert [row["id"] for chunk in chunks for row in chunk] == list(range(1, 2_501))


async def test_a_server_that_starts_earlier_than_asked(wired_marketo: Any, stub: Any, finish: Any) -> None:
    described(stub.result(job())).then(FILE, kind=CSV, cut=30_000)
    part(stub, 29_000)
    chunks = await finish(read(wired_marketo))
    assert [row["id"] for chunk in chunks for row in chunk] == list(range(1, 2_501))


async def test_skipping_over_many_blocks(marketo: Any, stub: Any) -> None:
    content = b"id,email\n" + b"".join(b"%d,p%d@example.com\n" % (number, number) for number in range(12_000))
    described(stub.result(job(content, numberOfRecords=12_000))).then(content, kind=CSV)
    chunks = await read(marketo, skip_rows=9_500)
    assert [row["id"] for chunk in chunks for row in chunk] == list(range(9_500, 12_000))


async def test_progress_renews_the_patience(wired_marketo: Any, stub: Any, finish: Any) -> None:
    """Many breaks are no failure as long as each connection brings something."""
    described(stub.result(job())).then(FILE, kind=CSV, cut=4_000)
    for start in range(4_000, len(FILE), 4_000):
        part(stub, start, cut=4_000)
    chunks = await finish(read(wired_marketo))
    assert sum(map(len, chunks)) == 2_500
    assert len(stub.seen) > 10


async def test_no_progress_is_handed_up(wired_marketo: Any, stub: Any, finish: Any) -> None:
    described(stub.result(job())).then(FILE, kind=CSV, cut=30_000)
    stub.then(b"", status=503, kind="text/html")
    with pytest.raises(SystemBusy) as caught:
        await finish(read(wired_marketo))
    assert not isinstance(caught.value, ExportDamaged)


@pytest.mark.parametrize("content_range", ["", "rows 5-9", "bytes 40000-63000/64000"])
async def test_another_part_than_asked_for_is_not_taken(
    wired_marketo: Any, stub: Any, finish: Any, content_range: str
) -> None:
    described(stub.result(job())).then(FILE, kind=CSV, cut=30_000)
    stub.then(FILE[40_000:], status=206, kind=CSV, headers={"Content-Range": content_range})
    with pytest.raises(SystemBusy):
        await finish(read(wired_marketo))
    assert wired_marketo._connection.calls.pace.running == 0


async def test_the_last_chunk_waits_for_the_checksum(marketo: Any, stub: Any) -> None:
    described(stub.result(job(fileChecksum="sha256:" + "0" * 64))).then(FILE, kind=CSV)
    chunks = []
    with pytest.raises(ExportDamaged):  # noqa: PT012 - the chunks that came before it are part of the case
        async with aclosing(marketo.export_rows("e-1")) as rows:
            async for chunk in rows:
                chunks.append(chunk)  # noqa: PERF401 - a comprehension would lose them with the exception
    assert [len(chunk) for chunk in chunks] == [1_000, 1_000]


@pytest.mark.parametrize(
    "changes",
    [{"fileSize": len(FILE) - 1}, {"numberOfRecords": 2_499}, {"numberOfRecords": 2_501}],
)
async def test_numbers_that_do_not_agree(marketo: Any, stub: Any, changes: dict[str, Any]) -> None:
    described(stub.result(job(**changes))).then(FILE, kind=CSV)
    with pytest.raises(ExportDamaged):
        await read(marketo)


async def test_a_file_that_ends_too_early(marketo: Any, stub: Any, finish: Any) -> None:
    described(stub.result(job(fileSize=len(FILE) + 5))).then(FILE, kind=CSV)
    stub.then(b"", status=416, kind="text/plain")
    with pytest.raises(Refused) as caught:
        await finish(read(marketo))
    assert caught.value.system_code == "416"


async def test_misaligned_rows(marketo: Any, stub: Any) -> None:
    content = b"id,email\n1,a@example.com,oops\n"
    described(stub.result(job(content, numberOfRecords=1))).then(content, kind=CSV)
    with pytest.raises(ExportDamaged):
        await read(marketo)


async def test_a_file_without_rows(marketo: Any, stub: Any) -> None:
    content = b"id,email\n"
    described(stub.result(job(content, numberOfRecords=0))).then(content, kind=CSV)
    assert await read(marketo) == []


async def test_completed_but_not_there(marketo: Any, stub: Any) -> None:
    """F11: a real case; the status is read again, and the caller comes back later."""
    described(stub.result(job())).then(b"gone", status=404, kind="text/plain").result(job())
    with pytest.raises(SystemBusy) as caught:
        await read(marketo)
    assert caught.value.system_code == "404"
    assert caught.value.retry_after == 60
    assert stub.seen[-1].path == "/bulk/v1/leads/export/e-1/status.json"


@pytest.mark.parametrize("changes", [{"finishedAt": "2026-02-23T14:00:00Z"}, {"status": "Failed"}])
async def test_gone_for_good(marketo: Any, stub: Any, changes: dict[str, Any]) -> None:
    described(stub.result(job())).then(b"gone", status=404, kind="text/plain").result(job(**changes))
    with pytest.raises(Refused):
        await read(marketo)


async def test_errors_instead_of_a_file_are_not_read_as_one(marketo: Any, stub: Any, finish: Any) -> None:
    """F12: the file endpoint answers errors with HTTP 200 and JSON."""
    described(stub.result(job())).error("602", "Access token expired").error("606").then(FILE, kind=CSV)
    chunks = await finish(read(marketo))
    assert sum(map(len, chunks)) == 2_500
    assert len(stub.logins) == 2


async def test_a_token_that_is_refused_twice(marketo: Any, stub: Any) -> None:
    described(stub.result(job())).error("601")
    with pytest.raises(LoginRefused):
        await read(marketo)


async def test_a_web_page_instead_of_a_file(marketo: Any, stub: Any, finish: Any) -> None:
    described(stub.result(job())).then(b"<html>", kind="text/html")
    with pytest.raises(SystemBusy):
        await finish(read(marketo))


async def test_a_permission_for_the_file(marketo: Any, stub: Any) -> None:
    described(stub.result(job())).error("603", "Access denied")
    with pytest.raises(NotPrepared) as caught:
        await read(marketo)
    assert caught.value.metadata["permission"] == "Read-Only Lead"


@pytest.mark.parametrize(
    ("state", "error"),
    [("Queued", SystemBusy), ("Processing", SystemBusy), ("Failed", Refused), ("Canceled", Refused)],
)
async def test_only_completed_jobs_have_rows(marketo: Any, stub: Any, state: str, error: type[Exception]) -> None:
    stub.result({"exportId": "e-1", "status": state})
    with pytest.raises(error):
        await read(marketo)
    assert len(stub.seen) == 1


async def test_leaving_early_frees_the_connection(marketo: Any, stub: Any) -> None:
    described(stub.result(job())).then(FILE, kind=CSV)
    async with aclosing(marketo.export_rows("e-1")) as chunks:
        async for chunk in chunks:
            assert len(chunk) == 1_000
            break
    assert marketo._connection.calls.pace.running == 0


async def test_a_job_as_it_is_asked_for(marketo: Any, stub: Any) -> None:
    stub.result({"exportId": "e-1", "status": "Created"})
    export_id = await marketo.create_lead_export(["id", "email"], 1_767_225_600_000_000, 1_769_817_600_000_000)
    assert export_id == "e-1"
    assert stub.seen[0].json == {
        "format": "CSV",
        "fields": ["id", "email"],
        "filter": {"createdAt": {"startAt": "2026-01-01T00:00:00Z", "endAt": "2026-01-31T00:00:00Z"}},
    }


async def test_a_full_queue_is_waited_for_and_a_spent_day_is_not(marketo: Any, stub: Any) -> None:
    stub.error("1029", "Too many jobs in queue").error("1029", "Export daily quota 500MB exceeded.")
    stub.error("1029", "Job already queued")
    with pytest.raises(SystemBusy) as full:
        await marketo.enqueue_export("e-1")
    assert not isinstance(full.value, QuotaExhausted)
    assert full.value.retry_after == 60
    with pytest.raises(QuotaExhausted):
        await marketo.enqueue_export("e-1")
    await marketo.enqueue_export("e-1")  # it is where it should be
    assert len(stub.seen) == 3


async def test_a_lost_answer_to_enqueue(marketo: Any, stub: Any, finish: Any) -> None:
    stub.drop().error("1029", "Job already queued")
    await finish(marketo.enqueue_export("e-1"))
    assert len(stub.seen) == 2


async def test_a_status_that_makes_no_sense(marketo: Any, stub: Any) -> None:
    stub.result({"exportId": "e-1", "status": "Dancing"})
    with pytest.raises(SystemBusy):
        await marketo.export_status("e-1")


async def test_the_simulated_subscription(systems: Any, clock: Any) -> None:
    """F10: the job is resumed by its id, and gives what the REST queries give."""
    marketo = systems.marketo
    fields = ["id", "email", "firstName", "company", "sfdcLeadOwnerId", "sfdcIsDeleted", "leadScore"]
    day = 86_400_000_000
    exported: list[dict[str, Any]] = []
    for window in range(5):
        end = clock.now() - window * 30 * day
        export_id = await marketo.create_lead_export(fields, end - 30 * day + 1_000_000, end)
        assert (await marketo.export_status(export_id)).state is ExportState.CREATED
        await marketo.enqueue_export(export_id)
        for _ in range(100):
            status = await marketo.export_status(export_id)
            if status.state is ExportState.COMPLETED:
                break
            await clock.advance(30)
        async with aclosing(marketo.export_rows(export_id)) as chunks:
            exported += [row async for chunk in chunks for row in chunk]
    by_rest = await marketo.leads("id", [row["id"] for row in exported], fields)
    assert len(exported) >= 60
    assert sorted(exported, key=lambda row: row["id"]) == sorted(by_rest, key=lambda row: row["id"])


async def test_a_dropped_download_of_the_simulator(systems: Any, clock: Any, finish: Any) -> None:
    marketo = systems.marketo
    export_id = await marketo.create_lead_export(["id", "email"], clock.now() - 30 * 86_400_000_000, clock.now())
    await marketo.enqueue_export(export_id)
    await clock.advance(600)
    await systems.fault("marketo", "/bulk/v1/leads/export/*/file.json", "commit_then_drop", times=2)
    expected = (await marketo.export_status(export_id)).record_count

    async def count() -> int:
        async with aclosing(marketo.export_rows(export_id)) as chunks:
            return sum([len(chunk) async for chunk in chunks])

    assert await finish(count()) == expected
