"""Model to contract and back, for people and their syncs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actionsync.v1 import person_sync_pb2 as pb
from actionsync.v1.common_pb2 import ItemError
from actionsync.v1.error_reason_pb2 import ErrorReason

from actionsync_server.clock import Micros
from actionsync_server.flows.people.explaining import Explanation
from actionsync_server.flows.people.lookups import PersonKey, ShownPerson
from actionsync_server.flows.people.status import SyncStatus
from actionsync_server.flows.upkeep.erasing import Erased
from actionsync_server.model.initial_syncs import Failure, InitialSync
from actionsync_server.model.quotas import Flow
from actionsync_server.model.synced_fields import SyncedField
from actionsync_server.rpc import convert
from actionsync_server.store.changes import Change
from actionsync_server.store.quota_usage import QuotaUsage
from actionsync_server.store.sync_cursors import Cursor


def key(message: pb.PersonKey) -> PersonKey:
    """Read the name of a person; the limits have made sure that there is one."""
    return PersonKey(person_id=message.person_id, marketo_id=message.marketo_id, salesforce_id=message.salesforce_id)


def person_message(shown: ShownPerson, view: int) -> pb.Person:
    """Write a person with the fields of a view."""
    person, fields = shown.person, shown.person.fields
    message = pb.Person(
        person_id=person.person_id,
        marketo_id=person.marketo_id,
        first_name=fields.first_name,
        last_name=fields.last_name,
        email=fields.email,
        company=fields.company,
        title=fields.title,
        phone=fields.phone,
        linkedin_url=fields.linkedin_url,
        source=fields.source,
        salesforce_lead_id=fields.salesforce_lead_id,
        salesforce_contact_id=fields.salesforce_contact_id,
        qualification=convert.number(person.qualification),
        qualification_reason=convert.number(person.qualification_reason),
        revision=person.revision,
        unsubscribed=shown.unsubscribed,
        create_time=convert.timestamp(person.create_time),
        update_time=convert.timestamp(person.update_time),
    )
    if view != pb.PERSON_VIEW_FAQ:
        message.salesforce_account_id = fields.salesforce_account_id
        message.salesforce_opportunity_id = fields.salesforce_opportunity_id
    return message


def change_message(change: Change, shown: ShownPerson | None) -> pb.PersonChange:
    """Write one change with the person as it is now; of an erased one nothing but the id is left."""
    kind: Any = change.type
    return pb.PersonChange(
        type=kind,
        person=pb.Person(person_id=change.subject_id) if shown is None else person_message(shown, pb.PERSON_VIEW_ALL),
        merged_into_person_id=change.detail.get("merged_into_person_id", ""),
        change_time=convert.timestamp(change.change_time),
    )


def initial_sync_message(sync: InitialSync) -> pb.InitialSync:
    """Write an initial sync."""
    tally = sync.tally
    return pb.InitialSync(
        initial_sync_id=sync.initial_sync_id,
        state=convert.number(sync.state),
        method=convert.number(sync.method),
        processed_count=tally.processed,
        expected_count=sync.expected_count,
        created_count=tally.created,
        updated_count=tally.updated,
        unchanged_count=tally.unchanged,
        skipped=[
            pb.SkipCount(reason=convert.number(reason), person_count=count)
            for reason, count in sorted(tally.skipped.items(), key=lambda one: one[0].value)
        ],
        call_count=sync.call_count,
        finished_chunk_count=sync.finished_chunk_count,
        chunk_count=sync.chunk_count,
        wait_reason=sync.wait_reason,
        wait_until_time=convert.timestamp(sync.wait_until_time),
        error=_error(sync.error),
        start_user_id=sync.start_user_id,
        start_time=convert.timestamp(sync.start_time),
        end_time=convert.timestamp(sync.end_time),
    )


def field_messages(fields: Sequence[SyncedField]) -> list[pb.SyncedField]:
    """Write synced fields."""
    return [
        pb.SyncedField(
            name=field.name,
            label=field.label,
            marketo_name=field.marketo_name,
            salesforce_lead_field=field.salesforce_lead_field,
            salesforce_contact_field=field.salesforce_contact_field,
            in_faq=field.in_faq,
        )
        for field in fields
    ]


def status_message(status: SyncStatus) -> pb.GetSyncStatusResponse:
    """Write how current the copy is."""
    initial = status.initial_sync
    return pb.GetSyncStatusResponse(
        initial_sync=None if initial is None else initial_sync_message(initial),
        feeds=[_feed(cursor, status.time) for cursor in status.feeds],
        counts=[
            pb.QualificationCount(qualification=convert.number(qualification), person_count=count)
            for qualification, count in status.counts.items()
        ],
        over_limit_count=status.over_limit_count,
        quotas=[_quota(usage) for usage in status.quotas],
        incremental_running=status.incremental_running,
    )


def explanation_message(explanation: Explanation) -> pb.ExplainPersonResponse:
    """Write why somebody is here or not."""
    shown = explanation.shown
    return pb.ExplainPersonResponse(
        person=None if shown is None else person_message(shown, pb.PERSON_VIEW_ALL),
        qualification=convert.number(explanation.qualification),
        reason=convert.number(explanation.reason),
        explanation=explanation.text,
        events=[
            pb.PersonEvent(
                event_time=convert.timestamp(event.time),
                description=event.description,
                origin=convert.number(event.origin),
            )
            for event in explanation.events
        ],
    )


def erased_message(erased: Erased) -> pb.ErasePersonResponse:
    """Write what an erasure took away."""
    return pb.ErasePersonResponse(erased_activity_count=erased.activity_count, suppression_kept=erased.suppression_kept)


def _feed(cursor: Cursor, now: Micros) -> pb.FeedStatus:
    return pb.FeedStatus(
        feed=convert.number(cursor.feed),
        cursor_time=convert.timestamp(cursor.cursor_time),
        lag=convert.duration(max(now - cursor.cursor_time, 0)),
        last_poll_time=convert.timestamp(cursor.last_poll_time),
        error=_error(cursor.error),
    )


def _quota(usage: QuotaUsage) -> pb.QuotaUsage:
    return pb.QuotaUsage(
        system=convert.number(usage.system),
        own_call_count=usage.own_call_count,
        used_call_count=usage.used_call_count,
        limit_call_count=usage.limit_call_count,
        flows=[
            pb.FlowCalls(flow=flow.label, call_count=usage.flows.get(flow, 0), held_back=flow in usage.held_back)
            for flow in Flow
            if usage.flows.get(flow, 0) or flow in usage.held_back
        ],
        spent_time=convert.timestamp(usage.spent_time),
    )


def _error(failure: Failure | None) -> ItemError | None:
    if failure is None:
        return None
    reason: Any = ErrorReason.Value(f"ERROR_REASON_{failure.reason}")
    return ItemError(code=failure.code, reason=reason, message=failure.message)
