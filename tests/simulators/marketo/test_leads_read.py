"""Get lead by id, get leads by filter, describe and describe2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

LEADS = "/rest/v1/leads.json"
COOKIE = "_mch-example.com-1396310362214-46169"


# ---------------------------------------------------------------------------------------------------------- by id


@pytest.mark.asyncio
@pytest.mark.behaviour("lead-default-fields")
async def test_without_fields_six_come_back(seeded: Any) -> None:
    (lead,) = (await seeded.get("/rest/v1/lead/1001.json")).result
    assert set(lead) == {"id", "email", "updatedAt", "createdAt", "firstName", "lastName"}
    assert lead["createdAt"].endswith("Z")


@pytest.mark.asyncio
@pytest.mark.behaviour("lead-empty-is-null")
async def test_asked_fields_come_with_the_id_and_empty_ones_are_null(api: Any) -> None:
    lead_id = await api.create(
        email="a@example.com",
        leadScore="7",
        annualRevenue=12.5,
        dateOfBirth="1990-02-03",
        mktoAcquisitionDate="2026-01-02T03:04:05+02:00",
    )
    fields = [
        "email",
        "leadScore",
        "annualRevenue",
        "dateOfBirth",
        "mktoAcquisitionDate",
        "unsubscribed",
        "isLead",
        "phone",
        "leadPartitionId",
        "mktoName",
        "ecids",
    ]
    (lead,) = (await api.get(f"/rest/v1/lead/{lead_id}.json", fields=",".join(fields))).result
    assert lead == {
        "id": lead_id,
        "email": "a@example.com",
        "leadScore": 7,
        "annualRevenue": 12.5,
        "dateOfBirth": "1990-02-03",
        "mktoAcquisitionDate": "2026-01-02T01:04:05Z",
        "unsubscribed": False,
        "isLead": True,
        "phone": None,
        "leadPartitionId": 1,
        "mktoName": None,
        "ecids": None,
    }


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("lead", "params", "code", "message"),
    [
        ("99999", {}, "1004", "Lead '99999' not found"),
        ("abc", {}, "1001", "Invalid value 'abc'. Required of type 'integer'"),
        ("1001", {"fields": "email,nope"}, "1006", "Field 'nope' not found"),
        ("1001", {"fields": "Email"}, "1006", "Field 'Email' not found"),
    ],
)
async def test_refusals_by_id(seeded: Any, lead: str, params: dict[str, str], code: str, message: str) -> None:
    answer = await seeded.get(f"/rest/v1/lead/{lead}.json", **params)
    assert (answer.status, answer.code, answer.message) == (200, code, message)


# ------------------------------------------------------------------------------------------------------- by filter


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({}, "1002", "Missing value for the required parameter 'filterType'"),
        ({"filterType": "email"}, "1002", "Missing value for the required parameter 'filterValues'"),
        ({"filterType": "email", "filterValues": " , "}, "1002", None),
        ({"filterType": "firstName", "filterValues": "a"}, "1011", "Field 'firstName' not supported"),
        ({"filterType": "nope", "filterValues": "a"}, "1011", "Field 'nope' not supported"),
        ({"filterType": "id", "filterValues": "a"}, "1001", None),
        ({"filterType": "id", "filterValues": "99999999999999999999"}, "1001", None),
        ({"filterType": "cookies", "filterValues": "bad"}, "1012", "Invalid cookie value 'bad'"),
        ({"filterType": "email", "filterValues": "a", "fields": "nope"}, "1006", None),
        ({"filterType": "email", "filterValues": "a", "batchSize": "301"}, "1003", None),
        ({"filterType": "email", "filterValues": "a", "batchSize": "0"}, "1003", None),
        ({"filterType": "email", "filterValues": "a", "batchSize": "x"}, "1001", None),
        ({"filterType": "email", "filterValues": "a", "nextPageToken": "garbage"}, "1003", None),
    ],
)
async def test_refusals_of_a_filter_query(api: Any, params: dict[str, str], code: str, message: str | None) -> None:
    answer = await api.get(LEADS, **params)
    assert answer.code == code
    assert message in (None, answer.message)


@pytest.mark.asyncio
async def test_300_values_fit_and_301_do_not(api: Any) -> None:
    values = ",".join(str(number) for number in range(1, 301))
    assert (await api.form(LEADS, _method="GET", filterType="id", filterValues=values)).result == []
    assert (await api.form(LEADS, _method="GET", filterType="id", filterValues=values + ",301")).code == "1003"


@pytest.mark.asyncio
@pytest.mark.behaviour("filter-every-duplicate")
async def test_every_duplicate_of_an_email_is_found_without_regard_to_case(api: Any) -> None:
    first = await api.create(email="Twin@Example.com")
    await api.create(email="other@example.com")
    second = await api.create(email="twin@example.COM")
    answer = await api.get(LEADS, filterType="email", filterValues=" TWIN@example.com ,twin@example.com")
    assert [row["id"] for row in answer.result] == [first, second]
    assert list(answer.json) == ["requestId", "result", "success"]


@pytest.mark.asyncio
@pytest.mark.behaviour("filter-no-match")
async def test_no_match_is_a_success_with_an_empty_result(api: Any) -> None:
    answer = await api.get(LEADS, filterType="email", filterValues="no@example.com")
    assert answer.result == []
    assert list(answer.json) == ["requestId", "result", "success"]


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["sfdcLeadOwnerId", "sfdcLeadId", "sfdcContactId", "sfdcAccountId", "sfdcOpptyId"])
@pytest.mark.behaviour("filter-salesforce-ids")
async def test_salesforce_ids_match_on_15_characters_with_case(seeded: Any, world: Any, name: str) -> None:
    row = seeded.simulator.database.row(f'SELECT "{name}" FROM leads WHERE "{name}" IS NOT NULL')
    value = row[0]
    found = [
        [lead["id"] for lead in (await seeded.get(LEADS, filterType=name, filterValues=text)).result]
        for text in (value, value[:15], value.swapcase())
    ]
    assert found[0] == found[1] != []
    assert found[2] == []


@pytest.mark.asyncio
@pytest.mark.behaviour("filter-pages")
async def test_pages_go_on_by_token_and_end_without_one(api: Any) -> None:
    made = [await api.create(email="many@example.com") for _ in range(7)]
    query = {"filterType": "email", "filterValues": "many@example.com", "batchSize": 3}
    seen: list[int] = []
    pages = 0
    while True:
        answer = await api.get(LEADS, **query)
        seen += [row["id"] for row in answer.result]
        pages += 1
        if "nextPageToken" not in answer.json:
            assert "moreResult" not in answer.json
            break
        assert answer.json["moreResult"] is True
        query["nextPageToken"] = answer.json["nextPageToken"]
    assert (seen, pages) == (made, 3)


@pytest.mark.asyncio
@pytest.mark.behaviour("filter-1000-matches")
async def test_more_than_1000_matches_are_refused_on_every_page(api: Any) -> None:
    for _ in range(3):
        await api.sync(*[{"email": "crowd@example.com"}] * 300, action="createDuplicate")
    await api.sync(*[{"email": "crowd@example.com"}] * 100, action="createDuplicate")
    query = {"filterType": "email", "filterValues": "crowd@example.com"}
    assert len((await api.get(LEADS, **query)).result) == 300
    await api.create(email="crowd@example.com")
    answer = await api.get(LEADS, **query)
    assert (answer.code, answer.message) == ("1003", "Too many results match the filter")


@pytest.mark.asyncio
@pytest.mark.behaviour("page-token-life")
async def test_a_position_token_lives_24_hours(api: Any) -> None:
    for _ in range(2):
        await api.create(email="two@example.com")
    query = {"filterType": "email", "filterValues": "two@example.com", "batchSize": 1}
    token = (await api.get(LEADS, **query)).json["nextPageToken"]
    await api.advance(hours=24)
    await api.log_in()
    assert len((await api.get(LEADS, **query, nextPageToken=token)).result) == 1
    await api.advance(seconds=1)
    assert (await api.get(LEADS, **query, nextPageToken=token)).code == "1003"


@pytest.mark.asyncio
@pytest.mark.behaviour("filter-cookies")
async def test_cookies_find_their_lead_in_both_forms(api: Any) -> None:
    lead_id = await api.create(email="web@example.com")
    await api.post(f"/rest/v1/leads/{lead_id}/associate.json", cookie=f"id:123-ABC-456&token:{COOKIE}")
    for value in (COOKIE, f"id:123-ABC-456&token:{COOKIE}"):
        answer = await api.get(LEADS, filterType="cookies", filterValues=value, fields="cookies")
        assert answer.result == [{"id": lead_id, "cookies": COOKIE}]


@pytest.mark.asyncio
@pytest.mark.behaviour("associate-moves")
async def test_associate_refuses_bad_cookies_and_unknown_leads_and_moves_a_known_cookie(api: Any) -> None:
    first, second = await api.create(email="1@example.com"), await api.create(email="2@example.com")
    path = "/rest/v1/leads/{}/associate.json"
    answer = await api.post(path.format(first), id=first, cookie=COOKIE)
    assert answer.json == {"requestId": answer.json["requestId"], "success": True}
    assert (await api.post(path.format(first))).code == "1002"
    assert (await api.post(path.format(first), cookie="nope")).code == "1012"
    assert (await api.post(path.format(99), cookie=COOKIE)).code == "1004"
    await api.post(path.format(second), cookie=COOKIE)
    assert [row["id"] for row in (await api.get(LEADS, filterType="cookies", filterValues=COOKIE)).result] == [second]


# ------------------------------------------------------------------------------------------------------- describe


STANDARD_COUNT = 90
SOCIAL = {"facebookId", "twitterId", "linkedInId", "linkedInProfileURL"}
CRM = {"sfdcAccountId", "sfdcContactId", "sfdcId", "sfdcLeadId", "sfdcLeadOwnerId", "sfdcOpptyId", "sfdcType"}


@pytest.mark.asyncio
async def test_describe_lists_standard_social_and_salesforce_fields(api: Any) -> None:
    rows = (await api.get("/rest/v1/leads/describe.json", batchSize=300)).result
    fields = {row["rest"]["name"]: row for row in rows}
    assert fields["company"] == {
        "id": 4,
        "displayName": "Company Name",
        "dataType": "string",
        "length": 255,
        "rest": {"name": "company", "readOnly": False},
        "soap": {"name": "Company", "readOnly": False},
    }
    assert fields["mktoName"]["displayName"] == "Full Name"
    assert fields["mktoName"]["rest"]["readOnly"] is True
    assert (fields["firstName"]["id"], fields["firstName"]["displayName"]) == (53, "First Name")
    assert (fields["leadScore"]["id"], fields["leadScore"]["dataType"]) == (146, "integer")
    assert fields["id"]["rest"]["readOnly"] is False
    assert "length" not in fields["createdAt"]
    assert set(fields) >= SOCIAL | CRM | {"sfdcIsDeleted"}
    assert len({row["id"] for row in rows}) == len(rows)
    assert len(fields) - len(SOCIAL | CRM) - 6 == STANDARD_COUNT


@pytest.mark.asyncio
@pytest.mark.behaviour("describe-crm-and-social")
async def test_the_switches_decide_which_fields_exist(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none", social="off")
    names = {row["rest"]["name"] for row in (await api.get("/rest/v1/leads/describe.json")).result}
    assert len(names) == STANDARD_COUNT
    assert not names & (SOCIAL | CRM)
    assert (await api.get("/rest/v1/lead/1.json", fields="sfdcLeadId")).code == "1006"
    assert (await api.get(LEADS, filterType="sfdcLeadId", filterValues="x")).code == "1011"
    (row,) = (await api.get("/rest/v1/leads/describe2.json")).result
    assert row["searchableFields"] == [["cookies"], ["email"], ["externalSalesPersonId"], ["id"], ["leadPartitionId"]]


@pytest.mark.asyncio
@pytest.mark.behaviour("describe2-searchable")
async def test_describe2_lists_exactly_what_filters(api: Any) -> None:
    (row,) = (await api.get("/rest/v1/leads/describe2.json")).result
    assert row["name"] == "API Lead"
    fields = {field["name"]: field for field in row["fields"]}
    assert fields["email"] == {
        "name": "email",
        "displayName": "Email Address",
        "dataType": "email",
        "length": 255,
        "updateable": True,
        "crmManaged": False,
    }
    assert (fields["sfdcLeadId"]["updateable"], fields["sfdcLeadId"]["crmManaged"]) == (False, True)
    assert fields["id"]["updateable"] is False
    searchable = {name for (name,) in row["searchableFields"]}
    sample = {"id": "1", "leadPartitionId": "1", "cookies": COOKIE}
    for name in fields:
        answer = await api.get(LEADS, filterType=name, filterValues=sample.get(name, "x"))
        assert (answer.code is None) == (name in searchable), name


# ------------------------------------------------------------------------------------------------------- switches


@pytest.mark.asyncio
@pytest.mark.behaviour("read-lag")
async def test_read_lag_shows_old_values_for_a_while(make_api: Callable[..., Any]) -> None:
    api = make_api(read_lag=5)
    lead_id = await api.create(email="lag@example.com", firstName="Old", unsubscribed=True)
    await api.sync({"email": "lag@example.com", "firstName": "New", "unsubscribed": False})
    await api.sync({"email": "lag@example.com", "firstName": "Newest"})
    path = f"/rest/v1/lead/{lead_id}.json"
    fields = "firstName,unsubscribed"
    assert (await api.get(path, fields=fields)).result == [{"id": lead_id, "firstName": "Old", "unsubscribed": True}]
    assert (await api.get(LEADS, filterType="email", filterValues="lag@example.com")).result[0]["firstName"] == "Old"
    await api.advance(seconds=5)
    assert (await api.get(path, fields=fields)).result == [
        {"id": lead_id, "firstName": "Newest", "unsubscribed": False}
    ]
