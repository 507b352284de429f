"""kill -9 in the middle of the work: real processes, restarted on the same data, nothing lost and nothing doubled."""

from __future__ import annotations

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from actionsync.v1 import activity_log_pb2, common_pb2, person_sync_pb2
from actionsync_client import Client, connect
from actionsync_server.app import App
from actionsync_server.config import Config
from actionsync_server.model.directory import Actor, Role
from demo.processes import Running, restart_server, start, token
from demo.sample_activities import API_NAMES, all_eight
from demo.service import INSTANCE, Service, set_up
from demo.systems import Marketo, Salesforce
from harness.clock import SharedClock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
PATIENCE_SECONDS = 60
OPEN_STATES = [
    common_pb2.DELIVERY_STATE_PENDING,
    common_pb2.DELIVERY_STATE_DELIVERING,
    common_pb2.DELIVERY_STATE_UNKNOWN,
    common_pb2.DELIVERY_STATE_RETRYING,
    common_pb2.DELIVERY_STATE_WAITING,
]


def control(url: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{url}/_sim/{path}", data=data, timeout=30) as answer:
        return json.load(answer)


def wait_for(what: str, found: Callable[[], Any]) -> Any:
    """Ask until the answer is true; fail after a minute. (The processes run on the machine's clock.)"""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
    raise AssertionError(f"waited in vain for {what}")


@contextmanager
def running_system(people: int, folder: Path) -> Iterator[tuple[Running, Service]]:
    with start(people=people, native_sync_seconds=300, logs=folder, limits="off") as running:
        seller = Salesforce(running.simulators).query(
            "SELECT Id, Email FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Id LIMIT 1"
        )[0]
        service = set_up(running, seller_email=seller["Email"], seller_salesforce_id=seller["Id"])
        yield running, service
        service.close()


def sync_of(service: Service, initial_sync_id: str) -> person_sync_pb2.InitialSync:
    request = person_sync_pb2.GetInitialSyncRequest(initial_sync_id=initial_sync_id)
    return service.persons.GetInitialSync(request).initial_sync


def has_ended(service: Service, initial_sync_id: str) -> bool:
    """Tell whether an initial sync is over, one way or another."""
    going = {person_sync_pb2.INITIAL_SYNC_STATE_RUNNING, person_sync_pb2.INITIAL_SYNC_STATE_WAITING}
    return sync_of(service, initial_sync_id).state not in going


def taken(url: str) -> bool:
    """Tell whether the one fault of a simulator has fallen on a call."""
    return bool(control(url, "faults")["faults"][0]["taken"])


def seen(url: str, path: str) -> bool:
    """Tell whether a simulator has answered a call of this path."""
    return bool(control(url, f"journal?path={path}")["entries"])


def test_scenario_07a_killed_in_mid_initial_sync_it_goes_on_where_it_stood(tmp_path: Path) -> None:
    with running_system(10_000, tmp_path) as (running, service):
        marketo_url = running.simulators["marketo"]
        match = {"method": "GET", "path": "/bulk/v1/leads/export/*/file.json", "nth": 2}
        control(marketo_url, "faults", {"match": match, "action": "delay", "seconds": 60, "times": 1})
        started = service.persons.StartInitialSync(person_sync_pb2.StartInitialSyncRequest()).initial_sync
        wait_for("the second chunk under way", partial(taken, marketo_url))
        assert sync_of(service, started.initial_sync_id).finished_chunk_count >= 1
        service.close()
        running.kill_server()
        restart_server(running)
        service = Service(running.address, token(running.data, role="admin", user="admin-1", instance=INSTANCE))
        wait_for("the end of the sync", partial(has_ended, service, started.initial_sync_id))
        ended = sync_of(service, started.initial_sync_id)
        assert ended.state == person_sync_pb2.INITIAL_SYNC_STATE_SUCCEEDED
        assert ended.processed_count == 10_000
        salesforce = Salesforce(running.simulators)
        owned = salesforce.count("SELECT COUNT() FROM Lead WHERE IsConverted = false AND Owner.Type = 'User'")
        owned += salesforce.count("SELECT COUNT() FROM Contact")
        ids = []
        page_token = ""
        while True:
            page = service.persons.ListPersons(
                person_sync_pb2.ListPersonsRequest(page_size=1000, page_token=page_token)
            )
            ids += [person.marketo_id for person in page.persons]
            page_token = page.next_page_token
            if not page_token:
                break
        assert len(ids) == len(set(ids)) == owned
        entries = control(marketo_url, "journal?limit=1000&path=/bulk/v1/leads/export/*/file.json")["entries"]
        reads = Counter(entry["path"] for entry in entries)
        # The chunk that was finished before the kill is not read again.
        assert reads.most_common()[-1][1] == 1
        assert sum(reads.values()) <= len(reads) + 1
        service.close()


@pytest.mark.asyncio
async def test_killed_in_mid_delivery_everything_arrives_once(tmp_path: Path) -> None:
    with running_system(300, tmp_path) as (running, service):
        started = service.persons.StartInitialSync(person_sync_pb2.StartInitialSyncRequest()).initial_sync
        wait_for("the people", partial(has_ended, service, started.initial_sync_id))
        people = service.persons.ListPersons(person_sync_pb2.ListPersonsRequest(page_size=30)).persons
        urls = (running.simulators["marketo"], running.simulators["salesforce"])
        writes = ("/rest/v1/activities/external.json", "/services/data/*/composite/sobjects/Task/ActionSync_Id__c")
        for url, path in zip(urls, writes, strict=True):
            # Each system takes the rows, slowly: the answer comes to nobody.
            control(url, "faults", {"match": {"path": path}, "action": "delay", "seconds": 2, "times": 1})
        contents = []
        for number, person in enumerate(people):
            eight = all_eight(person.person_id, permit="", now=int(time.time()))
            for content in eight:
                content.idempotency_key = f"{number}-{content.idempotency_key}"
            contents += eight
        answer = service.activities.BatchLogActivities(activity_log_pb2.BatchLogActivitiesRequest(contents=contents))
        activity_ids = [result.logged.activity.activity_id for result in answer.results]
        assert all(activity_ids)
        for url in urls:
            wait_for("a write in flight", partial(taken, url))
        service.close()
        running.kill_server()
        for url, path in zip(urls, writes, strict=True):
            wait_for("the write whose answer reached nobody", partial(seen, url, path))
        await _recover(running)
        marketo = Marketo(running.simulators)
        types = marketo.custom_types()
        rows = marketo.activities([types[name] for name in API_NAMES], "2026-01-01T00:00:00Z")
        in_marketo = Counter(
            one["value"] for row in rows for one in row["attributes"] if one["name"] == "Actions Activity ID"
        )
        assert in_marketo == Counter(activity_ids)
        tasks = Salesforce(running.simulators).query("SELECT ActionSync_Id__c FROM Task WHERE ActionSync_Id__c != null")
        in_salesforce = Counter(task["ActionSync_Id__c"] for task in tasks)
        logged = [activity_ids[place] for place in range(len(activity_ids)) if place % 8 in {0, 3, 5}]
        assert in_salesforce == Counter(logged)


async def _recover(running: Running) -> None:
    """Start the service on what the killed one left, on a virtual clock: its looks come minutes later."""
    clock = SharedClock(start=datetime.now(UTC))
    config = Config(listen="127.0.0.1:0", data=running.data, allow_plain_http=True, grace=2)
    async with App(config, clock=clock, seed=1) as app:
        secret = app.token(Actor("admin-1", INSTANCE, Role.ADMIN))
        async with connect(app.address, secret, deadline=30) as client:
            for _ in range(60):
                await clock.advance(30)
                if not await _still_open(client):
                    return
    raise AssertionError("deliveries are still open after half an hour")


async def _still_open(client: Client) -> bool:
    request = activity_log_pb2.ListDeliveriesRequest(states=OPEN_STATES, page_size=1)
    return bool((await client.activities.ListDeliveries(request)).deliveries)
