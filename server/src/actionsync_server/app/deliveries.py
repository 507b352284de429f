"""The delivery lanes of an instance: one worker with its own writer for each kind of thing that leaves us."""

from __future__ import annotations

import random

from actionsync_server.clock import Clock
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.engagement_writer import EngagementWriter
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.delivery.marketo_writer import MarketoWriter
from actionsync_server.flows.delivery.releases import Releases
from actionsync_server.flows.delivery.rounds import DeliveryRound
from actionsync_server.flows.delivery.salesforce_logins import SalesforceLogins
from actionsync_server.flows.delivery.salesforce_writer import SalesforceWriter
from actionsync_server.flows.delivery.settlement import Settlement
from actionsync_server.flows.delivery.writer import Writer
from actionsync_server.flows.reminders.reading import ReminderReading
from actionsync_server.flows.reminders.writing import ReminderWriter
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.unsubscribes.writing import OptOutWriter
from actionsync_server.model.deliveries import SubjectKind
from actionsync_server.model.errors import System
from actionsync_server.store.database import Database
from actionsync_server.store.delivery_queue import Lane
from actionsync_server.telemetry import Metrics
from actionsync_server.workers.delivery import DeliveryWorker


class DeliveryWorkers:
    """Makes the delivery workers of instances."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rng: random.Random,
        *,
        lanes: DeliveryLanes,
        releases: Releases,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        alerts: AlertsFlow,
        reminder_reading: ReminderReading,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rng = rng
        self._lanes = lanes
        self._releases = releases
        self._registry = registry
        self._settings = settings
        self._alerts = alerts
        self._reminder_reading = reminder_reading
        self._metrics = metrics

    def of_instance(self, instance_id: str) -> dict[str, DeliveryWorker]:
        """Return the workers of an instance by name."""
        return {
            "delivery_unsubscribes": self._opt_outs(instance_id),
            "delivery_reminders": self._reminders(instance_id),
            "delivery_marketo": self._marketo(instance_id),
            "delivery_salesforce": self._tasks(instance_id, SubjectKind.ACTIVITY),
            "delivery_engagements": self._tasks(instance_id, SubjectKind.ENGAGEMENT),
        }

    def _marketo(self, instance_id: str) -> DeliveryWorker:
        lane = Lane(instance_id, System.MARKETO)
        writer = MarketoWriter(
            self._database,
            self._clock,
            self._rng,
            lane=lane,
            state=self._lanes.state(lane),
            registry=self._registry,
            settings=self._settings,
        )
        return self._worker(lane, writer)

    def _tasks(self, instance_id: str, kind: SubjectKind) -> DeliveryWorker:
        lane = Lane(instance_id, System.SALESFORCE, kind)
        writer_kind = SalesforceWriter if kind is SubjectKind.ACTIVITY else EngagementWriter
        writer = writer_kind(
            self._database,
            self._clock,
            lane=lane,
            logins=self._logins(lane),
            registry=self._registry,
            settings=self._settings,
            alerts=self._alerts,
        )
        return self._worker(lane, writer)

    def _opt_outs(self, instance_id: str) -> DeliveryWorker:
        lane = Lane(instance_id, System.SALESFORCE, SubjectKind.UNSUBSCRIBE)
        writer = OptOutWriter(
            self._database,
            self._clock,
            lane=lane,
            state=self._lanes.state(lane),
            logins=self._logins(lane),
            registry=self._registry,
            settings=self._settings,
            alerts=self._alerts,
        )
        return self._worker(lane, writer)

    def _reminders(self, instance_id: str) -> DeliveryWorker:
        lane = Lane(instance_id, System.SALESFORCE, SubjectKind.REMINDER_TASK)
        writer = ReminderWriter(
            self._database,
            self._clock,
            lane=lane,
            logins=self._logins(lane),
            registry=self._registry,
            settings=self._settings,
            reading=self._reminder_reading,
        )
        return self._worker(lane, writer)

    def _logins(self, lane: Lane) -> SalesforceLogins:
        return SalesforceLogins(
            self._clock,
            self._rng,
            instance_id=lane.instance_id,
            state=self._lanes.state(lane),
            registry=self._registry,
            alerts=self._alerts,
        )

    def _worker(self, lane: Lane, writer: Writer) -> DeliveryWorker:
        state = self._lanes.state(lane)
        rounds = DeliveryRound(
            self._database,
            self._clock,
            lane=lane,
            state=state,
            writer=writer,
            settlement=Settlement(
                self._database, self._clock, self._rng, instance_id=lane.instance_id, metrics=self._metrics
            ),
            releases=self._releases,
        )
        return DeliveryWorker(rounds, self._clock, lane=lane, state=state)
