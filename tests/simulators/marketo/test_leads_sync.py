"""Sync leads: every action against no, one and several matches; what a record may hold; what it leaves behind."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

LEADS = "/rest/v1/leads.json"
EMAIL = "match@example.com"

OUTCOMES = {
    ("createOrUpdate", 0): "created",
    ("createOrUpdate", 1): "updated",
    ("createOrUpdate", 2): "1007",
    ("createOnly", 0): "created",
    ("createOnly", 1): "1005",
    ("createOnly", 2): "1005",
    ("updateOnly", 0): "1004",
    ("updateOnly", 1): "updated",
    ("updateOnly", 2): "1007",
    ("createDuplicate", 0): "created",
    ("createDuplicate", 1): "created",
    ("createDuplicate", 2): "created",
}


async def names(api: Any) -> list[str | None]:
    rows = (await api.get(LEADS, filterType="email", filterValues=EMAIL)).result
    return [row["firstName"] for row in rows]


@pytest.mark.asyncio
@pytest.mark.parametrize(("action", "matches"), OUTCOMES)
@pytest.mark.behaviour("sync-matrix")
async def test_action_against_matches(api: Any, action: str, matches: int) -> None:
    existing = [await api.create(email=EMAIL, firstName="Old") for _ in range(matches)]
    (row,) = await api.sync({"email": EMAIL, "firstName": "New"}, action=action)
    expected = OUTCOMES[action, matches]
    if expected.isdigit():
        assert row["status"] == "skipped"
        assert [reason["code"] for reason in row["reasons"]] == [expected]
        assert row.get("id") == (existing[0] if (action, matches) == ("createOnly", 1) else None)
        assert await names(api) == ["Old"] * matches
    elif expected == "updated":
        assert row == {"id": existing[0], "status": "updated"}
        assert await names(api) == ["New"]
    else:
        assert row["status"] == "created"
        assert row["id"] not in existing
        assert await names(api) == ["Old"] * matches + ["New"]


MESSAGES = {
    "1004": "Lead not found",
    "1005": "Lead already exists",
    "1007": "Multiple lead match lookup criteria",
}


@pytest.mark.asyncio
async def test_the_wording_of_match_refusals_is_the_recorded_one(api: Any) -> None:
    for _ in range(2):
        await api.create(email=EMAIL)
    rows = [
        *await api.sync({"email": "none@example.com"}, action="updateOnly"),
        *await api.sync({"email": EMAIL}, action="createOnly"),
        *await api.sync({"email": EMAIL}),
    ]
    assert {row["reasons"][0]["code"]: row["reasons"][0]["message"] for row in rows} == MESSAGES


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-defaults")
async def test_the_defaults_are_create_or_update_by_email(api: Any) -> None:
    rows = await api.sync({"email": EMAIL}, {"email": EMAIL.upper()}, {"email": "b@example.com"})
    assert [row["status"] for row in rows] == ["created", "updated", "created"]
    assert rows[0]["id"] == rows[1]["id"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"action": "upsert"}, "1003"),
        ({"lookupField": "firstName"}, "1011"),
        ({"lookupField": "nope"}, "1011"),
        ({"lookupField": "id"}, "1011"),
        ({"lookupField": "id", "action": "createOnly"}, "1011"),
        ({"lookupField": "leadPartitionId"}, "1011"),
        ({"lookupField": 7}, "1011"),
        ({"partitionName": "Mars"}, "1003"),
        ({"partitionName": "Default", "action": "updateOnly"}, "1003"),
        ({"partitionName": "Default", "action": "createDuplicate"}, "1003"),
        ({"input": []}, "1002"),
        ({"input": None}, "1002"),
        ({"input": {"email": EMAIL}}, "1003"),
        ({"input": ["a"]}, "1003"),
        ({"input": [{"email": EMAIL}] * 301}, "1003"),
    ],
)
async def test_what_fails_the_whole_call(api: Any, members: dict[str, Any], code: str) -> None:
    answer = await api.post(LEADS, {"input": [{"email": EMAIL}], **members})
    assert answer.code == code
    assert await names(api) == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("record", "code", "message"),
    [
        ({"email": EMAIL, "nope": 1}, "1006", "Field 'nope' not found"),
        ({"email": EMAIL, "mktoName": "A"}, "1006", "Field 'mktoName' not found"),
        ({"email": EMAIL, "createdAt": "2026-01-01"}, "1006", None),
        ({"email": EMAIL, "sfdcLeadId": "00Q"}, "1006", "Field 'sfdcLeadId' not found"),
        ({"email": EMAIL, "sfdcIsDeleted": True}, "1006", None),
        ({"email": EMAIL, "leadPartitionId": 2}, "1006", None),
        ({"email": EMAIL, "id": 5}, "1003", None),
        ({"firstName": "A"}, "1003", "Value for lookup field 'email' not found"),
        ({"email": None}, "1003", "Value for lookup field 'email' not found"),
        ({"email": ""}, "1003", "Value for lookup field 'email' not found"),
        ({"email": "no-at-sign"}, "1003", None),
        ({"email": "ümlaut@example.com"}, "1003", None),
        ({"email": EMAIL, "leadScore": "abc"}, "1001", "Invalid value 'abc'. Required of type 'integer'"),
        ({"email": EMAIL, "leadScore": 1.5}, "1001", None),
        ({"email": EMAIL, "leadScore": True}, "1001", None),
        ({"email": EMAIL, "leadScore": 2**31}, "1001", None),
        ({"email": EMAIL, "urgency": "x"}, "1001", "Invalid value 'x'. Required of type 'float'"),
        ({"email": EMAIL, "annualRevenue": "much"}, "1001", None),
        ({"email": EMAIL, "unsubscribed": "maybe"}, "1001", "Invalid value 'maybe'. Required of type 'boolean'"),
        ({"email": EMAIL, "dateOfBirth": "03.02.1990"}, "1001", None),
        ({"email": EMAIL, "emailSuspendedAt": "soon"}, "1001", None),
        ({"email": EMAIL, "emailSuspendedAt": 5}, "1001", None),
        ({"email": EMAIL, "firstName": {"a": 1}}, "1001", None),
        ({"email": EMAIL, "firstName": ["a"]}, "1001", None),
        ({"email": EMAIL, "firstName": "x" * 256}, "1003", None),
        ({"email": EMAIL, "sicCode": "x" * 41}, "1003", None),
        ({"email": EMAIL, "cookies": "bad"}, "1012", None),
    ],
)
@pytest.mark.behaviour("sync-partial-success")
async def test_what_skips_one_record_and_no_other(
    api: Any, record: dict[str, Any], code: str, message: str | None
) -> None:
    rows = await api.sync({"email": "before@example.com"}, record, {"email": "after@example.com"})
    assert [row["status"] for row in rows] == ["created", "skipped", "created"]
    assert set(rows[1]) == {"status", "reasons"}
    (reason,) = rows[1]["reasons"]
    assert reason["code"] == code
    assert message in (None, reason["message"])
    assert await names(api) == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("field", "given", "read"),
    [
        ("leadScore", "12", 12),
        ("leadScore", 3.0, 3),
        ("urgency", "1.5", 1.5),
        ("annualRevenue", 7, 7.0),
        ("unsubscribed", "true", True),
        ("unsubscribed", "False", False),
        ("unsubscribed", 1, True),
        ("dateOfBirth", "1990-02-03T10:00:00Z", "1990-02-03"),
        ("emailSuspendedAt", "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05Z"),
        ("emailSuspendedAt", "2026-01-02 03:04:05 -0800", "2026-01-02T11:04:05Z"),
        ("emailSuspendedAt", "2026-01-02", "2026-01-02T00:00:00Z"),
        ("firstName", 5, "5"),
        ("mktoPersonNotes", "x" * 5_000, "x" * 5_000),
        ("lastName", "Ångström 🙂", "Ångström 🙂"),
        ("contactCompany", None, None),
    ],
)
async def test_values_are_read_back_in_their_type(api: Any, field: str, given: Any, read: Any) -> None:
    record = {"email": EMAIL, field: given} if field != "contactCompany" else {"email": EMAIL}
    (row,) = await api.sync(record)
    (lead,) = (await api.get(f"/rest/v1/lead/{row['id']}.json", fields=field)).result
    assert lead[field] == read
    assert type(lead[field]) is type(read)


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-clears")
async def test_null_and_blank_clear_a_field_and_an_omitted_one_stays(api: Any) -> None:
    lead_id = await api.create(email=EMAIL, firstName="A", lastName="B", phone="1", unsubscribed=True)
    await api.sync({"email": EMAIL, "firstName": None, "lastName": "", "unsubscribed": None})
    (lead,) = (
        await api.get(f"/rest/v1/lead/{lead_id}.json", fields="firstName,lastName,phone,unsubscribed,mktoName")
    ).result
    del lead["id"]
    assert lead == {"firstName": None, "lastName": None, "phone": "1", "unsubscribed": False, "mktoName": None}


@pytest.mark.asyncio
async def test_update_by_id_writes_every_other_member_email_too(api: Any) -> None:
    lead_id = await api.create(email=EMAIL)
    members = {"action": "updateOnly", "lookupField": "id"}
    rows = await api.sync(
        {"id": lead_id, "email": "new@example.com", "firstName": "A"},
        {"id": str(lead_id), "lastName": "B"},
        {"id": 99, "firstName": "C"},
        {"firstName": "D"},
        {"id": "x"},
        **members,
    )
    assert rows[:2] == [{"id": lead_id, "status": "updated"}] * 2
    assert [row["reasons"][0]["code"] for row in rows[2:]] == ["1004", "1003", "1001"]
    (lead,) = (await api.get(f"/rest/v1/lead/{lead_id}.json", fields="email,mktoName")).result
    assert lead == {"id": lead_id, "email": "new@example.com", "mktoName": "A B"}


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-salesforce-keys")
async def test_salesforce_keys_are_looked_up_but_never_written(seeded: Any) -> None:
    key = seeded.simulator.database.value('SELECT "sfdcLeadId" FROM leads WHERE "sfdcLeadId" IS NOT NULL')
    rows = await seeded.sync(
        {"sfdcLeadId": key, "title": "Chief"}, {"sfdcLeadId": "00Q000000000000", "title": "X"}, lookupField="sfdcLeadId"
    )
    assert rows[0]["status"] == "updated"
    assert rows[1]["reasons"][0]["code"] == "1006"
    (lead,) = (await seeded.get(f"/rest/v1/lead/{rows[0]['id']}.json", fields="title,sfdcLeadId")).result
    assert (lead["title"], lead["sfdcLeadId"]) == ("Chief", key)


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-cookie-key")
async def test_a_cookie_can_be_the_key(api: Any) -> None:
    cookie = "_mch-example.com-1396310362214-46169"
    rows = await api.sync({"cookies": cookie, "firstName": "A"}, lookupField="cookies")
    rows += await api.sync({"cookies": cookie, "firstName": "B"}, lookupField="cookies")
    assert [row["status"] for row in rows] == ["created", "updated"]
    assert rows[0]["id"] == rows[1]["id"]


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-company-fields")
async def test_company_fields_are_writable_until_a_company_owns_them(seeded: Any) -> None:
    free = await seeded.create(email=EMAIL, company="Acme", industry="Steel")
    (row,) = await seeded.sync({"email": EMAIL, "company": "Acme II"})
    assert row["status"] == "updated"
    (row,) = await seeded.sync({"email": EMAIL, "externalCompanyId": "c-1", "company": "Acme III"})
    assert row["reasons"] == [{"code": "1021", "message": "Company update not allowed"}]
    await seeded.sync({"email": EMAIL, "externalCompanyId": "c-1"})
    (row,) = await seeded.sync({"email": EMAIL, "website": "https://acme.example"})
    assert row["reasons"][0]["code"] == "1021"
    (row,) = await seeded.sync({"email": "n@example.com", "externalCompanyId": "c", "company": "A"})
    assert row["reasons"][0]["code"] == "1021"
    contact = seeded.simulator.database.value('SELECT id FROM leads WHERE "sfdcAccountId" IS NOT NULL')
    by_id = {"action": "updateOnly", "lookupField": "id"}
    (row,) = await seeded.sync({"id": contact, "company": "Mine"}, **by_id)
    assert row["reasons"][0]["code"] == "1021"
    (row,) = await seeded.sync({"id": contact, "title": "Boss"}, **by_id)
    assert row["status"] == "updated"
    assert (await seeded.get(f"/rest/v1/lead/{free}.json", fields="company")).result[0]["company"] == "Acme II"


def test_every_outcome_of_the_matrix_is_listed() -> None:
    actions = ("createOrUpdate", "createOnly", "updateOnly", "createDuplicate")
    assert set(OUTCOMES) == set(itertools.product(actions, (0, 1, 2)))
