"""Erases a person: our copy, everything done about them, and the trace of their address, but for a suppression.

Marketo and Salesforce keep whom they have. Somebody who is not erased there comes again, as a new copy with a new id,
when Marketo next tells of them; an address that had opted out is then unsubscribed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from actionsync_server.clock import Clock
from actionsync_server.flows.upkeep.suppression import Suppression
from actionsync_server.model.errors import NotFound
from actionsync_server.model.ids import Ids
from actionsync_server.model.persons import Person, email_key
from actionsync_server.store.database import Database, Keep, Reader, Transaction
from actionsync_server.store.person_erasure import PersonErasure, checks_of
from actionsync_server.store.person_merges import PersonMerges, PersonMergeWrites, as_they_are_now
from actionsync_server.store.person_writes import PersonWrites
from actionsync_server.store.persons import Persons
from actionsync_server.store.send_checks import address_digest

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away, and whether it left a suppression."""

    activity_count: int
    suppression_kept: bool


class PersonEraser:
    """Erases people of every instance."""

    def __init__(self, database: Database, clock: Clock, *, ids: Ids, suppression: Suppression) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._suppression = suppression

    async def erase(
        self, instance_id: str, person_id: str, *, reason: str, user_id: str, keep: Keep[Erased] | None = None
    ) -> Erased:
        """Erase a person, with all copies that Marketo merged into it, and `keep` what is answered; raises NotFound."""
        at = self._clock.now()
        erasure_id = self._ids.make("x")
        keys = _addresses(await self._copies(self._database, instance_id, person_id))
        digests = {address_digest(instance_id, key) for key in keys}
        checks = await checks_of(self._database, instance_id, digests) if digests else []

        async def work(transaction: Transaction) -> Erased:
            people = await self._copies(transaction, instance_id, person_id)
            erasure = PersonErasure(transaction, instance_id)
            suppressed = await self._addresses(transaction, instance_id, people, at=at)
            count = await erasure.outreach(people)
            await erasure.checks(checks)
            await PersonMergeWrites(transaction, instance_id).forget([person.marketo_id for person in people])
            await PersonWrites(transaction, instance_id).erase(people, at=at)
            ids = [person.person_id for person in people]
            await erasure.note(erasure_id, ids, reason=reason, user_id=user_id, activity_count=count, at=at)
            erased = Erased(count, suppressed)
            if keep is not None:
                await keep(transaction, erased)
            return erased

        erased = await self._database.write(work)
        log.info("person_erased", instance_id=instance_id, person_id=person_id, erasure_id=erasure_id)
        return erased

    async def _copies(self, reader: Reader, instance_id: str, person_id: str) -> list[Person]:
        """Return the copy that an id means and those that were merged into it: they are one human being."""
        person = (await as_they_are_now(reader, instance_id, [person_id])).get(person_id)
        if person is None:
            raise NotFound("person", person_id)
        losers = (await PersonMerges(reader, instance_id).losers([person.marketo_id])).get(person.marketo_id, [])
        merged = await Persons(reader, instance_id).many_by_marketo_id(losers)
        return [person, *merged.values()]

    async def _addresses(
        self, transaction: Transaction, instance_id: str, people: Sequence[Person], *, at: int
    ) -> bool:
        """Suppress the addresses that had opted out; remove those that nobody else has. Return whether any had."""
        keys = _addresses(people)
        standing = await self._suppression.standing(transaction, instance_id, keys)
        # An opt-out that was carried from another address counts for both.
        opted_out = set(standing) | {one.email_key for one in standing.values()}
        await self._suppression.keep(transaction, instance_id, opted_out, at=at)
        erased = {person.person_id for person in people}
        holders = await Persons(transaction, instance_id).by_email(keys)
        shared = {key for key, those in holders.items() if any(one.person_id not in erased for one in those)}
        await PersonErasure(transaction, instance_id).addresses(keys - shared)
        return bool(opted_out)


def _addresses(people: Sequence[Person]) -> set[str]:
    return {email_key(person.fields.email) for person in people} - {""}
