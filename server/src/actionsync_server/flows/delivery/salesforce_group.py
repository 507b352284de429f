"""Writes the Tasks of one login, and reads what Salesforce says to each as an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actionsync_server.clock import HOUR, Micros
from actionsync_server.flows.delivery.outcomes import (
    Outcome,
    delivered,
    failed,
    of_failure,
    retry,
    skipped,
)
from actionsync_server.flows.delivery.parcels import Parcel
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.flows.logging.notices import OrgNotices
from actionsync_server.flows.logging.records import RecordFinder
from actionsync_server.flows.logging.tasks import Task, TaskResult, TaskWriter
from actionsync_server.model.activities import ActivityType
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.engagements import NO_FACTS, MailFacts, marks
from actionsync_server.model.errors import System, SystemFailure
from actionsync_server.model.persons import email_key, salesforce_id
from actionsync_server.model.salesforce_tasks import opportunity_of, wanted
from actionsync_server.model.settings import LogAs, LoggingSettings
from actionsync_server.systems.explain import FailureKind, explain, judge
from actionsync_server.systems.salesforce import ObjectDescription, RowError

#: What lasts for hours or days: a record in an approval, the maintenance of an org.
SLOW_CODES = frozenset({"ENTITY_IS_LOCKED", "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"})
SLOW_WAIT: Micros = HOUR
#: A fault of Salesforce that shows so often will not go away by itself.
MOST_FAULTS = 3
_FAULT = "UNKNOWN_EXCEPTION"


@dataclass(frozen=True, slots=True)
class Addressed:
    """A parcel with the records that its Tasks go to.

    `mail` is what is known of the mail that it is about. `linked_task_id` is the Task of the reminder that it does,
    which becomes the activity's; `reminder_name` is the reminder's.
    """

    parcel: Parcel
    record_ids: Sequence[str]
    mail: MailFacts = NO_FACTS
    linked_task_id: str = ""
    reminder_name: str = ""


class GroupWriter:
    """Writes what goes out by one login."""

    def __init__(
        self,
        writer: TaskWriter,
        finder: RecordFinder,
        notices: OrgNotices,
        *,
        login_id: str,
        settings: LoggingSettings,
    ) -> None:
        self._writer = writer
        self._finder = finder
        self._notices = notices
        self._login_id = login_id
        self._settings = settings

    async def write(self, group: Sequence[Addressed]) -> Written:
        """Return an outcome for each parcel. Raises the SystemFailure family and OrgNotPrepared."""
        described = await self._writer.describe()
        await self._notices.look(self._login_id, described, self._settings)
        results = await self._results(group, described)
        deleted = [one for one in group if one.linked_task_id and results[_id(one)][0].gone]
        if deleted:
            # Somebody deleted the reminder's Task: the activity gets one of its own.
            results |= await self._results([replace(one, linked_task_id="") for one in deleted], described)
        astray = [one for one in group if _may_go_by_address(one, results[_id(one)])]
        nowhere: set[str] = set()
        if astray:
            # The person's record is no more: then mail goes by the address, as if there had never been one.
            found = await self._finder.by_address([one.parcel.person for one in astray])
            known = [(one, found.get(email_key(one.parcel.person.fields.email))) for one in astray]
            nowhere = {_id(one) for one, record_ids in known if not record_ids}
            elsewhere = [replace(one, record_ids=record_ids) for one, record_ids in known if record_ids]
            results |= await self._results(elsewhere, described)
        marked = await self._mark_replied([one for one in group if _id(one) not in nowhere], results, described)
        written: Written = []
        for one in group:
            if _id(one) in nowhere:
                outcome = skipped(DeliveryReason.NO_MATCHING_RECORD)
            else:
                outcome = self._outcome(one.parcel, results[_id(one)], marked.get(_id(one)))
            written.append((one.parcel.delivery, outcome))
        return written

    async def _results(self, group: Sequence[Addressed], described: ObjectDescription) -> dict[str, list[TaskResult]]:
        """Write the Tasks of each parcel; return their results by delivery id."""
        tasks: list[Task] = []
        owners: dict[str, str] = {}
        for one in group:
            for key, record_id in _keys(one):
                tasks.append(self._task(one, key, record_id, described))
                owners[key] = _id(one)
        results: dict[str, list[TaskResult]] = {}
        for result in await self._writer.write(tasks, described):
            results.setdefault(owners[result.task.key], []).append(result)
        return results

    async def _mark_replied(
        self, group: Sequence[Addressed], results: Mapping[str, Sequence[TaskResult]], described: ObjectDescription
    ) -> dict[str, TaskResult]:
        """Mark the Tasks of mails whose reply now has its own; return the results by delivery id."""
        tasks: dict[str, Task] = {}
        for one in group:
            send = one.mail.delivery
            kind = one.parcel.activity.type
            logged = any(result.task_id for result in results[_id(one)])
            if kind is not ActivityType.REPLIED_TO_SALES_EMAIL or not logged or kind in one.mail.told:
                continue
            if send is None or send.state is not DeliveryState.DELIVERED:
                continue  # its Send brings the mark along
            task = self._writer.change(_id(one), send.external_id, marks({kind}), described)
            if task.record.fields:
                tasks[_id(one)] = task
        return {result.task.key: result for result in await self._writer.write(list(tasks.values()), described)}

    def _task(self, one: Addressed, key: str, record_id: str, described: ObjectDescription) -> Task:
        parcel = one.parcel
        fields = wanted(
            parcel.activity,
            seller=parcel.seller,
            template=self._settings.subject_template,
            who_id=record_id,
            owner_id=salesforce_id(parcel.seller.salesforce_user_id),
            what_id=opportunity_of(parcel.person, record_id),
            reminder_name=one.reminder_name,
        )
        if parcel.activity.type is ActivityType.SEND_SALES_EMAIL:
            fields |= marks(one.mail.happened)
        if one.linked_task_id and key == parcel.activity.activity_id:
            return self._writer.take_over(key, one.linked_task_id, fields, described)
        return self._writer.task(key, fields, described, repeated=parcel.delivery.attempt_count > 0)

    def _outcome(self, parcel: Parcel, results: Sequence[TaskResult], mark: TaskResult | None) -> Outcome:
        """Return what its Tasks mean for a delivery: again if any may still succeed, done if any is there."""
        refusals = [refusal(parcel.delivery, result.errors[0], gone=result.gone) for result in results if result.errors]
        if mark is not None and mark.errors and not mark.gone:
            refusals.append(refusal(parcel.delivery, mark.errors[0]))
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
        of_org: list[str] = []
        for result in results:
            of_org += result.task.record.warnings
            told += [f"no Task on {result.task.who_id}: {error.status_code}" for error in result.errors]
        if mark is not None:
            of_org += mark.task.record.warnings
            told += [f"the mail's Task is not marked as replied: {error.status_code}" for error in mark.errors]
        return delivered(there[0].task_id, warnings=(*told, *self._notices.first_today(self._login_id, of_org)))


def refusal(delivery: Delivery, error: RowError, *, gone: bool = False) -> Outcome:
    """Return what Salesforce's refusal of one row means."""
    known = explain(System.SALESFORCE, error.status_code, error.message)
    kind = judge(System.SALESFORCE, error.status_code, error.message)
    if error.status_code == _FAULT and delivery.attempt_count + 1 >= MOST_FAULTS:
        return failed(DeliveryReason.REFUSED, known)
    if kind in (FailureKind.BUSY, FailureKind.QUOTA, FailureKind.UNKNOWN):
        return retry(known, least_wait=SLOW_WAIT if error.status_code in SLOW_CODES else 0)
    return failed(DeliveryReason.PERSON_GONE if gone else DeliveryReason.REFUSED, known)


def of_call(failure: SystemFailure, delivery: Delivery, *, now: Micros) -> Outcome:
    """Return what a failed call means for one delivery that it carried."""
    outcome = of_failure(failure, now=now)
    lasting = failure.system_code == _FAULT and delivery.attempt_count + 1 >= MOST_FAULTS
    return failed(DeliveryReason.REFUSED, outcome.error) if lasting else outcome


def _id(one: Addressed) -> str:
    return one.parcel.delivery.delivery_id


def _keys(one: Addressed) -> list[tuple[str, str]]:
    """Return external id and record of each Task: the first bears the activity's id, others add their record's."""
    activity_id = one.parcel.activity.activity_id
    return [
        (activity_id if place == 0 else f"{activity_id}:{record_id}", record_id)
        for place, record_id in enumerate(one.record_ids)
    ]


def _may_go_by_address(one: Addressed, results: Sequence[TaskResult]) -> bool:
    is_call = one.parcel.activity.type is ActivityType.RECEIVED_SALES_CALL
    return not is_call and all(result.gone for result in results)
