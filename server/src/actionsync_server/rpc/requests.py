"""Repeated requests: the same `request_id` with the same content gets the first answer for a day.

Only answers are kept, never errors: a failed request may be repeated under its id. Work that can keep its answer in its
own transaction does so, and the two are one. Of other work the answer is stored right after it; if the process dies
between the two, the repeat is carried out anew, which such work must bear.
"""

from __future__ import annotations

import asyncio
import hashlib
import weakref
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from google.protobuf import message_factory
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message

from actionsync_server.clock import Clock
from actionsync_server.model.errors import AlreadyExists
from actionsync_server.store.database import Database, Keep, Transaction
from actionsync_server.store.requests import Answer, Answers, AnswerWrites

if TYPE_CHECKING:
    from actionsync_server.rpc.call import Call

R = TypeVar("R", bound=Message)
T = TypeVar("T")
#: Keeps the answer in the transaction of the work.
Remember = Callable[[Transaction, Message], Awaitable[None]]


def answered(remember: Remember, answer: Callable[[T], Message]) -> Keep[T]:
    """Return what keeps the answer to a result, for the flow that has the transaction."""

    async def keep(transaction: Transaction, result: T) -> None:
        await remember(transaction, answer(result))

    return keep


class Requests:
    """Keeps and repeats answers. One for the process: two equal requests at once run one after the other."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._running: weakref.WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = weakref.WeakValueDictionary()

    async def once(self, call: Call, request: Message, work: Callable[[Remember], Awaitable[R]]) -> R:
        """Return the kept answer, or run `work` and keep its answer. Raises AlreadyExists REQUEST_ID_REUSED.

        `work` may hand its answer to the function it gets, in its own transaction and last of all.
        """
        request_id: str = getattr(request, "request_id")  # noqa: B009  (only some messages have the field)
        fingerprint = _fingerprint(call.actor.user_id, request)
        lock = self._running.setdefault((call.instance_id, call.method, request_id), asyncio.Lock())
        async with lock:
            answers = Answers(self._database, call.instance_id)
            kept = await answers.find(call.method, request_id, now=self._clock.now())
            if kept is not None:
                if kept.fingerprint != fingerprint:
                    raise _reused(request_id)
                return cast("R", _unpack(kept.response))
            is_kept = False

            async def remember(transaction: Transaction, response: Message) -> None:
                nonlocal is_kept
                is_kept = True
                answer = Answer(fingerprint, _pack(response))
                writes = AnswerWrites(transaction, call.instance_id)
                await writes.remember(call.method, request_id, answer, now=self._clock.now())

            response = await work(remember)
            if not is_kept:
                await self._database.write(partial(remember, response=response))
            return response


def _fingerprint(user_id: str, request: Message) -> bytes:
    """Return a digest of caller and content: another caller's answer is never repeated to this one."""
    content = request.SerializeToString(deterministic=True)
    return hashlib.blake2b(len(user_id).to_bytes(4, "big") + user_id.encode() + content, digest_size=16).digest()


def _pack(response: Message) -> bytes:
    """Return the response with the name of its type, so that reading it back needs no other knowledge."""
    packed = AnyMessage()
    packed.Pack(response, deterministic=True)
    return packed.SerializeToString()


def _unpack(stored: bytes) -> Message:
    packed = AnyMessage.FromString(stored)
    response = message_factory.GetMessageClass(Default().FindMessageTypeByName(packed.TypeName()))()
    packed.Unpack(response)
    return response


def _reused(request_id: str) -> AlreadyExists:
    return AlreadyExists(
        "this request_id was used within the last day with another request; use a new one",
        reason="REQUEST_ID_REUSED",
        metadata={"requestId": request_id},
    )
