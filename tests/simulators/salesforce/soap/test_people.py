"""Lead conversion and merge over SOAP: effects, results and refusals of single rows."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.salesforce.events.log import Wanted


@pytest.fixture
def api(soap: Any) -> Any:
    return soap.api


async def log_in(soap: Any) -> None:
    await soap.log_in()
    soap.api.headers["Authorization"] = f"Bearer {soap.session}"


async def lead(api: Any, **fields: Any) -> str:
    return str(await api.create("Lead", **{"LastName": "Lovelace", "Company": "Engines", **fields}))


def conversion(lead_id: str | None, **members: str) -> str:
    whole = {"convertedStatus": "Closed - Converted", "leadId": lead_id or "", **members}
    return f"<u:leadConverts>{''.join(f'<u:{n}>{v}</u:{n}>' for n, v in whole.items())}</u:leadConverts>"


def merging(kind: str, master: str, *losers: str, fields: str = "") -> str:
    ids = "".join(f"<u:recordToMergeIds>{one}</u:recordToMergeIds>" for one in losers)
    record = f"<s:type>{kind}</s:type><s:Id>{master}</s:Id>{fields}"
    return f"<u:request><u:masterRecord>{record}</u:masterRecord>{ids}</u:request>"


def listed(result: Any) -> list[Any]:
    return result if isinstance(result, list) else [result]


@pytest.mark.asyncio
async def test_a_lead_is_converted_and_its_tasks_move(soap: Any, api: Any) -> None:
    await log_in(soap)
    lead_id = await lead(api, HasOptedOutOfEmail=True)
    task = await api.create("Task", WhoId=lead_id, Subject="before")
    answered = await soap("convertLead", conversion(lead_id, doNotCreateOpportunity="true", ownerId=""))
    result = answered.result
    assert list(result) == ["accountId", "contactId", "leadId", "opportunityId", "success"]
    assert (result["leadId"], result["opportunityId"], result["success"]) == (lead_id, None, "true")
    assert '<opportunityId xsi:nil="true"/>' in answered.text
    moved = await api.read("Task", task)
    assert (moved["WhoId"], moved["WhatId"]) == (result["contactId"], result["accountId"])
    contact = await api.read("Contact", result["contactId"])
    assert (contact["LastName"], contact["HasOptedOutOfEmail"]) == ("Lovelace", True)
    assert (await api.read("Lead", lead_id))["ConvertedContactId"] == result["contactId"]


@pytest.mark.asyncio
async def test_into_records_that_are_there(soap: Any, api: Any) -> None:
    await log_in(soap)
    account = await api.create("Account", Name="Engines")
    contact = await api.create("Contact", LastName="Lovelace", AccountId=account, LeadSource="Web")
    answered = await soap(
        "convertLead",
        conversion(
            await lead(api, LeadSource="Other"),
            accountId=account,
            contactId=contact,
            opportunityName="Big &amp; new",
            overwriteLeadSource="true",
            sendNotificationEmail="false",
        ),
    )
    assert (answered.result["accountId"], answered.result["contactId"]) == (account, contact)
    assert (await api.read("Opportunity", answered.result["opportunityId"]))["Name"] == "Big & new"
    assert (await api.read("Contact", contact))["LeadSource"] == "Other"


@pytest.mark.asyncio
@pytest.mark.behaviour("soap-rows-alone")
async def test_refused_conversions_stand_beside_the_others(soap: Any, api: Any) -> None:
    await log_in(soap)
    good, converted, gone, other = [await lead(api) for _ in range(4)]
    account = await api.create("Account", Name="A")
    inactive = api.simulator.database.value('SELECT Id FROM "User" WHERE IsActive = 0')
    queue = api.simulator.database.value("SELECT Id FROM \"Group\" WHERE Type = 'Queue'")
    await api.control("POST", "convert", lead=converted)
    await api("DELETE", f"sobjects/Lead/{gone}")
    cases = {
        "CANNOT_UPDATE_CONVERTED_LEAD": conversion(converted),
        "INVALID_STATUS": conversion(other, convertedStatus="Open - Not Contacted"),
        "MALFORMED_ID": conversion(None),
        "ENTITY_IS_DELETED": conversion(gone),
        "INVALID_CROSS_REFERENCE_KEY": conversion("00Q8d000000zzzz"),
        "INACTIVE_OWNER_OR_USER": conversion(other, ownerId=inactive),
        "FIELD_INTEGRITY_EXCEPTION": conversion(other, ownerId=queue),
    }
    answered = await soap("convertLead", "".join([conversion(good), *cases.values()]))
    first, *refused = listed(answered.result)
    assert first["success"] == "true"
    assert [each["errors"]["statusCode"] for each in refused] == list(cases)
    assert refused[0] == {
        "accountId": None,
        "contactId": None,
        "errors": {"message": "cannot reference converted lead", "statusCode": "CANNOT_UPDATE_CONVERTED_LEAD"},
        "leadId": None,
        "opportunityId": None,
        "success": "false",
    }
    assert refused[1]["errors"]["fields"] == "convertedStatus"
    assert (await api.read("Lead", other))["IsConverted"] is False
    assert (await api.read("Account", account))["Name"] == "A"


@pytest.mark.asyncio
async def test_contacts_are_merged(soap: Any, api: Any) -> None:
    await log_in(soap)
    winner, loser, third = [await api.create("Contact", LastName=name) for name in ("A", "B", "C")]
    task = await api.create("Task", WhoId=loser, Subject="stays")
    fields = (
        "<s:Id>" + winner + "</s:Id><s:LastName>W &amp; W</s:LastName><s:DoNotCall>true</s:DoNotCall>"
        '<s:Title xsi:nil="true"/><s:fieldsToNull>FirstName</s:fieldsToNull>'
    )
    result = (await soap("merge", merging("Contact", winner, loser, third, fields=fields))).result
    assert list(result) == ["id", "mergedRecordIds", "success", "updatedRelatedIds"]
    assert (result["id"], result["mergedRecordIds"], result["success"]) == (winner, [loser, third], "true")
    assert result["updatedRelatedIds"] == task
    assert (await api.read("Task", task))["WhoId"] == winner
    kept = await api.read("Contact", winner)
    assert (kept["LastName"], kept["FirstName"], kept["DoNotCall"]) == ("W & W", None, True)
    assert (await api("GET", f"sobjects/Contact/{loser}")).code == "ENTITY_IS_DELETED"


@pytest.mark.asyncio
async def test_a_record_typed_by_xml(soap: Any, api: Any) -> None:
    await log_in(soap)
    winner, loser = await lead(api), await lead(api)
    request = (
        f'<u:request><u:masterRecord xsi:type="s:Lead"><s:Id>{winner}</s:Id></u:masterRecord>'
        f"<u:recordToMergeIds>{loser}</u:recordToMergeIds></u:request>"
    )
    assert (await soap("merge", request)).result["success"] == "true"


@pytest.mark.asyncio
async def test_refused_merges_change_nothing(soap: Any, api: Any) -> None:
    await log_in(soap)
    winner, loser, gone = [await api.create("Contact", LastName="A") for _ in range(3)]
    task = await api.create("Task", Subject="no person")
    await api("DELETE", f"sobjects/Contact/{gone}")
    other = await lead(api)
    cases = [
        ("MERGE_FAILED", merging("Contact", winner)),
        ("MERGE_FAILED", merging("Contact", winner, loser, loser, loser)),
        ("INVALID_CROSS_REFERENCE_KEY", merging("Contact", winner, other)),
        ("INVALID_CROSS_REFERENCE_KEY", merging("Contact", winner, winner)),
        ("ENTITY_IS_DELETED", merging("Contact", winner, gone)),
        ("INVALID_TYPE", merging("Task", task, task)),
        ("MALFORMED_ID", merging("Contact", "abc", loser)),
        ("MALFORMED_ID", merging("Lead", winner, loser)),
        ("REQUIRED_FIELD_MISSING", "<u:request/>"),
        ("INVALID_FIELD", merging("Contact", winner, loser, fields="<s:Nope>x</s:Nope>")),
        ("INVALID_TYPE_ON_FIELD_IN_RECORD", merging("Contact", winner, loser, fields="<s:DoNotCall>x</s:DoNotCall>")),
        ("STRING_TOO_LONG", merging("Contact", winner, loser, fields=f"<s:LastName>{'x' * 81}</s:LastName>")),
    ]
    results = listed((await soap("merge", "".join(request for _, request in cases))).result)
    assert [each["errors"]["statusCode"] for each in results] == [code for code, _ in cases]
    assert results[0]["id"] is None
    assert {each["success"] for each in results} == {"false"}
    assert (await api.read("Contact", loser))["LastName"] == "A"


@pytest.mark.asyncio
async def test_too_many_in_one_call_and_words_that_are_no_truth_values(soap: Any) -> None:
    await soap.log_in()
    assert (await soap("convertLead", conversion("x") * 101)).code == "EXCEEDED_ID_LIMIT"
    assert (await soap("merge", "<u:request/>" * 201)).code == "EXCEEDED_ID_LIMIT"
    fault = (await soap("convertLead", conversion("x", doNotCreateOpportunity="maybe"))).fault
    assert fault["faultcode"] == "soapenv:Client"


@pytest.mark.asyncio
@pytest.mark.behaviour("soap-origin")
async def test_change_events_tell_the_client(soap: Any, api: Any) -> None:
    await log_in(soap)
    lead_id = await lead(api)
    header = "<u:CallOptions><u:client>my-client</u:client></u:CallOptions>"
    assert (await soap("convertLead", conversion(lead_id), header)).result["success"] == "true"
    events = api.simulator.org.events.read(0, Wanted(("Lead", "Contact")), limit=50)
    origins = {event.header["changeOrigin"] for event in events} - {"com/salesforce/api/rest/60.0"}
    assert origins == {"com/salesforce/api/soap/59.0;client=my-client"}
