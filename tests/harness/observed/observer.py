"""Looks at every answer of a simulator class, whoever calls it: in memory, by socket, from a thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from actionsync_simulators.faults import Fault, FaultPlan

from harness.observed.answers import Exchange, Reader, Seen

_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


class Observer:
    """What has been seen of one simulator."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.seen: set[Seen] = set()

    @contextmanager
    def watching(self, simulator_class: type[Any]) -> Iterator[None]:
        """Look at every call of every instance of the class for as long as this is open."""
        answer, take = simulator_class.__call__, FaultPlan.take

        async def answered(simulator: Any, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http" or scope["path"].startswith("/_sim"):
                await answer(simulator, scope, receive, send)
                return
            exchange = Exchange(scope)

            async def received() -> Any:
                message = await receive()
                exchange.request_body += message.get("body", b"")
                return message

            async def sent(message: Any) -> None:
                if message["type"] == "http.response.start":
                    exchange.status = message["status"]
                    exchange.headers = {name.decode(): value.decode() for name, value in message["headers"]}
                elif exchange.is_kept:
                    exchange.answer_body += message.get("body", b"")
                await send(message)

            token = _current.set(exchange)
            try:
                await answer(simulator, scope, received, sent)
            finally:
                _current.reset(token)
            # An answer that a fault has cut shows nothing: the line above has not been passed then.
            if exchange.status and not exchange.planned:
                self.seen.update(self._reader(simulator, exchange))

        def taken(plan: FaultPlan, method: str, path: str) -> Fault | None:
            fault = take(plan, method, path)
            exchange = _current.get()
            if exchange is not None and fault is not None and fault.error is not None:
                exchange.planned = True
            return fault

        simulator_class.__call__ = answered
        FaultPlan.take = taken  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            simulator_class.__call__ = answer
            FaultPlan.take = take  # type: ignore[method-assign]
