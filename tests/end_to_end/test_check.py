"""Scenarios 43 and 45 to 50: the check before a send, by gRPC, against Marketo's own answers."""

from __future__ import annotations

import pytest
from actionsync.v1 import sync_settings_pb2
from actionsync.v1 import unsubscribe_check_pb2 as contract
from actionsync.v1.common_pb2 import ACTION_OWNER_ADMIN, SYSTEM_MARKETO, Freshness
from google.protobuf.duration_pb2 import Duration
from harness.world import SELLER, World

LEADS = "/rest/v1/leads.json"
pytestmark = pytest.mark.asyncio


async def turn_check_on(world: World, **more: object) -> None:
    wanted = sync_settings_pb2.Settings(check=sync_settings_pb2.CheckSettings(enabled=True, **more))  # type: ignore[arg-type]
    await world.set(wanted, "check.enabled", *(f"check.{name}" for name in more))


async def authorize(
    world: World,
    *emails: str,
    channel: contract.Channel = contract.CHANNEL_WEB_APP,
    **more: object,
) -> contract.AuthorizeSendResponse:
    request = contract.AuthorizeSendRequest(
        recipients=[contract.Recipient(email=email) for email in emails],
        user_id=SELLER,
        channel=channel,
        **more,  # type: ignore[arg-type]
    )
    return await world.user.unsubscribes.AuthorizeSend(request)


def decisions(answer: contract.AuthorizeSendResponse) -> list[tuple[int, int]]:
    return [(result.verdict.decision, result.verdict.reason) for result in answer.results]


BLOCKED = (contract.DECISION_MUST_NOT_SEND, contract.VERDICT_REASON_BLOCKED_MARKETO_UNSUBSCRIBE)
ALLOWED = (contract.DECISION_MAY_SEND, contract.VERDICT_REASON_UNSPECIFIED)


async def look_ups(world: World) -> int:
    return await world.marketo.calls(LEADS)


@pytest.mark.parametrize(
    "channel",
    [
        pytest.param(contract.CHANNEL_WEB_APP, id="a"),
        pytest.param(contract.CHANNEL_PLUG_IN, id="b"),
        pytest.param(contract.CHANNEL_SALESFORCE, id="c"),
        pytest.param(contract.CHANNEL_CAMPAIGN, id="d"),
    ],
)
async def test_scenario_45_a_marketo_unsubscribe_blocks_from_every_channel(
    world: World, channel: contract.Channel
) -> None:
    await world.marketo.create(email="gone@example.com", unsubscribed=True)
    await turn_check_on(world)
    answer = await authorize(world, "gone@example.com", channel=channel)
    assert decisions(answer) == [BLOCKED]
    assert answer.results[0].verdict.explanation
    assert answer.send_permit == ""


async def test_scenario_45e_without_the_check_nothing_is_looked_up_and_mail_goes_out(world: World) -> None:
    await world.marketo.create(email="gone@example.com", unsubscribed=True)
    before = await look_ups(world)
    answer = await authorize(world, "gone@example.com")
    assert decisions(answer) == [ALLOWED]
    assert list(answer.results[0].verdict.notes) == [contract.VERDICT_NOTE_CHECK_OFF]
    assert await look_ups(world) == before


async def test_scenario_46a_one_of_two_records_is_enough_to_block(world: World) -> None:
    await world.marketo.create(email="two@example.com", unsubscribed=False)
    await world.marketo.create(email="two@example.com", unsubscribed=True)
    await turn_check_on(world)
    answer = await authorize(world, "Two@Example.com ")
    assert decisions(answer) == [BLOCKED]
    assert answer.results[0].verdict.evidence[-1].marketo_person_count == 2


async def test_scenario_46b_an_unknown_person_is_sent_to_with_a_note(world: World) -> None:
    await turn_check_on(world)
    answer = await authorize(world, "nobody@example.com")
    assert decisions(answer) == [ALLOWED]
    assert list(answer.results[0].verdict.notes) == [contract.VERDICT_NOTE_UNKNOWN_IN_MARKETO]


async def test_scenario_46c_a_local_unsubscribe_blocks_without_a_look_up(world: World) -> None:
    await turn_check_on(world)
    await world.user.unsubscribes.RecordUnsubscribe(
        contract.RecordUnsubscribeRequest(
            email="local@example.com", source=contract.UNSUBSCRIBE_SOURCE_CLICKED_LINK, reason="too many"
        )
    )
    before = await look_ups(world)
    answer = await authorize(world, " LOCAL@example.com")
    assert decisions(answer) == [(contract.DECISION_MUST_NOT_SEND, contract.VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE)]
    assert await look_ups(world) == before


async def test_scenario_47_without_marketo_mail_is_held_or_sent_unchecked_and_an_alert_stands(world: World) -> None:
    await turn_check_on(world)
    await world.marketo.fault(LEADS, "error", times=100, error={"code": "607"})
    answer = await authorize(world, "ann@example.com")
    verdict = answer.results[0].verdict
    assert verdict.decision == contract.DECISION_CHECK_UNAVAILABLE
    assert verdict.retry_after.seconds > 0
    assert verdict.give_up_time.seconds > 0
    assert answer.send_permit == ""
    await turn_check_on(world, on_unavailable=sync_settings_pb2.CheckSettings.ON_UNAVAILABLE_FAIL_OPEN)
    answer = await authorize(world, "ann@example.com")
    assert answer.results[0].verdict.decision == contract.DECISION_MAY_SEND
    assert contract.VERDICT_NOTE_UNCHECKED in answer.results[0].verdict.notes
    alerts = (await world.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())).alerts
    held = next(alert for alert in alerts if alert.name == "check_unavailable")
    assert (held.system, held.owner) == (SYSTEM_MARKETO, ACTION_OWNER_ADMIN)
    assert held.message
    assert held.next_step


async def test_scenario_48a_a_group_mail_is_summed_up(world: World) -> None:
    for number in range(5):
        await world.marketo.create(email=f"g{number}@example.com", unsubscribed=number < 2)
    await turn_check_on(world)
    answer = await authorize(world, *(f"g{number}@example.com" for number in range(5)), channel=contract.CHANNEL_GROUP)
    summary = {(row.decision, row.reason): row.recipient_count for row in answer.summary}
    assert summary == {ALLOWED: 3, BLOCKED: 2}
    assert answer.send_permit


async def test_scenario_48b_two_hundred_recipients_cost_one_call(world: World) -> None:
    await turn_check_on(world)
    before = await look_ups(world)
    answer = await authorize(world, *(f"bulk{number}@example.com" for number in range(200)))
    assert len(answer.results) == 200
    assert await look_ups(world) == before + 1


async def test_scenario_49_non_commercial_mail_reaches_the_unsubscribed_but_no_blocked_domain(world: World) -> None:
    await world.marketo.create(email="gone@example.com", unsubscribed=True)
    await turn_check_on(world, blocked_domains=["blocked.example"])
    before = await look_ups(world)
    answer = await authorize(world, "gone@example.com", "x@mail.blocked.example", non_commercial=True)
    assert decisions(answer) == [
        ALLOWED,
        (contract.DECISION_MUST_NOT_SEND, contract.VERDICT_REASON_BLOCKED_DOMAIN),
    ]
    assert await look_ups(world) == before


async def test_scenario_50_the_answer_of_delivery_time_counts(world: World) -> None:
    marketo_id = await world.marketo.create(email="later@example.com", unsubscribed=False)
    await turn_check_on(world)
    assert decisions(await authorize(world, "later@example.com")) == [ALLOWED]
    await world.marketo.update(marketo_id, unsubscribed=True)
    assert decisions(await authorize(world, "later@example.com")) == [BLOCKED]


async def test_an_answer_is_used_again_only_as_long_as_the_settings_allow(world: World) -> None:
    marketo_id = await world.marketo.create(email="cached@example.com", unsubscribed=False)
    await turn_check_on(world, answer_cache=Duration(seconds=60))
    await authorize(world, "cached@example.com")
    await world.marketo.update(marketo_id, unsubscribed=True)
    answer = await authorize(world, "cached@example.com")
    assert decisions(answer) == [ALLOWED]
    assert answer.results[0].verdict.evidence[-1].cached
    assert decisions(await authorize(world, "cached@example.com", freshness=Freshness(live=True))) == [BLOCKED]


async def test_a_malformed_address_is_that_items_error_and_counts_as_no(world: World) -> None:
    await turn_check_on(world)
    request = contract.BatchCheckUnsubscribesRequest(emails=["ann@example.com", "no address", "a,b@example.com"])
    answer = await world.user.unsubscribes.BatchCheckUnsubscribes(request)
    assert [result.WhichOneof("outcome") for result in answer.results] == ["verdict", "error", "error"]
    assert answer.results[1].error.violations[0].field == "emails[1]"


async def test_the_same_request_id_gets_the_first_answer(world: World) -> None:
    marketo_id = await world.marketo.create(email="again@example.com", unsubscribed=False)
    await turn_check_on(world)
    first = await authorize(world, "again@example.com", request_id="r-1")
    await world.marketo.update(marketo_id, unsubscribed=True)
    assert await authorize(world, "again@example.com", request_id="r-1") == first


async def test_unsubscribes_are_listed_by_the_beginning_of_their_address(world: World) -> None:
    for name in ("ann", "anna", "bo"):
        await world.user.unsubscribes.RecordUnsubscribe(
            contract.RecordUnsubscribeRequest(email=f"{name}@example.com", source=contract.UNSUBSCRIBE_SOURCE_MANUAL)
        )
    pages = world.user.pages(
        world.user.unsubscribes.ListUnsubscribes, contract.ListUnsubscribesRequest(query="ANN", page_size=1)
    )
    assert [one.email async for one in pages] == ["ann@example.com", "anna@example.com"]
