"""Connections that break and answers that do not come: F9, F10, P17."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import aiohttp
import pytest
from actionsync_server.model.errors import OutcomeUnknown, SystemBusy
from actionsync_server.systems.clients import MarketoLogin, SystemClients
from actionsync_server.systems.marketo import CustomActivityRow, CustomActivityTypeSpec, CustomAttribute
from aiohttp.test_utils import RawTestServer

pytestmark = pytest.mark.asyncio

ROW = CustomActivityRow(7, 1_772_463_600_000_000, 100001, "Hello", {"actionsActivityId": "a-1"})


async def test_a_read_is_repeated(marketo: Any, stub: Any, finish: Any) -> None:
    stub.drop().drop().result({"total": 9})
    assert await finish(marketo.usage_today()) == 9


async def test_a_write_is_not(marketo: Any, stub: Any) -> None:
    stub.drop()
    with pytest.raises(OutcomeUnknown) as caught:
        await marketo.add_activities([ROW])
    assert caught.value.system_code == "CONNECTION_LOST"
    assert len(stub.seen) == 1


@pytest.mark.parametrize("code", ["604", "500", "502", "503", "504"])
async def test_codes_that_do_not_say_what_happened(marketo: Any, stub: Any, code: str) -> None:
    stub.error(code)
    with pytest.raises(OutcomeUnknown):
        await marketo.add_activities([ROW])
    assert len(stub.seen) == 1


@pytest.mark.parametrize("code", ["606", "608", "611", "615", "713"])
async def test_codes_that_say_that_nothing_happened(marketo: Any, stub: Any, code: str) -> None:
    """The write is not repeated here either, but its caller may."""
    stub.error(code)
    with pytest.raises(SystemBusy):
        await marketo.add_activities([ROW])
    assert len(stub.seen) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_gateway_statuses_do_not_say_what_happened(marketo: Any, stub: Any, status: int) -> None:
    stub.then(b"", status=status, kind="text/html")
    with pytest.raises(OutcomeUnknown):
        await marketo.add_activities([ROW])


async def test_a_break_within_the_body(wired_marketo: Any, stub: Any, finish: Any) -> None:
    stub.then({"success": True, "result": [{"total": 4}]}, cut=10).result({"total": 5})
    assert await finish(wired_marketo.usage_today()) == 5


async def test_a_write_whose_answer_breaks_off(wired_marketo: Any, stub: Any) -> None:
    stub.then({"success": True, "result": [{"marketoGUID": "1", "status": "added"}]}, cut=30)
    with pytest.raises(OutcomeUnknown):
        await wired_marketo.add_activities([ROW])
    assert len(stub.seen) == 1


async def test_a_server_that_keeps_silent(marketo: Any, stub: Any, finish: Any, clock: Any) -> None:
    """The client stops waiting on the clock that it was given."""
    stub.result({"marketoGUID": "1", "status": "added"})
    stub._script[0].seconds = 1_000.0
    began = clock.now()
    with pytest.raises(OutcomeUnknown) as caught:
        await finish(marketo.add_activities([ROW]), step=5)
    assert caught.value.system_code == "TIMEOUT"
    assert 100 <= (clock.now() - began) / 1e6 <= 110


async def test_a_silent_server_is_not_asked_for_ever(marketo: Any, stub: Any, finish: Any, clock: Any) -> None:
    """Reads are repeated, but not once the budget of a minute is over."""
    stub.result({"total": 1})
    stub._script[0].seconds = 1_000.0
    began = clock.now()
    with pytest.raises(SystemBusy):
        await finish(marketo.usage_today(), step=5)
    assert len(stub.seen) == 1
    assert clock.now() - began < 80_000_000


async def test_types_are_created_once(marketo: Any, stub: Any) -> None:
    stub.drop()
    spec = CustomActivityTypeSpec("asX", "X", "X", "X", CustomAttribute("subject", "Subject"))
    for write in (
        marketo.create_custom_activity_type(spec),
        marketo.create_attributes("asX", []),
        marketo.approve("a"),
    ):
        with pytest.raises(OutcomeUnknown):
            await write
    assert len(stub.seen) == 3


async def test_the_row_is_there_although_the_answer_was_lost(systems: Any) -> None:
    """F9: the simulator carries the write out and drops the answer; exactly one copy exists and nobody retried."""
    marketo = systems.marketo
    type_id = await custom_type(marketo)
    lead_id = (await a_lead(systems))["id"]
    row = CustomActivityRow(lead_id, 1_772_463_600_000_000, type_id, "Hello", {"actionsActivityId": "a-1"})
    await systems.fault("marketo", "/rest/v1/activities/external.json", "commit_then_drop")
    with pytest.raises(OutcomeUnknown):
        await marketo.add_activities([row])
    page = await marketo.activities(await marketo.paging_token(1_772_400_000_000_000), [type_id], [lead_id])
    assert [found.attributes["Actions Activity ID"] for found in page.rows] == ["a-1"]


async def test_nothing_is_there_when_the_request_was_lost(systems: Any) -> None:
    marketo = systems.marketo
    type_id = await custom_type(marketo)
    lead_id = (await a_lead(systems))["id"]
    row = CustomActivityRow(lead_id, 1_772_463_600_000_000, type_id, "Hello", {"actionsActivityId": "a-1"})
    await systems.fault("marketo", "/rest/v1/activities/external.json", "drop_before")
    with pytest.raises(OutcomeUnknown):
        await marketo.add_activities([row])
    page = await marketo.activities(await marketo.paging_token(1_772_400_000_000_000), [type_id], [lead_id])
    assert page.rows == []


async def test_a_slow_answer_is_given_up_but_the_job_goes_on(systems: Any, finish: Any, clock: Any) -> None:
    """F10: our time-out is not the job's failure; the row appears later."""
    marketo = systems.marketo
    type_id = await custom_type(marketo)
    lead_id = (await a_lead(systems))["id"]
    row = CustomActivityRow(lead_id, 1_772_463_600_000_000, type_id, "Hello", {"actionsActivityId": "a-1"})
    await systems.fault("marketo", "/rest/v1/activities/external.json", "delay", seconds=200)
    with pytest.raises(OutcomeUnknown):
        await finish(marketo.add_activities([row]), step=5)
    await clock.advance(200)
    page = await marketo.activities(await marketo.paging_token(1_772_400_000_000_000), [type_id], [lead_id])
    assert len(page.rows) == 1


async def test_nothing_left_our_side(clock: Any, finish: Any) -> None:
    """A port where nobody listens: even a write knows that it was not carried out."""
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with aiohttp.ClientSession() as session:
        clients = SystemClients(session, clock, random.Random(1), allow_plain_http=True)
        marketo = clients.marketo(MarketoLogin(f"http://127.0.0.1:{port}", "id", "secret"))
        with pytest.raises(SystemBusy) as caught:
            await finish(marketo.add_activities([ROW]))
        assert "cannot be reached" in caught.value.message
        assert marketo.calls.total == 0


async def test_a_server_that_went_away_charges_nothing(clock: Any, finish: Any, stub: Any) -> None:
    server = RawTestServer(stub.on_the_wire)
    await server.start_server()
    stub.result({"total": 1})
    async with aiohttp.ClientSession() as session:
        clients = SystemClients(session, clock, random.Random(1), allow_plain_http=True)
        marketo = clients.marketo(MarketoLogin(str(server.make_url("/")), "id", "secret"))
        await marketo.usage_today()
        await server.close()
        with pytest.raises(SystemBusy) as caught:
            await finish(marketo.add_activities([ROW]))
        assert "cannot be reached" in caught.value.message
        assert marketo.calls.total == 1


async def a_lead(systems: Any) -> Any:
    known = await systems.marketo.leads("id", list(range(1, 2000)), ["email"])
    return known[0]


async def custom_type(marketo: Any) -> int:
    spec = CustomActivityTypeSpec("asX", "X Mail", "Sends X", "Sent X", CustomAttribute("subject", "Subject"))
    made = await marketo.create_custom_activity_type(spec)
    await marketo.create_attributes("asX", [CustomAttribute("actionsActivityId", "Actions Activity ID")])
    await marketo.approve("asX")
    assert isinstance(made.type_id, int)
    return made.type_id
