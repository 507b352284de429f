"""The error catalogue: one case per code that input can reach, with status, message and fields."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

LONG = "x" * 256
NO_ROW = "00T8d000000zzzzAAA"[:15]


@dataclass(frozen=True)
class Case:
    """A call and how it is refused. `{name}` in the path and in values stands for a prepared row."""

    name: str
    method: str
    path: str
    body: Any
    status: int
    code: str
    message: str | None
    fields: list[str] | None = None


TASK = "sobjects/Task"
CASES = [
    Case(
        "required fields",
        "POST",
        "sobjects/Lead",
        {"FirstName": "Ada"},
        400,
        "REQUIRED_FIELD_MISSING",
        "Required fields are missing: [LastName, Company]",
        ["LastName", "Company"],
    ),
    Case(
        "required field emptied",
        "PATCH",
        "sobjects/Lead/{lead}",
        {"LastName": "  "},
        400,
        "REQUIRED_FIELD_MISSING",
        "Required fields are missing: [LastName]",
        ["LastName"],
    ),
    Case(
        "unknown field",
        "POST",
        "sobjects/Account",
        {"FavoritePet__c": "cat"},
        400,
        "INVALID_FIELD",
        "No such column 'FavoritePet__c' on sobject of type Account",
    ),
    Case(
        "unknown field of a read",
        "GET",
        "sobjects/Lead/{lead}?fields=Bacon__c",
        None,
        400,
        "INVALID_FIELD",
        None,
    ),
    Case(
        "computed field",
        "POST",
        "sobjects/Lead",
        {"Name": "Ada", "IsConverted": True},
        400,
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "Unable to create/update fields: Name, IsConverted. Please check the security settings of this field and "
        "verify that it is read/write for your profile or permission set.",
        ["Name", "IsConverted"],
    ),
    Case(
        "system field",
        "POST",
        TASK,
        {"CreatedDate": "2020-01-01T00:00:00Z"},
        400,
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        None,
        ["CreatedDate"],
    ),
    Case(
        "create-only field",
        "PATCH",
        f"{TASK}/{{task}}",
        {"TaskSubtype": "Call"},
        400,
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        None,
        ["TaskSubtype"],
    ),
    Case(
        "too long",
        "POST",
        TASK,
        {"Subject": LONG},
        400,
        "STRING_TOO_LONG",
        f"Subject: data value too large: {LONG} (max length=255)",
        ["Subject"],
    ),
    Case(
        "restricted picklist",
        "POST",
        TASK,
        {"TaskSubtype": "Terrible"},
        400,
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "Task Subtype: bad value for restricted picklist field: Terrible",
        ["TaskSubtype"],
    ),
    Case(
        "e-mail address",
        "POST",
        "sobjects/Lead",
        {"LastName": "L", "Company": "C", "Email": "x"},
        400,
        "INVALID_EMAIL_ADDRESS",
        "Email: invalid email address: x",
        ["Email"],
    ),
    Case(
        "date",
        "POST",
        TASK,
        {"ActivityDate": "tomorrow"},
        400,
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "Due Date Only: value not of required type: tomorrow",
        ["ActivityDate"],
    ),
    Case(
        "null for a checkbox",
        "PATCH",
        "sobjects/Lead/{lead}",
        {"HasOptedOutOfEmail": None},
        400,
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "Email Opt Out: value not of required type: null",
        ["HasOptedOutOfEmail"],
    ),
    Case(
        "number out of range",
        "POST",
        TASK,
        {"CallDurationInSeconds": 123456789},
        400,
        "NUMBER_OUTSIDE_VALID_RANGE",
        "Call Duration: value outside of valid range on numeric field: 123456789",
        ["CallDurationInSeconds"],
    ),
    Case(
        "text for a number",
        "POST",
        TASK,
        {"CallDurationInSeconds": "long"},
        400,
        "JSON_PARSER_ERROR",
        "Cannot deserialize instance of int from VALUE_STRING value long or request may be missing a required field"
        " at [line:1, column:26]",
    ),
    Case("text for a checkbox", "POST", TASK, {"IsReminderSet": "yes"}, 400, "JSON_PARSER_ERROR", None),
    Case("an object for a text", "POST", TASK, {"Subject": ["x"]}, 400, "JSON_PARSER_ERROR", None),
    Case(
        "id of another object in the path",
        "GET",
        f"{TASK}/{{lead}}",
        None,
        400,
        "MALFORMED_ID",
        "Activity ID: id value of incorrect type: {lead}",
        ["Id"],
    ),
    Case(
        "wrong checksum in the path",
        "PATCH",
        "sobjects/Contact/0034H00002JsInQQAX",
        {},
        400,
        "MALFORMED_ID",
        "Contact ID: id value of incorrect type: 0034H00002JsInQQAX",
        ["Id"],
    ),
    Case(
        "no id in the path",
        "GET",
        f"{TASK}/abc",
        None,
        404,
        "NOT_FOUND",
        "Provided external ID field does not exist or is not accessible: abc",
    ),
    Case(
        "no id in a list",
        "GET",
        "composite/sobjects/Task?ids=abc&fields=Id",
        None,
        400,
        "MALFORMED_ID",
        "malformed id abc",
        ["Id"],
    ),
    Case(
        "no id in a reference",
        "POST",
        TASK,
        {"OwnerId": "INVALID_OWNER"},
        400,
        "MALFORMED_ID",
        "Assigned To ID: id value of incorrect type: INVALID_OWNER",
        ["OwnerId"],
    ),
    Case("id in an update", "PATCH", f"{TASK}/{{task}}", {"Id": "{task}"}, 400, "INVALID_FIELD", None, ["Id"]),
    Case(
        "no such row, read", "GET", f"{TASK}/{NO_ROW}", None, 404, "NOT_FOUND", "The requested resource does not exist"
    ),
    Case(
        "no such row, update",
        "PATCH",
        f"{TASK}/{NO_ROW}",
        {"Subject": "x"},
        404,
        "INVALID_CROSS_REFERENCE_KEY",
        "invalid cross reference id",
        [],
    ),
    Case(
        "no such row, delete",
        "DELETE",
        f"{TASK}/{NO_ROW}",
        None,
        404,
        "INVALID_CROSS_REFERENCE_KEY",
        "invalid cross reference id",
        [],
    ),
    Case(
        "reference to nothing",
        "POST",
        TASK,
        {"WhoId": "00Q8d000000zzzz"},
        400,
        "INVALID_CROSS_REFERENCE_KEY",
        "invalid cross reference id",
        [],
    ),
    Case(
        "reference of the wrong kind",
        "POST",
        TASK,
        {"WhoId": "{account}"},
        400,
        "FIELD_INTEGRITY_EXCEPTION",
        "Name ID: id value of incorrect type: {account}",
        ["WhoId"],
    ),
    Case(
        "owner of the wrong kind",
        "POST",
        TASK,
        {"OwnerId": "{lead}"},
        400,
        "FIELD_INTEGRITY_EXCEPTION",
        "Assigned To ID: id value of incorrect type: {lead}",
        ["OwnerId"],
    ),
    Case(
        "a queue does not own contacts",
        "PATCH",
        "sobjects/Contact/{contact}",
        {"OwnerId": "{queue}"},
        400,
        "FIELD_INTEGRITY_EXCEPTION",
        "Owner ID: id value of incorrect type: {queue}",
        ["OwnerId"],
    ),
    Case(
        "inactive owner",
        "PATCH",
        "sobjects/Lead/{lead}",
        {"OwnerId": "{inactive}"},
        400,
        "INACTIVE_OWNER_OR_USER",
        "operation performed with inactive user [{inactive}] as owner of lead",
        ["OwnerId"],
    ),
    Case("deleted parent", "POST", TASK, {"WhoId": "{gone_lead}"}, 400, "ENTITY_IS_DELETED", "entity is deleted", []),
    Case(
        "deleted row, read", "GET", "sobjects/Lead/{gone_lead}", None, 404, "ENTITY_IS_DELETED", "entity is deleted", []
    ),
    Case(
        "deleted row, update",
        "PATCH",
        "sobjects/Lead/{gone_lead}",
        {},
        404,
        "ENTITY_IS_DELETED",
        "entity is deleted",
        [],
    ),
    Case(
        "deleted row, delete",
        "DELETE",
        "sobjects/Lead/{gone_lead}",
        None,
        404,
        "ENTITY_IS_DELETED",
        "entity is deleted",
        [],
    ),
    Case(
        "converted lead",
        "PATCH",
        "sobjects/Lead/{converted}",
        {"HasOptedOutOfEmail": True},
        400,
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "cannot reference converted lead",
        [],
    ),
    Case(
        "duplicate value",
        "POST",
        TASK,
        {"ActionSync_Id__c": "ACT-1"},
        400,
        "DUPLICATE_VALUE",
        "duplicate value found: ActionSync_Id__c duplicates value on record with id: {task15}",
        [],
    ),
    Case(
        "account with a won opportunity",
        "DELETE",
        "sobjects/Account/{won_account}",
        None,
        400,
        "DELETE_FAILED",
        None,
        [],
    ),
    Case("query without text", "GET", "query", None, 400, "MALFORMED_QUERY", "A query string has to be specified"),
    Case("empty query", "GET", "query?q=", None, 400, "MALFORMED_QUERY", "SOQL statements cannot be empty or null"),
    Case(
        "syntax of a query",
        "GET",
        "query?q=SELEKT Id FROM Task",
        None,
        400,
        "MALFORMED_QUERY",
        "unexpected token: SELEKT",
    ),
    Case("object of a query", "GET", "query?q=SELECT Id FROM ScratchOrgInfo limit 1", None, 400, "INVALID_TYPE", None),
    Case("field of a query", "GET", "query?q=SELECT Bacon__c FROM Task", None, 400, "INVALID_FIELD", None),
    Case(
        "id in a query",
        "GET",
        "query?q=SELECT Id FROM Task WHERE WhoId = 'abc'",
        None,
        400,
        "INVALID_QUERY_FILTER_OPERATOR",
        None,
    ),
    Case(
        "locator", "GET", "query/01g8d0000000001AAA-2000", None, 400, "INVALID_QUERY_LOCATOR", "invalid query locator"
    ),
    Case(
        "locator without offset", "GET", "query/nonsense", None, 400, "INVALID_QUERY_LOCATOR", "invalid query locator"
    ),
    Case(
        "too many rows",
        "POST",
        "composite/sobjects",
        {"records": [{"attributes": {"type": "Task"}}] * 201},
        400,
        "EXCEEDED_ID_LIMIT",
        "record limit reached. cannot submit more than 200 records into this call",
    ),
    Case(
        "external id field that is none",
        "PATCH",
        f"{TASK}/Subject/x",
        {"Status": "Completed"},
        404,
        "NOT_FOUND",
        "Provided external ID field does not exist or is not accessible: Subject",
    ),
    Case(
        "span too old",
        "GET",
        "sobjects/Lead/updated?start=2020-01-01T00:00:00Z&end=2020-01-02T00:00:00Z",
        None,
        400,
        "INVALID_REPLICATION_DATE",
        None,
    ),
]

Prepared = dict[str, str]


@pytest.fixture
def prepare(api: Any) -> Callable[[], Awaitable[Prepared]]:
    async def make() -> Prepared:
        database = api.simulator.database
        lead = await api.create("Lead", LastName="Lovelace", Company="Engines")
        gone = await api.create("Lead", LastName="Gone", Company="Engines")
        assert (await api("DELETE", f"sobjects/Lead/{gone}")).status == 204
        converted = await api.create("Lead", LastName="Converted", Company="Engines")
        await api.control("POST", "convert", lead=converted, create_opportunity=False)
        account = await api.create("Account", Name="Won Ltd")
        await api.create("Opportunity", Name="Won", AccountId=account, StageName="Closed Won", CloseDate="2024-01-01")
        task = await api.create("Task", Subject="Call", ActionSync_Id__c="act-1")
        return {
            "lead": lead,
            "gone_lead": gone,
            "converted": converted,
            "task": task,
            "task15": task[:15],
            "account": account,
            "won_account": account,
            "contact": database.value('SELECT Id FROM "Contact" WHERE IsDeleted = 0'),
            "queue": database.value('SELECT Id FROM "Group"'),
            "inactive": database.value('SELECT Id FROM "User" WHERE IsActive = 0'),
        }

    return make


def filled(value: Any, rows: Prepared) -> Any:
    if isinstance(value, dict):
        return {name: filled(each, rows) for name, each in value.items()}
    if isinstance(value, str):
        for name, row in rows.items():
            value = value.replace(f"{{{name}}}", row)
    return value


@pytest.mark.asyncio
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_refusal(api: Any, prepare: Callable[[], Awaitable[Prepared]], case: Case) -> None:
    rows = await prepare()
    answer = await api(case.method, filled(case.path, rows), filled(case.body, rows))
    assert (answer.status, answer.code) == (case.status, case.code), answer.body
    assert len(answer.body) == 1
    if case.message is not None:
        assert answer.error["message"] == filled(case.message, rows)
    assert answer.error.get("fields") == case.fields


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"Nope__c": 1, "Name": "x", "TaskSubtype": "bad"}, "INVALID_FIELD"),
        ({"IsClosed": True, "CallDurationInSeconds": "long"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"WhoId": "nonsense", "TaskSubtype": "bad"}, "MALFORMED_ID"),
        ({"TaskSubtype": "bad", "Subject": LONG}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"Subject": LONG, "WhoId": "00Q8d000000zzzz"}, "STRING_TOO_LONG"),
    ],
)
@pytest.mark.behaviour("first-check-wins")
async def test_the_first_failing_check_wins(api: Any, body: dict[str, Any], code: str) -> None:
    answer = await api("POST", "sobjects/Task", body)
    assert (answer.status, answer.code) == (400, code)


@pytest.mark.asyncio
async def test_references_are_checked_before_required_fields(api: Any) -> None:
    answer = await api("POST", "sobjects/Contact", {"AccountId": "0018d000000zzzz"})
    assert answer.code == "INVALID_CROSS_REFERENCE_KEY"


@pytest.mark.asyncio
@pytest.mark.behaviour("refused-leaves-nothing")
async def test_a_refused_row_leaves_nothing_behind(api: Any) -> None:
    before = api.simulator.database.value('SELECT count(*) FROM "Task"')
    await api("POST", "sobjects/Task", {"Subject": LONG})
    assert api.simulator.database.value('SELECT count(*) FROM "Task"') == before
    assert (await api.create("Task", Subject="next")) == "00T8d0000000001EAA"
