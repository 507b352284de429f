"""Marks the Tasks of sent mails with what their recipients did: all that is due of one mail in one row.

A mark goes out by the login that wrote the Task. Nothing is ever made here: a Task that somebody deleted stays deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import Block
from actionsync_server.flows.delivery.outcomes import Outcome, again, delivered, of_standing, put_back, skipped
from actionsync_server.flows.delivery.parcels import Parcel, load
from actionsync_server.flows.delivery.salesforce_group import of_call, refusal
from actionsync_server.flows.delivery.salesforce_logins import SalesforceLogins, login_of
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.flows.logging.mail_facts import Mail, mail_facts, mail_of
from actionsync_server.flows.logging.notices import OrgNotices
from actionsync_server.flows.logging.records import RecordFinder
from actionsync_server.flows.logging.tasks import Task, TaskResult, TaskWriter
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.deliveries import Delivery, DeliveryReason
from actionsync_server.model.engagements import MailFacts, because_of_mail, duty, marks
from actionsync_server.model.errors import SystemFailure
from actionsync_server.model.settings import DuplicateRule, LoggingSettings
from actionsync_server.store.database import Database
from actionsync_server.store.delivery_queue import Lane
from actionsync_server.systems.salesforce import Salesforce


@dataclass(frozen=True, slots=True)
class _Mail:
    """One mail with the parcels that are due of it."""

    facts: MailFacts
    parcels: Sequence[Parcel]

    @property
    def task_id(self) -> str:
        return self.facts.delivery.external_id if self.facts.delivery is not None else ""

    @property
    def seller_id(self) -> str:
        return self.facts.send.content.user_id if self.facts.send is not None else ""


class EngagementWriter:
    """The writer of one instance's lane of engagements."""

    lot_size = 300
    one_per_person = False
    first_look: Micros = 0

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        lane: Lane,
        logins: SalesforceLogins,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        alerts: AlertsFlow,
    ) -> None:
        self._database = database
        self._clock = clock
        self._instance_id = lane.instance_id
        self._registry = registry
        self._settings = settings
        self._logins = logins
        self._notices = OrgNotices(clock, alerts, instance_id=lane.instance_id)

    async def block(self) -> Block | None:
        """Return why nothing can be written: not connected, or what the last call met."""
        return await self._logins.block()

    async def write(self, deliveries: Sequence[Delivery]) -> Written:
        """Write one row for each mail, login by login."""
        settings = (await self._settings.get(self._instance_id)).logging
        parcels, written = await load(self._database, self._instance_id, deliveries)
        facts = await mail_facts(self._database, self._instance_id, [one.activity.content for one in parcels])
        by_mail: dict[Mail, list[Parcel]] = {}
        for parcel in parcels:
            outcome = self._settled(parcel, facts[mail_of(parcel.activity.content)], settings)
            if outcome is not None:
                written.append((parcel.delivery, outcome))
            else:
                by_mail.setdefault(mail_of(parcel.activity.content), []).append(parcel)
        mails = [_Mail(facts[mail], several) for mail, several in by_mail.items()]
        clients, refusals = await self._logins.of_sellers([mail.seller_id for mail in mails], settings.log_as)
        groups: dict[str, list[_Mail]] = {}
        for mail in mails:
            if mail.seller_id in refusals:
                written += _all(mail, refusals[mail.seller_id])
            else:
                groups.setdefault(login_of(mail.seller_id, settings.log_as), []).append(mail)
        for login_id, group in groups.items():
            written += await self._by_login(clients[group[0].seller_id], login_id, group, settings)
        return written

    async def look_up(self, deliveries: Sequence[Delivery]) -> Written:
        """Let them be written again: the same mark twice does no harm."""
        now = self._clock.now()
        return [(delivery, again(now)) for delivery in deliveries]

    def _settled(self, parcel: Parcel, facts: MailFacts, settings: LoggingSettings) -> Outcome | None:
        """Return what needs no call: turned off, no Task to mark, or marked already."""
        kind = parcel.activity.type
        _, reason = duty(kind, replace(settings, log_replies=False), bcc_logging=parcel.seller.bcc_logging)
        if reason is not None:
            return skipped(reason)
        standing = because_of_mail(facts, since=parcel.delivery.create_time, now=self._clock.now())
        if standing is not None:
            return of_standing(standing)
        if kind in facts.told and facts.delivery is not None:
            return delivered(facts.delivery.external_id).not_attempted()
        return None

    async def _by_login(
        self, client: Salesforce, login_id: str, group: Sequence[_Mail], settings: LoggingSettings
    ) -> Written:
        if self._logins.closed_to_all():
            now = self._clock.now()
            return [row for mail in group for row in _all(mail, put_back(now))]
        try:
            outcomes = await self._outcomes(client, login_id, group, settings)
        except SystemFailure as failure:
            await self._logins.note(failure, login_id)
            now = self._clock.now()
            return [(one.delivery, of_call(failure, one.delivery, now=now)) for mail in group for one in mail.parcels]
        self._logins.answered(login_id, client)
        return [row for mail in group for row in _all(mail, outcomes[mail.task_id])]

    async def _outcomes(
        self, client: Salesforce, login_id: str, group: Sequence[_Mail], settings: LoggingSettings
    ) -> dict[str, Outcome]:
        """Mark the Tasks of mails; return what came of each, by the Task's id. Raises the SystemFailure family."""
        described = await client.describe("Task")
        await self._notices.look(login_id, described, settings)
        finder = RecordFinder(await self._registry.salesforce(self._instance_id), settings)
        writer = TaskWriter(client, finder)
        copies = await self._copies(writer, group, settings)
        tasks: list[Task] = []
        outcomes: dict[str, Outcome] = {}
        for mail in group:
            wanted = marks(frozenset(one.activity.type for one in mail.parcels) | mail.facts.happened)
            task = writer.change(mail.task_id, mail.task_id, wanted, described)
            if task.record.fields:
                tasks += [task, *(replace(task, task_id=other) for other in copies.get(mail.task_id, ()))]
            else:
                nowhere = skipped(DeliveryReason.NO_RECORD_FOR_TYPE)
                outcomes[mail.task_id] = self._with_warnings(nowhere, login_id, task)
        firsts = {mail.task_id: mail.parcels[0].delivery for mail in group}
        for result in await writer.write(tasks, described):
            task = result.task
            if task.task_id == task.key:  # what becomes of further Tasks of the mail does not count
                outcome = _outcome(result, firsts[task.key])
                outcomes[task.key] = self._with_warnings(outcome, login_id, task)
        return outcomes

    def _with_warnings(self, outcome: Outcome, login_id: str, task: Task) -> Outcome:
        return replace(outcome, warnings=tuple(self._notices.first_today(login_id, task.record.warnings)))

    async def _copies(
        self, writer: TaskWriter, group: Sequence[_Mail], settings: LoggingSettings
    ) -> Mapping[str, Sequence[str]]:
        """Return the further Tasks of each mail, where an address with several records gets one on each."""
        if settings.duplicate_rule is not DuplicateRule.ALL:
            return {}
        keys = {mail.facts.send.activity_id: mail.task_id for mail in group if mail.facts.send is not None}
        found = await writer.copies(list(keys))
        return {keys[key]: [one for one in ids if one != keys[key]] for key, ids in found.items()}


def _outcome(result: TaskResult, delivery: Delivery) -> Outcome:
    if result.task_id:
        return delivered(result.task_id)
    if result.gone:
        return replace(skipped(DeliveryReason.NO_MATCHING_RECORD), attempted=True)
    return refusal(delivery, result.errors[0])


def _all(mail: _Mail, outcome: Outcome) -> Written:
    return [(parcel.delivery, outcome) for parcel in mail.parcels]
