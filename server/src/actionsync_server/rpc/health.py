"""The standard health service (grpc.health.v1), which also ends its watches when the server stops.

The one that comes with gRPC keeps them open, and a single one then holds up the stop for its whole grace time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

SERVICE_NAME: str = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name

_STATUS = health_pb2.HealthCheckResponse


class Health(health_pb2_grpc.HealthServicer):  # type: ignore[misc]  # gRPC's own class is untyped
    """One answer for the server ("") and each of its services: they start and stop together."""

    def __init__(self, services: Iterable[str]) -> None:
        self._names = {"", *services}
        self._serving = False
        self._stopped = False
        self._changed = asyncio.Event()

    def start(self) -> None:
        """Tell from now on that the server answers."""
        self._serving = True
        self._tell()

    def stop(self) -> None:
        """Tell for good that it does not, and end the watches."""
        self._serving = False
        self._stopped = True
        self._tell()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _status(self, name: str) -> Any:
        if name not in self._names:
            return _STATUS.SERVICE_UNKNOWN
        return _STATUS.SERVING if self._serving else _STATUS.NOT_SERVING

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802  (gRPC's name)
        """Answer once; NOT_FOUND for a service that is not ours."""
        if request.service not in self._names:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
        return _STATUS(status=self._status(request.service))

    async def Watch(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802  (gRPC's name)
        """Answer now and on every change, until the server stops."""
        last = None
        while True:
            changed = self._changed
            status = self._status(request.service)
            if status != last:
                last = status
                yield _STATUS(status=status)
            if self._stopped:
                return
            if changed is self._changed:
                await changed.wait()
