"""People of a company share its values, and only the company can change them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import pytest_asyncio

LEADS = "/rest/v1/leads.json"
COMPANIES = "/rest/v1/companies"


@pytest_asyncio.fixture
async def bare(make_api: Callable[..., Any]) -> Any:
    return make_api(crm="none")


async def sync(api: Any, *records: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await api.post(f"{COMPANIES}.json", {"input": list(records)})).result
    assert all(row["status"] in ("created", "updated") for row in rows), rows
    return rows


async def read(api: Any, lead_id: int, *fields: str) -> list[Any]:
    (row,) = (await api.get(f"/rest/v1/lead/{lead_id}.json", fields=",".join(fields))).result
    return [row[name] for name in fields]


def reason(rows: list[dict[str, Any]]) -> str:
    (row,) = rows
    code: str = row["reasons"][0]["code"]
    return code


@pytest.mark.asyncio
@pytest.mark.behaviour("companies-share-their-values")
async def test_writing_a_company_changes_its_people(bare: Any) -> None:
    ann = await bare.create(email="a@example.com", externalCompanyId="C-1")
    bob = await bare.create(email="b@example.com", externalCompanyId="c-1")
    other = await bare.create(email="o@example.com", company="Own")
    token = await bare.cursor()
    await sync(bare, {"externalCompanyId": "C-1", "company": "Acme", "industry": "Steel"})
    for lead_id in (ann, bob):
        assert await read(bare, lead_id, "company", "industry", "website") == ["Acme", "Steel", None]
    assert await read(bare, other, "company", "industry") == ["Own", None]
    rows = await bare.activities(13, token=token)
    assert sorted((row["leadId"], row["primaryAttributeValue"]) for row in rows) == [
        (ann, "Company Name"),
        (ann, "Industry"),
        (bob, "Company Name"),
        (bob, "Industry"),
    ]
    told = {one["name"]: one["value"] for one in rows[0]["attributes"]}
    assert (told["New Value"], told["Source"]) == ("Acme", "Web service API")
    token = await bare.cursor()
    await bare.advance(seconds=5)
    token = await bare.cursor()
    await sync(bare, {"externalCompanyId": "C-1", "industry": None, "numberOfEmployees": 12})
    assert await read(bare, ann, "company", "industry", "numberOfEmployees") == ["Acme", None, 12]
    assert len(await bare.activities(13, token=token)) == 4


@pytest.mark.asyncio
async def test_who_joins_a_company_has_its_values_from_then_on(bare: Any) -> None:
    await sync(bare, {"externalCompanyId": "C-1", "company": "Acme"}, {"externalCompanyId": "C-2", "company": "Bolt"})
    lead_id = await bare.create(email="a@example.com", company="Own", industry="Glass")
    for company, name in (("C-1", "Acme"), ("C-2", "Bolt")):
        (row,) = await bare.sync({"email": "a@example.com", "externalCompanyId": company})
        assert row["status"] == "updated"
        assert await read(bare, lead_id, "company", "industry") == [name, None]
    born = await bare.create(email="b@example.com", externalCompanyId="C-1")
    assert await read(bare, born, "company") == ["Acme"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "record",
    [
        {"company": "Mine"},
        {"industry": None},
        {"externalCompanyId": None},
        {"externalCompanyId": "C-2", "company": "Mine"},
    ],
)
async def test_company_fields_of_a_member_answer_1021(bare: Any, record: dict[str, Any]) -> None:
    await sync(bare, {"externalCompanyId": "C-1", "company": "Acme"})
    lead_id = await bare.create(email="a@example.com", externalCompanyId="C-1")
    assert reason(await bare.sync({"email": "a@example.com", **record})) == "1021"
    assert await read(bare, lead_id, "company", "externalCompanyId") == ["Acme", "C-1"]


@pytest.mark.asyncio
async def test_company_fields_of_a_salesforce_contact_answer_1021(seeded: Any, world: Any) -> None:
    contact = next(person for person in world.people if person.account_id)
    account = next(one for one in world.accounts if one.id == contact.account_id)
    names = ("company", "website", "industry", "mainPhone", "billingCity", "billingCountry", "numberOfEmployees")
    assert await read(seeded, contact.marketo_id, *names) == [
        account.name,
        account.website,
        account.industry,
        account.phone,
        account.billing_city,
        account.billing_country,
        account.employees,
    ]
    for record in ({"company": "Mine"}, {"externalCompanyId": "C-1"}):
        rows = await seeded.sync({"id": contact.marketo_id, **record}, action="updateOnly", lookupField="id")
        assert reason(rows) == "1021"
    lead = next(person for person in world.people if person.kind == "lead")
    (row,) = await seeded.sync({"id": lead.marketo_id, "company": "X"}, action="updateOnly", lookupField="id")
    assert row["status"] == "updated"


@pytest.mark.asyncio
@pytest.mark.behaviour("companies-release-their-people")
async def test_people_of_a_deleted_company_keep_its_values(bare: Any) -> None:
    await sync(bare, {"externalCompanyId": "C-1", "company": "Acme"})
    lead_id = await bare.create(email="a@example.com", externalCompanyId="C-1")
    await bare.post(f"{COMPANIES}/delete.json", {"input": [{"externalCompanyId": "C-1"}]})
    assert await read(bare, lead_id, "company", "externalCompanyId") == ["Acme", None]
    (row,) = await bare.sync({"email": "a@example.com", "company": "Mine"})
    assert row["status"] == "updated"


@pytest.mark.asyncio
async def test_people_are_found_in_the_seed_of_a_subscription_without_a_crm(
    make_api: Callable[..., Any], world: Any
) -> None:
    api = make_api(people=True, crm="none")
    contact = next(person for person in world.people if person.account_id and person.owner_id)
    assert await read(api, contact.marketo_id, "externalCompanyId", "externalSalesPersonId") == [
        contact.account_id,
        contact.owner_id,
    ]
    await sync(api, {"externalCompanyId": contact.account_id, "company": "Renamed"})
    colleagues = [person.marketo_id for person in world.people if person.account_id == contact.account_id]
    assert [await read(api, lead_id, "company") for lead_id in colleagues] == [["Renamed"]] * len(colleagues)


@pytest.mark.asyncio
async def test_company_values_are_checked(bare: Any) -> None:
    rows = (
        await bare.post(
            f"{COMPANIES}.json",
            {
                "input": [
                    {"externalCompanyId": "C-1", "numberOfEmployees": "many"},
                    {"externalCompanyId": "C-2", "sicCode": "x" * 41},
                ]
            },
        )
    ).result
    assert [row["reasons"][0]["code"] for row in rows] == ["1001", "1003"]
    assert rows[0]["reasons"][0]["message"] == "Invalid value 'many'. Required of type 'integer'"
