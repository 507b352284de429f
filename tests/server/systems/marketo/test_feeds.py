"""The three feeds: F2 (many rows of one second), F3 (empty pages), tokens that must not be lost."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.clock import from_iso
from actionsync_server.model.errors import SystemBusy
from actionsync_server.systems.marketo import FieldChange

pytestmark = pytest.mark.asyncio

CHANGE = {
    "id": 1078,
    "marketoGUID": "1078",
    "leadId": 775,
    "activityDate": "2026-01-17T22:31:49Z",
    "activityTypeId": 13,
    "fields": [{"id": 53, "name": "firstName", "newValue": "Ann", "oldValue": None}],
    "attributes": [{"name": "Reason", "value": "Web service API"}, {"name": "Lead ID", "value": 775}],
}


async def test_a_row_as_marketo_writes_it(marketo: Any, stub: Any) -> None:
    stub.result(CHANGE, nextPageToken="NEXT====", moreResult=True)
    page = await marketo.lead_changes("TOKEN==", ["firstName", "company"])
    assert (page.next_token, page.more) == ("NEXT====", True)
    (row,) = page.rows
    assert (row.marketo_guid, row.lead_id, row.type_id) == ("1078", 775, 13)
    assert row.activity_time == from_iso("2026-01-17T22:31:49Z")
    assert row.fields == [FieldChange("firstName", "Ann", None)]
    assert row.attributes == {"Reason": "Web service API", "Lead ID": 775}
    assert row.primary_value is None
    assert stub.seen[0].query == {
        "nextPageToken": ["TOKEN=="],
        "fields": ["firstName,company"],
        "batchSize": ["300"],
    }


async def test_old_offsets_lists_and_missing_ids(marketo: Any, stub: Any) -> None:
    """Documented samples end in +0000; `id` may be missing; values may be lists, numbers and booleans."""
    row = {
        "marketoGUID": 9,
        "leadId": 7,
        "activityDate": "2026-01-17T22:31:49+0000",
        "activityTypeId": 32,
        "campaignId": 11,
        "primaryAttributeValueId": 7,
        "primaryAttributeValue": 7,
        "attributes": [{"name": "Merge IDs", "value": [1, 2]}, {"name": "Merged in Sales", "value": False}],
    }
    stub.result(row, nextPageToken="N", moreResult=False)
    (read,) = (await marketo.activities("T", [32], [7, 8])).rows
    assert (read.marketo_guid, read.primary_value, read.primary_id, read.campaign_id) == ("9", "7", 7, 11)
    assert read.activity_time == from_iso("2026-01-17T22:31:49Z")
    assert read.attributes == {"Merge IDs": [1, 2], "Merged in Sales": False}
    assert stub.seen[0].query["leadIds"] == ["7,8"]


async def test_an_empty_page_with_more_to_come(marketo: Any, stub: Any) -> None:
    stub.then({"success": True, "nextPageToken": "N", "moreResult": True})
    page = await marketo.deleted_leads("T")
    assert (page.rows, page.next_token, page.more) == ([], "N", True)


async def test_the_token_of_the_last_page_is_the_next_cursor(marketo: Any, stub: Any) -> None:
    stub.result(nextPageToken="CURSOR", moreResult=False)
    page = await marketo.deleted_leads("T")
    assert (page.next_token, page.more) == ("CURSOR", False)


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "result": [], "moreResult": False},
        {"success": True, "result": [], "nextPageToken": "", "moreResult": True},
        {"success": True, "result": [CHANGE | {"activityDate": "yesterday"}], "nextPageToken": "N"},
        {"success": True, "result": [{"marketoGUID": "1"}], "nextPageToken": "N"},
    ],
)
async def test_a_page_that_would_lose_the_place_is_no_page(
    marketo: Any, stub: Any, finish: Any, answer: dict[str, Any]
) -> None:
    stub.then(answer)
    with pytest.raises(SystemBusy):
        await finish(marketo.lead_changes("T", ["email"]))


async def test_at_most_ten_types_and_thirty_leads(marketo: Any, stub: Any) -> None:
    for types, leads in ([], []), (list(range(11)), []), ([1], list(range(31))):
        with pytest.raises(ValueError, match="at a time"):
            await marketo.activities("T", types, leads)
    stub.result(nextPageToken="N", moreResult=False)
    await marketo.activities("T", list(range(10)), list(range(30)))
    assert len(stub.seen) == 1


async def test_types_without_primary_attribute_and_with_odd_casing(marketo: Any, stub: Any) -> None:
    stub.result(
        {"id": 12, "name": "New Lead", "attributes": [{"name": "Created Date", "dataType": "Date"}]},
        {
            "id": 100001,
            "name": "Attend",
            "apiName": "attend",
            "primaryAttribute": {"name": "Name", "apiName": "n", "dataType": "string"},
        },
    )
    native, custom = await marketo.activity_types()
    assert (native.type_id, native.api_name, native.primary_attribute) == (12, "", None)
    assert native.attributes[0].data_type == "date"
    assert custom.api_name == "attend"
    assert custom.primary_attribute is not None
    assert custom.primary_attribute.api_name == "n"


async def test_more_rows_of_one_second_than_a_page_holds(systems: Any, clock: Any) -> None:
    """F2: no row is lost and none is read twice, although they share one time."""
    lead_id = (await systems.marketo.leads("id", list(range(1, 3_000)), ["email"]))[0]["id"]
    since = await systems.marketo.paging_token(clock.now())
    moment = clock.simulators.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = [
        {
            "leadId": lead_id,
            "activityTypeId": 46,
            "activityDate": moment,
            "primaryAttributeValue": f"moment {number}",
            "attributes": {},
        }
        for number in range(301)
    ]
    await systems.control("marketo", "activities", rows)
    seen: list[str] = []
    texts: set[str | None] = set()
    token, more = since, True
    while more:
        page = await systems.marketo.activities(token, [46])
        seen += [row.marketo_guid for row in page.rows]
        texts |= {row.primary_value for row in page.rows}
        token, more = page.next_token, page.more
    assert len(seen) == len(set(seen)) == 301
    assert texts == {f"moment {number}" for number in range(301)}
    assert (await systems.marketo.activities(token, [46])).rows == []
