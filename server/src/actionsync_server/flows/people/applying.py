"""Where a reading of Marketo people meets our copies: compares, writes what differs, keeps the ceiling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from actionsync_server.clock import Clock, Micros
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System
from actionsync_server.model.ids import Ids
from actionsync_server.model.initial_syncs import Tally
from actionsync_server.model.persons import MarketoPerson, Person, Qualification, SkipReason
from actionsync_server.model.qualification import Outcome, decide, tombstone
from actionsync_server.store.alerts import Alert, AlertWrites
from actionsync_server.store.database import Transaction
from actionsync_server.store.person_merges import PersonMerges, PersonMergeWrites
from actionsync_server.store.person_writes import ChangeSource, PersonChangeType, PersonWrites, over_limit_count
from actionsync_server.store.persons import Persons

PERSON_LIMIT_ALERT = "person_limit_reached"


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """New people, and changed ones as they were and are."""

    instance_id: str
    created: Sequence[Person]
    changed: Sequence[tuple[Person, Person]]
    at: Micros


@dataclass(frozen=True, slots=True)
class PeopleMerge:
    """A person, and those whom Marketo merged into it."""

    instance_id: str
    winner: Person
    losers: Sequence[Person]
    at: Micros


class PeopleFollower(Protocol):
    """What hangs on people and goes where they go, in the same transaction."""

    async def people_changed(self, transaction: Transaction, change: PeopleChange) -> None:
        """Take notice of new and of changed people."""
        ...

    async def people_merged(self, transaction: Transaction, merge: PeopleMerge) -> None:
        """Hand what hangs on the losers of a merge to its winner. A merge may be told more than once."""
        ...


class PeopleApplier:
    """Applies readings inside the transaction of whoever read: rows, change log, counts and checkpoint are one."""

    def __init__(self, ids: Ids, clock: Clock, *, followers: Sequence[PeopleFollower] = ()) -> None:
        self._ids = ids
        self._clock = clock
        self._followers = followers

    async def apply(
        self,
        transaction: Transaction,
        instance_id: str,
        people: Sequence[MarketoPerson],
        *,
        person_limit: int,
        leaving: int = 0,
        source: ChangeSource = ChangeSource.FEED,
    ) -> Tally:
        """Make our copies equal to what was read, as far as people qualify and there is room.

        `leaving` is how many copies this transaction is going to turn into tombstones: their places are free.
        """
        writes = PersonWrites(transaction, instance_id)
        read = {person.marketo_id: person for person in people}
        existing = await writes.many_by_marketo_id(read)
        at = self._clock.now()
        free = person_limit + leaving - await held_count(writes)
        created: list[Person] = []
        changed: list[tuple[Person, Person]] = []
        left_out: dict[int, SkipReason] = {}
        unchanged = 0
        for marketo_id, lead in read.items():
            known = existing.get(marketo_id)
            person_id = "" if known is not None else self._ids.make("p")
            decision = decide(known, lead, person_id=person_id, room=len(created) < free, at=at)
            if decision.outcome is Outcome.CREATE and decision.person is not None:
                created.append(decision.person)
            elif decision.outcome is Outcome.UPDATE and decision.person is not None and known is not None:
                changed.append((known, decision.person))
            elif decision.outcome is Outcome.LEAVE_OUT:
                left_out[marketo_id] = decision.reason
            else:
                unchanged += 1
        await writes.create(created, source=source)
        await writes.update(changed, source=source)
        for follower in self._followers:
            await follower.people_changed(transaction, PeopleChange(instance_id, created, changed, at))
        await self._hand_over(transaction, instance_id, created, at=at)
        over_limit = [one for one, reason in left_out.items() if reason is SkipReason.OVER_LIMIT]
        if await over_limit_count(transaction, instance_id):
            await writes.drop_over_limit([one for one in read if left_out.get(one) is not SkipReason.OVER_LIMIT])
        if over_limit:
            await writes.leave_out_over_limit(over_limit, at=at)
            await AlertWrites(transaction, instance_id).raise_alert(_limit_alert(person_limit, at=at))
        return Tally(len(created), len(changed), unchanged, dict(Counter(left_out.values())))

    async def delete(
        self,
        transaction: Transaction,
        instance_id: str,
        marketo_ids: Sequence[int],
        *,
        source: ChangeSource = ChangeSource.FEED,
    ) -> int:
        """Turn the copies of people whom Marketo deleted into tombstones; return how many there were."""
        writes = PersonWrites(transaction, instance_id)
        at = self._clock.now()
        living = _living((await writes.many_by_marketo_id(marketo_ids)).values())
        await writes.update(
            [(one, tombstone(one, at=at)) for one in living], type=PersonChangeType.DELETED, source=source
        )
        await writes.drop_over_limit(marketo_ids)
        return len(living)

    async def merge(self, transaction: Transaction, instance_id: str, winner_id: int, loser_ids: Sequence[int]) -> None:
        """Turn the losers of a merge into tombstones and let what hangs on them follow to the last winner.

        The winner itself has been read and applied before. One who has no copy yet gets everything together with it.
        Merges and deletions may come in any order, and more than once.
        """
        writes = PersonWrites(transaction, instance_id)
        at = self._clock.now()
        last, new = await PersonMergeWrites(transaction, instance_id).add(winner_id, loser_ids, at=at)
        found = await writes.many_by_marketo_id([last, *new])
        winner = found.pop(last, None)
        await writes.update(
            [(one, tombstone(one, at=at)) for one in found.values()],
            type=PersonChangeType.MERGED,
            detail={} if winner is None else {"merged_into_person_id": winner.person_id},
        )
        if winner is not None and new:
            await self._hand_over(transaction, instance_id, [winner], at=at)
        await writes.drop_over_limit(loser_ids)

    async def _hand_over(
        self, transaction: Transaction, instance_id: str, winners: Sequence[Person], *, at: Micros
    ) -> None:
        """Hand to winners of merges what hangs on the copies of those who lost."""
        merged = await PersonMerges(transaction, instance_id).losers([one.marketo_id for one in winners])
        if not merged:
            return
        lost = [loser for losers in merged.values() for loser in losers]
        copies = await Persons(transaction, instance_id).many_by_marketo_id(lost)
        for winner in winners:
            losers = [copies[one] for one in merged.get(winner.marketo_id, ()) if one in copies]
            for follower in self._followers if losers else ():
                await follower.people_merged(transaction, PeopleMerge(instance_id, winner, losers, at))


async def living_count(persons: Persons, marketo_ids: Sequence[int]) -> int:
    """Return how many of these people have a copy that is no tombstone."""
    return len(_living((await persons.many_by_marketo_id(marketo_ids)).values()))


async def held_count(persons: Persons) -> int:
    """Return how many people the instance holds; tombstones do not count."""
    counts = await persons.counts()
    return counts[Qualification.QUALIFIED] + counts[Qualification.NOT_QUALIFIED]


def _living(found: Iterable[Person]) -> list[Person]:
    return [one for one in found if one.qualification is not Qualification.DELETED]


def _limit_alert(person_limit: int, *, at: int) -> Alert:
    return Alert(
        name=PERSON_LIMIT_ALERT,
        message=f"the instance holds the {person_limit} people it may; no more are copied, the others stay current",
        next_step="raise people.person_limit, or let fewer people have an owner in Salesforce",
        owner=ActionOwner.ADMIN,
        start_time=at,
        system=System.ACTIONSYNC,
    )
