"""What a handler knows of the call it serves. Nothing here is of gRPC: another transport fills it just as well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from google.protobuf.message import Message

from actionsync_server.model.directory import Actor

if TYPE_CHECKING:
    from actionsync_server.rpc.requests import Remember, Requests
    from actionsync_server.store.database import Transaction

R = TypeVar("R", bound=Message)


@dataclass(slots=True)
class Call:
    """One call: who makes it, under which id, until when.

    `cancelled` is set when the call should come to its end early because the server stops; watches wait for it.
    (A caller who goes away cancels the handler's task.) `deadline` is in the event loop's time, None for watches.
    """

    actor: Actor
    request_id: str = ""
    method: str = ""
    deadline: float | None = None
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    requests: Requests | None = None

    @property
    def instance_id(self) -> str:
        """The instance that the token names; empty for operators."""
        return self.actor.instance_id

    def seconds_left(self) -> float | None:
        """Return how many seconds of real time the call may still take, never below 0; None without a deadline."""
        if self.deadline is None:
            return None
        return max(0.0, self.deadline - asyncio.get_running_loop().time())

    async def once(self, request: Message, work: Callable[[], Awaitable[R]]) -> R:
        """Run `work`, or return the first answer when the same request was answered within a day.

        The key is the request's own `request_id` field; without one `work` simply runs. The same id with another
        request raises AlreadyExists with REQUEST_ID_REUSED.
        """
        return await self.once_remembered(request, lambda _: work())

    async def once_remembered(self, request: Message, work: Callable[[Remember], Awaitable[R]]) -> R:
        """Do the same with work that hands its answer to the function it gets, in its own transaction.

        So work and answer are stored together or not at all.
        """
        if not getattr(request, "request_id"):  # noqa: B009  (only some messages have the field)
            return await work(_forget)
        if self.requests is None:
            raise RuntimeError("this call was made without Requests, so it cannot repeat an answer")
        return await self.requests.once(self, request, work)


async def _forget(transaction: Transaction, response: Message) -> None:
    """Keep nothing: the caller gave no id under which to repeat."""
