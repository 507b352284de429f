"""The outermost concern: the request id, one log line and the metrics of every call, however it ends."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from actionsync_server.model.ids import Ids
from actionsync_server.rpc.incoming import Failed, Incoming
from actionsync_server.telemetry import Metrics

log = structlog.get_logger(__name__)

REQUEST_ID_KEY = "x-request-id"
#: A caller's own request id is taken over when it is harmless in logs and headers.
_USABLE = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


class Observation:
    """Names the call, and tells afterwards what became of it."""

    def __init__(
        self, metrics: Metrics, request_ids: Ids, *, stopwatch: Callable[[], float] = time.perf_counter
    ) -> None:
        self._metrics = metrics
        self._request_ids = request_ids
        self._stopwatch = stopwatch  # real seconds, finer than the event loop's own

    @asynccontextmanager
    async def __call__(self, incoming: Incoming) -> AsyncIterator[None]:
        """Observe one call."""
        given = incoming.metadata.get(REQUEST_ID_KEY, "")
        incoming.request_id = given if _USABLE.fullmatch(given) else self._request_ids.make("r")
        # Every call is a task with a context of its own, so there is nothing to unbind.
        structlog.contextvars.bind_contextvars(request_id=incoming.request_id)
        method = incoming.method
        labels = (method.service.rsplit(".", 1)[-1], method.name)
        start = self._stopwatch()
        self._metrics.calls_started.labels(*labels).inc()
        if method.streams:
            self._metrics.open_streams.labels(*labels).inc()
        code = "OK"
        try:
            yield
        except Failed as failed:
            code = failed.status.code.name
            raise
        except (asyncio.CancelledError, GeneratorExit):
            code = "CANCELLED"  # the caller went away, or its deadline passed
            raise
        finally:
            seconds = self._stopwatch() - start
            if method.streams:
                self._metrics.open_streams.labels(*labels).dec()
            else:
                self._metrics.call_seconds.labels(*labels).observe(seconds)
            self._metrics.calls_handled.labels(*labels, code).inc()
            _log(incoming, code, seconds)


def _log(incoming: Incoming, code: str, seconds: float) -> None:
    facts = {"method": incoming.method.path, "code": code, "seconds": round(seconds, 6)}
    if incoming.reason:
        facts["reason"] = incoming.reason
    actor = incoming.actor
    if actor is not None:
        facts |= {"instance_id": actor.instance_id, "user_id": actor.user_id, "role": actor.role.name.lower()}
    # By name: a stream may end in another context than it began in.
    log.info("rpc", **facts | {"request_id": incoming.request_id})
