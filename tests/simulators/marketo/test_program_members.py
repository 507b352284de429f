"""Program members: reading, moving on, changing and deleting them; and programs from the side of a lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.marketo.programs import member_calls

MEMBERS = "/rest/v1/programs/{}/members.json"
STATUS = "/rest/v1/programs/{}/members/status.json"
DELETE = "/rest/v1/programs/{}/members/delete.json"
LEADS = "/rest/v1/leads/programs/{}.json"
LEAD_STATUS = "/rest/v1/leads/programs/{}/status.json"
OF_LEAD = "/rest/v1/leads/{}/programMembership.json"
CAMPAIGNS_OF_LEAD = "/rest/v1/leads/{}/smartCampaignMembership.json"
PAST = {"code": "1037", "message": "Lead skipped because it is already in or past this status"}
NO_MEMBER = {"code": "1013", "message": "Membership not found"}


def members_of(api: Any, program_id: int) -> list[Any]:
    rows: list[Any] = api.simulator.database.rows(
        "SELECT * FROM program_members WHERE program_id = ? ORDER BY lead_id", (program_id,)
    )
    return rows


@pytest.mark.asyncio
async def test_the_seed_has_members_in_every_status(seeded: Any) -> None:
    assert {row["status"] for row in members_of(seeded, 1004)} == {"Invited", "Registered", "No Show", "Attended"}
    for row in members_of(seeded, 1004):
        assert row["reached_success"] == (row["status"] == "Attended") == (row["reached_success_at"] is not None)


@pytest.mark.asyncio
@pytest.mark.behaviour("members-seq")
async def test_read_members_page_by_page(seeded: Any) -> None:
    wanted = [row["lead_id"] for row in members_of(seeded, 1001) if row["status"] == "Member"]
    params = {"filterType": "statusName", "filterValues": "member", "batchSize": 10}
    first = await seeded.get(MEMBERS.format(1001), **params)
    row = members_of(seeded, 1001)[0]
    assert first.result[0] == {
        "seq": 0,
        "acquiredBy": bool(row["acquired_by"]),
        "leadId": row["lead_id"],
        "membershipDate": row["membership_date"],
        "programId": 1001,
        "reachedSuccess": False,
    }
    rows, sizes, document = list(first.result), [len(first.result)], first.json
    while document["moreResult"]:
        page = await seeded.get(MEMBERS.format(1001), **params, nextPageToken=document["nextPageToken"])
        assert [one["seq"] for one in page.result] == list(range(len(page.result)))
        rows, sizes, document = rows + page.result, [*sizes, len(page.result)], page.json
    assert [one["leadId"] for one in rows] == wanted
    assert len(sizes) > 1
    assert "nextPageToken" not in document


@pytest.mark.asyncio
async def test_read_members_by_lead_success_and_time(seeded: Any) -> None:
    path, everyone = MEMBERS.format(1001), members_of(seeded, 1001)
    (row,) = (
        await seeded.get(path, filterType="leadId", filterValues=everyone[3]["lead_id"], fields="trackName")
    ).result
    assert row == {"seq": 0, "leadId": everyone[3]["lead_id"], "programId": 1001, "trackName": "Monthly"}
    reached = (await seeded.get(path, filterType="reachedSuccess", filterValues="true")).result
    assert [one["leadId"] for one in reached] == [one["lead_id"] for one in everyone if one["reached_success"]]
    day = everyone[0]["updated_at"][:10]
    window = {"filterType": "updatedAt", "startAt": f"{day}T00:00:00Z", "endAt": f"{day}T23:59:59Z"}
    rows = (await seeded.get(path, **window, fields="updatedAt,program")).result
    assert rows[0]["updatedAt"] == everyone[0]["updated_at"]
    assert len(rows) == len([one for one in everyone if one["updated_at"].startswith(day)])
    assert rows[0]["program"] == "Monthly Newsletter"


@pytest.mark.asyncio
async def test_both_describes_name_the_fields(api: Any) -> None:
    (row,) = (await api.get("/rest/v1/programs/members/describe.json")).result
    assert (row["dedupeFields"], row["name"]) == (["leadId", "programId"], "API Program Membership")
    assert row["searchableFields"] == [["leadId"], ["reachedSuccess"], ["statusName"]]
    assert {"name": "statusName", "displayName": "statusName", "dataType": "string", "length": 255} | {
        "updateable": False,
        "crmManaged": False,
    } in row["fields"]
    assert [one["name"] for one in row["fields"] if one["updateable"]] == ["registrationCode", "webinarUrl"]
    (old,) = (await api.get("/rest/v1/program/members/describe.json")).result
    assert old["fields"] == row["fields"]


@pytest.mark.asyncio
async def test_every_described_field_can_be_read(seeded: Any) -> None:
    (described,) = (await seeded.get("/rest/v1/programs/members/describe.json")).result
    names = [one["name"] for one in described["fields"]]
    params = {"filterType": "statusName", "filterValues": "Attended", "fields": ",".join(names)}
    rows = (await seeded.get(MEMBERS.format(1004), **params)).result
    assert set(rows[0]) == {"seq", *names}
    assert rows[0]["reachedSuccessDate"] == rows[0]["membershipDate"]


@pytest.mark.asyncio
@pytest.mark.behaviour("members-too-many")
async def test_a_large_program_is_only_read_by_lead(seeded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = members_of(seeded, 1001)
    monkeypatch.setattr(member_calls, "LARGEST_PROGRAM", len(everyone) - 1)
    answer = await seeded.get(MEMBERS.format(1001), filterType="statusName", filterValues="Member")
    assert (answer.code, answer.message) == (
        "1003",
        f"Total membership size: {len(everyone)} exceeds the limit allowed {len(everyone) - 1} for the filter",
    )
    by_lead = {"filterType": "leadId", "filterValues": everyone[0]["lead_id"]}
    assert len((await seeded.get(MEMBERS.format(1001), **by_lead)).result) == 1


@pytest.mark.asyncio
@pytest.mark.behaviour("status-upsert")
@pytest.mark.behaviour("status-records-104")
@pytest.mark.behaviour("status-forward-only")
async def test_a_status_is_given_kept_or_begun(seeded: Any) -> None:
    rows = members_of(seeded, 1004)
    attended = next(row["lead_id"] for row in rows if row["status"] == "Attended")
    invited = next(row for row in rows if row["status"] == "Invited")
    (fresh,) = [await seeded.create(email="fresh@a.example")]
    body = {
        "statusName": "registered",
        "input": [{"leadId": one} for one in (attended, invited["lead_id"], fresh, 9)] + [{"id": 1}],
    }
    result = (await seeded.post(STATUS.format(1004), body)).result
    assert result == [
        {"seq": 0, "status": "skipped", "reasons": [PAST]},
        {"seq": 1, "status": "updated", "leadId": invited["lead_id"]},
        {"seq": 2, "status": "created", "leadId": fresh},
        {"seq": 3, "status": "skipped", "reasons": [{"code": "1004", "message": "Lead not found"}]},
        {
            "seq": 4,
            "status": "skipped",
            "reasons": [{"code": "1002", "message": "Missing value for the required parameter 'leadId'"}],
        },
    ]
    moved, joined = await seeded.activities(104)
    assert (moved["leadId"], moved["primaryAttributeValueId"]) == (invited["lead_id"], 1004)
    assert moved["primaryAttributeValue"] == "User Conference"
    attributes = {one["name"]: one["value"] for one in moved["attributes"]}
    assert (attributes["Old Status"], attributes["New Status"]) == ("Invited", "Registered")
    assert (attributes["Program Member ID"], attributes["Success"]) == (invited["id"], False)
    attributes = {one["name"]: one["value"] for one in joined["attributes"]}
    assert (joined["leadId"], attributes["Old Status"]) == (fresh, "Not in Program")
    again = (await seeded.post(STATUS.format(1004), {"statusName": "Attended", "input": [{"leadId": fresh}]})).result
    assert again[0]["status"] == "updated"
    row = members_of(seeded, 1004)[-1]
    assert (row["lead_id"], row["reached_success"], row["acquired_by"]) == (fresh, 1, 0)


@pytest.mark.asyncio
@pytest.mark.behaviour("member-data-records-123")
async def test_member_data_is_written_for_members_only(seeded: Any) -> None:
    lead = members_of(seeded, 1005)[0]["lead_id"]
    stranger = await seeded.create(email="s@a.example")
    records = [
        {"leadId": lead, "registrationCode": "abc"},
        {"leadId": stranger, "registrationCode": "abc"},
        {"leadId": lead, "statusName": "Attended"},
        {"leadId": lead, "shoeSize": 9},
        {"leadId": lead, "registrationCode": "c" * 101},
    ]
    result = (await seeded.post(MEMBERS.format(1005), {"input": records})).result
    assert [one["status"] for one in result] == ["updated", "skipped", "skipped", "skipped", "skipped"]
    assert result[1]["reasons"] == [NO_MEMBER]
    assert [one["reasons"][0]["code"] for one in result[2:]] == ["1006", "1006", "1003"]
    (row,) = await seeded.activities(123)
    attributes = {one["name"]: one["value"] for one in row["attributes"]}
    assert (row["leadId"], attributes["Attribute Name"], attributes["New Value"]) == (lead, "registrationCode", "abc")
    await seeded.post(MEMBERS.format(1005), {"input": records[:1]})
    assert len(await seeded.activities(123)) == 1
    params = {"filterType": "leadId", "filterValues": lead, "fields": "registrationCode"}
    assert (await seeded.get(MEMBERS.format(1005), **params)).result[0]["registrationCode"] == "abc"


@pytest.mark.asyncio
async def test_deleting_a_member_leaves_the_lead(seeded: Any) -> None:
    lead = members_of(seeded, 1005)[0]["lead_id"]
    result = (await seeded.post(DELETE.format(1005), {"input": [{"leadId": lead}, {"leadId": lead}]})).result
    assert result == [
        {"seq": 0, "status": "deleted", "leadId": lead},
        {"seq": 1, "status": "skipped", "reasons": [NO_MEMBER]},
    ]
    assert (await seeded.get(f"/rest/v1/lead/{lead}.json")).result
    assert members_of(seeded, 1005)[0]["lead_id"] != lead


@pytest.mark.asyncio
@pytest.mark.behaviour("program-leads-token-alone")
async def test_the_leads_of_a_program_carry_their_membership(seeded: Any) -> None:
    everyone = members_of(seeded, 1001)
    page = await seeded.get(LEADS.format(1001), fields="email", batchSize=5)
    first, row = page.result[0], everyone[0]
    assert set(first) == {"id", "email", "membership"}
    assert first["membership"] == {
        "id": 1001,
        "progressionStatus": row["status"],
        "progressionStatusType": row["status"],
        "isExhausted": False,
        "acquiredBy": bool(row["acquired_by"]),
        "reachedSuccess": False,
        "membershipDate": row["membership_date"],
        "updatedAt": row["updated_at"],
        "stream": "Monthly",
        "nurtureCadence": "norm",
    }
    assert "moreResult" not in page.json
    rest = await seeded.form(LEADS.format(1001), _method="GET", nextPageToken=page.json["nextPageToken"], batchSize=300)
    assert [one["id"] for one in page.result + rest.result] == [one["lead_id"] for one in everyone]
    assert "nextPageToken" not in rest.json


@pytest.mark.asyncio
@pytest.mark.behaviour("status-members-only")
async def test_the_older_status_call_changes_members_only(seeded: Any) -> None:
    invited = next(row["lead_id"] for row in members_of(seeded, 1004) if row["status"] == "Invited")
    stranger = await seeded.create(email="s@a.example")
    body = {"status": "Attended", "input": [{"id": invited}, {"id": stranger}, {"id": 9}, {"id": invited}]}
    result = (await seeded.post(LEAD_STATUS.format(1004), body)).result
    assert [(one["id"], one["status"]) for one in result] == [
        (invited, "updated"),
        (stranger, "skipped"),
        (9, "skipped"),
        (invited, "skipped"),
    ]
    assert [one["reasons"][0]["code"] for one in result[1:]] == ["1013", "1004", "1037"]
    assert len(await seeded.activities(104)) == 1


@pytest.mark.asyncio
async def test_the_programs_of_a_lead_by_program_and_time(seeded: Any) -> None:
    lead = await seeded.create(email="s@a.example")
    for program_id, status in ((1001, "Member"), (1004, "Attended"), (1005, "Invited")):
        await seeded.post(STATUS.format(program_id), {"statusName": status, "input": [{"leadId": lead}]})
        await seeded.advance(minutes=1)
    path = OF_LEAD.format(lead)

    async def ids(**params: Any) -> list[int]:
        return [row["id"] for row in (await seeded.get(path, **params)).result]

    assert (await seeded.get(path)).result[1] == {
        "id": 1004,
        "progressionStatus": "Attended",
        "isExhausted": False,
        "acquiredBy": False,
        "reachedSuccess": True,
        "membershipDate": "2026-11-24T12:01:00Z",
        "updatedAt": "2026-11-24T12:01:00Z",
    }
    assert await ids(filterType="programId", filterValues="1001,1005") == [1001, 1005]
    assert await ids(earliestUpdatedAt="2026-11-24T12:00:30Z", latestUpdatedAt="2026-11-24T12:01:00Z") == [1004]
    page = await seeded.get(path, batchSize=2)
    assert page.json["moreResult"] is True
    assert await ids(nextPageToken=page.json["nextPageToken"]) == [1005]
    assert (await seeded.get(path)).json["moreResult"] is False


@pytest.mark.asyncio
async def test_memberships_follow_a_merge_and_end_with_the_lead(seeded: Any) -> None:
    winner, loser = await seeded.create(email="w@a.example"), await seeded.create(email="l@a.example")
    await seeded.post(STATUS.format(1004), {"statusName": "Invited", "input": [{"leadId": winner}, {"leadId": loser}]})
    await seeded.post(STATUS.format(1005), {"statusName": "Invited", "input": [{"leadId": loser}]})
    await seeded.post(f"/rest/v1/leads/{winner}/merge.json", leadId=loser)
    assert [row["id"] for row in (await seeded.get(OF_LEAD.format(winner))).result] == [1004, 1005]
    assert (await seeded.get(OF_LEAD.format(loser))).code == "1004"
    await seeded.post("/rest/v1/leads/delete.json", {"input": [{"id": winner}]})
    left = "SELECT count(*) FROM program_members WHERE lead_id IN (?, ?)"
    assert seeded.simulator.database.value(left, (winner, loser)) == 0


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (MEMBERS.format(9), {"filterType": "leadId", "filterValues": "1"}, "1013"),
        (MEMBERS.format("x"), {"filterType": "leadId", "filterValues": "1"}, "1001"),
        (MEMBERS.format(1001), {}, "1002"),
        (MEMBERS.format(1001), {"filterType": "leadId"}, "1002"),
        (MEMBERS.format(1001), {"filterType": "leadId", "filterValues": "x"}, "1001"),
        (MEMBERS.format(1001), {"filterType": "reachedSuccess", "filterValues": "x"}, "1001"),
        (MEMBERS.format(1001), {"filterType": "trackName", "filterValues": "x"}, "1011"),
        (MEMBERS.format(1001), {"filterType": "leadId", "filterValues": "1", "fields": "email"}, "1006"),
        (MEMBERS.format(1001), {"filterType": "leadId", "filterValues": ",".join(map(str, range(301)))}, "1003"),
        (MEMBERS.format(1001), {"filterType": "updatedAt", "startAt": "2026-01-01"}, "1002"),
        (MEMBERS.format(1001), {"filterType": "updatedAt", "startAt": "2026-01-01", "endAt": "x"}, "1001"),
        (MEMBERS.format(1001), {"filterType": "updatedAt", "startAt": "2026-01-01", "endAt": "2026-01-09"}, "1003"),
        (MEMBERS.format(1001), {"filterType": "updatedAt", "startAt": "2026-01-02", "endAt": "2026-01-01"}, "1003"),
        (LEADS.format(9), {}, "1013"),
        (LEADS.format("x"), {}, "1001"),
        (LEADS.format(1001), {"fields": "x"}, "1006"),
        (LEADS.format(1001), {"batchSize": 301}, "1003"),
        (OF_LEAD.format(9), {}, "1004"),
        (OF_LEAD.format("x"), {}, "1001"),
        (OF_LEAD.format(1001), {"earliestUpdatedAt": "x"}, "1001"),
        (OF_LEAD.format(1001), {"earliestUpdatedAt": "2026-02-01", "latestUpdatedAt": "2026-01-01"}, "1003"),
        (OF_LEAD.format(1001), {"filterType": "name", "filterValues": "1"}, "1011"),
        (OF_LEAD.format(1001), {"filterType": "programId"}, "1002"),
        (CAMPAIGNS_OF_LEAD.format(9), {}, "1004"),
        (CAMPAIGNS_OF_LEAD.format("x"), {}, "1001"),
        (CAMPAIGNS_OF_LEAD.format(1001), {"nextPageToken": "x"}, "1003"),
    ],
)
async def test_refused_reads(seeded: Any, path: str, params: dict[str, Any], code: str) -> None:
    known = seeded.simulator.database.value("SELECT min(id) FROM leads")
    assert (await seeded.get(path.replace("/1001/programM", f"/{known}/programM"), **params)).code == code


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (STATUS.format(9), {"statusName": "Member", "input": [{"leadId": 1}]}, "1013"),
        (STATUS.format("x"), {"statusName": "Member", "input": [{"leadId": 1}]}, "1001"),
        (STATUS.format(1001), {"input": [{"leadId": 1}]}, "1002"),
        (STATUS.format(1001), {"statusName": "Member"}, "1002"),
        (STATUS.format(1001), {"statusName": "Attended", "input": [{"leadId": 1}]}, "1025"),
        (STATUS.format(1001), {"statusName": "Member", "input": [{"leadId": 1}] * 301}, "1003"),
        (MEMBERS.format(9), {"input": [{"leadId": 1}]}, "1013"),
        (MEMBERS.format("x"), {"input": [{"leadId": 1}]}, "1001"),
        (MEMBERS.format(1001), {}, "1002"),
        (DELETE.format(9), {"input": [{"leadId": 1}]}, "1013"),
        (DELETE.format("x"), {"input": [{"leadId": 1}]}, "1001"),
        (DELETE.format(1001), {"input": []}, "1002"),
        (DELETE.format(1001), {"input": {}}, "1003"),
        (LEAD_STATUS.format(9), {"status": "Member", "input": [{"id": 1}]}, "1013"),
        (LEAD_STATUS.format("x"), {"status": "Member", "input": [{"id": 1}]}, "1001"),
        (LEAD_STATUS.format(1001), {"input": [{"id": 1}]}, "1002"),
        (LEAD_STATUS.format(1001), {"status": "Attended", "input": [{"id": 1}]}, "1025"),
        (LEAD_STATUS.format(1001), {"status": "Member", "input": "x"}, "1003"),
    ],
)
async def test_refused_writes(seeded: Any, path: str, body: dict[str, Any], code: str) -> None:
    assert (await seeded.post(path, body)).code == code


@pytest.mark.asyncio
async def test_a_loaded_subscription_has_no_activity_of_its_seeded_members_left(seeded: Any) -> None:
    now = seeded.simulator.clock.now()
    newest = max(row["membership_date"] for row in members_of(seeded, 1001))
    assert newest < (now - timedelta(days=25)).isoformat()
