"""Whether a send was checked before it went out; and what held mail, copy recipients and erased people come to."""

from __future__ import annotations

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as log
from actionsync.v1 import connections_pb2, person_sync_pb2, sync_settings_pb2
from actionsync.v1 import unsubscribe_check_pb2 as check
from actionsync.v1.common_pb2 import SYSTEM_ACTIONSYNC, SYSTEM_MARKETO, Freshness
from actionsync.v1.person_sync_pb2 import Person
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import SELLER, World

LEADS = "/rest/v1/leads.json"
MINUTE, HOUR = 60, 3600
pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def people(world: World) -> list[Person]:
    """Two people with different addresses, and the check turned on."""
    await world.sync_people()
    await turn_check_on(world)
    page = await world.user.persons.ListPersons(person_sync_pb2.ListPersonsRequest(page_size=20))
    return list({person.email: person for person in page.persons if person.email}.values())[:2]


async def turn_check_on(world: World, **more: object) -> None:
    wanted = sync_settings_pb2.Settings(check=sync_settings_pb2.CheckSettings(enabled=True, **more))  # type: ignore[arg-type]
    await world.set(wanted, "check.enabled", *(f"check.{name}" for name in more))


async def authorize(world: World, *recipients: check.Recipient) -> check.AuthorizeSendResponse:
    return await world.user.unsubscribes.AuthorizeSend(
        check.AuthorizeSendRequest(recipients=recipients, user_id=SELLER, channel=check.CHANNEL_WEB_APP)
    )


async def sent(world: World, person: Person, key: str, *, permit: str) -> str:
    """Log a mail that has just been sent and return the activity's id."""
    answer = await world.user.activities.LogActivity(
        log.LogActivityRequest(
            content=log.ActivityContent(
                idempotency_key=key,
                person_id=person.person_id,
                user_id=SELLER,
                activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
                send_sales_email=log.SendSalesEmail(email=log.SalesEmail(email_id="4711", subject="Hello")),
                send_permit=permit,
            )
        )
    )
    return answer.activity.activity_id


async def permit_states(world: World) -> dict[str, int]:
    """Ask for the sends of a person and how each was checked."""
    listed = world.user.pages(world.user.activities.ListActivities, log.ListActivitiesRequest())
    return {one.content.idempotency_key: one.permit_state async for one in listed}


async def test_whether_a_send_was_checked_before_it_went_out_is_in_the_data(world: World, people: list[Person]) -> None:
    ann, bo = people
    permit = (await authorize(world, check.Recipient(email=ann.email, person_id=ann.person_id))).send_permit
    assert permit
    await world.advance(5 * MINUTE)
    await sent(world, ann, "checked", permit=permit)
    await sent(world, bo, "checked for another", permit=permit)
    await sent(world, ann, "not checked", permit="")
    await sent(world, ann, "made up", permit="c-nothing")
    await world.advance(11 * MINUTE)
    await sent(world, ann, "too late", permit=permit)
    assert await permit_states(world) == {
        "checked": log.PERMIT_STATE_VALID,
        "checked for another": log.PERMIT_STATE_EXPIRED,
        "not checked": log.PERMIT_STATE_NONE,
        "made up": log.PERMIT_STATE_EXPIRED,
        "too late": log.PERMIT_STATE_EXPIRED,
    }


async def test_a_permit_covers_nobody_who_was_refused_in_the_same_check(world: World, people: list[Person]) -> None:
    ann, bo = people
    await world.user.unsubscribes.RecordUnsubscribe(
        check.RecordUnsubscribeRequest(email=bo.email, source=check.UNSUBSCRIBE_SOURCE_CLICKED_LINK)
    )
    answer = await authorize(world, check.Recipient(email=ann.email), check.Recipient(email=bo.email))
    assert answer.send_permit
    await sent(world, ann, "allowed", permit=answer.send_permit)
    await sent(world, bo, "sent all the same", permit=answer.send_permit)
    states = await permit_states(world)
    assert states == {"allowed": log.PERMIT_STATE_VALID, "sent all the same": log.PERMIT_STATE_EXPIRED}


async def test_a_held_mail_is_asked_for_again_until_marketo_answers(world: World) -> None:
    await turn_check_on(world, hold_limit=Duration(seconds=2 * HOUR))
    began = world.clock.now() // 1_000_000
    await world.marketo.fault(LEADS, "error", times=1, error={"code": "607"})
    held = (await authorize(world, check.Recipient(email="ann@example.com"))).results[0].verdict
    assert held.decision == check.DECISION_CHECK_UNAVAILABLE
    assert held.give_up_time.seconds == began + 2 * HOUR
    # Marketo's allowance comes back at its midnight, 15 hours from now: too late for this mail, as the caller can tell.
    assert held.retry_after.seconds == 15 * HOUR
    await world.advance(30 * MINUTE)
    again = await authorize(world, check.Recipient(email="ann@example.com"))
    assert again.results[0].verdict.decision == check.DECISION_MAY_SEND
    assert again.send_permit


async def test_without_a_connection_mail_is_held_and_somebody_is_told(world: World) -> None:
    await turn_check_on(world)
    await world.admin.connections.Disconnect(connections_pb2.DisconnectRequest(system=SYSTEM_MARKETO))
    verdict = (await authorize(world, check.Recipient(email="ann@example.com"))).results[0].verdict
    assert verdict.decision == check.DECISION_CHECK_UNAVAILABLE
    assert "not connected" in verdict.explanation
    alerts = (await world.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())).alerts
    assert "check_unavailable" in {alert.name for alert in alerts}


async def test_copy_recipients_are_warned_of_and_never_those_who_unsubscribed_here(world: World) -> None:
    await world.marketo.create(email="gone@example.com", unsubscribed=True)
    await world.user.unsubscribes.RecordUnsubscribe(
        check.RecordUnsubscribeRequest(email="local@example.com", source=check.UNSUBSCRIBE_SOURCE_CLICKED_LINK)
    )
    await turn_check_on(world)
    kinds = check.Recipient.KIND_COPY, check.Recipient.KIND_BLIND_COPY
    answer = await authorize(
        world,
        check.Recipient(email="ann@example.com"),
        *(check.Recipient(email="gone@example.com", kind=kind) for kind in kinds),
        *(check.Recipient(email="local@example.com", kind=kind) for kind in kinds),
    )
    verdicts = [result.verdict for result in answer.results]
    for warned in verdicts[1:3]:
        assert (warned.decision, warned.reason) == (
            check.DECISION_MAY_SEND,
            check.VERDICT_REASON_BLOCKED_MARKETO_UNSUBSCRIBE,
        )
        assert list(warned.notes) == [check.VERDICT_NOTE_COPY_RECIPIENT_WARNING]
    assert {verdict.decision for verdict in verdicts[3:]} == {check.DECISION_MUST_NOT_SEND}
    # Not asked about where the settings say so.
    await turn_check_on(world, check_copy_recipients=False)
    answer = await authorize(world, check.Recipient(email="gone@example.com", kind=check.Recipient.KIND_COPY))
    assert list(answer.results[0].verdict.notes) == [check.VERDICT_NOTE_CHECK_OFF]


async def test_who_was_erased_after_an_opt_out_gets_no_mail(world: World, people: list[Person]) -> None:
    ann, bo = people
    await world.user.unsubscribes.RecordUnsubscribe(
        check.RecordUnsubscribeRequest(email=ann.email, source=check.UNSUBSCRIBE_SOURCE_CLICKED_LINK)
    )
    for person in people:
        await world.admin.persons.ErasePerson(
            person_sync_pb2.ErasePersonRequest(person_id=person.person_id, reason="asked for it")
        )
    answer = await authorize(world, check.Recipient(email=ann.email), check.Recipient(email=bo.email))
    assert [(one.verdict.decision, one.verdict.reason) for one in answer.results] == [
        (check.DECISION_MUST_NOT_SEND, check.VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE),
        (check.DECISION_MAY_SEND, check.VERDICT_REASON_UNSPECIFIED),
    ]


async def test_a_verdict_says_what_it_rests_on_and_how_old_that_is(world: World) -> None:
    await world.marketo.create(email="ann@example.com", unsubscribed=False)
    await turn_check_on(world, answer_cache=Duration(seconds=300))
    asked = world.clock.now() // 1_000_000
    await authorize(world, check.Recipient(email="ann@example.com"))
    await world.advance(100)
    before = await world.marketo.calls(LEADS)

    async def one(freshness: Freshness) -> check.Verdict:
        request = check.CheckUnsubscribeRequest(email="ann@example.com", freshness=freshness)
        return (await world.user.unsubscribes.CheckUnsubscribe(request)).verdict

    remembered = await one(Freshness(stored=True))
    assert [(fact.source, fact.cached) for fact in remembered.evidence] == [
        (SYSTEM_ACTIONSYNC, False),
        (SYSTEM_MARKETO, True),
    ]
    assert remembered.evidence[1].evidence_time.seconds == asked
    assert remembered.evidence[1].marketo_person_count == 1
    assert (await one(Freshness(max_age=Duration(seconds=200)))).evidence[1].cached
    assert await world.marketo.calls(LEADS) == before
    fresh = await one(Freshness(max_age=Duration(seconds=50)))
    assert not fresh.evidence[1].cached
    assert await world.marketo.calls(LEADS) == before + 1
    await world.advance(400)
    unknown = await one(Freshness(stored=True))
    assert list(unknown.notes) == [check.VERDICT_NOTE_UNCHECKED]
    assert await world.marketo.calls(LEADS) == before + 1


async def test_what_was_answered_before_somebody_unsubscribed_here_is_not_used_after_they_came_back(
    world: World,
) -> None:
    await turn_check_on(world, answer_cache=Duration(seconds=300))
    recipient = check.Recipient(email="ann@example.com")
    await authorize(world, recipient)
    await world.user.unsubscribes.RecordUnsubscribe(
        check.RecordUnsubscribeRequest(email="ann@example.com", source=check.UNSUBSCRIBE_SOURCE_CLICKED_LINK)
    )
    await world.advance(10)
    await world.admin.unsubscribes.RemoveUnsubscribe(
        check.RemoveUnsubscribeRequest(
            email="ann@example.com",
            scope=check.RemoveUnsubscribeRequest.SCOPE_HERE,
            reason="asked",
            consent="mail of today",
        )
    )
    await world.marketo.create(email="ann@example.com", unsubscribed=True)
    answer = await authorize(world, recipient)
    assert answer.results[0].verdict.reason == check.VERDICT_REASON_BLOCKED_MARKETO_UNSUBSCRIBE
