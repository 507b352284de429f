"""Sales persons: their e-mail stays, and those in use cannot be deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PERSONS = "/rest/v1/salespersons"
ANN = {"externalSalesPersonId": "ann"}


@pytest.mark.asyncio
@pytest.mark.behaviour("sales-persons-in-use-stay")
async def test_a_sales_person_that_a_lead_names_stays(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none")
    await api.post(f"{PERSONS}.json", {"input": [ANN]})
    lead_id = await api.create(email="a@example.com", externalSalesPersonId="ann")
    (row,) = (await api.post(f"{PERSONS}/delete.json", {"input": [ANN]})).result
    assert row == {"seq": 0, "status": "skipped", "reasons": [{"code": "1022", "message": "Object in use"}]}
    await api.post("/rest/v1/leads/delete.json", id=lead_id)
    (row,) = (await api.post(f"{PERSONS}/delete.json", {"input": [ANN]})).result
    assert row["status"] == "deleted"


@pytest.mark.asyncio
async def test_a_sales_person_of_a_deleted_company_stays(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none")
    await api.post(f"{PERSONS}.json", {"input": [ANN]})
    company = {"externalCompanyId": "C-1"}
    await api.post("/rest/v1/companies.json", {"input": [company | {"externalSalesPersonId": "ann"}]})
    await api.post("/rest/v1/companies/delete.json", {"input": [company]})
    (row,) = (await api.post(f"{PERSONS}/delete.json", {"input": [ANN]})).result
    assert row["reasons"][0]["code"] == "1022"


@pytest.mark.asyncio
@pytest.mark.behaviour("sales-persons-keep-their-email")
async def test_the_email_does_not_change(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none")
    for email, outcome in (("a@example.com", "created"), ("A@example.com", "skipped"), ("a@example.com", "updated")):
        (row,) = (await api.post(f"{PERSONS}.json", {"input": [ANN | {"email": email}]})).result
        assert row["status"] == outcome
    (row,) = (await api.get(f"{PERSONS}.json", filterType="dedupeFields", filterValues="ann")).result
    assert row["email"] == "a@example.com"


@pytest.mark.asyncio
async def test_people_are_found_by_their_sales_person(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none")
    lead_id = await api.create(email="a@example.com", externalSalesPersonId="ann")
    rows = (await api.get("/rest/v1/leads.json", filterType="externalSalesPersonId", filterValues="ann")).result
    assert [row["id"] for row in rows] == [lead_id]
