"""Model to contract and back, for checks and unsubscribes."""

from __future__ import annotations

from collections.abc import Sequence

from actionsync.v1 import unsubscribe_check_pb2 as contract
from actionsync.v1.common_pb2 import Freshness as FreshnessMessage

from actionsync_server.clock import SECOND
from actionsync_server.flows.check import Authorization, Freshness, Recipient
from actionsync_server.model.deliveries import Delivery
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeEvent
from actionsync_server.model.verdicts import Evidence, RecipientKind, Verdict
from actionsync_server.rpc import convert


def freshness(message: FreshnessMessage) -> Freshness:
    """Read how fresh an answer must be."""
    which = message.WhichOneof("requirement")
    return Freshness(
        max_age=convert.micros(message.max_age) if which == "max_age" else None,
        live=which == "live" and message.live,
        stored=which == "stored" and message.stored,
    )


def recipient(message: contract.Recipient) -> Recipient:
    """Read one recipient."""
    kind = convert.enum(RecipientKind, message.kind, unspecified=RecipientKind.TO)
    return Recipient(message.email, message.person_id, kind)


def verdict_message(verdict: Verdict) -> contract.Verdict:
    """Write a verdict."""
    return contract.Verdict(
        decision=convert.number(verdict.decision),
        reason=convert.number(verdict.reason),
        evidence=[_evidence_message(evidence) for evidence in verdict.evidence],
        notes=[convert.number(note) for note in verdict.notes],
        retry_after=None if verdict.retry_after is None else convert.duration(int(verdict.retry_after * SECOND)),
        give_up_time=convert.timestamp(verdict.give_up_time),
        explanation=verdict.explanation,
    )


def _evidence_message(evidence: Evidence) -> contract.Evidence:
    return contract.Evidence(
        source=convert.number(evidence.source),
        evidence_time=convert.timestamp(evidence.evidence_time),
        cached=evidence.cached,
        marketo_person_count=evidence.marketo_person_count,
        unsubscribe_id=evidence.unsubscribe_id,
    )


def summary_messages(authorization: Authorization) -> list[contract.VerdictCount]:
    """Write the send summary, in the order of decisions and reasons."""
    counts = sorted(authorization.summary().items(), key=lambda item: (item[0][0].value, item[0][1].value))
    return [
        contract.VerdictCount(decision=convert.number(decision), reason=convert.number(reason), recipient_count=count)
        for (decision, reason), count in counts
    ]


def unsubscribe_message(stored: Unsubscribe, pushes: Sequence[Delivery]) -> contract.Unsubscribe:
    """Write an unsubscribe with its pushes to Salesforce."""
    return contract.Unsubscribe(
        unsubscribe_id=stored.unsubscribe_id,
        email=stored.email_key,
        source=convert.number(stored.source),
        reason=stored.reason,
        user_id=stored.user_id,
        unsubscribe_time=convert.timestamp(stored.unsubscribe_time),
        deliveries=[convert.delivery(one) for one in pushes],
    )


def event_message(event: UnsubscribeEvent) -> contract.UnsubscribeEvent:
    """Write one entry of an address's history."""
    return contract.UnsubscribeEvent(
        event_time=convert.timestamp(event.event_time),
        unsubscribed=event.unsubscribed,
        source=convert.number(event.source),
        reason=event.reason,
        consent=event.consent,
        user_id=event.user_id,
    )


def change_message(event: UnsubscribeEvent) -> contract.UnsubscribeChange:
    """Write what happened to an address."""
    return contract.UnsubscribeChange(email=event.email_key, event=event_message(event))
