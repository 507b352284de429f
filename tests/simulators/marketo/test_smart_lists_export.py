"""Smart lists through bulk extract: a constraint on the template of a sales e-mail finds exactly its people."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

CREATE = "/bulk/v1/leads/export/create.json"


def ids(text: str) -> list[int]:
    return [int(row["id"]) for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.asyncio
async def test_a_template_constraint_selects_its_people_of_the_period(api: Any) -> None:
    now = api.simulator.clock.now()
    lately, other_template, long_ago, both, nothing = [await api.create(email=f"{n}@example.com") for n in range(5)]
    await api.send_type()
    for lead_id, template, days in (
        (lately, "X", 1),
        (other_template, "Y", 1),
        (long_ago, "X", 8),
        (both, "Y", 2),
        (both, "X", 6),
    ):
        await api.sent(lead_id, now - timedelta(days=days), template=template)
    template_x = {"attribute": "Template ID", "operator": "is", "value": "X"}
    week = {"operator": "in past", "value": "7 days"}
    sent = {"activity": "Was Sent Sales Mail", "constraints": [template_x], "date": week}
    body = {"name": "Sent X in Past 7 Days", "filters": [sent]}
    made = (await api.control("POST", "smart-lists", body)).json
    for chosen in ({"smartListId": made["id"]}, {"smartListName": "Sent X in Past 7 Days"}):
        assert ids(await api.exported({"fields": ["id", "email"], "filter": chosen})) == [lately, both]
    assert await api.people_of({**sent, "not": True}) == [other_template, long_ago, nothing]
    await api.advance(days=2)
    await api.log_in()
    assert ids(await api.exported({"fields": ["id"], "filter": {"smartListId": made["id"]}})) == [lately]


@pytest.mark.asyncio
async def test_the_list_is_evaluated_when_processing_starts(make_api: Any) -> None:
    api = make_api(people=True, export_queue_delay=60)
    filters = [{"field": "firstName", "operator": "is", "value": "Zyx"}]
    made = (await api.control("POST", "smart-lists", {"name": "zyx", "filters": filters})).json
    (job,) = (await api.post(CREATE, {"fields": ["id"], "filter": {"smartListId": made["id"]}})).result
    base = f"/bulk/v1/leads/export/{job['exportId']}"
    await api.post(f"{base}/enqueue.json")
    late = await api.create(firstName="Zyx")
    await api.advance(seconds=61)
    too_late = await api.create(firstName="Zyx")
    text = (await api.get(f"{base}/file.json")).body.decode()
    assert ids(text) == [late]
    assert api.simulator.subscription.smart_lists.members(made["id"]) == [late, too_late]


@pytest.mark.asyncio
async def test_a_list_of_many_people_is_exported_whole(seeded: Any) -> None:
    lists = seeded.simulator.subscription.smart_lists
    sellers = lists.members(lists.by_name("Owned by a Seller").id)
    text = await seeded.exported({"fields": ["id"], "filter": {"smartListName": "owned by a seller"}})
    assert ids(text) == sellers
    assert len(sellers) > 300


@pytest.mark.asyncio
async def test_what_create_refuses(make_api: Any) -> None:
    api = make_api(people=True)
    for code, chosen in (
        ("1003", {"smartListId": 9}),
        ("1001", {"smartListId": "x"}),
        ("1003", {"smartListName": "nope"}),
        ("1003", {"smartListId": 2001, "smartListName": "Owned by a Seller"}),
    ):
        assert (await api.post(CREATE, {"fields": ["id"], "filter": chosen})).code == code, chosen
    without = make_api(people=True, corona="off")
    for name, value in (("smartListId", 2001), ("smartListName", "Owned by a Seller")):
        refused = await without.post(CREATE, {"fields": ["id"], "filter": {name: value}})
        message = f"Unsupported filter type for target subscription: {name}"
        assert (refused.code, refused.message) == ("1035", message)
