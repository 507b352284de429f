"""Activities: found by id, by idempotency key and by mail; listed by time; added and never changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, select, tuple_

from actionsync_server.clock import Micros
from actionsync_server.model.activities import (
    Activity,
    ActivityContent,
    ActivityType,
    PermitState,
    SalesEmail,
    SendSalesEmail,
    from_document,
    to_document,
)
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import activities
from actionsync_server.store.statement import Statement, any_of

_MINE = activities.c.instance_id == bindparam("instance_id")
_BY_ID = Statement(select(activities).where(_MINE, any_of(activities.c.activity_id, "activity_ids")))
_BY_KEY = Statement(select(activities).where(_MINE, any_of(activities.c.idempotency_key, "keys")))
_SENDS = Statement(
    select(activities)
    .where(_MINE, any_of(activities.c.email_id, "email_ids"), any_of(activities.c.person_id, "person_ids"))
    .where(activities.c.type == ActivityType.SEND_SALES_EMAIL.value)
    .order_by(activities.c.activity_id)
)
_OF_MAILS = Statement(
    select(activities.c.activity_id, activities.c.email_id, activities.c.person_id, activities.c.type).where(
        _MINE, any_of(activities.c.email_id, "email_ids"), any_of(activities.c.person_id, "person_ids")
    )
)
_INSERT = Statement(insert(activities))


@dataclass(frozen=True, slots=True)
class StoredActivity:
    """An activity with the digest that tells a repeat of its key from a reuse."""

    activity: Activity
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What a listing shows. Empty and None mean: whatever it is."""

    person_ids: Sequence[str] = ()
    user_ids: Sequence[str] = ()
    types: Sequence[ActivityType] = ()
    start_time: Micros | None = None  # inclusive
    end_time: Micros | None = None  # exclusive
    newest_first: bool = True


class Activities:
    """The activities of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def get(self, activity_id: str) -> Activity | None:
        """Return one activity."""
        return (await self.many([activity_id])).get(activity_id)

    async def many(self, activity_ids: Collection[str]) -> dict[str, Activity]:
        """Return the activities that exist, by id."""
        rows = await self._rows(_BY_ID, {"activity_ids": list(activity_ids)})
        return {row["activity_id"]: _activity(row) for row in rows}

    async def by_keys(self, keys: Collection[str]) -> dict[str, StoredActivity]:
        """Return the activities with these idempotency keys, by key."""
        rows = await self._rows(_BY_KEY, {"keys": list(keys)})
        return {row["idempotency_key"]: StoredActivity(_activity(row), bytes(row["fingerprint"])) for row in rows}

    async def sent_mails(self, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], SalesEmail]:
        """Return the mails as they were sent, by (email id, person id); of several the one logged last."""
        return {
            pair: activity.content.detail.email
            for pair, activity in (await self.sends(pairs)).items()
            if isinstance(activity.content.detail, SendSalesEmail)
        }

    async def sends(self, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], Activity]:
        """Return the Send of mails, by (email id, person id); of several the one logged last."""
        rows = await self._of_mails(_SENDS, pairs)
        return {(row["email_id"], row["person_id"]): _activity(row) for row in rows}

    async def of_mails(self, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], dict[str, ActivityType]]:
        """Return the types of all activities about mails, by (email id, person id) and activity id."""
        found: dict[tuple[str, str], dict[str, ActivityType]] = {}
        for row in await self._of_mails(_OF_MAILS, pairs):
            kinds = found.setdefault((row["email_id"], row["person_id"]), {})
            kinds[row["activity_id"]] = ActivityType(row["type"])
        return found

    async def _of_mails(self, statement: Statement, pairs: Collection[tuple[str, str]]) -> list[Row]:
        if not pairs:
            return []
        email_ids, person_ids = (sorted(set(part)) for part in zip(*pairs, strict=True))
        return await self._rows(statement, {"email_ids": email_ids, "person_ids": person_ids})

    async def page(self, wanted: ActivityFilter, *, after: tuple[Micros, str] | None, count: int) -> list[Activity]:
        """Return up to `count` activities of a listing after a position (activity time, activity id), in its order."""
        statement = _page_statement(
            newest_first=wanted.newest_first,
            first=after is None,
            by_person=bool(wanted.person_ids),
            by_user=bool(wanted.user_ids),
            by_type=bool(wanted.types),
            by_start=wanted.start_time is not None,
            by_end=wanted.end_time is not None,
        )
        parameters: dict[str, Any] = {"count": count}
        if wanted.person_ids:
            parameters["person_ids"] = list(wanted.person_ids)
        if wanted.user_ids:
            parameters["user_ids"] = list(wanted.user_ids)
        if wanted.types:
            parameters["types"] = [kind.value for kind in wanted.types]
        if wanted.start_time is not None:
            parameters["start_time"] = wanted.start_time
        if wanted.end_time is not None:
            parameters["end_time"] = wanted.end_time
        if after is not None:
            parameters["after_time"], parameters["after_id"] = after
        return [_activity(row) for row in await self._rows(statement, parameters)]

    async def _rows(self, statement: Statement, parameters: dict[str, Any]) -> list[Row]:
        return await self._reader.rows(statement, {"instance_id": self._instance_id, **parameters})


class ActivityWrites(Activities):
    """New activities of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, new: Sequence[StoredActivity]) -> None:
        """Store activities; the caller has made sure that their keys are free."""
        await self._transaction.execute_many(_INSERT, [self._row(one) for one in new])

    def _row(self, stored: StoredActivity) -> dict[str, Any]:
        activity, content = stored.activity, stored.activity.content
        return {
            "instance_id": self._instance_id,
            "activity_id": activity.activity_id,
            "idempotency_key": content.idempotency_key,
            "fingerprint": stored.fingerprint,
            "type": content.type.value,
            "person_id": content.person_id,
            "user_id": content.user_id,
            "email_id": content.email_id,
            "activity_time": content.activity_time,
            "content": to_document(content),
            "permit_state": 0 if activity.permit_state is None else activity.permit_state.value,
            "create_time": activity.create_time,
        }


@cache
def _page_statement(
    *, newest_first: bool, first: bool, by_person: bool, by_user: bool, by_type: bool, by_start: bool, by_end: bool
) -> Statement:
    """Build the statement of a listing once for each shape it can have."""
    place = tuple_(activities.c.activity_time, activities.c.activity_id)
    position = tuple_(bindparam("after_time"), bindparam("after_id"))
    shapes: list[tuple[bool, Any]] = [
        (by_person, any_of(activities.c.person_id, "person_ids")),
        (by_user, any_of(activities.c.user_id, "user_ids")),
        (by_type, any_of(activities.c.type, "types")),
        (by_start, activities.c.activity_time >= bindparam("start_time")),
        (by_end, activities.c.activity_time < bindparam("end_time")),
        (not first, place < position if newest_first else place > position),
    ]
    columns = (activities.c.activity_time, activities.c.activity_id)
    order = [column.desc() if newest_first else column for column in columns]
    conditions = [condition for applies, condition in shapes if applies]
    return Statement(select(activities).where(_MINE, *conditions).order_by(*order).limit(bindparam("count")))


def _activity(row: Row) -> Activity:
    detail, permit, reminder_task_id = from_document(row["content"], ActivityType(row["type"]))
    content = ActivityContent(
        idempotency_key=row["idempotency_key"],
        person_id=row["person_id"],
        user_id=row["user_id"],
        activity_time=row["activity_time"],
        detail=detail,
        send_permit=permit,
        reminder_task_id=reminder_task_id,
    )
    permit_state = PermitState(row["permit_state"]) if row["permit_state"] else None
    return Activity(row["activity_id"], content, permit_state, row["create_time"])
