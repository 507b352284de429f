"""Sales unsubscribes: recorded once for an address, whoever of its people it came from."""

from __future__ import annotations

from actionsync_server.clock import Clock
from actionsync_server.model.errors import FailedPrecondition, NotFound
from actionsync_server.model.ids import Ids
from actionsync_server.model.persons import email_key
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeSource
from actionsync_server.store import changes
from actionsync_server.store.changes import ChangeKind, change_row
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.persons import Persons
from actionsync_server.store.unsubscribes import Unsubscribes, UnsubscribeWrites

_UNSUBSCRIBED = 1  # type of a change of this kind


class UnsubscribesFlow:
    """Records and lists unsubscribes."""

    def __init__(self, database: Database, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def address_of(self, instance_id: str, person_id: str) -> str:
        """Return a person's present address; raises NotFound, or FailedPrecondition when there is none."""
        person = await Persons(self._database, instance_id).get(person_id)
        if person is None:
            raise NotFound("person", person_id)
        if not person.fields.email:
            raise FailedPrecondition(
                f"person {person_id!r} has no email address; add one in Salesforce or Marketo first",
                reason="WRONG_STATE",
                metadata={"resource": "person", "id": person_id},
            )
        return person.fields.email

    async def record(
        self, instance_id: str, address: str, *, source: UnsubscribeSource, reason: str, user_id: str
    ) -> tuple[Unsubscribe, bool]:
        """Record an unsubscribe; return it and whether the address was unsubscribed before."""
        at = self._clock.now()
        wanted = Unsubscribe(self._ids.make("u"), email_key(address), source, reason, user_id, at)
        event_id = self._ids.make("e")

        async def work(transaction: Transaction) -> tuple[Unsubscribe, bool]:
            writes = UnsubscribeWrites(transaction, instance_id)
            known = (await writes.find([wanted.email_key])).get(wanted.email_key)
            if known is not None:
                return known, True
            await writes.add(wanted, event_id=event_id)
            row = change_row(
                instance_id,
                ChangeKind.UNSUBSCRIBE,
                wanted.unsubscribe_id,
                type=_UNSUBSCRIBED,
                at=at,
                detail={"event_id": event_id},
            )
            await changes.record(transaction, [row])
            return wanted, False

        return await self._database.write(work)

    async def page(self, instance_id: str, *, prefix: str, after: str, count: int) -> list[Unsubscribe]:
        """Return a page of the unsubscribed addresses, oldest first."""
        return await Unsubscribes(self._database, instance_id).page(prefix=email_key(prefix), after=after, count=count)
