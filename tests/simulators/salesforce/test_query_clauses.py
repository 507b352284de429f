"""What clauses of SOQL do over HTTP, beyond what the compiler's own tests show."""

from __future__ import annotations

from typing import Any

import pytest


async def asked(api: Any, query: str, path: str = "query") -> Any:
    return await api("GET", path, params={"q": query})


@pytest.mark.asyncio
@pytest.mark.behaviour("query-for-update")
@pytest.mark.parametrize("path", ["query", "queryAll"])
async def test_for_update_waits_for_no_row_that_is_held(api: Any, path: str) -> None:
    held = await api.create("Lead", LastName="Held", Company="C")
    await api.create("Lead", LastName="Free", Company="C")
    query = "SELECT Id FROM Lead WHERE LastName = '{}' LIMIT 5 {}"
    await api.control("POST", "rules", kind="lock", record=held)
    refused = await asked(api, query.format("Held", "FOR UPDATE"), path)
    assert (refused.status, refused.code) == (400, "UNABLE_TO_LOCK_ROW")
    assert (await asked(api, query.format("Free", "FOR UPDATE"), path)).body["totalSize"] == 1
    assert (await asked(api, query.format("Held", "FOR VIEW"), path)).body["totalSize"] == 1
    await api.control("DELETE", "rules")
    assert (await asked(api, query.format("Held", "FOR UPDATE"), path)).body["totalSize"] == 1


@pytest.mark.asyncio
@pytest.mark.behaviour("query-typeof")
async def test_typeof_reads_what_the_parent_is(api: Any) -> None:
    account = await api.create("Account", Name="Acme", Phone="1")
    lead = await api.create("Lead", LastName="L", Company="C")
    await api.create("Task", Subject="T1", WhatId=account)
    await api.create("Task", Subject="T2", WhoId=lead)
    answer = await asked(
        api,
        "SELECT Subject, TYPEOF What WHEN Account THEN Phone WHEN Opportunity THEN Amount ELSE Name END,"
        " TYPEOF Owner WHEN User THEN Username END FROM Task ORDER BY Subject",
    )
    first, second = answer.body["records"]
    assert first["What"] == {
        "attributes": {"type": "Account", "url": f"/services/data/v60.0/sobjects/Account/{account}"},
        "Phone": "1",
    }
    assert (second["What"], second["Owner"]["Username"]) == (None, "admin@simulator.example")


@pytest.mark.asyncio
@pytest.mark.behaviour("query-subtotals")
async def test_rollup_adds_totals(api: Any) -> None:
    for status, priority in (("Completed", "High"), ("Completed", "Low"), ("Deferred", "Low")):
        await api.create("Task", Subject="T", Status=status, Priority=priority)
    answer = await asked(
        api,
        "SELECT Status, Priority, GROUPING(Priority) total, COUNT(Id) n FROM Task GROUP BY ROLLUP(Status, Priority)",
    )
    found = [(row["Status"], row["Priority"], row["total"], row["n"]) for row in answer.body["records"]]
    assert found == [
        ("Completed", "High", 0, 1),
        ("Completed", "Low", 0, 1),
        ("Completed", None, 1, 2),
        ("Deferred", "Low", 0, 1),
        ("Deferred", None, 1, 1),
        (None, None, 1, 3),
    ]


@pytest.mark.asyncio
@pytest.mark.behaviour("query-text-case")
async def test_text_has_no_case_and_stays_so_after_a_reset(api: Any) -> None:
    for round_ in range(2):
        await api.create("Lead", LastName="ÇELİK", Company="ÅÄÖ")
        for condition in ("Company = 'åäö'", "LastName LIKE 'çe%'", "Company IN ('x', 'Åäö')"):
            answer = await asked(api, f"SELECT LastName FROM Lead WHERE {condition} ORDER BY LastName, Company")
            assert [row["LastName"] for row in answer.body["records"]] == ["ÇELİK"], (round_, condition)
        greatest = await asked(api, "SELECT MAX(Company) m FROM Lead WHERE Company = 'ÅÄÖ'")
        assert greatest.body["records"][0]["m"] == "ÅÄÖ"
        await api.control("POST", "reset")
        await api.log_in()
