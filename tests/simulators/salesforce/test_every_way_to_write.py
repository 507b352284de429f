"""What is wrong with a row is refused alike, by whichever call it is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from actionsync_simulators.salesforce.rows.refusals import WRITTEN

LEAD = {"LastName": "Lovelace", "Company": "Engines"}
VALUES: dict[str, tuple[str, dict[str, Any]]] = {
    "INVALID_FIELD": ("Task", {"FavoritePet__c": "cat"}),
    "INVALID_FIELD_FOR_INSERT_UPDATE": ("Task", {"CreatedDate": "2020-01-01T00:00:00Z"}),
    "INVALID_TYPE_ON_FIELD_IN_RECORD": ("Task", {"ActivityDate": "tomorrow"}),
    "MALFORMED_ID": ("Task", {"OwnerId": "INVALID_OWNER"}),
    "STRING_TOO_LONG": ("Task", {"Subject": "x" * 256}),
    "INVALID_EMAIL_ADDRESS": ("Lead", {"Email": "x"}),
    "NUMBER_OUTSIDE_VALID_RANGE": ("Task", {"CallDurationInSeconds": 123_456_789}),
    "FIELD_INTEGRITY_EXCEPTION": ("Task", {"WhoId": "{account}"}),
    "ENTITY_IS_DELETED": ("Task", {"WhoId": "{gone}"}),
    "INVALID_CROSS_REFERENCE_KEY": ("Task", {"WhoId": "00Q8d000000zzzz"}),
    "CANNOT_UPDATE_CONVERTED_LEAD": ("Task", {"WhoId": "{converted}"}),
    "REQUIRED_FIELD_MISSING": ("Lead", {"Company": None}),
    "INACTIVE_OWNER_OR_USER": ("Lead", {"OwnerId": "{inactive}"}),
    "DUPLICATE_VALUE": ("Task", {"ActionSync_Id__c": "ACT-1"}),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": ("Lead", {"Title": "forbidden"}),
    "DUPLICATES_DETECTED": ("Lead", {"Email": "twin@example.com"}),
    "UNABLE_TO_LOCK_ROW": ("Task", {"WhoId": "{locked}", "Status": "Not Started", "ActivityDate": "2024-02-01"}),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": ("Lead", {"GeocodeAccuracy": "x"}),
    "INSUFFICIENT_ACCESS_OR_READONLY": ("Account", {"Name": "x"}),
}
"""By code: the object, and what is wrong with a row of it."""


@dataclass(frozen=True)
class Rows:
    """What the cases need: a row of each object to write to, and rows to refer to."""

    target: dict[str, str]
    named: dict[str, str]


async def prepared(api: Any) -> Rows:
    made = {name: await api.create("Lead", **LEAD) for name in ("gone", "converted", "locked")}
    await api("DELETE", f"sobjects/Lead/{made['gone']}")
    await api.control("POST", "convert", lead=made["converted"], create_opportunity=False)
    await api.create("Task", Subject="first", ActionSync_Id__c="ACT-1")
    await api.create("Lead", **LEAD, Email="twin@example.com")
    target = {"Task": await api.create("Task", Subject="x"), "Lead": await api.create("Lead", **LEAD, LeadSource="y")}
    await api.control(
        "POST", "rules", kind="validation", object="Lead", field="Title", contains="forbidden", message="!"
    )
    await api.control("POST", "rules", kind="duplicate", object="Lead", fields=["Email"], allow_save=False)
    await api.control("POST", "rules", kind="lock", record=made["locked"])
    account = target["Account"] = await api.create("Account", Name="A")
    await api.control("POST", "profile", object="Account", state="read_only")
    inactive = api.simulator.database.value('SELECT Id FROM "User" WHERE IsActive = 0')
    return Rows(target, {**made, "account": account, "inactive": inactive})


def new(sobject: str, record: dict[str, Any]) -> dict[str, Any]:
    return {**(LEAD if sobject == "Lead" else {}), **record}


def typed(sobject: str, record: dict[str, Any]) -> dict[str, Any]:
    return {"records": [{"attributes": {"type": sobject}, **record}]}


Way = Callable[[Any, str, dict[str, Any], str], Awaitable[Any]]
WAYS: dict[str, Way] = {
    "create": lambda api, sobject, record, _: api("POST", f"sobjects/{sobject}", new(sobject, record)),
    "create below Id": lambda api, sobject, record, _: api("POST", f"sobjects/{sobject}/Id", new(sobject, record)),
    "update": lambda api, sobject, record, target: api("PATCH", f"sobjects/{sobject}/{target}", record),
    "upsert": lambda api, sobject, record, target: api("PATCH", f"sobjects/{sobject}/Id/{target}", record),
    "create many": lambda api, sobject, record, _: api(
        "POST", "composite/sobjects", typed(sobject, new(sobject, record))
    ),
    "update many": lambda api, sobject, record, target: api(
        "PATCH", "composite/sobjects", typed(sobject, {"Id": target, **record})
    ),
    "upsert many": lambda api, sobject, record, target: api(
        "PATCH", f"composite/sobjects/{sobject}/Id", typed(sobject, {"Id": target, **record})
    ),
    "create a tree": lambda api, sobject, record, _: api(
        "POST",
        f"composite/tree/{sobject}",
        {"records": [{"attributes": {"type": sobject, "referenceId": "r"}, **new(sobject, record)}]},
    ),
}


def code_of(answer: Any) -> str:
    body = answer.body
    if isinstance(body, dict) and "results" in body:
        return str(body["results"][0]["errors"][0]["statusCode"])
    if answer.status >= 400:
        return str(answer.code)
    return str(body[0]["errors"][0]["statusCode"]) if isinstance(body, list) and body[0]["errors"] else "accepted"


@pytest.mark.asyncio
@pytest.mark.parametrize("way", WAYS)
async def test_a_row_is_refused_alike_in_every_way(api: Any, way: str) -> None:
    rows = await prepared(api)
    seen = {}
    for code, (sobject, record) in VALUES.items():
        values = {name: _filled(value, rows.named) for name, value in record.items()}
        seen[code] = code_of(await WAYS[way](api, sobject, values, rows.target[sobject]))
    assert seen == {code: code for code in VALUES}


def _filled(value: Any, named: dict[str, str]) -> Any:
    return value.format(**named) if isinstance(value, str) else value


def test_the_cases_are_what_the_calls_declare() -> None:
    assert set(VALUES) == set(WRITTEN)
