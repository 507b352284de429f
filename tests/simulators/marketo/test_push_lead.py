"""Push lead: an upsert for a program."""

from __future__ import annotations

from typing import Any

import pytest

PUSH = "/rest/v1/leads/push.json"


def pushed(*records: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"programName": "Contact Us", "input": list(records), **members}


def attributes(row: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in row["attributes"]}


@pytest.mark.asyncio
@pytest.mark.behaviour("push-records-145")
@pytest.mark.behaviour("push-joins-program")
async def test_pushed_people_are_upserted_join_and_leave_a_145(seeded: Any) -> None:
    known = await seeded.create(email="known@a.example", firstName="Old")
    body = pushed(
        {"email": "new@a.example", "firstName": "New"},
        {"email": "known@a.example", "firstName": "Newer"},
        {"email": "x@a.example", "shoeSize": 9},
        source="Sales site",
        reason="Asked for prices",
        programStatus="filled-out form",
    )
    result = (await seeded.post(PUSH, body)).result
    new = result[0]["id"]
    assert result[:2] == [{"id": new, "status": "created"}, {"id": known, "status": "updated"}]
    assert (result[2]["status"], result[2]["reasons"][0]["code"]) == ("skipped", "1006")
    rows = await seeded.activities(145)
    assert [(row["leadId"], row["primaryAttributeValueId"], row["primaryAttributeValue"]) for row in rows] == [
        (new, 1003, "Contact Us"),
        (known, 1003, "Contact Us"),
    ]
    assert attributes(rows[0])["Source"] == "Sales site"
    assert attributes(rows[0])["Reason"] == "Asked for prices"
    assert attributes(rows[0])["API Method Name"] == "pushLead"
    for lead_id, acquired in ((new, True), (known, False)):
        (row,) = (await seeded.get(f"/rest/v1/leads/{lead_id}/programMembership.json")).result
        assert (row["id"], row["progressionStatus"], row["acquiredBy"]) == (1003, "Filled-out Form", acquired)
        assert row["reachedSuccess"] is True
    (lead,) = (await seeded.get(f"/rest/v1/lead/{new}.json", fields="acquisitionProgramId,firstName")).result
    assert lead == {"id": new, "acquisitionProgramId": 1003, "firstName": "New"}
    assert [row["leadId"] for row in await seeded.activities(104)] == [new, known]


@pytest.mark.asyncio
@pytest.mark.behaviour("push-joins-program")
async def test_whoever_is_further_on_stays_there(seeded: Any) -> None:
    await seeded.post(PUSH, pushed({"email": "a@a.example"}, programStatus="Filled-out Form"))
    await seeded.post(PUSH, pushed({"email": "a@a.example"}, programStatus="Visited"))
    await seeded.post(PUSH, pushed({"email": "a@a.example"}))
    (row,) = (await seeded.post(PUSH, pushed({"email": "b@a.example"}))).result
    assert len(await seeded.activities(145)) == 4
    assert [attributes(one)["New Status"] for one in await seeded.activities(104)] == ["Filled-out Form", "Visited"]
    membership = (await seeded.get(f"/rest/v1/leads/{row['id']}/programMembership.json")).result
    assert membership[0]["progressionStatus"] == "Visited"


@pytest.mark.asyncio
@pytest.mark.behaviour("push-mail-token")
async def test_a_mail_token_finds_the_person_the_mail_went_to(seeded: Any) -> None:
    lead = await seeded.create(email="a@a.example")
    token = (await seeded.control("GET", f"mail-token?lead={lead}")).json["mktToken"]
    gone = await seeded.create(email="b@a.example")
    stale = (await seeded.control("GET", f"mail-token?lead={gone}")).json["mktToken"]
    await seeded.post("/rest/v1/leads/delete.json", {"input": [{"id": gone}]})
    body = pushed(
        {"mktToken": token, "firstName": "Thelma"},
        {"mktToken": "AAAA", "firstName": "Louise"},
        {"firstName": "Nobody"},
        {"mktToken": stale},
        lookupField="mktToken",
    )
    result = (await seeded.post(PUSH, body)).result
    assert result[0] == {"id": lead, "status": "updated"}
    assert [one["reasons"][0]["code"] for one in result[1:]] == ["1003", "1003", "1004"]
    assert (await seeded.get(f"/rest/v1/lead/{lead}.json")).result[0]["firstName"] == "Thelma"


@pytest.mark.asyncio
async def test_a_mail_token_is_for_a_lead_that_is_there(api: Any) -> None:
    answer = await api.control("GET", "mail-token?lead=9")
    assert (answer.status, answer.json["error"]) == (400, "there is no lead 9")
    assert (await api.control("GET", "mail-token")).status == 400


@pytest.mark.asyncio
async def test_push_by_another_field_and_with_duplicates(seeded: Any) -> None:
    await seeded.create(email="twice@a.example", twitterId="t1")
    await seeded.create(email="twice@a.example")
    result = (await seeded.post(PUSH, pushed({"email": "twice@a.example"}))).result
    assert result[0]["reasons"][0]["code"] == "1007"
    (row,) = (await seeded.post(PUSH, pushed({"twitterId": "t1"}, lookupField="twitterId"))).result
    assert row["status"] == "updated"
    (row,) = (await seeded.post(PUSH, pushed({"email": "c@a.example", "annualRevenue": "much"}))).result
    assert row["reasons"][0]["code"] == "1001"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"input": [{"email": "a@a.example"}]}, "1002"),
        ({"programName": "Contact Us"}, "1002"),
        (pushed({"email": "a@a.example"}, programName="Elsewhere"), "1013"),
        (pushed({"email": "a@a.example"}, programStatus="Attended"), "1025"),
        (pushed({"email": "a@a.example"}, lookupField="firstName"), "1011"),
        (pushed({"id": 1001}, lookupField="id"), "1011"),
        (pushed({"email": "a@a.example"}, partitionName="Nowhere"), "1003"),
    ],
)
async def test_refused_calls_write_nothing(seeded: Any, body: dict[str, Any], code: str) -> None:
    assert (await seeded.post(PUSH, body)).code == code
    assert await seeded.activities(145) == []
