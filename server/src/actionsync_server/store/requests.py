"""Answers kept for repeated requests: by instance, method and the caller's request id, for a day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select

from actionsync_server.clock import DAY, Micros
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import requests
from actionsync_server.store.statement import Statement

KEPT: Micros = DAY

_KEY = (
    requests.c.instance_id == bindparam("instance_id"),
    requests.c.method == bindparam("method"),
    requests.c.request_id == bindparam("request_id"),
)
_FIND = Statement(
    select(requests.c.fingerprint, requests.c.response).where(*_KEY, requests.c.create_time > bindparam("after"))
)
_FORGET_OLD = Statement(delete(requests).where(requests.c.create_time <= bindparam("until")))
_REMEMBER = Statement(insert(requests))


@dataclass(frozen=True, slots=True)
class Answer:
    """A kept answer. `fingerprint` tells a repeat of the request from another one under the same id."""

    fingerprint: bytes
    response: bytes


class Answers:
    """The kept answers of one instance (operators: the empty one)."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def find(self, method: str, request_id: str, *, now: Micros) -> Answer | None:
        """Return the answer that was kept less than a day ago, or None."""
        row = await self._reader.row(
            _FIND,
            {
                "instance_id": self._instance_id,
                "method": method,
                "request_id": request_id,
                "after": now - KEPT,
            },
        )
        return None if row is None else Answer(row["fingerprint"], row["response"])


class AnswerWrites(Answers):
    """The same with writes, inside a transaction."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def forget_old(self, *, now: Micros) -> int:
        """Forget the answers of all instances that are over; return how many. They are few: each new one does so."""
        return await self._transaction.execute(_FORGET_OLD, {"until": now - KEPT})

    async def remember(self, method: str, request_id: str, answer: Answer, *, now: Micros) -> None:
        """Keep an answer, and forget everybody's that are over."""
        await self.forget_old(now=now)
        await self._transaction.execute(
            _REMEMBER,
            {
                "instance_id": self._instance_id,
                "method": method,
                "request_id": request_id,
                "fingerprint": answer.fingerprint,
                "response": answer.response,
                "create_time": now,
            },
        )
