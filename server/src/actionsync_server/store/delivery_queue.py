"""Whose turn it is: the deliveries of one instance to one system that are due, in the order that people are owed.

Of one person, a delivery that is being written, looked up or tried again holds the later ones back; one that waits or
failed does not, because it may stay so for days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, union_all

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState, SubjectKind
from actionsync_server.model.errors import System
from actionsync_server.store.database import Reader, Row
from actionsync_server.store.deliveries import to_delivery
from actionsync_server.store.schema import deliveries, persons
from actionsync_server.store.statement import Statement, any_of

_MINE = (
    deliveries.c.instance_id == bindparam("instance_id"),
    deliveries.c.system == bindparam("system"),
    deliveries.c.subject_kind == bindparam("subject_kind"),
)
_IN_STATE = deliveries.c.state == bindparam("state")
_ORDER = (deliveries.c.due_time, deliveries.c.sequence)
_DUE = select(deliveries).where(*_MINE, _IN_STATE, deliveries.c.due_time <= bindparam("now"))

_FOREVER: Micros = 2**62
_HOLDING = (DeliveryState.DELIVERING, DeliveryState.UNKNOWN, DeliveryState.RETRYING)


def _held_by(states: Collection[DeliveryState]) -> ColumnElement[bool]:
    earlier = deliveries.alias("earlier")
    return exists().where(
        earlier.c.instance_id == deliveries.c.instance_id,
        earlier.c.person_id == deliveries.c.person_id,
        earlier.c.system == deliveries.c.system,
        earlier.c.subject_kind == deliveries.c.subject_kind,
        earlier.c.person_id != "",
        or_(*(earlier.c.state == state.value for state in states)),
        # One that is tried again only much later, as with a locked record, keeps nobody waiting.
        or_(earlier.c.state != DeliveryState.RETRYING.value, earlier.c.due_time <= bindparam("held_until")),
        earlier.c.sequence < deliveries.c.sequence,
    )


def _candidates(states: Collection[DeliveryState]) -> Statement:
    return Statement(_DUE.where(~_held_by(states)).order_by(*_ORDER).limit(bindparam("count")))


_CANDIDATES = _candidates(_HOLDING)
#: With one delivery of a person at a time, what is due before holds back as well.
_FIRST_CANDIDATES = _candidates((DeliveryState.PENDING, *_HOLDING))
_IN_ANY_CASE_DUE = Statement(_DUE.order_by(*_ORDER).limit(bindparam("count")))
_ALL_IN_STATE = Statement(
    select(deliveries).where(*_MINE, _IN_STATE).order_by(deliveries.c.due_time).limit(bindparam("count"))
)
_WAITING = Statement(
    select(deliveries)
    .where(*_MINE, _IN_STATE, any_of(deliveries.c.reason, "reasons"))
    .order_by(deliveries.c.due_time)
    .limit(bindparam("count"))
)
_FOUND_IN_SALESFORCE = Statement(
    select(deliveries)
    .join(
        persons, (persons.c.instance_id == deliveries.c.instance_id) & (persons.c.person_id == deliveries.c.person_id)
    )
    .where(*_MINE, _IN_STATE, deliveries.c.reason == bindparam("reason"))
    .where(or_(persons.c.salesforce_contact_id != "", persons.c.salesforce_lead_id != ""))
    .limit(bindparam("count"))
)
_TIMED = (DeliveryState.RETRYING, DeliveryState.UNKNOWN, DeliveryState.WAITING)
_NEXT_TIMES = Statement(
    union_all(
        *(
            select(
                select(deliveries.c.due_time)
                .where(*_MINE, deliveries.c.state == state.value, deliveries.c.due_time > bindparam("now"))
                .order_by(deliveries.c.due_time)
                .limit(1)
                .subquery()
            )
            for state in _TIMED
        )
    )
)


@dataclass(frozen=True, slots=True)
class Lane:
    """One queue: what of one kind goes from one instance to one system."""

    instance_id: str
    system: System
    subject_kind: SubjectKind = SubjectKind.ACTIVITY


class DeliveryQueue:
    """Reads one lane."""

    def __init__(self, reader: Reader, lane: Lane) -> None:
        self._reader = reader
        self._lane = lane

    async def ready(
        self, *, now: Micros, count: int, one_per_person: bool, held_until: Micros | None = None
    ) -> list[Delivery]:
        """Return up to `count` deliveries that may be written now, those due longest first.

        With `one_per_person` only the first of each person. An earlier delivery that is tried again after `held_until`
        holds nobody back; None lets every one do so.
        """
        last = _FOREVER if held_until is None else held_until
        statement = _FIRST_CANDIDATES if one_per_person else _CANDIDATES
        found = []
        for state in (DeliveryState.RETRYING, DeliveryState.PENDING):
            found += await self._rows(statement, state=state, now=now, held_until=last, count=count)
        found.sort(key=lambda one: (one.due_time or 0, one.sequence))
        return found[:count]

    async def due(self, state: DeliveryState, *, now: Micros, count: int) -> list[Delivery]:
        """Return up to `count` deliveries of a state that are due, whoever holds them back."""
        return await self._rows(_IN_ANY_CASE_DUE, state=state, now=now, count=count)

    async def in_state(self, state: DeliveryState, *, count: int) -> list[Delivery]:
        """Return up to `count` deliveries of a state."""
        return await self._rows(_ALL_IN_STATE, state=state, count=count)

    async def waiting(self, reasons: Collection[DeliveryReason], *, count: int) -> list[Delivery]:
        """Return up to `count` deliveries that wait for one of these reasons."""
        numbers = [reason.value for reason in reasons]
        return await self._rows(_WAITING, state=DeliveryState.WAITING, reasons=numbers, count=count)

    async def found_in_salesforce(self, *, count: int) -> list[Delivery]:
        """Return up to `count` deliveries that wait for a Salesforce record whose person has one by now."""
        return await self._rows(
            _FOUND_IN_SALESFORCE,
            state=DeliveryState.WAITING,
            reason=DeliveryReason.NO_SALESFORCE_ID.value,
            count=count,
        )

    async def next_time(self, *, now: Micros) -> Micros | None:
        """Return when the next delivery becomes due that is not so yet, None when none will by itself."""
        rows = await self._reader.rows(_NEXT_TIMES, self._parameters(now=now))
        return min((row["due_time"] for row in rows), default=None)

    async def _rows(self, statement: Statement, *, state: DeliveryState, **parameters: Any) -> list[Delivery]:
        rows: list[Row] = await self._reader.rows(statement, self._parameters(state=state.value, **parameters))
        return [to_delivery(row) for row in rows]

    def _parameters(self, **parameters: Any) -> dict[str, Any]:
        return {
            "instance_id": self._lane.instance_id,
            "system": self._lane.system.value,
            "subject_kind": self._lane.subject_kind.value,
            **parameters,
        }
