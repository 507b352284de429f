"""How the sync runs: its own cycle and user, its troubles with Salesforce, reset and snapshots, control calls."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio


async def edit(pair: Any, title: str) -> Any:
    lead = pair.lead()
    await pair.salesforce.update("Lead", lead.salesforce_id, Title=title)
    return lead


async def title(pair: Any, lead: Any) -> str:
    person = await pair.marketo.person("id", lead.marketo_id, "title")
    found: str = person["title"]
    return found


async def test_it_works_as_a_user_of_its_own_and_is_charged(pair: Any) -> None:
    before = pair.simulators.salesforce.journal.counts()["last_seq"]
    await pair.cycle()
    calls = pair.simulators.salesforce.journal.entries(since=before, path="/services/data/*")
    assert calls
    assert {call["user"] for call in calls} == {"marketo.sync@simulator.example"}
    assert pair.sync.status()["salesforce_calls"] == len(calls) + 1, "and one for the token"


async def test_it_costs_marketo_nothing(pair: Any) -> None:
    used = pair.simulators.marketo.limits()["used"]["calls_today"]
    await edit(pair, "Changed")
    await pair.cycle()
    assert pair.simulators.marketo.limits()["used"]["calls_today"] == used


async def test_an_idle_cycle_is_cheap(pair: Any) -> None:
    await pair.cycle()
    assert (await pair.cycle())["salesforce_calls"] == 5


async def test_cycles_come_by_themselves_every_five_minutes(pair: Any) -> None:
    running = asyncio.create_task(pair.sync.run_forever())
    await asyncio.sleep(0)
    lead = await edit(pair, "Changed")
    await pair.clock.advance(timedelta(seconds=299))
    assert await title(pair, lead) == lead.title
    await pair.clock.advance(timedelta(seconds=1))
    assert await title(pair, lead) == "Changed"
    await pair.clock.advance(timedelta(minutes=50))
    status = pair.sync.status()
    assert status["cycles"] == {"ok": 11, "failed": 0}
    assert status["next_cycle_at"] - pair.clock.now() == timedelta(minutes=5)
    running.cancel()


async def test_an_expired_session_is_renewed_within_the_cycle(pair: Any) -> None:
    await pair.cycle()
    await pair.salesforce.control("tokens/expire", {"user": "marketo.sync@simulator.example"})
    lead = await edit(pair, "Changed")
    await pair.cycle()
    assert await title(pair, lead) == "Changed"
    assert pair.sync.status()["token_refreshes"] == 1


async def test_a_session_that_is_always_refused_ends_the_cycle(pair: Any) -> None:
    await pair.cycle()
    await pair.salesforce.control(
        "faults",
        {
            "match": {"path": "/services/data/*"},
            "action": "error",
            "error": {"code": "INVALID_SESSION_ID", "http_status": 401},
            "times": 2,
        },
    )
    outcome = await pair.sync.run_once()
    assert outcome["ok"] is False
    assert outcome["error"]["code"] == "INVALID_SESSION_ID"
    assert (await pair.cycle())["ok"] is True


async def test_at_the_limit_it_waits_for_the_next_cycle(limited_pair: Any) -> None:
    pair = limited_pair
    await pair.cycle()
    lead = await edit(pair, "Changed")
    await pair.salesforce.control("limits", {"daily_used": 10**9})
    await pair.clock.advance(timedelta(seconds=60))
    outcome = await pair.sync.run_once()
    assert outcome["error"]["code"] == "REQUEST_LIMIT_EXCEEDED"
    await pair.salesforce.control("limits", {"daily_used": 0})
    await pair.cycle()
    assert await title(pair, lead) == "Changed"
    status = pair.sync.status()
    assert status["cycles"]["failed"] == 1
    assert status["errors"] == {"REQUEST_LIMIT_EXCEEDED": 1}
    assert status["last_error"]["code"] == "REQUEST_LIMIT_EXCEEDED"


@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("action", ["drop_before", "error"])
async def test_whichever_call_fails_the_next_cycle_makes_up_for_it(pair: Any, nth: int, action: str) -> None:
    await pair.cycle()
    lead = await edit(pair, "Changed")
    contact = pair.contact()
    await pair.salesforce.update("Account", contact.account_id, Name="Renamed")
    fault: dict[str, Any] = {"match": {"path": "/services/data/v60.0/query*", "nth": nth}, "action": action}
    if action == "error":
        fault["error"] = {"code": "SERVER_UNAVAILABLE", "message": "down", "http_status": 503}
    await pair.salesforce.control("faults", fault)
    await pair.clock.advance(timedelta(seconds=60))
    outcome = await pair.sync.run_once()
    assert outcome["ok"] is False
    await pair.cycle()
    assert await title(pair, lead) == "Changed"
    assert (await pair.marketo.person("id", contact.marketo_id))["company"] == "Renamed"
    activities = [one for one in await pair.marketo.activities() if one[1] == lead.marketo_id]
    assert activities == [(13, lead.marketo_id, "Job Title")], "once, however often it was read"


async def test_a_delayed_answer_is_waited_for_in_simulator_time(pair: Any) -> None:
    await pair.cycle()
    lead = await edit(pair, "Changed")
    await pair.salesforce.control(
        "faults", {"match": {"path": "/services/data/v60.0/queryAll"}, "action": "delay", "seconds": 20}
    )
    running = asyncio.create_task(pair.sync.run_once())
    await pair.clock.advance(timedelta(seconds=30))
    assert (await running)["ok"] is True
    assert await title(pair, lead) == "Changed"


async def test_two_runs_at_once_follow_each_other(pair: Any) -> None:
    await edit(pair, "Changed")
    await pair.clock.advance(timedelta(seconds=2))
    first, second = await asyncio.gather(pair.sync.run_once(), pair.sync.run_once())
    assert (first.get("updated"), second.get("updated")) == (1, None)


async def test_the_control_plane_runs_a_cycle_and_shows_how_it_stands(pair: Any) -> None:
    lead = await edit(pair, "Changed")
    await pair.clock.advance(timedelta(seconds=2))
    outcome = await pair.marketo.control("POST", "native-sync/run")
    assert outcome["updated"] == 1
    assert await title(pair, lead) == "Changed"
    status = await pair.marketo.control("GET", "native-sync")
    assert status["interval_seconds"] == 300
    assert status["cycles"] == {"ok": 1, "failed": 0}
    assert status["totals"]["updated"] == 1
    assert status["last_cycle"] == outcome
    assert set(status["watermarks"]) == {"Lead", "Contact", "Account", "Opportunity", "OpportunityContactRole"}


async def test_after_a_reset_of_marketo_everything_that_changed_is_read_again(pair: Any) -> None:
    lead = await edit(pair, "Changed")
    await pair.cycle()
    await pair.marketo.control("POST", "reset")
    pair.marketo._headers = {}
    assert await title(pair, lead) == lead.title
    await pair.cycle()
    assert await title(pair, lead) == "Changed"


async def test_a_reset_in_the_middle_of_a_cycle_does_not_lose_what_was_read_before(pair: Any) -> None:
    early = await edit(pair, "Early")
    await pair.cycle()
    late = pair.contact()
    await pair.salesforce.update("Contact", late.salesforce_id, Title="Late")
    await pair.salesforce.control(
        "faults", {"match": {"path": "/services/data/v60.0/query*", "nth": 3}, "action": "delay", "seconds": 20}
    )
    await pair.clock.advance(timedelta(seconds=60))
    running = asyncio.create_task(pair.sync.run_once())
    await pair.clock.advance(timedelta(seconds=5))
    assert not running.done()
    await pair.marketo.control("POST", "reset")
    pair.marketo._headers = {}
    await pair.clock.advance(timedelta(seconds=60))
    assert (await running)["error"]["code"] == "STATE_REPLACED"
    await pair.cycle()
    assert await title(pair, early) == "Early"
    assert await title(pair, late) == "Late"


async def test_a_snapshot_brings_back_where_the_sync_stood(pair: Any) -> None:
    lead = await edit(pair, "Changed")
    await pair.marketo.write(pair.contact().marketo_id, unsubscribed=True)
    snapshot = await pair.marketo.control("POST", "snapshot")
    for _ in range(3):
        outcome = await pair.cycle()
    assert outcome["records_read"] == 0
    await pair.marketo.control("POST", "restore", {"id": snapshot["id"]})
    assert await title(pair, lead) == lead.title
    outcome = await pair.cycle()
    assert outcome["opt_outs_pushed"] == 0, "Salesforce has it already"
    assert await title(pair, lead) == "Changed"
    contact = await pair.salesforce.read("Contact", pair.contact().salesforce_id)
    assert contact["HasOptedOutOfEmail"] is True


async def test_a_wrong_secret_is_told(pair: Any) -> None:
    pair.sync._api._client_secret = "wrong"
    outcome = await pair.sync.run_once()
    assert outcome["ok"] is False
    assert outcome["error"]["code"] == "invalid_client"
    assert "wrong" not in str(pair.sync.status())
