"""Serving both simulators on one loop: their ports, the proxy, the Pub/Sub API and Marketo's own sync between them."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
import uvloop

from actionsync_simulators.building import Simulators, native_sync_of
from actionsync_simulators.connect_proxy import HEAD_LIMIT, ConnectProxy
from actionsync_simulators.listeners import CannotServe, Listeners
from actionsync_simulators.live_server import LiveServer
from actionsync_simulators.relay import Relay
from actionsync_simulators.salesforce.events.pubsub.listening import EventBus
from actionsync_simulators.settings import Settings
from actionsync_simulators.sockets import address, reachable

if TYPE_CHECKING:
    import aiohttp

    from actionsync_simulators.certificates import Authority

Say = Callable[[str], None]
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def serve(simulators: Simulators, settings: Settings, listeners: Listeners, *, announce: Say) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotServe."""
    authority = _authority(settings) if settings.encrypted else None
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(simulators, settings, listeners=listeners, authority=authority, announce=announce))
    except* CannotServe as problems:
        raise problems.exceptions[0] from None


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
