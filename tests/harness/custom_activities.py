"""A custom activity type of Marketo, and the calls that make it: what tests of types and of rows begin with."""

from __future__ import annotations

from typing import Any

BASE = "/rest/v1/activities/external"
ROWS = f"{BASE}.json"
TYPE: dict[str, Any] = {
    "apiName": "attendConference",
    "name": "Attend Conference",
    "triggerName": "Attends Conference",
    "filterName": "Attended Conference",
    "description": "At a conference",
    "primaryAttribute": {"apiName": "conferenceName", "name": "Conference Name", "description": "Which"},
}
ATTRIBUTES = [
    {"apiName": "conferenceDate", "name": "Conference Date", "dataType": "datetime", "description": "When"},
    {"apiName": "seats", "name": "Seats", "dataType": "integer"},
    {"apiName": "paid", "name": "Paid", "dataType": "boolean"},
    {"apiName": "price", "name": "Price", "dataType": "float"},
    {"apiName": "site", "name": "Site", "dataType": "link"},
]


def another(number: int, **changes: Any) -> dict[str, Any]:
    names = {name: f"{TYPE[name]} {number}" for name in ("name", "triggerName", "filterName")}
    return {**TYPE, "apiName": f"type{number}", **names, **changes}


async def create(api: Any, body: dict[str, Any] | None = None) -> Any:
    return await api.post(f"{BASE}/type.json", body or TYPE)


async def change(api: Any, call: str, body: Any = None, *, name: str = "attendConference") -> Any:
    return await api.post(f"{BASE}/type/{name}{call}.json", body)


async def approved(api: Any) -> int:
    """Create and approve the type with its attributes; returns its id."""
    await create(api)
    await change(api, "/attributes/create", {"attributes": ATTRIBUTES})
    (row,) = (await change(api, "/approve")).result
    type_id: int = row["id"]
    return type_id
