"""The error catalogue: every code, with a case that provokes it, its status, message and fields."""

from __future__ import annotations

import ast
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import actionsync_simulators.salesforce
import pytest
from actionsync_simulators.salesforce.gateway.errors import CATALOGUE
from harness.salesforce_errors.calls import ADDRESS, CALLS, CONTROLS, FAULTS
from harness.salesforce_errors.case import LONG, TASK, Case
from harness.salesforce_errors.queries import QUERIES
from harness.salesforce_errors.rows import ROWS

CASES = [*ROWS, *QUERIES, *CALLS]
CODE = re.compile(r"[A-Z]+(_[A-Z]+)+")
OF_A_ROW_OR_A_REFERENCE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})
"""404 for the row that a call is about, 400 for one that it refers to."""
NOT_IN_REST = frozenset({"soap", "auth", "events"})
"""Packages with errors of a form of their own."""

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
        await api.create("Lead", LastName="Twin", Company="Engines", Email=ADDRESS)
        same = [await api.create("Lead", LastName=name, Company="E", Email="same@engines.example") for name in "ab"]
        return {
            "lead": lead,
            "gone_lead": gone,
            "converted": converted,
            "task": task,
            "task15": task[:15],
            "account": account,
            "won_account": account,
            "contact": database.value('SELECT Id FROM "Contact" WHERE IsDeleted = 0'),
            "same_a": same[0],
            "same_b": same[1],
            "queue": database.value('SELECT Id FROM "Group"'),
            "inactive": database.value('SELECT Id FROM "User" WHERE IsActive = 0'),
        }

    return make


def filled(value: Any, rows: Prepared) -> Any:
    if isinstance(value, dict):
        return {name: filled(each, rows) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, rows) for each in value]
    if isinstance(value, str):
        for name, row in rows.items():
            value = value.replace(f"{{{name}}}", row)
    return value


@pytest.mark.asyncio
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_refusal(api: Any, prepare: Callable[[], Awaitable[Prepared]], case: Case) -> None:
    rows = await prepare()
    for method, path, arguments in case.controls:
        await api.control(method, path, **filled(arguments, rows))
    answer = await api(case.method, filled(case.path, rows), filled(case.body, rows), headers=dict(case.headers))
    assert answer.status == case.status, answer.body
    error = case.found(answer.body)
    assert error.get("errorCode", error.get("statusCode")) == case.code
    if case.message is not None:
        assert error["message"] == filled(case.message, rows)
    assert error.get("fields") == case.fields
    if isinstance(answer.body, list) and "errorCode" in error:
        assert len(answer.body) == 1
        assert case.status == CATALOGUE[case.code] or case.code in OF_A_ROW_OR_A_REFERENCE


@pytest.mark.asyncio
@pytest.mark.parametrize(("code", "expected"), FAULTS.items(), ids=FAULTS)
async def test_what_only_a_fault_gives(api: Any, code: str, expected: tuple[int, str]) -> None:
    fault = {"match": {"path": "*/query"}, "action": "error", "error": {"code": code}}
    await api.control("POST", "faults", **fault)
    answer = await api("GET", "query?q=SELECT Id FROM Lead")
    assert (answer.status, answer.body) == (expected[0], [{"message": expected[1], "errorCode": code}])
    assert answer.status == CATALOGUE[code]


@pytest.mark.asyncio
@pytest.mark.parametrize(("code", "call"), CONTROLS.items(), ids=CONTROLS)
async def test_what_rest_has_no_call_for(
    api: Any, prepare: Callable[[], Awaitable[Prepared]], code: str, call: tuple[str, dict[str, Any]]
) -> None:
    path, arguments = call
    answer = await api("POST", f"/_sim/{path}", filled(arguments, await prepare()))
    assert answer.status == 400
    assert answer.body["error"].startswith(f"{code}: ")


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert {case.code for case in CASES} | set(FAULTS) | set(CONTROLS) == set(CATALOGUE)


def test_every_code_in_the_source_is_in_the_catalogue() -> None:
    used: set[str] = set()
    root = Path(actionsync_simulators.salesforce.__file__).parent
    for file in root.rglob("*.py"):
        if file.relative_to(root).parts[0] not in NOT_IN_REST:
            used |= set(codes_made(ast.parse(file.read_text())))
    assert used <= set(CATALOGUE)
    assert {"UNDELETE_FAILED", "INVALID_FIELD", "MALFORMED_SEARCH"} <= used


def codes_made(tree: ast.Module) -> list[str]:
    """The codes that are given to `api_error` or `ErrorItem` as a literal."""
    return [
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("api_error", "ErrorItem")
        if call.args and isinstance(call.args[0], ast.Constant) and CODE.fullmatch(str(call.args[0].value))
    ]


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
    answer = await api("POST", TASK, body)
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


ORDER: list[tuple[str, dict[str, Any]]] = [
    ("INVALID_FIELD", {"Nope__c": 1}),
    ("INVALID_FIELD_FOR_INSERT_UPDATE", {"IsDeleted": True}),
    ("INVALID_TYPE_ON_FIELD_IN_RECORD", {"Birthdate": "tomorrow"}),
    ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", {"Strict__c": "neither"}),
    ("STRING_TOO_LONG", {"Title": LONG}),
    ("INVALID_CROSS_REFERENCE_KEY", {"AccountId": "0018d000000zzzz"}),
    ("REQUIRED_FIELD_MISSING", {"LastName": None}),
    ("DUPLICATE_VALUE", {"Ext__c": "taken"}),
    ("DUPLICATES_DETECTED", {"Email": "twin@engines.example"}),
    ("UNABLE_TO_LOCK_ROW", {}),
    ("FIELD_CUSTOM_VALIDATION_EXCEPTION", {"Department": "forbidden"}),
]
"""What each check finds, in the order of the checks."""


@pytest.mark.asyncio
@pytest.mark.behaviour("first-check-wins")
async def test_the_whole_order_of_the_checks(api: Any) -> None:
    """A row in which everything is wrong is refused for one thing after the other, as they are put right."""
    field = {"object": "Contact", "type": "text", "unique": True, "external_id": True}
    await api.control("POST", "fields", name="Ext__c", **field)
    strict = {"object": "Contact", "type": "picklist", "values": ["either", "or"], "restricted": True}
    await api.control("POST", "fields", name="Strict__c", **strict)
    await api.create("Contact", LastName="Twin", Email="twin@engines.example", Ext__c="taken")
    contact = await api.create("Contact", LastName="C")
    await api.control("POST", "rules", kind="duplicate", object="Contact", fields=["Email"])
    validation = {"kind": "validation", "object": "Contact", "field": "Department", "contains": "forbidden"}
    await api.control("POST", "rules", **validation, message="No.")
    await api.control("POST", "rules", kind="lock", record=contact)
    seen: list[str] = []
    for position in range(len(ORDER)):
        record: dict[str, Any] = {}
        for _, wrong in ORDER[position:]:
            record |= wrong
        if ORDER[position][0] == "FIELD_CUSTOM_VALIDATION_EXCEPTION":
            await api.control("DELETE", "rules")
            await api.control("POST", "rules", **validation, message="No.")
        answer = await api("PATCH", f"sobjects/Contact/{contact}", record)
        seen.append(answer.code)
    assert seen == [code for code, _ in ORDER]


@pytest.mark.asyncio
async def test_object_rules_come_before_uniqueness(api: Any) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    account = await api.create("Account", Name="A")
    await api.create("Task", ActionSync_Id__c="taken")
    answer = await api("POST", TASK, {"WhoId": lead, "WhatId": account, "ActionSync_Id__c": "taken"})
    assert answer.code == "FIELD_INTEGRITY_EXCEPTION"
