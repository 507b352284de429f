"""Listens to the change events of an instance's Salesforce, over cut streams and ended sessions."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

import grpc
import structlog

from actionsync_server.clock import Clock
from actionsync_server.flows.change_events.asking import Asking
from actionsync_server.flows.change_events.sources import Interest, Source, source_of
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.wakes import Wakes
from actionsync_server.model.errors import NotConnected, System, SystemBusy, SystemFailure
from actionsync_server.systems.salesforce import ChangeEvent, Subscription
from actionsync_server.telemetry import Metrics

log = structlog.get_logger(__name__)

#: A broken stream is opened again after this long, doubled with each try in vain.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
#: After a refusal, which does not pass by itself.
REFUSED_PAUSE_SECONDS = 300.0


class ChangeEventListening:
    """What the change event worker of every instance does."""

    def __init__(
        self,
        clock: Clock,
        rng: random.Random,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        wakes: Wakes,
        metrics: Metrics,
    ) -> None:
        self._clock = clock
        self._rng = rng
        self._registry = registry
        self._settings = settings
        self._wakes = wakes
        self._metrics = metrics

    async def source(self, instance_id: str) -> Source | None:
        """Return what an instance is to listen to now."""
        settings = await self._settings.get(instance_id)
        return source_of(await self._registry.connection(instance_id, System.SALESFORCE), settings)

    async def listen(self, instance_id: str, source: Source) -> NoReturn:
        """Listen to a source until cancelled, and ask its workers for polls."""
        async with source.endpoint.channel() as channel, asyncio.TaskGroup() as group:
            askings = {}
            for worker in {interest.worker for interest in source.interests}:
                askings[worker] = Asking(self._clock, partial(self._wakes.ask, instance_id, worker))
                group.create_task(askings[worker].run())
            for interest in source.interests:
                stream = _Stream(self._clock, instance_id, interest, askings[interest.worker], self._metrics)
                group.create_task(self._follow(stream, channel))
        raise AssertionError("the tasks of a listener end only by being cancelled")

    async def _follow(self, stream: _Stream, channel: grpc.aio.Channel) -> NoReturn:
        """Keep the stream of one topic open."""
        instance_id, subscription = stream.instance_id, None
        pause = FIRST_PAUSE_SECONDS
        try:
            while True:
                stream.heard_anything = False
                try:
                    if subscription is None:
                        client = await self._registry.salesforce(instance_id)
                        subscription = client.subscription(channel, stream.interest.topic)
                    await stream.follow(subscription)
                except SystemFailure as failure:
                    if stream.heard_anything:
                        pause = FIRST_PAUSE_SECONDS
                    seconds = self._pause_after(failure, pause)
                    stream.interrupted(failure, seconds)
                except NotConnected:
                    subscription, seconds = None, REFUSED_PAUSE_SECONDS
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                await self._clock.sleep(seconds)
        finally:
            stream.forget()

    def _pause_after(self, failure: SystemFailure, pause: float) -> float:
        """Return the seconds until the next try, lengthened by up to a half: who failed together comes back apart."""
        plain = max(pause, failure.retry_after or 0.0) if isinstance(failure, SystemBusy) else REFUSED_PAUSE_SECONDS
        return plain * (1.0 + 0.5 * self._rng.random())


class _Stream:
    """One topic of one instance: what is heard on it, for whom, and how the metrics tell of it."""

    def __init__(self, clock: Clock, instance_id: str, interest: Interest, asking: Asking, metrics: Metrics) -> None:
        self.instance_id = instance_id
        self.interest = interest
        self.heard_anything = False
        self._clock = clock
        self._asking = asking
        labels = (instance_id, interest.topic)
        self._labels = labels
        self._open = metrics.change_event_streams
        self._open.labels(*labels).set(0)
        self._events = metrics.change_events.labels(*labels)

    async def follow(self, subscription: Subscription) -> NoReturn:
        """Listen until the stream ends, which a SystemFailure tells."""
        resumed = subscription.is_resumable
        await subscription.listen(opened=partial(self._opened, resumed=resumed), heard=self._heard)

    def interrupted(self, failure: SystemFailure, seconds: float) -> None:
        """Note that there is no stream now."""
        self._open.labels(*self._labels).set(0)
        tell = log.info if isinstance(failure, SystemBusy) else log.warning
        tell(
            "change_events_interrupted",
            instance_id=self.instance_id,
            topic=self.interest.topic,
            code=failure.system_code,
            reason=failure.reason,
            again_after_seconds=round(seconds, 1),
        )

    def forget(self) -> None:
        """Leave the metrics: nobody listens any more."""
        self._open.remove(*self._labels)

    def _opened(self, *, resumed: bool) -> None:
        self._open.labels(*self._labels).set(1)
        log.info("change_events_open", instance_id=self.instance_id, topic=self.interest.topic, resumed=resumed)
        if not resumed:
            self._asking.note()  # what happened before is told by nobody

    def _heard(self, events: Sequence[ChangeEvent]) -> None:
        self.heard_anything = True
        self._events.inc(len(events))
        if any(self.interest.wants(event) for event in events):
            self._asking.note()
