"""Writing activities, and the types they are of."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.model.errors import NotPrepared, OutcomeUnknown, Refused
from actionsync_server.systems.marketo import (
    CustomActivityRow,
    CustomActivityTypeSpec,
    CustomAttribute,
    RowResult,
    row_batches,
)

pytestmark = pytest.mark.asyncio

TIME = 1_772_463_600_000_000


def row(number: int, size: int = 1) -> CustomActivityRow:
    return CustomActivityRow(number, TIME, 100001, "x", {"body": "y" * size, "none": None})


async def test_a_row_on_the_wire(marketo: Any, stub: Any) -> None:
    stub.result({"id": 50, "marketoGUID": "50", "status": "added"})
    assert await marketo.add_activities([row(7)]) == [RowResult("50")]
    assert stub.seen[0].json == {
        "input": [
            {
                "leadId": 7,
                "activityDate": "2026-03-02T15:00:00Z",
                "activityTypeId": 100001,
                "primaryAttributeValue": "x",
                "attributes": [{"apiName": "body", "value": "y"}],
            }
        ]
    }
    assert stub.seen[0].headers["content-type"] == "application/json"


async def test_rows_are_judged_one_by_one(marketo: Any, stub: Any) -> None:
    stub.result(
        {"marketoGUID": "50", "status": "added"},
        {"status": "skipped", "errors": [{"code": "1004", "message": "Lead not found"}]},
        {"status": "skipped", "reasons": [{"code": 1006, "message": "no field"}]},
        {"status": "skipped"},
    )
    results = await marketo.add_activities([row(number) for number in range(4)])
    assert [(result.guid, result.code) for result in results] == [
        ("50", ""),
        (None, "1004"),
        (None, "1006"),
        (None, ""),
    ]
    assert results[1].message == "Lead not found"


async def test_results_that_do_not_answer_the_rows_prove_nothing(marketo: Any, stub: Any) -> None:
    stub.result({"marketoGUID": "50", "status": "added"})
    with pytest.raises(OutcomeUnknown):
        await marketo.add_activities([row(1), row(2)])


async def test_no_rows_no_call(marketo: Any, stub: Any) -> None:
    assert await marketo.add_activities([]) == []
    assert stub.seen == []


async def test_more_rows_than_marketo_takes(marketo: Any, stub: Any) -> None:
    with pytest.raises(ValueError, match="300"):
        await marketo.add_activities([row(number) for number in range(301)])
    with pytest.raises(Refused) as caught:
        await marketo.add_activities([row(1, size=1_100_000)])
    assert caught.value.system_code == "413"
    assert stub.seen == []


@pytest.mark.parametrize("count", [0, 1, 299, 300, 301, 600, 601])
async def test_portions_by_number(count: int) -> None:
    rows = [row(number) for number in range(count)]
    portions = list(row_batches(rows))
    assert [one for portion in portions for one in portion] == rows
    assert all(0 < len(portion) <= 300 for portion in portions)
    assert len(portions) == -(-count // 300)


async def test_portions_by_size(marketo: Any, stub: Any) -> None:
    rows = [row(number, size=90_000 if number % 3 else 10) for number in range(60)]
    portions = list(row_batches(rows))
    assert [one for portion in portions for one in portion] == rows
    assert len(portions) > 3
    for portion in portions:
        stub.result(*[{"marketoGUID": str(one.lead_id), "status": "added"} for one in portion])
    for portion in portions:
        assert len(await marketo.add_activities(portion)) == len(portion)
    assert all(len(seen.body) <= 1_000_000 for seen in stub.seen)


async def test_the_life_of_a_type(systems: Any, clock: Any) -> None:
    marketo = systems.marketo
    spec = CustomActivityTypeSpec(
        "asSendSalesEmail",
        "Actionsync Send Sales Email",
        "Sends Sales Email by Actionsync",
        "Sent Sales Email by Actionsync",
        CustomAttribute("emailSubject", "Email Subject", "string", "the subject"),
    )
    made = await marketo.create_custom_activity_type(spec)
    assert (made.api_name, made.status) == ("asSendSalesEmail", "draft")
    with pytest.raises(Refused) as taken:
        await marketo.create_custom_activity_type(spec)
    assert taken.value.system_code == "1017"
    attributes = [
        CustomAttribute("actionsActivityId", "Actions Activity ID"),
        CustomAttribute("duration", "Duration", "integer"),
    ]
    await marketo.create_attributes("asSendSalesEmail", attributes)
    drafted = await marketo.custom_activity_type("asSendSalesEmail", draft=True)
    assert {attribute.api_name for attribute in drafted.attributes} == {"actionsActivityId", "duration"}
    assert drafted.primary_attribute is not None
    assert drafted.primary_attribute.api_name == "emailSubject"
    await marketo.approve("asSendSalesEmail")
    with pytest.raises(Refused) as nothing_to_approve:
        await marketo.approve("asSendSalesEmail")
    assert nothing_to_approve.value.system_code == "709"
    (listed,) = [kind for kind in await marketo.custom_activity_types() if kind.api_name == "asSendSalesEmail"]
    assert listed.status == "approved"

    lead_id = (await marketo.leads("id", list(range(1, 3_000)), ["email"]))[0]["id"]
    since = await marketo.paging_token(clock.now() - 60_000_000)
    good = CustomActivityRow(
        lead_id, clock.now(), listed.type_id, "Hello", {"actionsActivityId": "a-1", "duration": 3, "gone": None}
    )
    bad = CustomActivityRow(999_999_999, clock.now(), listed.type_id, "Hello", {})
    native = CustomActivityRow(lead_id, clock.now(), 6, "Hello", {})
    results = await marketo.add_activities([good, bad, native])
    assert results[0].guid
    assert [result.code for result in results[1:]] == ["1004", "1003"]
    (read,) = (await marketo.activities(since, [listed.type_id], [lead_id])).rows
    assert read.marketo_guid == results[0].guid
    assert read.primary_value == "Hello"
    assert read.attributes["Actions Activity ID"] == "a-1"


async def test_no_room_for_an_eleventh_type(systems: Any) -> None:
    def spec(number: int) -> CustomActivityTypeSpec:
        return CustomActivityTypeSpec(
            f"type{number}", f"Type {number}", f"T {number}", f"F {number}", CustomAttribute("subject", "Subject")
        )

    have = len(await systems.marketo.custom_activity_types())
    for number in range(10 - have):
        await systems.marketo.create_custom_activity_type(spec(number))
    with pytest.raises(NotPrepared) as caught:
        await systems.marketo.create_custom_activity_type(spec(10))
    assert caught.value.system_code == "1027"


async def test_a_role_that_only_reads(systems: Any) -> None:
    """The second service of the simulator has Read-Only Lead and nothing else."""
    login = systems.read_only_login
    reader = systems.clients.marketo(login)
    assert await reader.describe_fields()
    with pytest.raises(NotPrepared) as caught:
        await reader.add_activities([row(1)])
    assert caught.value.metadata["permission"] == "Read-Write Activity"
    with pytest.raises(NotPrepared) as caught:
        await reader.paging_token(TIME)
    assert caught.value.metadata["permission"] == "Read-Only Activity"
