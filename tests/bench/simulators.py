"""What the simulators do on one core: `python -m bench.simulators`; with `--million`, how they carry that many people.

The server has a core to itself and the load generator another one (where there are two), so the generator is not
counted. The processor time of the server for each call is measured as well: it holds on a busy machine, too.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
from bench.bulk_tasks import bulk_tasks
from bench.load import calls_in
from bench.machine import machine, show

PEOPLE = 10_000
MILLION = 1_000_000
ROUNDS = 5
SECONDS = 2.0
STARTS = 7
CONNECTIONS = 8
PAGE = 300
SOQL_ROWS = 2_000
SOQL_FLAT = "Id, FirstName, LastName, Email, OwnerId, LastModifiedDate"
SOQL_DEEP = "Id, FirstName, LastName, Email, Company, Title, Phone, OwnerId, Owner.Name, LastModifiedDate"
COMMAND = [sys.executable, "-m", "actionsync_simulators", "serve", "--limits", "off"]
PORTS = ["--marketo-port", "0", "--salesforce-port", "0", "--pubsub-port", "0"]
# As of an installed package: its byte code is there, wherever this was started from.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Served:
    """Running simulators: what they announced, their process, and a token for each."""

    ready: dict[str, Any]
    process: psutil.Process
    marketo_token: str
    salesforce_token: str

    def place(self, name: str) -> tuple[str, int]:
        """Return host and port of "marketo" or "salesforce"."""
        host, _, port = self.ready[name].removeprefix("http://").rpartition(":")
        return host, int(port)

    def request(self, name: str, method: str, path: str, body: bytes = b"") -> bytes:
        """Return the bytes of a call with a token."""
        token = self.marketo_token if name == "marketo" else self.salesforce_token
        head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body

    def ask(self, name: str, path: str) -> Any:
        """Call and return the JSON."""
        token = self.marketo_token if name == "marketo" else self.salesforce_token
        call = urllib.request.Request(self.ready[name] + path, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(call, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def served(people: int, *, cores: list[int] | None = None) -> Iterator[Served]:
    """Start the command and log in to both systems; `cores` are those that it may use."""
    process = subprocess.Popen(
        [*COMMAND, *PORTS, "--people", str(people)], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        known = psutil.Process(process.pid)
        if cores:
            known.cpu_affinity(cores)
        yield Served(ready, known, *(token(ready, system) for system in ("marketo", "salesforce")))
    finally:
        process.terminate()
        process.wait(60)


def token(ready: dict[str, Any], system: str) -> str:
    """Log in."""
    path = "/identity/oauth/token" if system == "marketo" else "/services/oauth2/token"
    form = urllib.parse.urlencode(
        {
            "grant_type": "client_credentials",
            "client_id": ready["client_id"],
            "client_secret": ready["client_secret"],
        }
    ).encode()
    with urllib.request.urlopen(ready[system] + path, form, timeout=60) as answer:
        issued: str = json.load(answer)["access_token"]
    return issued


def start() -> None:
    """Measure from the start of the process to the first answered call of each system."""
    took = []
    for _ in range(STARTS + 1):
        began = time.perf_counter()
        with served(PEOPLE):
            took.append(time.perf_counter() - began)
    # The first one compiled what had changed.
    median, least = statistics.median(took[1:]), min(took[1:])
    show(
        f"process start to first call of both, {PEOPLE:,} people",
        f"{median * 1000:,.0f} ms (least {least * 1000:,.0f})",
    )


def rate(running: Served, name: str, requests: Iterator[bytes], *, what: str) -> None:
    """Measure calls a second and the server's processor time for one."""
    rates, costs = [], []
    for _ in range(ROUNDS):
        before = sum(running.process.cpu_times()[:2])
        count, took = asyncio.run(calls_in(running.place(name), requests, seconds=SECONDS, connections=CONNECTIONS))
        rates.append(count / took)
        costs.append((sum(running.process.cpu_times()[:2]) - before) / count)
    cost = statistics.median(costs)
    show(what, f"{statistics.median(rates):,.0f}/s, {cost * 1e6:,.0f} µs of the server's core each ({1 / cost:,.0f}/s)")


def pause(running: Served, name: str, request: bytes, *, what: str) -> None:
    """Measure how long one caller waits for one answer, and the server's processor time for it."""
    waits, costs = [], []
    for _ in range(ROUNDS):
        before = sum(running.process.cpu_times()[:2])
        count, took = asyncio.run(
            calls_in(running.place(name), itertools.repeat(request), seconds=SECONDS, connections=1)
        )
        waits.append(took / count)
        costs.append((sum(running.process.cpu_times()[:2]) - before) / count)
    median, cost = statistics.median(waits), statistics.median(costs)
    show(what, f"{median * 1000:.1f} ms, {cost * 1000:.1f} ms of the server's core")


def duration(call: Callable[[], Any], *, what: str, times: int = 15) -> None:
    """Measure one call after another."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    show(what, f"{statistics.median(took) * 1000:.1f} ms (least {min(took) * 1000:.1f})")


def calls(running: Served) -> None:
    """Measure the calls of both systems."""
    tried = [",".join(map(str, range(at, at + PAGE))) for at in range(1001, 8_001, PAGE)]
    page_of = "/rest/v1/leads.json?filterType=id&fields=id&filterValues="
    # The ids of the seed have gaps, as in a real subscription.
    ids = [str(lead["id"]) for some in tried for lead in running.ask("marketo", page_of + some)["result"]]
    leads = itertools.cycle([running.request("marketo", "GET", f"/rest/v1/lead/{one}.json") for one in ids[:2_000]])
    rate(running, "marketo", leads, what="Marketo: reads of one lead")
    pages = [
        running.request(
            "marketo", "GET", f"/rest/v1/leads.json?filterType=id&filterValues={','.join(ids[at : at + PAGE])}"
        )
        for at in range(0, len(ids) - PAGE, PAGE)
    ]
    rate(running, "marketo", itertools.cycle(pages), what=f"Marketo: pages of {PAGE} leads")
    base = "/services/data/v60.0"
    query = urllib.parse.quote_plus("SELECT Id FROM Lead LIMIT 2000")
    found = running.ask("salesforce", f"{base}/query?q={query}")["records"]
    rows = [running.request("salesforce", "GET", f"{base}/sobjects/Lead/{one['Id']}") for one in found]
    rate(running, "salesforce", itertools.cycle(rows), what="Salesforce: reads of one row")
    tasks = (
        running.request(
            "salesforce",
            "POST",
            f"{base}/sobjects/Task",
            json.dumps(
                {"WhoId": found[at % len(found)]["Id"], "Subject": f"Call {at}", "Status": "Completed"}
            ).encode(),
        )
        for at in itertools.count()
    )
    rate(running, "salesforce", tasks, what="Salesforce: creates of a task")
    for columns in (SOQL_FLAT, SOQL_DEEP):
        query = urllib.parse.quote_plus(f"SELECT {columns} FROM Lead ORDER BY Id LIMIT {SOQL_ROWS}")
        page = running.request("salesforce", "GET", f"{base}/query?q={query}")
        pause(
            running,
            "salesforce",
            page,
            what=f"Salesforce: SOQL page of {SOQL_ROWS:,} rows, {columns.count(',') + 1} columns",
        )


def bulk(running: Served) -> None:
    """Measure a large bulk job."""
    query = urllib.parse.quote_plus("SELECT Id FROM Lead LIMIT 2000")
    found = running.ask("salesforce", f"/services/data/v60.0/query?q={query}")["records"]
    bulk_tasks(
        running.ready["salesforce"],
        running.salesforce_token,
        [one["Id"] for one in found],
        processor_seconds=lambda: sum(running.process.cpu_times()[:2]),
    )


def resets(running: Served) -> None:
    """Measure the reset of either system, with rows to be thrown away."""
    for name in ("marketo", "salesforce"):
        reset = urllib.request.Request(f"{running.ready[name]}/_sim/reset", method="POST")
        duration(
            lambda reset=reset: urllib.request.urlopen(reset, timeout=60).read(),  # type: ignore[misc]
            what=f"{name.capitalize()}: reset, {PEOPLE:,} people",
        )


def million() -> None:
    """Measure how long a million people take to load, and the largest memory of the process."""
    began = time.perf_counter()
    with served(MILLION) as running:
        took = time.perf_counter() - began
        with open(f"/proc/{running.process.pid}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        now = running.process.memory_info().rss
        show(
            f"{MILLION:,} people in both systems",
            f"{took:.1f} s, peak {peak / 2**20:.2f} GiB, then {now / 2**30:.2f} GiB",
        )


def everything() -> None:
    """Measure all but the million."""
    cores = sorted(os.sched_getaffinity(0))
    show(
        "cores",
        "server and load generator have one each" if len(cores) > 1 else "one core for server and load generator",
    )
    start()
    with served(PEOPLE, cores=cores[:1]) as running:
        os.sched_setaffinity(0, cores[1:] or cores)
        try:
            calls(running)
            bulk(running)
        finally:
            os.sched_setaffinity(0, cores)
        resets(running)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.simulators", description=__doc__)
    parser.add_argument("--million", action="store_true", help="only load a million people: takes minutes and memory")
    given = parser.parse_args()
    print(f"actionsync simulators bench, {machine()}")
    print(f"medians of {ROUNDS} rounds of {SECONDS:g} s with {CONNECTIONS} connections, of {STARTS} starts")
    million() if given.million else everything()
    return 0


if __name__ == "__main__":
    sys.exit(main())
