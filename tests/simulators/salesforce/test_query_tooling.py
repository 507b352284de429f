"""The Tooling API: what the org is made of, asked with SOQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock


async def rows(api: Any, query: str) -> list[dict[str, Any]]:
    answer = await api("GET", "tooling/query", params={"q": query})
    assert answer.status == 200, answer.body
    records: list[dict[str, Any]] = answer.body["records"]
    return records


@pytest.mark.asyncio
@pytest.mark.behaviour("tooling-fields")
async def test_entities_and_fields_are_those_that_describe_tells(api: Any) -> None:
    every = (await api("GET", "sobjects")).body["sobjects"]
    entities = await rows(api, "SELECT QualifiedApiName, KeyPrefix, IsSearchable FROM EntityDefinition")
    assert {(row["QualifiedApiName"], row["KeyPrefix"], row["IsSearchable"]) for row in entities} == {
        (each["name"], each["keyPrefix"], each["searchable"]) for each in every
    }
    described = (await api("GET", "sobjects/Task/describe")).body["fields"]
    fields = await rows(
        api,
        "SELECT QualifiedApiName, Label, Length, IsNillable FROM FieldDefinition"
        " WHERE EntityDefinition.QualifiedApiName = 'Task'",
    )
    assert {(row["QualifiedApiName"], row["Label"], row["IsNillable"]) for row in fields} == {
        (each["name"], each["label"], each["nillable"]) for each in described
    }


@pytest.mark.asyncio
async def test_types_are_told_in_the_words_of_the_setup_pages(api: Any) -> None:
    fields = await rows(
        api, "SELECT DurableId, DataType FROM FieldDefinition WHERE EntityDefinitionId IN ('Lead', 'Task', 'Contact')"
    )
    types = {row["DurableId"]: row["DataType"] for row in fields}
    expected = {
        "Lead.Id": "Lookup()",
        "Lead.Name": "Name",
        "Lead.Company": "Text(255)",
        "Lead.Email": "Email",
        "Lead.Address": "Address",
        "Lead.Street": "Text Area(255)",
        "Lead.Description": "Long Text Area(32000)",
        "Lead.OwnerId": "Lookup(Group,User)",
        "Lead.HasOptedOutOfEmail": "Checkbox",
        "Lead.AnnualRevenue": "Currency(18, 0)",
        "Lead.NumberOfEmployees": "Number(8, 0)",
        "Lead.CreatedDate": "Date/Time",
        "Task.ActivityDate": "Date",
        "Task.Status": "Picklist",
        "Contact.Phone": "Phone",
    }
    assert {name: types[name] for name in expected} == expected
    external = await rows(api, "SELECT DataType FROM FieldDefinition WHERE QualifiedApiName = 'ActionSync_Id__c'")
    assert {row["DataType"] for row in external} == {"Text(100) (External ID) (Unique Case Insensitive)"}


@pytest.mark.asyncio
async def test_custom_fields_follow_the_schema_and_what_the_caller_sees(api: Any) -> None:
    query = "SELECT Id, TableEnumOrId, EntityDefinition.KeyPrefix FROM CustomField WHERE DeveloperName = '{}'"
    assert await rows(api, query.format("Tier")) == []
    await api.control("POST", "fields", object="Lead", name="Tier__c", type="text")
    tier = (await rows(api, query.format("Tier")))[0]
    assert (tier["TableEnumOrId"], tier["EntityDefinition"]["KeyPrefix"]) == ("Lead", "00Q")
    read = await api("GET", f"tooling/sobjects/CustomField/{tier['Id']}")
    assert (read.body["attributes"]["type"], read.body["DeveloperName"]) == ("CustomField", "Tier")
    activity = await rows(api, query.format("MSE_Viewed"))
    assert [row["TableEnumOrId"] for row in activity] == ["Activity"]
    await api.control("POST", "profile", object="Lead", field="Tier__c", state="hidden")
    assert await rows(api, query.format("Tier")) == []
    await api.control("POST", "reset")
    await api.log_in()
    assert await rows(api, query.format("Tier")) == []


@pytest.mark.asyncio
async def test_children_counts_columns_and_plans(api: Any) -> None:
    lead = (await rows(api, "SELECT Id, (SELECT DeveloperName FROM Fields LIMIT 2) FROM EntityDefinition WHERE"
                            " DeveloperName = 'Lead'"))[0]  # fmt: skip
    assert len(lead["Fields"]["records"]) == 2
    assert lead["attributes"]["url"] == "/services/data/v60.0/tooling/sobjects/EntityDefinition/Lead"
    count = await api("GET", "tooling/query", params={"q": "SELECT COUNT() FROM ApexClass"})
    assert count.body == {"totalSize": 0, "done": True, "records": []}
    columns = await api("GET", "tooling/query", params={"q": "SELECT Id FROM ApexTrigger", "columns": "true"})
    assert columns.body["columnMetadata"][0]["columnName"] == "Id"
    plan = await api("GET", "tooling/query", params={"explain": "SELECT Id FROM CustomObject"})
    assert plan.body["plans"][0]["sobjectType"] == "CustomObject"


@pytest.mark.asyncio
async def test_pages(api: Any) -> None:
    query = "SELECT DurableId FROM FieldDefinition ORDER BY DurableId"
    small = {"Sforce-Query-Options": "batchSize=200"}
    page = await api("GET", "tooling/query", params={"q": query}, headers=small)
    seen = [row["DurableId"] for row in page.body["records"]]
    while not page.body["done"]:
        assert page.body["nextRecordsUrl"].startswith("/services/data/v60.0/tooling/query/01g")
        page = await api("GET", page.body["nextRecordsUrl"])
        seen += [row["DurableId"] for row in page.body["records"]]
    assert len(seen) == len(set(seen)) == page.body["totalSize"] > 200
    assert (await api("GET", "tooling/query/nonsense")).code == "INVALID_QUERY_LOCATOR"


@pytest.mark.asyncio
async def test_its_objects_are_described(api: Any, clock: Clock) -> None:
    assert (await api("GET", "tooling")).body["query"] == "/services/data/v60.0/tooling/query"
    summaries = (await api("GET", "tooling/sobjects")).body["sobjects"]
    for each in summaries:
        assert each["urls"]["describe"] == f"/services/data/v60.0/tooling/sobjects/{each['name']}/describe"
        described = await api("GET", each["urls"]["describe"])
        names = ", ".join(field["name"] for field in described.body["fields"])
        await rows(api, f"SELECT {names} FROM {each['name']} LIMIT 1")
        basic = await api("GET", f"tooling/sobjects/{each['name']}")
        assert basic.body == {"objectDescribe": each, "recentItems": []}
    field = await api("GET", "tooling/sobjects/FieldDefinition/Lead.Email")
    assert field.body["QualifiedApiName"] == "Email"
    assert (await api("GET", "tooling/sobjects/FieldDefinition/Lead.Nope")).code == "NOT_FOUND"
    assert (await api("GET", "tooling/sobjects/Lead/describe")).code == "NOT_FOUND"
    await clock.advance(timedelta(minutes=1))
    since = {"If-Modified-Since": "Wed, 31 Jan 2024 12:00:30 GMT"}
    early = {"If-Unmodified-Since": "Wed, 31 Jan 2024 11:00:00 GMT"}
    for path in ("tooling/sobjects", "tooling/sobjects/CustomField/describe"):
        assert (await api("GET", path, headers=since)).status == 304
        assert (await api("GET", path, headers=early)).code == "PRECONDITION_FAILED"


DEEP = "Label = 'x'"
for level in range(101):
    DEEP = f"Label = 'x' {'AND' if level % 2 else 'OR'} ({DEEP})"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Id FROM Lead", "INVALID_TYPE"),
        ("SELECT Nope FROM CustomField", "INVALID_FIELD"),
        ("SELECT FROM CustomField", "MALFORMED_QUERY"),
        ("SELECT Id FROM CustomField WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM CustomField LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
        (f"SELECT Id FROM FieldDefinition WHERE {DEEP}", "QUERY_TOO_COMPLICATED"),
    ],
)
async def test_what_is_refused(api: Any, query: str, code: str) -> None:
    assert (await api("GET", "tooling/query", params={"q": query})).code == code
