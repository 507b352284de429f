"""Serving both simulators: one process, one loop, one clock, two sockets, and Marketo's own sync between them."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
import uvloop

from actionsync_simulators.clock import Clock
from actionsync_simulators.connect_proxy import HEAD_LIMIT, ConnectProxy
from actionsync_simulators.listeners import CannotServe, Listeners
from actionsync_simulators.live_server import LiveServer, address, reachable
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.crm_sync import (
    DEFAULT_INTERVAL_SECONDS,
    NativeSync,
    SalesforceApi,
    connect_native_sync,
)
from actionsync_simulators.relay import Relay
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.events.pubsub.listening import EventBus
from actionsync_simulators.seed.csv_import import CsvFiles, read_world
from actionsync_simulators.seed.org import World, generate
from actionsync_simulators.settings import Settings

if TYPE_CHECKING:
    import aiohttp

    from actionsync_simulators.certificates import Authority

Say = Callable[[str], None]
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Simulators:
    """Both simulators with the same world on the same clock."""

    clock: Clock
    world: World
    marketo: MarketoSimulator
    salesforce: SalesforceSimulator


def build(settings: Settings, *, report: Say, clock: Clock | None = None) -> Simulators:
    """Return both simulators, filled. Raises CsvError for a file that cannot be used.

    `report` gets a line for each row of a file that is left out.
    """
    clock = clock or Clock(start=settings.as_of)
    files = CsvFiles(leads=settings.csv_leads, contacts=settings.csv_contacts, marketo_leads=settings.csv_marketo_leads)
    start = clock.now()
    if files:
        world = read_world(files, seed=settings.seed, start=start, report=report)
    else:
        world = generate(settings.people, seed=settings.seed, start=start)
    marketo = MarketoSimulator(
        clock=clock,
        seed=settings.seed,
        limits=settings.limits,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        munchkin_id=settings.munchkin_id,
        adobe_actions=settings.adobe_actions,
        switches=settings.marketo_switches,
    )
    salesforce = SalesforceSimulator(
        clock=clock,
        seed=settings.seed,
        limits=settings.limits,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        username=settings.salesforce_username,
        password=settings.salesforce_password,
        refresh_token=settings.salesforce_refresh_token,
        world=world,
        switches=settings.salesforce_switches,
    )
    marketo.load(world)
    return Simulators(clock, world, marketo, salesforce)


def native_sync_of(
    simulators: Simulators,
    *,
    open_session: Callable[[], aiohttp.ClientSession],
    salesforce_url: str,
    interval: float = DEFAULT_INTERVAL_SECONDS,
) -> NativeSync:
    """Return Marketo's sync with Salesforce, reachable through Marketo's control plane.

    `open_session` makes its HTTP client, `interval` is in seconds.
    """
    app = simulators.salesforce.sync_app
    api = SalesforceApi(open_session, salesforce_url, client_id=app.client_id, client_secret=app.client_secret)
    return connect_native_sync(simulators.marketo, api, start=simulators.world.start, interval=interval)


def run(settings: Settings, *, announce: Say, report: Say) -> None:
    """Serve until SIGTERM or SIGINT. `announce` gets the ready line, `report` what a person should know.

    Raises CannotServe when an address cannot be used, CsvError for a file that cannot be used.
    """
    for number in SIGNALS:
        signal.signal(number, _stop_before_serving)
    listeners = Listeners.bind(settings)
    # Filling the tables makes no cycles, and what is filled stays: the collector need not look at it again and again.
    gc.disable()
    try:
        authority = _authority(settings) if settings.encrypted else None
        simulators = build(settings, report=report)
        # The databases hold it all now; as Python objects it would take as much memory again.
        empty = replace(simulators.world, people=[], accounts=[], opportunities=[], contact_roles=[])
        simulators = replace(simulators, world=empty)
        gc.collect()
        gc.freeze()
        gc.enable()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(simulators, settings, listeners=listeners, authority=authority, announce=announce))
    except* CannotServe as problems:
        raise problems.exceptions[0] from None
    finally:
        gc.enable()
        listeners.close()


def _authority(settings: Settings) -> Authority:
    """Make the authority of this run and hand out its certificate."""
    from actionsync_simulators.certificates import Authority

    authority = Authority()
    if settings.ca_out is not None:
        try:
            authority.write(settings.ca_out)
        except OSError as problem:
            raise CannotServe(f"cannot write {settings.ca_out}: {problem.strerror or problem}") from None
    return authority


def _stop_before_serving(number: int, frame: object) -> None:
    raise SystemExit(0)


async def _serve(
    simulators: Simulators,
    settings: Settings,
    *,
    listeners: Listeners,
    authority: Authority | None,
    announce: Say,
) -> None:
    addresses = listeners.addresses()
    tls = None if authority is None else authority.server_context(also=[settings.host])
    servers = [
        LiveServer(application, listening, clock=simulators.clock, tls=context)
        for application, listening, context in (
            (simulators.marketo, listeners.marketo, None),
            (simulators.salesforce, listeners.salesforce, None),
            (simulators.marketo, listeners.marketo_tls, tls),
            (simulators.salesforce, listeners.salesforce_tls, tls),
        )
        if listening is not None
    ]
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stopping.set)
    native_sync = native_sync_of(
        simulators,
        open_session=_client_session,
        salesforce_url=f"http://{address(listeners.salesforce)}",
        interval=settings.native_sync_seconds,
    )
    bus = EventBus(simulators.salesforce, authority, names=[settings.host])
    relays = [
        Relay(listening, dial, limit=HEAD_LIMIT)
        for listening, dial in (
            (listeners.pubsub, bus.dial(tls=False)),
            (listeners.pubsub_tls, bus.dial(tls=True)),
            (listeners.proxy, ConnectProxy(listeners.destinations()).dial),
        )
        if listening is not None
    ]
    try:
        async with asyncio.TaskGroup() as group:
            serving = [group.create_task(server.run_until_stopped()) for server in servers]
            syncing = group.create_task(native_sync.run_forever())
            relaying = [group.create_task(relay.run_forever()) for relay in relays]
            for server in servers:
                await server.accepting.wait()
            for listening in (listeners.marketo, listeners.salesforce):
                await _answers(listening)
            announce(_ready_line(settings, addresses))
            await stopping.wait()
            syncing.cancel()
            simulators.salesforce.end_streams()
            for server in servers:
                server.stop()
            await asyncio.wait(serving)
            await bus.stop()
            for task in relaying:
                task.cancel()
    finally:
        await bus.stop()
        await native_sync.close()
        simulators.marketo.close()


def _client_session() -> aiohttp.ClientSession:
    import aiohttp

    return aiohttp.ClientSession()


async def _answers(listening: socket.socket) -> None:
    """Make one call: ready means a call is answered."""
    host, port = reachable(listening)
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"GET /_sim HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        status = await reader.readline()
        await reader.read()
    finally:
        writer.close()
    if b" 200 " not in status:
        raise CannotServe(f"{host}:{port} answers {status.decode('latin-1').strip() or 'nothing'}")


def _ready_line(settings: Settings, addresses: dict[str, str | None]) -> str:
    ready: dict[str, Any] = {
        "marketo": addresses["marketo"],
        "salesforce": addresses["salesforce"],
        "pubsub": addresses["pubsub"],
        "marketo_tls": addresses["marketo_tls"],
        "salesforce_tls": addresses["salesforce_tls"],
        "pubsub_tls": addresses["pubsub_tls"],
        "proxy": addresses["proxy"],
        "ca": settings.ca_out and str(settings.ca_out.absolute()),
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "salesforce_username": settings.salesforce_username,
        "salesforce_password": settings.salesforce_password,
        "salesforce_refresh_token": settings.salesforce_refresh_token,
        "munchkin_id": settings.munchkin_id,
    }
    return orjson.dumps(ready).decode()
