"""What a new export job may ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

LEADS = "/bulk/v1/leads/export"
ACTIVITIES = "/bulk/v1/activities/export"
WINDOW = {"startAt": "2026-10-26T00:00:00Z", "endAt": "2026-11-26T00:00:00Z"}
BODY = {"fields": ["id", "email"], "filter": {"createdAt": WINDOW}}


@pytest.mark.asyncio
async def test_a_created_job_has_no_times_but_its_own(seeded: Any) -> None:
    (row,) = (await seeded.post(f"{LEADS}/create.json", BODY)).result
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", row.pop("exportId"))
    assert row == {"format": "CSV", "status": "Created", "createdAt": "2026-11-24T12:00:00Z"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fields": None}, "1002"),
        ({"fields": []}, "1002"),
        ({"fields": ["id", "nope"]}, "1003"),
        ({"fields": "id"}, "1003"),
        ({"fields": [1]}, "1003"),
        ({"format": "XLS"}, "1003"),
        ({"format": 1}, "1003"),
        ({"columnHeaderNames": {"phone": "Phone"}}, "1003"),
        ({"columnHeaderNames": ["id"]}, "1003"),
        ({"columnHeaderNames": {"id": 1}}, "1003"),
        ({"filter": None}, "1003"),
        ({"filter": {}}, "1003"),
        ({"filter": {"createdAt": WINDOW, "updatedAt": WINDOW}}, "1003"),
        ({"filter": {"email": "a"}}, "1003"),
        ({"filter": {"createdAt": None}}, "1003"),
        ({"filter": {"createdAt": {"startAt": "2026-01-01"}}}, "1003"),
        ({"filter": {"createdAt": {"endAt": "2026-01-01"}}}, "1003"),
        ({"filter": {"createdAt": "2026-01-01"}}, "1003"),
        ({"filter": {"createdAt": {"startAt": "2026-01-02", "endAt": "2026-01-01"}}}, "1003"),
        ({"filter": {"createdAt": {"startAt": "2026-01-01T00:00:00Z", "endAt": "2026-02-01T00:00:01Z"}}}, "1003"),
        ({"filter": {"createdAt": {"startAt": "soon", "endAt": "2026-02-01T00:00:01Z"}}}, "1001"),
        ({"filter": {"createdAt": {"startAt": 1, "endAt": 2}}}, "1001"),
        ({"filter": {"staticListId": 9}}, "1003"),
        ({"filter": {"staticListId": "x"}}, "1001"),
        ({"filter": {"staticListName": "Nope"}}, "1003"),
        ({"filter": {"smartListId": 5}}, "1003"),
        ({"filter": {"smartListName": "Nope"}}, "1003"),
    ],
)
async def test_refusals_of_a_lead_job(seeded: Any, changes: dict[str, Any], code: str) -> None:
    assert (await seeded.post(f"{LEADS}/create.json", {**BODY, **changes})).code == code
    assert (await seeded.get(f"{LEADS}.json")).result == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "filters",
    [
        {"createdAt": {"startAt": "2026-01-01T00:00:00Z", "endAt": "2026-02-01T00:00:00Z"}},
        {"createdAt": {"startAt": "2026-01-01T00:00:00.123Z", "endAt": "2026-01-01T00:00:00.123Z"}},
        {"updatedAt": {"startAt": "2026-01-01T00:00:00-08:00", "endAt": "2026-01-01T09:00:00+0000"}},
        {"staticListId": 1001},
        {"staticListId": "1001"},
        {"staticListName": "Newsletter"},
        {"createdAt": WINDOW, "staticListId": None},
    ],
)
@pytest.mark.behaviour("export-filters")
async def test_accepted_lead_filters(seeded: Any, filters: dict[str, Any]) -> None:
    assert (await seeded.post(f"{LEADS}/create.json", {**BODY, "filter": filters})).code is None


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["updatedAt", "smartListName", "smartListId"])
async def test_some_subscriptions_lack_some_filters(make_api: Callable[..., Any], name: str) -> None:
    api = make_api(people=True, corona="off")
    answer = await api.post(f"{LEADS}/create.json", {**BODY, "filter": {name: WINDOW}})
    assert (answer.code, answer.message) == ("1035", f"Unsupported filter type for target subscription: {name}")
    assert (await api.post(f"{LEADS}/create.json", BODY)).code is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "1003"),
        ({"filter": {}}, "1003"),
        ({"filter": {"activityTypeIds": [1]}}, "1003"),
        ({"filter": {"createdAt": WINDOW, "leadIds": [1]}}, "1003"),
        ({"filter": {"createdAt": WINDOW, "activityTypeIds": [37]}}, "1003"),
        ({"filter": {"createdAt": WINDOW, "activityTypeIds": ["x"]}}, "1001"),
        ({"filter": {"createdAt": WINDOW, "activityTypeIds": 1}}, "1003"),
        ({"filter": {"createdAt": WINDOW}, "fields": ["nope"]}, "1003"),
        ({"filter": {"createdAt": WINDOW, "primaryAttributeValueIds": [1]}}, "1003"),
        ({"filter": {"createdAt": WINDOW, "activityTypeIds": [1], "primaryAttributeValueIds": [1]}}, "1003"),
        ({"filter": {"createdAt": WINDOW, "activityTypeIds": [13, 2], "primaryAttributeValueIds": [1]}}, "1003"),
        (
            {
                "filter": {
                    "createdAt": WINDOW,
                    "activityTypeIds": [13],
                    "primaryAttributeValueIds": [1],
                    "primaryAttributeValues": ["a"],
                }
            },
            "1003",
        ),
        (
            {"filter": {"createdAt": WINDOW, "activityTypeIds": [13], "primaryAttributeValues": ["a"] * 51}},
            "1003",
        ),
        ({"filter": {"createdAt": WINDOW, "activityTypeIds": [13], "primaryAttributeValues": [1]}}, "1001"),
    ],
)
async def test_refusals_of_an_activity_job(seeded: Any, body: dict[str, Any], code: str) -> None:
    assert (await seeded.post(f"{ACTIVITIES}/create.json", body)).code == code


KINDS = {
    "leads": BODY,
    "activities": {"filter": {"createdAt": WINDOW}},
    "program/members": {"fields": ["leadId"], "filter": {"programIds": [1001]}},
}


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_has_the_same_calls_around_its_jobs(seeded: Any, kind: str) -> None:
    base = f"/bulk/v1/{kind}/export"
    path, done = await seeded.export(KINDS[kind], kind=kind)
    assert (await seeded.request("GET", path, headers={"range": "bytes=99999999-"})).status == 416
    assert (await seeded.post(f"{base}/{done['exportId']}/cancel.json")).code == "1003"
    assert (await seeded.post(f"{base}/{done['exportId']}/enqueue.json")).code == "1029"
    (waiting,) = (await seeded.post(f"{base}/create.json", KINDS[kind])).result
    assert (await seeded.post(f"{base}/{waiting['exportId']}/cancel.json")).result[0]["status"] == "Cancelled"
    for call in ("enqueue", "cancel"):
        assert (await seeded.post(f"{base}/nope/{call}.json")).code == "1013"
    assert (await seeded.get(f"{base}/nope/status.json")).code == "1013"
    assert (await seeded.get(f"{base}/nope/file.json")).status == 404
    jobs = (await seeded.get(f"{base}.json")).result
    assert [row["status"] for row in jobs] == ["Completed", "Cancelled"]
    assert (await seeded.get(f"{base}.json", batchSize="x")).code == "1001"
    assert (await seeded.get(f"{base}.json", batchSize=301)).code == "1003"
    await seeded.control("POST", "limits", {"enforce": True, "export_bytes_today": 500 * 1024 * 1024})
    refused = await seeded.post(f"{base}/create.json", KINDS[kind])
    assert (refused.code, refused.message) == ("1029", "Export daily quota 500MB exceeded.")
