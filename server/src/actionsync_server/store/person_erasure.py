"""Takes people out of every table, in one transaction. What is left is that somebody was erased, when and by whom."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import SubjectKind
from actionsync_server.model.persons import Person
from actionsync_server.store.changes import ChangeKind
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import (
    activities,
    carried_unsubscribes,
    changes,
    deliveries,
    delivery_attempts,
    erasures,
    grid_reads,
    grid_rows,
    over_limit_persons,
    reminder_tasks,
    requests,
    roll_ups,
    send_checks,
    task_links,
    touched_leads,
    unsubscribe_events,
    unsubscribes,
)
from actionsync_server.store.statement import Statement, any_of

#: Checks looked at in one query.
_CHECKS = 5_000


def _delete(table: object, column: str) -> Statement:
    where = table.c  # type: ignore[attr-defined]
    return Statement(
        delete(table).where(where.instance_id == bindparam("of_instance"), any_of(where[column], "of_keys"))  # type: ignore[arg-type]
    )


_REMINDERS = Statement(
    select(reminder_tasks.c.reminder_task_id).where(
        reminder_tasks.c.instance_id == bindparam("instance_id"), any_of(reminder_tasks.c.person_id, "person_ids")
    )
)
_DELIVERIES = Statement(
    select(deliveries.c.delivery_id).where(
        deliveries.c.instance_id == bindparam("instance_id"), any_of(deliveries.c.person_id, "person_ids")
    )
)
_OF_REMINDERS = Statement(
    select(deliveries.c.delivery_id).where(
        deliveries.c.instance_id == bindparam("instance_id"),
        deliveries.c.subject_kind == SubjectKind.REMINDER_TASK.value,
        any_of(deliveries.c.subject_id, "subject_ids"),
    )
)
_BY_PERSON = (_delete(activities, "person_id"), _delete(carried_unsubscribes, "person_id"))
_BY_DELIVERY = (_delete(delivery_attempts, "delivery_id"), _delete(deliveries, "delivery_id"))
_BY_REMINDER = (_delete(task_links, "reminder_task_id"), _delete(reminder_tasks, "reminder_task_id"))
_BY_MARKETO_ID = tuple(
    _delete(table, "marketo_id") for table in (grid_rows, grid_reads, over_limit_persons, touched_leads)
)
_BY_RECORD = (_delete(roll_ups, "record_id"),)
_BY_ADDRESS = tuple(_delete(table, "email_key") for table in (unsubscribes, unsubscribe_events, carried_unsubscribes))
#: An earlier release named the address itself in its changes.
_CHANGES_OF_ADDRESS = Statement(
    delete(changes).where(
        changes.c.instance_id == bindparam("of_instance"),
        changes.c.kind == ChangeKind.UNSUBSCRIBE.value,
        any_of(changes.c.subject_id, "of_keys"),
    )
)
#: Kept answers of the last day, by what they contain.
_ANSWERS = Statement(
    delete(requests).where(
        requests.c.instance_id == bindparam("of_instance"),
        or_(
            func.instr(requests.c.response, bindparam("person_id_bytes")) > 0,
            func.instr(requests.c.response, bindparam("address_bytes")) > 0,
        ),
    )
)
_CHECKS_OF = Statement(
    select(send_checks.c.check_id, send_checks.c.verdicts)
    .where(send_checks.c.instance_id == bindparam("instance_id"), send_checks.c.check_id > bindparam("after"))
    .order_by(send_checks.c.check_id)
    .limit(bindparam("count"))
)
_REWRITE_CHECK = Statement(
    update(send_checks)
    .where(send_checks.c.instance_id == bindparam("of_instance"), send_checks.c.check_id == bindparam("of_check"))
    .values(verdicts=bindparam("verdicts"))
)
_NOTE = Statement(insert(erasures))
_ERASURES = Statement(
    select(erasures.c.erase_time, erasures.c.user_id).where(
        erasures.c.instance_id == bindparam("instance_id"), erasures.c.person_id == bindparam("person_id")
    )
)


async def checks_of(reader: Reader, instance_id: str, digests: Collection[str]) -> list[tuple[str, str]]:
    """Return the send checks that speak of these address digests, as (id, verdicts without them).

    Nothing finds a check by address, so all are looked at, in portions; erasing is rare.
    """
    found: list[tuple[str, str]] = []
    after = ""
    while rows := await reader.rows(_CHECKS_OF, {"instance_id": instance_id, "after": after, "count": _CHECKS}):
        after = rows[-1]["check_id"]
        for row in rows:
            if any(digest in row["verdicts"] for digest in digests):
                verdicts = json.loads(row["verdicts"])
                kept = {digest: verdict for digest, verdict in verdicts.items() if digest not in digests}
                found.append((row["check_id"], json.dumps(kept)))
    return found


async def erasure_of(reader: Reader, instance_id: str, person_id: str) -> tuple[Micros, str] | None:
    """Return when, and by whom, somebody with this id was erased."""
    row = await reader.row(_ERASURES, {"instance_id": instance_id, "person_id": person_id})
    return None if row is None else (row["erase_time"], row["user_id"])


class PersonErasure:
    """Erases in one instance, inside a transaction. The rows of the people themselves go with `PersonWrites.erase`."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        self._transaction = transaction
        self._instance_id = instance_id

    async def outreach(self, people: Sequence[Person]) -> int:
        """Remove all that was done about people; return how many activities that were."""
        person_ids = [person.person_id for person in people]
        reminder_ids = await self._ids(_REMINDERS, person_ids=person_ids)
        delivery_ids = await self._ids(_DELIVERIES, person_ids=person_ids)
        delivery_ids += await self._ids(_OF_REMINDERS, subject_ids=reminder_ids)
        await self._delete(_BY_DELIVERY, delivery_ids)
        await self._delete(_BY_REMINDER, reminder_ids)
        await self._delete(_BY_MARKETO_ID, [person.marketo_id for person in people])
        records = (
            record
            for person in people
            for record in (person.fields.salesforce_contact_id, person.fields.salesforce_lead_id)
        )
        await self._delete(_BY_RECORD, [record for record in records if record])
        for person in people:
            await self._transaction.execute(
                _ANSWERS,
                {
                    "of_instance": self._instance_id,
                    "person_id_bytes": person.person_id.encode(),
                    # Nothing contains the id twice; without an address it is looked for twice.
                    "address_bytes": (person.fields.email or person.person_id).encode(),
                },
            )
        return (await self._delete(_BY_PERSON, person_ids))[0]

    async def addresses(self, email_keys: Collection[str]) -> None:
        """Remove the unsubscribes of addresses and their history."""
        await self._delete((*_BY_ADDRESS, _CHANGES_OF_ADDRESS), sorted(email_keys))

    async def checks(self, rewritten: Sequence[tuple[str, str]]) -> None:
        """Store send checks without those who are erased."""
        await self._transaction.execute_many(
            _REWRITE_CHECK,
            [
                {"of_instance": self._instance_id, "of_check": check_id, "verdicts": verdicts}
                for check_id, verdicts in rewritten
            ],
        )

    async def note(
        self, erasure_id: str, person_ids: Sequence[str], *, reason: str, user_id: str, activity_count: int, at: Micros
    ) -> None:
        """Keep for ever that somebody was erased: a row for each id that the person had."""
        await self._transaction.execute_many(
            _NOTE,
            [
                {
                    "instance_id": self._instance_id,
                    "erasure_id": f"{erasure_id}-{place}" if place else erasure_id,
                    "person_id": person_id,
                    "reason": reason,
                    "user_id": user_id,
                    "erased_activity_count": 0 if place else activity_count,
                    "erase_time": at,
                }
                for place, person_id in enumerate(person_ids)
            ],
        )

    async def _ids(self, statement: Statement, **parameters: list[str]) -> list[str]:
        rows = await self._transaction.rows(statement, {"instance_id": self._instance_id, **parameters})
        return [str(row[0]) for row in rows]

    async def _delete(self, statements: Sequence[Statement], keys: Sequence[str | int]) -> list[int]:
        parameters = {"of_instance": self._instance_id, "of_keys": list(keys)}
        return [await self._transaction.execute(statement, parameters) for statement in statements]
