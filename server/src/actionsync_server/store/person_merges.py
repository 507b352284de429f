"""Into whom Marketo merged somebody, and whom an id means now.

Merges are kept by Marketo id, whether or not there are copies: a copy may come later, and rows of the feed may arrive
in any order. Of a chain (A into B, B into C) every row names the last winner, so that a look-up is one step.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from actionsync_server.clock import Micros
from actionsync_server.model.persons import Person, Qualification
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.persons import Persons
from actionsync_server.store.schema import person_merges
from actionsync_server.store.statement import Statement, any_of

_MINE = person_merges.c.instance_id == bindparam("instance_id")
_OF_LOSERS = Statement(select(person_merges).where(_MINE, any_of(person_merges.c.loser_marketo_id, "marketo_ids")))
_OF_WINNERS = Statement(
    select(person_merges)
    .where(_MINE, any_of(person_merges.c.winner_marketo_id, "marketo_ids"))
    .order_by(person_merges.c.loser_marketo_id)
)
_ADD = Statement(
    lambda insert_into: insert_into(person_merges).on_conflict_do_nothing(
        index_elements=["instance_id", "loser_marketo_id"]
    )
)
_FOLLOW = Statement(
    update(person_merges)
    .where(
        person_merges.c.instance_id == bindparam("of_instance"),
        person_merges.c.winner_marketo_id == bindparam("of_winner"),
    )
    .values(winner_marketo_id=bindparam("winner_marketo_id"))
)
_FORGET = Statement(
    delete(person_merges).where(
        person_merges.c.instance_id == bindparam("of_instance"),
        any_of(person_merges.c.loser_marketo_id, "marketo_ids"),
    )
)


class PersonMerges:
    """The merges of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def winners(self, marketo_ids: Collection[int]) -> dict[int, int]:
        """Return the last winner of each of these people who lost a merge, by Marketo id."""
        rows = await self._rows(_OF_LOSERS, marketo_ids)
        return {row["loser_marketo_id"]: row["winner_marketo_id"] for row in rows}

    async def losers(self, marketo_ids: Collection[int]) -> dict[int, list[int]]:
        """Return everybody who went into each of these people, at last, by Marketo id."""
        found: dict[int, list[int]] = {}
        for row in await self._rows(_OF_WINNERS, marketo_ids):
            found.setdefault(row["winner_marketo_id"], []).append(row["loser_marketo_id"])
        return found

    async def into(self, marketo_id: int) -> dict[int, Micros]:
        """Return who went into a person, with the time at which we learned of it."""
        return {row["loser_marketo_id"]: row["merge_time"] for row in await self._rows(_OF_WINNERS, [marketo_id])}

    async def _rows(self, statement: Statement, marketo_ids: Collection[int]) -> list[Row]:
        if not marketo_ids:
            return []
        parameters: dict[str, Any] = {"instance_id": self._instance_id, "marketo_ids": sorted(set(marketo_ids))}
        return await self._reader.rows(statement, parameters)


class PersonMergeWrites(PersonMerges):
    """New merges of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, winner_id: int, loser_ids: Collection[int], *, at: Micros) -> tuple[int, list[int]]:
        """Note a merge down; return who has won at last, and which of the losers are new as such.

        A merge that would go round in a circle is old news, and nobody is new in it.
        """
        last = (await self.winners([winner_id])).get(winner_id, winner_id)
        known = await self.winners(loser_ids)
        new = [one for one in dict.fromkeys(loser_ids) if one not in known and one != last]
        for loser_id in new:
            await self._transaction.execute(
                _ADD,
                {
                    "instance_id": self._instance_id,
                    "loser_marketo_id": loser_id,
                    "winner_marketo_id": last,
                    "merge_time": at,
                },
            )
            await self._transaction.execute(
                _FOLLOW, {"of_instance": self._instance_id, "of_winner": loser_id, "winner_marketo_id": last}
            )
        return last, new

    async def forget(self, marketo_ids: Collection[int]) -> None:
        """Forget that these people lost a merge."""
        await self._transaction.execute(
            _FORGET, {"of_instance": self._instance_id, "marketo_ids": sorted(set(marketo_ids))}
        )


async def present(reader: Reader, instance_id: str, people: Collection[Person]) -> dict[str, Person]:
    """Return whom Marketo merged these people into, by the id of the loser; those who lost no merge are left out.

    Costs nothing where nobody of them is gone, which is nearly always.
    """
    gone = {one.marketo_id: one for one in people if one.qualification is Qualification.DELETED}
    if not gone:
        return {}
    winners = await PersonMerges(reader, instance_id).winners(list(gone))
    copies = await Persons(reader, instance_id).many_by_marketo_id(set(winners.values()))
    return {gone[loser].person_id: copies[winner] for loser, winner in winners.items() if winner in copies}


async def as_they_are_now(reader: Reader, instance_id: str, person_ids: Collection[str]) -> dict[str, Person]:
    """Return the people whom these ids of ours mean today: of somebody who was merged, the winner."""
    found = await Persons(reader, instance_id).many(person_ids)
    return found | await present(reader, instance_id, list(found.values()))
