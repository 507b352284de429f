"""The whole system in one process on one virtual clock: both simulators in memory, the native sync between them, the
service, and callers on a real gRPC channel.

    async with open_world(folder, people=200) as world:
        await world.connect()
        await world.advance(90)              # 90 seconds pass, timer by timer, and everything due in them is done

What a test asks of the service it asks by gRPC; what it asks of Marketo and Salesforce it asks by their own APIs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from actionsync.v1 import connections_pb2, directory_pb2, person_sync_pb2, sync_settings_pb2
from actionsync.v1.common_pb2 import ROLE_USER
from actionsync_client import Client, connect
from actionsync_server.app import App
from actionsync_server.config import Config
from actionsync_server.model.directory import Actor, Role
from actionsync_simulators.building import Simulators, build, native_sync_of
from actionsync_simulators.marketo.crm_sync import NativeSync
from actionsync_simulators.settings import Settings
from aiohttp_asgi_connector import ASGIApplicationConnector
from google.protobuf.field_mask_pb2 import FieldMask

from harness.clock import SharedClock
from harness.systems import MarketoUser, SalesforceUser

MARKETO = "http://127.0.0.1:8081"
SALESFORCE = "http://127.0.0.1:8082"
INSTANCE = "acme"
ADMIN = "admin-1"
SELLER = "seller-1"
SELLER_EMAIL = "seller@example.com"
_MOST_ADVANCES = 600

Scope = MutableMapping[str, Any]


@dataclass
class World:
    """Everything that one test needs. `admin`, `user` and `service` are clients with tokens of these roles."""

    clock: SharedClock
    simulators: Simulators
    native_sync: NativeSync
    app: App
    marketo: MarketoUser
    salesforce: SalesforceUser
    operator: Client
    admin: Client
    user: Client
    service: Client
    config: Config
    seller_salesforce_id: str = ""
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.advance(seconds)

    async def settle(self) -> None:
        """Let everything happen that can happen now."""
        await self.clock.settle()

    async def until(self, done: Callable[[], Awaitable[bool]], *, step: float = 1.0) -> None:
        """Let time pass in steps until it is so; fail after many steps."""
        for _ in range(_MOST_ADVANCES):
            await self.settle()
            if await done():
                return
            await self.advance(step)
        raise AssertionError(f"not so after {_MOST_ADVANCES} steps of {step} s")

    async def connect(self, *, marketo: bool = True, salesforce: bool = True) -> None:
        """Connect the instance to both systems, as its admin."""
        login = self.simulators.marketo
        if marketo:
            await self.admin.connections.ConnectMarketo(
                connections_pb2.ConnectMarketoRequest(
                    munchkin_id=login.munchkin_id,
                    client_id=CLIENT_ID,
                    client_secret=CLIENT_SECRET,
                    base_url=MARKETO,
                )
            )
        if salesforce:
            await self.admin.connections.ConnectSalesforce(
                connections_pb2.ConnectSalesforceRequest(
                    base_url=SALESFORCE, client_id=CLIENT_ID, client_secret=CLIENT_SECRET
                )
            )

    async def add_seller(self, user_id: str = SELLER, *, email: str = SELLER_EMAIL, time_zone: str = "") -> None:
        """Add a seller who is the first active standard user in Salesforce."""
        users = await self.salesforce.query(
            "SELECT Id FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Id LIMIT 1"
        )
        self.seller_salesforce_id = users[0]["Id"]
        await self.admin.directory.UpsertUser(
            directory_pb2.UpsertUserRequest(
                user=directory_pb2.User(
                    user_id=user_id,
                    email=email,
                    salesforce_user_id=self.seller_salesforce_id,
                    role=ROLE_USER,
                    time_zone=time_zone,
                )
            )
        )

    async def set(self, wanted: sync_settings_pb2.Settings, *paths: str) -> None:
        """Change the settings at these paths."""
        await self.admin.settings.UpdateSettings(
            sync_settings_pb2.UpdateSettingsRequest(settings=wanted, update_mask=FieldMask(paths=paths))
        )

    async def sync_people(self) -> person_sync_pb2.InitialSync:
        """Run an initial sync to its end and return it."""
        started = await self.admin.persons.StartInitialSync(person_sync_pb2.StartInitialSyncRequest())
        request = person_sync_pb2.GetInitialSyncRequest(initial_sync_id=started.initial_sync.initial_sync_id)
        ended = {
            person_sync_pb2.INITIAL_SYNC_STATE_SUCCEEDED,
            person_sync_pb2.INITIAL_SYNC_STATE_FAILED,
            person_sync_pb2.INITIAL_SYNC_STATE_CANCELLED,
        }

        async def done() -> bool:
            return (await self.admin.persons.GetInitialSync(request)).initial_sync.state in ended

        await self.until(done)
        return (await self.admin.persons.GetInitialSync(request)).initial_sync


CLIENT_ID = "simulator-client"
CLIENT_SECRET = "simulator-secret"  # the simulators' documented default


@asynccontextmanager
async def open_world(
    folder: Path, *, people: int = 200, limits: str = "off", native_sync_seconds: float = 300.0, workers: bool = True
) -> AsyncIterator[World]:
    """Start everything in memory; stop it in the right order."""
    clock = SharedClock()
    settings = Settings(people=people, limits=limits)  # type: ignore[arg-type]
    simulators = build(settings, report=lambda text: None, clock=clock.simulators)
    async with AsyncExitStack() as opened:
        opened.callback(simulators.marketo.close)

        def session() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(connector=_connector(simulators))

        native_sync = native_sync_of(
            simulators, open_session=session, salesforce_url=SALESFORCE, interval=native_sync_seconds
        )
        running = asyncio.create_task(native_sync.run_forever(), name="native-sync")
        opened.push_async_callback(native_sync.close)
        opened.push_async_callback(_end, running)
        config = Config(listen="127.0.0.1:0", data=folder / "data", allow_plain_http=True, workers=workers, grace=2)
        app = App(config, clock=clock, connector=_connector(simulators), seed=1)
        await opened.enter_async_context(app)
        callers = await opened.enter_async_context(session())
        clients = {}
        for role in Role:
            instance = "" if role is Role.OPERATOR else INSTANCE
            name = {Role.ADMIN: ADMIN, Role.USER: SELLER}.get(role, role.name.lower())
            token = app.token(Actor(name, instance, role), valid_for=365 * 86_400_000_000)
            clients[role] = await opened.enter_async_context(connect(app.address, token, deadline=30))
        await clients[Role.OPERATOR].directory.CreateInstance(directory_pb2.CreateInstanceRequest(instance_id=INSTANCE))
        yield World(
            clock=clock,
            simulators=simulators,
            native_sync=native_sync,
            app=app,
            marketo=MarketoUser(callers, MARKETO),
            salesforce=SalesforceUser(callers, SALESFORCE),
            operator=clients[Role.OPERATOR],
            admin=clients[Role.ADMIN],
            user=clients[Role.USER],
            service=clients[Role.SERVICE],
            config=config,
        )


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _connector(simulators: Simulators) -> aiohttp.BaseConnector:
    """Return a connector that reaches both simulators in memory, by the port of the URL."""

    async def both(scope: Scope, receive: Any, send: Any) -> None:
        host = next(value for name, value in scope["headers"] if name == b"host")
        app = simulators.marketo if host.endswith(b":8081") else simulators.salesforce
        await app(scope, receive, send)

    return ASGIApplicationConnector(both)
