"""Submit form: an upsert by email with a Fill Out Form row, a cookie, and a place in a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

SUBMIT = "/rest/v1/leads/submitForm.json"
FORM = 1022
COOKIE = "_mch-example.com-1422315589014-66421"
VISIT = {
    "pageURL": "https://www.simulator.example/contact.html",
    "queryString": "utm=x",
    "leadClientIpAddress": "192.0.2.5",
    "userAgentString": "Mozilla/5.0",
}


async def submit(api: Any, fields: Any, **members: Any) -> dict[str, Any]:
    record: dict[str, Any] = {
        "leadFormFields": fields,
        **{name: members.pop(name) for name in ("visitorData", "cookie") if name in members},
    }
    rows: list[dict[str, Any]] = (await api.post(SUBMIT, {"formId": FORM, "input": [record], **members})).result
    (row,) = rows
    return row


def told(row: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in row["attributes"]}


@pytest.mark.asyncio
@pytest.mark.behaviour("form-upserts-by-email")
async def test_a_form_makes_and_changes_people_by_email(seeded: Any) -> None:
    row = await submit(
        seeded, {"email": "new@example.com", "firstName": "Ann", "unsubscribed": True}, visitorData=VISIT
    )
    assert row["status"] == "created"
    again = await submit(seeded, {"email": "new@example.com", "firstName": "Anna"})
    assert again == {"id": row["id"], "status": "updated"}
    filled = await seeded.activities(2)
    assert [one["leadId"] for one in filled] == [row["id"]] * 2
    assert (filled[0]["primaryAttributeValueId"], filled[0]["primaryAttributeValue"]) == (
        FORM,
        "Contact Us.Contact Form",
    )
    assert told(filled[0]) == {
        "Client IP Address": "192.0.2.5",
        "Form Fields": 'a:3:{s:5:"email";s:15:"new@example.com";s:9:"firstName";s:3:"Ann";'
        's:12:"unsubscribed";s:4:"true";}',
        "Query Parameters": "utm=x",
        "Referrer URL": VISIT["pageURL"],
        "User Agent": "Mozilla/5.0",
    }
    (born,) = [one for one in await seeded.activities(12) if one["leadId"] == row["id"]]
    assert told(born)["Source Type"] == "Web form fillout"
    assert told(born)["Form Name"] == "Contact Us.Contact Form"
    (change,) = await seeded.activities(13)
    assert (told(change)["New Value"], told(change)["Source"]) == ("Anna", "Web form fillout")
    (lead,) = (await seeded.get(f"/rest/v1/lead/{row['id']}.json", fields="originalSourceType,unsubscribed")).result
    assert (lead["originalSourceType"], lead["unsubscribed"]) == ("Web form fillout", True)


@pytest.mark.asyncio
@pytest.mark.behaviour("form-program")
async def test_a_named_program_takes_the_person_in(seeded: Any) -> None:
    row = await submit(seeded, {"email": "new@example.com"}, programId=1003)
    member = "SELECT status, acquired_by FROM program_members WHERE lead_id = ? AND program_id = 1003"
    assert tuple(seeded.simulator.database.row(member, (row["id"],))) == ("Filled-out Form", 1)
    await submit(seeded, {"email": "new@example.com"}, programId=1003)
    assert len(await seeded.activities(104)) == 1
    other = await submit(seeded, {"email": "other@example.com"})
    assert seeded.simulator.database.row(member, (other["id"],)) is None


@pytest.mark.asyncio
@pytest.mark.behaviour("form-cookie")
async def test_the_cookie_belongs_to_the_person_from_then_on(seeded: Any) -> None:
    row = await submit(seeded, {"email": "new@example.com"}, cookie=f"id:123-ABC-456&token:{COOKIE}")
    found = await seeded.get("/rest/v1/leads.json", filterType="cookies", filterValues=COOKIE)
    assert [lead["id"] for lead in found.result] == [row["id"]]
    refused = await submit(seeded, {"email": "other@example.com"}, cookie="bad")
    assert refused["reasons"][0]["code"] == "1012"
    assert (await seeded.get("/rest/v1/leads.json", filterType="email", filterValues="other@example.com")).result == []


@pytest.mark.asyncio
@pytest.mark.behaviour("form-has-its-fields")
async def test_a_field_that_the_form_lacks_is_refused(seeded: Any) -> None:
    refused = await submit(seeded, {"email": "new@example.com", "leadScore": 5})
    assert refused == {"status": "skipped", "reasons": [{"code": "1006", "message": "Field 'leadScore' not found"}]}
    assert (await submit(seeded, {"email": "new@example.com", "title": "CEO"}, formId=1023))["reasons"][0][
        "code"
    ] == "1006"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (None, "1002"),
        ({"firstName": "Ann"}, "1002"),
        ({"email": ""}, "1002"),
        ({"email": "no address"}, "1003"),
        ({"email": "new@example.com", "numberOfEmployees": "many"}, "1001"),
        ("email", "1001"),
        ({"email": "twice@example.com"}, "1007"),
        ({"email": "member@example.com", "company": "Acme"}, "1021"),
    ],
)
async def test_refused_submissions(make_api: Callable[..., Any], fields: Any, code: str) -> None:
    api = make_api(people=True)
    for _ in range(2):
        await api.create(email="twice@example.com")
    await api.create(email="member@example.com", externalCompanyId="C-1")
    row = await submit(api, fields)
    assert (row["status"], row["reasons"][0]["code"]) == ("skipped", code)
    assert await api.activities(2) == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"formId": None}, "1002"),
        ({"formId": "x"}, "1001"),
        ({"formId": 9}, "1013"),
        ({"programId": 9}, "1013"),
        ({"programId": "x"}, "1001"),
        ({"input": []}, "1002"),
        ({"input": [{}, {}]}, "1003"),
    ],
)
async def test_what_is_wrong_beside_the_record_fails_the_call(seeded: Any, members: dict[str, Any], code: str) -> None:
    body = {"formId": FORM, "input": [{"leadFormFields": {"email": "new@example.com"}}], **members}
    assert (await seeded.post(SUBMIT, body)).code == code


@pytest.mark.asyncio
async def test_the_person_goes_to_the_partition_of_the_user(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, partitions=("Default", "EU", "US"))
    user = {"client_id": "p", "client_secret": "s", "user": "p@example.com", "permissions": ["Read-Write Lead"]}
    await api.control("POST", "users", {**user, "partitions": ["EU", "US"]})
    row = await submit(type(api)(api.simulator, "p", "s"), {"email": "new@example.com"})
    assert row["reasons"][0]["code"] == "1009"
