"""Describe in its three sizes, and the states of field-level security."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock

WHO_ID = {
    "aggregatable": True,
    "aiPredictionField": False,
    "autoNumber": False,
    "byteLength": 18,
    "calculated": False,
    "calculatedFormula": None,
    "cascadeDelete": False,
    "caseSensitive": False,
    "compoundFieldName": None,
    "controllerName": None,
    "createable": True,
    "custom": False,
    "defaultValue": None,
    "defaultValueFormula": None,
    "defaultedOnCreate": False,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "digits": 0,
    "displayLocationInDecimal": False,
    "encrypted": False,
    "externalId": False,
    "extraTypeInfo": None,
    "filterable": True,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "groupable": True,
    "highScaleNumber": False,
    "htmlFormatted": False,
    "idLookup": False,
    "inlineHelpText": None,
    "label": "Name ID",
    "length": 18,
    "mask": None,
    "maskType": None,
    "name": "WhoId",
    "nameField": False,
    "namePointing": True,
    "nillable": True,
    "permissionable": True,
    "picklistValues": [],
    "polymorphicForeignKey": True,
    "precision": 0,
    "queryByDistance": False,
    "referenceTargetField": None,
    "referenceTo": ["Contact", "Lead"],
    "relationshipName": "Who",
    "relationshipOrder": None,
    "restrictedDelete": False,
    "restrictedPicklist": False,
    "scale": 0,
    "searchPrefilterable": True,
    "soapType": "tns:ID",
    "sortable": True,
    "type": "reference",
    "unique": False,
    "updateable": True,
    "writeRequiresMasterRead": False,
}

SALES_FIELDS = {
    "mktosales_call_outcome__c": ("string", 50),
    "mktosales_call_reason__c": ("string", 50),
    "MSE_Call_Local_Presence_ID__c": ("string", 255),
    "MSE_Call_Recording__c": ("url", 255),
    "MSE_Campaign__c": ("string", 255),
    "MSE_Current_Campaign_Step__c": ("string", 255),
    "MSE_Campaign_Details_Link__c": ("url", 255),
    "MSE_Presentation_Viewed__c": ("boolean", 0),
    "MSE_Clicked__c": ("boolean", 0),
    "MSE_Replied__c": ("boolean", 0),
    "MSE_Email_Status__c": ("string", 255),
    "MSE_Template__c": ("string", 255),
    "MSE_Template_Details__c": ("url", 255),
    "MSE_Details__c": ("url", 255),
    "MSE_Viewed__c": ("boolean", 0),
}


async def fields_of(api: Any, sobject: str) -> dict[str, dict[str, Any]]:
    answer = await api("GET", f"sobjects/{sobject}/describe")
    assert answer.status == 200
    return {field["name"]: field for field in answer.body["fields"]}


@pytest.mark.asyncio
async def test_global_describe_lists_objects_that_can_all_be_described_and_queried(api: Any) -> None:
    answer = await api("GET", "sobjects/")
    assert list(answer.body) == ["encoding", "maxBatchSize", "sobjects"]
    names = [each["name"] for each in answer.body["sobjects"]]
    assert names == sorted(names)
    wanted = {"Task", "Lead", "Contact", "Account", "User", "Opportunity", "OpportunityContactRole", "Organization"}
    assert wanted | {"TaskStatus", "TaskPriority", "LeadStatus", "Group", "Campaign", "Event"} <= set(names)
    for name in names:
        described = await api("GET", f"sobjects/{name}/describe")
        assert described.status == 200
        assert sum(field["type"] == "id" for field in described.body["fields"]) == 1
        columns = ", ".join(field["name"] for field in described.body["fields"])
        assert (await api("GET", "query", params={"q": f"SELECT {columns} FROM {name} LIMIT 3"})).status == 200


@pytest.mark.asyncio
async def test_a_global_entry_has_every_key(api: Any) -> None:
    answer = await api("GET", "sobjects")
    entry = next(each for each in answer.body["sobjects"] if each["name"] == "Task")
    assert entry == {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": True,
        "custom": False,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": True,
        "deprecatedAndHidden": False,
        "feedEnabled": True,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": "00T",
        "label": "Task",
        "labelPlural": "Tasks",
        "layoutable": True,
        "mergeable": False,
        "mruEnabled": False,
        "name": "Task",
        "queryable": True,
        "replicateable": True,
        "retrieveable": True,
        "searchable": True,
        "triggerable": True,
        "undeletable": True,
        "updateable": True,
        "urls": {
            "rowTemplate": "/services/data/v60.0/sobjects/Task/{ID}",
            "defaultValues": "/services/data/v60.0/sobjects/Task/defaultValues?recordTypeId&fields",
            "describe": "/services/data/v60.0/sobjects/Task/describe",
            "sobject": "/services/data/v60.0/sobjects/Task",
        },
    }


@pytest.mark.asyncio
async def test_basic_information_shows_the_subject_of_recent_tasks(api: Any) -> None:
    task = await api.create("Task", Subject="Call Ada")
    answer = await api("GET", "sobjects/Task/")
    assert answer.body["objectDescribe"]["keyPrefix"] == "00T"
    assert answer.body["recentItems"] == [
        {
            "attributes": {"type": "Task", "url": f"/services/data/v60.0/sobjects/Task/{task}"},
            "Id": task,
            "Subject": "Call Ada",
        }
    ]


@pytest.mark.asyncio
async def test_full_describe_has_its_keys_in_order(api: Any) -> None:
    answer = await api("GET", "sobjects/Lead/describe")
    keys = list(answer.body)
    assert keys == sorted(keys)
    assert len(keys) == 45
    assert answer.body["recordTypeInfos"][0]["recordTypeId"] == "012000000000000AAA"
    assert {"label": "All leads", "name": "everything"} in answer.body["supportedScopes"]


@pytest.mark.asyncio
async def test_child_relationships(api: Any) -> None:
    answer = await api("GET", "sobjects/Contact/describe")
    named = {each["relationshipName"]: each for each in answer.body["childRelationships"]}
    assert {"Tasks", "Events", "CampaignMembers", "OpportunityContactRoles"} <= set(named)
    assert named["Tasks"] == {
        "cascadeDelete": True,
        "childSObject": "Task",
        "deprecatedAndHidden": False,
        "field": "WhoId",
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": "Tasks",
        "restrictedDelete": False,
    }


@pytest.mark.asyncio
async def test_a_field_has_every_key_in_order(api: Any) -> None:
    who = (await fields_of(api, "Task"))["WhoId"]
    assert who == WHO_ID
    assert list(who) == list(WHO_ID)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("sobject", "name", "expected"),
    [
        (
            "Task",
            "Id",
            {
                "type": "id",
                "idLookup": True,
                "nillable": False,
                "createable": False,
                "length": 18,
                "soapType": "tns:ID",
            },
        ),
        ("Task", "Subject", {"type": "combobox", "length": 255, "byteLength": 765, "nameField": True}),
        (
            "Task",
            "Status",
            {
                "type": "picklist",
                "nillable": False,
                "defaultedOnCreate": True,
                "permissionable": False,
                "restrictedPicklist": False,
                "defaultValue": None,
            },
        ),
        ("Task", "TaskSubtype", {"restrictedPicklist": True, "updateable": False, "length": 40, "byteLength": 120}),
        (
            "Task",
            "Description",
            {
                "type": "textarea",
                "length": 32000,
                "byteLength": 96000,
                "filterable": False,
                "sortable": False,
                "groupable": False,
                "aggregatable": False,
                "extraTypeInfo": "plaintextarea",
            },
        ),
        (
            "Task",
            "ActivityDate",
            {"type": "date", "soapType": "xsd:date", "length": 0, "byteLength": 0, "groupable": True},
        ),
        ("Task", "ReminderDateTime", {"type": "datetime", "soapType": "xsd:dateTime", "groupable": False}),
        (
            "Task",
            "IsReminderSet",
            {
                "type": "boolean",
                "nillable": False,
                "defaultedOnCreate": True,
                "defaultValue": False,
                "aggregatable": False,
            },
        ),
        ("Task", "CallDurationInSeconds", {"type": "int", "digits": 8, "length": 0}),
        (
            "Task",
            "ActionSync_Id__c",
            {
                "custom": True,
                "externalId": True,
                "idLookup": True,
                "unique": True,
                "caseSensitive": False,
                "length": 100,
                "byteLength": 300,
                "nillable": True,
            },
        ),
        ("Event", "ActionSync_Id__c", {"externalId": True, "unique": True}),
        (
            "Lead",
            "HasOptedOutOfEmail",
            {
                "label": "Email Opt Out",
                "permissionable": True,
                "defaultValue": False,
                "createable": True,
                "updateable": True,
            },
        ),
        ("Lead", "Email", {"type": "email", "length": 80, "byteLength": 240, "idLookup": True}),
        (
            "Lead",
            "Name",
            {
                "length": 121,
                "byteLength": 363,
                "createable": False,
                "updateable": False,
                "nameField": True,
                "extraTypeInfo": "personname",
            },
        ),
        ("Lead", "FirstName", {"length": 40, "compoundFieldName": "Name"}),
        (
            "Lead",
            "Address",
            {
                "type": "address",
                "soapType": "urn:address",
                "createable": False,
                "sortable": False,
                "queryByDistance": True,
                "length": 0,
            },
        ),
        ("Lead", "City", {"compoundFieldName": "Address"}),
        (
            "Lead",
            "OwnerId",
            {
                "referenceTo": ["Group", "User"],
                "relationshipName": "Owner",
                "nillable": False,
                "defaultedOnCreate": True,
                "polymorphicForeignKey": True,
            },
        ),
        ("Contact", "OwnerId", {"referenceTo": ["User"], "polymorphicForeignKey": False}),
        ("Lead", "LinkedIn_Profile__c", {"type": "url", "custom": True}),
        ("Contact", "LinkedIn_Profile__c", {"type": "url", "custom": True}),
        (
            "Lead",
            "SystemModstamp",
            {"createable": False, "nillable": False, "permissionable": False, "defaultedOnCreate": True},
        ),
        ("Account", "Name", {"nameField": True, "idLookup": True, "permissionable": False, "nillable": False}),
        ("User", "Username", {"unique": True, "length": 80, "idLookup": True}),
        ("TaskStatus", "IsClosed", {"createable": False, "updateable": False}),
        ("Organization", "IsSandbox", {"type": "boolean", "createable": False}),
    ],
)
async def test_properties_of_fields(api: Any, sobject: str, name: str, expected: dict[str, Any]) -> None:
    field = (await fields_of(api, sobject))[name]
    assert {key: field[key] for key in expected} == expected


@pytest.mark.asyncio
async def test_picklist_values(api: Any) -> None:
    status = (await fields_of(api, "Task"))["Status"]
    assert status["picklistValues"][0] == {
        "active": True,
        "defaultValue": True,
        "label": "Not Started",
        "validFor": None,
        "value": "Not Started",
    }
    subtypes = (await fields_of(api, "Task"))["TaskSubtype"]["picklistValues"]
    assert [each["value"] for each in subtypes] == ["Task", "Email", "ListEmail", "Call", "Cadence", "LinkedIn"]


@pytest.mark.asyncio
async def test_the_15_sales_fields_are_there_and_writable(api: Any) -> None:
    fields = await fields_of(api, "Task")
    found = {name: (fields[name]["type"], fields[name]["length"]) for name in SALES_FIELDS}
    assert found == SALES_FIELDS
    assert all(fields[name]["createable"] and fields[name]["updateable"] for name in SALES_FIELDS)


@pytest.mark.asyncio
async def test_unchanged_describes_are_not_sent_again(api: Any, clock: Clock) -> None:
    since = {"If-Modified-Since": "Wed, 31 Jan 2024 12:00:00 GMT"}
    for path in ("sobjects", "sobjects/Task/describe"):
        answer = await api("GET", path, headers=since)
        assert (answer.status, answer.body) == (304, "")
    await clock.advance(timedelta(minutes=1))
    await api.control("POST", "fields", object="Task", name="New__c", type="text")
    answer = await api("GET", "sobjects/Task/describe", headers=since)
    assert answer.status == 200
    assert answer.body["fields"][-1]["name"] == "New__c"


@pytest.mark.asyncio
@pytest.mark.parametrize("sobject", ["Lead", "Contact"])
@pytest.mark.behaviour("describe-hides")
async def test_hidden_field_behaves_as_if_it_did_not_exist(api: Any, sobject: str) -> None:
    row = (await api.soql(f"SELECT Id FROM {sobject} LIMIT 1"))[0]["Id"]
    await api.control("POST", "profile", object=sobject, field="HasOptedOutOfEmail", state="hidden")
    assert "HasOptedOutOfEmail" not in await fields_of(api, sobject)
    assert "HasOptedOutOfEmail" not in await api.read(sobject, row)
    query = await api("GET", "query", params={"q": f"SELECT HasOptedOutOfEmail FROM {sobject}"})
    assert query.code == "INVALID_FIELD"
    assert f"No such column 'HasOptedOutOfEmail' on entity '{sobject}'" in query.error["message"]
    write = await api("PATCH", f"sobjects/{sobject}/{row}", {"HasOptedOutOfEmail": True})
    assert write.body == [
        {
            "message": f"No such column 'HasOptedOutOfEmail' on sobject of type {sobject}",
            "errorCode": "INVALID_FIELD",
        }
    ]
    await api.control("POST", "profile", object=sobject, field="HasOptedOutOfEmail", state="editable")
    await api.update(sobject, row, HasOptedOutOfEmail=True)


@pytest.mark.asyncio
async def test_read_only_field_is_seen_but_not_written(api: Any) -> None:
    row = (await api.soql("SELECT Id FROM Lead LIMIT 1"))[0]["Id"]
    await api.control("POST", "profile", object="Lead", field="HasOptedOutOfEmail", state="read_only")
    field = (await fields_of(api, "Lead"))["HasOptedOutOfEmail"]
    assert (field["createable"], field["updateable"]) == (False, False)
    assert "HasOptedOutOfEmail" in await api.read("Lead", row)
    answer = await api("PATCH", f"sobjects/Lead/{row}", {"HasOptedOutOfEmail": True})
    assert answer.body == [
        {
            "message": "Unable to create/update fields: HasOptedOutOfEmail. Please check the security settings of this"
            " field and verify that it is read/write for your profile or permission set.",
            "errorCode": "INVALID_FIELD_FOR_INSERT_UPDATE",
            "fields": ["HasOptedOutOfEmail"],
        }
    ]


@pytest.mark.asyncio
async def test_security_of_one_user_leaves_the_others_alone(api: Any) -> None:
    await api.control(
        "POST", "profile", user="admin@simulator.example", object="Task", field="MSE_Viewed__c", state="hidden"
    )
    assert "MSE_Viewed__c" not in await fields_of(api, "Task")
    assert "MSE_Viewed__c" not in await fields_of(api, "Event")
    sync = api.simulator.sync_app
    await api.log_in(client_id=sync.client_id, client_secret=sync.client_secret)
    assert "MSE_Viewed__c" in await fields_of(api, "Task")


@pytest.mark.asyncio
async def test_the_fresh_org_hides_the_opt_out_of_leads_only(api: Any) -> None:
    profile = await api.control("POST", "profile", profile="fresh-org")
    assert profile["hidden"] == ["Lead.HasOptedOutOfEmail"]
    assert "HasOptedOutOfEmail" not in await fields_of(api, "Lead")
    assert "HasOptedOutOfEmail" in await fields_of(api, "Contact")
    await api.control("POST", "profile", profile="integration-ready")
    assert "HasOptedOutOfEmail" in await fields_of(api, "Lead")


@pytest.mark.asyncio
async def test_an_external_id_that_is_hidden_cannot_be_upserted_by(api: Any) -> None:
    await api.control("POST", "profile", object="Task", field="ActionSync_Id__c", state="hidden")
    message = "Provided external ID field does not exist or is not accessible: ActionSync_Id__c"
    single = await api("PATCH", "sobjects/Task/ActionSync_Id__c/a", {"Subject": "x"})
    many = await api("PATCH", "composite/sobjects/Task/ActionSync_Id__c", {"records": []})
    assert single.body == many.body == [{"errorCode": "NOT_FOUND", "message": message}]
    assert single.status == many.status == 404


@pytest.mark.asyncio
async def test_an_object_open_for_reading_only(api: Any) -> None:
    row = (await api.soql("SELECT Id FROM Lead LIMIT 1"))[0]["Id"]
    await api.control("POST", "profile", object="Lead", state="read_only")
    answer = await api("PATCH", f"sobjects/Lead/{row}", {"Title": "x"})
    assert (answer.status, answer.code) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    described = (await api("GET", "sobjects/Lead/describe")).body
    assert (described["createable"], described["updateable"], described["deletable"]) == (False, False, False)
    assert (await api("POST", "sobjects/Lead", {"LastName": "x", "Company": "y"})).status == 403
    assert (await api("DELETE", f"sobjects/Lead/{row}")).status == 403
