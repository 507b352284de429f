"""Smart campaigns of the Marketo simulator in tests: the calls about them, defining one, and its runs."""

from __future__ import annotations

from typing import Any

CAMPAIGNS = "/rest/v1/campaigns.json"
TRIGGER, SCHEDULE = "/rest/v1/campaigns/{}/trigger.json", "/rest/v1/campaigns/{}/schedule.json"
ASK, SEND = 1130, 1100
MEMBERSHIP = "/rest/v1/leads/{}/smartCampaignMembership.json"


def asked(*lead_ids: Any, **members: Any) -> dict[str, Any]:
    return {"input": {"leads": [{"id": one} for one in lead_ids], **members}}


def token(name: str, value: Any) -> dict[str, Any]:
    return {"name": f"{{{{my.{name}}}}}", "value": value}


def attributes(row: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in row["attributes"]}


async def define(api: Any, **members: Any) -> int:
    answer = await api.control("POST", "campaigns", {"name": "New", "type": "trigger", **members})
    assert answer.status == 200, answer.json
    campaign_id: int = answer.json["id"]
    return campaign_id


async def runs(api: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await api.control("GET", "campaigns")).json["runs"]
    return rows
