"""Emails and segmentations, which can be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

ASSET = "/rest/asset/v1"
EMAILS = f"{ASSET}/emails.json"
SEGMENTATION = f"{ASSET}/segmentation.json"
SEGMENTS = f"{ASSET}/segmentation/1001/segments.json"


async def ids(api: Any, path: str, **params: Any) -> list[int]:
    return [row["id"] for row in (await api.get(path, **params)).json.get("result", [])]


@pytest.mark.asyncio
@pytest.mark.behaviour("asset-times")
async def test_an_email_as_the_vendor_shows_it(seeded: Any) -> None:
    (row,) = (await seeded.get(f"{ASSET}/email/1501.json")).result
    assert (await seeded.get(f"{ASSET}/email/byName.json", name="Invitation")).result == [row]
    assert row == {
        "id": 1501,
        "name": "Invitation",
        "description": "The spring launch",
        "createdAt": "2026-06-27T12:00:00Z+0000",
        "updatedAt": "2026-06-27T12:00:00Z+0000",
        "url": "https://app.simulator.example/#EM1501A1",
        "subject": {"type": "Text", "value": "Our spring launch"},
        "fromName": {"type": "Text", "value": "Example Corporation"},
        "fromEmail": {"type": "Text", "value": "news@simulator.example"},
        "replyEmail": {"type": "Text", "value": "news@simulator.example"},
        "folder": {"type": "Program", "value": 1002},
        "operational": False,
        "textOnly": False,
        "publishToMSI": False,
        "webView": True,
        "status": "approved",
        "template": 1,
        "workspace": "Default",
        "isOpenTrackingDisabled": False,
        "version": 2,
        "autoCopyToText": True,
        "ccFields": [],
        "preHeader": None,
    }


@pytest.mark.asyncio
async def test_emails_by_status_parent_window_and_page(seeded: Any) -> None:
    program = json.dumps({"id": 1001, "type": "Program"})
    assert await ids(seeded, EMAILS) == [1501, 1502, 1503, 1504]
    assert await ids(seeded, EMAILS, status="Draft") == [1504]
    assert await ids(seeded, EMAILS, folder=program) == [1502, 1504]
    assert await ids(seeded, EMAILS, folder=program, status="approved") == [1502]
    assert await ids(seeded, EMAILS, offset=1, maxReturn=2) == [1502, 1503]
    assert await ids(seeded, EMAILS, earliestUpdatedAt="2026-11-24T12:00:00Z") == []
    assert await ids(seeded, f"{ASSET}/email/byName.json", name="Issue 7", folder=program) == [1502]
    assert await ids(seeded, f"{ASSET}/email/byName.json", name="Issue 7", status="draft") == []
    assert (await seeded.get(f"{ASSET}/email/1501.json", status="draft")).code == "702"


@pytest.mark.asyncio
@pytest.mark.behaviour("segmentations-at-once")
async def test_segmentations_come_in_one_page(seeded: Any) -> None:
    assert await ids(seeded, SEGMENTATION, maxReturn=1) == [1001, 1002]
    assert await ids(seeded, SEGMENTATION, offset=1) == [1002]
    assert await ids(seeded, SEGMENTATION, status="approved") == [1001]
    (row, _) = (await seeded.get(SEGMENTATION)).result
    assert (row["name"], row["status"], row["folder"]) == ("Region", "approved", {"type": "Folder", "value": 9})


@pytest.mark.asyncio
async def test_segments_of_a_segmentation(seeded: Any) -> None:
    rows = (await seeded.get(SEGMENTS)).result
    assert [row["name"] for row in rows] == ["Default", "Europe", "Americas"]
    assert {(row["segmentationId"], row["status"]) for row in rows} == {(1001, "approved")}
    assert await ids(seeded, SEGMENTS, offset=1, maxReturn=1) == [rows[1]["id"]]
    assert await ids(seeded, SEGMENTS, status="draft") == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (f"{ASSET}/email/9.json", {}, "702"),
        (f"{ASSET}/email/x.json", {}, "1001"),
        (f"{ASSET}/email/byName.json", {}, "701"),
        (f"{ASSET}/email/byName.json", {"name": "Invitation", "status": "sent"}, "1001"),
        (EMAILS, {"status": "sent"}, "1001"),
        (EMAILS, {"latestUpdatedAt": "x"}, "704"),
        (EMAILS, {"earliestUpdatedAt": "2026-02-01", "latestUpdatedAt": "2026-01-01"}, "709"),
        (SEGMENTATION, {"status": "sent"}, "1001"),
        (f"{ASSET}/segmentation/9/segments.json", {}, "702"),
        (SEGMENTS, {"status": "sent"}, "1001"),
    ],
)
async def test_refused_reads(seeded: Any, path: str, params: dict[str, Any], code: str) -> None:
    assert (await seeded.get(path, **params)).code == code
