"""What an admin sets up through the control plane: picklist values, the package, profiles of fields."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.schema.sales_package import ROLL_UP_FIELDS, ROLL_UP_OBJECTS, SALES_FIELDS
from actionsync_simulators.salesforce.switches import SalesforceSwitches

SALES = [spec["name"] for spec in SALES_FIELDS]
ROLL_UPS = [spec["name"] for spec in ROLL_UP_FIELDS]


async def described(api: Any, sobject: str) -> dict[str, dict[str, Any]]:
    answer = await api("GET", f"sobjects/{sobject}/describe")
    assert answer.status == 200
    return {field["name"]: field for field in answer.body["fields"]}


async def values_of(api: Any, sobject: str, field: str) -> list[str]:
    return [each["value"] for each in (await described(api, sobject))[field]["picklistValues"]]


@pytest.mark.asyncio
async def test_the_package_is_installed_in_one_call(anonymous: Any, clock: Clock) -> None:
    anonymous.session.connector.app = SalesforceSimulator(
        clock=clock, switches=SalesforceSwitches(activity_fields=False)
    )
    await anonymous.log_in()
    assert not {"ActionSync_Id__c", *SALES} & set(await described(anonymous, "Task"))
    refused = await anonymous("PATCH", "sobjects/Task/ActionSync_Id__c/a-1", {"Subject": "x"})
    assert refused.code == "NOT_FOUND"
    installed = await anonymous.control("POST", "package")
    assert len(installed["added"]) == 16 + 10 * 4
    assert installed["present"] == []
    for activity in ("Task", "Event"):
        assert {"ActionSync_Id__c", *SALES} <= set(await described(anonymous, activity))
    for sobject in ROLL_UP_OBJECTS:
        assert set(ROLL_UPS) <= set(await described(anonymous, sobject))
    assert "Reply" in await values_of(anonymous, "Task", "Type")
    upserted = await anonymous(
        "PATCH", "sobjects/Task/ActionSync_Id__c/a-1", {"Subject": "x", "Type": "Reply", "MSE_Viewed__c": True}
    )
    assert upserted.status == 201
    again = await anonymous.control("POST", "package")
    assert (again["added"], len(again["present"])) == ([], 56)
    assert (await values_of(anonymous, "Task", "Type")).count("Reply") == 1


@pytest.mark.asyncio
async def test_roll_ups_hold_values_and_snapshots_bring_them_back(api: Any) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    before = (await api.control("POST", "snapshot"))["id"]
    assert len((await api.control("POST", "package"))["added"]) == 40
    await api.update("Lead", lead, MSE_Opt_Out__c=True, MSE_Last_Replied__c="2024-01-31T10:00:00Z")
    after = (await api.control("POST", "snapshot"))["id"]
    await api.control("POST", "restore", id=before)
    assert (await api("PATCH", f"sobjects/Lead/{lead}", {"MSE_Opt_Out__c": True})).code == "INVALID_FIELD"
    assert "Reply" not in await values_of(api, "Task", "Type")
    await api.control("POST", "restore", id=after)
    record = await api.read("Lead", lead, "MSE_Opt_Out__c", "MSE_Last_Replied__c")
    assert (record["MSE_Opt_Out__c"], record["MSE_Last_Replied__c"]) == (True, "2024-01-31T10:00:00.000+0000")
    assert "Reply" in await values_of(api, "Task", "Type")


@pytest.mark.asyncio
async def test_picklist_values_are_added(api: Any) -> None:
    grown = await api.control("POST", "picklist-values", object="task", field="type", values=["Reply", "Call"])
    assert grown == {
        "object": "Task",
        "field": "Type",
        "values": ["Call", "Email", "Meeting", "Other", "Reply"],
    }
    assert await values_of(api, "Task", "Type") == grown["values"]
    assert "Reply" not in await values_of(api, "Event", "Type")
    restricted = {"object": "Lead", "name": "Tier__c", "type": "picklist", "values": ["A"], "restricted": True}
    await api.control("POST", "fields", **restricted)
    body = {"LastName": "L", "Company": "C", "Tier__c": "B"}
    assert (await api("POST", "sobjects/Lead", body)).code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    await api.control("POST", "picklist-values", object="Lead", field="Tier__c", values=["B"])
    assert (await api("POST", "sobjects/Lead", body)).status == 201
    shared = {"object": "Task", "name": "Mood__c", "type": "picklist", "values": ["Good"]}
    await api.control("POST", "fields", **shared)
    await api.control("POST", "picklist-values", object="Event", field="Mood__c", values=["Bad"])
    assert await values_of(api, "Task", "Mood__c") == ["Good", "Bad"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"object": "Task", "field": "Type"},
        {"object": "Task", "field": "Type", "values": []},
        {"object": "Task", "field": "Type", "values": [1]},
        {"object": "Task", "field": "Type", "values": [" "]},
        {"object": "Task", "field": "Type", "values": ["x" * 256]},
        {"object": "Task", "field": "Nope", "values": ["x"]},
        {"object": "Nope", "field": "Type", "values": ["x"]},
        {"object": "Task", "field": "WhoId", "values": ["x"]},
        {"object": "Task", "field": "Status", "values": ["x"]},
        {"object": "Task", "field": "Type", "values": ["x"], "more": 1},
    ],
)
async def test_picklist_values_that_cannot_be_added(api: Any, arguments: dict[str, Any]) -> None:
    answer = await api("POST", "/_sim/picklist-values", arguments)
    assert answer.status == 400
    assert answer.body["hint"]


@pytest.mark.asyncio
async def test_the_package_takes_no_arguments(api: Any) -> None:
    assert (await api("POST", "/_sim/package", {"only": "fields"})).status == 400


@pytest.mark.asyncio
async def test_a_profile_that_hides_the_sales_fields_of_one_user(api: Any, anonymous: Any) -> None:
    task = await api.create("Task", Subject="x", MSE_Viewed__c=True)
    shown = await api.control("POST", "profile", profile="sales-fields-hidden", user="marketo.sync@simulator.example")
    assert {"Lead.HasOptedOutOfEmail", "Contact.HasOptedOutOfEmail", "Task.MSE_Viewed__c"} <= set(shown["hidden"])
    assert "MSE_Viewed__c" in await described(api, "Task")
    app = api.simulator.sync_app
    await anonymous.log_in(client_id=app.client_id, client_secret=app.client_secret)
    assert not set(SALES) & set(await described(anonymous, "Task"))
    assert "ActionSync_Id__c" in await described(anonymous, "Task")
    assert "HasOptedOutOfEmail" not in await described(anonymous, "Contact")
    assert "MSE_Viewed__c" not in await anonymous.read("Task", task)
    assert (await anonymous("PATCH", f"sobjects/Task/{task}", {"MSE_Viewed__c": False})).code == "INVALID_FIELD"
    unknown = await anonymous("GET", "query", params={"q": "SELECT HasOptedOutOfEmail FROM Lead"})
    assert unknown.code == "INVALID_FIELD"


@pytest.mark.asyncio
async def test_a_profile_that_lets_the_sales_fields_only_be_read(api: Any) -> None:
    task = await api.create("Task", Subject="x", MSE_Viewed__c=True)
    await api.control("POST", "profile", profile="sales-fields-read-only")
    field = (await described(api, "Task"))["MSE_Viewed__c"]
    assert (field["createable"], field["updateable"]) == (False, False)
    assert (await api.read("Task", task))["MSE_Viewed__c"] is True
    refused = await api("PATCH", f"sobjects/Task/{task}", {"MSE_Viewed__c": False, "Subject": "y"})
    assert (refused.code, refused.error["fields"]) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["MSE_Viewed__c"])
    assert (await api("PATCH", f"sobjects/Task/{task}", {"Subject": "y", "ActionSync_Id__c": "a"})).status == 204
