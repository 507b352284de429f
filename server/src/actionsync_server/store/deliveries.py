"""Deliveries: found by id and by what they deliver, listed for the desk, added, and moved along their state machine.

What is due, and whose turn it is, is in store/delivery_queue.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    bindparam,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    union_all,
    update,
)

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import (
    ActionOwner,
    Attempt,
    Delivery,
    DeliveryError,
    DeliveryReason,
    DeliveryState,
    SubjectKind,
    may_follow,
)
from actionsync_server.model.errors import System
from actionsync_server.store import changes
from actionsync_server.store.changes import ChangeKind, change_row
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import deliveries, delivery_attempts
from actionsync_server.store.statement import Statement, any_of

#: What an activity becomes on its way out.
OF_AN_ACTIVITY = (SubjectKind.ACTIVITY, SubjectKind.ENGAGEMENT)

_MINE = deliveries.c.instance_id == bindparam("instance_id")
_BY_ID = Statement(select(deliveries).where(_MINE, any_of(deliveries.c.delivery_id, "delivery_ids")))
_OF_SUBJECTS = Statement(
    select(deliveries)
    .where(_MINE, any_of(deliveries.c.subject_kind, "subject_kinds"))
    .where(any_of(deliveries.c.subject_id, "subject_ids"))
    .order_by(deliveries.c.sequence)
)
_OF_PEOPLE = Statement(
    select(deliveries)
    .where(_MINE, deliveries.c.system == bindparam("system"), deliveries.c.subject_kind == bindparam("subject_kind"))
    .where(any_of(deliveries.c.person_id, "person_ids"), any_of(deliveries.c.state, "states"))
    .order_by(deliveries.c.sequence)
)
#: Written out, not bound: only so the planner sees that the partial index fits.
_EMPTY: Any = literal_column("''")
_DELIVERED_AS = Statement(
    select(deliveries.c.external_id)
    .where(_MINE, deliveries.c.system == bindparam("system"), any_of(deliveries.c.external_id, "external_ids"))
    .where(deliveries.c.subject_kind == bindparam("subject_kind"), deliveries.c.external_id != _EMPTY)
)
_ATTEMPTS = Statement(
    select(delivery_attempts)
    .where(delivery_attempts.c.instance_id == bindparam("instance_id"))
    .where(delivery_attempts.c.delivery_id == bindparam("delivery_id"))
    .order_by(delivery_attempts.c.attempt_number)
)
_LAST_ENDS = Statement(
    select(delivery_attempts.c.delivery_id, func.max(delivery_attempts.c.end_time).label("end_time"))
    .where(delivery_attempts.c.instance_id == bindparam("instance_id"))
    .where(any_of(delivery_attempts.c.delivery_id, "delivery_ids"))
    .group_by(delivery_attempts.c.delivery_id)
)
_earlier = delivery_attempts.alias("earlier")
#: Attempts of the present run of retries: those after the last one that led to anything else.
_RETRYING_SINCE = Statement(
    select(delivery_attempts.c.delivery_id, func.min(delivery_attempts.c.start_time).label("start_time"))
    .where(delivery_attempts.c.instance_id == bindparam("instance_id"))
    .where(any_of(delivery_attempts.c.delivery_id, "delivery_ids"))
    .where(
        delivery_attempts.c.attempt_number
        > select(func.coalesce(func.max(_earlier.c.attempt_number), literal(0)))
        .where(_earlier.c.instance_id == delivery_attempts.c.instance_id)
        .where(_earlier.c.delivery_id == delivery_attempts.c.delivery_id)
        .where(_earlier.c.outcome != DeliveryState.RETRYING.value, _earlier.c.outcome != DeliveryState.UNKNOWN.value)
        .scalar_subquery()
    )
    .group_by(delivery_attempts.c.delivery_id)
)
_LAST_SEQUENCE = Statement(
    select(func.coalesce(func.max(deliveries.c.sequence), literal(0)).label("last")).where(_MINE)
)
_INSERT = Statement(insert(deliveries))
#: Only where the delivery is still there: its person may have been erased while it was under way.
_INSERT_ATTEMPT = Statement(
    insert(delivery_attempts).from_select(
        [column.name for column in delivery_attempts.columns],
        select(*(bindparam(column.name, type_=column.type) for column in delivery_attempts.columns)).where(
            exists().where(
                deliveries.c.instance_id == bindparam("instance_id"),
                deliveries.c.delivery_id == bindparam("delivery_id"),
            )
        ),
    )
)
_MOVABLE = ("state", "reason", "attempt_count", "due_time", "error", "external_id", "warnings", "update_time")
_UPDATE = Statement(
    update(deliveries)
    .where(deliveries.c.instance_id == bindparam("of_instance"), deliveries.c.delivery_id == bindparam("of_delivery"))
    .values({name: bindparam(name) for name in _MOVABLE})
)


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """What a listing shows. Empty and None mean: whatever it is."""

    system: System | None = None
    states: Sequence[DeliveryState] = field(default=())
    person_id: str = ""
    activity_id: str = ""


class Deliveries:
    """The deliveries of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def get(self, delivery_id: str) -> Delivery | None:
        """Return one delivery with all its attempts."""
        found = (await self.many([delivery_id])).get(delivery_id)
        if found is None:
            return None
        rows = await self._rows(_ATTEMPTS, {"delivery_id": delivery_id})
        return replace(found, attempts=tuple(_attempt(row) for row in rows))

    async def many(self, delivery_ids: Collection[str]) -> dict[str, Delivery]:
        """Return the deliveries that exist, by id, without attempts."""
        rows = await self._rows(_BY_ID, {"delivery_ids": list(delivery_ids)})
        return {row["delivery_id"]: to_delivery(row) for row in rows}

    async def of_activities(self, activity_ids: Collection[str]) -> dict[str, list[Delivery]]:
        """Return the deliveries of activities, by activity id, in the order of their creation."""
        return await self._of(OF_AN_ACTIVITY, activity_ids)

    async def of_subjects(self, kind: SubjectKind, subject_ids: Collection[str]) -> dict[str, list[Delivery]]:
        """Return the deliveries of subjects of one kind, by subject id, in the order of their creation."""
        return await self._of([kind], subject_ids)

    async def _of(self, kinds: Collection[SubjectKind], subject_ids: Collection[str]) -> dict[str, list[Delivery]]:
        parameters = {"subject_kinds": [kind.value for kind in kinds], "subject_ids": list(subject_ids)}
        found: dict[str, list[Delivery]] = {}
        for row in await self._rows(_OF_SUBJECTS, parameters):
            found.setdefault(row["subject_id"], []).append(to_delivery(row))
        return found

    async def of_people(
        self, person_ids: Collection[str], *, kind: SubjectKind, states: Collection[DeliveryState]
    ) -> list[Delivery]:
        """Return the deliveries of people to Salesforce, of one kind and in these states, oldest first."""
        if not person_ids:
            return []
        parameters = {
            "system": System.SALESFORCE.value,
            "subject_kind": kind.value,
            "person_ids": sorted(set(person_ids)),
            "states": sorted(state.value for state in states),
        }
        return [to_delivery(row) for row in await self._rows(_OF_PEOPLE, parameters)]

    async def delivered_as(self, record_ids: Collection[str]) -> set[str]:
        """Return which of these Salesforce records are activities of ours."""
        parameters = {
            "system": System.SALESFORCE.value,
            "subject_kind": SubjectKind.ACTIVITY.value,
            "external_ids": sorted(set(record_ids)),
        }
        return {row["external_id"] for row in await self._rows(_DELIVERED_AS, parameters)}

    async def page(self, wanted: DeliveryFilter, *, after: int, count: int) -> list[Delivery]:
        """Return up to `count` deliveries of a listing with sequences greater than `after`, oldest first."""
        states = list(dict.fromkeys(wanted.states))
        statement = _page_statement(
            by_system=wanted.system is not None,
            state_count=len(states),
            by_person=bool(wanted.person_id),
            by_activity=bool(wanted.activity_id),
        )
        parameters: dict[str, Any] = {"after": after, "count": count}
        parameters |= {f"state_{place}": state.value for place, state in enumerate(states)}
        if wanted.system is not None:
            parameters["system"] = wanted.system.value
        if wanted.person_id:
            parameters["person_id"] = wanted.person_id
        if wanted.activity_id:
            kinds = [kind.value for kind in OF_AN_ACTIVITY]
            parameters |= {"subject_kinds": kinds, "activity_id": wanted.activity_id}
        return [to_delivery(row) for row in await self._rows(statement, parameters)]

    async def last_attempt_ends(self, delivery_ids: Collection[str]) -> dict[str, Micros]:
        """Return when the last attempt of each delivery was over; those without one are left out."""
        rows = await self._rows(_LAST_ENDS, {"delivery_ids": list(delivery_ids)})
        return {row["delivery_id"]: row["end_time"] for row in rows}

    async def retrying_since(self, delivery_ids: Collection[str]) -> dict[str, Micros]:
        """Return when the present run of retries of each delivery began; those without one are left out."""
        rows = await self._rows(_RETRYING_SINCE, {"delivery_ids": list(delivery_ids)})
        return {row["delivery_id"]: row["start_time"] for row in rows}

    async def _rows(self, statement: Statement, parameters: dict[str, Any]) -> list[Row]:
        return await self._reader.rows(statement, {"instance_id": self._instance_id, **parameters})


@dataclass(frozen=True, slots=True)
class Move:
    """A delivery as it was and as it shall be; `attempt` is recorded when this was one."""

    before: Delivery
    after: Delivery
    attempt: Attempt | None = None


class DeliveryWrites(Deliveries):
    """Changes of the deliveries of one instance; each state change goes into the change log with it."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def next_sequence(self) -> int:
        """Return the sequence of the next new delivery."""
        row = await self._transaction.row(_LAST_SEQUENCE, {"instance_id": self._instance_id})
        return (int(row["last"]) if row is not None else 0) + 1

    async def add(self, new: Sequence[Delivery]) -> None:
        """Store new deliveries."""
        await self._transaction.execute_many(_INSERT, [self._row(one) for one in new])
        await self._record(new)

    async def move(self, moves: Sequence[Move]) -> None:
        """Carry out changes; raises ValueError for one that the state machine forbids."""
        for one in moves:
            if one.before.state is not one.after.state and not may_follow(one.before.state, one.after.state):
                raise ValueError(f"{one.before.delivery_id}: {one.before.state} -> {one.after.state} is not allowed")
        await self._transaction.execute_many(_UPDATE, [self._changes(one.after) for one in moves])
        await self._transaction.execute_many(
            _INSERT_ATTEMPT, [self._attempt_row(one.after, one.attempt) for one in moves if one.attempt is not None]
        )
        told = [
            one.after for one in moves if (one.before.state, one.before.reason) != (one.after.state, one.after.reason)
        ]
        await self._record(told)

    async def _record(self, moved: Sequence[Delivery]) -> None:
        rows = [
            change_row(
                self._instance_id,
                ChangeKind.DELIVERY,
                one.delivery_id,
                type=one.state.value,
                at=one.update_time,
                detail={"reason": one.reason.value} if one.reason is not DeliveryReason.NONE else None,
            )
            for one in moved
        ]
        await changes.record(self._transaction, rows)

    def _row(self, delivery: Delivery) -> dict[str, Any]:
        return {
            "instance_id": self._instance_id,
            "delivery_id": delivery.delivery_id,
            "system": delivery.system.value,
            "subject_kind": delivery.subject_kind.value,
            "subject_id": delivery.subject_id,
            "person_id": delivery.person_id,
            "sequence": delivery.sequence,
            "create_time": delivery.create_time,
            **_movable(delivery),
        }

    def _changes(self, delivery: Delivery) -> dict[str, Any]:
        return {"of_instance": self._instance_id, "of_delivery": delivery.delivery_id, **_movable(delivery)}

    def _attempt_row(self, delivery: Delivery, attempt: Attempt) -> dict[str, Any]:
        return {
            "instance_id": self._instance_id,
            "delivery_id": delivery.delivery_id,
            "attempt_number": delivery.attempt_count,
            "start_time": attempt.start_time,
            "end_time": attempt.end_time,
            "outcome": attempt.outcome.value,
            "error": _error_document(attempt.error),
        }


@cache
def _page_statement(*, by_system: bool, state_count: int, by_person: bool, by_activity: bool) -> Statement:
    """Build the statement of a listing once for each shape it can have.

    Each state is read in order from its own range of the index, and the ranges are merged: the desk asks for the few
    failed ones among very many delivered.
    """
    conditions: list[Any] = [_MINE, deliveries.c.sequence > bindparam("after")]
    if by_system:
        conditions.append(deliveries.c.system == bindparam("system"))
    if by_person:
        conditions.append(deliveries.c.person_id == bindparam("person_id"))
    if by_activity:
        conditions.append(any_of(deliveries.c.subject_kind, "subject_kinds"))
        conditions.append(deliveries.c.subject_id == bindparam("activity_id"))
    limit: BindParameter[int] = bindparam("count")
    plain = select(deliveries).where(*conditions).order_by(deliveries.c.sequence).limit(limit)
    if state_count == 0:
        return Statement(plain)
    ranges = [
        select(plain.where(deliveries.c.state == bindparam(f"state_{place}")).subquery())
        for place in range(state_count)
    ]
    merged = union_all(*ranges).subquery()
    return Statement(select(merged).order_by(merged.c.sequence).limit(limit))


def _movable(delivery: Delivery) -> dict[str, Any]:
    return {
        "state": delivery.state.value,
        "reason": delivery.reason.value,
        "attempt_count": delivery.attempt_count,
        "due_time": delivery.due_time,
        "error": _error_document(delivery.error),
        "external_id": delivery.external_id,
        "warnings": json.dumps(delivery.warnings),
        "update_time": delivery.update_time,
    }


def to_delivery(row: Row) -> Delivery:
    """Read a row of the table, without attempts."""
    return Delivery(
        delivery_id=row["delivery_id"],
        system=System(row["system"]),
        subject_kind=SubjectKind(row["subject_kind"]),
        subject_id=row["subject_id"],
        person_id=row["person_id"],
        state=DeliveryState(row["state"]),
        reason=DeliveryReason(row["reason"]),
        attempt_count=row["attempt_count"],
        due_time=row["due_time"],
        error=_error(row["error"]),
        external_id=row["external_id"],
        warnings=tuple(json.loads(row["warnings"])),
        sequence=row["sequence"],
        create_time=row["create_time"],
        update_time=row["update_time"],
    )


def _attempt(row: Row) -> Attempt:
    return Attempt(row["start_time"], row["end_time"], DeliveryState(row["outcome"]), _error(row["error"]))


def _error_document(error: DeliveryError | None) -> str:
    if error is None:
        return ""
    return json.dumps([error.code, error.message, error.meaning, error.owner.value, error.next_step])


def _error(document: str) -> DeliveryError | None:
    if not document:
        return None
    code, message, meaning, owner, next_step = json.loads(document)
    return DeliveryError(code, message, meaning, ActionOwner(owner), next_step)
