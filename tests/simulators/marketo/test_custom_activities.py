"""Custom activities: the life of a type, what may stand in it, and rows with partial failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

BASE = "/rest/v1/activities/external"
ROWS = f"{BASE}.json"
TYPE: dict[str, Any] = {
    "apiName": "attendConference",
    "name": "Attend Conference",
    "triggerName": "Attends Conference",
    "filterName": "Attended Conference",
    "description": "At a conference",
    "primaryAttribute": {"apiName": "conferenceName", "name": "Conference Name", "description": "Which"},
}
ATTRIBUTES = [
    {"apiName": "conferenceDate", "name": "Conference Date", "dataType": "datetime", "description": "When"},
    {"apiName": "seats", "name": "Seats", "dataType": "integer"},
    {"apiName": "paid", "name": "Paid", "dataType": "boolean"},
    {"apiName": "price", "name": "Price", "dataType": "float"},
    {"apiName": "site", "name": "Site", "dataType": "link"},
]


def another(number: int, **changes: Any) -> dict[str, Any]:
    names = {name: f"{TYPE[name]} {number}" for name in ("name", "triggerName", "filterName")}
    return {**TYPE, "apiName": f"type{number}", **names, **changes}


async def create(api: Any, body: dict[str, Any] | None = None) -> Any:
    return await api.post(f"{BASE}/type.json", body or TYPE)


async def change(api: Any, call: str, body: Any = None, *, name: str = "attendConference") -> Any:
    return await api.post(f"{BASE}/type/{name}{call}.json", body)


async def approved(api: Any) -> int:
    """Create and approve the type with its attributes; returns its id."""
    await create(api)
    await change(api, "/attributes/create", {"attributes": ATTRIBUTES})
    (row,) = (await change(api, "/approve")).result
    type_id: int = row["id"]
    return type_id


async def describe(api: Any, **params: Any) -> Any:
    return await api.get(f"{BASE}/type/attendConference/describe.json", **params)


# ----------------------------------------------------------------------------------------------------------- types


@pytest.mark.asyncio
async def test_the_life_of_a_type(api: Any) -> None:
    (row,) = (await create(api)).result
    assert row == {
        "id": 100001,
        "apiName": "attendConference",
        "name": "Attend Conference",
        "description": "At a conference",
        "triggerName": "Attends Conference",
        "filterName": "Attended Conference",
        "createdAt": "2026-11-24T12:00:00Z",
        "updatedAt": "2026-11-24T12:00:00Z",
        "status": "draft",
        "primaryAttribute": {
            "apiName": "conferenceName",
            "name": "Conference Name",
            "description": "Which",
            "dataType": "string",
        },
        "attributes": [],
    }
    assert (await describe(api)).code == "1013"
    assert (await describe(api, draft="true")).result == [row]
    assert 100001 not in [one["id"] for one in (await api.get("/rest/v1/activities/types.json")).result]

    await api.advance(minutes=1)
    (row,) = (await change(api, "/attributes/create", {"attributes": ATTRIBUTES[:2]})).result
    assert (row["status"], row["updatedAt"]) == ("draft", "2026-11-24T12:01:00Z")
    assert row["attributes"][0] == ATTRIBUTES[0]
    (row,) = (await change(api, "/approve")).result
    assert row["status"] == "approved"
    assert (await describe(api, draft=True)).code == "1013"

    (listed,) = (await api.get(f"{BASE}/types.json")).result
    assert listed == {name: value for name, value in row.items() if name not in ("primaryAttribute", "attributes")}
    (shown,) = [one for one in (await api.get("/rest/v1/activities/types.json")).result if one["id"] == 100001]
    assert shown == {
        "id": 100001,
        "name": "Attend Conference",
        "apiName": "attendConference",
        "description": "At a conference",
        "primaryAttribute": {"name": "Conference Name", "apiName": "conferenceName", "dataType": "string"},
        "attributes": [
            {"name": "Conference Date", "apiName": "conferenceDate", "dataType": "datetime"},
            {"name": "Seats", "apiName": "seats", "dataType": "integer"},
        ],
    }

    (row,) = (await change(api, "", {"description": "New", "apiName": "attendconference"})).result
    assert (row["status"], row["description"]) == ("approved with draft", "New")
    assert (await describe(api)).result[0]["description"] == "At a conference"
    assert (await describe(api, draft=True)).result[0]["description"] == "New"
    (row,) = (await change(api, "/discardDraft")).result
    assert (row["status"], row["description"]) == ("approved", "At a conference")

    (row,) = (await change(api, "/delete")).result
    assert row["status"] == "deleted"
    assert (await api.get(f"{BASE}/types.json")).result == []
    assert (await describe(api)).code == "1013"
    (again,) = (await create(api)).result
    assert again["id"] == 100002


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"apiName": None}, "1002"),
        ({"name": None}, "1002"),
        ({"triggerName": ""}, "1002"),
        ({"filterName": None}, "1002"),
        ({"primaryAttribute": None}, "1002"),
        ({"primaryAttribute": {"name": "A"}}, "1002"),
        ({"primaryAttribute": {"apiName": "a"}}, "1002"),
        ({"primaryAttribute": {"apiName": "a", "name": "A", "dataType": "blob"}}, "1003"),
        ({"primaryAttribute": "a"}, "1003"),
        ({"apiName": "with space"}, "1003"),
        ({"apiName": "under_score"}, "1003"),
        ({"apiName": "123"}, "1003"),
        ({"apiName": "a" * 256}, "1003"),
        ({"name": "Dash-ed"}, "1003"),
        ({"name": "123"}, "1003"),
        ({"name": 5}, "1001"),
        ({"name": "Visit Webpage"}, "1017"),
        ({"name": "visit webpage"}, "1017"),
    ],
)
async def test_what_a_new_type_must_hold(api: Any, changes: dict[str, Any], code: str) -> None:
    assert (await create(api, {**TYPE, **changes})).code == code
    assert (await api.get(f"{BASE}/types.json")).result == []


@pytest.mark.asyncio
@pytest.mark.parametrize("member", ["apiName", "name", "triggerName", "filterName"])
async def test_names_are_unique_among_types(api: Any, member: str) -> None:
    await create(api)
    assert (await create(api, another(2, **{member: TYPE[member].upper()}))).code == "1017"
    await create(api, another(3))
    if member != "apiName":
        assert (await change(api, "", {member: TYPE[member]}, name="type3")).code == "1017"


@pytest.mark.asyncio
@pytest.mark.parametrize(("adobe_actions", "code"), [(False, None), (True, "1017")])
async def test_the_name_of_a_native_sales_type_is_free_where_that_type_is_not(
    make_api: Callable[..., Any], adobe_actions: bool, code: str | None
) -> None:
    api = make_api(adobe_actions=adobe_actions)
    assert (await create(api, {**TYPE, "name": "Send Sales Email"})).code == code


@pytest.mark.asyncio
async def test_there_are_at_most_ten_types_and_a_deleted_one_frees_its_slot(api: Any) -> None:
    for number in range(10):
        assert (await create(api, another(number))).code is None
    refused = await create(api)
    assert (refused.code, refused.message) == ("1027", "Max Activity Type Limit Reached")
    await change(api, "/delete", name="type3")
    assert (await create(api)).code is None


@pytest.mark.asyncio
async def test_there_are_at_most_twenty_secondary_attributes(api: Any) -> None:
    await create(api)
    many = [{"apiName": f"a{number}", "name": f"A {number}", "dataType": "string"} for number in range(21)]
    refused = await change(api, "/attributes/create", {"attributes": many})
    assert (refused.code, refused.message) == ("1028", "Max field limit reached")
    assert (await describe(api, draft=True)).result[0]["attributes"] == []
    (row,) = (await change(api, "/attributes/create", {"attributes": many[:20]})).result
    assert len(row["attributes"]) == 20
    assert (await change(api, "/attributes/create", {"attributes": many[20:]})).code == "1028"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("call", "body", "code"),
    [
        ("/attributes/create", {}, "1002"),
        ("/attributes/create", {"attributes": []}, "1002"),
        ("/attributes/create", {"attributes": {}}, "1002"),
        ("/attributes/create", {"attributes": "a"}, "1003"),
        ("/attributes/create", {"attributes": [{"name": "A", "dataType": "string"}]}, "1002"),
        ("/attributes/create", {"attributes": [{"apiName": "a", "dataType": "string"}]}, "1002"),
        ("/attributes/create", {"attributes": [{"apiName": "a", "name": "A"}]}, "1002"),
        ("/attributes/create", {"attributes": [{"apiName": "a", "name": "A", "dataType": "blob"}]}, "1003"),
        ("/attributes/create", {"attributes": [{"apiName": "seats", "name": "A", "dataType": "text"}]}, "1017"),
        ("/attributes/create", {"attributes": [{"apiName": "a", "name": "Seats", "dataType": "text"}]}, "1017"),
        (
            "/attributes/create",
            {"attributes": [{"apiName": "conferenceName", "name": "A", "dataType": "text"}]},
            "1017",
        ),
        (
            "/attributes/create",
            {"attributes": [{"apiName": "a", "name": "A", "dataType": "text", "isPrimary": True}]},
            "709",
        ),
        ("/attributes/update", {"attributes": [{"apiName": "nope", "name": "A"}]}, "1013"),
        ("/attributes/update", {"attributes": [{"apiName": "seats", "name": "Paid"}]}, "1017"),
        ("/attributes/update", {"attributes": [{"apiName": "seats", "isPrimary": True}]}, "709"),
        ("/attributes/update", {"attributes": [{"apiName": "seats", "isPrimary": "yes"}]}, "1001"),
        ("/attributes/delete", {"attributes": [{"apiName": "nope"}]}, "1013"),
        ("/attributes/delete", {"attributes": [{"apiName": "conferenceName"}]}, "709"),
        ("/attributes/delete", {"attributes": [{}]}, "1002"),
        ("", {"apiName": "other"}, "709"),
        ("", {"primaryAttribute": {"apiName": "other", "name": "Other"}}, "709"),
        ("/approve", None, "709"),
        ("/discardDraft", None, "709"),
    ],
)
async def test_refused_changes_leave_the_type_as_it_was(api: Any, call: str, body: Any, code: str) -> None:
    await approved(api)
    before = (await describe(api)).result
    assert (await change(api, call, body)).code == code
    assert (await describe(api)).result == before
    assert (await describe(api, draft=True)).code == "1013"


@pytest.mark.asyncio
@pytest.mark.parametrize("call", ["", "/approve", "/discardDraft", "/delete", "/attributes/create"])
async def test_an_unknown_type_is_1013(api: Any, call: str) -> None:
    assert (await change(api, call, {}, name="nope")).code == "1013"


@pytest.mark.asyncio
async def test_a_draft_that_was_never_approved_cannot_be_discarded(api: Any) -> None:
    await create(api)
    assert (await change(api, "/discardDraft")).code == "709"


@pytest.mark.asyncio
async def test_attributes_can_be_changed_and_removed(api: Any) -> None:
    await approved(api)
    body = {"attributes": [{"apiName": "SEATS", "name": "Places", "dataType": "string", "description": "How many"}]}
    (row,) = (await change(api, "/attributes/update", body)).result
    assert row["status"] == "approved with draft"
    assert row["attributes"][1] == {
        "apiName": "seats",
        "name": "Places",
        "description": "How many",
        "dataType": "string",
    }
    gone = {"attributes": [{"apiName": "seats"}, {"apiName": "paid"}]}
    (row,) = (await change(api, "/attributes/delete", gone)).result
    assert [one["apiName"] for one in row["attributes"]] == ["conferenceDate", "price", "site"]
    assert len((await describe(api)).result[0]["attributes"]) == 5


@pytest.mark.asyncio
async def test_a_new_primary_attribute_needs_the_old_one_demoted_first(api: Any) -> None:
    await approved(api)
    demote = {"attributes": [{"apiName": "conferenceName", "isPrimary": False}]}
    (row,) = (await change(api, "/attributes/update", demote)).result
    assert "primaryAttribute" not in row
    assert row["attributes"][-1]["apiName"] == "conferenceName"
    assert (await change(api, "/approve")).code == "709"
    promote = {"attributes": [{"apiName": "site", "isPrimary": True}]}
    (row,) = (await change(api, "/attributes/update", promote)).result
    assert row["primaryAttribute"]["apiName"] == "site"
    (row,) = (await change(api, "/approve")).result
    assert row["primaryAttribute"] == {"apiName": "site", "name": "Site", "dataType": "link"}


@pytest.mark.asyncio
async def test_the_primary_attribute_can_be_described_anew(api: Any) -> None:
    await create(api)
    body = {"primaryAttribute": {"apiName": "conferenceName", "name": "Which One", "dataType": "text"}}
    (row,) = (await change(api, "", body)).result
    assert row["primaryAttribute"] == {"apiName": "conferenceName", "name": "Which One", "dataType": "text"}


@pytest.mark.asyncio
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


# ------------------------------------------------------------------------------------------------------------ rows


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
