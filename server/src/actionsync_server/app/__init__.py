"""The one place that wires: clock, randomness, keys, store, systems, flows, workers, services, server (see wiring).

    async with App(config) as app:      the process serves; app.address says where
        ...                             left: health, watches, calls, workers, HTTP, store, in this order

Tests run it in their own process, with a virtual clock and in-memory connections to the simulators.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import aiohttp
import grpc
import structlog

from actionsync_server.app.data_folder import STORE_FILE, held
from actionsync_server.app.gauges import Gauges, instance_ids
from actionsync_server.app.supervision import Workers
from actionsync_server.app.wiring import Wiring
from actionsync_server.clock import HOUR, Clock, Micros, SystemClock
from actionsync_server.config import Config, ConfigError, split_address
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.keys import NEXT_SECRETS_KEY_FILE, secrets_key, suppressions_key
from actionsync_server.model.directory import Actor
from actionsync_server.model.ids import Ids
from actionsync_server.rpc.auth import Authenticator, TokenKey
from actionsync_server.rpc.concerns.admission import Crowding
from actionsync_server.rpc.concerns.observation import Observation
from actionsync_server.rpc.grpc_server import GrpcServer
from actionsync_server.rpc.metrics_page import metrics_page
from actionsync_server.rpc.requests import Requests
from actionsync_server.rpc.stack import Stack, concerns, handlers_of
from actionsync_server.store.database import Database
from actionsync_server.store.directory import Instances
from actionsync_server.store.migrations import migrate
from actionsync_server.store.secrets import SecretBox
from actionsync_server.telemetry import Metrics

log = structlog.get_logger(__name__)


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
        self.workers = Workers(self.clock, self.metrics)
        self.address = ""  # host:port of the gRPC server, once it listens
        self.metrics_address = ""
        self._connector = connector
        self._seed = seed
        self._stopping = asyncio.Event()
        self._opened = AsyncExitStack()
        self._known_instances: set[str] = set()

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

    @property
    def alerts(self) -> AlertsFlow:
        """What needs a person."""
        return self.wiring.alerts

    async def _start(self, opened: AsyncExitStack) -> None:
        config = self.config
        opened.enter_context(held(config.data))
        path = config.data / STORE_FILE
        await asyncio.to_thread(migrate, path)
        self.database = await Database.open(path)
        opened.push_async_callback(self.database.close)
        # No cookies: what one customer's system sets must not reach another's.
        session = aiohttp.ClientSession(connector=self._connector, cookie_jar=aiohttp.DummyCookieJar())
        await opened.enter_async_context(session)
        self.wiring = self._wire(session)
        opened.push_async_callback(self.workers.stop, config.grace)
        if config.workers:
            await self._start_workers()
        if config.metrics:
            metrics_host, metrics_port = split_address(config.metrics)
            gauges = Gauges(self.database, self.clock, self.metrics, usage=self.wiring.usage.today)
            page = metrics_page(self.metrics, gauges.refresh, host=metrics_host, port=metrics_port)
            bound = await opened.enter_async_context(page)
            self.metrics_address = _joined(metrics_host, bound)
        server = GrpcServer(self._stack(), stopping=self._stopping, with_reflection=config.reflection)
        host, _ = split_address(config.listen)
        port = await server.start(config.listen, self._credentials())
        opened.push_async_callback(server.stop, drain=config.drain, grace=config.grace)
        self.address = _joined(host, port)
        server.ready()
        log.info("serving", address=self.address)

    def _wire(self, session: aiohttp.ClientSession) -> Wiring:
        config = self.config
        if (config.data / NEXT_SECRETS_KEY_FILE).exists():
            raise ConfigError(
                "data: a rotation of the secrets key was cut short; run `actionsync-server rotate-secrets`"
            )
        try:
            box = SecretBox(secrets_key(config.data, config.secret_key.get_secret_value()))
        except ValueError as error:
            raise ConfigError(f"secret_key: {error}") from error
        return Wiring(
            self.database,
            self.clock,
            self._random,
            session=session,
            box=box,
            suppressions_key=suppressions_key(config.data),
            allow_plain_http=config.allow_plain_http,
            metrics=self.metrics,
        )

    async def _start_workers(self) -> None:
        """Start the loops of every instance, and of those that are created later."""
        async for instance_id in instance_ids(self.database):
            self.wiring.start_workers(self.workers, instance_id)
        self.wiring.directory.subscribe(lambda instance_id: self.wiring.start_workers(self.workers, instance_id))

    def _stack(self) -> Stack:
        config, clock = self.config, self.clock
        handlers = handlers_of(self.wiring.services())
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
        # Instances are never removed, so one that was found stays found.
        if instance_id in self._known_instances:
            return True
        if await Instances(self.database).get(instance_id) is None:
            return False
        self._known_instances.add(instance_id)
        return True

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


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
