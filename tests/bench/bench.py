"""`make bench`: what one machine does, in medians, with the machine named. Nothing here is a test or asserts a time.

Everything runs as its own process and is reached over loopback, as in use. Numbers of one run are comparable with one
another; numbers of other machines are not.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import grpc
import psutil
from actionsync.v1 import activity_log_pb2, person_sync_pb2, unsubscribe_check_pb2
from actionsync_client import Client, connect
from bench import simulators
from bench.machine import machine, show
from demo.processes import Running, start, token
from demo.sample_activities import all_eight
from demo.service import INSTANCE, set_up
from demo.systems import Salesforce

REPEATS = 5
SECONDS = 2.0
CALLERS = 32
PEOPLE = (10_000, 200_000)


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
    async with connect(running.address, secret) as client:
        await service(client)


def main() -> int:
    """Measure and print."""
    print(f"actionsync bench, {datetime.now().astimezone():%Y-%m-%d}, {machine()}, grpcio {grpc.__version__}")
    print(f"simulators: medians of {simulators.ROUNDS} rounds, {simulators.STARTS} starts")
    simulators.everything()
    print(f"service: load generator on the same cores; medians of {REPEATS} rounds of {SECONDS:g} s, {CALLERS} callers")
    with tempfile.TemporaryDirectory(prefix="actionsync-bench-") as folder:
        for people in PEOPLE:
            load(people, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
