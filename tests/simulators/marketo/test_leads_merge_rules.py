"""Merge leads: companies, Salesforce records, and users who do not reach everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


async def merge(api: Any, winner: int, *losers: int, **params: Any) -> Any:
    return await api.post(f"/rest/v1/leads/{winner}/merge.json", leadIds=",".join(map(str, losers)), **params)


async def read(api: Any, lead_id: int, *fields: str) -> list[Any]:
    (row,) = (await api.get(f"/rest/v1/lead/{lead_id}.json", fields=",".join(fields))).result
    return [row[name] for name in fields]


async def companies(api: Any) -> None:
    records = [
        {"externalCompanyId": "C-1", "company": "Acme", "industry": "Steel"},
        {"externalCompanyId": "C-2", "company": "Bolt", "website": "https://bolt.example"},
    ]
    await api.post("/rest/v1/companies.json", {"input": records})


@pytest.mark.asyncio
async def test_a_member_keeps_its_company_whole(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none")
    await companies(api)
    winner = await api.create(email="w@example.com", externalCompanyId="C-1")
    member = await api.create(email="m@example.com", externalCompanyId="C-2")
    stranger = await api.create(email="s@example.com", sicCode="77", title="CEO")
    await merge(api, winner, member, stranger)
    assert await read(api, winner, "externalCompanyId", "company", "website", "sicCode", "title") == [
        "C-1",
        "Acme",
        None,
        None,
        "CEO",
    ]


@pytest.mark.asyncio
async def test_who_takes_over_a_company_takes_all_of_it(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none")
    await companies(api)
    winner = await api.create(email="w@example.com", company="Own", sicCode="77")
    member = await api.create(email="m@example.com", externalCompanyId="C-1")
    await merge(api, winner, member)
    assert await read(api, winner, "externalCompanyId", "company", "industry", "sicCode") == [
        "C-1",
        "Acme",
        "Steel",
        None,
    ]


@pytest.mark.asyncio
async def test_without_a_crm_nothing_is_merged_there(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none")
    winner, loser = await api.create(email="w@example.com"), await api.create(email="l@example.com")
    assert (await merge(api, winner, loser, mergeInCRM="true")).code is None
    (row,) = await api.activities(32)
    assert {one["name"]: one["value"] for one in row["attributes"]}["Merged in Sales"] is False


@pytest.mark.asyncio
async def test_a_record_deleted_in_salesforce_beats_nobody(api: Any) -> None:
    native = api.simulator.native
    deleted = native.create({"sfdcType": "Contact", "sfdcContactId": "0038d00000000wVAAQ", "email": "d@example.com"})
    native.mark_deleted_in_crm(deleted)
    lead = native.create({"sfdcType": "Lead", "sfdcLeadId": "00Q8d00000000wVAAQ", "email": "l@example.com"})
    await merge(api, deleted, lead, mergeInCRM="true")
    assert await read(api, lead, "email") == ["l@example.com"]
    assert (await api.get(f"/rest/v1/lead/{deleted}.json")).code == "1004"


@pytest.mark.asyncio
async def test_without_merge_in_crm_the_path_names_the_winner(api: Any) -> None:
    contact = api.simulator.native.create({"sfdcType": "Contact", "sfdcContactId": "0038d00000000wVAAQ"})
    known = await api.create(email="k@example.com")
    await merge(api, known, contact)
    assert await read(api, known, "sfdcType", "sfdcContactId") == ["Contact", "0038d00000000wVAAQ"]


@pytest.mark.asyncio
async def test_leads_of_other_partitions_are_not_there(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU"))
    hidden, own = await api.create(email="h@example.com"), await api.create(email="o@example.com")
    await api.post("/rest/v1/leads/partitions.json", {"input": [{"id": own, "partitionName": "EU"}]})
    permissions = ["Read-Write Lead", "Read-Only Asset"]
    user = {"client_id": "p", "client_secret": "s", "user": "p@example.com", "permissions": permissions}
    await api.control("POST", "users", {**user, "partitions": ["EU"]})
    other = type(api)(api.simulator, "p", "s")
    cookie = "_mch-example.com-1396310362214-46169"
    answers = [
        await merge(other, own, hidden),
        await merge(other, hidden, own),
        await other.post(f"/rest/v1/leads/{hidden}/associate.json", cookie=cookie),
        await other.get(f"/rest/v1/leads/{hidden}/listMembership.json"),
        await other.get(f"/rest/v1/lead/{hidden}.json"),
    ]
    assert [answer.code for answer in answers] == ["1004"] * len(answers)
    assert (await other.post(f"/rest/v1/leads/{own}/associate.json", cookie=cookie)).code is None


@pytest.mark.asyncio
async def test_a_move_between_partitions_is_a_change(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU"))
    lead_id = await api.create(email="a@example.com")
    (before,) = await read(api, lead_id, "updatedAt")
    await api.advance(seconds=30)
    await api.post("/rest/v1/leads/partitions.json", {"input": [{"id": lead_id, "partitionName": "EU"}]})
    assert (await read(api, lead_id, "updatedAt"))[0] > before
