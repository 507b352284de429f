"""Reminder tasks and their links to Salesforce Tasks."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, tuple_, update

from actionsync_server.model.errors import System
from actionsync_server.model.reminders import ReminderKind, ReminderPriority, ReminderState, ReminderTask, TaskLink
from actionsync_server.store import changes
from actionsync_server.store.changes import ChangeKind, change_row
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import reminder_tasks as tasks
from actionsync_server.store.schema import task_links as links
from actionsync_server.store.statement import Statement, any_of

#: Stands for no due date, after every date.
_UNDATED = "~"

_MINE = tasks.c.instance_id == bindparam("instance_id")
_MY_LINKS = links.c.instance_id == bindparam("instance_id")
_BY_ID = Statement(select(tasks).where(_MINE, any_of(tasks.c.reminder_task_id, "ids")))
_LINKS = Statement(select(links).where(_MY_LINKS, any_of(links.c.reminder_task_id, "ids")))
_LINKS_BY_TASK = Statement(select(links).where(_MY_LINKS, any_of(links.c.salesforce_task_id, "ids")))
_COLUMNS = tuple(column.name for column in tasks.columns)
_KEYS = ("instance_id", "reminder_task_id")
_INSERT = Statement(insert(tasks))
_UPDATE = Statement(
    update(tasks)
    .where(tasks.c.instance_id == bindparam("of_instance"), tasks.c.reminder_task_id == bindparam("of_task"))
    .values({name: bindparam(name) for name in _COLUMNS if name not in _KEYS})
)
_LINK = Statement(
    lambda insert_into: (statement := insert_into(links)).on_conflict_do_update(
        index_elements=["instance_id", "reminder_task_id"],
        set_={
            name: statement.excluded[name]
            for name in ("salesforce_task_id", "salesforce_subject", "synced_values", "synced_modstamp")
        },
    )
)
_UNLINK = Statement(
    delete(links).where(
        links.c.instance_id == bindparam("of_instance"), links.c.reminder_task_id == bindparam("of_task")
    )
)


@dataclass(frozen=True, slots=True)
class ReminderFilter:
    """What a listing shows. Empty and None mean: whatever it is. Deleted tasks are never listed."""

    state: ReminderState = ReminderState.OPEN
    user_id: str = ""
    person_id: str = ""
    due_dates: Sequence[str] = ()


class Reminders:
    """The reminder tasks of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def get(self, reminder_task_id: str) -> ReminderTask | None:
        """Return one task, also a deleted one."""
        return (await self.many([reminder_task_id])).get(reminder_task_id)

    async def many(self, ids: Collection[str]) -> dict[str, ReminderTask]:
        """Return the tasks that exist, by id, also deleted ones."""
        return {row["reminder_task_id"]: _task(row) for row in await self._rows(_BY_ID, ids=sorted(set(ids)))}

    async def links(self, ids: Collection[str]) -> dict[str, TaskLink]:
        """Return the links of tasks, by our id."""
        return {row["reminder_task_id"]: _link(row) for row in await self._rows(_LINKS, ids=sorted(set(ids)))}

    async def links_by_task(self, task_ids: Collection[str]) -> dict[str, TaskLink]:
        """Return the links of Salesforce Tasks, by their id."""
        rows = await self._rows(_LINKS_BY_TASK, ids=sorted(set(task_ids)))
        return {row["salesforce_task_id"]: _link(row) for row in rows}

    async def page(self, wanted: ReminderFilter, *, after: tuple[str, str] | None, count: int) -> list[ReminderTask]:
        """Return up to `count` tasks of a listing after (due date, id), by due date; those without one come last."""
        statement = _page_statement(
            by_user=bool(wanted.user_id),
            by_person=bool(wanted.person_id),
            date_count=len(wanted.due_dates),
            first=after is None,
        )
        parameters: dict[str, Any] = {"state": wanted.state.value, "count": count}
        parameters |= {f"date_{place}": date for place, date in enumerate(wanted.due_dates)}
        if wanted.user_id:
            parameters["user_id"] = wanted.user_id
        if wanted.person_id:
            parameters["person_id"] = wanted.person_id
        if after is not None:
            parameters |= {"after_date": after[0] or _UNDATED, "after_id": after[1]}
        return [_task(row) for row in await self._rows(statement, **parameters)]

    async def _rows(self, statement: Statement, **parameters: Any) -> list[Row]:
        return await self._reader.rows(statement, {"instance_id": self._instance_id, **parameters})


class ReminderWrites(Reminders):
    """Changes of the reminder tasks of one instance; each goes into the change log with it."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, new: Sequence[ReminderTask]) -> None:
        """Store new tasks."""
        rows = [
            {"instance_id": self._instance_id, "reminder_task_id": one.reminder_task_id, **_row(one)} for one in new
        ]
        await self._transaction.execute_many(_INSERT, rows)
        await self._record(new)

    async def update(self, changed: Sequence[ReminderTask]) -> None:
        """Store changed tasks."""
        await self._transaction.execute_many(
            _UPDATE,
            [{"of_instance": self._instance_id, "of_task": one.reminder_task_id, **_row(one)} for one in changed],
        )
        await self._record(changed)

    async def link(self, link: TaskLink) -> None:
        """Store a link, or what both sides say now."""
        await self._transaction.execute(
            _LINK,
            {
                "instance_id": self._instance_id,
                "reminder_task_id": link.reminder_task_id,
                "salesforce_task_id": link.salesforce_task_id,
                "salesforce_subject": link.salesforce_subject,
                "synced_values": json.dumps(dict(link.synced_values)),
                "synced_modstamp": link.synced_modstamp,
            },
        )

    async def unlink(self, reminder_task_id: str) -> None:
        """Forget a link."""
        await self._transaction.execute(_UNLINK, {"of_instance": self._instance_id, "of_task": reminder_task_id})

    async def _record(self, told: Sequence[ReminderTask]) -> None:
        rows = [
            change_row(
                self._instance_id,
                ChangeKind.REMINDER_TASK,
                one.reminder_task_id,
                type=one.state.value,
                at=one.update_time,
                detail={"user_id": one.user_id},
            )
            for one in told
        ]
        await changes.record(self._transaction, rows)


@cache
def _page_statement(*, by_user: bool, by_person: bool, date_count: int, first: bool) -> Statement:
    conditions: list[Any] = [_MINE, tasks.c.state == bindparam("state")]
    if by_user:
        conditions.append(tasks.c.user_id == bindparam("user_id"))
    if by_person:
        conditions.append(tasks.c.person_id == bindparam("person_id"))
    if date_count:
        conditions.append(or_(*(tasks.c.due_date == bindparam(f"date_{place}") for place in range(date_count))))
    if not first:
        place = tuple_(tasks.c.due_date, tasks.c.reminder_task_id)
        conditions.append(place > tuple_(bindparam("after_date"), bindparam("after_id")))
    return Statement(
        select(tasks).where(*conditions).order_by(tasks.c.due_date, tasks.c.reminder_task_id).limit(bindparam("count"))
    )


def _row(task: ReminderTask) -> dict[str, Any]:
    return {
        "user_id": task.user_id,
        "person_id": task.person_id,
        "kind": task.kind.value,
        "name": task.name,
        "details": task.details,
        "due_date": task.due_date or _UNDATED,
        "priority": task.priority.value,
        "state": task.state.value,
        "origin": task.origin.value,
        "activity_id": task.activity_id,
        "synced": int(task.synced),
        "change_times": json.dumps(dict(task.change_times)),
        "revision": task.revision,
        "create_time": task.create_time,
        "update_time": task.update_time,
    }


def _task(row: Row) -> ReminderTask:
    return ReminderTask(
        reminder_task_id=row["reminder_task_id"],
        user_id=row["user_id"],
        person_id=row["person_id"],
        kind=ReminderKind(row["kind"]),
        name=row["name"],
        details=row["details"],
        due_date="" if row["due_date"] == _UNDATED else row["due_date"],
        priority=ReminderPriority(row["priority"]),
        state=ReminderState(row["state"]),
        origin=System(row["origin"]),
        synced=bool(row["synced"]),
        revision=row["revision"],
        create_time=row["create_time"],
        update_time=row["update_time"],
        activity_id=row["activity_id"],
        change_times=json.loads(row["change_times"]),
    )


def _link(row: Row) -> TaskLink:
    return TaskLink(
        reminder_task_id=row["reminder_task_id"],
        salesforce_task_id=row["salesforce_task_id"],
        salesforce_subject=row["salesforce_subject"],
        synced_values=json.loads(row["synced_values"]),
        synced_modstamp=row["synced_modstamp"],
    )
