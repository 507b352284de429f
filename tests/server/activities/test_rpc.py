"""ActivityLog as its callers see it."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as pb
from actionsync.v1 import common_pb2, error_reason_pb2
from actionsync_server.model.directory import Actor, Role
from actionsync_server.model.errors import InvalidInput, NotFound
from actionsync_server.rpc.activity_log import ActivityLogService
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.convert_activities import content
from actionsync_server.rpc.validation import violations
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

pytestmark = pytest.mark.asyncio

CALL = Call(Actor("admin-1", "acme", Role.ADMIN))
TEMPLATE = pb.SalesTemplate(template_id="77", name="First contact", url="https://web.example/t/77")
CAMPAIGN = pb.SalesCampaign(sales_campaign_id="12", name="Spring", url="https://web.example/c/12", day=2, step=3)
EMAIL = pb.SalesEmail(
    email_id="1001", subject="Hello", template=TEMPLATE, sales_campaign=CAMPAIGN, url="https://web.example/m/1001"
)
DETAILS: dict[str, Any] = {
    "send_sales_email": pb.SendSalesEmail(email=EMAIL, body="How are you?"),
    "open_sales_email": pb.OpenSalesEmail(email=pb.SalesEmail(email_id="1001")),
    "click_sales_email": pb.ClickSalesEmail(email=EMAIL, link="https://example.com"),
    "replied_to_sales_email": pb.RepliedToSalesEmail(email=EMAIL, body="Yes"),
    "sales_email_bounced": pb.SalesEmailBounced(email=EMAIL, address="a@b.example", details="550", hard=True),
    "received_sales_call": pb.ReceivedSalesCall(
        call_status=pb.ReceivedSalesCall.CALL_STATUS_NO_ANSWER,
        outcome="o",
        reason="r",
        duration=Duration(seconds=65),
        phone_number="1",
        answered_by="a",
        recording_url="https://web.example/r",
        notes="n",
        local_presence_id="l",
        task_name="t",
        sales_campaign=CAMPAIGN,
    ),
    "add_to_sales_campaign": pb.AddToSalesCampaign(sales_campaign=CAMPAIGN),
    "removed_from_sales_campaign": pb.RemovedFromSalesCampaign(sales_campaign=CAMPAIGN),
}


def activity(person_id: str, name: str = "send_sales_email", *, key: str = "k-1", **more: Any) -> pb.ActivityContent:
    return pb.ActivityContent(
        idempotency_key=key,
        person_id=person_id,
        user_id="seller-1",
        activity_time=Timestamp(seconds=1_772_463_600, nanos=123_456_000),
        **{name: DETAILS[name]},
        **more,
    )


@pytest_asyncio.fixture
async def edge(open_rig: Any) -> tuple[Any, ActivityLogService]:
    """The handlers over a connected rig whose workers stand still."""
    rig = await open_rig(work=False)
    return rig, ActivityLogService(rig.process.activities, rig.process.desk, rig.process.grid)


@pytest.mark.parametrize("name", list(DETAILS))
async def test_every_kind_comes_back_as_it_was_told(edge: Any, name: str) -> None:
    rig, service = edge
    person = await rig.add_person()
    told = activity(person.person_id, name, send_permit="c-1")
    assert violations(told) == []
    logged = await service.log_activity(pb.LogActivityRequest(content=told), CALL)
    assert logged.activity.content == told
    assert not logged.already_logged
    kind = pb.ActivityType.Name(logged.activity.type)
    assert kind == f"ACTIVITY_TYPE_{name.upper()}"
    request = pb.GetActivityRequest(activity_id=logged.activity.activity_id)
    assert (await service.get_activity(request, CALL)).activity == logged.activity
    again = await service.log_activity(pb.LogActivityRequest(content=told), CALL)
    assert again.already_logged
    assert again.activity == logged.activity


async def test_a_batch_answers_item_by_item(edge: Any) -> None:
    rig, service = edge
    person = await rig.add_person()
    good, later = activity(person.person_id), activity(person.person_id, "open_sales_email", key="k-2")
    malformed = activity(person.person_id, key="k-3")
    malformed.send_sales_email.email.email_id = "not digits"
    nobody = activity("p-nobody", key="k-4")
    reused = activity(person.person_id, "click_sales_email")
    request = pb.BatchLogActivitiesRequest(contents=[good, malformed, later, nobody, reused])
    results = (await service.batch_log_activities(request, CALL)).results
    assert [one.WhichOneof("outcome") for one in results] == ["logged", "error", "logged", "error", "error"]
    errors = [one.error for one in results if one.WhichOneof("outcome") == "error"]
    assert [error_reason_pb2.ErrorReason.Name(error.reason) for error in errors] == [
        "ERROR_REASON_INVALID_FIELD",
        "ERROR_REASON_RESOURCE_NOT_FOUND",
        "ERROR_REASON_IDEMPOTENCY_KEY_REUSED",
    ]
    assert [error.code for error in errors] == [3, 5, 6]
    assert errors[0].violations[0].field == "contents[1].send_sales_email.email.email_id"
    assert results[2].logged.activity.content == later


async def test_one_refused_activity_fails_the_call(edge: Any) -> None:
    _, service = edge
    with pytest.raises(NotFound):
        await service.log_activity(pb.LogActivityRequest(content=activity("p-nobody")), CALL)
    with pytest.raises(NotFound):
        await service.get_activity(pb.GetActivityRequest(activity_id="a-nothing"), CALL)


async def test_pages_of_activities(edge: Any) -> None:
    rig, service = edge
    person = await rig.add_person()
    contents = [activity(person.person_id, key=f"k-{place}") for place in range(5)]
    await service.batch_log_activities(pb.BatchLogActivitiesRequest(contents=contents), CALL)
    keys: list[str] = []
    request = pb.ListActivitiesRequest(page_size=2, order=pb.ListActivitiesRequest.ORDER_ACTIVITY_TIME)
    while True:
        page = await service.list_activities(request, CALL)
        keys += [one.content.idempotency_key for one in page.activities]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert keys == [f"k-{place}" for place in range(5)]
    request.person_ids.append(person.person_id)
    with pytest.raises(InvalidInput):
        await service.list_activities(request, CALL)  # another listing's token
    empty = pb.ListActivitiesRequest(end_time=contents[0].activity_time)
    assert not (await service.list_activities(empty, CALL)).activities


async def test_scenario_18_the_catalogue(edge: Any) -> None:
    _, service = edge
    every = (await service.list_activity_types(pb.ListActivityTypesRequest(), CALL)).types
    assert len(every) == 8
    assert all(one.marketo_type_id >= 100_001 for one in every)
    assert [sum(attribute.primary for attribute in one.attributes) for one in every] == [1] * 8
    names = ("Sales Call Received", "received sales call", "Receive Sales Call")
    found = [(await service.list_activity_types(pb.ListActivityTypesRequest(name=name), CALL)).types for name in names]
    assert [list(types) for types in found] == [[every[5]]] * 3
    with pytest.raises(NotFound):
        await service.list_activity_types(pb.ListActivityTypesRequest(name="Fax Sent"), CALL)


async def test_the_desk(edge: Any) -> None:
    rig, service = edge
    person = await rig.add_person()
    await rig.marketo.delete(person.marketo_id)
    logged = await service.log_activity(pb.LogActivityRequest(content=activity(person.person_id)), CALL)
    marketo = logged.activity.deliveries[0]
    assert marketo.system == common_pb2.SYSTEM_MARKETO
    assert marketo.next_attempt_time == logged.activity.create_time
    rig.process.work()
    await rig.advance(3)
    failed = common_pb2.DELIVERY_STATE_FAILED
    listed = await service.list_deliveries(pb.ListDeliveriesRequest(states=[failed]), CALL)
    assert [one.delivery_id for one in listed.deliveries] == [marketo.delivery_id]
    assert not listed.deliveries[0].attempts
    request = pb.GetDeliveryRequest(delivery_id=marketo.delivery_id)
    found = (await service.get_delivery(request, CALL)).delivery
    assert found.reason == common_pb2.DELIVERY_REASON_PERSON_GONE
    assert found.last_error.code == "1004"
    assert found.last_error.meaning
    assert found.activity_id == logged.activity.activity_id
    assert [attempt.outcome for attempt in found.attempts] == [failed]
    assert not found.HasField("next_attempt_time")
    ids = [marketo.delivery_id, "d-nobody"]
    retried = await service.retry_deliveries(pb.RetryDeliveriesRequest(delivery_ids=ids), CALL)
    assert retried.results[0].delivery.state == common_pb2.DELIVERY_STATE_PENDING
    assert retried.results[1].error.code == 5
    await rig.advance(3)
    wanted = pb.DiscardDeliveriesRequest(delivery_ids=ids[:1], reason="gone for good")
    discarded = await service.discard_deliveries(wanted, CALL)
    assert discarded.results[0].delivery.state == common_pb2.DELIVERY_STATE_DISCARDED
    assert "gone for good" in discarded.results[0].delivery.warnings[-1]
    with pytest.raises(InvalidInput):
        await service.discard_deliveries(pb.DiscardDeliveriesRequest(delivery_ids=ids, reason="  "), CALL)
    with pytest.raises(NotFound):
        await service.get_delivery(pb.GetDeliveryRequest(delivery_id="d-nobody"), CALL)


async def test_pages_of_deliveries(edge: Any) -> None:
    rig, service = edge
    person = await rig.add_person()
    contents = [activity(person.person_id, key=f"k-{place}") for place in range(3)]
    await service.batch_log_activities(pb.BatchLogActivitiesRequest(contents=contents), CALL)
    request = pb.ListDeliveriesRequest(page_size=4, person_id=person.person_id)
    first = await service.list_deliveries(request, CALL)
    request.page_token = first.next_page_token
    second = await service.list_deliveries(request, CALL)
    ids = [one.delivery_id for one in (*first.deliveries, *second.deliveries)]
    assert (len(first.deliveries), len(second.deliveries), second.next_page_token) == (4, 2, "")
    assert len(set(ids)) == 6


async def test_a_call_without_a_duration_stays_without() -> None:
    message = pb.ActivityContent(
        received_sales_call=pb.ReceivedSalesCall(call_status=pb.ReceivedSalesCall.CALL_STATUS_FAILED)
    )
    assert getattr(content(message).detail, "duration") is None  # noqa: B009
    message.received_sales_call.duration.SetInParent()
    assert getattr(content(message).detail, "duration") == 0  # noqa: B009
