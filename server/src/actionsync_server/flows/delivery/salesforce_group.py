"""Writes the Tasks of one login, and reads what Salesforce says to each as an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actionsync_server.clock import HOUR, Clock, Micros
from actionsync_server.flows.delivery.outcomes import (
    Outcome,
    delivered,
    failed,
    retry,
    skipped,
)
from actionsync_server.flows.delivery.parcels import Parcel
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.flows.logging.records import RecordFinder
from actionsync_server.flows.logging.tasks import Task, TaskResult, TaskWriter
from actionsync_server.model.activities import ReceivedSalesCall
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.model.persons import email_key, salesforce_id
from actionsync_server.model.salesforce_tasks import wanted
from actionsync_server.model.settings import LogAs, LoggingSettings
from actionsync_server.systems.explain import FailureKind, explain, judge
from actionsync_server.systems.salesforce import ObjectDescription, RowError

#: A record in an approval stays locked for hours or days.
LOCKED_WAIT: Micros = HOUR
#: A fault of Salesforce that shows so often will not go away by itself.
MOST_FAULTS = 3


@dataclass(frozen=True, slots=True)
class Addressed:
    """A parcel with the records that its Tasks go to."""

    parcel: Parcel
    record_ids: Sequence[str]


class GroupWriter:
    """Writes what goes out by one login."""

    def __init__(self, writer: TaskWriter, finder: RecordFinder, clock: Clock, *, settings: LoggingSettings) -> None:
        self._writer = writer
        self._finder = finder
        self._clock = clock
        self._settings = settings

    async def write(self, group: Sequence[Addressed]) -> Written:
        """Return an outcome for each parcel. Raises the SystemFailure family and OrgNotPrepared."""
        described = await self._writer.describe()
        results = await self._results(group, described)
        astray = [one for one in group if _may_go_by_address(one, results[one.parcel.delivery.delivery_id])]
        nowhere: set[str] = set()
        if astray:
            # The person's record is no more: then mail goes by the address, as if there had never been one.
            found = await self._finder.by_address([one.parcel.person for one in astray])
            known = [(one, found.get(email_key(one.parcel.person.fields.email))) for one in astray]
            nowhere = {one.parcel.delivery.delivery_id for one, record_ids in known if not record_ids}
            elsewhere = [Addressed(one.parcel, record_ids) for one, record_ids in known if record_ids]
            results |= await self._results(elsewhere, described)
        written: Written = []
        for one in group:
            delivery = one.parcel.delivery
            if delivery.delivery_id in nowhere:
                written.append((delivery, skipped(DeliveryReason.NO_MATCHING_RECORD)))
            else:
                written.append((delivery, self._outcome(one.parcel, results[delivery.delivery_id])))
        return written

    async def _results(self, group: Sequence[Addressed], described: ObjectDescription) -> dict[str, list[TaskResult]]:
        """Write the Tasks of each parcel; return their results by delivery id."""
        tasks: list[Task] = []
        owners: dict[str, str] = {}
        for one in group:
            for key, record_id in _keys(one):
                tasks.append(self._task(one.parcel, key, record_id, described))
                owners[key] = one.parcel.delivery.delivery_id
        results: dict[str, list[TaskResult]] = {}
        for result in await self._writer.write(tasks, described):
            results.setdefault(owners[result.task.key], []).append(result)
        return results

    def _task(self, parcel: Parcel, key: str, record_id: str, described: ObjectDescription) -> Task:
        fields = wanted(
            parcel.activity,
            seller=parcel.seller,
            template=self._settings.subject_template,
            who_id=record_id,
            owner_id=salesforce_id(parcel.seller.salesforce_user_id),
        )
        return self._writer.task(key, fields, described, repeated=parcel.delivery.attempt_count > 0)

    def _outcome(self, parcel: Parcel, results: Sequence[TaskResult]) -> Outcome:
        """Return what its Tasks mean for a delivery: again if any may still succeed, done if any is there."""
        refusals = [refusal(parcel.delivery, result.errors[0], gone=result.gone) for result in results if result.errors]
        for one in refusals:
            if one.state is DeliveryState.RETRYING:
                return one
        # The first Task has the shortest key.
        there = sorted((result for result in results if result.task_id), key=lambda result: len(result.task.key))
        if not there:
            return refusals[0]
        told = []
        if self._settings.log_as is LogAs.INTEGRATION_USER and not parcel.seller.salesforce_user_id:
            told.append("the seller has no Salesforce user; the Task belongs to the connected one")
        for result in results:
            told += result.task.record.warnings
            told += [f"no Task on {result.task.who_id}: {error.status_code}" for error in result.errors]
        return delivered(there[0].task_id, warnings=tuple(told))


def refusal(delivery: Delivery, error: RowError, *, gone: bool = False) -> Outcome:
    """Return what Salesforce's refusal of one row means."""
    known = explain(System.SALESFORCE, error.status_code, error.message)
    kind = judge(System.SALESFORCE, error.status_code, error.message)
    if error.status_code == "UNKNOWN_EXCEPTION" and delivery.attempt_count + 1 >= MOST_FAULTS:
        return failed(DeliveryReason.REFUSED, known)
    if kind in (FailureKind.BUSY, FailureKind.QUOTA, FailureKind.UNKNOWN):
        return retry(known, least_wait=LOCKED_WAIT if error.status_code == "ENTITY_IS_LOCKED" else 0)
    return failed(DeliveryReason.PERSON_GONE if gone else DeliveryReason.REFUSED, known)


def _keys(one: Addressed) -> list[tuple[str, str]]:
    """Return external id and record of each Task: the first bears the activity's id, others add their record's."""
    activity_id = one.parcel.activity.activity_id
    return [
        (activity_id if place == 0 else f"{activity_id}:{record_id}", record_id)
        for place, record_id in enumerate(one.record_ids)
    ]


def _may_go_by_address(one: Addressed, results: Sequence[TaskResult]) -> bool:
    is_call = isinstance(one.parcel.activity.content.detail, ReceivedSalesCall)
    return not is_call and all(result.gone for result in results)
