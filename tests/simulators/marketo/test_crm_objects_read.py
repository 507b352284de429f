"""Reading companies, opportunities, roles and sales persons: describe, keys and their aliases, fields, pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

BASE = "/rest/v1"
COMPANIES, PERSONS = f"{BASE}/companies", f"{BASE}/salespersons"
OPPORTUNITIES, ROLES = f"{BASE}/opportunities", f"{BASE}/opportunities/roles"
ID_FIELDS = {COMPANIES: "id", PERSONS: "id", OPPORTUNITIES: "marketoGUID", ROLES: "marketoGUID"}
DEDUPE = {
    COMPANIES: ["externalCompanyId"],
    PERSONS: ["externalSalesPersonId"],
    OPPORTUNITIES: ["externalOpportunityId"],
    ROLES: ["externalOpportunityId", "leadId", "role"],
}


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ID_FIELDS)
async def test_describe_names_the_keys(api: Any, path: str) -> None:
    (row,) = (await api.get(f"{path}/describe.json")).result
    assert (row["idField"], row["dedupeFields"]) == (ID_FIELDS[path], DEDUPE[path])
    fields = {field["name"]: field for field in row["fields"]}
    assert {"createdAt", "updatedAt", row["idField"]} <= set(fields)
    assert {name for key in row["searchableFields"] for name in key} <= set(fields)
    assert row["dedupeFields"] in row["searchableFields"]
    assert [row["idField"]] in row["searchableFields"]
    for name in (row["idField"], *row["dedupeFields"], "createdAt", "updatedAt"):
        assert fields[name]["updateable"] is False
    assert all(("length" in field) == (field["dataType"] in ("string", "url", "phone")) for field in fields.values())


@pytest.mark.asyncio
async def test_companies_are_the_accounts(seeded: Any, world: Any) -> None:
    account = world.accounts[0]
    asked = "company,website,mainPhone,industry,billingCity,billingCountry,numberOfEmployees,externalSalesPersonId"
    answer = await seeded.get(
        f"{COMPANIES}.json", filterType="externalCompanyId", filterValues=account.id, fields=asked
    )
    assert answer.result == [
        {
            "seq": 0,
            "id": 1,
            "company": account.name,
            "website": account.website,
            "mainPhone": account.phone,
            "industry": account.industry,
            "billingCity": account.billing_city,
            "billingCountry": account.billing_country,
            "numberOfEmployees": account.employees,
            "externalSalesPersonId": account.owner_id,
        }
    ]
    assert "moreResult" not in answer.json


@pytest.mark.asyncio
async def test_sales_persons_are_the_owners(seeded: Any, world: Any) -> None:
    owners = {person.owner_id for person in world.people if (person.owner_id or "").startswith("005")}
    values = ",".join(user.id for user in world.users)
    rows = (await seeded.get(f"{PERSONS}.json", filterType="dedupeFields", filterValues=values)).result
    assert owners <= {row["externalSalesPersonId"] for row in rows}
    assert [row["seq"] for row in rows] == list(range(len(rows)))
    user = next(user for user in world.users if user.id == rows[0]["externalSalesPersonId"])
    # Without `fields` every field that has a value is shown, and no other.
    assert set(rows[0]) == {
        "seq",
        "id",
        "externalSalesPersonId",
        "email",
        "firstName",
        "lastName",
        "title",
        "createdAt",
        "updatedAt",
    }
    assert (rows[0]["email"], rows[0]["lastName"]) == (user.email, user.last_name)
    by_email = (await seeded.get(f"{PERSONS}.json", filterType="email", filterValues=user.email.upper())).result
    assert by_email == [rows[0]]


@pytest.mark.asyncio
@pytest.mark.behaviour("opportunities-key-aliases")
async def test_opportunities_and_roles_are_those_of_the_world(seeded: Any, world: Any) -> None:
    one = world.opportunities[0]
    (row,) = (await seeded.get(f"{OPPORTUNITIES}.json", filterType="dedupeFields", filterValues=one.id)).result
    assert set(row) == {"seq", "marketoGUID", "externalOpportunityId", "createdAt", "updatedAt"}
    names = "name,stage,amount,isClosed,isWon,closeDate,externalCompanyId,externalSalesPersonId,description"
    (full,) = (
        await seeded.get(f"{OPPORTUNITIES}.json", filterType="idField", filterValues=row["marketoGUID"], fields=names)
    ).result
    assert full == {
        "seq": 0,
        "marketoGUID": row["marketoGUID"],
        "name": one.name,
        "stage": one.stage_name,
        "amount": one.amount,
        "isClosed": one.is_closed,
        "isWon": one.is_won,
        "closeDate": one.close_date,
        "externalCompanyId": one.account_id,
        "externalSalesPersonId": one.owner_id,
        "description": None,
    }
    people = {person.salesforce_id: person.marketo_id for person in world.people}
    expected = {(people[role.contact_id], role.role) for role in world.contact_roles if role.opportunity_id == one.id}
    answer = await seeded.get(f"{ROLES}.json", filterType="externalOpportunityId", filterValues=one.id)
    assert {(role["leadId"], role["role"]) for role in answer.result} == expected


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "field"),
    [
        pytest.param(COMPANIES, "company", marks=pytest.mark.behaviour("companies-key-aliases")),
        pytest.param(PERSONS, "lastName", marks=pytest.mark.behaviour("sales-persons-key-aliases")),
        pytest.param(ROLES, "role", marks=pytest.mark.behaviour("opportunity-roles-key-aliases")),
    ],
)
async def test_the_id_field_has_an_alias(seeded: Any, path: str, field: str) -> None:
    table = {COMPANIES: "companies", PERSONS: "sales_persons", ROLES: "opportunity_roles"}[path]
    key = seeded.simulator.database.value(f'SELECT "{ID_FIELDS[path]}" FROM {table}')
    rows = [
        (await seeded.get(f"{path}.json", filterType=name, filterValues=key, fields=field)).result
        for name in ("idField", ID_FIELDS[path])
    ]
    assert rows[0] == rows[1]
    assert rows[0][0][field]


@pytest.mark.asyncio
@pytest.mark.behaviour("opportunity-roles-compound-key")
async def test_a_compound_key_is_asked_for_in_a_tunnelled_body(seeded: Any, world: Any) -> None:
    role, other = world.contact_roles[:2]
    people = {person.salesforce_id: person.marketo_id for person in world.people}
    keys = [
        {"externalOpportunityId": one.opportunity_id, "leadId": people[one.contact_id], "role": one.role}
        for one in (role, other)
    ]
    body = {
        "filterType": "dedupeFields",
        "fields": ["marketoGuid", "externalOpportunityId", "leadId", "role"],
        "input": [*keys, keys[0] | {"role": "Nobody"}],
    }
    answer = await seeded.post(f"{ROLES}.json", body, _method="GET")
    assert [{name: row[name] for name in keys[0]} for row in answer.result] == keys
    assert all(set(row) == {"seq", "marketoGUID", *keys[0]} for row in answer.result)
    without = body | {"input": [{"externalOpportunityId": role.opportunity_id, "leadId": 1}]}
    assert (await seeded.post(f"{ROLES}.json", without, _method="GET")).code == "1003"
    assert (await seeded.get(f"{ROLES}.json", filterType="dedupeFields", filterValues="x")).code == "1002"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "key"),
    [
        pytest.param(COMPANIES, "externalCompanyId", marks=pytest.mark.behaviour("companies-pages")),
        pytest.param(PERSONS, "externalSalesPersonId", marks=pytest.mark.behaviour("sales-persons-pages")),
        pytest.param(OPPORTUNITIES, "externalOpportunityId", marks=pytest.mark.behaviour("opportunities-pages")),
        pytest.param(ROLES, "externalOpportunityId", marks=pytest.mark.behaviour("opportunity-roles-pages")),
    ],
)
async def test_pages_hold_every_record_once(seeded: Any, path: str, key: str) -> None:
    table = {PERSONS: "sales_persons", ROLES: "opportunity_roles"}.get(path, path.rpartition("/")[2])
    keys = [row[0] for row in seeded.simulator.database.rows(f'SELECT DISTINCT "{key}" FROM {table}')]
    params = {"filterType": key, "filterValues": ",".join(keys), "batchSize": 3, "_method": "GET"}
    found: list[str] = []
    while True:
        page = await seeded.form(f"{path}.json", **params)
        assert [row["seq"] for row in page.result] == list(range(len(page.result)))
        found += [row[ID_FIELDS[path]] for row in page.result]
        assert ("nextPageToken" in page.json) == page.json.get("moreResult", False)
        if "nextPageToken" not in page.json:
            break
        assert len(page.result) == 3
        params["nextPageToken"] = page.json["nextPageToken"]
    assert len(found) == len(set(found)) == seeded.simulator.database.value(f"SELECT count(*) FROM {table}")


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ID_FIELDS)
@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("1001", {"batchSize": "x"}),
        ("1002", {"filterType": ""}),
        ("1002", {"filterValues": ""}),
        ("1003", {"batchSize": 301}),
        ("1003", {"filterValues": ",".join(str(number) for number in range(301))}),
        ("1003", {"nextPageToken": "x"}),
        ("1006", {"fields": "id,nope"}),
        ("1011", {"filterType": "createdAt"}),
        ("1011", {"filterType": "nope"}),
    ],
)
async def test_wrong_questions(seeded: Any, path: str, code: str, changes: dict[str, Any]) -> None:
    params = {"filterType": "idField", "filterValues": "1"} | changes
    if path in (OPPORTUNITIES, ROLES) and changes.get("fields"):
        params["fields"] = "marketoGUID,nope"
    assert (await seeded.get(f"{path}.json", **params)).code == code


@pytest.mark.asyncio
async def test_a_key_of_the_wrong_type(seeded: Any) -> None:
    assert (await seeded.get(f"{ROLES}.json", filterType="leadId", filterValues="x")).code == "1001"
    assert (await seeded.get(f"{COMPANIES}.json", filterType="id", filterValues="1.5")).code == "1001"


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ID_FIELDS)
async def test_nothing_found_is_an_empty_success(seeded: Any, path: str) -> None:
    answer = await seeded.get(f"{path}.json", filterType="idField", filterValues="999999999")
    assert answer.json.keys() == {"requestId", "success", "result"}
    assert answer.result == []


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ID_FIELDS)
async def test_the_whole_api_can_be_off_beside_a_crm(make_api: Callable[..., Any], path: str) -> None:
    api = make_api(crm_objects="off")
    for answer in (
        await api.get(f"{path}/describe.json"),
        await api.get(f"{path}.json", filterType="idField", filterValues="1"),
    ):
        assert (answer.code, answer.message) == ("1018", "CRM Enabled")
    without = make_api(crm="none", crm_objects="off")
    assert (await without.get(f"{path}/describe.json")).code is None


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ID_FIELDS)
async def test_reading_and_writing_need_their_own_permissions(make_api: Callable[..., Any], path: str) -> None:
    api = make_api(crm="none")
    thing = {COMPANIES: "Company", PERSONS: "Sales Person"}.get(path, "Opportunity")
    user = {"client_id": "o", "client_secret": "s", "user": "o@example.com"}
    await api.control("POST", "users", {**user, "permissions": [f"Read-Only {thing}"]})
    reader = type(api)(api.simulator, "o", "s")
    assert (await reader.get(f"{path}/describe.json")).code is None
    assert (await reader.post(f"{path}.json", {"input": [{}]})).code == "603"
    assert (await reader.post(f"{path}/delete.json", {"input": [{}]})).code == "603"
    stranger = type(api)(api.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    assert (await stranger.get(f"{path}/describe.json")).code == "603"
