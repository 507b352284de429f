"""Trees of records: created whole, in the order of their levels, or not at all."""

from __future__ import annotations

from typing import Any

import pytest


def record(kind: str, reference: str, **fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": kind, "referenceId": reference}, **fields}


def below(*records: dict[str, Any]) -> dict[str, Any]:
    return {"records": list(records)}


async def count(api: Any, sobject: str) -> int:
    answer = await api("GET", "query", params={"q": f"SELECT COUNT() FROM {sobject}"})
    return int(answer.body["totalSize"])


@pytest.mark.asyncio
@pytest.mark.behaviour("tree-by-levels")
async def test_records_and_those_below_them_are_created(api: Any) -> None:
    contact = record("contact", "ref2", LastName="S", Tasks=below(record("Task", "ref5", Subject="under the contact")))
    first = record("Account", "ref1", Name="A", Contacts=below(contact, record("Contact", "ref3", LastName="T")))
    first["Opportunities"] = below(
        record("Opportunity", "ref6", Name="O", StageName="Prospecting", CloseDate="2024-06-30")
    )
    answer = await api("POST", "composite/tree/Account", below(first, record("Account", "ref4", Name="B")))
    assert answer.status == 201
    assert answer.body["hasErrors"] is False
    ids = {one["referenceId"]: one["id"] for one in answer.body["results"]}
    assert list(ids) == ["ref1", "ref4", "ref2", "ref3", "ref6", "ref5"]
    assert (await api.read("Contact", ids["ref3"]))["AccountId"] == ids["ref1"]
    assert (await api.read("Opportunity", ids["ref6"]))["AccountId"] == ids["ref1"]
    task = await api.read("Task", ids["ref5"])
    assert (task["WhoId"], task["AccountId"]) == (ids["ref2"], ids["ref1"])


@pytest.mark.asyncio
@pytest.mark.behaviour("tree-all-or-none")
async def test_one_refused_record_takes_all_back(api: Any) -> None:
    before = await count(api, "Account")
    bad = record("Contact", "ref2", LastName="S", Email="123")
    answer = await api(
        "POST", "composite/tree/Account", below(record("Account", "ref1", Name="A", Contacts=below(bad)))
    )
    assert answer.status == 400
    error = {"statusCode": "INVALID_EMAIL_ADDRESS", "message": "Email: invalid email address: 123", "fields": ["Email"]}
    assert answer.body == {"hasErrors": True, "results": [{"referenceId": "ref2", "errors": [error]}]}
    assert await count(api, "Account") == before


def chain(levels: int) -> dict[str, Any]:
    """Accounts below accounts: the deepest has no further one."""
    deepest = record("Account", f"r{levels}", Name="deepest")
    for level in range(levels - 1, 0, -1):
        deepest = record("Account", f"r{level}", Name="x", ChildAccounts=below(deepest))
    return deepest


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("records", "reference"),
    [
        ([record("Account", "same", Name="A"), record("Account", "same", Name="B")], "same"),
        ([{"attributes": {"type": "Account"}, "Name": "A"}], ""),
        ([{"attributes": {"referenceId": "r"}, "Name": "A"}], "r"),
        ([record("Contact", "r", LastName="A")], "r"),
        ([record("Account", "r", Name="A", Contacts=below(record("Lead", "s", LastName="B")))], "s"),
        ([record("Account", f"r{n}", Name="A") for n in range(201)], "r0"),
        ([chain(6)], "r6"),
    ],
)
async def test_trees_that_are_none_or_too_large(api: Any, records: list[dict[str, Any]], reference: str) -> None:
    answer = await api("POST", "composite/tree/Account", {"records": records})
    assert answer.status == 400, answer.body
    [result] = answer.body["results"]
    assert (result["referenceId"], result["errors"][0]["statusCode"]) == (reference, "INVALID_INPUT")


@pytest.mark.asyncio
async def test_five_levels_and_two_hundred_records_are_allowed(api: Any) -> None:
    assert (await api("POST", "composite/tree/Account", {"records": [chain(5)]})).status == 201
    many = [record("Lead", f"r{n}", LastName="A", Company="B") for n in range(200)]
    answer = await api("POST", "composite/tree/Lead", {"records": many})
    assert len(answer.body["results"]) == 200


@pytest.mark.asyncio
async def test_records_of_more_than_five_types(api: Any) -> None:
    contact = record("Contact", "c", LastName="C", Tasks=below(record("Task", "t")), Events=below(record("Event", "e")))
    contact["OpportunityContactRoles"] = below(record("OpportunityContactRole", "r"))
    opportunity = record("Opportunity", "o", Name="O", StageName="x", CloseDate="2024-06-30")
    account = record("Account", "a", Name="A", Contacts=below(contact), Opportunities=below(opportunity))
    answer = await api("POST", "composite/tree/Account", below(account))
    assert answer.body["results"][0]["errors"][0]["statusCode"] == "INVALID_INPUT"
    assert "different types" in answer.body["results"][0]["errors"][0]["message"]


@pytest.mark.asyncio
@pytest.mark.parametrize("records", [None, [], {}, ["x"], [{"attributes": None}]])
async def test_bodies_that_are_no_trees(api: Any, records: Any) -> None:
    answer = await api("POST", "composite/tree/Account", {"records": records})
    assert answer.status == 400
    if isinstance(answer.body, list):
        assert answer.code == "JSON_PARSER_ERROR"


@pytest.mark.asyncio
async def test_what_cannot_be_created(api: Any) -> None:
    assert (await api("POST", "composite/tree/Nothing", below(record("Nothing", "r")))).code == "NOT_FOUND"
    assert (await api("POST", "composite/tree/TaskStatus", below(record("TaskStatus", "r")))).status == 405
    wrong_type = record("Account", "r", Name="A", NumberOfEmployees="many")
    assert (await api("POST", "composite/tree/Account", below(wrong_type))).code == "JSON_PARSER_ERROR"
