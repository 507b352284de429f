"""Scenario 20 as far as the simulated Marketo goes: a constraint on the template selects exactly its people.

The simulator has no smart lists yet, so the filter is applied to what Marketo's own activity feed returns; that the
attribute, its value and the date are there for a filter to use is what the service owes.
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
    period = await world.marketo.custom_activities("asSendSalesEmail", since=iso(now - 7 * DAY))
    selected = {row["leadId"] for row in period if row["attributes"].get("Template ID") == "X"}
    assert selected == {lately.marketo_id, both.marketo_id}
    assert len(await world.marketo.custom_activities("asSendSalesEmail")) == len(sends)


def iso(seconds: int) -> str:
    return Timestamp(seconds=seconds).ToJsonString()
