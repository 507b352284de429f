"""Tells why a Marketo person is or is not here, and the life of its copy: ids and names of fields, never values.

A copy is explained from the store alone. Of somebody without one Marketo is asked, once, as nothing here knows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actionsync_server.clock import Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.people.lookups import PeopleLookup, PersonKey, ShownPerson
from actionsync_server.flows.people.reading import LeadReading
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.errors import NotFound, System
from actionsync_server.model.persons import MarketoPerson, Person, Qualification, SkipReason, salesforce_id
from actionsync_server.model.qualification import judge
from actionsync_server.store.changes import Change
from actionsync_server.store.database import Database
from actionsync_server.store.person_erasure import erasure_of
from actionsync_server.store.person_history import changes_of
from actionsync_server.store.person_merges import PersonMerges, present
from actionsync_server.store.person_writes import ChangeSource, PersonChangeType
from actionsync_server.store.persons import Persons

#: Changes that are told; the newest count.
_MOST_CHANGES = 500

_WHY: dict[SkipReason, str] = {
    SkipReason.NOT_IN_SALESFORCE: (
        "exists in Marketo only; it is copied when Marketo's sync links it with a Salesforce lead or contact that a "
        "user owns"
    ),
    SkipReason.NO_OWNER: "has a Salesforce record without an owner; assign a user as owner in Salesforce",
    SkipReason.OWNED_BY_QUEUE: "is owned by a queue; assign a user as owner in Salesforce",
    SkipReason.DELETED_IN_SALESFORCE: (
        "has a Salesforce record that is deleted; restore it there, or let Marketo sync the person to Salesforce "
        "again, with a user as owner"
    ),
    SkipReason.OVER_LIMIT: (
        "qualifies, but the instance holds as many people as it may; raise people.person_limit, or let fewer people "
        "have an owner"
    ),
    SkipReason.DELETED_IN_MARKETO: (
        "is deleted in Marketo; nothing brings it back, a new Marketo person gets a new copy"
    ),
}
_OWNER_UNKNOWN = (
    "may qualify, but its owner cannot be told: Marketo keeps the owners of contacts to itself and Salesforce does not "
    "show this contact; connect Salesforce with a user who may see it"
)
_SOURCES = {
    ChangeSource.INITIAL_SYNC.value: "the initial sync",
    ChangeSource.RECONCILE.value: "the nightly comparison with Marketo",
}


@dataclass(frozen=True, slots=True)
class PersonEvent:
    """One event in the life of a copy."""

    time: Micros
    description: str
    origin: System


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody is here or not. Without a copy `shown` is None; `qualification` is None for who was erased."""

    shown: ShownPerson | None
    qualification: Qualification | None
    reason: SkipReason
    text: str
    events: Sequence[PersonEvent] = ()


class PeopleExplanation:
    """Explains the people of every instance."""

    def __init__(
        self,
        database: Database,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        reading: LeadReading,
        lookup: PeopleLookup,
    ) -> None:
        self._database = database
        self._registry = registry
        self._settings = settings
        self._reading = reading
        self._lookup = lookup

    async def explain(self, instance_id: str, key: PersonKey) -> Explanation:
        """Explain one person. Raises NotFound; for somebody without a copy NotConnected and Marketo's failures too."""
        copy = await self._copy(instance_id, key)
        if copy is not None:
            return await self._of_copy(instance_id, copy)
        if key.person_id:
            return await self._erased(instance_id, key.person_id)
        return await self._of_stranger(instance_id, key)

    async def _copy(self, instance_id: str, key: PersonKey) -> Person | None:
        """Return the copy with this very key: who was merged has a life of their own to tell."""
        persons = Persons(self._database, instance_id)
        if key.person_id:
            return await persons.get(key.person_id)
        if key.marketo_id:
            return await persons.by_marketo_id(key.marketo_id)
        return await persons.by_salesforce_id(key.salesforce_id)

    async def _of_copy(self, instance_id: str, person: Person) -> Explanation:
        shown = (await self._lookup.by_id(instance_id, [person.person_id]))[person.person_id]
        winner = (await present(self._database, instance_id, [person])).get(person.person_id)
        who = f"Marketo person {person.marketo_id}"
        if winner is not None:
            text = f"{who} was merged into {winner.marketo_id}, which is {winner.person_id} here; use that one."
        elif person.qualification is Qualification.QUALIFIED:
            text = f"{who} is here because a Salesforce user owns its lead or contact."
        else:
            text = f"{who} {_WHY[person.qualification_reason]}."
        if person.qualification is Qualification.NOT_QUALIFIED:
            text += (
                " The copy is kept as it was, gets no new mail, and goes on under the same id when it qualifies again."
            )
        events = await self._life(instance_id, person)
        return Explanation(shown, person.qualification, person.qualification_reason, text, events)

    async def _life(self, instance_id: str, person: Person) -> list[PersonEvent]:
        told = await changes_of(self._database, instance_id, person.person_id, count=_MOST_CHANGES)
        events = [_event(change) for change in told]
        if not told or told[0].type != PersonChangeType.CREATED.value:
            text = f"copied from Marketo as {person.person_id}; what happened next is no longer in the log of changes"
            events.insert(0, PersonEvent(person.create_time, text, System.MARKETO))
        for loser, time in (await PersonMerges(self._database, instance_id).into(person.marketo_id)).items():
            text = f"Marketo person {loser} was merged into this one; activities, deliveries and reminders came along"
            events.append(PersonEvent(time, text, System.MARKETO))
        return sorted(events, key=lambda one: one.time)

    async def _erased(self, instance_id: str, person_id: str) -> Explanation:
        erasure = await erasure_of(self._database, instance_id, person_id)
        if erasure is None:
            raise NotFound("person", person_id)
        time, user_id = erasure
        text = (
            f"{person_id} was erased on request. Whom Marketo still has comes again, as a new copy with a new id, when "
            "a synced field or the owner changes or an initial sync runs; erase the person in Marketo to prevent that."
        )
        event = PersonEvent(time, f"erased on request of user {user_id}", System.ACTIONSYNC)
        return Explanation(None, None, SkipReason.NONE, text, [event])

    async def _of_stranger(self, instance_id: str, key: PersonKey) -> Explanation:
        lead = await self._ask(instance_id, key)
        if lead is None:
            raise NotFound("person", str(key))
        verdict = judge(lead)
        who = f"Marketo person {lead.marketo_id}"
        if verdict is None:
            return Explanation(None, Qualification.NOT_QUALIFIED, SkipReason.NO_OWNER, f"{who} {_OWNER_UNKNOWN}.")
        if verdict.qualification is not Qualification.QUALIFIED:
            return Explanation(None, verdict.qualification, verdict.reason, f"{who} {_WHY[verdict.reason]}.")
        if await self._is_full(instance_id):
            why = SkipReason.OVER_LIMIT
            return Explanation(None, Qualification.QUALIFIED, why, f"{who} {_WHY[why]}.")
        text = f"{who} qualifies and has no copy yet; it comes with the next reading of the feeds, or an initial sync."
        return Explanation(None, Qualification.QUALIFIED, SkipReason.NONE, text)

    async def _ask(self, instance_id: str, key: PersonKey) -> MarketoPerson | None:
        if key.marketo_id:
            found = await self._reading.fetch(instance_id, [key.marketo_id])
        else:
            record = salesforce_id(key.salesforce_id)
            filter_type = "sfdcContactId" if record.startswith("003") else "sfdcLeadId"
            found = await self._reading.fetch_by(instance_id, filter_type, [record])
        return found[0] if found else None

    async def _is_full(self, instance_id: str) -> bool:
        counts = await Persons(self._database, instance_id).counts()
        held = counts[Qualification.QUALIFIED] + counts[Qualification.NOT_QUALIFIED]
        return held >= (await self._settings.get(instance_id)).people.person_limit


def _event(change: Change) -> PersonEvent:
    """Tell one change in plain language."""
    detail = change.detail
    source = _SOURCES.get(detail.get("source", ""))
    by = f" by {source}" if source else ""
    kind = PersonChangeType(change.type)
    if kind is PersonChangeType.CREATED:
        text = f"copied from Marketo as {change.subject_id}{by}"
    elif kind is PersonChangeType.DELETED:
        text = "deleted in Marketo; activities and history are kept, nothing new is delivered"
        text += ", found out by the nightly comparison" if detail.get("source") == ChangeSource.RECONCILE.value else ""
    elif kind is PersonChangeType.MERGED:
        winner = detail.get("merged_into_person_id") or "a person without a copy yet"
        text = f"merged in Marketo into {winner}"
    elif kind is PersonChangeType.ERASED:
        text = "erased on request"
    else:
        text = _update(change) + by
    origin = System.ACTIONSYNC if kind is PersonChangeType.ERASED else System.MARKETO
    return PersonEvent(change.change_time, text, origin)


def _update(change: Change) -> str:
    parts = []
    if "qualification" in change.detail:
        now, reason = change.detail["qualification"]
        qualified = Qualification(now) is Qualification.QUALIFIED
        why = SkipReason(reason).name.replace("_", " ").lower()
        parts.append("qualifies again" if qualified else f"no longer qualifies: {why}")
    if "fields" in change.detail:
        parts.append("changed in Marketo: " + ", ".join(change.detail["fields"]))
    return "; ".join(parts) or "changed in Marketo"
