"""Query pages: locators, jumps, lifetimes, and the two query resources."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock

SMALL = {"Sforce-Query-Options": "batchSize=200"}


async def make_tasks(api: Any, count: int) -> list[str]:
    ids: list[str] = []
    for start in range(0, count, 200):
        rows = [{"attributes": {"type": "Task"}, "Subject": f"{n:05}"} for n in range(start, min(start + 200, count))]
        answer = await api("POST", "composite/sobjects", {"records": rows})
        ids += [each["id"] for each in answer.body]
    return ids


async def first_page(api: Any, **options: Any) -> Any:
    return await api(
        "GET", "query", params={"q": "SELECT Id, Subject FROM Task ORDER BY Subject"}, headers=SMALL, **options
    )


@pytest.mark.asyncio
@pytest.mark.behaviour("query-pages")
async def test_pages_follow_one_another(api: Any) -> None:
    ids = await make_tasks(api, 450)
    page = await first_page(api)
    assert list(page.body) == ["totalSize", "done", "nextRecordsUrl", "records"]
    seen = [row["Id"] for row in page.body["records"]]
    assert (page.body["totalSize"], page.body["done"], len(seen)) == (450, False, 200)
    while not page.body["done"]:
        page = await api("GET", page.body["nextRecordsUrl"])
        seen += [row["Id"] for row in page.body["records"]]
    assert seen == ids
    assert list(page.body) == ["totalSize", "done", "records"]


@pytest.mark.asyncio
async def test_a_whole_result_on_one_page_has_no_next(api: Any) -> None:
    await make_tasks(api, 3)
    page = await first_page(api)
    assert (page.body["totalSize"], page.body["done"]) == (3, True)
    assert "nextRecordsUrl" not in page.body


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("header", "size"),
    [("batchSize=200", 200), ("batchSize=1", 200), ("batchsize=250", 250), ("nonsense", 2000), ("", 2000)],
)
async def test_batch_size(api: Any, header: str, size: int) -> None:
    await make_tasks(api, 2050)
    answer = await api("GET", "query", params={"q": "SELECT Id FROM Task"}, headers={"Sforce-Query-Options": header})
    assert len(answer.body["records"]) == size


@pytest.mark.asyncio
async def test_any_offset_of_a_locator_can_be_read(api: Any) -> None:
    ids = await make_tasks(api, 450)
    locator = (await first_page(api)).body["nextRecordsUrl"].rpartition("-")[0]
    jumped = await api("GET", f"{locator}-333")
    assert [row["Id"] for row in jumped.body["records"]] == ids[333:]
    back = await api("GET", f"{locator}-0?q=ignored", headers={"Sforce-Query-Options": "batchSize=2000"})
    assert [row["Id"] for row in back.body["records"]] == ids[:200]
    assert back.body["nextRecordsUrl"].endswith("-200")
    beyond = await api("GET", f"{locator}-451")
    assert (beyond.status, beyond.code) == (400, "INVALID_QUERY_LOCATOR")


@pytest.mark.asyncio
async def test_a_cursor_keeps_its_rows_and_reads_their_values(api: Any) -> None:
    ids = await make_tasks(api, 250)
    page = await first_page(api)
    await api.update("Task", ids[249], Subject="00000")
    await api("DELETE", f"sobjects/Task/{ids[248]}")
    rest = await api("GET", page.body["nextRecordsUrl"])
    assert rest.body["totalSize"] == 250
    assert rest.body["records"][-1]["Id"] == ids[249]
    assert rest.body["records"][-1]["Subject"] == "00000"


@pytest.mark.asyncio
@pytest.mark.behaviour("query-all-deleted")
async def test_query_all_sees_deleted_rows_and_its_cursor_continues_on_either_path(api: Any) -> None:
    ids = await make_tasks(api, 250)
    await api("DELETE", f"sobjects/Task/{ids[249]}")
    query = {"q": "SELECT Id, IsDeleted FROM Task ORDER BY Id"}
    assert (await api("GET", "query", params=query)).body["totalSize"] == 249
    page = await api("GET", "queryAll", params=query, headers=SMALL)
    assert page.body["totalSize"] == 250
    for path in (page.body["nextRecordsUrl"], page.body["nextRecordsUrl"].replace("/query/", "/queryAll/")):
        rest = await api("GET", path)
        assert rest.body["records"][-1]["IsDeleted"] is True


@pytest.mark.asyncio
@pytest.mark.behaviour("locator-life")
async def test_locators_die_after_15_minutes(api: Any, clock: Clock) -> None:
    await make_tasks(api, 250)
    page = await first_page(api)
    await clock.advance(timedelta(minutes=14, seconds=59))
    assert (await api("GET", page.body["nextRecordsUrl"])).status == 200
    await clock.advance(timedelta(seconds=1))
    assert (await api("GET", page.body["nextRecordsUrl"])).code == "INVALID_QUERY_LOCATOR"


@pytest.mark.asyncio
async def test_at_most_ten_cursors_are_open(api: Any) -> None:
    await make_tasks(api, 250)
    urls = [(await first_page(api)).body["nextRecordsUrl"] for _ in range(11)]
    assert (await api("GET", urls[0])).code == "INVALID_QUERY_LOCATOR"
    assert [(await api("GET", url)).status for url in urls[1:]] == [200] * 10


@pytest.mark.asyncio
async def test_a_locator_belongs_to_its_user(api: Any) -> None:
    await make_tasks(api, 250)
    page = await first_page(api)
    app = api.simulator.sync_app
    await api.log_in(client_id=app.client_id, client_secret=app.client_secret)
    assert (await api("GET", page.body["nextRecordsUrl"])).code == "INVALID_QUERY_LOCATOR"


@pytest.mark.asyncio
async def test_counts_aggregates_columns_and_explain(api: Any) -> None:
    await make_tasks(api, 3)
    count = await api("GET", "query", params={"q": "SELECT COUNT() FROM Task"})
    assert count.body == {"totalSize": 3, "done": True, "records": []}
    grouped = await api("GET", "query", params={"q": "SELECT Status, COUNT(Id) FROM Task GROUP BY Status"})
    assert grouped.body == {
        "totalSize": 1,
        "done": True,
        "records": [{"attributes": {"type": "AggregateResult"}, "Status": "Not Started", "expr0": 3}],
    }
    columns = await api("GET", "query", params={"q": "SELECT Id FROM Task", "columns": "true"})
    assert columns.body["columnMetadata"][0]["columnName"] == "Id"
    for params in ({"explain": "SELECT Id FROM Task"}, {"q": "SELECT Id FROM Task", "explain": "true"}):
        plan = await api("GET", "query", params=params)
        assert plan.body["sourceQuery"] == "SELECT Id FROM Task"
        assert plan.body["plans"][0]["sobjectType"] == "Task"


@pytest.mark.asyncio
async def test_owners_with_their_polymorphic_names(api: Any) -> None:
    queue = (await api.soql("SELECT Id, Name FROM Group LIMIT 1"))[0]
    lead = await api.create("Lead", LastName="L", Company="C", OwnerId=queue["Id"])
    found = await api.soql(f"SELECT Id, OwnerId, Owner.Name, Owner.Type FROM Lead WHERE Id = '{lead}'")
    assert found[0]["Owner"] == {
        "attributes": {"type": "Name", "url": f"/services/data/v60.0/sobjects/Group/{queue['Id']}"},
        "Name": queue["Name"],
        "Type": "Queue",
    }
