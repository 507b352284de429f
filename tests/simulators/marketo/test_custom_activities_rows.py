"""Rows of custom activities, each accepted or skipped on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from harness.custom_activities import ROWS, TYPE, another, approved, change, create


def row_of(type_id: int | str, **changes: Any) -> dict[str, Any]:
    return {
        "leadId": 1001,
        "activityDate": "2026-01-26T06:56:35+07:00",
        "activityTypeId": type_id,
        "primaryAttributeValue": "Expo",
        "attributes": [],
        **changes,
    }


def without(type_id: int, member: str) -> dict[str, Any]:
    return {name: value for name, value in row_of(type_id).items() if name != member}


@pytest.mark.asyncio
@pytest.mark.behaviour("custom-rows-read-back")
async def test_rows_are_read_back_under_display_names_in_utc(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, retention="off")
    type_id = await approved(api)
    given = [
        {"apiName": "conferenceDate", "value": "2026-01-25"},
        {"name": "Seats", "value": "12"},
        {"apiName": "PAID", "value": True},
        {"apiName": "price", "value": 10},
        {"apiName": "site", "value": None},
    ]
    answer = await api.post(ROWS, {"input": [row_of(type_id, attributes=given)]})
    (added,) = answer.result
    assert added == {"id": added["id"], "marketoGUID": str(added["id"]), "status": "added"}
    since = (await api.get("/rest/v1/activities/pagingtoken.json", sinceDatetime="2026-01-25")).json["nextPageToken"]
    (row,) = await api.activities(type_id, token=since)
    attributes = {pair["name"]: pair["value"] for pair in row.pop("attributes")}
    assert row == {
        "id": added["id"],
        "marketoGUID": added["marketoGUID"],
        "leadId": 1001,
        "activityDate": "2026-01-25T23:56:35Z",
        "activityTypeId": type_id,
        "primaryAttributeValue": "Expo",
    }
    assert attributes == {"Conference Date": "2026-01-25T00:00:00Z", "Seats": 12, "Paid": True, "Price": 10}


@pytest.mark.asyncio
@pytest.mark.behaviour("custom-rows-each")
async def test_each_row_is_accepted_or_skipped_on_its_own(seeded: Any) -> None:
    type_id = await approved(seeded)
    await create(seeded, another(2))
    big = [{"apiName": "site", "value": "x" * 65_536}]
    cases: list[tuple[dict[str, Any], str | None]] = [
        (row_of(type_id), None),
        (without(type_id, "leadId"), "1002"),
        (without(type_id, "activityDate"), "1002"),
        (without(type_id, "activityTypeId"), "1002"),
        (without(type_id, "primaryAttributeValue"), "1002"),
        (without(type_id, "attributes"), "1002"),
        (row_of(type_id, primaryAttributeValue=""), "1002"),
        (row_of(type_id, leadId=9), "1004"),
        (row_of(type_id, leadId="x"), "1001"),
        (row_of(type_id, activityDate="yesterday"), "1001"),
        (row_of(type_id, activityDate=5), "1001"),
        (row_of("one"), "1001"),
        (row_of(type_id + 1), "1003"),
        (row_of(1), "1003"),
        (row_of(45), "1003"),
        (row_of(999_999), "1003"),
        (row_of(type_id, attributes=[{"apiName": "nope", "value": 1}]), "1006"),
        (row_of(type_id, attributes=[{"apiName": "seats", "value": "many"}]), "1001"),
        (row_of(type_id, attributes=[{"apiName": "conferenceDate", "value": "soon"}]), "1001"),
        (row_of(type_id, attributes=[{"value": 1}]), "1002"),
        (row_of(type_id, attributes={"seats": 1}), "1003"),
        (row_of(type_id, attributes=big), "1049"),
        (row_of(type_id, leadId="1002", activityTypeId=str(type_id), extra="ignored"), None),
    ]
    result = (await seeded.post(ROWS, {"input": [record for record, _ in cases]})).result
    assert len(result) == len(cases)
    for (record, code), row in zip(cases, result, strict=True):
        if code is None:
            assert row["status"] == "added", record
        else:
            assert set(row) == {"status", "errors"}, record
            assert (row["status"], row["errors"][0]["code"]) == ("skipped", code), record
    ledger = (await seeded.control("GET", f"ledger/activities?type={type_id}")).json
    assert [row["leadId"] for row in ledger["activities"]] == [1001, 1002]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "1002"), ({"input": []}, "1002"), ({"input": [1]}, "1003"), ({"input": [{}] * 301}, "1003")],
)
async def test_what_refuses_the_whole_call(seeded: Any, body: Any, code: str) -> None:
    assert (await seeded.post(ROWS, body)).code == code


@pytest.mark.asyncio
async def test_an_attribute_array_of_just_65536_bytes_fits(seeded: Any) -> None:
    type_id = await approved(seeded)
    more = {"attributes": [{"apiName": "note", "name": "Note", "dataType": "text"}]}
    await change(seeded, "/attributes/create", more)
    await change(seeded, "/approve")
    frame = len('[{"apiName":"note","value":""}]')
    for size, status in ((65_536, "added"), (65_537, "skipped")):
        attributes = [{"apiName": "note", "value": "x" * (size - frame)}]
        (row,) = (await seeded.post(ROWS, {"input": [row_of(type_id, attributes=attributes)]})).result
        assert row["status"] == status


@pytest.mark.asyncio
@pytest.mark.behaviour("custom-rows-approved")
async def test_rows_follow_the_approved_version_not_the_draft(seeded: Any) -> None:
    type_id = await approved(seeded)
    more = {"attributes": [{"apiName": "extra", "name": "Extra", "dataType": "string"}]}
    await change(seeded, "/attributes/create", more)
    row = row_of(type_id, attributes=[{"apiName": "extra", "value": "x"}])
    (refused,) = (await seeded.post(ROWS, {"input": [row]})).result
    assert refused["errors"][0]["code"] == "1006"
    await change(seeded, "/approve")
    assert (await seeded.post(ROWS, {"input": [row]})).result[0]["status"] == "added"


@pytest.mark.asyncio
async def test_a_committed_but_dropped_call_has_written_its_rows_late(seeded: Any) -> None:
    """The unknown outcome that a careful client looks up before it writes again."""
    type_id = await approved(seeded)
    record = row_of(type_id, activityDate="2026-11-24T12:00:00Z")
    await seeded.fault("commit_then_drop", ROWS)
    with pytest.raises(ConnectionResetError):
        await seeded.post(ROWS, {"input": [record]})
    assert len(await seeded.activities(type_id)) == 1
    await seeded.fault("hide_rows", ROWS, seconds=120)
    await seeded.post(ROWS, {"input": [record]})
    assert len(await seeded.activities(type_id)) == 1
    await seeded.advance(seconds=120)
    assert len(await seeded.activities(type_id)) == 2


@pytest.mark.asyncio
@pytest.mark.behaviour("custom-type-frozen")
async def test_names_are_frozen_once_the_type_is_approved_and_used(seeded: Any) -> None:
    type_id = await approved(seeded)
    assert (await change(seeded, "", {"name": "Go To Conference"})).code is None
    await change(seeded, "/discardDraft")
    await seeded.post(ROWS, {"input": [row_of(type_id)]})
    for member in ("name", "triggerName", "filterName"):
        assert (await change(seeded, "", {member: "Something Else"})).code == "709"
    assert (await change(seeded, "", {"description": "d", "name": TYPE["name"]})).code is None
    more = {"attributes": [{"apiName": "extra", "name": "Extra", "dataType": "string"}]}
    assert (await change(seeded, "/attributes/create", more)).code is None
