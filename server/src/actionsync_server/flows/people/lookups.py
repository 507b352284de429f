"""How callers find people: by key, many at once, in lists. Reads our store alone; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from actionsync_server.flows.upkeep.suppression import Suppression
from actionsync_server.model.errors import NotFound
from actionsync_server.model.persons import Person, email_key
from actionsync_server.store.database import Database
from actionsync_server.store.person_merges import present
from actionsync_server.store.persons import PagePosition, PersonFilter, Persons


@dataclass(frozen=True, slots=True)
class PersonKey:
    """One way to name a person: exactly one of the three is set."""

    person_id: str = ""
    marketo_id: int = 0
    salesforce_id: str = ""

    def __str__(self) -> str:
        """Return the key as errors show it."""
        return self.person_id or self.salesforce_id or str(self.marketo_id)


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """A person with what is known of its address."""

    person: Person
    unsubscribed: bool


class PeopleLookup:
    """The people of every instance, for callers."""

    def __init__(self, database: Database, suppression: Suppression) -> None:
        self._database = database
        self._suppression = suppression

    async def get(self, instance_id: str, key: PersonKey) -> ShownPerson:
        """Return one person; raises NotFound."""
        found = (await self.many(instance_id, [key]))[0]
        if found is None:
            raise NotFound("person", str(key))
        return found

    async def many(self, instance_id: str, keys: Sequence[PersonKey]) -> list[ShownPerson | None]:
        """Return one entry for each key, in their order; None where there is nobody.

        Of somebody whom Marketo merged into another it is the winner: that is who they are now.
        """
        persons = Persons(self._database, instance_id)
        by_id = await persons.many([key.person_id for key in keys if key.person_id])
        by_marketo = await persons.many_by_marketo_id([key.marketo_id for key in keys if key.marketo_id])
        by_salesforce = await persons.many_by_salesforce_id([key.salesforce_id for key in keys if key.salesforce_id])
        found = [
            by_id.get(key.person_id) or by_marketo.get(key.marketo_id) or by_salesforce.get(key.salesforce_id)
            for key in keys
        ]
        known = [person for person in found if person is not None]
        winners = await present(self._database, instance_id, known)
        shown = iter(await self._shown(instance_id, [winners.get(person.person_id, person) for person in known]))
        return [None if person is None else next(shown) for person in found]

    async def by_id(self, instance_id: str, person_ids: Collection[str]) -> dict[str, ShownPerson]:
        """Return the people that exist, by id."""
        found = await Persons(self._database, instance_id).many(person_ids)
        return {one.person.person_id: one for one in await self._shown(instance_id, list(found.values()))}

    async def page(
        self, instance_id: str, wanted: PersonFilter, *, after: PagePosition | None, count: int
    ) -> list[ShownPerson]:
        """Return up to `count` people of a listing after a position."""
        found = await Persons(self._database, instance_id).page(wanted, after=after, count=count)
        return await self._shown(instance_id, found)

    async def _shown(self, instance_id: str, found: Sequence[Person]) -> list[ShownPerson]:
        keys = {email_key(person.fields.email) for person in found} - {""}
        unsubscribed = await self._suppression.standing(self._database, instance_id, keys) if keys else {}
        return [ShownPerson(person, email_key(person.fields.email) in unsubscribed) for person in found]
