"""Who is a sales lead, and what that makes of our copy.

    never qualified ──(gets an owner who is a user)──▶ QUALIFIED ◀──▶ NOT_QUALIFIED (frozen) ──▶ DELETED (tombstone)

A person who never qualified has no copy at all. One who stops qualifying keeps a frozen copy under the same id and
revives with it. A tombstone never revives: Marketo does not give an id twice, so what looks like a return is old news.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from actionsync_server.clock import Micros
from actionsync_server.model.persons import MarketoPerson, Person, Qualification, SkipReason

#: Key prefix of Salesforce users; queues have 00G.
USER_PREFIX = "005"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a Marketo person is a sales lead now, and why not."""

    qualification: Qualification
    reason: SkipReason


_YES = Verdict(Qualification.QUALIFIED, SkipReason.NONE)


def judge(lead: MarketoPerson) -> Verdict | None:
    """Tell whether a Marketo person qualifies; None when its owner cannot be told at present."""
    if lead.deleted_in_salesforce:
        return _no(SkipReason.DELETED_IN_SALESFORCE)
    if lead.owner_id is None:
        return None
    if lead.owner_id.startswith(USER_PREFIX):
        return _YES
    if lead.owner_id:
        return _no(SkipReason.OWNED_BY_QUEUE)
    known = lead.record_type or lead.fields.salesforce_lead_id or lead.fields.salesforce_contact_id
    return _no(SkipReason.NO_OWNER if known else SkipReason.NOT_IN_SALESFORCE)


def _no(reason: SkipReason) -> Verdict:
    return Verdict(Qualification.NOT_QUALIFIED, reason)


class Outcome(Enum):
    """What a reading of a Marketo person does to our copy."""

    CREATE = 1
    UPDATE = 2
    NOTHING = 3
    LEAVE_OUT = 4


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome with the copy as it is afterwards (None: there is none) and the reason for leaving somebody out."""

    outcome: Outcome
    person: Person | None
    reason: SkipReason = SkipReason.NONE


def decide(existing: Person | None, lead: MarketoPerson, *, person_id: str, room: bool, at: Micros) -> Decision:
    """Compare our copy with a reading of its Marketo person.

    `person_id` is the id of a copy that has to be made, `room` whether the instance may hold one more.
    The revision moves only when a synced field or the qualification really differs.
    """
    verdict = judge(lead)
    if existing is None:
        return _appear(lead, verdict, person_id=person_id, room=room, at=at)
    if existing.qualification is Qualification.DELETED:
        return Decision(Outcome.NOTHING, existing)
    if verdict is None:
        verdict = Verdict(existing.qualification, existing.qualification_reason)
    # A copy that does not qualify is frozen, so that replies to earlier mail still find their sender.
    fields = lead.fields if verdict.qualification is Qualification.QUALIFIED else existing.fields
    unchanged = (
        existing.qualification is verdict.qualification
        and existing.qualification_reason is verdict.reason
        and existing.fields == fields
    )
    if unchanged:
        return Decision(Outcome.NOTHING, existing)
    changed = Person(
        existing.person_id,
        existing.marketo_id,
        fields,
        verdict.qualification,
        verdict.reason,
        existing.revision + 1,
        existing.create_time,
        at,
    )
    return Decision(Outcome.UPDATE, changed)


def _appear(lead: MarketoPerson, verdict: Verdict | None, *, person_id: str, room: bool, at: Micros) -> Decision:
    if verdict is None:
        return Decision(Outcome.LEAVE_OUT, None, SkipReason.NO_OWNER)
    if verdict.qualification is not Qualification.QUALIFIED:
        return Decision(Outcome.LEAVE_OUT, None, verdict.reason)
    if not room:
        return Decision(Outcome.LEAVE_OUT, None, SkipReason.OVER_LIMIT)
    person = Person(person_id, lead.marketo_id, lead.fields, verdict.qualification, verdict.reason, 1, at, at)
    return Decision(Outcome.CREATE, person)


def tombstone(existing: Person, *, at: Micros) -> Person:
    """Return the copy of somebody whom Marketo deleted or merged into another: what we knew stays, as history."""
    return replace(
        existing,
        qualification=Qualification.DELETED,
        qualification_reason=SkipReason.DELETED_IN_MARKETO,
        revision=existing.revision + 1,
        update_time=at,
    )
