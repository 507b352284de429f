"""Lost answers and dead processes: nothing is lost, nothing comes twice. Scenarios 19 and 31."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from actionsync_server.model.activities import OpenSalesEmail, SalesEmail
from actionsync_server.model.deliveries import DeliveryReason, DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.store.deliveries import DeliveryFilter

pytestmark = pytest.mark.asyncio

MINUTE = 60
WRITE = "/rest/v1/activities/external.json"
TASKS = "*/composite/sobjects*"


async def test_scenario_19a_a_write_whose_answer_was_lost_is_found(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.fault(WRITE, "commit_then_drop")
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.UNKNOWN
    await rig.advance(3 * MINUTE)
    delivery = await rig.delivery(logged, System.MARKETO)
    (row,) = await rig.rows()
    assert (delivery.state, delivery.external_id) == (DeliveryState.DELIVERED, row["marketoGUID"])
    assert rig.write_calls() == 1
    assert [attempt.outcome for attempt in delivery.attempts] == [DeliveryState.UNKNOWN]
    assert delivery.error is None


async def test_scenario_19a_a_write_that_never_arrived_is_written_after_two_looks(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.fault(WRITE, "drop_before")
    logged = await rig.log(rig.send(person))
    await rig.advance(5 * MINUTE)
    # The first look found nothing, which is not certain yet.
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.UNKNOWN
    assert await rig.rows() == []
    await rig.advance(6 * MINUTE)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED
    assert len(await rig.rows()) == 1


async def test_scenario_19a_a_row_that_shows_late_is_found_by_the_second_look(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.fault(WRITE, "hide_rows", seconds=8 * MINUTE)

    async def lose(scope: dict[str, Any]) -> None:
        if scope["path"] == WRITE:
            rig.after_call = None
            raise ConnectionResetError

    rig.after_call = lose
    logged = await rig.log(rig.send(person))
    await rig.advance(3 * MINUTE)
    assert await rig.rows() == []
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.UNKNOWN
    await rig.advance(9 * MINUTE)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED
    assert len(await rig.rows()) == 1
    assert rig.write_calls() == 1


async def test_scenario_19a_of_a_call_whose_answer_was_lost_every_row_is_found(rig: Any) -> None:
    people = [await rig.add_person() for _ in range(65)]  # more than a look-up takes in one call
    await rig.marketo.fault(WRITE, "commit_then_drop")
    await rig.log_all(*(rig.send(person) for person in people))
    await rig.advance(3 * MINUTE)
    rows = await rig.rows()
    assert sorted(row["leadId"] for row in rows) == sorted(person.marketo_id for person in people)
    assert await _states(rig, System.MARKETO) == {DeliveryState.DELIVERED}


async def test_scenario_19b_a_vanished_person_spoils_nobody_else(rig: Any) -> None:
    people = [await rig.add_person() for _ in range(3)]
    await rig.marketo.delete(people[1].marketo_id)
    first, second, third = await rig.log_all(*(rig.send(person) for person in people))
    await rig.advance(3)
    failed = await rig.delivery(second, System.MARKETO)
    assert (failed.state, failed.reason) == (DeliveryState.FAILED, DeliveryReason.PERSON_GONE)
    assert failed.error is not None
    assert failed.error.code == "1004"
    for logged in (first, third):
        assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED
    await rig.advance(60 * MINUTE)
    assert rig.write_calls() == 1
    assert sorted(row["leadId"] for row in await rig.rows()) == sorted((people[0].marketo_id, people[2].marketo_id))


async def test_scenario_31_a_task_whose_answer_was_lost_stays_one(rig: Any) -> None:
    await rig.log_everything()
    contact = await rig.add_contact("ann@example.com")
    person = await rig.add_person(salesforce_contact_id=contact)
    await rig.salesforce.fault(TASKS, "commit_then_drop", times=2)
    logged = await rig.log(rig.send(person))
    await rig.advance(5 * MINUTE)
    (task,) = await rig.tasks()
    delivery = await rig.delivery(logged, System.SALESFORCE)
    assert (delivery.state, delivery.external_id) == (DeliveryState.DELIVERED, task["Id"])
    assert task["ActionSync_Id__c"] == logged.activity.activity_id


async def test_scenario_31_in_an_org_without_our_field(open_rig: Any) -> None:
    rig = await open_rig(connect=False)
    hidden = {"object": "Task", "field": "ActionSync_Id__c", "state": "hidden"}
    await rig.salesforce.control("POST", "profile", hidden)
    await rig.connect()
    await rig.log_everything()
    contact = await rig.add_contact("ann@example.com")
    person = await rig.add_person(salesforce_contact_id=contact)
    await rig.salesforce.fault(TASKS, "commit_then_drop")
    logged = await rig.log(rig.send(person))
    await rig.advance(1 * MINUTE)
    assert (await rig.state(logged, System.SALESFORCE))[0] is DeliveryState.UNKNOWN
    await rig.advance(4 * MINUTE)
    delivery = await rig.delivery(logged, System.SALESFORCE)
    assert delivery.state is DeliveryState.DELIVERED
    tasks = await rig.salesforce.query("SELECT Id, CallObject FROM Task")
    assert [(task["Id"], task["CallObject"]) for task in tasks] == [(delivery.external_id, logged.activity.activity_id)]


async def test_an_org_without_our_field_is_written_to_with_a_warning(open_rig: Any) -> None:
    rig = await open_rig(connect=False)
    hidden = {"object": "Task", "field": "ActionSync_Id__c", "state": "hidden"}
    await rig.salesforce.control("POST", "profile", hidden)
    await rig.connect()
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    delivery = await rig.delivery(logged, System.SALESFORCE)
    assert delivery.state is DeliveryState.DELIVERED
    assert any("ActionSync_Id__c" in warning for warning in delivery.warnings)


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("system", [System.MARKETO, System.SALESFORCE])
async def test_a_process_killed_in_mid_delivery_loses_and_doubles_nothing(
    rig: Any, system: System, carried_out: bool
) -> None:
    await rig.log_everything()
    people = [await rig.add_person(salesforce_contact_id=await rig.add_contact(f"a{n}@example.com")) for n in range(5)]
    path = WRITE if system is System.MARKETO else "/composite/sobjects/"
    reached = asyncio.Event()

    async def hold(scope: dict[str, Any]) -> None:
        if path in scope["path"]:
            reached.set()
            await asyncio.Event().wait()

    if carried_out:
        rig.after_call = hold
    else:
        rig.before_call = hold
    await rig.log_all(*(rig.send(person) for person in people))
    waiting = asyncio.ensure_future(reached.wait())
    advancing = asyncio.ensure_future(rig.advance(4))
    await waiting
    await rig.process.die()  # with the call on its way
    await advancing
    rig.before_call = rig.after_call = None
    assert DeliveryState.DELIVERING in await _states(rig, system)
    await rig.restart()
    await rig.advance(12 * MINUTE)
    assert await _states(rig, System.MARKETO) == await _states(rig, System.SALESFORCE) == {DeliveryState.DELIVERED}
    assert sorted(row["leadId"] for row in await rig.rows()) == sorted(person.marketo_id for person in people)
    tasks = await rig.tasks()
    assert sorted(task["WhoId"] for task in tasks) == sorted(p.fields.salesforce_contact_id for p in people)


async def test_a_worker_that_is_told_to_stop_waits_for_the_answer_on_its_way(rig: Any) -> None:
    person = await rig.add_person()
    await rig.process.die()
    rig.finish_seconds = 30.0
    await rig.restart()
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def hold(scope: dict[str, Any]) -> None:
        if scope["path"] == WRITE:
            reached.set()
            await go_on.wait()

    rig.after_call = hold
    logged = await rig.log(rig.send(person))
    advancing = asyncio.ensure_future(rig.advance(3))
    await reached.wait()
    dying = asyncio.ensure_future(rig.process.die())
    go_on.set()
    await dying
    await advancing
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED


async def test_a_result_that_could_not_be_stored_is_found_again(rig: Any, monkeypatch: Any) -> None:
    person = await rig.add_person()
    real_write = rig.database.write
    broken: list[bool] = []

    async def write(work: Any) -> Any:
        if rig.write_calls() == 1 and not broken:
            broken.append(True)
            raise OSError("the disk is full")
        return await real_write(work)

    monkeypatch.setattr(rig.database, "write", write)
    logged = await rig.log(rig.send(person))
    await rig.advance(4 * MINUTE)
    assert broken
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED
    assert len(await rig.rows()) == 1


async def test_a_person_who_is_gone_by_the_time_of_the_look_ends_visibly(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.fault(WRITE, "drop_before")
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    await rig.marketo.delete(person.marketo_id)
    await rig.advance(15 * MINUTE)
    assert await rig.state(logged, System.MARKETO) == (DeliveryState.FAILED, DeliveryReason.PERSON_GONE)


async def test_a_look_that_marketo_does_not_answer_is_put_off(rig: Any) -> None:
    person = await rig.add_person()
    await rig.marketo.fault(WRITE, "commit_then_drop")
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    await rig.marketo.fault("/rest/v1/activities/pagingtoken.json", "drop_before", times=20)
    await rig.advance(3 * MINUTE)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.UNKNOWN
    await rig.marketo.control("DELETE", "faults")
    await rig.advance(5 * MINUTE)
    assert (await rig.state(logged, System.MARKETO))[0] is DeliveryState.DELIVERED
    assert len(await rig.rows()) == 1


async def test_later_activities_of_the_person_wait_for_the_lost_answer(rig: Any) -> None:
    person, other = await rig.add_person(), await rig.add_person()
    await rig.marketo.fault(WRITE, "commit_then_drop")
    first = await rig.log(rig.send(person))
    await rig.advance(3)
    later = await rig.log(rig.content(person, OpenSalesEmail(SalesEmail("1001"))))
    elsewhere = await rig.log(rig.send(other))
    await rig.advance(MINUTE)
    assert (await rig.state(later, System.MARKETO))[0] is DeliveryState.PENDING
    assert (await rig.state(elsewhere, System.MARKETO))[0] is DeliveryState.DELIVERED
    await rig.advance(2 * MINUTE)
    assert (await rig.state(first, System.MARKETO))[0] is DeliveryState.DELIVERED
    assert (await rig.state(later, System.MARKETO))[0] is DeliveryState.DELIVERED


async def _states(rig: Any, system: System) -> set[DeliveryState]:
    page = await rig.process.desk.page("acme", DeliveryFilter(system=system), after=0, count=1000)
    return {delivery.state for delivery in page}
