"""Scenario 20: a smart list with a constraint on the template selects exactly the people of the period.

The service logs the sends; the subscription's own smart list filters them, and bulk extract delivers the people.
"""

from __future__ import annotations

import pytest
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import person_sync_pb2
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import SELLER, World

DAY = 86_400


@pytest.mark.asyncio
async def test_scenario_20_a_template_constraint_selects_its_people_of_the_period(world: World) -> None:
    await world.sync_people()
    page = await world.user.persons.ListPersons(person_sync_pb2.ListPersonsRequest(page_size=4))
    lately, other_template, long_ago, both = page.persons
    now = world.clock.now() // 1_000_000
    sends = [(lately, "X", 1), (other_template, "Y", 1), (long_ago, "X", 8), (both, "Y", 2), (both, "X", 6)]
    contents = [
        contract.ActivityContent(
            idempotency_key=f"send-{number}",
            person_id=person.person_id,
            user_id=SELLER,
            activity_time=Timestamp(seconds=now - days * DAY),
            send_sales_email=contract.SendSalesEmail(
                email=contract.SalesEmail(
                    email_id=str(100 + number),
                    subject="Hello",
                    template=contract.SalesTemplate(template_id=template),
                )
            ),
        )
        for number, (person, template, days) in enumerate(sends)
    ]
    await world.user.activities.BatchLogActivities(contract.BatchLogActivitiesRequest(contents=contents))
    await world.advance(10)
    sent = {
        "activity": "asSendSalesEmail",
        "constraints": [{"attribute": "Template ID", "operator": "is", "value": "X"}],
        "date": {"operator": "in past", "value": "7 days"},
    }
    made = await world.marketo.control("POST", "smart-lists", {"name": "Sent template X", "filters": [sent]})
    found = await world.marketo.control("GET", "smart-lists/members", id=str(made["id"]))
    assert found["members"] == sorted([lately.marketo_id, both.marketo_id])
    exported = await world.marketo.export({"smartListName": "Sent template X"})
    assert {int(row["id"]) for row in exported} == {lately.marketo_id, both.marketo_id}
    assert len(exported) == 2
    assert len(await world.marketo.custom_activities("asSendSalesEmail")) == len(sends)
