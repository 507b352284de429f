"""The metrics over HTTP, for Prometheus: one page on a loopback address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from actionsync_server.telemetry import Metrics

_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@asynccontextmanager
async def metrics_page(
    metrics: Metrics, refresh: Callable[[], Awaitable[None]], *, host: str, port: int
) -> AsyncIterator[int]:
    """Serve `/metrics` while the block runs; gives the port. Raises OSError when the port is taken.

    `refresh` is awaited before each look at the metrics.
    """

    async def page(request: web.Request) -> web.Response:
        await refresh()
        return web.Response(body=metrics.text(), headers={"Content-Type": _CONTENT_TYPE})

    application = web.Application()
    application.router.add_get("/metrics", page)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound: int = runner.addresses[0][1]
        yield bound
    finally:
        await runner.cleanup()
