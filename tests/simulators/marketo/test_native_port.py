"""The door of Marketo's own Salesforce sync: what it finds, writes and leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

LEAD = "00Q8d00000AAAAAEAA"
CONTACT = "0038d00000BBBBBEAA"
OWNER, OTHER = "0058d000000000KAAQ", "0058d0000000008AAA"


def values(**changes: Any) -> dict[str, Any]:
    return {
        "email": "n@example.com",
        "firstName": "Nat",
        "lastName": "Ive",
        "sfdcType": "Lead",
        "sfdcId": LEAD,
        "sfdcLeadId": LEAD,
        "sfdcLeadOwnerId": OWNER,
        "sfdcIsDeleted": False,
        **changes,
    }


async def rows(api: Any, *type_ids: int) -> list[dict[str, Any]]:
    found = await api.activities(*type_ids)
    return [
        {
            "type": row["activityTypeId"],
            "lead": row["leadId"],
            "what": row.get("primaryAttributeValue"),
            **{pair["name"]: pair["value"] for pair in row["attributes"]},
        }
        for row in found
    ]


@pytest.mark.asyncio
async def test_a_created_person_is_found_by_15_and_18_characters_with_case(api: Any) -> None:
    port = api.simulator.native
    lead_id = port.create(values())
    assert (await api.control("GET", "limits")).json["used"]["calls_today"] == 0
    assert port.find(LEAD) == port.find(LEAD[:15]) == lead_id
    assert port.find(LEAD.lower()) is None
    assert port.find(CONTACT) is None
    (row,) = await rows(api, 12)
    assert (row["lead"], row["what"], row["SFDC Type"], row["Source Type"]) == (lead_id, "Nat Ive", "Lead", "SFDC Sync")
    assert "API Method Name" not in row
    (lead,) = (await api.get(f"/rest/v1/lead/{lead_id}.json", fields="sfdcLeadOwnerId,sfdcIsDeleted")).result
    assert lead == {"id": lead_id, "sfdcLeadOwnerId": OWNER, "sfdcIsDeleted": False}


@pytest.mark.asyncio
async def test_get_returns_every_field(api: Any) -> None:
    port = api.simulator.native
    lead = port.get(port.create(values()))
    assert set(lead) == {field.name for field in api.simulator.fields}
    assert (lead["sfdcLeadId"], lead["unsubscribed"], lead["phone"]) == (LEAD, False, None)
    with pytest.raises(KeyError):
        port.get(99)


@pytest.mark.asyncio
async def test_an_update_leaves_a_13_per_change_and_a_23_for_the_owner(api: Any) -> None:
    port = api.simulator.native
    lead_id = port.create(values())
    assert port.update(lead_id, values()) is False
    await api.advance(minutes=1)
    assert port.update(lead_id, values(sfdcLeadOwnerId=OTHER, title="Boss")) is True
    found = await rows(api, 13, 23)
    assert [(row["type"], row["what"]) for row in found] == [(13, "SFDC Lead Owner Id"), (13, "Job Title"), (23, None)]
    assert (found[0]["Old Value"], found[0]["New Value"]) == (OWNER, OTHER)
    assert found[0]["Source"] == found[0]["Reason"] == "SFDC Sync"
    assert found[2]["Old Owner"] == OWNER
    token = await api.cursor()
    changes = await api.get("/rest/v1/activities/leadchanges.json", fields="sfdcLeadOwnerId", nextPageToken=token)
    assert changes.result[0]["fields"][0]["name"] == "sfdcLeadOwnerId"
    assert port.get(lead_id)["updatedAt"] == "2026-11-24T12:01:00Z"


@pytest.mark.asyncio
async def test_a_record_deleted_in_salesforce_is_marked_once(api: Any) -> None:
    port = api.simulator.native
    lead_id = port.create(values())
    for _ in range(2):
        port.mark_deleted_in_crm(lead_id)
    assert [(row["type"], row["what"]) for row in await rows(api, 13, 29)] == [(13, "SFDC Is Deleted"), (29, None)]
    assert port.get(lead_id)["sfdcIsDeleted"] is True


@pytest.mark.asyncio
async def test_a_conversion_keeps_the_person_and_leaves_13s_and_a_21(api: Any) -> None:
    port = api.simulator.native
    lead_id = port.create(values())
    port.convert(
        lead_id,
        {"sfdcType": "Contact", "sfdcId": CONTACT, "sfdcContactId": CONTACT, "sfdcAccountId": "001000000000001"},
    )
    assert port.find(CONTACT) == port.find(LEAD) == lead_id
    found = [(row["type"], row["what"]) for row in await rows(api, 13, 21)]
    assert found == [
        (13, "SFDC Type"),
        (13, "SFDC Id"),
        (13, "SFDC Contact Id"),
        (13, "SFDC Account Id"),
        (21, None),
    ]


@pytest.mark.asyncio
async def test_a_merge_in_salesforce_leaves_a_32_on_the_winner(api: Any) -> None:
    port = api.simulator.native
    winner = port.create(values())
    loser = port.create(values(sfdcId="00Q8d00000CCCCCEAA", sfdcLeadId="00Q8d00000CCCCCEAA", phone="7"))
    port.merge(winner, [loser])
    (row,) = await rows(api, 32)
    assert (row["lead"], row["Merge IDs"], row["Merged in Sales"]) == (winner, [loser], True)
    assert port.find("00Q8d00000CCCCCEAA") is None
    assert port.get(winner)["phone"] == "7"
    with pytest.raises(LookupError):
        port.merge(winner, [loser])


@pytest.mark.asyncio
async def test_only_changes_of_unsubscribed_that_marketo_made_are_told(api: Any) -> None:
    port = api.simulator.native
    lead_id = port.create(values())
    changes, cursor = port.unsubscribed_changes_since(0)
    assert changes == []
    await api.sync({"email": "n@example.com", "unsubscribed": True, "title": "T"})
    port.update(lead_id, {"unsubscribed": False})
    await api.sync({"email": "n@example.com", "unsubscribed": True})
    await api.sync({"email": "n@example.com", "unsubscribed": False})
    changes, cursor = port.unsubscribed_changes_since(cursor)
    assert changes == [(lead_id, True), (lead_id, True), (lead_id, False)]
    assert port.unsubscribed_changes_since(cursor) == ([], cursor)


@pytest.mark.asyncio
@pytest.mark.parametrize(("switch", "owner"), [("filled", OWNER), ("empty", None)])
async def test_the_owner_of_a_contact_is_a_switch(make_api: Callable[..., Any], switch: str, owner: str | None) -> None:
    port = make_api(contact_owner=switch).simulator.native
    contact = port.create(values(sfdcType="Contact", sfdcContactId=CONTACT, sfdcLeadId=None))
    lead = port.create(values())
    assert port.get(contact)["sfdcLeadOwnerId"] == owner
    assert port.get(lead)["sfdcLeadOwnerId"] == OWNER
    port.update(lead, {"sfdcType": "Contact", "sfdcLeadOwnerId": OTHER})
    assert port.get(lead)["sfdcLeadOwnerId"] == (OTHER if switch == "filled" else None)


@pytest.mark.asyncio
async def test_odd_texts_of_salesforce_are_taken_and_impossible_fields_are_not(api: Any) -> None:
    port = api.simulator.native
    lead_id = port.create(values(firstName="x" * 300, email="ümlaut", company="Acme", externalCompanyId="c"))
    assert port.get(lead_id)["firstName"] == "x" * 255
    assert port.get(lead_id)["email"] == "ümlaut"
    assert port.update(lead_id, {"company": "Acme II"}) is True
    for wrong in ({"nope": 1}, {"id": 5}, {"mktoName": "A"}, {"leadScore": "many"}, {"createdAt": "2026-01-01"}):
        with pytest.raises(ValueError, match=r".+"):
            port.update(lead_id, wrong)


@pytest.mark.asyncio
async def test_a_failed_write_leaves_nothing(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    port = api.simulator.native
    lead_id = port.create(values())

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(api.simulator.subscription.recorder, "change", broken)
    with pytest.raises(RuntimeError):
        port.convert(lead_id, {"sfdcType": "Contact"})
    assert port.get(lead_id)["sfdcType"] == "Lead"


@pytest.mark.asyncio
async def test_a_subscription_without_crm_knows_nobody_by_a_salesforce_id(make_api: Callable[..., Any]) -> None:
    port = make_api(crm="none").simulator.native
    assert port.find(LEAD) is None
    with pytest.raises(ValueError, match="sfdcType"):
        port.create(values())
