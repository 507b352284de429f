"""What Salesforce may answer to a Task: what becomes of its delivery, who has to act, and how they do."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import person_sync_pb2
from actionsync.v1.common_pb2 import (
    ACTION_OWNER_SALESFORCE_ADMIN,
    ACTION_OWNER_UNSPECIFIED,
    ACTION_OWNER_USER,
    DELIVERY_REASON_LOGIN_INVALID,
    DELIVERY_REASON_REFUSED,
    DELIVERY_REASON_SYSTEM_NOT_PREPARED,
    DELIVERY_REASON_UNSPECIFIED,
    DELIVERY_STATE_DELIVERED,
    DELIVERY_STATE_FAILED,
    DELIVERY_STATE_RETRYING,
    DELIVERY_STATE_WAITING,
    ActionOwner,
)
from harness.salesforce_logging import (
    CALL,
    DELIVERED,
    MINUTE,
    Person,
    come_to_rest,
    delivery,
    log,
    log_send,
    some_contact,
    standing,
    tasks,
    the_task,
)
from harness.world import World

pytestmark = pytest.mark.asyncio

HOUR = 60 * MINUTE
FAILED = (DELIVERY_STATE_FAILED, DELIVERY_REASON_REFUSED)
ADMIN = ACTION_OWNER_SALESFORCE_ADMIN
UPSERT = "*/composite/sobjects/Task/*"


@pytest_asyncio.fixture
async def contact(world: World) -> Person:
    """A contact in Salesforce, after the initial sync; everything is logged."""
    return await some_contact(world)


async def refuse_rows(world: World, code: str, *, times: int = 1, message: str = "an org says no") -> None:
    await world.salesforce.fault("/rows/Task/*", "error", times=times, error={"code": code, "message": message})


async def refuse_calls(world: World, code: str, message: str, status: int, *, times: int = 1) -> None:
    error = {"code": code, "message": message, "http_status": status}
    await world.salesforce.fault(UPSERT, "error", method="PATCH", times=times, error=error)


@pytest.mark.parametrize(
    ("code", "owner"),
    [
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", ADMIN),
        ("FIELD_FILTER_VALIDATION_EXCEPTION", ADMIN),
        ("FIELD_INTEGRITY_EXCEPTION", ADMIN),
        ("REQUIRED_FIELD_MISSING", ADMIN),
        ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", ADMIN),
        ("INSUFFICIENT_ACCESS_OR_READONLY", ADMIN),
        ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", ADMIN),
        ("TXN_SECURITY_NO_ACCESS", ADMIN),
    ],
)
async def test_what_a_person_must_mend_fails_with_the_next_step(
    world: World, contact: Person, code: str, owner: ActionOwner
) -> None:
    await refuse_rows(world, code)
    ended = await come_to_rest(world, await log_send(world, contact))
    assert standing(ended) == FAILED
    assert (ended.last_error.code, ended.last_error.owner) == (code, owner)
    assert ended.last_error.meaning
    assert ended.last_error.next_step
    # Mended, it is tried again at a person's word.
    await world.admin.activities.RetryDeliveries(contract.RetryDeliveriesRequest(delivery_ids=[ended.delivery_id]))
    await world.advance(5)
    assert len(await tasks(world)) == 1


@pytest.mark.parametrize(
    ("code", "times"),
    [("FAILED_WRITE", 2), ("QUERY_TIMEOUT", 2), ("SERVER_UNAVAILABLE", 2), ("UNABLE_TO_LOCK_ROW", 8)],
)
async def test_what_passes_is_repeated(world: World, contact: Person, code: str, times: int) -> None:
    await refuse_rows(world, code, times=times)
    ended = await come_to_rest(world, await log_send(world, contact))
    assert standing(ended) == DELIVERED
    (refused, *_) = ended.attempts
    assert (refused.error.code, refused.error.owner) == (code, ACTION_OWNER_UNSPECIFIED)
    assert len(await tasks(world)) == 1


@pytest.mark.parametrize("code", ["ENTITY_IS_LOCKED", "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"])
async def test_what_lasts_is_repeated_slowly_and_holds_nobody_back(world: World, contact: Person, code: str) -> None:
    await refuse_rows(world, code)
    activity = await log_send(world, contact)
    await world.advance(5)
    locked = await delivery(world, activity)
    assert standing(locked) == (DELIVERY_STATE_RETRYING, DELIVERY_REASON_UNSPECIFIED)
    assert locked.next_attempt_time.seconds - world.clock.now() // 1_000_000 >= HOUR - 5
    later = await log(world, contact, "call", received_sales_call=CALL)
    assert standing(await come_to_rest(world, later)) == DELIVERED
    await world.advance(2 * HOUR)
    assert standing(await delivery(world, activity)) == DELIVERED
    assert len(await tasks(world)) == 2


async def test_a_fault_of_salesforce_is_tried_three_times_and_tells_its_number(world: World, contact: Person) -> None:
    number = "An unexpected error occurred. ErrorId: 1193438413-123 (-1234)"
    await refuse_rows(world, "UNKNOWN_EXCEPTION", times=100, message=number)
    ended = await come_to_rest(world, await log_send(world, contact))
    assert (standing(ended), ended.attempt_count) == (FAILED, 3)
    assert "1193438413" in ended.last_error.message
    assert ended.last_error.owner == ADMIN


async def test_a_fault_of_a_whole_call_is_tried_three_times_too(world: World, contact: Person) -> None:
    await refuse_calls(world, "UNKNOWN_EXCEPTION", "ErrorId: 42", 500, times=10_000)
    ended = await come_to_rest(world, await log_send(world, contact))
    assert (standing(ended), ended.attempt_count) == (FAILED, 3)
    assert ended.last_error.code == "UNKNOWN_EXCEPTION"


@pytest.mark.parametrize(
    ("code", "message", "status", "reason", "owner"),
    [
        pytest.param(
            "API_CURRENTLY_DISABLED",
            "API is disabled for this User",
            403,
            DELIVERY_REASON_SYSTEM_NOT_PREPARED,
            ADMIN,
            id="no API",
        ),
        pytest.param("INACTIVE_USER", "inactive user", 403, DELIVERY_REASON_LOGIN_INVALID, ADMIN, id="inactive user"),
        pytest.param("INACTIVE_ORGANIZATION", "no", 403, DELIVERY_REASON_LOGIN_INVALID, ADMIN, id="inactive org"),
        pytest.param(
            "AUTHENTICATION_FAILURE", "no", 403, DELIVERY_REASON_LOGIN_INVALID, ACTION_OWNER_USER, id="login over"
        ),
        pytest.param("EXPIRED_ACCESS", "no", 403, DELIVERY_REASON_LOGIN_INVALID, ACTION_OWNER_USER, id="expired"),
        pytest.param(
            "INVALID_TYPE",
            "sObject type 'Task' is not supported",
            400,
            DELIVERY_REASON_SYSTEM_NOT_PREPARED,
            ADMIN,
            id="hidden object",
        ),
    ],
)
async def test_a_login_that_is_no_good_pauses_and_loses_nothing(
    world: World, contact: Person, *, code: str, message: str, status: int, reason: Any, owner: ActionOwner
) -> None:
    await refuse_calls(world, code, message, status, times=1)
    activity = await log_send(world, contact)
    waiting = await come_to_rest(world, activity)
    assert standing(waiting) == (DELIVERY_STATE_WAITING, reason)
    assert (waiting.last_error.code, waiting.last_error.owner) == (code, owner)
    assert waiting.last_error.next_step
    await world.advance(16 * MINUTE)  # it finds out by itself that the login is good again
    assert standing(await delivery(world, activity)) == DELIVERED


async def test_a_field_that_is_refused_after_all_is_left_out_and_named_once_a_day(
    world: World, contact: Person
) -> None:
    await come_to_rest(world, await log_send(world, contact))  # from here on it is known what Task looks like
    closed = {"object": "Task", "field": "CallDisposition", "state": "read_only"}
    await world.salesforce.control("POST", "profile", closed)

    async def warned(key: str) -> list[str]:
        ended = await come_to_rest(world, await log(world, contact, key, received_sales_call=CALL))
        assert standing(ended) == DELIVERED
        return [text for text in ended.warnings if "CallDisposition" in text]

    assert len(await warned("first")) == 1
    assert await warned("second") == []
    await world.advance(24 * HOUR)
    assert len(await warned("tomorrow")) == 1


async def test_a_lead_that_was_converted_a_moment_ago_is_followed_to_its_contact(world: World, contact: Person) -> None:
    request = person_sync_pb2.ListPersonsRequest(page_size=1000)
    people = world.user.pages(world.user.persons.ListPersons, request)
    lead = await anext(one async for one in people if one.salesforce_lead_id and not one.salesforce_contact_id)
    converted = await world.salesforce.control(
        "POST", "convert", {"lead": lead.salesforce_lead_id, "create_opportunity": False}
    )
    called = await come_to_rest(world, await log(world, lead, "call", received_sales_call=CALL))
    assert standing(called) == DELIVERED
    assert (await the_task(world))["WhoId"] == converted["contact"]


async def with_opportunity(world: World) -> Person:
    """Return a contact with a role in the opportunity that our copy of the person names."""
    await some_contact(world)
    request = person_sync_pb2.ListPersonsRequest(page_size=1000)
    async for person in world.user.pages(world.user.persons.ListPersons, request):
        if person.salesforce_contact_id and person.salesforce_opportunity_id:
            found: Person = person
            return found
    raise AssertionError("nobody has an opportunity")


async def what_id(world: World) -> Any:
    (row,) = await world.salesforce.query("SELECT WhatId, AccountId FROM Task WHERE ActionSync_Id__c != null")
    return row["WhatId"]


async def test_a_contact_with_a_role_is_logged_to_the_opportunity_too(world: World) -> None:
    person = await with_opportunity(world)
    assert standing(await come_to_rest(world, await log_send(world, person))) == DELIVERED
    assert (await the_task(world))["WhoId"] == person.salesforce_contact_id
    assert await what_id(world) == person.salesforce_opportunity_id


async def test_without_a_right_on_the_opportunity_the_contact_gets_the_task_alone(world: World) -> None:
    person = await with_opportunity(world)
    code = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    told = f"insufficient access rights on cross-reference id: {person.salesforce_opportunity_id[:15]}"
    await refuse_rows(world, code, message=told)
    ended = await come_to_rest(world, await log_send(world, person))
    assert ended.state == DELIVERY_STATE_DELIVERED
    assert [text for text in ended.warnings if "WhatId" in text]
    assert await what_id(world) is None
