"""Compares every copy with Marketo at night and repairs what differs.

The feeds bring everything while they are read; a fault, a restored backup or a deletion that was not read within the 14
days for which Marketo lists it may have let a copy drift. So each night, at 03:00 in the time zone of the nightly
settings, the copies are read again in pages of 300, compared in all fields and the owner, and made equal.

A night's part costs at most `CALLS_PER_NIGHT` calls; a bigger instance is compared in several nights. Each page is one
transaction with the place in hand, so a crash repeats a page at most. People who never had a copy are not looked for:
that is what an initial sync does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import structlog

from actionsync_server.clock import HOUR, MINUTE, SECOND, Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.nights import next_time
from actionsync_server.flows.people.applying import PeopleApplier
from actionsync_server.flows.people.failures import note, wait_after
from actionsync_server.flows.people.reading import LeadReading
from actionsync_server.flows.people.usage import CallMeter
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import NotConnected, NotPrepared, Refused, System, SystemFailure
from actionsync_server.model.ids import Ids
from actionsync_server.model.initial_syncs import WORKING_STATES
from actionsync_server.model.persons import MarketoPerson, Person
from actionsync_server.model.settings import Settings
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.initial_syncs import InitialSyncs
from actionsync_server.store.person_writes import ChangeSource, PersonWrites
from actionsync_server.store.persons import Persons
from actionsync_server.store.reconciles import Reconcile, ReconcileProgress, Reconciles, ReconcileWrites

log = structlog.get_logger(__name__)

NIGHT = "03:00"
PAGE = 300
#: 600,000 people, for a small part of the 50,000 calls that a subscription has in a day.
CALLS_PER_NIGHT = 2_000
WITHHELD_ALERT = "reconcile_withheld"
#: Of one page, so many people may be gone; more are a login that sees less than before, until somebody says otherwise.
_FEW, _SHARE = 3, 10
_IDLE: Micros = HOUR
#: While an initial sync reads everybody anyway.
_AFTER_LOAD: Micros = 10 * MINUTE


class Reconciler:
    """The nightly comparisons of every instance."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        ids: Ids,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        reading: LeadReading,
        applier: PeopleApplier,
        alerts: AlertsFlow,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._registry = registry
        self._settings = settings
        self._reading = reading
        self._applier = applier
        self._alerts = alerts
        self._failures: Counter[str] = Counter()

    async def step(self, instance_id: str) -> float:
        """Compare if it is time; return the seconds until it is worth looking again."""
        first = await InitialSyncs(self._database, instance_id).latest()
        if first is None:
            return _IDLE / SECOND
        if first.state in WORKING_STATES:
            return _AFTER_LOAD / SECOND
        settings = await self._settings.get(instance_id)
        latest = await Reconciles(self._database, instance_id).latest()
        now = self._clock.now()
        last_night = first.start_time if latest is None else latest.progress.night_time
        if latest is None or latest.end_time is not None or latest.progress.night_calls >= CALLS_PER_NIGHT:
            due = _night(settings, after=last_night)
            if now < due:
                return (due - now) / SECOND
            latest = self._begun(latest, at=now)
        try:
            night_time = await self._compare(instance_id, latest, settings)
        except (SystemFailure, NotConnected) as error:
            return await self._failed(instance_id, error) / SECOND
        self._failures.pop(instance_id, None)
        return max(_night(settings, after=night_time) - self._clock.now(), SECOND) / SECOND

    def _begun(self, latest: Reconcile | None, *, at: Micros) -> Reconcile:
        """Return the comparison of this night: a new one, or the next part of one that is not over."""
        if latest is None or latest.end_time is not None:
            return Reconcile(self._ids.make("k"), at, progress=ReconcileProgress(night_time=at))
        return replace(latest, progress=replace(latest.progress, night_time=at, night_calls=0))

    async def _compare(self, instance_id: str, run: Reconcile, settings: Settings) -> Micros:
        """Compare page by page until everybody was compared or the night's calls are spent."""
        meter = CallMeter((await self._registry.marketo(instance_id)).calls)
        while run.progress.night_calls < CALLS_PER_NIGHT:
            copies = await Persons(self._database, instance_id).living_after(run.progress.marketo_id, count=PAGE)
            if not copies:
                await self._finish(instance_id, run)
                break
            people = await self._reading.fetch(instance_id, [copy.marketo_id for copy in copies])
            run = await self._apply(instance_id, run, copies, people, settings=settings, calls=meter.take())
        return run.progress.night_time

    async def _apply(
        self,
        instance_id: str,
        run: Reconcile,
        copies: Sequence[Person],
        people: Sequence[MarketoPerson],
        *,
        settings: Settings,
        calls: int,
    ) -> Reconcile:
        """Make the copies of a page equal to what was read, and move on, in one transaction."""
        shown = {person.marketo_id for person in people}
        gone = [copy.marketo_id for copy in copies if copy.marketo_id not in shown]
        is_believed = len(gone) <= max(_FEW, len(copies) // _SHARE)

        async def work(transaction: Transaction) -> Reconcile:
            # What the feeds changed since the copies were looked at is newer than what was read here.
            present = await PersonWrites(transaction, instance_id).many_by_marketo_id([c.marketo_id for c in copies])
            same = {copy.marketo_id for copy in copies if present.get(copy.marketo_id) == copy}
            tally = await self._applier.apply(
                transaction,
                instance_id,
                [person for person in people if person.marketo_id in same],
                person_limit=settings.people.person_limit,
                source=ChangeSource.RECONCILE,
            )
            deleted = 0
            if is_believed:
                deleted = await self._applier.delete(
                    transaction, instance_id, [one for one in gone if one in same], source=ChangeSource.RECONCILE
                )
            report = replace(
                run.report,
                compared=run.report.compared + len(copies),
                changed=run.report.changed + tally.updated,
                deleted=run.report.deleted + deleted,
                withheld=run.report.withheld + (0 if is_believed else len(gone)),
                call_count=run.report.call_count + calls,
            )
            progress = replace(
                run.progress, marketo_id=copies[-1].marketo_id, night_calls=run.progress.night_calls + calls
            )
            after = replace(run, report=report, progress=progress)
            await ReconcileWrites(transaction, instance_id).put(after)
            return after

        return await self._database.write(work)

    async def _finish(self, instance_id: str, run: Reconcile) -> None:
        ended = replace(run, end_time=self._clock.now())

        async def work(transaction: Transaction) -> None:
            await ReconcileWrites(transaction, instance_id).put(ended)

        await self._database.write(work)
        report = run.report
        log.info(
            "people_compared",
            instance_id=instance_id,
            reconcile_id=run.reconcile_id,
            compared=report.compared,
            changed=report.changed,
            deleted=report.deleted,
            withheld=report.withheld,
            call_count=report.call_count,
        )
        if not report.withheld:
            await self._alerts.clear(instance_id, WITHHELD_ALERT)
            return
        await self._alerts.raise_alert(
            instance_id,
            WITHHELD_ALERT,
            system=System.MARKETO,
            message=f"Marketo no longer shows {report.withheld} of our people; so many at once are not taken for "
            "deleted, and their copies stay as they are",
            next_step="check that the API user still sees every workspace and partition; whoever is really gone can be "
            "taken out with ErasePerson",
            owner=ActionOwner.MARKETO_ADMIN,
        )

    async def _failed(self, instance_id: str, error: SystemFailure | NotConnected) -> Micros:
        """Take note and say how long to wait; the comparison goes on where it stands."""
        if isinstance(error, NotConnected):
            return _IDLE
        await note(error, instance_id, registry=self._registry, what="reconcile_interrupted")
        if isinstance(error, Refused | NotPrepared):
            self._reading.forget_fields(instance_id)
        self._failures[instance_id] += 1
        return wait_after(error, failure_count=self._failures[instance_id], now=self._clock.now())


def _night(settings: Settings, *, after: Micros) -> Micros:
    return next_time(NIGHT, settings.unsubscribes.nightly_time_zone, after=after)
