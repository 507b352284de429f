"""How deliveries go out: together, in order, patiently, and not at all while they must not."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.clock import HOUR, SECOND
from actionsync_server.model.activities import (
    CallStatus,
    OpenSalesEmail,
    ReceivedSalesCall,
    RemovedFromSalesCampaign,
    SalesCampaign,
    SalesEmail,
)
from actionsync_server.model.deliveries import ActionOwner, DeliveryReason, DeliveryState
from actionsync_server.model.errors import Refused, System
from actionsync_server.model.persons import Qualification
from actionsync_server.store.changes import ChangeKind, after
from actionsync_server.store.deliveries import DeliveryFilter

pytestmark = pytest.mark.asyncio

MINUTE, DAY = 60, 86_400
WRITE = "/rest/v1/activities/external.json"
SAME = SalesEmail("1001")


async def states(rig: Any, system: System = System.MARKETO) -> dict[DeliveryState, int]:
    found = await rig.process.desk.page("acme", DeliveryFilter(system=system), after=0, count=10_000)
    return {state: sum(one.state is state for one in found) for state in {one.state for one in found}}


async def test_600_activities_cost_two_calls(rig: Any) -> None:
    person = await rig.add_person()
    for _ in range(2):
        await rig.log_all(*(rig.content(person, OpenSalesEmail(SAME)) for _ in range(300)))
    await rig.advance(5)
    assert await states(rig) == {DeliveryState.DELIVERED: 600}
    assert rig.write_calls() == 2


async def test_activities_logged_one_by_one_share_a_call(rig: Any) -> None:
    people = [await rig.add_person() for _ in range(10)]
    for person in people:
        await rig.log(rig.send(person))
        await rig.advance(0.1)
    assert rig.write_calls() == 0
    await rig.advance(2)
    assert await states(rig) == {DeliveryState.DELIVERED: 10}
    assert rig.write_calls() == 1


async def test_450_tasks_cost_three_calls(rig: Any) -> None:
    await rig.log_everything()
    contact = await rig.add_contact("ann@example.com")
    one = await rig.add_person()
    numbers = range(one.marketo_id + 1000, one.marketo_id + 1450)
    people = [await rig.add_person(marketo_id=number, salesforce_contact_id=contact) for number in numbers]
    before = rig.task_calls()
    await rig.process.die()
    await rig.log_all(*(rig.send(person) for person in people[:300]))
    await rig.log_all(*(rig.send(person) for person in people[300:]))
    await rig.restart()
    await rig.advance(5)
    assert await states(rig, System.SALESFORCE) == {DeliveryState.DELIVERED: 450}
    assert rig.task_calls() - before == 3


async def test_every_state_of_a_delivery_is_in_the_change_log(rig: Any) -> None:
    person = await rig.add_person()
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    log = await after(rig.database, "acme", ChangeKind.DELIVERY, position=0, count=100)
    ours = {one.delivery_id: one.system for one in logged.deliveries}
    told = [(ours[change.subject_id], DeliveryState(change.type)) for change in log]
    assert [state for system, state in told if system is System.MARKETO] == [
        DeliveryState.PENDING,
        DeliveryState.DELIVERING,
        DeliveryState.DELIVERED,
    ]
    assert [state for system, state in told if system is System.SALESFORCE] == [DeliveryState.SKIPPED]


async def test_a_busy_marketo_is_asked_less_and_less_and_everything_arrives_in_the_end(rig: Any) -> None:
    people = [await rig.add_person() for _ in range(4)]
    busy = {"code": "608", "message": "API Temporarily Unavailable"}
    await rig.marketo.fault(WRITE, "error", times=1000, error=busy)
    first = await rig.log(rig.send(people[0]))
    await rig.advance(10)
    delivery = await rig.delivery(first, System.MARKETO)
    assert delivery.state is DeliveryState.RETRYING
    assert delivery.error is not None
    assert (delivery.error.code, delivery.error.owner) == ("608", ActionOwner.NOBODY)
    assert delivery.due_time is not None
    # A backlog is not thrown at a system that just said no.
    for person in people[1:]:
        await rig.log_all(*(rig.content(person, OpenSalesEmail(SAME)) for _ in range(300)))
    calls = rig.write_calls()
    await rig.advance(5)
    assert rig.write_calls() == calls
    await rig.advance(30 * MINUTE)
    assert 2 < rig.write_calls() - calls < 20
    await rig.marketo.control("DELETE", "faults")
    await rig.advance(40 * MINUTE)
    assert await states(rig) == {DeliveryState.DELIVERED: 901}
    assert len(await rig.rows()) == 1
    assert len(await rig.rows("asOpenSalesEmail")) == 900


async def test_after_seven_days_of_retries_a_delivery_fails_and_can_be_tried_again(rig: Any) -> None:
    person = await rig.add_person()
    busy = {"code": "608", "message": "API Temporarily Unavailable"}
    await rig.marketo.fault(WRITE, "error", times=None, error=busy)
    logged = await rig.log(rig.send(person))
    await rig.advance(30 * MINUTE)
    for days in (5.9, 1.1):  # nobody works meanwhile, which makes no difference
        assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.RETRYING
        await rig.process.die()
        await rig.advance(days * DAY)
        await rig.restart()
        await rig.advance(5)
    failed = await rig.delivery(logged, System.MARKETO)
    assert (failed.state, failed.reason) == (DeliveryState.FAILED, DeliveryReason.RETRIES_EXHAUSTED)
    assert failed.attempt_count == len(failed.attempts)
    await rig.marketo.control("DELETE", "faults")
    (again,) = await rig.process.desk.retry("acme", [failed.delivery_id])
    assert again.state is DeliveryState.PENDING
    await rig.advance(10 * MINUTE)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED


async def test_of_one_person_an_earlier_delivery_that_retries_holds_the_later_ones_back(rig: Any) -> None:
    await rig.log_everything()
    ann = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    bob = await rig.add_person(salesforce_contact_id=await rig.add_contact("bob@example.com"))
    first = await rig.log(rig.send(ann))
    locked = {"code": "FAILED_WRITE", "message": "try again"}
    await rig.salesforce.fault(f"/rows/Task/{first.activity.activity_id}", "error", error=locked)
    second = await rig.log(rig.content(ann, ReceivedSalesCall(CallStatus.COMPLETED)))
    others = await rig.log(rig.send(bob))
    await rig.advance(10)
    assert (await rig.state(first, System.SALESFORCE))[0] is DeliveryState.RETRYING
    assert (await rig.state(second, System.SALESFORCE))[0] is DeliveryState.PENDING
    assert (await rig.state(others, System.SALESFORCE))[0] is DeliveryState.DELIVERED
    await rig.advance(2 * MINUTE)
    for logged in (first, second):
        assert (await rig.state(logged, System.SALESFORCE))[0] is DeliveryState.DELIVERED
    ours = [task["ActionSync_Id__c"] for task in await rig.tasks() if task["WhoId"] == ann.fields.salesforce_contact_id]
    assert ours == [first.activity.activity_id, second.activity.activity_id]


async def test_one_that_waits_or_failed_holds_nobody_back(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person()
    call = await rig.log(rig.content(person, ReceivedSalesCall(CallStatus.COMPLETED)))
    await rig.advance(3)
    assert (await rig.state(call, System.SALESFORCE))[0] is DeliveryState.WAITING
    lead = await rig.add_lead(person.fields.email)
    mail = await rig.log(rig.send(person))
    await rig.advance(3)
    assert (await rig.state(mail, System.SALESFORCE))[0] is DeliveryState.DELIVERED
    assert [task["WhoId"] for task in await rig.tasks()] == [lead]


async def test_a_spent_quota_parks_everything_until_the_next_day(open_rig: Any) -> None:
    rig = await open_rig(limits="vendor")
    person = await rig.add_person()
    spent = {"code": "607", "message": "Daily API Quota Reached"}
    await rig.marketo.fault(WRITE, "error", error=spent)
    first = await rig.log(rig.send(person))
    await rig.advance(5)
    second = await rig.log(rig.send(person, "1002"))
    await rig.advance(5)
    for logged in (first, second):
        assert await rig.state(logged, System.MARKETO) == (DeliveryState.WAITING, DeliveryReason.QUOTA_EXHAUSTED)
    assert rig.write_calls() == 1
    parked = await rig.delivery(second, System.MARKETO)
    assert parked.due_time is not None
    assert parked.due_time - rig.clock.now() < 24 * HOUR
    await rig.process.die()
    await rig.advance((parked.due_time - rig.clock.now()) / SECOND)
    await rig.restart()
    await rig.advance(5)
    assert await states(rig) == {DeliveryState.DELIVERED: 2}


async def test_stop_activities_stops_and_starts_again(rig: Any) -> None:
    person = await rig.add_person()
    await rig.set_marketo(stop_activities=True)
    logged = await rig.log(rig.send(person))
    await rig.advance(60)
    assert await rig.state(logged, System.MARKETO) == (DeliveryState.WAITING, DeliveryReason.STOPPED)
    assert rig.write_calls() == 0
    await rig.set_marketo(stop_activities=False)
    await rig.advance(5)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED


async def test_what_is_logged_before_connecting_is_delivered_then(open_rig: Any) -> None:
    rig = await open_rig(connect=False)
    await rig.log_everything()
    contact = await rig.add_contact("ann@example.com")
    person = await rig.add_person(salesforce_contact_id=contact)
    logged = await rig.log(rig.send(person))
    await rig.advance(5)
    for system in (System.MARKETO, System.SALESFORCE):
        assert await rig.state(logged, system) == (DeliveryState.WAITING, DeliveryReason.NOT_CONNECTED)
    await rig.connect()
    await rig.advance(5)
    for system in (System.MARKETO, System.SALESFORCE):
        assert (await rig.state(logged, system))[0] is DeliveryState.DELIVERED


async def test_after_a_restart_what_waited_for_what_is_there_goes_on(rig: Any) -> None:
    person = await rig.add_person()
    await rig.set_marketo(stop_activities=True)
    logged = await rig.log(rig.send(person))
    await rig.advance(5)
    await rig.process.die()
    await rig.set_marketo(stop_activities=False)
    assert (await rig.state(logged, System.MARKETO))[0] is not DeliveryState.DELIVERED
    await rig.restart()
    await rig.advance(35)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED


async def test_a_refused_login_is_not_hammered_and_goes_on_after_reconnecting(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.control("POST", "tokens/revoke", {})
    refused = {"code": "unauthorized", "message": "No client with requested id", "http_status": 401}
    await rig.marketo.fault("/identity/oauth/token", "error", times=None, error=refused)
    first = await rig.log(rig.send(person))
    await rig.advance(5)
    assert await rig.state(first, System.MARKETO) == (DeliveryState.WAITING, DeliveryReason.LOGIN_INVALID)
    (connection,) = [one for one in await rig.process.connections.list("acme") if one.system is System.MARKETO]
    assert connection.login_refused
    second = await rig.log(rig.send(person, "1002"))
    await rig.advance(10 * MINUTE)
    assert await rig.state(second, System.MARKETO) == (DeliveryState.WAITING, DeliveryReason.LOGIN_INVALID)
    await rig.marketo.control("DELETE", "faults")
    await rig.connect(System.MARKETO)
    await rig.advance(5)
    assert await states(rig) == {DeliveryState.DELIVERED: 2}


async def test_a_login_that_works_again_by_itself_is_found_out(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.control("POST", "tokens/revoke", {})
    refused = {"code": "unauthorized", "message": "No client with requested id", "http_status": 401}
    await rig.marketo.fault("/identity/oauth/token", "error", times=None, error=refused)
    await rig.log(rig.send(person))
    await rig.advance(5)
    await rig.log(rig.send(person, "1002"))
    await rig.advance(5)
    await rig.marketo.control("DELETE", "faults")
    await rig.advance(16 * MINUTE)
    assert await states(rig) == {DeliveryState.DELIVERED: 2}


async def test_activities_wait_for_types_that_marketo_has_no_room_for(open_rig: Any) -> None:
    rig = await open_rig(connect=False)
    made = []
    for number in range(3):
        body = {
            "apiName": f"other{number}",
            "name": f"Other {number}",
            "triggerName": f"Others {number}",
            "filterName": f"Othered {number}",
            "primaryAttribute": {"apiName": "what", "name": "What", "dataType": "string"},
        }
        await rig.marketo.call("POST", "/rest/v1/activities/external/type.json", body)
        made.append(body["apiName"])
    await rig.connect()
    person = await rig.add_person()
    fits = await rig.log(rig.send(person))
    misses = await rig.log(rig.content(person, RemovedFromSalesCampaign(SalesCampaign("12", "Spring"))))
    await rig.advance(5)
    assert (await rig.state(fits, System.MARKETO))[0] is DeliveryState.DELIVERED
    waiting = (DeliveryState.WAITING, DeliveryReason.SYSTEM_NOT_PREPARED)
    assert await rig.state(misses, System.MARKETO) == waiting
    await rig.marketo.call("POST", f"/rest/v1/activities/external/type/{made[0]}/delete.json")
    await rig.connect(System.MARKETO)
    await rig.advance(5)
    assert (await rig.state(misses, System.MARKETO))[0] is DeliveryState.DELIVERED


async def test_a_type_that_was_deleted_in_marketo_is_waited_for(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.call("POST", "/rest/v1/activities/external/type/asSendSalesEmail/delete.json")
    logged = await rig.log(rig.send(person))
    await rig.advance(5)
    delivery = await rig.delivery(logged, System.MARKETO)
    assert (delivery.state, delivery.reason) == (DeliveryState.WAITING, DeliveryReason.SYSTEM_NOT_PREPARED)
    assert delivery.error is not None
    await rig.connect(System.MARKETO)
    await rig.advance(5)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED


async def test_one_row_that_spoils_a_call_is_found_and_fails_alone(rig: Any, monkeypatch: Any) -> None:
    people = [await rig.add_person() for _ in range(9)]
    bad = people[4].marketo_id
    client = await rig.process.registry.marketo("acme")
    real = client.add_activities
    calls: list[int] = []

    async def add(rows: Any) -> Any:
        calls.append(len(rows))
        if any(row.lead_id == bad for row in rows):
            raise Refused(System.MARKETO, "Marketo could not read our request", system_code="609")
        return await real(rows)

    monkeypatch.setattr(client, "add_activities", add)
    logged = await rig.log_all(*(rig.send(person) for person in people))
    await rig.advance(5)
    assert await states(rig) == {DeliveryState.DELIVERED: 8, DeliveryState.FAILED: 1}
    assert await rig.state(logged[4], System.MARKETO) == (DeliveryState.FAILED, DeliveryReason.REFUSED)
    assert len(calls) < 10


async def test_a_writer_that_breaks_doubles_and_loses_nothing(rig: Any, monkeypatch: Any) -> None:
    person = await rig.add_person()
    client = await rig.process.registry.marketo("acme")
    real = client.add_activities
    broken: list[bool] = []

    async def add(rows: Any) -> Any:
        results = await real(rows)
        if not broken:
            broken.append(True)
            raise ZeroDivisionError("a fault of our own")
        return results

    monkeypatch.setattr(client, "add_activities", add)
    logged = await rig.log(rig.send(person))
    await rig.advance(5)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.UNKNOWN
    await rig.advance(4 * MINUTE)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED
    assert len(await rig.rows()) == 1


async def test_deliveries_of_another_instance_are_nobodys_business(rig: Any) -> None:
    person = await rig.add_person()
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    rounds = rig.process.rounds(System.MARKETO, instance_id="other")
    await rounds.step()
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED
    assert await rig.process.desk.page("other", DeliveryFilter(), after=0, count=10) == []


async def test_a_person_who_is_gone_before_delivery_is_skipped(rig: Any) -> None:
    person = await rig.add_person()
    await rig.process.die()
    logged = await rig.log(rig.send(person))
    await rig.change_person(person, qualification=Qualification.DELETED)
    await rig.restart()
    await rig.advance(5)
    assert await rig.state(logged, System.MARKETO) == (DeliveryState.SKIPPED, DeliveryReason.PERSON_GONE)
    assert (await rig.delivery(logged, System.MARKETO)).attempt_count == 0
