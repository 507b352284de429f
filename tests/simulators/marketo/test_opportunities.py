"""Opportunities and roles: owners, links, and the activities that people get from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
import pytest_asyncio

OPPORTUNITIES, ROLES = "/rest/v1/opportunities", "/rest/v1/opportunities/roles"
CHAIRS = {"externalOpportunityId": "O-1", "name": "Chairs"}
ROLE = {"externalOpportunityId": "O-1", "leadId": 1, "role": "Buyer"}


@pytest_asyncio.fixture
async def bare(make_api: Callable[..., Any]) -> Any:
    """A subscription without a CRM, with one lead."""
    api = make_api(crm="none")
    assert await api.create(email="a@example.com") == 1
    return api


async def write(api: Any, path: str, *records: dict[str, Any]) -> list[str]:
    rows = (await api.post(f"{path}.json", {"input": list(records)})).result
    return [row["reasons"][0]["code"] if "reasons" in row else row["status"] for row in rows]


async def roles(api: Any, **wanted: Any) -> list[dict[str, Any]]:
    ((name, value),) = wanted.items()
    rows: list[dict[str, Any]] = (
        await api.get(f"{ROLES}.json", filterType=name, filterValues=value, fields="leadId,role,isPrimary")
    ).result
    return rows


def told(row: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in row["attributes"]}


@pytest.mark.asyncio
async def test_an_opportunity_needs_a_name_and_a_known_owner(bare: Any) -> None:
    nameless = {"externalOpportunityId": "O-1"}
    assert await write(bare, OPPORTUNITIES, nameless) == ["1002"]
    assert await write(bare, OPPORTUNITIES, CHAIRS | {"externalSalesPersonId": "ann"}) == ["718"]
    await bare.post("/rest/v1/salespersons.json", {"input": [{"externalSalesPersonId": "ann"}]})
    assert await write(bare, OPPORTUNITIES, CHAIRS | {"externalSalesPersonId": "ann"}) == ["created"]
    assert await write(bare, OPPORTUNITIES, CHAIRS | {"name": None}) == ["1002"]
    assert await write(bare, OPPORTUNITIES, CHAIRS | {"externalSalesPersonId": "bob"}) == ["718"]


@pytest.mark.asyncio
async def test_the_documented_amount_is_a_text_and_reads_as_a_number(bare: Any) -> None:
    assert await write(bare, OPPORTUNITIES, CHAIRS | {"amount": "1604.47"}) == ["created"]
    (row,) = (
        await bare.get(f"{OPPORTUNITIES}.json", filterType="dedupeFields", filterValues="O-1", fields="amount")
    ).result
    assert row["amount"] == 1604.47


@pytest.mark.asyncio
@pytest.mark.behaviour("opportunity-roles-leave-activities")
async def test_a_role_needs_both_ends_and_tells_its_lead(bare: Any) -> None:
    assert await write(bare, ROLES, ROLE) == ["1013"]
    await write(bare, OPPORTUNITIES, CHAIRS)
    assert await write(bare, ROLES, ROLE | {"leadId": 99}) == ["1004"]
    assert await write(bare, ROLES, ROLE | {"isPrimary": True}) == ["created"]
    (row,) = await bare.activities(34)
    assert (row["leadId"], row["primaryAttributeValue"]) == (1, "Chairs")
    assert told(row) == {"Is Primary": True, "Role": "Buyer"}
    (deleted,) = (await bare.post(f"{ROLES}/delete.json", {"input": [ROLE]})).result
    assert deleted["status"] == "deleted"
    assert [row["leadId"] for row in await bare.activities(35)] == [1]


@pytest.mark.asyncio
@pytest.mark.behaviour("opportunities-tell-their-people")
async def test_a_changed_opportunity_tells_the_people_with_a_role(bare: Any) -> None:
    other = await bare.create(email="b@example.com")
    await write(bare, OPPORTUNITIES, CHAIRS | {"stage": "Proposal"})
    await write(bare, ROLES, ROLE, ROLE | {"role": "Influencer"})
    await write(bare, OPPORTUNITIES, CHAIRS | {"stage": "Proposal"})
    assert await bare.activities(36) == []
    await write(bare, OPPORTUNITIES, CHAIRS | {"stage": "Won", "isWon": True})
    (row,) = await bare.activities(36)
    assert row["leadId"] == 1 != other
    assert orjson.loads(told(row)["Data Value Changes"]) == {
        "Stage": {"Old Value": "Proposal", "New Value": "Won"},
        "Is Won": {"Old Value": "False", "New Value": "True"},
    }


@pytest.mark.asyncio
@pytest.mark.behaviour("opportunities-take-roles-along")
async def test_roles_go_with_their_opportunity(bare: Any) -> None:
    await write(bare, OPPORTUNITIES, CHAIRS)
    await write(bare, ROLES, ROLE)
    await bare.post(f"{OPPORTUNITIES}/delete.json", {"input": [CHAIRS]})
    assert await roles(bare, leadId=1) == []
    (row,) = await bare.activities(35)
    assert (row["leadId"], row["primaryAttributeValue"]) == (1, "Chairs")


@pytest.mark.asyncio
async def test_roles_go_with_a_deleted_lead_and_move_with_a_merged_one(bare: Any) -> None:
    await write(bare, OPPORTUNITIES, CHAIRS)
    winner, doomed = await bare.create(email="w@example.com"), await bare.create(email="d@example.com")
    await write(bare, ROLES, ROLE, ROLE | {"leadId": doomed}, ROLE | {"leadId": winner, "role": "Judge"})
    await bare.post("/rest/v1/leads/delete.json", id=doomed)
    assert await roles(bare, leadId=doomed) == []
    await bare.post(f"/rest/v1/leads/{winner}/merge.json", leadId=1)
    assert {row["role"] for row in await roles(bare, leadId=winner)} == {"Buyer", "Judge"}
    assert await roles(bare, leadId=1) == []
