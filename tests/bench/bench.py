"""`make bench`: what one machine does, in medians, with the machine named. Nothing here is a test or asserts a time.

Everything runs as its own process and is reached over loopback, as in use. Numbers of one run are comparable with one
another; numbers of other machines are not.
"""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import grpc
import psutil
from actionsync.v1 import activity_log_pb2, person_sync_pb2, unsubscribe_check_pb2
from actionsync_client import Client, connect
from demo.processes import Running, start, token
from demo.sample_activities import all_eight
from demo.service import INSTANCE, set_up
from demo.systems import Salesforce

REPEATS = 5
SECONDS = 2.0
CALLERS = 32
PEOPLE = (10_000, 200_000)


def show(name: str, value: str) -> None:
    """Print one line of the result."""
    print(f"  {name:<58} {value}", flush=True)


def machine() -> str:
    """Name the machine."""
    cores = os.cpu_count() or 0
    memory = psutil.virtual_memory().total / 2**30
    versions = f"Python {platform.python_version()}, grpcio {grpc.__version__}"
    return f"{platform.machine()}, {cores} cores, {memory:.0f} GiB, {versions}"


async def rate(call: Callable[[], Awaitable[Any]]) -> float:
    """Return calls a second by many callers: the median of some rounds."""
    rates = []
    for _ in range(REPEATS):
        ends = time.perf_counter() + SECONDS

        async def caller(ends: float = ends) -> int:
            count = 0
            while time.perf_counter() < ends:
                await call()
                count += 1
            return count

        began = time.perf_counter()
        done = sum(await asyncio.gather(*(caller() for _ in range(CALLERS))))
        rates.append(done / (time.perf_counter() - began))
    return statistics.median(rates)


async def simulators(running: Running) -> None:
    """Measure simple calls of both simulators."""
    ready = running.simulators
    login = {
        "grant_type": "client_credentials",
        "client_id": ready["client_id"],
        "client_secret": ready["client_secret"],
    }
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CALLERS)) as session:
        for name, url, read in (
            ("Marketo", f"{ready['marketo']}/identity/oauth/token", f"{ready['marketo']}/rest/v1/lead/1001.json"),
            (
                "Salesforce",
                f"{ready['salesforce']}/services/oauth2/token",
                f"{ready['salesforce']}/services/data/v60.0/query?q=SELECT+Id,Email+FROM+Contact+LIMIT+1",
            ),
        ):
            async with session.post(url, data=login) as answer:
                headers = {"Authorization": f"Bearer {(await answer.json())['access_token']}"}

            async def call(read: str = read, headers: dict[str, str] = headers) -> None:
                async with session.get(read, headers=headers) as answer:
                    await answer.read()

            show(f"{name} simulator, one-record reads", f"{await rate(call):,.0f}/s")


async def service(client: Client) -> None:
    """Measure the service's own calls."""
    request = person_sync_pb2.ListPersonsRequest(page_size=100)
    people = (await client.persons.ListPersons(request)).persons
    one = person_sync_pb2.GetPersonRequest(key=person_sync_pb2.PersonKey(person_id=people[0].person_id))
    show("GetPerson", f"{await rate(lambda: client.persons.GetPerson(one)):,.0f}/s")
    check = unsubscribe_check_pb2.CheckUnsubscribeRequest(email=people[0].email)
    check.freshness.stored = True
    show("CheckUnsubscribe, stored", f"{await rate(lambda: client.unsubscribes.CheckUnsubscribe(check)):,.0f}/s")
    logged = 0

    async def log() -> None:
        nonlocal logged
        logged += 1
        content = all_eight(people[logged % len(people)].person_id, permit="", now=int(time.time()))[0]
        content.idempotency_key = f"bench-{logged}"
        await client.activities.LogActivity(activity_log_pb2.LogActivityRequest(content=content))

    show(f"LogActivity, durable, {CALLERS} callers", f"{await rate(log):,.0f}/s")


def load(people: int, folder: Path) -> None:
    """Measure an initial sync and the server's memory during it."""
    began = time.perf_counter()
    with start(people=people, native_sync_seconds=3600, logs=folder, limits="off") as running:
        show(f"{people:,} people: simulators and server ready after", f"{time.perf_counter() - began:.2f} s")
        seller = Salesforce(running.simulators).query("SELECT Id, Email FROM User WHERE IsActive = true LIMIT 1")[0]
        admin = set_up(running, seller_email=seller["Email"], seller_salesforce_id=seller["Id"])
        process = psutil.Process(running.server_pid)
        idle = peak = process.memory_info().rss
        started = admin.persons.StartInitialSync(person_sync_pb2.StartInitialSyncRequest()).initial_sync
        watch = person_sync_pb2.WatchInitialSyncRequest(initial_sync_id=started.initial_sync_id)
        for message in admin.persons.WatchInitialSync(watch, timeout=1200):
            peak = max(peak, process.memory_info().rss)
            sync = message.initial_sync
        took = (sync.end_time.ToDatetime() - sync.start_time.ToDatetime()).total_seconds()
        show(f"{people:,} people: initial sync", f"{took:.1f} s, {sync.processed_count / took:,.0f} people/s")
        show(f"{people:,} people: Marketo calls used", f"{sync.call_count}")
        show(f"{people:,} people: server's memory idle / peak", f"{idle / 2**20:.0f} / {peak / 2**20:.0f} MiB")
        if people == PEOPLE[0]:
            secret = token(running.data, role="admin", user="admin-1", instance=INSTANCE)
            asyncio.run(_calls(running, secret))
        admin.close()


async def _calls(running: Running, secret: str) -> None:
    await simulators(running)
    async with connect(running.address, secret) as client:
        await service(client)


def main() -> int:
    """Measure and print."""
    print(f"actionsync bench, {datetime.now().astimezone():%Y-%m-%d}, {machine()}")
    print(f"load generator on the same cores; medians of {REPEATS} rounds of {SECONDS:g} s with {CALLERS} callers")
    with tempfile.TemporaryDirectory(prefix="actionsync-bench-") as folder:
        for people in PEOPLE:
            load(people, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
