"""Repeated requests over a real port: the first answer for a day, and never somebody else's."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest
from actionsync.v1.person_sync_pb2 import StartInitialSyncRequest, StartInitialSyncResponse
from actionsync_server.model.errors import NotFound
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.requests import Remember
from actionsync_server.store import changes
from actionsync_server.store.changes import ChangeKind, change_row
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.schema import requests
from actionsync_server.store.statement import Statement
from sqlalchemy import func, select

pytestmark = pytest.mark.asyncio

_COUNT = Statement(select(func.count().label("n")).select_from(requests))


async def _refusal(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return raised.value


async def test_repeated_requests_get_the_first_answer(start_edge: Any, database: Database, told: Any) -> None:
    class Once:
        service = "actionsync.v1.PersonSync"
        runs = 0

        async def start_initial_sync(self, request: StartInitialSyncRequest, call: Call) -> Any:
            async def work() -> StartInitialSyncResponse:
                self.runs += 1
                response = StartInitialSyncResponse()
                response.initial_sync.initial_sync_id = f"s-{self.runs}"
                return response

            return await call.once(request, work)

    once = Once()
    edge = await start_edge(once)
    stub = edge.stub("PersonSync")

    async def start(request_id: str, **fields: Any) -> str:
        request = StartInitialSyncRequest(request_id=request_id, **fields)
        answer = await stub.StartInitialSync(request, metadata=edge.metadata())
        return str(answer.initial_sync.initial_sync_id)

    assert await start("r-1") == "s-1"
    assert await start("r-1") == "s-1"
    together = await asyncio.gather(*(start("r-2") for _ in range(5)))
    assert together == ["s-2"] * 5
    assert [await start(""), await start("")] == ["s-3", "s-4"]
    error = await _refusal(start("r-1", method=1))
    assert error.code() is grpc.StatusCode.ALREADY_EXISTS
    assert dict(told(error)["ErrorInfo"].metadata) == {"requestId": "r-1"}
    other = stub.StartInitialSync(StartInitialSyncRequest(request_id="r-1"), metadata=edge.metadata(instance="i-2"))
    assert (await other).initial_sync.initial_sync_id == "s-5"
    somebody = stub.StartInitialSync(StartInitialSyncRequest(request_id="r-1"), metadata=edge.metadata(user="u-2"))
    assert (await _refusal(somebody)).code() is grpc.StatusCode.ALREADY_EXISTS
    await edge.clock.advance(24 * 3600)
    assert await start("r-1") == "s-6"
    assert int((await database.row(_COUNT))["n"]) == 1  # type: ignore[index]


async def test_work_and_its_answer_are_one_transaction(start_edge: Any, database: Database) -> None:
    class Once:
        service = "actionsync.v1.PersonSync"
        breaks = True

        async def start_initial_sync(self, request: StartInitialSyncRequest, call: Call) -> Any:
            async def work(remember: Remember) -> StartInitialSyncResponse:
                response = StartInitialSyncResponse()

                async def write(transaction: Transaction) -> None:
                    await changes.record(transaction, [change_row("i-1", ChangeKind.PERSON, "p", type=1, at=1)])
                    await remember(transaction, response)
                    if self.breaks:
                        raise NotFound("person", "p")

                await database.write(write)
                return response

            return await call.once_remembered(request, work)

    once = Once()
    edge = await start_edge(once)
    stub = edge.stub("PersonSync")
    request = StartInitialSyncRequest(request_id="r-1")
    error = await _refusal(stub.StartInitialSync(request, metadata=edge.metadata()))
    assert error.code() is grpc.StatusCode.NOT_FOUND
    assert int((await database.row(_COUNT))["n"]) == 0  # type: ignore[index]
    once.breaks = False
    before = database.commit_count
    for _ in range(2):
        await stub.StartInitialSync(request, metadata=edge.metadata())
    assert database.commit_count == before + 1
    assert await changes.latest(database) == 1
