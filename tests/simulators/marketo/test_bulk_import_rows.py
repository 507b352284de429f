"""What a file of leads does: reading it, applying its rows, telling of those that failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

BATCH = "/bulk/v1/leads/batch"


async def lead(api: Any, email: str, *fields: str) -> dict[str, Any]:
    (row,) = (
        await api.get("/rest/v1/leads.json", filterType="email", filterValues=email, fields=",".join(fields))
    ).result
    found: dict[str, Any] = row
    return found


async def remarks(api: Any, status: dict[str, Any], kind: str) -> str:
    answer = await api.get(f"{BATCH}/{status['batchId']}/{kind}.json")
    assert answer.status == 200
    text: str = answer.body.decode()
    return text


@pytest.mark.asyncio
@pytest.mark.behaviour("import-upsert", "import-message")
async def test_rows_create_and_update(api: Any) -> None:
    old = await api.create(email="old@example.com", firstName="Old", title="Boss")
    status = await api.imported(
        "email,firstName,leadScore,unsubscribed\nold@example.com,New,5,true\nNEW@example.com,Nu,,false\n"
    )
    assert status == {
        "batchId": 1001,
        "importId": "1001",
        "status": "Complete",
        "numOfLeadsProcessed": 2,
        "numOfRowsFailed": 0,
        "numOfRowsWithWarning": 0,
        "message": "Import succeeded, 2 records imported (2 members)",
    }
    fields = ("firstName", "title", "leadScore", "unsubscribed")
    assert await lead(api, "old@example.com", *fields) == {
        "id": old,
        "firstName": "New",
        "title": "Boss",
        "leadScore": 5,
        "unsubscribed": True,
    }
    assert (await lead(api, "new@example.com", *fields))["leadScore"] is None


@pytest.mark.asyncio
@pytest.mark.behaviour("import-activities")
async def test_created_and_changed_leads_leave_the_activities_of_an_import(api: Any) -> None:
    old = await api.create(email="old@example.com", firstName="Old")
    await api.advance(seconds=10)
    token = await api.cursor()
    await api.imported("email,firstName\nold@example.com,New\nnew@example.com,Nu\nold@example.com,New\n")
    changed, created = await api.activities(13, token=token), await api.activities(12, token=token)
    assert [row["leadId"] for row in changed] == [old]
    shown = {one["name"]: one["value"] for one in changed[0]["attributes"]}
    assert (shown["Source"], shown["Reason"], shown["New Value"]) == ("List import", "List import", "New")
    assert shown["Modifying User"] == "api-user@simulator.example"
    assert "API Method Name" not in shown
    (new,) = created
    assert {one["name"]: one["value"] for one in new["attributes"]}["Source Type"] == "List import"


@pytest.mark.asyncio
@pytest.mark.behaviour("import-list")
async def test_imported_leads_become_members_of_the_list(seeded: Any) -> None:
    await seeded.post("/rest/v1/lists/1003/leads.json", id=1001)
    await seeded.advance(seconds=1)
    token = await seeded.cursor()
    first = (await seeded.get("/rest/v1/lead/1001.json", fields="email")).result[0]["email"]
    status = await seeded.imported(f"email\n{first}\nlisted@example.com\nbroken,row\n", listId=1003)
    assert status["message"] == "Import completed with errors, 2 records imported (2 members), 1 failed"
    members = {row["email"] for row in (await seeded.get("/rest/v1/lists/1003/leads.json", fields="email")).result}
    assert members == {first, "listed@example.com"}
    (row,) = await seeded.activities(24, token=token)
    assert row["primaryAttributeValue"] == "Empty List"
    assert {one["name"]: one["value"] for one in row["attributes"]}["Source"] == "List import"


@pytest.mark.asyncio
@pytest.mark.parametrize(("switch", "members"), [("everybody", 1), ("nobody", 0)])
async def test_members_of_an_import_without_a_list(make_api: Callable[..., Any], switch: str, members: int) -> None:
    status = await make_api(import_members=switch).imported("email\na@example.com\n")
    assert status["message"] == f"Import succeeded, 1 records imported ({members} members)"


@pytest.mark.asyncio
async def test_the_key_id_only_updates(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    status = await api.imported(
        f"id,email,firstName\n{lead_id},b@example.com,B\n999999,c@example.com,C\n", lookupField="id"
    )
    assert (status["numOfLeadsProcessed"], status["numOfRowsFailed"]) == (1, 1)
    assert (await lead(api, "b@example.com", "firstName"))["id"] == lead_id
    assert await remarks(api, status, "failures") == (
        "id,email,firstName,Import Failure Reason\n999999,c@example.com,C,Lead not found\n"
    )


@pytest.mark.asyncio
async def test_another_key(api: Any) -> None:
    lead_id = await api.create(email="a@example.com", twitterId=7)
    await api.imported("twitterId,email\n7,b@example.com\n8,b@example.com\n", lookupField="twitterId")
    rows = (await api.get("/rest/v1/leads.json", filterType="email", filterValues="b@example.com")).result
    assert len(rows) == 2
    assert rows[0]["id"] == lead_id


@pytest.mark.asyncio
@pytest.mark.behaviour("import-formats")
@pytest.mark.parametrize(
    ("params", "separator", "content_type"),
    [
        ({}, ",", "text/csv"),
        ({"format": "CSV"}, ",", "text/csv"),
        ({"format": "tsv"}, "\t", "text/plain"),
        ({"format": "Ssv"}, ";", "text/plain"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
async def test_formats_and_quoting(
    api: Any, params: dict[str, str], separator: str, content_type: str, line_end: str
) -> None:
    lines = [
        ["email", '"address"', "lastName"],
        ["a@example.com", '"1 Road\nTown, ""Old"" ; \t End"', 'O"Neill'],
        [],
        ["b@example.com", '"x', "unknown"][:1],
        ['"c@example.com"', "", '"Last"'],
    ]
    text = line_end.join(separator.join(line) for line in lines)
    status = await api.imported(text, **params)
    assert (status["numOfLeadsProcessed"], status["numOfRowsFailed"]) == (2, 1)
    first = await lead(api, "a@example.com", "address", "lastName")
    assert (first["address"], first["lastName"]) == ('1 Road\nTown, "Old" ; \t End', 'O"Neill')
    assert (await lead(api, "c@example.com", "lastName"))["lastName"] == "Last"
    answer = await api.get(f"{BATCH}/{status['batchId']}/failures.json")
    assert answer.headers["content-type"] == content_type
    reason = "The row has 1 values, the header has 3"
    rows = [["email", "address", "lastName", "Import Failure Reason"], ["b@example.com", "", "", reason]]
    if separator == ",":
        rows[1][3] = f'"{reason}"'
    assert answer.body.decode() == "".join(separator.join(row) + "\n" for row in rows)


@pytest.mark.asyncio
@pytest.mark.behaviour("import-charsets")
@pytest.mark.parametrize(
    ("encoding", "part_type"),
    [
        ("utf-8", "text/csv"),
        ("utf-8-sig", "text/csv"),
        ("utf-16", "text/csv"),
        ("latin-1", "text/csv; charset=ISO-8859-1"),
        ("shift-jis", 'text/csv; charset="Shift_JIS"'),
        ("utf-8-sig", "text/csv; charset=ISO-8859-1"),
    ],
)
async def test_character_sets(api: Any, encoding: str, part_type: str) -> None:
    name = "山田" if encoding == "shift-jis" else "Zoë"
    status = await api.imported(f"email,firstName\na@example.com,{name}\nb\n".encode(encoding), part_type=part_type)
    assert status["status"] == "Complete"
    assert (await lead(api, "a@example.com", "firstName"))["firstName"] == name
    assert (await remarks(api, status, "failures")).startswith("email,firstName,Import Failure Reason\nb,,")


@pytest.mark.asyncio
@pytest.mark.behaviour("import-empty-cells")
@pytest.mark.parametrize(
    ("switches", "empty", "null"),
    [
        ({}, "Old", None),
        ({"import_empty": "clear"}, None, None),
        ({"import_null": "text"}, "Old", "NULL"),
    ],
)
async def test_empty_cells_and_the_word_null(
    make_api: Callable[..., Any], switches: dict[str, str], empty: str | None, null: str | None
) -> None:
    api = make_api(**switches)
    await api.create(email="a@example.com", firstName="Old", lastName="Old")
    await api.imported("email,firstName,lastName\na@example.com,,NULL\n")
    found = await lead(api, "a@example.com", "firstName", "lastName")
    assert (found["firstName"], found["lastName"]) == (empty, null)


@pytest.mark.asyncio
async def test_an_export_file_can_be_imported_again_without_a_change(seeded: Any) -> None:
    text = await seeded.exported(
        {"fields": ["id", "email", "firstName", "title", "unsubscribed"], "filter": {"staticListId": 1002}}
    )
    token = await seeded.cursor()
    status = await seeded.imported(text, lookupField="id")
    assert (status["numOfLeadsProcessed"], status["numOfRowsFailed"]) == (40, 0)
    assert await seeded.activities(13, token=token) == []


@pytest.mark.asyncio
@pytest.mark.behaviour("import-failures")
async def test_rows_fail_one_by_one_with_their_reason(api: Any) -> None:
    for _ in range(2):
        await api.create(email="twice@example.com")
    status = await api.imported(
        "email,leadScore,firstName,dateOfBirth\n"
        "a@example.com,TEXT,A,\n"
        "twice@example.com,1,B,\n"
        ",1,C,\n"
        f"d@example.com,1,{'x' * 256},\n"
        "e@example.com,1,E,yesterday\n"
        "f@example.com,1,F,1990-01-02\n"
    )
    assert status["message"] == "Import completed with errors, 1 records imported (1 members), 5 failed"
    assert (status["numOfLeadsProcessed"], status["numOfRowsFailed"], status["numOfRowsWithWarning"]) == (1, 5, 0)
    reasons = [line.split(",")[-1] for line in (await remarks(api, status, "failures")).splitlines()[1:]]
    assert reasons == [
        "Invalid data type in field Lead Score",
        "Multiple lead match lookup criteria",
        "Value for lookup field 'email' not found",
        "Value of field 'firstName' is longer than 255 characters",
        "Invalid data type in field Date Of Birth",
    ]
    assert await remarks(api, status, "warnings") == "email,leadScore,firstName,dateOfBirth,Import Warning Reason\n"


@pytest.mark.asyncio
@pytest.mark.behaviour("import-warnings")
async def test_an_address_that_is_none_is_imported_with_a_warning(api: Any) -> None:
    for changed in (1, 2):
        status = await api.imported(f"firstName,email,leadScore\nAerys,INVALID_EMAIL,{changed}\n")
        assert status["message"] == "Import succeeded, 1 records imported (1 members), 1 warning."
        assert (status["numOfLeadsProcessed"], status["numOfRowsWithWarning"]) == (1, 1)
    assert await remarks(api, status, "warnings") == (
        "firstName,email,leadScore,Import Warning Reason\nAerys,INVALID_EMAIL,2,Invalid email address\n"
    )
    assert await remarks(api, status, "failures") == "firstName,email,leadScore,Import Failure Reason\n"
    assert (await lead(api, "INVALID_EMAIL", "leadScore"))["leadScore"] == 2


@pytest.mark.asyncio
async def test_a_header_alone_imports_nobody(api: Any) -> None:
    status = await api.imported("email\n")
    assert status["message"] == "Import succeeded, 0 records imported (0 members)"


@pytest.mark.asyncio
async def test_rows_go_to_the_partition_and_stay_in_reach_of_the_user(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU", "US"))
    user = {"client_id": "eu", "client_secret": "s", "user": "eu@example.com", "permissions": ["Read-Write Lead"]}
    await api.control("POST", "users", {**user, "partitions": ["EU"]})
    eu = type(api)(api.simulator, "eu", "s")
    await api.create(email="a@example.com")
    await api.imported("email\nus@example.com\n", partitionName="US")
    assert (await lead(api, "us@example.com", "leadPartitionId"))["leadPartitionId"] == 3
    status = await eu.imported("email\na@example.com\n")
    assert status["numOfLeadsProcessed"] == 1
    rows = (
        await api.get("/rest/v1/leads.json", filterType="email", filterValues="a@example.com", fields="leadPartitionId")
    ).result
    assert [row["leadPartitionId"] for row in rows] == [1, 2]
    moved = await api.imported("email\na@example.com\nus@example.com\n", partitionName="EU")
    assert moved["numOfRowsFailed"] == 2
