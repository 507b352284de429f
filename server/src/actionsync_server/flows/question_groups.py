"""Gathers addresses that are asked about at about the same time into calls of up to 300.

    check ─┐
    check ─┼─▶ open group ─▶ full, or nobody more is coming ─▶ one call ─▶ every member has its answers
    check ─┘

A group takes members only until its call begins, so whoever joins is answered by a call that began after they asked.
How long a group stays open is real time, like the deadlines of the calls that wait for it.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from actionsync_server.clock import Clock

T = TypeVar("T")

#: What one call carries.
LARGEST_GROUP = 300
#: Real seconds without a new member after which a group leaves, while it has one member and when it has more: little
#: beside the time that Marketo takes to answer. Where two came, more are likely to.
QUIET_SECONDS = 0.01
CROWD_QUIET_SECONDS = 0.05
#: Real seconds after which it leaves although members keep coming and it is not full: only a server that is too busy to
#: read its calls comes to that. At Marketo's polite pace, a call every 0.4 s in the long run, leaving sooner would only
#: mean to queue up longer.
LONGEST_SECONDS = 3.0
#: A member that has little time makes its group leave after this share of it.
_SHARE_OF_TIME = 0.15
#: Groups on their way at once that are not full; while these are, the next one fills.
_AT_ONCE = 2
#: Of the clock's time, between two looks of those who wait for a group; they are woken by its answer anyway.
_LOOK_SECONDS = 3600.0

Ask = Callable[[str, Sequence[str]], Awaitable[Mapping[str, T]]]
"""Makes one call for an instance: at most 300 values, one answer for each."""


@dataclass(eq=False)
class _Group(Generic[T]):
    leave_by: float  # in the loop's time
    members: int = 0
    keys: dict[str, None] = field(default_factory=dict)
    full: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    answers: Mapping[str, T] = field(default_factory=dict)
    error: BaseException | None = None


@dataclass(eq=False)
class _Desk(Generic[T]):
    """The groups of one instance."""

    coming: int = 0
    under_way: int = 0
    landed: asyncio.Event = field(default_factory=asyncio.Event)
    open: _Group[T] | None = None


class QuestionGroups(Generic[T]):
    """The groups of every instance. One that fails, fails for all its members; one that is slow keeps nobody else."""

    def __init__(self, clock: Clock, ask: Ask[T]) -> None:
        self._clock = clock
        self._ask = ask
        self._desks: defaultdict[str, _Desk[T]] = defaultdict(_Desk)
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def coming(self, instance_id: str) -> Iterator[None]:
        """Say that somebody may ask soon: an open group waits for them a little."""
        desk = self._desks[instance_id]
        desk.coming += 1
        try:
            yield
        finally:
            desk.coming -= 1

    async def ask(self, instance_id: str, keys: Sequence[str], *, seconds: float) -> dict[str, T]:
        """Return the answers that came within `seconds`; raises what the call raised if any did fail."""
        if seconds <= 0:
            return {}
        desk = self._desks[instance_id]
        joined = self._join(instance_id, desk, keys, leave_by=_loop_time() + seconds * _SHARE_OF_TIME)
        try:
            async with asyncio.timeout(seconds):
                for group in joined:
                    while not group.ended.is_set():
                        await self._clock.wait(group.ended, _LOOK_SECONDS)
        except TimeoutError:
            pass  # what has come is told; the calls go on for the others
        found: dict[str, T] = {}
        for group in joined:
            if group.error is not None:
                raise group.error
            found |= {key: group.answers[key] for key in keys if key in group.answers}
        return found

    def _join(self, instance_id: str, desk: _Desk[T], keys: Sequence[str], *, leave_by: float) -> list[_Group[T]]:
        joined: list[_Group[T]] = []
        for key in dict.fromkeys(keys):
            if desk.open is None:
                desk.open = self._opened(instance_id, desk)
            group = desk.open
            group.keys[key] = None
            group.leave_by = min(group.leave_by, leave_by)
            if not joined or joined[-1] is not group:
                joined.append(group)
                group.members += 1
            if len(group.keys) == LARGEST_GROUP:
                group.full.set()
                desk.open = None
        return joined

    def _opened(self, instance_id: str, desk: _Desk[T]) -> _Group[T]:
        group: _Group[T] = _Group(leave_by=_loop_time() + LONGEST_SECONDS)
        # In a context of its own: the call is not that of the member who came first.
        task = asyncio.create_task(self._run(instance_id, desk, group), context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return group

    async def _run(self, instance_id: str, desk: _Desk[T], group: _Group[T]) -> None:
        with self._clock.busy():
            try:
                try:
                    await self._fill(desk, group)
                finally:
                    if desk.open is group:
                        desk.open = None
                desk.under_way += 1
                try:
                    group.answers = await self._ask(instance_id, list(group.keys))
                finally:
                    desk.under_way -= 1
                    desk.landed.set()
            except BaseException as error:
                group.error = error
                if not isinstance(error, Exception):
                    raise
            finally:
                group.ended.set()

    async def _fill(self, desk: _Desk[T], group: _Group[T]) -> None:
        """Return when the group should leave."""
        while not group.full.is_set():
            count, began = len(group.keys), _loop_time()
            patience = QUIET_SECONDS if group.members == 1 else CROWD_QUIET_SECONDS
            await _within(patience, group.full)
            # A loop that comes round late has much to do: more of the same, most likely.
            late = _loop_time() - began > 2 * patience
            quiet = len(group.keys) == count and not desk.coming and not late
            if not quiet and _loop_time() < group.leave_by:
                continue
            if desk.under_way < _AT_ONCE:
                return
            desk.landed.clear()
            await self._first_of(group.full, desk.landed)

    async def _first_of(self, *events: asyncio.Event) -> None:
        """Wait for one of these without holding a virtual clock up."""
        waits = [asyncio.ensure_future(self._clock.wait(event, _LOOK_SECONDS)) for event in events]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


async def _within(seconds: float, event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
