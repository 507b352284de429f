"""The client against a server that misbehaves on purpose: retries, deadlines, pages, watches, typed errors."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import actionsync_client
import grpc
import pytest
import pytest_asyncio
from actionsync.v1 import person_sync_pb2 as contract
from actionsync.v1.error_reason_pb2 import ErrorReason
from actionsync.v1.person_sync_pb2_grpc import PersonSyncServicer, add_PersonSyncServicer_to_server
from actionsync_client import ActionsyncError, Client, InvalidFieldError, UnreachableError, connect, errors, watching
from actionsync_client.service_config import may_repeat, methods
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

pytestmark = pytest.mark.asyncio


@dataclass
class Moody(PersonSyncServicer):
    """A servicer that answers as its script says; the methods that no test calls are missing."""

    failures: list[grpc.StatusCode] = field(default_factory=list)
    seen: list[object] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    seconds_left: float | None = None
    pages: list[tuple[list[int], str]] = field(default_factory=list)
    streams: list[list[contract.WatchPersonsResponse]] = field(default_factory=list)
    status: status_pb2.Status | None = None

    async def GetPerson(self, request: object, context: Any) -> contract.GetPersonResponse:
        await self._fail_if_due(request, context)
        return contract.GetPersonResponse(person=contract.Person(marketo_id=7))

    async def StartInitialSync(self, request: object, context: Any) -> contract.StartInitialSyncResponse:
        await self._fail_if_due(request, context)
        return contract.StartInitialSyncResponse()

    async def ListPersons(self, request: contract.ListPersonsRequest, context: Any) -> contract.ListPersonsResponse:
        self.seen.append((request.page_token, request.query))
        ids, token = self.pages[len(self.seen) - 1]
        return contract.ListPersonsResponse(
            persons=[contract.Person(marketo_id=number) for number in ids], next_page_token=token
        )

    async def WatchPersons(
        self, request: contract.WatchPersonsRequest, context: Any
    ) -> AsyncIterator[contract.WatchPersonsResponse]:
        self.seen.append(request.resume_token)
        for message in self.streams.pop(0):
            yield message
        await self._fail_if_due(request, context)

    async def _fail_if_due(self, request: object, context: Any) -> None:
        self.seen.append(request)
        self.metadata = {key: str(value) for key, value in context.invocation_metadata() or ()}
        self.seconds_left = context.time_remaining()
        if self.status is not None:
            status = rpc_status.to_status(self.status)
            await context.abort(status.code, status.details, status.trailing_metadata)
        if self.failures:
            await context.abort(self.failures.pop(0), "as scripted")


@pytest_asyncio.fixture
async def moody() -> AsyncIterator[tuple[Moody, Client]]:
    servicer = Moody()  # type: ignore[abstract]  # what no test calls is missing
    server = grpc.aio.server()
    add_PersonSyncServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with connect(f"127.0.0.1:{port}", "secret-token", deadline=5) as client:
        yield servicer, client
    await server.stop(0)


Pair = tuple[Moody, Client]
UNAVAILABLE = grpc.StatusCode.UNAVAILABLE


async def test_a_read_is_retried_while_the_server_is_unavailable(moody: Pair) -> None:
    server, client = moody
    server.failures = [UNAVAILABLE, UNAVAILABLE]
    answer = await client.persons.GetPerson(contract.GetPersonRequest())
    assert answer.person.marketo_id == 7
    assert len(server.seen) == 3


async def test_a_method_with_side_effects_is_never_repeated(moody: Pair) -> None:
    server, client = moody
    server.failures = [UNAVAILABLE]
    with pytest.raises(ActionsyncError) as caught:
        await client.persons.StartInitialSync(contract.StartInitialSyncRequest())
    assert caught.value.code is UNAVAILABLE
    assert len(server.seen) == 1


async def test_other_failures_are_not_retried(moody: Pair) -> None:
    server, client = moody
    server.failures = [grpc.StatusCode.INTERNAL]
    with pytest.raises(ActionsyncError):
        await client.persons.GetPerson(contract.GetPersonRequest())
    assert len(server.seen) == 1


async def test_calls_carry_the_token_and_a_deadline(moody: Pair) -> None:
    server, client = moody
    await client.persons.GetPerson(contract.GetPersonRequest())
    assert server.metadata["authorization"] == "Bearer secret-token"
    assert server.seconds_left is not None
    assert 0 < server.seconds_left < 6  # the wire rounds a deadline up


async def test_pages_are_read_to_the_empty_token_and_the_request_stays_as_it_was(moody: Pair) -> None:
    server, client = moody
    server.pages = [([1, 2], "a"), ([], "b"), ([3], "")]
    request = contract.ListPersonsRequest(query="ann")
    found = [person.marketo_id async for person in client.pages(client.persons.ListPersons, request)]
    assert found == [1, 2, 3]
    assert server.seen == [("", "ann"), ("a", "ann"), ("b", "ann")]
    assert request.page_token == ""


async def test_a_broken_watch_goes_on_at_its_last_token(moody: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "FIRST_PAUSE_SECONDS", 0.0)
    server, client = moody
    server.streams = [
        [contract.WatchPersonsResponse(resume_token="one"), contract.WatchPersonsResponse(resume_token="two")],
        [contract.WatchPersonsResponse(resume_token="three")],
    ]
    server.failures = [UNAVAILABLE]
    request = contract.WatchPersonsRequest()
    tokens = [message.resume_token async for message in client.watch(client.persons.WatchPersons, request)]
    assert tokens == ["one", "two", "three"]
    assert [one for one in server.seen if isinstance(one, str)] == ["", "two"]
    assert request.resume_token == ""


async def test_a_watch_that_cannot_go_on_raises(moody: Pair) -> None:
    server, client = moody
    server.streams = [[]]
    server.failures = [grpc.StatusCode.OUT_OF_RANGE]
    with pytest.raises(ActionsyncError) as caught:
        async for _ in client.watch(client.persons.WatchPersons, contract.WatchPersonsRequest()):
            pass
    assert caught.value.code is grpc.StatusCode.OUT_OF_RANGE


async def test_an_error_carries_everything_that_the_server_told(moody: Pair) -> None:
    server, client = moody
    details = [
        error_details_pb2.ErrorInfo(domain="actionsync", reason="INVALID_FIELD", metadata={"a": "b"}),
        error_details_pb2.BadRequest(
            field_violations=[error_details_pb2.BadRequest.FieldViolation(field="key", description="is required")]
        ),
        error_details_pb2.RetryInfo(retry_delay={"seconds": 2, "nanos": 500_000_000}),
        error_details_pb2.RequestInfo(request_id="r-1"),
    ]
    packed = [AnyMessage() for _ in details]
    for target, detail in zip(packed, details, strict=True):
        target.Pack(detail)
    server.status = status_pb2.Status(code=code_pb2.INVALID_ARGUMENT, message="key: is required", details=packed)
    with pytest.raises(InvalidFieldError) as caught:
        await client.persons.GetPerson(contract.GetPersonRequest())
    error = caught.value
    assert (error.reason, error.metadata, error.request_id, error.retry_after) == (
        "INVALID_FIELD",
        {"a": "b"},
        "r-1",
        2.5,
    )
    assert [(one.field, one.description) for one in error.violations] == [("key", "is required")]


async def test_nobody_there_is_told_apart_from_a_refusal() -> None:
    async with connect("127.0.0.1:1", "x", deadline=2) as client:
        with pytest.raises(UnreachableError):
            await client.persons.StartInitialSync(contract.StartInitialSyncRequest())


async def test_every_reason_of_the_contract_has_its_class() -> None:
    reasons = {value.name.removeprefix("ERROR_REASON_") for value in ErrorReason.DESCRIPTOR.values}
    assert set(errors._CLASSES) == reasons - {"UNSPECIFIED"}
    assert len(set(errors._CLASSES.values())) == len(errors._CLASSES)


async def test_only_what_the_contract_marks_is_retried() -> None:
    repeated = {method.name for method in methods() if may_repeat(method)}
    assert {"GetPerson", "LogActivity", "UpsertUser"} <= repeated
    assert not repeated & {"StartInitialSync", "AuthorizeSend", "CreateInstance", "WatchPersons"}


async def test_the_public_names_are_sorted_and_there() -> None:
    names = actionsync_client.__all__
    assert list(names) == sorted(names)
    public = {
        name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, ActionsyncError)
    }
    assert public <= set(names)
