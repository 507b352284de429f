"""Every code of the vendor's table once: by input where this subscription can say it, else by a planned fault."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from actionsync_simulators import marketo
from actionsync_simulators.marketo.gateway.errors import CODES, is_free

SOURCES = sorted(Path(marketo.__file__).parent.rglob("*.py"))
RAISED = re.compile(r'(?:api_error|ApiError)\(\s*"(\d+)"')

Make = Callable[..., Any]
Case = Callable[[Make], Awaitable[str]]

LEADS = "/rest/v1/leads.json"
TYPES = "/rest/v1/activities/types.json"
EXTERNAL = "/rest/v1/activities/external"
EXPORT = "/bulk/v1/leads/export"
JSON = {"content-type": "application/json"}
CONFERENCE = {
    "apiName": "conf",
    "name": "Conf",
    "triggerName": "t",
    "filterName": "f",
    "primaryAttribute": {"apiName": "p", "name": "P"},
}


def call(method: str, path: str, /, *, setup: dict[str, Any] | None = None, **arguments: Any) -> Case:
    """Provoke a response-level code with one raw request."""

    async def run(make: Make) -> str:
        api = make(people=True, **(setup or {}))
        code: str = (await api.request(method, path, **arguments)).code
        return code

    return run


def record(record: dict[str, Any], **members: Any) -> Case:
    """Provoke a record-level code with one sync record."""

    async def run(make: Make) -> str:
        api = make(people=True)
        for _ in range(2):
            await api.create(email="twice@example.com")
        await api.create(email="once@example.com", externalCompanyId="c")
        (row,) = await api.sync(record, **members)
        code: str = row["reasons"][0]["code"]
        return code

    return run


def limited(**limits: Any) -> Case:
    async def run(make: Make) -> str:
        api = make(limits="vendor")
        api.simulator.set_limits(limits)
        code: str = (await api.get(TYPES)).code
        return code

    return run


async def expired_token(make: Make) -> str:
    api = make()
    await api.log_in()
    await api.control("POST", "tokens/expire")
    code: str = (await api.get(TYPES)).code
    return code


async def no_permission(make: Make) -> str:
    api = make()
    reader = type(api)(api.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    code: str = (await reader.get(TYPES)).code
    return code


async def business_rule(make: Make) -> str:
    api = make()
    await api.post(f"{EXTERNAL}/type.json", CONFERENCE)
    code: str = (await api.post(f"{EXTERNAL}/type/conf/discardDraft.json")).code
    return code


def partition(code_of: str, **members: Any) -> Case:
    async def run(make: Make) -> str:
        api = make(partitions=("Default", "EU", "US"))
        await api.create(email="home@example.com")
        user = {"client_id": "p", "client_secret": "s", "user": "p@example.com", "permissions": ["Read-Write Lead"]}
        await api.control("POST", "users", {**user, "partitions": ["EU", "US"]})
        one = api if code_of == "1010" else type(api)(api.simulator, "p", "s")
        (row,) = await one.sync({"email": "home@example.com"}, **members)
        code: str = row["reasons"][0]["code"]
        return code

    return run


async def not_in_list(make: Make) -> str:
    api = make(people=True)
    (row,) = (await api.delete("/rest/v1/lists/1003/leads.json", id=1001)).result
    code: str = row["reasons"][0]["code"]
    return code


async def duplicate_type(make: Make) -> str:
    api = make()
    await api.post(f"{EXTERNAL}/type.json", CONFERENCE)
    code: str = (await api.post(f"{EXTERNAL}/type.json", CONFERENCE)).code
    return code


async def eleventh_type(make: Make) -> str:
    api = make()
    for number in range(11):
        names = {name: f"{CONFERENCE[name]} {number}" for name in ("name", "triggerName", "filterName")}
        answer = await api.post(f"{EXTERNAL}/type.json", {**CONFERENCE, **names, "apiName": f"conf{number}"})
    code: str = answer.code
    return code


async def too_many_attributes(make: Make) -> str:
    api = make()
    await api.post(f"{EXTERNAL}/type.json", CONFERENCE)
    many = [{"apiName": f"a{number}", "name": f"A{number}", "dataType": "string"} for number in range(21)]
    code: str = (await api.post(f"{EXTERNAL}/type/conf/attributes/create.json", {"attributes": many})).code
    return code


async def queued_twice(make: Make) -> str:
    api = make(people=True, export_run_time=60)
    body = {"fields": ["id"], "filter": {"staticListId": 1001}}
    job = (await api.post(f"{EXPORT}/create.json", body)).result[0]["exportId"]
    await api.post(f"{EXPORT}/{job}/enqueue.json")
    code: str = (await api.post(f"{EXPORT}/{job}/enqueue.json")).code
    return code


async def large_attributes(make: Make) -> str:
    api = make(people=True)
    await api.post(f"{EXTERNAL}/type.json", CONFERENCE)
    await api.post(f"{EXTERNAL}/type/conf/approve.json")
    row = {"leadId": 1001, "activityDate": "2026-01-01", "activityTypeId": 100001, "primaryAttributeValue": "x"}
    row["attributes"] = [{"apiName": "a", "value": "x" * 65_536}]
    (added,) = (await api.post(f"{EXTERNAL}.json", {"input": [row]})).result
    code: str = added["errors"][0]["code"]
    return code


def without_crm(path: str, *records: dict[str, Any], before: tuple[tuple[str, dict[str, Any]], ...] = ()) -> Case:
    """Provoke a code with the last of these records, after writes elsewhere."""

    async def run(make: Make) -> str:
        api = make(crm="none")
        for other, one in before:
            await api.post(f"/rest/v1/{other}.json", {"input": [one]})
        rows = (await api.post(f"/rest/v1/{path}.json", {"input": list(records)})).result
        code: str = rows[-1]["reasons"][0]["code"]
        return code

    return run


async def too_many_imports(make: Make) -> str:
    api = make()
    api.simulator.set_limits({"jobs_queued": 0})
    code: str = (await api.upload("email\na@example.com\n")).code
    return code


async def list_busy(make: Make) -> str:
    api = make(people=True, import_queue_delay=10)
    for _ in range(2):
        answer = await api.upload("email\na@example.com\n", listId=1003)
    code: str = answer.code
    return code


async def status_already_passed(make: Make) -> str:
    api = make(people=True)
    lead_id = await api.create(email="a@example.com")
    for status in ("Attended", "Invited"):
        body = {"statusName": status, "input": [{"leadId": lead_id}]}
        (row,) = (await api.post("/rest/v1/programs/1004/members/status.json", body)).result
    code: str = row["reasons"][0]["code"]
    return code


async def twenty_first_clone(make: Make) -> str:
    api = make(people=True)
    place = '{"id":1006,"type":"Program"}'
    (made,) = (await api.form("/rest/asset/v1/smartCampaigns.json", name="Batch", folder=place)).result
    for number in range(21):
        body = {"input": {"cloneToProgramName": f"Clone {number}"}}
        answer = await api.post(f"/rest/v1/campaigns/{made['id']}/schedule.json", body)
        assert answer.code is None or number == 20
    code: str = answer.code
    return code


def new_list(folder: str) -> Case:
    """Provoke a code with the folder of a new static list."""

    async def run(make: Make) -> str:
        code: str = (await make().form("/rest/asset/v1/staticLists.json", name="New", folder=folder)).code
        return code

    return run


PERSON = {"externalSalesPersonId": "ann"}
COMPANY = {"externalCompanyId": "c"}
OWNED = {"externalOpportunityId": "o", "name": "n", **PERSON}
ONE = b'{"input":[{"email":"a@example.com"}]}'
MERGE_26 = ",".join(str(number) for number in range(1002, 1028))
NO_STATUS = b'{"status":"Nowhere","input":[{"id":1001}]}'
FAR_OFF = b'{"input":{"runAt":"2099-01-01T00:00:00Z"}}'
SMART = b'{"fields":["id"],"filter":{"smartListId":1}}'

BY_INPUT: dict[str, Case] = {
    "600": call("GET", TYPES, token=None),
    "601": call("GET", TYPES, token="unknown"),
    "602": expired_token,
    "603": no_permission,
    "605": call("PUT", TYPES),
    "606": limited(calls_per_window=0),
    "607": limited(calls_per_day=0),
    "609": call("POST", LEADS, body=b"{", headers=JSON),
    "610": call("GET", "/rest/v1/unknown.json"),
    "612": call("POST", LEADS, body=ONE, headers={"content-type": "text/plain"}),
    "613": call("POST", "/bulk/v1/leads.json", body=b"x", headers={"content-type": "multipart/form-data; boundary=b"}),
    "615": limited(calls_at_once=0),
    "701": call("GET", "/rest/asset/v1/smartList/byName.json", query="name=+"),
    "702": call("GET", "/rest/asset/v1/smartList/9.json"),
    "703": call("GET", "/rest/v1/customobjects/car_c/describe.json"),
    "704": call("GET", "/rest/asset/v1/smartLists.json", query="earliestUpdatedAt=soon"),
    "709": business_rule,
    "710": new_list('{"id":9999,"type":"Folder"}'),
    "711": new_list('{"id":13,"type":"Folder"}'),
    "718": without_crm("opportunities", OWNED),
    "1001": call("GET", "/rest/v1/activities/pagingtoken.json", query="sinceDatetime=2015-04-0113"),
    "1002": call("GET", LEADS),
    "1003": call("GET", LEADS, query="filterType=email&filterValues=a&batchSize=999"),
    "1004": call("GET", "/rest/v1/lead/9.json"),
    "1005": record({"email": "once@example.com"}, action="createOnly"),
    "1006": call("GET", "/rest/v1/lead/1001.json", query="fields=nope"),
    "1007": record({"email": "twice@example.com"}),
    "1008": partition("1008", partitionName="Default"),
    "1009": partition("1009"),
    "1010": partition("1010", partitionName="EU"),
    "1011": call("GET", LEADS, query="filterType=firstName&filterValues=a"),
    "1012": call("POST", "/rest/v1/leads/1001/associate.json", query="cookie=bad"),
    "1013": call("GET", "/rest/v1/lists/9.json"),
    "1015": not_in_list,
    "1016": too_many_imports,
    "1017": duplicate_type,
    "1018": call("POST", "/rest/v1/companies.json", body=ONE, headers=JSON),
    "1019": list_busy,
    "1020": twenty_first_clone,
    "1021": record({"email": "once@example.com", "company": "Acme"}),
    "1022": without_crm(
        "salespersons/delete",
        PERSON,
        before=(("salespersons", PERSON), ("leads", {"email": "a@example.com", **PERSON})),
    ),
    "1025": call("POST", "/rest/v1/leads/programs/1001/status.json", body=NO_STATUS, headers=JSON),
    "1027": eleventh_type,
    "1028": too_many_attributes,
    "1029": queued_twice,
    "1035": call("POST", f"{EXPORT}/create.json", setup={"corona": "off"}, body=SMART, headers=JSON),
    "1036": without_crm("companies", COMPANY, COMPANY),
    "1037": status_already_passed,
    "1042": call("POST", "/rest/v1/campaigns/1100/schedule.json", body=FAR_OFF, headers=JSON),
    "1049": large_attributes,
    "1080": call("POST", "/rest/v1/leads/1001/merge.json", query=f"leadIds={MERGE_26}"),
}
"""Codes that input can provoke."""

BY_FAULT = sorted(set(CODES) - set(BY_INPUT), key=int)


@pytest.mark.asyncio
@pytest.mark.parametrize("code", BY_INPUT)
async def test_a_code_that_input_provokes(make_api: Make, code: str) -> None:
    assert await BY_INPUT[code](make_api) == code


@pytest.mark.asyncio
@pytest.mark.parametrize("code", BY_FAULT)
async def test_a_code_that_only_a_fault_provokes(make_api: Make, code: str) -> None:
    api = make_api(people=True)
    await api.fault("error", LEADS, error={"code": code})
    answer = await api.post(LEADS, {"input": [{"email": "new@example.com"}]})
    assert (answer.status, answer.code) == (200, code)
    assert "%s" not in answer.message
    assert answer.message
    assert (await api.get(LEADS, filterType="email", filterValues="new@example.com")).result == []


def test_what_the_simulator_says_by_itself_is_provoked_by_input() -> None:
    """A code that some call raises needs a case above; only codes of features that are not there are left to faults."""
    raised = {code for file in SOURCES for code in RAISED.findall(file.read_text())}
    assert raised - set(BY_INPUT) == {"611"}
    assert raised <= set(CODES)


def test_the_codes_that_cost_nothing() -> None:
    free = {code for code in CODES if is_free(code)}
    assert free == {"600", "601", "602", "604", "605", "608", "611"}
    assert not is_free("9999")
