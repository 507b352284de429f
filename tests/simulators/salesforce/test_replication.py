"""getUpdated and getDeleted: spans, stamps, and the spans that are refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.sobjects import replication


async def span(api: Any, kind: str, start: str, end: str, sobject: str = "Task") -> Any:
    return await api("GET", f"sobjects/{sobject}/{kind}/?start={quote(start)}&end={quote(end)}")


@pytest.mark.asyncio
async def test_updated_lists_created_and_changed_rows_once(api: Any, clock: Clock) -> None:
    one = await api.create("Task")
    await clock.advance(timedelta(minutes=5))
    two = await api.create("Task")
    await clock.advance(timedelta(minutes=5))
    await api.update("Task", one, Subject="x")
    gone = await api.create("Task")
    await api("DELETE", f"sobjects/Task/{gone}")
    await clock.advance(timedelta(seconds=90))
    answer = await span(api, "updated", "2024-01-31T12:05:00+00:00", "2024-01-31T13:00:00+00:00")
    assert answer.body == {"ids": [two, one], "latestDateCovered": "2024-01-31T12:11:00.000+0000"}
    early = await span(api, "updated", "2024-01-31T12:00:00Z", "2024-01-31T12:10:00Z")
    assert early.body == {"ids": [two], "latestDateCovered": "2024-01-31T12:10:00.000+0000"}


@pytest.mark.asyncio
async def test_deleted_lists_rows_with_the_moment_of_deletion(api: Any, clock: Clock) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    task = await api.create("Task", WhoId=lead)
    await clock.advance(timedelta(minutes=1, seconds=7))
    await api("DELETE", f"sobjects/Lead/{lead}")
    await clock.advance(timedelta(minutes=2))
    for sobject, record_id in (("Lead", lead), ("Task", task)):
        answer = await span(api, "deleted", "2024-01-31T12:00:00Z", "2024-01-31T13:00:00Z", sobject)
        assert answer.body == {
            "deletedRecords": [{"id": record_id, "deletedDate": "2024-01-31T12:01:07.000+0000"}],
            "earliestDateAvailable": "2024-01-16T12:03:00.000+0000",
            "latestDateCovered": "2024-01-31T12:03:00.000+0000",
        }


@pytest.mark.asyncio
async def test_seconds_of_the_span_are_ignored(api: Any, clock: Clock) -> None:
    await clock.advance(timedelta(seconds=20))
    task = await api.create("Task")
    await clock.advance(timedelta(minutes=1))
    answer = await span(api, "updated", "2024-01-31T12:00:59Z", "2024-01-31T12:01:59Z")
    assert answer.body == {"ids": [task], "latestDateCovered": "2024-01-31T12:01:00.000+0000"}


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["updated", "deleted"])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2023-12-31T00:00:00Z", "2024-01-31T00:00:00Z"),
        ("2024-01-31T12:00:00Z", "2024-01-31T11:00:00Z"),
        ("2024-01-31T12:00:05Z", "2024-01-31T12:00:50Z"),
        ("yesterday", "2024-01-31T12:00:00Z"),
        ("2024-01-31T12:00:00Z", ""),
    ],
)
async def test_spans_that_are_refused(api: Any, kind: str, start: str, end: str) -> None:
    answer = await span(api, kind, start, end)
    assert (answer.status, answer.code) == (400, "INVALID_REPLICATION_DATE")


@pytest.mark.asyncio
async def test_deleted_reaches_back_15_days_and_updated_30(api: Any) -> None:
    assert (await span(api, "updated", "2024-01-02T12:00:00Z", "2024-01-31T12:00:00Z")).status == 200
    assert (await span(api, "deleted", "2024-01-16T12:00:00Z", "2024-01-31T12:00:00Z")).status == 200
    assert (await span(api, "deleted", "2024-01-16T11:59:00Z", "2024-01-31T12:00:00Z")).status == 400


@pytest.mark.asyncio
async def test_polling_by_the_stamp_finds_an_opt_out(api: Any, clock: Clock) -> None:
    contact = (await api.soql("SELECT Id FROM Contact WHERE HasOptedOutOfEmail = false LIMIT 1"))[0]["Id"]
    await clock.advance(timedelta(minutes=1))
    await api.update("Contact", contact, HasOptedOutOfEmail=True)
    found = await api.soql(
        "SELECT Id, HasOptedOutOfEmail FROM Contact WHERE SystemModstamp >= 2024-01-31T12:01:00Z"
        " ORDER BY SystemModstamp, Id"
    )
    assert [(row["Id"], row["HasOptedOutOfEmail"]) for row in found] == [(contact, True)]


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["updated", "deleted"])
async def test_more_ids_than_one_answer_holds(
    api: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(replication, "MOST_IDS", 2)
    tasks = [await api.create("Task") for _ in range(3)]
    if kind == "deleted":
        await api("DELETE", f"composite/sobjects?ids={','.join(tasks)}")
    await clock.advance(timedelta(minutes=1))
    ends = ("2024-01-31T12:00:00Z", "2024-01-31T12:01:00Z")
    answer = await span(api, kind, *ends)
    assert (answer.status, answer.code) == (400, "EXCEEDED_ID_LIMIT")
    await clock.advance(timedelta(minutes=1))
    await api.create("Task")
    later = await span(api, "updated", "2024-01-31T12:01:00Z", "2024-01-31T12:03:00Z")
    assert len(later.body["ids"]) == 1


@pytest.mark.asyncio
async def test_polling_from_where_the_last_answer_ended_misses_nothing(api: Any, clock: Clock) -> None:
    made: set[str] = set()
    seen: set[str] = set()
    start = "2024-01-31T12:00:00.000+0000"
    for seconds in (20, 40, 35, 50, 90, 10):
        made.add(await api.create("Task"))
        await clock.advance(timedelta(seconds=seconds))
        answer = await span(api, "updated", start, "2024-01-31T13:00:00Z")
        seen |= set(answer.body["ids"])
        start = answer.body["latestDateCovered"]
    assert seen == made
