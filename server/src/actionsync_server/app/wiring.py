"""Who needs whom: every flow, service and worker of the server, made here and nowhere else."""

from __future__ import annotations

import random
from collections.abc import Callable

import aiohttp

from actionsync_server.app.deliveries import DeliveryWorkers
from actionsync_server.app.supervision import Workers
from actionsync_server.clock import Clock
from actionsync_server.flows.activities import ActivityFlow
from actionsync_server.flows.alert_watch import AlertWatch
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.change_events.listening import ChangeEventListening
from actionsync_server.flows.check import CheckFlow
from actionsync_server.flows.connections import ConnectionRegistry, ConnectionsFlow
from actionsync_server.flows.delivery.desk import DeliveryDesk
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.delivery.releases import Releases
from actionsync_server.flows.directory import DirectoryFlow
from actionsync_server.flows.grid.loading import GridFlow
from actionsync_server.flows.grid.reading import GridReading
from actionsync_server.flows.marketo_answers import MarketoAnswers
from actionsync_server.flows.people.applying import PeopleApplier, PeopleFollower
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
from actionsync_server.flows.quota.watching import QuotaWatch
from actionsync_server.flows.reminders.keeping import ReminderFlow
from actionsync_server.flows.reminders.polling import ReminderPoll
from actionsync_server.flows.reminders.pushing import ReminderPushes
from actionsync_server.flows.reminders.reading import ReminderReading
from actionsync_server.flows.roll_ups.marketing import MarketingEngagements
from actionsync_server.flows.roll_ups.writing import RollUpWriting
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.settings_checks import OptOutFieldCheck
from actionsync_server.flows.unsubscribes.comparing import OptOutComparison
from actionsync_server.flows.unsubscribes.following import UnsubscribesFollowPeople
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.flows.unsubscribes.registry import UnsubscribesFlow
from actionsync_server.flows.unsubscribes.schedule import UnsubscribeSchedule
from actionsync_server.flows.upkeep.erasing import PersonEraser
from actionsync_server.flows.upkeep.reconciling import Reconciler
from actionsync_server.flows.upkeep.retention import Retention
from actionsync_server.flows.upkeep.suppression import Suppression, SuppressionFollowsPeople
from actionsync_server.flows.wakes import CHANGE_EVENTS, REMINDER_SYNC, UNSUBSCRIBE_SYNC, Wakes
from actionsync_server.model.errors import System
from actionsync_server.model.ids import Ids
from actionsync_server.rpc.activity_log import ActivityLogService
from actionsync_server.rpc.connections import ConnectionsService
from actionsync_server.rpc.directory import DirectoryService
from actionsync_server.rpc.person_sync import PersonSyncService
from actionsync_server.rpc.reminder_tasks import ReminderTasksService
from actionsync_server.rpc.sync_settings import SyncSettingsService
from actionsync_server.rpc.unsubscribe_check import UnsubscribeCheckService
from actionsync_server.store.database import Database
from actionsync_server.store.secrets import SecretBox
from actionsync_server.systems.clients import SystemClients
from actionsync_server.telemetry import Metrics
from actionsync_server.workers.change_events import ChangeEventWorker
from actionsync_server.workers.incremental_sync import IncrementalSyncWorker
from actionsync_server.workers.initial_sync import InitialSyncWorker
from actionsync_server.workers.periodic import PeriodicWorker

#: Gives a random stream for each use.
Randoms = Callable[[str], random.Random]


class Wiring:
    """All parts between the store and the edge."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        randoms: Randoms,
        *,
        session: aiohttp.ClientSession,
        box: SecretBox,
        suppressions_key: bytes,
        allow_plain_http: bool,
        metrics: Metrics,
    ) -> None:
        self.suppression = Suppression(suppressions_key)
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._wakes = Wakes()
        self.ids = Ids(clock, randoms("ids"))
        self.settings = SettingsFlow(database, clock, self.ids)
        self.alerts = AlertsFlow(database, clock)
        self.directory = DirectoryFlow(database, clock)
        clients = SystemClients(session, clock, randoms("systems"), allow_plain_http=allow_plain_http)
        self.registry = ConnectionRegistry(database, clients=clients, settings=self.settings, box=box)
        self.connections = ConnectionsFlow(
            database,
            clock,
            registry=self.registry,
            settings=self.settings,
            box=box,
            allow_plain_http=allow_plain_http,
        )
        self.settings.require(OptOutFieldCheck(self.registry))
        self._wire_delivery()
        self._wire_unsubscribes()
        self._wire_reminders()
        self._wire_change_events(randoms("change_events"), metrics)
        self._wire_people()
        self._wire_check()
        self._wire_watches()
        self.deliveries = DeliveryWorkers(
            database,
            clock,
            randoms("delivery"),
            lanes=self.lanes,
            releases=self.releases,
            registry=self.registry,
            settings=self.settings,
            alerts=self.alerts,
            reminder_reading=self.reminder_reading,
            metrics=metrics,
        )
        grid_reading = GridReading(database, clock, registry=self.registry)
        self.grid = GridFlow(database, clock, reading=grid_reading, metrics=metrics)
        self.roll_ups = RollUpWriting(
            database,
            clock,
            randoms("roll_ups"),
            registry=self.registry,
            settings=self.settings,
            lanes=self.lanes,
            marketing=MarketingEngagements(database, clock, reading=grid_reading),
        )
        self.settings.subscribe(self._settings_changed)

    def _wire_people(self) -> None:
        database, clock, registry, settings = self._database, self._clock, self.registry, self.settings
        self.people_wakes = PeopleWakes()
        self.connections.subscribe(self.people_wakes.on_connection)
        self.usage = CallUsage(database, clock, registry=registry)
        reading = self.lead_reading = LeadReading(registry, settings, clock)
        followers: list[PeopleFollower] = [
            OutreachFollowsPeople(self.lanes),
            SuppressionFollowsPeople(self.suppression, self.recorder),
            UnsubscribesFollowPeople(self.recorder, self.lanes),
        ]
        applier = self.people_applier = PeopleApplier(self.ids, clock, followers=followers)
        self.initial_load = InitialLoad(
            database,
            clock,
            registry=registry,
            settings=settings,
            reading=reading,
            checkpoints=Checkpoints(database, clock, applier=applier),
            usage=self.usage,
        )
        self.retention = Retention(database, clock, settings=settings)
        self.reconciler = Reconciler(
            database,
            clock,
            ids=self.ids,
            registry=registry,
            settings=settings,
            reading=reading,
            applier=applier,
            alerts=self.alerts,
        )
        self.incremental_sync = IncrementalSync(
            database,
            clock,
            registry=registry,
            settings=settings,
            reading=reading,
            applier=applier,
            usage=self.usage,
        )

    def _wire_delivery(self) -> None:
        self.lanes = DeliveryLanes()
        self.releases = Releases(self._database, self._clock, self.lanes)
        self.connections.subscribe(self.releases.connection_changed)

    async def _settings_changed(self, instance_id: str) -> None:
        """Let everything that keeps something of the settings see the new ones."""
        self.registry.forget(instance_id, System.MARKETO, "")  # a client keeps its pace
        self.people_wakes.wake(instance_id)
        self._wakes.wake(instance_id)
        await self.releases.settings_changed(instance_id)

    def _wire_unsubscribes(self) -> None:
        database, clock, registry, settings = self._database, self._clock, self.registry, self.settings
        self.recorder = UnsubscribeRecorder(self.ids)
        self.unsubscribes = UnsubscribesFlow(
            database,
            clock,
            recorder=self.recorder,
            lanes=self.lanes,
            registry=registry,
            settings=settings,
            suppression=self.suppression,
        )
        comparison = OptOutComparison(
            database, clock, registry=registry, settings=settings, recorder=self.recorder, lanes=self.lanes
        )
        self.unsubscribe_schedule = UnsubscribeSchedule(
            database,
            clock,
            registry=registry,
            settings=settings,
            comparison=comparison,
            alerts=self.alerts,
            wakes=self._wakes,
        )

    def _wire_reminders(self) -> None:
        database, clock, settings = self._database, self._clock, self.settings
        pushes = self.reminder_pushes = ReminderPushes(self.ids)
        self.reminders = ReminderFlow(database, clock, ids=self.ids, settings=settings, pushes=pushes, lanes=self.lanes)
        self.reminder_reading = ReminderReading(database, clock, ids=self.ids, pushes=pushes, lanes=self.lanes)
        self.reminder_poll = ReminderPoll(
            database,
            clock,
            registry=self.registry,
            settings=settings,
            reading=self.reminder_reading,
            wakes=self._wakes,
        )

    def _wire_change_events(self, rng: random.Random, metrics: Metrics) -> None:
        self.listening = ChangeEventListening(
            self._clock, rng, registry=self.registry, settings=self.settings, wakes=self._wakes, metrics=metrics
        )
        self.connections.subscribe(self._salesforce_changed)

    async def _salesforce_changed(self, instance_id: str, system: System, user_id: str) -> None:
        """Let the listener see another login, or that there is none."""
        if system is System.SALESFORCE and not user_id:
            self._wakes.of(instance_id, CHANGE_EVENTS).set()

    def _wire_check(self) -> None:
        answers = MarketoAnswers(self._clock, registry=self.registry, alerts=self.alerts, metrics=self._metrics)
        self.check = CheckFlow(
            self._database,
            self._clock,
            ids=self.ids,
            settings=self.settings,
            answers=answers,
            suppression=self.suppression,
            metrics=self._metrics,
        )

    def _wire_watches(self) -> None:
        self.quota_watch = QuotaWatch(self._clock, registry=self.registry, usage=self.usage, alerts=self.alerts)
        self.alert_watch = AlertWatch(
            self._database,
            self._clock,
            connections=self.connections,
            settings=self.settings,
            alerts=self.alerts,
        )
        self.connections.subscribe(self._connection_changed)

    async def _connection_changed(self, instance_id: str, _system: System, _user_id: str) -> None:
        """End or raise at once what stands because of a connection."""
        self._wakes.of(instance_id, "alert_watch").set()

    def services(self) -> list[object]:
        """Return the handlers of everything this release serves."""
        database, clock = self._database, self._clock
        lookup = PeopleLookup(database, self.suppression)
        people = PersonSyncService(
            database,
            clock,
            control=InitialSyncControl(database, clock, ids=self.ids, registry=self.registry, wakes=self.people_wakes),
            load=self.initial_load,
            status=PeopleStatus(database, clock, registry=self.registry, usage=self.usage),
            lookup=lookup,
            settings=self.settings,
            explanation=PeopleExplanation(
                database,
                registry=self.registry,
                settings=self.settings,
                reading=self.lead_reading,
                lookup=lookup,
            ),
            eraser=PersonEraser(database, clock, ids=self.ids, suppression=self.suppression),
        )
        activities = ActivityFlow(
            database,
            clock,
            ids=self.ids,
            settings=self.settings,
            registry=self.registry,
            lanes=self.lanes,
            permits=self.check.permit_state,
            unsubscribes=self.recorder,
            reminder_pushes=self.reminder_pushes,
        )
        return [
            people,
            ActivityLogService(activities, DeliveryDesk(database, clock, self.lanes), self.grid),
            UnsubscribeCheckService(database, clock, self.check, self.unsubscribes),
            ReminderTasksService(database, clock, self.reminders),
            SyncSettingsService(self.settings, self.alerts),
            ConnectionsService(self.connections),
            DirectoryService(self.directory, self.settings, clock),
        ]

    def start_workers(self, workers: Workers, instance_id: str) -> None:
        """Start the loops of one instance."""
        clock, wakes = self._clock, self.people_wakes
        initial = InitialSyncWorker(instance_id, load=self.initial_load, wakes=wakes, clock=clock)
        incremental = IncrementalSyncWorker(instance_id, incremental=self.incremental_sync, wakes=wakes, clock=clock)
        workers.start("initial_sync", initial.run)
        workers.start("incremental_sync", incremental.run)
        for name, step in (
            (UNSUBSCRIBE_SYNC, self.unsubscribe_schedule.step),
            (REMINDER_SYNC, self.reminder_poll.step),
            ("roll_ups", self.roll_ups.step),
            ("reconcile", self.reconciler.step),
            ("retention", self.retention.step),
            ("quota_watch", self.quota_watch.step),
            ("alert_watch", self.alert_watch.step),
        ):
            wake = self._wakes.of(instance_id, name)
            periodic = PeriodicWorker(instance_id, name, step, clock=clock, wake=wake, metrics=self._metrics)
            workers.start(name, periodic.run)
        wake = self._wakes.of(instance_id, CHANGE_EVENTS)
        listener = ChangeEventWorker(instance_id, listening=self.listening, clock=clock, wake=wake)
        workers.start(CHANGE_EVENTS, listener.run)
        for name, worker in self.deliveries.of_instance(instance_id).items():
            workers.start(name, worker.run)
