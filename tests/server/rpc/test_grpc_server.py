"""The whole edge over a real port: statuses, details, order of the gates, deadlines, watches, stopping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from actionsync.v1.person_sync_pb2 import (
    GetPersonRequest,
    GetPersonResponse,
    ListPersonsRequest,
    ListPersonsResponse,
    Person,
    PersonKey,
    StartInitialSyncRequest,
    WatchInitialSyncRequest,
    WatchInitialSyncResponse,
    WatchPersonsRequest,
)
from actionsync_server.model.directory import Role
from actionsync_server.model.errors import NotFound, QuotaExhausted, System, SystemBusy
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.grpc_server import GrpcServer
from actionsync_server.rpc.methods import METHODS, SERVICES
from actionsync_server.rpc.watch import shutting_down
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

pytestmark = pytest.mark.asyncio

WHICH = GetPersonRequest(key=PersonKey(person_id="p-1"))
SYNC = WatchInitialSyncRequest(initial_sync_id="s-1")


class People:
    """Handlers that do as they are told."""

    service = "actionsync.v1.PersonSync"

    def __init__(self, failure: BaseException | None = None) -> None:
        self.failure = failure
        self.calls: list[Call] = []
        self.entered = asyncio.Event()
        self.left = asyncio.Event()
        self.release = asyncio.Event()
        self.body = ""

    async def get_person(self, request: GetPersonRequest, call: Call) -> GetPersonResponse:
        self.calls.append(call)
        if self.failure is not None:
            raise self.failure
        return GetPersonResponse(person=Person(person_id=request.key.person_id))

    async def list_persons(self, request: ListPersonsRequest, call: Call) -> ListPersonsResponse:
        self.entered.set()
        try:
            await self.release.wait()
        finally:
            self.left.set()
        return ListPersonsResponse()

    async def watch_initial_sync(
        self, request: WatchInitialSyncRequest, call: Call
    ) -> AsyncIterator[WatchInitialSyncResponse]:
        self.calls.append(call)
        self.entered.set()
        try:
            while True:
                response = WatchInitialSyncResponse()
                response.initial_sync.wait_reason = self.body
                yield response
                if not self.body:
                    await call.cancelled.wait()
                    raise shutting_down()
        finally:
            self.left.set()


async def _refusal(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return raised.value


async def test_a_call_reaches_its_handler_with_actor_id_and_deadline(start_edge: Any) -> None:
    people = People()
    edge = await start_edge(people)
    call = edge.stub("PersonSync").GetPerson(WHICH, metadata=edge.metadata(Role.USER, x_request_id="mine-1"), timeout=5)
    assert (await call).person.person_id == "p-1"
    assert dict(await call.trailing_metadata())["x-request-id"] == "mine-1"
    seen = people.calls[0]
    assert (seen.actor.user_id, seen.instance_id, seen.actor.role) == ("u-1", "i-1", Role.USER)
    assert (seen.method, seen.request_id) == ("GetPerson", "mine-1")
    left = seen.seconds_left()
    assert left is not None
    assert 0 < left <= 5


async def test_an_unusable_request_id_is_replaced(start_edge: Any) -> None:
    edge = await start_edge(People())
    call = edge.stub("PersonSync").GetPerson(WHICH, metadata=edge.metadata(x_request_id="no spaces, please"))
    await call
    assert dict(await call.trailing_metadata())["x-request-id"].startswith("r-")


async def test_a_model_error_arrives_with_all_details(start_edge: Any, told: Any) -> None:
    edge = await start_edge(People(SystemBusy(System.MARKETO, "Marketo is busy", system_code="606", retry_after=2.5)))
    error = await _refusal(edge.stub("PersonSync").GetPerson(WHICH, metadata=edge.metadata(x_request_id="r-7")))
    assert (error.code(), error.details()) == (grpc.StatusCode.UNAVAILABLE, "Marketo is busy")
    details = told(error)
    info = details["ErrorInfo"]
    assert (info.reason, info.domain) == ("SYSTEM_UNAVAILABLE", "actionsync")
    assert dict(info.metadata) == {"system": "MARKETO", "code": "606"}
    assert details["RetryInfo"].retry_delay.ToMilliseconds() == 2500
    assert details["RequestInfo"].request_id == "r-7"
    assert dict(error.trailing_metadata())["x-request-id"] == "r-7"


async def test_a_spent_allowance_tells_how_long(start_edge: Any, told: Any) -> None:
    people = People()
    edge = await start_edge(people)
    people.failure = QuotaExhausted(System.MARKETO, "spent", until=edge.clock.now() + 3_600_000_000)
    error = await _refusal(edge.stub("PersonSync").GetPerson(WHICH, metadata=edge.metadata()))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert told(error)["RetryInfo"].retry_delay.seconds == 3600


async def test_a_fault_of_ours_tells_nothing_but_the_request_id(start_edge: Any, told: Any) -> None:
    edge = await start_edge(People(RuntimeError("SELECT secret FROM someone@example.com")))
    error = await _refusal(edge.stub("PersonSync").GetPerson(WHICH, metadata=edge.metadata(x_request_id="r-9")))
    assert error.code() is grpc.StatusCode.INTERNAL
    assert "example.com" not in str(error)
    assert dict(told(error)["ErrorInfo"].metadata) == {"requestId": "r-9"}


async def test_the_gates_stand_in_this_order(start_edge: Any, told: Any) -> None:
    """Token, role, instance, served, limits: each refusal tells nothing of what a later gate would find."""
    edge = await start_edge(People())
    stub = edge.stub("PersonSync")
    malformed = StartInitialSyncRequest(request_id="x" * 65)
    missing = await _refusal(stub.StartInitialSync(malformed))
    assert missing.code() is grpc.StatusCode.UNAUTHENTICATED
    assert dict(told(missing)["ErrorInfo"].metadata) == {"cause": "missing"}
    role = await _refusal(stub.StartInitialSync(malformed, metadata=edge.metadata(Role.USER, instance="nowhere")))
    assert told(role)["ErrorInfo"].reason == "ROLE_NOT_ALLOWED"
    nowhere = await _refusal(stub.StartInitialSync(malformed, metadata=edge.metadata(Role.ADMIN, instance="nowhere")))
    assert nowhere.code() is grpc.StatusCode.PERMISSION_DENIED
    assert told(nowhere)["ErrorInfo"].reason == "INSTANCE_UNKNOWN"
    unserved = await _refusal(stub.StartInitialSync(malformed, metadata=edge.metadata()))
    assert unserved.code() is grpc.StatusCode.UNIMPLEMENTED
    assert told(unserved)["ErrorInfo"].reason == "NOT_YET_SERVED"
    assert dict(told(unserved)["ErrorInfo"].metadata) == {"method": "StartInitialSync"}
    invalid = await _refusal(stub.GetPerson(GetPersonRequest(), metadata=edge.metadata()))
    assert invalid.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert [v.field for v in told(invalid)["BadRequest"].field_violations] == ["key"]


async def test_bytes_that_are_no_request_are_the_callers_fault(start_edge: Any, told: Any) -> None:
    edge = await start_edge(People())
    raw = edge.channel.unary_unary("/actionsync.v1.PersonSync/GetPerson")
    error = await _refusal(raw(b"\xff\xff\xff", metadata=edge.metadata()))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert told(error)["ErrorInfo"].reason == "INVALID_FIELD"


async def test_the_server_sets_a_deadline_where_the_caller_sets_none(start_edge: Any, told: Any) -> None:
    people = People()
    edge = await start_edge(people, longest_call=0.05)
    error = await _refusal(edge.stub("PersonSync").ListPersons(ListPersonsRequest(), metadata=edge.metadata()))
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert told(error)["ErrorInfo"].reason == "DEADLINE"
    assert people.left.is_set()


async def test_a_timeout_inside_the_handler_is_a_fault_of_ours(start_edge: Any, told: Any) -> None:
    edge = await start_edge(People(TimeoutError()))
    error = await _refusal(edge.stub("PersonSync").GetPerson(WHICH, metadata=edge.metadata()))
    assert told(error)["ErrorInfo"].reason == "INTERNAL"


async def test_a_caller_who_leaves_ends_the_handler(start_edge: Any) -> None:
    people = People()
    edge = await start_edge(people)
    call = edge.stub("PersonSync").ListPersons(ListPersonsRequest(), metadata=edge.metadata())
    await people.entered.wait()
    call.cancel()
    await people.left.wait()
    handled = await _handled(edge, "ListPersons", "CANCELLED")
    assert handled == 1


async def test_a_group_of_our_errors_counts_as_its_first(start_edge: Any, told: Any) -> None:
    failure = ExceptionGroup("tasks", [ExceptionGroup("inner", [NotFound("person", "p-1")])])
    edge = await start_edge(People(failure))
    error = await _refusal(edge.stub("PersonSync").GetPerson(WHICH, metadata=edge.metadata()))
    assert told(error)["ErrorInfo"].reason == "RESOURCE_NOT_FOUND"


async def test_watches_are_limited_for_each_caller_and_apart_from_calls(start_edge: Any, told: Any) -> None:
    people = People()
    edge = await start_edge(people, watches=1)
    stub = edge.stub("PersonSync")
    first = stub.WatchInitialSync(SYNC, metadata=edge.metadata())
    await first.read()
    second = stub.WatchInitialSync(SYNC, metadata=edge.metadata())
    error = await _refusal(second.read())
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert dict(told(error)["ErrorInfo"].metadata) == {"limit": "watches", "most": "1"}
    await stub.GetPerson(WHICH, metadata=edge.metadata())
    other = stub.WatchInitialSync(SYNC, metadata=edge.metadata(user="u-2"))
    await other.read()
    people.left.clear()
    first.cancel()
    await people.left.wait()
    assert await _gone(edge, open_streams=1)
    again = stub.WatchInitialSync(SYNC, metadata=edge.metadata())
    await again.read()
    for call in (other, again):
        call.cancel()


async def test_a_stalled_watcher_who_leaves_is_cleaned_up(start_edge: Any) -> None:
    """The handler hangs in a full flow-control window when its caller goes; nothing of it may stay."""
    people = People()
    people.body = "x" * 100_000
    edge = await start_edge(people)
    call = edge.stub("PersonSync").WatchInitialSync(SYNC, metadata=edge.metadata())
    await call.read()
    call.cancel()
    await people.left.wait()
    assert await _gone(edge, open_streams=0)
    assert await _handled(edge, "WatchInitialSync", "CANCELLED") == 1


async def test_stopping_ends_watches_lets_calls_finish_and_refuses_new_ones(start_edge: Any, told: Any) -> None:
    people = People()
    edge = await start_edge(people)
    stub = edge.stub("PersonSync")
    watch = stub.WatchInitialSync(SYNC, metadata=edge.metadata())
    await watch.read()
    people.entered.clear()
    running = stub.ListPersons(ListPersonsRequest(), metadata=edge.metadata())
    await people.entered.wait()
    stop = asyncio.create_task(edge.server.stop(drain=0.0, grace=30.0))
    error = await _refusal(watch.read())
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert told(error)["ErrorInfo"].reason == "SHUTTING_DOWN"
    refused = await _refusal(stub.GetPerson(WHICH, metadata=edge.metadata()))
    assert refused.code() is grpc.StatusCode.UNAVAILABLE
    people.release.set()
    assert await running == ListPersonsResponse()
    await stop  # the grace time is not used up: nothing is open any more


async def test_a_stopping_server_that_still_listens_says_so(start_edge: Any, told: Any) -> None:
    edge = await start_edge(People())
    edge.stopping.set()
    error = await _refusal(edge.stub("PersonSync").GetPerson(WHICH, metadata=edge.metadata()))
    details = told(error)
    assert details["ErrorInfo"].reason == "SHUTTING_DOWN"
    assert details["RetryInfo"].retry_delay.seconds == 1


async def test_health_follows_the_server_and_its_watches_end(start_edge: Any) -> None:
    edge = await start_edge(People())
    health = health_pb2_grpc.HealthStub(edge.channel)
    for name in ("", *SERVICES):
        answer = await health.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    unknown = await _refusal(health.Check(health_pb2.HealthCheckRequest(service="nobody")))
    assert unknown.code() is grpc.StatusCode.NOT_FOUND
    watch = health.Watch(health_pb2.HealthCheckRequest())
    assert (await watch.read()).status == health_pb2.HealthCheckResponse.SERVING
    stop = asyncio.create_task(edge.server.stop(drain=0.0, grace=30.0))
    assert (await watch.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
    assert await watch.read() is grpc.aio.EOF
    await stop


async def test_reflection_lists_the_contract(start_edge: Any) -> None:
    edge = await start_edge(People())
    asked = reflection_pb2.ServerReflectionRequest(list_services="")
    call = reflection_pb2_grpc.ServerReflectionStub(edge.channel).ServerReflectionInfo(iter([asked]))
    answer = await call.read()
    names = {service.name for service in answer.list_services_response.service}
    assert set(SERVICES) | {"grpc.health.v1.Health"} <= names
    call.cancel()


async def test_a_taken_port_is_refused(start_edge: Any) -> None:
    edge = await start_edge(People())
    second = GrpcServer(edge.server._stack, stopping=asyncio.Event())
    with pytest.raises(OSError, match="cannot listen"):
        await second.start(edge.address)
    await second.stop(drain=0.0, grace=0.0)


async def test_every_method_without_a_handler_is_not_yet_served(start_edge: Any, told: Any) -> None:
    edge = await start_edge()
    for method in METHODS.values():
        role = Role.OPERATOR if method.name in ("CreateInstance", "ListInstances") else Role.ADMIN
        kind = edge.channel.unary_stream if method.streams else edge.channel.unary_unary
        call = kind(method.path)(b"", metadata=edge.metadata(role))
        error = await _refusal(call.read() if method.streams else call)
        assert told(error)["ErrorInfo"].reason == "NOT_YET_SERVED", method.path


async def test_metrics_count_what_happened(start_edge: Any) -> None:
    people = People()
    edge = await start_edge(people)
    stub = edge.stub("PersonSync")
    await stub.GetPerson(WHICH, metadata=edge.metadata())
    people.failure = NotFound("person", "p-1")
    await _refusal(stub.GetPerson(WHICH, metadata=edge.metadata()))
    await _refusal(stub.WatchPersons(WatchPersonsRequest(), metadata=edge.metadata()).read())
    text = edge.metrics.text().decode()
    for line in (
        'actionsync_rpc_started_total{method="GetPerson",service="PersonSync"} 2.0',
        'actionsync_rpc_handled_total{code="OK",method="GetPerson",service="PersonSync"} 1.0',
        'actionsync_rpc_handled_total{code="NOT_FOUND",method="GetPerson",service="PersonSync"} 1.0',
        'actionsync_rpc_handled_total{code="UNIMPLEMENTED",method="WatchPersons",service="PersonSync"} 1.0',
        'actionsync_rpc_seconds_count{method="GetPerson",service="PersonSync"} 2.0',
    ):
        assert line in text


async def _handled(edge: Any, method: str, code: str) -> float:
    """How many calls of a method ended with a code, once all streams and tasks have come to rest."""
    for _ in range(50):
        value = edge.metrics.registry.get_sample_value(
            "actionsync_rpc_handled_total", {"service": "PersonSync", "method": method, "code": code}
        )
        if value:
            return float(value)
        await asyncio.sleep(0)
    return 0.0


async def _gone(edge: Any, *, open_streams: int) -> bool:
    labels = {"service": "PersonSync", "method": "WatchInitialSync"}
    for _ in range(50):
        if edge.metrics.registry.get_sample_value("actionsync_rpc_open_streams", labels) == open_streams:
            return True
        await asyncio.sleep(0)
    return False
