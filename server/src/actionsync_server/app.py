"""The one place that wires: clock, randomness, keys, store, systems, flows, workers, services, server.

    async with App(config) as app:      the process serves; app.address says where
        ...                             left: health, watches, calls, workers, HTTP, store, in this order

Tests run it in their own process, with a virtual clock and in-memory connections to the simulators.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
import grpc
import structlog

from actionsync_server.clock import HOUR, Clock, Micros, SystemClock
from actionsync_server.config import Config, ConfigError, split_address
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.check import CheckFlow
from actionsync_server.flows.connections import ConnectionRegistry, ConnectionsFlow
from actionsync_server.flows.directory import DirectoryFlow
from actionsync_server.flows.marketo_answers import MarketoAnswers
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.unsubscribes import UnsubscribesFlow
from actionsync_server.keys import secrets_key
from actionsync_server.model.directory import Actor
from actionsync_server.model.ids import Ids
from actionsync_server.rpc.auth import Authenticator, TokenKey
from actionsync_server.rpc.concerns.admission import Crowding
from actionsync_server.rpc.concerns.observation import Observation
from actionsync_server.rpc.connections import ConnectionsService
from actionsync_server.rpc.directory import DirectoryService
from actionsync_server.rpc.grpc_server import GrpcServer
from actionsync_server.rpc.metrics_page import metrics_page
from actionsync_server.rpc.requests import Requests
from actionsync_server.rpc.stack import Stack, concerns, handlers_of
from actionsync_server.rpc.sync_settings import SyncSettingsService
from actionsync_server.rpc.unsubscribe_check import UnsubscribeCheckService
from actionsync_server.store.database import Database
from actionsync_server.store.directory import Instances
from actionsync_server.store.migrations import migrate
from actionsync_server.store.secrets import SecretBox
from actionsync_server.supervision import Workers
from actionsync_server.systems.clients import SystemClients
from actionsync_server.telemetry import Metrics

log = structlog.get_logger(__name__)

STORE_FILE = "actionsync.sqlite"
LOCK_FILE = "lock"


class App:
    """The whole server in one object. Without arguments it is the real thing: machine's clock, system's randomness."""

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock | None = None,
        connector: aiohttp.BaseConnector | None = None,
        seed: int | None = None,
    ) -> None:
        self.config = config
        self.clock: Clock = clock if clock is not None else SystemClock()
        self.metrics = Metrics()
        self.address = ""  # host:port of the gRPC server, once it listens
        self.metrics_address = ""
        self._connector = connector
        self._seed = seed
        self._stopping = asyncio.Event()
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start everything; health says SERVING when this returns. Raises ConfigError or OSError."""
        async with AsyncExitStack() as opened:
            await self._start(opened)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop everything, last started first."""
        await self._opened.aclose()
        log.info("stopped")

    def token(self, actor: Actor, *, valid_for: Micros = HOUR) -> str:
        """Return a token for an actor, as the `token` command does."""
        return TokenKey.in_folder(self.config.data).issue(actor, now=self.clock.now(), valid_for=valid_for)

    async def _start(self, opened: AsyncExitStack) -> None:
        config = self.config
        _lock(config.data, opened)
        path = config.data / STORE_FILE
        await asyncio.to_thread(migrate, path)
        self.database = await Database.open(path)
        opened.push_async_callback(self.database.close)
        # No cookies: what one customer's system sets must not reach another's.
        session = aiohttp.ClientSession(connector=self._connector, cookie_jar=aiohttp.DummyCookieJar())
        await opened.enter_async_context(session)
        self._wire_flows(session)
        workers = Workers(self.clock, self.metrics)
        opened.push_async_callback(workers.stop, config.grace)
        server = GrpcServer(self._stack(), stopping=self._stopping, with_reflection=config.reflection)
        host, _ = split_address(config.listen)
        port = await server.start(config.listen, self._credentials())
        opened.push_async_callback(server.stop, drain=config.drain, grace=config.grace)
        self.address = _joined(host, port)
        if config.metrics:
            metrics_host, metrics_port = split_address(config.metrics)
            bound = await opened.enter_async_context(metrics_page(self.metrics, metrics_host, metrics_port))
            self.metrics_address = _joined(metrics_host, bound)
        server.ready()
        log.info("serving", address=self.address)

    def _wire_flows(self, session: aiohttp.ClientSession) -> None:
        database, clock, config = self.database, self.clock, self.config
        try:
            box = SecretBox(secrets_key(config.data, config.secret_key.get_secret_value()))
        except ValueError as error:
            raise ConfigError(f"secret_key: {error}") from error
        clients = SystemClients(session, clock, self._random("systems"), allow_plain_http=config.allow_plain_http)
        self.ids = Ids(clock, self._random("ids"))
        self.settings = SettingsFlow(database, clock, self.ids)
        self.alerts = AlertsFlow(database, clock)
        self.directory = DirectoryFlow(database, clock)
        self.registry = ConnectionRegistry(database, clients=clients, settings=self.settings, box=box)
        self.connections = ConnectionsFlow(
            database,
            clock,
            registry=self.registry,
            settings=self.settings,
            box=box,
            allow_plain_http=config.allow_plain_http,
        )
        self.unsubscribes = UnsubscribesFlow(database, clock, self.ids)
        answers = MarketoAnswers(clock, registry=self.registry, alerts=self.alerts)
        self.check = CheckFlow(database, clock, ids=self.ids, settings=self.settings, answers=answers)

    def _stack(self) -> Stack:
        config, clock = self.config, self.clock
        handlers = handlers_of(
            [
                DirectoryService(self.directory, self.settings, clock),
                SyncSettingsService(self.settings),
                ConnectionsService(self.connections),
                UnsubscribeCheckService(self.check, self.unsubscribes),
            ]
        )
        around = concerns(
            observation=Observation(self.metrics, Ids(clock, self._random("requests"))),
            clock=clock,
            stopping=self._stopping,
            authenticator=Authenticator(TokenKey.in_folder(config.data), clock, self._instance_exists),
            served=handlers,
            crowding=Crowding(most_watches=config.open_watches, most_calls=config.open_calls),
            longest_call=config.longest_call,
        )
        requests = Requests(self.database, clock)
        return Stack(around, handlers, clock=clock, stopping=self._stopping, requests=requests)

    async def _instance_exists(self, instance_id: str) -> bool:
        return await Instances(self.database).get(instance_id) is not None

    def _random(self, stream: str) -> random.Random:
        """Return a random stream of its own for each use, so that one more use changes none of the others."""
        return random.SystemRandom() if self._seed is None else random.Random(f"{self._seed}/{stream}")  # noqa: S311

    def _credentials(self) -> grpc.ServerCredentials | None:
        config = self.config
        if config.tls_cert is None or config.tls_key is None:
            return None
        try:
            pair = (config.tls_key.read_bytes(), config.tls_cert.read_bytes())
            authority = config.tls_client_ca.read_bytes() if config.tls_client_ca is not None else None
        except OSError as error:
            raise ConfigError(f"TLS: {error}") from error
        return grpc.ssl_server_credentials([pair], authority, require_client_auth=authority is not None)


def _lock(folder: Path, opened: AsyncExitStack) -> None:
    """Hold the data folder for this process: two servers on one store would deliver everything twice."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigError(f"data: {error}") from error
    opened.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ConfigError(f"data: another server uses {folder}") from error


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
