"""Rows of Bulk 2.0 ingest jobs: operations, cells, parents, and the errors of single rows."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-results-repeat-rows")
@pytest.mark.behaviour("bulk2-rows-fail-alone")
async def test_results_repeat_the_rows(bulk: Any) -> None:
    job = await bulk.run("Email,LastName,Company\n,Ada,Acme\nx@example.com,,Acme\n", object="Lead")
    assert (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) == ("JobComplete", 2, 1)
    saved = await bulk.results(job["id"], "successfulResults")
    lead = (await bulk.api.soql("SELECT Id FROM Lead WHERE LastName = 'Ada'"))[0]["Id"]
    assert saved == f'"sf__Id","sf__Created","Email","LastName","Company"\n"{lead}","true","","Ada","Acme"\n'
    assert await bulk.results(job["id"], "failedResults") == (
        '"sf__Id","sf__Error","Email","LastName","Company"\n'
        '"","REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --","x@example.com","","Acme"\n'
    )
    assert await bulk.results(job["id"], "unprocessedRecords") == '"Email","LastName","Company"\n'
    assert await bulk.results(job["id"], "FAILEDRESULTS") == await bulk.results(job["id"], "failedResults")


@pytest.mark.asyncio
async def test_update(bulk: Any) -> None:
    contact = await bulk.api.create("Contact", LastName="Lovelace", Title="Countess")
    data = f"Id,HasOptedOutOfEmail\n{contact[:15]},true\n0038d00000zzzzzAAA,TRUE\nnonsense,true\n,true\n"
    job = await bulk.run(data, object="Contact", operation="update")
    assert (await bulk.api.read("Contact", contact))["HasOptedOutOfEmail"] is True
    saved = await bulk.saved(job["id"])
    assert [(row["sf__Id"], row["sf__Created"]) for row in saved] == [(contact, "false")]
    assert [(row["sf__Id"], row["sf__Error"]) for row in await bulk.failed(job["id"])] == [
        ("", "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--"),
        ("", "MALFORMED_ID:malformed id nonsense:Id --"),
        ("", "MISSING_ARGUMENT:Id not specified in an update call:Id --"),
    ]


@pytest.mark.asyncio
async def test_a_failed_update_tells_its_row(bulk: Any) -> None:
    lead = await bulk.api.create("Lead", LastName="L", Company="C")
    task = await bulk.api.create("Task")
    data = f"Id,Email\n{lead},nonsense\n{task},a@example.com\n"
    job = await bulk.run(data, object="Lead", operation="update")
    assert [(row["sf__Id"], row["sf__Error"]) for row in await bulk.failed(job["id"])] == [
        (lead, "INVALID_EMAIL_ADDRESS:Email: invalid email address: nonsense:Email --"),
        ("", f"MALFORMED_ID:Lead ID: id value of incorrect type: {task}:Id --"),
    ]


@pytest.mark.asyncio
async def test_upsert(bulk: Any) -> None:
    old = await bulk.api.create("Task", ActionSync_Id__c="a-1", Subject="old")
    data = "Subject,ActionSync_Id__c\nnew,a-1\nfresh,a-2\nnone,\ntwice,a-3\ntwice,A-3\n"
    job = await bulk.run(data, operation="upsert", externalIdFieldName="ActionSync_Id__c")
    saved = await bulk.saved(job["id"])
    assert [(row["sf__Created"], row["Subject"]) for row in saved] == [("false", "new"), ("true", "fresh")]
    assert saved[0]["sf__Id"] == old
    assert [row["sf__Error"] for row in await bulk.failed(job["id"])] == [
        "MISSING_ARGUMENT:ActionSync_Id__c not specified:ActionSync_Id__c --",
        "DUPLICATE_VALUE:Duplicate external id specified: a-3:ActionSync_Id__c --",
        "DUPLICATE_VALUE:Duplicate external id specified: A-3:ActionSync_Id__c --",
    ]


@pytest.mark.asyncio
async def test_upsert_where_several_match(bulk: Any) -> None:
    twins = [await bulk.api.create("Contact", LastName="T", Email="twins@example.com") for _ in range(2)]
    data = "Email,LastName\ntwins@example.com,T\n"
    job = await bulk.run(data, object="Contact", operation="upsert", externalIdFieldName="Email")
    [failed] = await bulk.failed(job["id"])
    assert failed["sf__Error"] == (
        f"DUPLICATE_EXTERNAL_ID:Email: more than one record found for external id field: [{', '.join(twins)}]:Email --"
    )


@pytest.mark.asyncio
async def test_upsert_by_id(bulk: Any) -> None:
    task = await bulk.api.create("Task", Subject="old")
    data = f"Id,Subject\n{task},new\n,made\n"
    job = await bulk.run(data, operation="upsert", externalIdFieldName="Id")
    assert [row["sf__Created"] for row in await bulk.saved(job["id"])] == ["false", "true"]
    assert (await bulk.api.read("Task", task))["Subject"] == "new"


@pytest.mark.asyncio
async def test_delete_and_hard_delete(bulk: Any) -> None:
    soft, hard = [await bulk.api.create("Task", Subject="bin") for _ in range(2)]
    assert (await bulk.run(f"Id\n{soft}\n", operation="delete"))["numberRecordsFailed"] == 0
    job = await bulk.run(f"Id\n{hard}\n{soft}\n{hard}\n", operation="hardDelete")
    assert [row["sf__Error"] for row in await bulk.failed(job["id"])] == [
        f"DUPLICATE_VALUE:Duplicate id specified: {hard}:Id --",
        "ENTITY_IS_DELETED:entity is deleted:--",
        f"DUPLICATE_VALUE:Duplicate id specified: {hard}:Id --",
    ]
    assert (await bulk.run(f"Id\n{hard}\n", operation="hardDelete"))["numberRecordsFailed"] == 0
    left = await bulk.api.soql("SELECT Id FROM Task WHERE Subject = 'bin'", deleted_too=True)
    assert [row["Id"] for row in left] == [soft]


@pytest.mark.asyncio
async def test_hard_delete_takes_along_what_hangs_on_the_row(bulk: Any) -> None:
    lead = await bulk.api.create("Lead", LastName="L", Company="C")
    task = await bulk.api.create("Task", WhoId=lead)
    await bulk.run(f"Id\n{lead}\n", object="Lead", operation="hardDelete")
    assert await bulk.api.soql(f"SELECT Id FROM Task WHERE Id = '{task}'", deleted_too=True) == []


@pytest.mark.asyncio
async def test_insert_with_an_id_is_refused(bulk: Any) -> None:
    task = await bulk.api.create("Task")
    job = await bulk.run(f"Id,Subject\n{task},x\n,y\n")
    [failed] = await bulk.failed(job["id"])
    assert failed["sf__Error"] == "INVALID_FIELD_FOR_INSERT_UPDATE:cannot specify Id in an insert call:Id --"
    assert [row["Subject"] for row in await bulk.saved(job["id"])] == ["y"]


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-empty-cell-and-na")
async def test_empty_cells_and_nulls(bulk: Any) -> None:
    task = await bulk.api.create("Task", Subject="keep", Description="drop")
    job = await bulk.run(f"id,SUBJECT,description\n{task},,#N/A\n", operation="update")
    assert job["numberRecordsFailed"] == 0
    record = await bulk.api.read("Task", task)
    assert (record["Subject"], record["Description"]) == ("keep", None)


@pytest.mark.asyncio
async def test_cells_of_every_type(bulk: Any) -> None:
    header = "LastName,Company,HasOptedOutOfEmail,AnnualRevenue,NumberOfEmployees,Description"
    data = f'{header}\nA,C,1,12.50,7,"two\nlines, ""quoted"""\nB,C,maybe,,,\nC,C,,much,,\nD,C,,,1.5,\nE,C,,inf,,\n'
    job = await bulk.run(data, object="Lead")
    [lead] = await bulk.api.soql(
        "SELECT HasOptedOutOfEmail, AnnualRevenue, NumberOfEmployees, Description FROM Lead WHERE LastName = 'A'"
    )
    assert (lead["HasOptedOutOfEmail"], lead["AnnualRevenue"], lead["NumberOfEmployees"]) == (True, 12.5, 7)
    assert lead["Description"] == 'two\nlines, "quoted"'
    assert [row["sf__Error"] for row in await bulk.failed(job["id"])] == [
        "INVALID_TYPE_ON_FIELD_IN_RECORD:Email Opt Out: value not of required type: maybe:HasOptedOutOfEmail --",
        "INVALID_TYPE_ON_FIELD_IN_RECORD:Annual Revenue: value not of required type: much:AnnualRevenue --",
        "INVALID_TYPE_ON_FIELD_IN_RECORD:Employees: value not of required type: 1.5:NumberOfEmployees --",
        "INVALID_TYPE_ON_FIELD_IN_RECORD:Annual Revenue: value not of required type: inf:AnnualRevenue --",
    ]


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-parent-columns")
async def test_columns_that_name_a_parent(bulk: Any) -> None:
    await bulk.api.control("POST", "fields", object="Account", name="Ext__c", type="text", length=20, external_id=True)
    account = await bulk.api.create("Account", Name="Acme", Ext__c="A-1")
    job = await bulk.run("LastName,account.ext__c\nA,a-1\nB,A-2\nC,\nD,#N/A\n", object="Contact")
    saved = await bulk.saved(job["id"])
    assert [row["LastName"] for row in saved] == ["A", "C", "D"]
    assert (await bulk.api.read("Contact", saved[0]["sf__Id"]))["AccountId"] == account
    [failed] = await bulk.failed(job["id"])
    assert failed["sf__Error"] == (
        "INVALID_FIELD:Foreign key external ID: A-2 not found for field Ext__c in entity Account:--"
    )


@pytest.mark.asyncio
async def test_columns_that_name_a_parent_of_several_kinds(bulk: Any) -> None:
    contact = await bulk.api.create("Contact", LastName="W", Email="who@example.com")
    owner = (await bulk.api.soql("SELECT Id, Username FROM User LIMIT 1 OFFSET 2"))[0]
    data = f"Subject,Contact:Who.Email,Owner.Username\nx,who@example.com,{owner['Username']}\n"
    job = await bulk.run(data)
    [saved] = await bulk.saved(job["id"])
    task = await bulk.api.read("Task", saved["sf__Id"])
    assert (task["WhoId"], task["OwnerId"]) == (contact, owner["Id"])


@pytest.mark.asyncio
async def test_rules_of_single_rows_hold(bulk: Any) -> None:
    lead = await bulk.api.create("Lead", LastName="L", Company="C")
    account = await bulk.api.create("Account", Name="A")
    await bulk.api.create("Task", ActionSync_Id__c="taken")
    await bulk.api.control(
        "POST",
        "faults",
        match={"path": "/rows/Task/new", "nth": 2},
        action="error",
        error={"code": "UNABLE_TO_LOCK_ROW"},
    )
    rows = [f"ok,,{lead},", f"both,,{lead},{account}", "twice,taken,,", f"{'x' * 256},,,", "locked,,,"]
    job = await bulk.run("Subject,ActionSync_Id__c,WhoId,WhatId\n" + "\n".join(rows))
    codes = [row["sf__Error"].partition(":")[0] for row in await bulk.failed(job["id"])]
    assert codes == ["FIELD_INTEGRITY_EXCEPTION", "DUPLICATE_VALUE", "STRING_TOO_LONG", "UNABLE_TO_LOCK_ROW"]
    assert [row["Subject"] for row in await bulk.saved(job["id"])] == ["ok"]


@pytest.mark.asyncio
async def test_fields_the_user_may_not_write(bulk: Any) -> None:
    job = await bulk.run("LastName,Company,Name\nA,C,Full\nB,C,\n", object="Lead")
    [failed] = await bulk.failed(job["id"])
    assert failed["sf__Error"].startswith("INVALID_FIELD_FOR_INSERT_UPDATE:Unable to create/update fields: Name.")
    assert len(await bulk.saved(job["id"])) == 1
