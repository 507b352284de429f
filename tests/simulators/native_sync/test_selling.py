"""Accounts, opportunities and contact roles of Salesforce as companies, opportunities and roles in Marketo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio

SHARED = ("company", "website", "industry", "mainPhone", "billingCity", "billingCountry", "numberOfEmployees")


async def read(pair: Any, path: str, key: str, value: str, *fields: str) -> list[dict[str, Any]]:
    answer = await pair.marketo.call(
        "GET", f"/rest/v1/{path}.json", filterType=key, filterValues=value, fields=",".join(fields)
    )
    rows: list[dict[str, Any]] = answer["result"]
    return [{name: row[name] for name in fields} for row in rows]


async def shared(pair: Any, person: Any) -> list[Any]:
    row = await pair.marketo.person("id", person.marketo_id, *SHARED)
    return [row[name] for name in SHARED]


def content(pair: Any, table: str) -> list[tuple[Any, ...]]:
    database = pair.simulators.marketo.database
    return [tuple(row) for row in database.rows(f"SELECT * FROM {table} ORDER BY 1")]


async def test_a_changed_account_changes_the_company_and_its_people(pair: Any) -> None:
    contact = pair.contact()
    colleagues = [one for one in pair.world.people if one.account_id == contact.account_id and not one.crm_deleted]
    before = await shared(pair, contact)
    await pair.salesforce.update("Account", contact.account_id, Website="https://new.example", NumberOfEmployees=7)
    assert (await pair.cycle())["companies_changed"] == 1
    (company,) = await read(pair, "companies", "externalCompanyId", contact.account_id, *SHARED)
    for colleague in colleagues:
        assert await shared(pair, colleague) == list(company.values())
    assert list(company.values()) == [before[0], "https://new.example", *before[2:6], 7]
    changes = {(kind, lead, field) for kind, lead, field in await pair.marketo.activities() if kind == 13}
    assert {
        (13, one.marketo_id, field) for one in colleagues for field in ("Website", "Number Of Employees")
    } == changes
    assert "companies_changed" not in await pair.cycle()


async def test_who_changes_the_account_has_the_values_of_the_new_one(pair: Any) -> None:
    contact = pair.contact()
    account = await pair.salesforce.create("Account", Name="Bolt Works", Industry="Energy")
    await pair.salesforce.update("Contact", contact.salesforce_id, AccountId=account)
    await pair.cycle()
    assert await shared(pair, contact) == ["Bolt Works", None, "Energy", None, None, None, None]
    fresh = await pair.salesforce.create("Contact", LastName="Stern", AccountId=contact.account_id)
    await pair.cycle()
    person = await pair.marketo.person("sfdcContactId", fresh, *SHARED)
    (company,) = await read(pair, "companies", "externalCompanyId", contact.account_id, *SHARED)
    assert {name: person[name] for name in SHARED} == company
    await pair.salesforce.update("Contact", contact.salesforce_id, AccountId=None)
    await pair.cycle()
    assert await shared(pair, contact) == [None] * len(SHARED)


async def test_an_opportunity_comes_changes_and_goes(pair: Any) -> None:
    contact = pair.contact()
    fields = {"StageName": "Prospecting", "CloseDate": "2026-06-30", "Amount": 1604.47}
    one = await pair.salesforce.create("Opportunity", Name="Chairs", AccountId=contact.account_id, **fields)
    made = await pair.salesforce.create(
        "OpportunityContactRole", OpportunityId=one, ContactId=contact.salesforce_id, Role="Evaluator", IsPrimary=True
    )
    await pair.cycle()
    wanted = ("name", "stage", "amount", "closeDate", "isClosed", "externalCompanyId")
    assert await read(pair, "opportunities", "externalOpportunityId", one, *wanted) == [
        dict(zip(wanted, ("Chairs", "Prospecting", 1604.47, "2026-06-30", False, contact.account_id), strict=True))
    ]
    role = ("leadId", "role", "isPrimary")
    found = {"leadId": contact.marketo_id, "role": "Evaluator", "isPrimary": True}
    assert await read(pair, "opportunities/roles", "externalOpportunityId", one, *role) == [found]
    await pair.salesforce.update("Opportunity", one, StageName="Closed Won")
    await pair.salesforce.update("OpportunityContactRole", made, Role="Decision Maker")
    await pair.cycle()
    assert await read(pair, "opportunities", "externalOpportunityId", one, "stage", "isWon") == [
        {"stage": "Closed Won", "isWon": True}
    ]
    assert await read(pair, "opportunities/roles", "externalOpportunityId", one, *role) == [
        found | {"role": "Decision Maker"}
    ]
    await pair.salesforce.delete("OpportunityContactRole", made)
    await pair.cycle()
    assert await read(pair, "opportunities/roles", "externalOpportunityId", one, *role) == []
    await pair.salesforce.delete("Opportunity", one)
    await pair.cycle()
    assert await read(pair, "opportunities", "externalOpportunityId", one, "name") == []


async def test_roles_leave_their_activities(pair: Any) -> None:
    contact = pair.contact()
    one = await pair.salesforce.create(
        "Opportunity", Name="Chairs", AccountId=contact.account_id, StageName="Prospecting", CloseDate="2026-06-30"
    )
    role = await pair.salesforce.create(
        "OpportunityContactRole", OpportunityId=one, ContactId=contact.salesforce_id, Role="Evaluator"
    )
    await pair.cycle()
    await pair.salesforce.update("Opportunity", one, StageName="Closed Lost")
    await pair.cycle()
    await pair.salesforce.delete("OpportunityContactRole", role)
    await pair.cycle()
    rows = pair.simulators.marketo.database.rows(
        "SELECT type_id, asset FROM activities WHERE lead_id = ? AND type_id IN (34, 35, 36) ORDER BY id",
        (contact.marketo_id,),
    )
    assert [tuple(row) for row in rows] == [(34, "Chairs"), (36, "Chairs"), (35, "Chairs")]


async def test_reading_everything_again_changes_nothing(pair: Any) -> None:
    """A touch of each record makes the sync read them all; the seed holds what it would write."""
    tables = ("companies", "opportunities", "opportunity_roles")
    before = {table: content(pair, table) for table in tables}
    watermarks = dict.fromkeys(("Account", "Opportunity", "OpportunityContactRole"))
    state = pair.sync._store.load()
    for name in watermarks:
        state.watermarks[name] = pair.world.start - timedelta(days=2_000)
    with pair.simulators.marketo.database.transaction():
        pair.sync._store.save(state)
    outcome = await pair.cycle()
    assert outcome["salesforce_calls"] > 5, "more than an idle cycle"
    assert "companies_changed" not in outcome
    assert {table: content(pair, table) for table in tables} == before


async def test_what_the_user_of_the_sync_cannot_see_is_left_alone(pair: Any) -> None:
    contact = pair.contact()
    before = await shared(pair, contact)
    for field in ("Website", "Industry"):
        await pair.salesforce.control("profile", {"object": "Account", "field": field, "state": "hidden"})
    await pair.salesforce.update("Account", contact.account_id, Phone="+1 555 0100")
    await pair.cycle()
    assert await shared(pair, contact) == [*before[:3], "+1 555 0100", *before[4:]]
