"""The seed as Marketo has it, and the way back to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

LEADS = "/rest/v1/leads.json"


async def everybody(api: Any, fields: str) -> list[dict[str, Any]]:
    """Read all people by their ids."""
    last = api.simulator.database.value("SELECT max(id) FROM leads")
    rows: list[dict[str, Any]] = []
    for first in range(1001, last + 1, 300):
        values = ",".join(str(number) for number in range(first, first + 300))
        answer = await api.form(LEADS, _method="GET", filterType="id", filterValues=values, fields=fields)
        rows += answer.result
    return rows


@pytest.mark.asyncio
async def test_people_are_in_marketo_as_the_native_sync_left_them(seeded: Any, world: Any) -> None:
    fields = (
        "firstName,lastName,email,company,title,phone,mobilePhone,linkedInProfileURL,leadSource,createdAt,updatedAt,"
        "unsubscribed,mktoName,sfdcType,sfdcId,sfdcLeadId,sfdcContactId,sfdcAccountId,sfdcOpptyId,sfdcLeadOwnerId,"
        "sfdcIsDeleted"
    )
    leads = {row["id"]: row for row in await everybody(seeded, fields)}
    assert len(leads) == len(world.people)
    for person in world.people:
        contact = person.kind == "contact"
        lead = leads[person.marketo_id]
        assert lead == {
            "id": person.marketo_id,
            "firstName": person.first_name,
            "lastName": person.last_name,
            "mktoName": " ".join(part for part in (person.first_name, person.last_name) if part) or None,
            "email": person.email,
            "company": person.company,
            "title": person.title,
            "phone": person.phone,
            "mobilePhone": person.mobile_phone,
            "linkedInProfileURL": person.linkedin_url,
            "leadSource": person.lead_source,
            "createdAt": person.created_at.isoformat().replace("+00:00", "Z"),
            "updatedAt": person.updated_at.isoformat().replace("+00:00", "Z"),
            "unsubscribed": person.unsubscribed,
            "sfdcType": None if person.kind == "marketo_only" else person.kind.capitalize(),
            "sfdcId": person.salesforce_id,
            "sfdcLeadId": None if contact else person.salesforce_id,
            "sfdcContactId": person.salesforce_id if contact else None,
            "sfdcAccountId": person.account_id,
            "sfdcOpptyId": person.opportunity_id,
            "sfdcLeadOwnerId": person.owner_id,
            "sfdcIsDeleted": person.crm_deleted,
        }


@pytest.mark.asyncio
async def test_ownership_is_as_documented(seeded: Any) -> None:
    rows = await everybody(seeded, "sfdcLeadOwnerId,sfdcType")
    owners = Counter((row["sfdcLeadOwnerId"] or "")[:3] for row in rows)
    assert owners == {"005": 340, "00G": 20, "": 40}
    assert Counter(row["sfdcType"] for row in rows)[None] == 32


@pytest.mark.asyncio
async def test_everybody_has_a_new_lead_row_at_their_creation(seeded: Any, world: Any) -> None:
    token = (await seeded.get("/rest/v1/activities/pagingtoken.json", sinceDatetime="2020-01-01")).json["nextPageToken"]
    rows = await seeded.activities(12, token=token)
    created = {person.marketo_id: person.created_at.isoformat().replace("+00:00", "Z") for person in world.people}
    assert {row["leadId"]: row["activityDate"] for row in rows} == created
    assert len(rows) == len(created)


@pytest.mark.asyncio
async def test_the_seed_follows_the_switches(make_api: Callable[..., Any], world: Any) -> None:
    plain = make_api(people=True, crm="none", social="off")
    assert len(await everybody(plain, "email")) == len(world.people)
    empty = make_api(people=True, contact_owner="empty")
    rows = await everybody(empty, "sfdcType,sfdcLeadOwnerId")
    assert {row["sfdcLeadOwnerId"] for row in rows if row["sfdcType"] == "Contact"} == {None}
    assert None in {row["sfdcLeadOwnerId"] for row in rows if row["sfdcType"] is None}
    assert any(row["sfdcLeadOwnerId"] for row in rows if row["sfdcType"] == "Lead")


def content(simulator: Any) -> bytes:
    """The image of the rows without the file header, which counts how often it was written."""
    image: bytes = simulator.database.snapshot()
    return image[100:]


@pytest.mark.asyncio
async def test_reset_goes_back_to_the_seed_in_every_respect(seeded: Any) -> None:
    simulator = seeded.simulator
    before = content(simulator)
    token = await seeded.log_in()
    first_id = await seeded.create(email="x@example.com")
    first_request = (await seeded.get("/rest/v1/lead/1001.json")).json["requestId"]
    await seeded.sync({"id": 1001, "firstName": "Other"}, action="updateOnly", lookupField="id")
    await seeded.post("/rest/v1/leads/delete.json", id=1002)
    await seeded.post(
        "/rest/v1/activities/external/type.json",
        {
            "apiName": "a",
            "name": "A",
            "triggerName": "t",
            "filterName": "f",
            "primaryAttribute": {"apiName": "p", "name": "P"},
        },
    )
    await seeded.control("POST", "activity-types", {"id": 60, "name": "Extra"})
    await seeded.control("POST", "limits", {"calls_per_day": 10, "export_bytes_today": 5})
    await seeded.fault("error", error={"code": "608"})
    assert (await seeded.control("POST", "reset")).status == 200
    assert content(simulator) == before
    assert (await seeded.control("GET", "limits")).json["calls_per_day"] == 50_000
    assert (await seeded.control("GET", "limits")).json["used"]["export_bytes_today"] == 0
    assert (await seeded.get("/rest/v1/lead/1001.json")).code == "601"
    assert await seeded.log_in() == token
    assert (await seeded.get("/rest/v1/activities/external/types.json")).result == []
    assert 60 not in [row["id"] for row in (await seeded.get("/rest/v1/activities/types.json")).result]
    assert (await seeded.get("/rest/v1/lead/1002.json")).code is None
    assert await seeded.create(email="x@example.com") == first_id
    assert (await seeded.get("/rest/v1/lead/1001.json")).json["requestId"] != first_request
    assert (await seeded.get("/rest/v1/stats/usage.json")).result[0]["total"] == 6


@pytest.mark.asyncio
@pytest.mark.parametrize("swapped_up_to", [0, 1 << 30])
async def test_reset_works_again_and_again_for_images_of_any_size(
    seeded: Any, monkeypatch: pytest.MonkeyPatch, swapped_up_to: int
) -> None:
    monkeypatch.setattr("actionsync_simulators.database.SWAPPED_UP_TO", swapped_up_to)
    before = content(seeded.simulator)
    for _ in range(3):
        await seeded.log_in()
        found = await seeded.get(LEADS, filterType="id", filterValues="1001,1002")
        assert len(found.result) == 2
        await seeded.post("/rest/v1/leads/delete.json", id="1001,1002")
        seeded.simulator.reset()
        assert content(seeded.simulator) == before


@pytest.mark.asyncio
async def test_a_snapshot_brings_back_rows_types_and_lists(seeded: Any) -> None:
    lead_id = await seeded.create(email="kept@example.com")
    body = {
        "apiName": "kept",
        "name": "Kept",
        "triggerName": "t",
        "filterName": "f",
        "primaryAttribute": {"apiName": "p", "name": "P"},
    }
    await seeded.post("/rest/v1/activities/external/type.json", body)
    snapshot = (await seeded.control("POST", "snapshot")).json["id"]
    await seeded.post("/rest/v1/activities/external/type/kept/delete.json")
    await seeded.post("/rest/v1/leads/delete.json", id=lead_id)
    await seeded.control("POST", "restore", {"id": snapshot})
    assert (await seeded.get(f"/rest/v1/lead/{lead_id}.json")).code is None
    assert [row["apiName"] for row in (await seeded.get("/rest/v1/activities/external/types.json")).result] == ["kept"]


def test_the_same_seed_gives_the_same_state_byte_for_byte(make_api: Callable[..., Any]) -> None:
    first, second = make_api(people=True), make_api(people=True)
    assert content(first.simulator) == content(second.simulator)


@pytest.mark.asyncio
async def test_the_ledger_pages_and_filters(seeded: Any) -> None:
    page = (await seeded.control("GET", "ledger/activities?type=12&limit=300")).json
    assert len(page["activities"]) == 300
    rest = (await seeded.control("GET", f"ledger/activities?type=12&limit=300&after={page['after']}")).json
    assert (len(rest["activities"]), rest["after"]) == (100, None)
    of_one = (await seeded.control("GET", "ledger/activities?lead=1001")).json["activities"]
    assert {row["leadId"] for row in of_one} == {1001}
    assert (await seeded.control("GET", "ledger/activities?lead=x")).status == 400


@pytest.mark.asyncio
async def test_control_calls_are_listed_and_wrong_input_is_explained(api: Any) -> None:
    calls = (await api.control("GET", "")).json["calls"]
    for call in ("POST /_sim/tokens/expire", "POST /_sim/users", "GET /_sim/ledger/activities"):
        assert call in calls
    for body in ({}, {"client_id": "a", "client_secret": "b", "user": "u", "permissions": ["Fly"]}):
        refused = await api.control("POST", "users", body)
        assert (refused.status, set(refused.json)) == (400, {"error", "hint"})
