"""Custom activity types: their life, and what may stand in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from harness.custom_activities import ATTRIBUTES, BASE, TYPE, another, approved, change, create


async def describe(api: Any, **params: Any) -> Any:
    return await api.get(f"{BASE}/type/attendConference/describe.json", **params)


@pytest.mark.asyncio
@pytest.mark.behaviour("custom-type-life")
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
@pytest.mark.behaviour("custom-type-slot")
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
@pytest.mark.behaviour("custom-primary-demoted")
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
