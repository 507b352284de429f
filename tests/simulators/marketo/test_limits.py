"""Every documented limit at its edge: what just fits passes, one more is refused. And those that can be changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

LEADS = "/rest/v1/leads.json"
FEED, CHANGES = "/rest/v1/activities.json", "/rest/v1/activities/leadchanges.json"
EXTERNAL = "/rest/v1/activities/external"
EXPORT = "/bulk/v1/leads/export/create.json"
ACTIVITY_EXPORT = "/bulk/v1/activities/export/create.json"
JSON = {"content-type": "application/json"}
Case = Callable[[Any, int], Awaitable[str | None]]


def numbers(count: int) -> str:
    return ",".join(str(one) for one in range(2_000_000, 2_000_000 + count))


async def synced(api: Any, count: int) -> str | None:
    code: str | None = (await api.post(LEADS, {"input": [{"lastName": "x", "email": "a"}] * count})).code
    return code


async def deleted(api: Any, count: int) -> str | None:
    code: str | None = (await api.post("/rest/v1/leads/delete.json", id=numbers(count))).code
    return code


async def filter_values(api: Any, count: int) -> str | None:
    code: str | None = (await api.form(LEADS, _method="GET", filterType="id", filterValues=numbers(count))).code
    return code


async def page(api: Any, count: int) -> str | None:
    code: str | None = (await api.get("/rest/v1/lists/1001/leads.json", batchSize=count)).code
    return code


async def matches(api: Any, count: int) -> str | None:
    database = api.simulator.database
    database.executemany(
        'INSERT INTO leads ("email", "createdAt", "updatedAt", "changed at", "leadPartitionId")'
        " VALUES (?, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1)",
        [("many@example.com",)] * count,
    )
    answer = await api.get(LEADS, filterType="email", filterValues="many@example.com")
    assert answer.code is None or answer.message == "Too many results match the filter"
    code: str | None = answer.code
    return code


async def activity_types(api: Any, count: int) -> str | None:
    params = {"nextPageToken": await api.cursor(), "activityTypeIds": numbers(count)}
    code: str | None = (await api.get(FEED, **params)).code
    return code


async def activity_leads(api: Any, count: int) -> str | None:
    params = {"nextPageToken": await api.cursor(), "leadIds": numbers(count)}
    code: str | None = (await api.get(FEED, activityTypeIds="1", **params)).code
    assert (await api.get(CHANGES, fields="email", **params)).code == code
    return code


async def losers(api: Any, count: int) -> str | None:
    ids = [await api.create(lastName="x") for _ in range(count)]
    winner = await api.create(lastName="w")
    code: str | None = (await api.post(f"/rest/v1/leads/{winner}/merge.json", leadIds=",".join(map(str, ids)))).code
    return code


async def requested_leads(api: Any, count: int) -> str | None:
    body = {"input": {"leads": [{"id": 1001}] * count}}
    code: str | None = (await api.post("/rest/v1/campaigns/1130/trigger.json", body)).code
    return code


async def requested_tokens(api: Any, count: int) -> str | None:
    tokens = [{"name": f"{{{{my.{number}}}}}", "value": "v"} for number in range(count)]
    body = {"input": {"leads": [{"id": 1001}], "tokens": tokens}}
    code: str | None = (await api.post("/rest/v1/campaigns/1130/trigger.json", body)).code
    return code


async def primary_values(api: Any, count: int) -> str | None:
    window = {"startAt": "2026-11-01T00:00:00Z", "endAt": "2026-11-02T00:00:00Z"}
    chosen = {"createdAt": window, "activityTypeIds": [24], "primaryAttributeValueIds": list(range(count))}
    code: str | None = (await api.post(ACTIVITY_EXPORT, {"filter": chosen})).code
    return code


async def export_days(api: Any, count: int) -> str | None:
    end = api.simulator.clock.now().replace(microsecond=0)
    window = {"startAt": (end - timedelta(days=count)).isoformat(), "endAt": end.isoformat()}
    code: str | None = (await api.post(EXPORT, {"fields": ["id"], "filter": {"createdAt": window}})).code
    return code


async def queued_jobs(api: Any, count: int) -> str | None:
    code: str | None = None
    for _ in range(count):
        body = {"fields": ["id"], "filter": {"staticListId": 1003}}
        job = (await api.post(EXPORT, body)).result[0]["exportId"]
        code = (await api.post(f"/bulk/v1/leads/export/{job}/enqueue.json")).code
    return code


async def queued_imports(api: Any, count: int) -> str | None:
    code: str | None = None
    for _ in range(count):
        code = (await api.upload("email\na@example.com\n")).code
    return code


async def uri(api: Any, count: int) -> str | None:
    answer = await api.request("GET", "/a.json", query="x" * (count - len("/a.json?")), token=None)
    return None if answer.status == 200 else str(answer.status)


async def body(api: Any, count: int) -> str | None:
    answer = await api.request("POST", LEADS, body=b" " * count, headers=JSON)
    return None if answer.status == 200 else str(answer.status)


async def import_file(api: Any, count: int) -> str | None:
    answer = await api.request("POST", "/bulk/v1/leads.json", body=b" " * count, headers=JSON)
    return None if answer.status == 200 else str(answer.status)


async def attribute_bytes(api: Any, count: int) -> str | None:
    """Count the bytes of the attributes as they are sent, without spaces."""
    type_id = await api.send_type()
    frame = len(orjson.dumps([{"apiName": "templateId", "value": ""}]))
    attributes = [{"apiName": "templateId", "value": "x" * (count - frame)}]
    row = {"leadId": 1001, "activityDate": "2026-11-01", "activityTypeId": type_id, "primaryAttributeValue": "x"}
    (added,) = (await api.post(f"{EXTERNAL}.json", {"input": [{**row, "attributes": attributes}]})).result
    return None if added["status"] == "added" else str(added["errors"][0]["code"])


async def custom_rows(api: Any, count: int) -> str | None:
    code: str | None = (await api.post(f"{EXTERNAL}.json", {"input": [{}] * count})).code
    return code


async def large_list(api: Any, count: int) -> str | None:
    members = ((1003, number, "", "") for number in range(count))
    api.simulator.database.executemany("INSERT INTO list_members VALUES (?, ?, ?, ?)", members)
    params = {"nextPageToken": await api.cursor(), "listId": 1003}
    code: str | None = (await api.get(FEED, activityTypeIds="1", **params)).code
    return code


LIMITS: list[tuple[Case, int, str, str | None]] = [
    (synced, 300, "1003", "records_per_call"),
    (deleted, 300, "1003", "records_per_call"),
    (custom_rows, 300, "1003", "records_per_call"),
    (filter_values, 300, "1003", "records_per_call"),
    (page, 300, "1003", "records_per_call"),
    (matches, 1_000, "1003", "filter_matches"),
    (activity_types, 10, "1003", None),
    (activity_leads, 30, "1003", None),
    (large_list, 9_999, "1003", None),
    (losers, 25, "1080", None),
    (requested_leads, 100, "1003", None),
    (requested_tokens, 100, "1003", None),
    (primary_values, 50, "1003", None),
    (export_days, 31, "1003", None),
    (queued_jobs, 10, "1029", "jobs_queued"),
    (queued_imports, 10, "1016", "jobs_queued"),
    (uri, 8_192, "414", "uri_bytes"),
    (body, 1 << 20, "413", "body_bytes"),
    (import_file, 10 << 20, "413", "import_bytes"),
    (attribute_bytes, 65_536, "1049", None),
]
"""What is tried, how much fits, what more of it answers, and the name under which it can be changed."""


def named(case: Any) -> str:
    return case.__name__ if callable(case) else str(case)


@pytest.mark.asyncio
@pytest.mark.parametrize(("case", "limit", "code"), [one[:3] for one in LIMITS], ids=named)
async def test_what_just_fits_passes_and_one_more_does_not(
    make_api: Callable[..., Any], case: Case, limit: int, code: str
) -> None:
    switches = {"export_run_time": 60, "import_run_time": 60, "large_list_ban": "on"}
    assert await case(make_api(people=True, **switches), limit) is None
    assert await case(make_api(people=True, **switches), limit + 1) == code


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("case", "code", "name"), [(case, code, name) for case, _, code, name in LIMITS if name], ids=named
)
async def test_a_limit_is_changed_through_the_control_plane(
    make_api: Callable[..., Any], case: Case, code: str, name: str
) -> None:
    switches = {"export_run_time": 60, "import_run_time": 60}
    smaller = 100 if name.endswith("bytes") else 3
    for count, expected in ((smaller, None), (smaller + 1, code)):
        api = make_api(people=True, **switches)
        changed = await api.control("POST", "limits", {name: smaller})
        assert changed.json[name] == smaller
        assert await case(api, count) == expected


@pytest.mark.asyncio
async def test_fewer_jobs_run_at_once(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, export_run_time=60)
    await api.control("POST", "limits", {"jobs_running": 1})
    await queued_jobs(api, 3)
    await api.advance(seconds=1)
    jobs = (await api.get("/bulk/v1/leads/export.json")).result
    assert sorted(job["status"] for job in jobs) == ["Processing", "Queued", "Queued"]


@pytest.mark.asyncio
async def test_reset_brings_the_limits_back(api: Any) -> None:
    before = (await api.control("GET", "limits")).json
    changed = {name: 1 for name, value in before.items() if type(value) is int}
    assert (await api.control("POST", "limits", changed)).json != before
    await api.control("POST", "reset")
    assert (await api.control("GET", "limits")).json == before
