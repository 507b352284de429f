"""Activities and their deliveries on the virtual clock, against both simulators in memory; a process can die.

What the tests ask of Marketo and Salesforce they ask through the systems' own APIs.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest_asyncio
from actionsync_server.clock import Micros
from actionsync_server.flows.activities import ActivityFlow, LoggedActivity, LogResult
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry, ConnectionsFlow
from actionsync_server.flows.delivery.desk import DeliveryDesk
from actionsync_server.flows.delivery.engagement_writer import EngagementWriter
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.delivery.marketo_writer import MarketoWriter
from actionsync_server.flows.delivery.releases import Releases
from actionsync_server.flows.delivery.rounds import DeliveryRound
from actionsync_server.flows.delivery.salesforce_logins import SalesforceLogins
from actionsync_server.flows.delivery.salesforce_writer import SalesforceWriter
from actionsync_server.flows.delivery.settlement import Settlement
from actionsync_server.flows.delivery.writer import Writer
from actionsync_server.flows.grid.loading import GridFlow
from actionsync_server.flows.grid.reading import GridReading
from actionsync_server.flows.reminders.pushing import ReminderPushes
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.model.activities import (
    ActivityContent,
    Detail,
    PermitState,
    SalesCampaign,
    SalesEmail,
    SalesTemplate,
    SendSalesEmail,
)
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState, SubjectKind
from actionsync_server.model.directory import Instance, Role, User
from actionsync_server.model.errors import System
from actionsync_server.model.ids import Ids
from actionsync_server.model.persons import Person, PersonFields, Qualification, SkipReason
from actionsync_server.model.settings import LogAs
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import Deliveries
from actionsync_server.store.delivery_queue import Lane
from actionsync_server.store.directory import DirectoryWrites, add_instance
from actionsync_server.store.person_writes import PersonWrites
from actionsync_server.store.secrets import SecretBox
from actionsync_server.systems.clients import SystemClients
from actionsync_server.workers.delivery import DeliveryWorker
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.switches import SalesforceSwitches
from aiohttp_asgi_connector import ASGIApplicationConnector
from harness.clock import SharedClock
from harness.systems import MarketoUser, SalesforceUser

Scope = MutableMapping[str, Any]

MARKETO = "http://127.0.0.1:8081"
SALESFORCE = "http://127.0.0.1:8082"
INSTANCE = "acme"
SELLER = "seller-1"
SELLER_EMAIL = "seller@example.com"
BOX = SecretBox(bytes(32))

TEMPLATE = SalesTemplate("77", "First contact", "https://web.example/templates/77")
CAMPAIGN = SalesCampaign("12", "Spring outreach", "https://web.example/campaigns/12", day=2, step=1)

#: The lanes, by what their workers are called.
LANES = {
    "marketo": (System.MARKETO, SubjectKind.ACTIVITY),
    "salesforce": (System.SALESFORCE, SubjectKind.ACTIVITY),
    "engagements": (System.SALESFORCE, SubjectKind.ENGAGEMENT),
}


async def _no_permit(instance_id: str, permit: str, *, address: str, sent_at: Micros) -> PermitState:
    return PermitState.NONE


class Process:
    """One life of the service: flows and workers on the store; nothing else survives it."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        clock, database = rig.clock, rig.database
        self._tasks: list[asyncio.Task[None]] = []
        self.settings = SettingsFlow(database, clock, rig.ids)
        clients = SystemClients(rig.session, clock, random.Random("systems"), allow_plain_http=True)
        self.registry = ConnectionRegistry(database, clients=clients, settings=self.settings, box=BOX)
        self.connections = ConnectionsFlow(
            database, clock, registry=self.registry, settings=self.settings, box=BOX, allow_plain_http=True
        )
        self.lanes = DeliveryLanes()
        self.releases = Releases(database, clock, self.lanes)
        self.connections.subscribe(self.releases.connection_changed)
        self.settings.subscribe(self.releases.settings_changed)
        self.alerts = AlertsFlow(database, clock)
        self.activities = ActivityFlow(
            database,
            clock,
            ids=rig.ids,
            settings=self.settings,
            registry=self.registry,
            lanes=self.lanes,
            permits=_no_permit,
            unsubscribes=UnsubscribeRecorder(rig.ids),
            reminder_pushes=ReminderPushes(rig.ids),
        )
        self.desk = DeliveryDesk(database, clock, self.lanes)
        self.grid = GridFlow(database, clock, reading=GridReading(database, clock, registry=self.registry))

    def rounds(
        self, system: System, kind: SubjectKind = SubjectKind.ACTIVITY, *, instance_id: str = INSTANCE
    ) -> DeliveryRound:
        """Make the rounds of a lane."""
        own = "" if kind is SubjectKind.ACTIVITY else f"/{kind.name}"
        rig, rng = self._rig, random.Random(f"delivery/{system.name}{own}")
        lane = Lane(instance_id, system, kind)
        state = self.lanes.state(lane)
        return DeliveryRound(
            rig.database,
            rig.clock,
            lane=lane,
            state=state,
            writer=self._writer(lane, rng),
            settlement=Settlement(rig.database, rig.clock, rng, instance_id=instance_id),
            releases=self.releases,
        )

    def _writer(self, lane: Lane, rng: random.Random) -> Writer:
        rig, state = self._rig, self.lanes.state(lane)
        if lane.system is System.MARKETO:
            return MarketoWriter(
                rig.database, rig.clock, rng, lane=lane, state=state, registry=self.registry, settings=self.settings
            )
        writer_kind = SalesforceWriter if lane.subject_kind is SubjectKind.ACTIVITY else EngagementWriter
        logins = SalesforceLogins(
            rig.clock, rng, instance_id=lane.instance_id, state=state, registry=self.registry, alerts=self.alerts
        )
        return writer_kind(
            rig.database,
            rig.clock,
            lane=lane,
            logins=logins,
            registry=self.registry,
            settings=self.settings,
            alerts=self.alerts,
        )

    def work(self, *names: str) -> None:
        """Start the workers, all unless told otherwise."""
        for name in names or LANES:
            system, kind = LANES[name]
            lane = Lane(INSTANCE, system, kind)
            worker = DeliveryWorker(
                self.rounds(system, kind),
                self._rig.clock,
                lane=lane,
                state=self.lanes.state(lane),
                finish_seconds=self._rig.finish_seconds,
            )
            self._tasks.append(asyncio.create_task(worker.run(), name=f"delivery-{name}"))

    async def die(self) -> None:
        """End at once, wherever the workers are."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()


@dataclass
class Rig:
    """What a test needs. `before_call` may hold up or break a call on its way, `after_call` its answer."""

    clock: SharedClock
    database: Database
    ids: Ids
    marketo_simulator: MarketoSimulator
    salesforce_simulator: SalesforceSimulator
    session: aiohttp.ClientSession
    before_call: Callable[[Scope], Awaitable[None]] | None = None
    after_call: Callable[[Scope], Awaitable[None]] | None = None
    finish_seconds: float = 0.0  # the workers' time to come to an end: none, as for a process that is killed
    seller_salesforce_id: str = ""
    process: Process = field(init=False)
    _number: int = 0

    def __post_init__(self) -> None:
        self.marketo = MarketoUser(self.session, MARKETO)
        self.salesforce = SalesforceUser(self.session, SALESFORCE)
        self.process = Process(self)

    # --- time -----------------------------------------------------------------------------------------------------

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.advance(seconds)

    async def restart(self) -> None:
        """Kill the process and start another one on the same store."""
        await self.process.die()
        self.process = Process(self)
        self.process.work()

    # --- who there is ---------------------------------------------------------------------------------------------

    async def connect(self, *systems: System) -> None:
        """Connect the instance as its admin does."""
        connections = self.process.connections
        login = {"client_id": "simulator-client", "client_secret": "simulator-secret", "by": "admin-1"}
        for system in systems or (System.MARKETO, System.SALESFORCE):
            if system is System.MARKETO:
                await connections.connect_marketo(INSTANCE, munchkin_id="123-ABC-456", base_url=MARKETO, **login)
            else:
                await self.connect_user("")

    async def connect_user(self, user_id: str) -> None:
        """Connect Salesforce for the instance ("") or for one user."""
        await self.process.connections.connect_salesforce(
            INSTANCE,
            user_id=user_id,
            base_url=SALESFORCE,
            client_id="simulator-client",
            client_secret="simulator-secret",
            refresh_token="",
            by="admin-1",
        )

    async def add_seller(self, user_id: str = SELLER, **values: Any) -> User:
        """Add a seller; the Salesforce user is an active one unless told otherwise."""
        if not self.seller_salesforce_id:
            rows = await self.salesforce.query(
                "SELECT Id FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Id DESC LIMIT 1"
            )
            self.seller_salesforce_id = rows[0]["Id"]
        given: dict[str, Any] = {
            "email": SELLER_EMAIL,
            "display_name": "Sam Seller",
            "salesforce_user_id": self.seller_salesforce_id,
            "role": Role.USER,
            "time_zone": "",
            "bcc_logging": False,
        }
        user = User(user_id=user_id, create_time=self.clock.now(), **(given | values))

        async def work(transaction: Transaction) -> None:
            await DirectoryWrites(transaction, INSTANCE).upsert(user)

        await self.database.write(work)
        return user

    async def add_person(self, *, marketo_id: int | None = None, **fields: str) -> Person:
        """Add a copy of a person who is in Marketo too."""
        self._number += 1
        email = fields.pop("email", f"person{self._number}@example.com")
        if marketo_id is None:
            marketo_id = await self.marketo.create(email=email)
        now = self.clock.now()
        person = Person(
            person_id=self.ids.make("p"),
            marketo_id=marketo_id,
            fields=PersonFields(email=email, last_name=f"Person {self._number}", **fields),
            qualification=Qualification.QUALIFIED,
            qualification_reason=SkipReason.NONE,
            revision=1,
            create_time=now,
            update_time=now,
        )

        async def work(transaction: Transaction) -> None:
            await PersonWrites(transaction, INSTANCE).create([person])

        await self.database.write(work)
        return person

    async def change_person(self, person: Person, **values: Any) -> Person:
        """Change our copy of a person, as the people sync does."""
        fields = replace(person.fields, **{name: values.pop(name) for name in list(values) if name in _FIELD_NAMES})
        changed = replace(person, fields=fields, revision=person.revision + 1, update_time=self.clock.now(), **values)

        async def work(transaction: Transaction) -> None:
            await PersonWrites(transaction, INSTANCE).update([(person, changed)])

        await self.database.write(work)
        return changed

    async def add_lead(self, email: str, *, last_name: str = "Lead", **values: Any) -> str:
        """Add a lead to Salesforce."""
        return await self.salesforce.create("Lead", LastName=last_name, Company="Acme", Email=email, **values)

    async def add_contact(self, email: str, **values: Any) -> str:
        """Add a contact to Salesforce."""
        return await self.salesforce.create("Contact", LastName="Contact", Email=email, **values)

    async def set_logging(self, **values: Any) -> None:
        """Change settings of the logging."""
        before = await self.process.settings.get(INSTANCE)
        await self.process.settings.update(
            INSTANCE,
            replace(before, logging=replace(before.logging, **values)),
            [f"logging.{name}" for name in values],
            etag="",
            user_id="admin-1",
            validate_only=False,
        )

    async def set_marketo(self, **values: Any) -> None:
        """Change settings of the activities in Marketo."""
        before = await self.process.settings.get(INSTANCE)
        await self.process.settings.update(
            INSTANCE,
            replace(before, marketo=replace(before.marketo, **values)),
            [f"marketo.{name}" for name in values],
            etag="",
            user_id="admin-1",
            validate_only=False,
        )

    async def log_everything(self, **values: Any) -> None:
        """Switch all logging on, in the instance's name."""
        wanted = {"log_emails": True, "log_replies": True, "log_calls": True, "log_as": LogAs.INTEGRATION_USER}
        await self.set_logging(**(wanted | values))

    # --- what happens ---------------------------------------------------------------------------------------------

    def content(self, person: Person, detail: Detail, **values: Any) -> ActivityContent:
        """Return the content of an activity that happens now."""
        self._number += 1
        given: dict[str, Any] = {
            "idempotency_key": f"key-{self._number}",
            "user_id": SELLER,
            "activity_time": self.clock.now(),
        }
        return ActivityContent(person_id=person.person_id, detail=detail, **(given | values))

    def send(self, person: Person, email_id: str = "1001", **values: Any) -> ActivityContent:
        """Return a mail with template and campaign."""
        email = SalesEmail(email_id, "Hello", TEMPLATE, CAMPAIGN, f"https://web.example/mails/{email_id}")
        return self.content(person, SendSalesEmail(email, "How are you?"), **values)

    async def log_all(self, *contents: ActivityContent) -> list[LogResult]:
        """Log activities in one call."""
        return await self.process.activities.log(INSTANCE, contents)

    async def log(self, content: ActivityContent) -> LoggedActivity:
        """Log an activity that must be accepted."""
        (result,) = await self.log_all(content)
        assert isinstance(result, LoggedActivity), result
        return result

    async def delivery(self, logged: LoggedActivity, system: System) -> Delivery:
        """Return the delivery of an activity to a system as it is now, with its attempts."""
        known = next(one for one in logged.deliveries if one.system is system)
        found = await Deliveries(self.database, INSTANCE).get(known.delivery_id)
        assert found is not None
        return found

    async def state(self, logged: LoggedActivity, system: System) -> tuple[DeliveryState, DeliveryReason]:
        """Return where a delivery stands and why."""
        found = await self.delivery(logged, system)
        return found.state, found.reason

    # --- what is there --------------------------------------------------------------------------------------------

    async def rows(self, api_name: str = "asSendSalesEmail", *, lead: int | None = None) -> list[dict[str, Any]]:
        """Return the rows of one of our types in Marketo, oldest first."""
        rows = await self.marketo.custom_activities(api_name)
        return [row for row in rows if lead is None or row["leadId"] == lead]

    async def tasks(self, *, deleted: bool = False) -> list[dict[str, Any]]:
        """Return the Tasks in Salesforce, oldest first."""
        return await self.salesforce.query(
            "SELECT Id, ActionSync_Id__c, Subject, Type, TaskSubtype, Status, Priority, ActivityDate, Description,"
            " WhoId, OwnerId, CallType, CallDurationInSeconds, CallDisposition, CallObject, MSE_Campaign__c"
            " FROM Task ORDER BY CreatedDate, Id",
            deleted=deleted,
        )

    def write_calls(self) -> int:
        """Return how many calls wrote rows to Marketo."""
        return len(self.marketo_simulator.journal.entries(path="/rest/v1/activities/external.json"))

    def task_calls(self) -> int:
        """Return how many calls wrote records to Salesforce by collections."""
        return len(self.salesforce_simulator.journal.entries(path="*/composite/sobjects*"))


_FIELD_NAMES = frozenset(PersonFields.__dataclass_fields__)
OpenRig = Callable[..., Awaitable[Rig]]


@pytest_asyncio.fixture
async def open_rig(clock: SharedClock, ids: Ids, database: Database) -> AsyncIterator[OpenRig]:
    """Return a function that opens a connected rig with one seller and running workers."""
    opened: list[Rig] = []

    async def open_one(
        *,
        connect: bool = True,
        work: bool = True,
        limits: str = "off",
        adobe_actions: bool = False,
        salesforce: SalesforceSwitches | None = None,
        **switches: Any,
    ) -> Rig:
        marketo = MarketoSimulator(
            clock=clock.simulators,
            seed=1,
            limits=limits,  # type: ignore[arg-type]
            adobe_actions=adobe_actions,
            switches=MarketoSwitches(**switches),
        )
        org = SalesforceSimulator(clock=clock.simulators, limits="off", switches=salesforce or SalesforceSwitches())
        holder: list[Rig] = []

        async def both(scope: Scope, receive: Any, send: Any) -> None:
            rig = holder[0]
            if rig.before_call is not None:
                await rig.before_call(scope)
            host = next(value for name, value in scope["headers"] if name == b"host")
            answer: list[Any] = []

            async def keep(message: Any) -> None:
                answer.append(message)

            await (marketo if host.endswith(b":8081") else org)(scope, receive, keep)
            if rig.after_call is not None:
                await rig.after_call(scope)
            for message in answer:
                await send(message)

        session = aiohttp.ClientSession(connector=ASGIApplicationConnector(both), cookie_jar=aiohttp.DummyCookieJar())
        rig = Rig(clock, database, ids, marketo, org, session)
        holder.append(rig)
        opened.append(rig)

        async def start(transaction: Transaction) -> None:
            await add_instance(transaction, Instance(INSTANCE, "Acme", clock.now()))

        await database.write(start)
        if connect:
            await rig.connect()
        await rig.add_seller()
        if work:
            rig.process.work()
        return rig

    yield open_one
    for rig in opened:
        await rig.process.die()
        await rig.session.close()
        rig.marketo_simulator.close()


@pytest_asyncio.fixture
async def rig(open_rig: OpenRig) -> Rig:
    """Connected, one seller, workers running; logging to Salesforce is off as it is by default."""
    return await open_rig()
