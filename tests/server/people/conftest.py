"""The people flow on the virtual clock, against both simulators in memory; a process can die and be started again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest_asyncio
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.people.applying import PeopleApplier
from actionsync_server.flows.people.checkpoints import Checkpoints
from actionsync_server.flows.people.explaining import PeopleExplanation
from actionsync_server.flows.people.incremental import IncrementalSync
from actionsync_server.flows.people.loading import InitialLoad
from actionsync_server.flows.people.lookups import PeopleLookup
from actionsync_server.flows.people.merging import OutreachFollowsPeople
from actionsync_server.flows.people.reading import LeadReading
from actionsync_server.flows.people.status import PeopleStatus
from actionsync_server.flows.people.sync_control import InitialSyncControl
from actionsync_server.flows.people.usage import CallUsage
from actionsync_server.flows.people.wakes import PeopleWakes
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.upkeep.erasing import PersonEraser
from actionsync_server.flows.upkeep.suppression import Suppression
from actionsync_server.model.connections import Connection, Secrets
from actionsync_server.model.errors import System
from actionsync_server.model.ids import Ids
from actionsync_server.model.initial_syncs import FINAL_STATES, ConflictPolicy, InitialSync, InitialSyncMethod
from actionsync_server.model.persons import Person, Qualification
from actionsync_server.model.settings import Settings
from actionsync_server.store.connections import ConnectionWrites
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.persons import PersonFilter, Persons
from actionsync_server.store.secrets import SecretBox
from actionsync_server.systems.clients import SystemClients
from actionsync_server.workers.incremental_sync import IncrementalSyncWorker
from actionsync_server.workers.initial_sync import InitialSyncWorker
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.seed.org import World, generate
from aiohttp_asgi_connector import ASGIApplicationConnector
from harness.clock import SharedClock

Scope = MutableMapping[str, Any]

MARKETO = "http://127.0.0.1:8081"
SALESFORCE = "http://127.0.0.1:8082"
INSTANCE = "acme"
BOX = SecretBox(bytes(32))
OWNER = "005000000000009AAA"
QUEUE = "00G000000000001AAA"
CYCLE = 91


class Process:
    """One life of the service: flows and workers on the store, nothing else survives it."""

    def __init__(self, rig: PeopleRig) -> None:
        clock, database = rig.clock, rig.database
        self._tasks: list[asyncio.Task[None]] = []
        self.settings = SettingsFlow(database, clock, rig.ids)
        clients = SystemClients(rig.session, clock, random.Random("systems"), allow_plain_http=True)
        self.registry = ConnectionRegistry(database, clients=clients, settings=self.settings, box=BOX)
        self.wakes = PeopleWakes()
        self.usage = CallUsage(database, clock, registry=self.registry)
        reading = LeadReading(self.registry, self.settings, clock)
        applier = PeopleApplier(rig.ids, clock, followers=[OutreachFollowsPeople(DeliveryLanes())])
        self.load = InitialLoad(
            database,
            clock,
            registry=self.registry,
            settings=self.settings,
            reading=reading,
            checkpoints=Checkpoints(database, clock, applier=applier),
            usage=self.usage,
        )
        self.incremental = IncrementalSync(
            database,
            clock,
            registry=self.registry,
            settings=self.settings,
            reading=reading,
            applier=applier,
            usage=self.usage,
        )
        self.control = InitialSyncControl(database, clock, ids=rig.ids, registry=self.registry, wakes=self.wakes)
        self.status = PeopleStatus(database, clock, registry=self.registry, usage=self.usage)
        suppression = Suppression(bytes(32))
        self.lookup = PeopleLookup(database, suppression)
        self.explanation = PeopleExplanation(
            database, registry=self.registry, settings=self.settings, reading=reading, lookup=self.lookup
        )
        self.eraser = PersonEraser(database, clock, ids=rig.ids, suppression=suppression)
        self._clock = clock

    def work(self, *, initial: bool = True, incremental: bool = True) -> None:
        """Start the workers."""
        if initial:
            worker = InitialSyncWorker(INSTANCE, load=self.load, wakes=self.wakes, clock=self._clock)
            self._tasks.append(asyncio.create_task(worker.run()))
        if incremental:
            reader = IncrementalSyncWorker(INSTANCE, incremental=self.incremental, wakes=self.wakes, clock=self._clock)
            self._tasks.append(asyncio.create_task(reader.run()))

    @property
    def works(self) -> bool:
        """Whether the workers were started."""
        return bool(self._tasks)

    def strike(self) -> None:
        """Cut the workers off wherever they are."""
        for task in self._tasks:
            task.cancel()

    async def die(self) -> None:
        """End at once, wherever the workers are."""
        self.strike()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()


@dataclass
class PeopleRig:
    """What a test of the people flow needs."""

    clock: SharedClock
    database: Database
    ids: Ids
    world: World
    marketo: MarketoSimulator
    salesforce: SalesforceSimulator
    session: aiohttp.ClientSession
    before_call: Callable[[Scope], Awaitable[None]] | None = None
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        self.process = Process(self)

    # --- the outside ----------------------------------------------------------------------------------------------

    def lead(self, **values: Any) -> int:
        """Let the native sync bring a Salesforce lead, owned by a user unless told otherwise; return its Marketo id."""
        number = len(self.marketo.database.rows("SELECT id FROM leads")) + 1
        given = {
            "firstName": "Ann",
            "lastName": f"Lead {number}",
            "email": f"lead{number}@example.com",
            "company": "Acme",
            "sfdcType": "Lead",
            "sfdcLeadId": f"00Q0000000{number:05}",
            "sfdcLeadOwnerId": OWNER,
        }
        return self.marketo.native.create({k: v for k, v in (given | values).items() if v is not None})

    def contact(self, **values: Any) -> int:
        """Let the native sync bring a Salesforce contact."""
        number = len(self.marketo.database.rows("SELECT id FROM leads")) + 1
        given = {
            "sfdcType": "Contact",
            "sfdcLeadId": None,
            "sfdcContactId": f"0030000000{number:05}",
            "sfdcAccountId": "001000000000003AAA",
        }
        return self.lead(**(given | values))

    def change(self, marketo_id: int, **values: Any) -> None:
        """Change a lead as the native sync does."""
        self.marketo.native.update(marketo_id, values)

    def fault(self, path: str, action: str = "error", *, nth: int = 1, times: int | None = 1, **more: Any) -> None:
        """Let the next calls of a Marketo path go wrong."""
        self.marketo.faults.add({"match": {"path": path, "nth": nth}, "action": action, "times": times, **more})

    def calls(self, path: str = "*") -> int:
        """Return how many calls of a path Marketo has seen."""
        return len(self.marketo.journal.entries(path=path))

    # --- our side -------------------------------------------------------------------------------------------------

    async def connect(self, *systems: System, secret: str = "simulator-secret") -> None:
        """Store the instance's logins."""

        async def work(transaction: Transaction) -> None:
            for system in systems or (System.MARKETO,):
                connection = Connection(
                    system=system,
                    user_id="",
                    base_url=MARKETO if system is System.MARKETO else SALESFORCE,
                    client_id="simulator-client",
                    account_id="",
                    connect_user_id="admin-1",
                    connect_time=self.clock.now(),
                    login_refused=False,
                )
                await ConnectionWrites(transaction, INSTANCE, BOX).put(connection, Secrets(secret))

        await self.database.write(work)

    async def set_people(self, **values: Any) -> None:
        """Change settings of the people flow."""
        before = await self.process.settings.get(INSTANCE)
        wanted: Settings = replace(before, people=replace(before.people, **values))
        await self.process.settings.update(
            INSTANCE, wanted, [f"people.{name}" for name in values], etag="", user_id="a", validate_only=False
        )

    async def restart(self, **workers: bool) -> None:
        """Kill the process and start another one on the same store."""
        await self.process.die()
        self.process = Process(self)
        self.process.work(**workers)

    async def start(
        self, method: InitialSyncMethod | None = None, policy: ConflictPolicy = ConflictPolicy.USE_RUNNING
    ) -> InitialSync:
        """Start an initial sync."""
        return await self.process.control.start(INSTANCE, user_id="admin-1", policy=policy, method=method)

    async def sync(self, sync_id: str) -> InitialSync:
        """Return an initial sync as it is now."""
        return await self.process.control.get(INSTANCE, sync_id)

    async def finish(self, sync_id: str, *, step: float = 5.0, most: int = 2_000) -> InitialSync:
        """Let time pass until an initial sync is over."""
        await self.clock.settle()
        for _ in range(most):
            sync = await self.sync(sync_id)
            if sync.state in FINAL_STATES:
                return sync
            await self.clock.advance(step)
        raise AssertionError(f"still {sync.state} after {most} steps: {sync.wait_reason}")

    async def look(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.advance(seconds)

    async def load(self, method: InitialSyncMethod | None = None) -> InitialSync:
        """Run a whole initial sync; the workers of this process go on running."""
        if not self.process.works:
            self.process.work()
        return await self.finish((await self.start(method)).initial_sync_id)

    async def cycle(self, count: int = 1) -> None:
        """Let the incremental sync read its feeds."""
        await self.clock.advance(CYCLE * count)

    async def person(self, marketo_id: int) -> Person | None:
        """Return our copy of somebody."""
        return await Persons(self.database, INSTANCE).by_marketo_id(marketo_id)

    async def copy(self, marketo_id: int) -> Person:
        """Return our copy of somebody who must have one."""
        found = await self.person(marketo_id)
        assert found is not None, f"there is no copy of {marketo_id}"
        return found

    async def everybody(self, qualification: Qualification | None = None) -> list[Person]:
        """Return all copies."""
        wanted = PersonFilter(qualification=qualification)
        return await Persons(self.database, INSTANCE).page(wanted, after=None, count=1_000_000)

    def owned(self) -> set[int]:
        """Return the Marketo ids of everybody in the seed who qualifies."""
        return {
            person.marketo_id
            for person in self.world.people
            if (person.owner_id or "").startswith("005") and not person.crm_deleted
        }


class _Both:
    """Both simulators behind one connector, by the port of the URL."""

    def __init__(self) -> None:
        self.rig: PeopleRig | None = None

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        assert self.rig is not None
        if self.rig.before_call is not None:
            await self.rig.before_call(scope)
        host = next(value for name, value in scope["headers"] if name == b"host")
        app = self.rig.marketo if host.endswith(b":8081") else self.rig.salesforce
        await app(scope, receive, send)


OpenRig = Callable[..., Awaitable[PeopleRig]]


@pytest_asyncio.fixture
async def open_rig(clock: SharedClock, ids: Ids, database: Database) -> AsyncIterator[OpenRig]:
    """Return a function that opens a rig with so many seeded people and Marketo's switches."""
    opened: list[PeopleRig] = []

    async def open_one(people: int = 0, *, limits: str = "off", connect: bool = True, **switches: Any) -> PeopleRig:
        world = generate(people, seed=1, start=clock.simulators.now())
        marketo = MarketoSimulator(
            clock=clock.simulators,
            seed=1,
            limits=limits,  # type: ignore[arg-type]
            switches=MarketoSwitches(**switches),
        )
        marketo.load(world)
        salesforce = SalesforceSimulator(
            clock=clock.simulators,
            seed=1,
            limits="off",
            client_id="simulator-client",
            client_secret="simulator-secret",
            username="admin@simulator.example",
            password="simulator-password",
            refresh_token="simulator-refresh-token",
            world=world,
        )
        both = _Both()
        session = aiohttp.ClientSession(connector=ASGIApplicationConnector(both), cookie_jar=aiohttp.DummyCookieJar())
        rig = PeopleRig(clock, database, ids, world, marketo, salesforce, session)
        both.rig = rig
        opened.append(rig)
        if connect:
            await rig.connect()
        return rig

    yield open_one
    for rig in opened:
        await rig.process.die()
        await rig.session.close()
        rig.marketo.close()


@pytest_asyncio.fixture
async def rig(open_rig: OpenRig) -> PeopleRig:
    """Nobody in Marketo yet."""
    return await open_rig()
