"""Taking activities in: durable with their deliveries, each key once, one bad item spoils no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from actionsync_server.flows.activities import ActivityFlow, LoggedActivity
from actionsync_server.flows.reminders.pushing import ReminderPushes
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.model.activities import (
    ActivityContent,
    ActivityType,
    AddToSalesCampaign,
    CallStatus,
    OpenSalesEmail,
    PermitState,
    ReceivedSalesCall,
    SalesCampaign,
    SalesEmail,
    SalesEmailBounced,
    SendSalesEmail,
    fingerprint,
)
from actionsync_server.model.deliveries import DeliveryReason, DeliveryState
from actionsync_server.model.errors import AlreadyExists, FailedPrecondition, NotFound, System
from actionsync_server.model.persons import Qualification
from actionsync_server.model.unsubscribes import UnsubscribeSource
from actionsync_server.store.activities import ActivityFilter
from actionsync_server.store.deliveries import DeliveryFilter
from actionsync_server.store.unsubscribes import Unsubscribes

pytestmark = pytest.mark.asyncio

SAME = SalesEmail("1001")


@pytest.fixture
def idle(open_rig: Any) -> Any:
    """A function that opens a rig whose workers stand still."""
    return lambda **options: open_rig(work=False, connect=False, **options)


async def test_an_activity_comes_with_one_delivery_for_each_system(idle: Any) -> None:
    rig = await idle()
    logged = await rig.log(rig.send(await rig.add_person()))
    assert not logged.already_logged
    assert logged.activity.permit_state is PermitState.NONE
    assert [(one.system, one.state, one.reason) for one in logged.deliveries] == [
        (System.MARKETO, DeliveryState.PENDING, DeliveryReason.NONE),
        (System.SALESFORCE, DeliveryState.SKIPPED, DeliveryReason.TURNED_OFF),
    ]
    stored = await rig.process.activities.get("acme", logged.activity.activity_id)
    assert stored == logged


async def test_the_same_key_with_the_same_content_is_the_same_activity(idle: Any) -> None:
    rig = await idle()
    content = rig.send(await rig.add_person())
    first = await rig.log(content)
    again = await rig.log(replace(content, send_permit="c-another"))
    assert again.already_logged
    assert again.activity == first.activity
    assert again.deliveries == first.deliveries
    assert len(await rig.process.activities.page("acme", ActivityFilter(), after=None, count=10)) == 1


async def test_the_same_key_with_another_content_is_refused(idle: Any) -> None:
    rig = await idle()
    content = rig.send(await rig.add_person())
    first = await rig.log(content)
    for other in (
        replace(content, detail=SendSalesEmail(SalesEmail("2"))),
        replace(content, activity_time=content.activity_time + 1),
        replace(content, person_id="p-other"),
        replace(content, user_id="seller-2"),
        replace(content, detail=OpenSalesEmail(SAME)),
    ):
        (refused,) = await rig.log_all(other)
        assert isinstance(refused, AlreadyExists)
        assert refused.reason == "IDEMPOTENCY_KEY_REUSED"
        assert refused.metadata == {"activityId": first.activity.activity_id}


async def test_a_repeat_is_answered_also_when_person_and_seller_are_gone(idle: Any) -> None:
    rig = await idle()
    person = await rig.add_person()
    content = rig.send(person)
    await rig.log(content)
    await rig.change_person(person, qualification=Qualification.DELETED)
    assert (await rig.log(content)).already_logged


async def test_one_bad_item_spoils_no_other(idle: Any) -> None:
    rig = await idle()
    person = await rig.add_person()
    good, also_good = rig.send(person), rig.send(person, "1002")
    results = await rig.log_all(
        good,
        rig.send(replace(person, person_id="p-nobody")),
        rig.send(person, user_id="u-nobody"),
        good,  # the same again
        replace(also_good, idempotency_key=good.idempotency_key),
        also_good,
    )
    assert [type(one) for one in results] == [
        LoggedActivity,
        NotFound,
        NotFound,
        LoggedActivity,
        AlreadyExists,
        LoggedActivity,
    ]
    assert [one.metadata["resource"] for one in results if isinstance(one, NotFound)] == ["person", "user"]
    assert results[3].already_logged
    assert results[3].activity == results[0].activity
    assert len(results[3].deliveries) == 2
    assert len(await rig.process.activities.page("acme", ActivityFilter(), after=None, count=10)) == 2


async def test_nothing_is_acknowledged_that_the_store_did_not_take(idle: Any, monkeypatch: Any) -> None:
    rig = await idle()
    person = await rig.add_person()

    async def broken(self: Any, new: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("actionsync_server.store.deliveries.DeliveryWrites.add", broken)
    with pytest.raises(OSError, match="full"):
        await rig.log(rig.send(person))
    monkeypatch.undo()
    assert await rig.process.activities.page("acme", ActivityFilter(), after=None, count=10) == []


async def test_a_person_whom_marketo_no_longer_has_gets_no_deliveries(idle: Any) -> None:
    rig = await idle()
    await rig.log_everything()
    person = await rig.add_person()
    await rig.change_person(person, qualification=Qualification.DELETED)
    logged = await rig.log(rig.send(person))
    assert {(one.state, one.reason) for one in logged.deliveries} == {
        (DeliveryState.SKIPPED, DeliveryReason.PERSON_GONE)
    }


async def test_somebody_without_an_owner_is_still_logged(idle: Any) -> None:
    rig = await idle()
    person = await rig.add_person()
    await rig.change_person(person, qualification=Qualification.NOT_QUALIFIED)
    logged = await rig.log(rig.send(person))
    assert logged.deliveries[0].state is DeliveryState.PENDING


async def test_the_permit_of_a_send_is_weighed(idle: Any) -> None:
    rig = await idle()
    asked: list[tuple[str, str, int]] = []

    async def permits(instance_id: str, permit: str, *, address: str, sent_at: int) -> PermitState:
        asked.append((permit, address, sent_at))
        return PermitState.VALID if permit == "c-1" else PermitState.EXPIRED

    process = rig.process
    flow = ActivityFlow(
        rig.database,
        rig.clock,
        ids=rig.ids,
        settings=process.settings,
        registry=process.registry,
        lanes=process.lanes,
        permits=permits,
        unsubscribes=UnsubscribeRecorder(rig.ids),
        reminder_pushes=ReminderPushes(rig.ids),
    )
    person = await rig.add_person(email="ann@example.com")
    sends = [replace(rig.send(person, str(n)), send_permit=permit) for n, permit in enumerate(("c-1", "c-2", ""))]
    opened = replace(rig.content(person, OpenSalesEmail(SAME)), send_permit="c-1")
    results = await flow.log("acme", [*sends, opened])
    states = [one.activity.permit_state for one in results if isinstance(one, LoggedActivity)]
    assert states == [PermitState.VALID, PermitState.EXPIRED, PermitState.NONE, None]
    now = rig.clock.now()
    assert asked == [("c-1", "ann@example.com", now), ("c-2", "ann@example.com", now)]


async def test_a_hard_bounce_unsubscribes_the_address_once(idle: Any) -> None:
    rig = await idle()
    person = await rig.add_person()
    hard = SalesEmailBounced(SAME, " Gone@Example.com", hard=True)
    soft = SalesEmailBounced(SAME, "full@example.com")
    await rig.log_all(*(rig.content(person, detail) for detail in (hard, hard, soft)))
    found = await Unsubscribes(rig.database, "acme").find(["gone@example.com", "full@example.com"])
    assert list(found) == ["gone@example.com"]
    assert found["gone@example.com"].source is UnsubscribeSource.BOUNCE


async def test_a_hard_bounce_may_be_left_to_people(idle: Any) -> None:
    rig = await idle()
    before = await rig.process.settings.get("acme")
    wanted = replace(before, unsubscribes=replace(before.unsubscribes, unsubscribe_on_hard_bounce=False))
    path = ["unsubscribes.unsubscribe_on_hard_bounce"]
    await rig.process.settings.update("acme", wanted, path, etag="", user_id="a", validate_only=False)
    await rig.log(rig.content(await rig.add_person(), SalesEmailBounced(SAME, "gone@example.com", hard=True)))
    assert await Unsubscribes(rig.database, "acme").find(["gone@example.com"]) == {}


async def test_listing_by_person_seller_type_and_time(idle: Any) -> None:
    rig = await idle()
    ann, bob = await rig.add_person(), await rig.add_person()
    await rig.add_seller("seller-2")
    made = []
    for place in range(12):
        content = rig.send(ann, str(place)) if place % 2 else rig.content(bob, OpenSalesEmail(SAME))
        content = replace(content, user_id="seller-2" if place % 3 == 0 else "seller-1", activity_time=place // 2)
        made.append((await rig.log(content)).activity)

    async def listed(count: int = 100, **wanted: Any) -> list[int]:
        found: list[int] = []
        after = None
        while page := await rig.process.activities.page("acme", ActivityFilter(**wanted), after=after, count=count):
            found += [made.index(one.activity) for one in page]
            after = (page[-1].activity.content.activity_time, page[-1].activity.activity_id)
        return found

    ordered = list(range(12))
    assert await listed(newest_first=False) == await listed(count=1, newest_first=False) == ordered
    assert await listed() == await listed(count=5) == ordered[::-1]
    assert await listed(person_ids=[ann.person_id], newest_first=False) == ordered[1::2]
    assert await listed(user_ids=["seller-2"], newest_first=False) == ordered[::3]
    opens = [ActivityType.OPEN_SALES_EMAIL]
    assert await listed(types=opens, count=2, newest_first=False) == ordered[::2]
    assert await listed(start_time=1, end_time=3, newest_first=False) == [2, 3, 4, 5]
    assert await listed(person_ids=[ann.person_id], types=opens) == []
    assert await rig.process.activities.page("other", ActivityFilter(), after=None, count=5) == []


async def test_the_desk_lists_by_system_state_person_and_activity(idle: Any) -> None:
    rig = await idle()
    await rig.log_everything(log_calls=False)
    ann, bob = await rig.add_person(), await rig.add_person()
    added = AddToSalesCampaign(SalesCampaign("12"))
    logged = [await rig.log(rig.send(ann)), await rig.log(rig.content(bob, added))]

    async def listed(count: int = 100, **wanted: Any) -> list[tuple[int, System, DeliveryState]]:
        found: list[Any] = []
        after = 0
        while page := await rig.process.desk.page("acme", DeliveryFilter(**wanted), after=after, count=count):
            found += page
            after = page[-1].sequence
        order = [one.activity.activity_id for one in logged]
        return [(order.index(one.subject_id), one.system, one.state) for one in found]

    everything = [
        (0, System.MARKETO, DeliveryState.PENDING),
        (0, System.SALESFORCE, DeliveryState.PENDING),
        (1, System.MARKETO, DeliveryState.PENDING),
        (1, System.SALESFORCE, DeliveryState.SKIPPED),
    ]
    assert await listed() == await listed(count=1) == everything
    assert await listed(system=System.MARKETO) == everything[::2]
    both = [DeliveryState.SKIPPED, DeliveryState.PENDING, DeliveryState.SKIPPED]
    assert await listed(states=both, count=1) == everything
    assert await listed(states=[DeliveryState.SKIPPED]) == everything[3:]
    assert await listed(person_id=ann.person_id) == everything[:2]
    assert await listed(activity_id=logged[1].activity.activity_id, states=[DeliveryState.PENDING]) == everything[2:3]
    assert await listed(states=[DeliveryState.FAILED]) == []


async def test_retrying_and_giving_up(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.delete(person.marketo_id)
    gone = await rig.log(rig.send(person))
    there = await rig.log(rig.send(await rig.add_person()))
    await rig.advance(3)
    failed, delivered = gone.deliveries[0].delivery_id, there.deliveries[0].delivery_id
    desk = rig.process.desk
    results = await desk.retry("acme", [failed, delivered, "d-nobody", failed])
    assert [type(one) for one in results[1:3]] == [FailedPrecondition, NotFound]
    assert results[1].metadata == {"resource": "delivery", "id": delivered, "state": "DELIVERED"}
    assert results[0].state is results[3].state is DeliveryState.PENDING
    (still,) = await desk.retry("acme", [failed])  # idempotent
    assert still.state is DeliveryState.PENDING
    await rig.advance(3)
    again = await rig.delivery(gone, System.MARKETO)
    assert (again.state, again.attempt_count, len(again.attempts)) == (DeliveryState.FAILED, 2, 2)
    results = await desk.discard("acme", [failed, delivered], reason="left the company", user_id="admin-1")
    assert results[0].state is DeliveryState.DISCARDED
    assert isinstance(results[1], FailedPrecondition)
    (still,) = await desk.discard("acme", [failed], reason="twice", user_id="admin-2")
    assert still == results[0]
    assert still.warnings == ("given up by admin-1: left the company",)
    (refused,) = await desk.retry("acme", [failed])
    assert isinstance(refused, FailedPrecondition)


async def test_the_digest_of_a_content_never_changes() -> None:
    call = ReceivedSalesCall(CallStatus.COMPLETED, sales_campaign=SalesCampaign("1"))
    content = ActivityContent("k", "p", "u", 5, call)
    # Kept for ever: a change here would make every repeat of a stored activity look like a reuse of its key.
    assert fingerprint(content).hex() == "d751f3ff53766d57957d083b4a143848"
    assert fingerprint(replace(content, idempotency_key="other", send_permit="c-1")) == fingerprint(content)
    assert fingerprint(replace(content, detail=replace(call, outcome="x"))) != fingerprint(content)
