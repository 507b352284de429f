"""Exports of program members."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

MEMBERS = "/bulk/v1/program/members/export"
KIND = "program/members"
WINDOW = {"startAt": "2026-11-01T00:00:00Z", "endAt": "2026-11-30T00:00:00Z"}


async def programs(api: Any) -> dict[str, int]:
    """Return the ids of the seed's programs that have members, by name."""
    rows = api.simulator.database.rows(
        "SELECT id, name FROM programs WHERE id IN (SELECT program_id FROM program_members)"
    )
    return {row["name"]: row["id"] for row in rows}


async def read(api: Any, *fields: str, **filters: Any) -> list[dict[str, str]]:
    text = await api.exported({"fields": list(fields), "filter": filters}, kind=KIND)
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.asyncio
@pytest.mark.behaviour("export-member-columns")
async def test_columns_are_fields_of_members_and_of_leads(seeded: Any) -> None:
    conference = (await programs(seeded))["User Conference"]
    member = seeded.simulator.database.row(
        "SELECT program_members.*, leads.email FROM program_members JOIN leads ON leads.id = lead_id"
        " WHERE program_id = ? AND reached_success ORDER BY lead_id LIMIT 1",
        (conference,),
    )
    fields = ["email", "leadId", "id", "program", "programId", "statusName", "reachedSuccess", "reachedSuccessDate"]
    fields += ["isExhausted", "statusReason", "createdAt", "updatedAt", "waitlistPriority", "cookies", "doNotCall"]
    rows = await read(seeded, *fields, programId=conference)
    assert list(rows[0]) == fields
    (row,) = [row for row in rows if row["leadId"] == str(member["lead_id"])]
    assert row == {
        "email": member["email"],
        "leadId": str(member["lead_id"]),
        "id": str(member["lead_id"]),
        "program": "User Conference",
        "programId": str(conference),
        "statusName": "Attended",
        "reachedSuccess": "true",
        "reachedSuccessDate": member["reached_success_at"],
        "isExhausted": "false",
        "statusReason": "null",
        "createdAt": member["created_at"],
        "updatedAt": member["updated_at"],
        "waitlistPriority": "null",
        "cookies": "null",
        "doNotCall": "false",
    }
    ids = [int(row["leadId"]) for row in rows]
    assert ids == sorted(ids)


@pytest.mark.asyncio
async def test_an_export_of_several_programs_begins_with_the_id_of_the_program(seeded: Any) -> None:
    ids = list((await programs(seeded)).values())[:2][::-1]
    body = {"fields": ["leadId", "programId"], "filter": {"programIds": ids}, "columnHeaderNames": {"programId": "P"}}
    lines = (await seeded.exported(body, kind=KIND)).split()
    assert lines[0] == "P,leadId"
    seen = [int(line.split(",")[0]) for line in lines[1:]]
    assert list(dict.fromkeys(seen)) == ids
    for program in ids:
        query = "SELECT count(*) FROM program_members WHERE program_id = ?"
        assert seen.count(program) == seeded.simulator.database.value(query, (program,))


@pytest.mark.asyncio
@pytest.mark.behaviour("export-member-filters")
async def test_filters_are_all_met(seeded: Any) -> None:
    known = await programs(seeded)
    conference, newsletter = known["User Conference"], known["Monthly Newsletter"]
    everybody = await read(seeded, "leadId", "statusName", programId=conference)
    attended = await read(seeded, "leadId", "statusName", programId=conference, statusNames=["attended", "No Show"])
    assert attended == [row for row in everybody if row["statusName"] in ("Attended", "No Show")]
    assert 0 < len(attended) < len(everybody)
    normal = await read(seeded, "leadId", programId=newsletter, nurtureCadence="norm", isExhausted=False)
    assert len(normal) == len(await read(seeded, "leadId", programId=newsletter)) > 0
    assert await read(seeded, "leadId", programId=newsletter, nurtureCadence="paus") == []
    assert await read(seeded, "leadId", programId=newsletter, isExhausted=True) == []
    assert await read(seeded, "leadId", programId=newsletter, updatedAt=WINDOW) == []
    seeded.simulator.database.execute(
        "UPDATE program_members SET is_exhausted = 1, nurture_cadence = 'paus', updated_at = '2026-11-30T00:00:00Z'"
        " WHERE program_id = ? AND lead_id = ?",
        (newsletter, int(normal[3]["leadId"])),
    )
    filters = {"isExhausted": True, "nurtureCadence": "paus", "updatedAt": WINDOW, "statusNames": None}
    assert await read(seeded, "leadId", programId=newsletter, **filters) == [normal[3]]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"filter": {"programId": 1001}}, "1002"),
        ({"fields": ["nope"], "filter": {"programId": 1001}}, "1003"),
        ({"fields": ["leadId"]}, "1003"),
        ({"fields": ["leadId"], "filter": {}}, "1003"),
        ({"fields": ["leadId"], "filter": {"isExhausted": True}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programId": 1001, "programIds": [1001]}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programId": 1001, "createdAt": WINDOW}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programId": 99}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programId": "x"}}, "1001"),
        ({"fields": ["leadId"], "filter": {"programIds": []}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programIds": list(range(1001, 1012))}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programIds": 1001}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programId": 1001, "isExhausted": "maybe"}}, "1001"),
        ({"fields": ["leadId"], "filter": {"programId": 1001, "nurtureCadence": "fast"}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programId": 1001, "statusNames": ["Nope"]}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programId": 1001, "statusNames": [1]}}, "1001"),
        ({"fields": ["leadId"], "filter": {"programId": 1001, "updatedAt": {}}}, "1003"),
        ({"fields": ["leadId"], "filter": {"programId": 1001}, "columnHeaderNames": {"email": "E"}}, "1003"),
    ],
)
async def test_refusals(seeded: Any, body: dict[str, Any], code: str) -> None:
    real = min((await programs(seeded)).values())
    filters = {name: real if value == 1001 else value for name, value in body.get("filter", {}).items()}
    answer = await seeded.post(f"{MEMBERS}/create.json", body | ({"filter": filters} if "filter" in body else {}))
    assert answer.code == code
    assert (await seeded.get(f"{MEMBERS}.json")).result == []


@pytest.mark.asyncio
async def test_some_subscriptions_lack_the_filter_by_update(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, corona="off")
    program = min((await programs(api)).values())
    body = {"fields": ["leadId"], "filter": {"programId": program, "updatedAt": WINDOW}}
    answer = await api.post(f"{MEMBERS}/create.json", body)
    assert (answer.code, answer.message) == ("1035", "Unsupported filter type for target subscription: updatedAt")


@pytest.mark.asyncio
async def test_members_are_those_at_the_start_of_processing_in_steps(
    seeded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk.extract_members.STEP", 3)
    known = await programs(seeded)
    whole = await read(seeded, "leadId", "programId", programIds=list(known.values()))
    query = "SELECT count(*) FROM program_members"
    assert len(whole) == len({tuple(row.items()) for row in whole}) == seeded.simulator.database.value(query)


@pytest.mark.asyncio
async def test_members_out_of_reach_stay_out(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, partitions=("Default", "EU"))
    program = (await programs(api))["User Conference"]
    everybody = await read(api, "leadId", programId=program)
    api.simulator.database.execute(
        'UPDATE leads SET "leadPartitionId" = 2 WHERE id = ?', (int(everybody[1]["leadId"]),)
    )
    user = {"client_id": "eu", "client_secret": "s", "user": "eu@example.com", "permissions": ["Read-Only Lead"]}
    await api.control("POST", "users", {**user, "partitions": ["EU"]})
    eu = type(api)(api.simulator, "eu", "s")
    assert await read(eu, "leadId", programId=program) == [everybody[1]]
