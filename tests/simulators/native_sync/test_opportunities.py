"""The opportunity of a contact: the most recently modified open one it has a role in."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio


async def opportunity(pair: Any, account: str, name: str, **values: Any) -> str:
    fields = {"StageName": "Prospecting", "CloseDate": "2026-06-30", **values}
    created: str = await pair.salesforce.create("Opportunity", Name=name, AccountId=account, **fields)
    return created


async def role(pair: Any, opportunity_id: str, contact_id: str) -> str:
    created: str = await pair.salesforce.create(
        "OpportunityContactRole", OpportunityId=opportunity_id, ContactId=contact_id, Role="Evaluator"
    )
    return created


async def current(pair: Any, contact: Any) -> str | None:
    person = await pair.marketo.person("id", contact.marketo_id, "sfdcOpptyId")
    found: str | None = person["sfdcOpptyId"]
    return found


def free_contact(pair: Any) -> Any:
    taken = {one.contact_id for one in pair.world.contact_roles}
    return pair.someone(lambda one: one.kind == "contact" and not one.crm_deleted and one.salesforce_id not in taken)


async def test_the_life_of_an_opportunity(pair: Any) -> None:
    contact = free_contact(pair)
    assert await current(pair, contact) is None
    first = await opportunity(pair, contact.account_id, "First")
    await pair.cycle()
    assert await current(pair, contact) is None, "without a role it is not the contact's"
    await role(pair, first, contact.salesforce_id)
    assert (await pair.cycle())["opportunities_changed"] == 1
    assert await current(pair, contact) == first
    second = await opportunity(pair, contact.account_id, "Second")
    second_role = await role(pair, second, contact.salesforce_id)
    await pair.cycle()
    assert await current(pair, contact) == second, "modified later"
    await pair.salesforce.update("Opportunity", first, NextStep="Call")
    await pair.cycle()
    assert await current(pair, contact) == first
    await pair.salesforce.update("Opportunity", first, StageName="Closed Lost")
    await pair.cycle()
    assert await current(pair, contact) == second, "the other one is closed"
    await pair.salesforce.delete("OpportunityContactRole", second_role)
    await pair.cycle()
    assert await current(pair, contact) is None


async def test_a_deleted_opportunity_is_no_longer_the_contacts(pair: Any) -> None:
    contact = free_contact(pair)
    only = await opportunity(pair, contact.account_id, "Only")
    await role(pair, only, contact.salesforce_id)
    await pair.cycle()
    assert await current(pair, contact) == only
    await pair.salesforce.delete("Opportunity", only)
    await pair.cycle()
    assert await current(pair, contact) is None


async def test_a_new_contact_with_a_role_has_its_opportunity_at_once(pair: Any) -> None:
    account = pair.world.accounts[0].id
    existing = await opportunity(pair, account, "Existing")
    await pair.cycle()
    contact = await pair.salesforce.create("Contact", LastName="Late", AccountId=account)
    await role(pair, existing, contact)
    await pair.cycle()
    person = await pair.marketo.person("sfdcContactId", contact)
    assert person["sfdcOpptyId"] == existing


async def test_every_opportunity_of_the_seed_is_what_the_sync_would_find(pair: Any) -> None:
    """A touch of each open opportunity makes the sync work them all out again."""
    for one in sorted(pair.world.opportunities, key=lambda item: (item.updated_at, item.id)):
        await pair.salesforce.update("Opportunity", one.id, NextStep="Touched")
        await pair.clock.advance(_second())
    outcome = await pair.cycle()
    assert outcome.get("opportunities_changed", 0) == 0


def _second() -> Any:
    from datetime import timedelta

    return timedelta(seconds=1)
