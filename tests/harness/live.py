"""A simulator on a real socket, in a thread of its own, for clients that block or are other programs."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn


class LiveSimulator:
    """A running simulator. Its rows belong to its thread, which builds and closes it: talk to it over HTTP only.

    `ending` runs there before the server stops, which waits for calls that are being answered.
    """

    def __init__(
        self, build: Callable[[], Any], *, close: Callable[[Any], None], ending: Callable[[Any], None] | None = None
    ) -> None:
        self._build = build
        self._close = close
        self._ending = ending
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._problems: list[Exception] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._ready.wait()
        if self._problems:
            self._socket.close()
            raise self._problems[0]

    def _run(self) -> None:
        try:
            simulator = self._build()
        except Exception as problem:
            self._problems.append(problem)
            self._ready.set()
            return
        self._server = uvicorn.Server(uvicorn.Config(simulator, log_level="warning", lifespan="on", ws="none"))
        # Bound already: what connects from now on waits in the backlog until it is accepted.
        self._socket.listen()
        self._ready.set()
        asyncio.run(self._serve(self._server, simulator))
        self._close(simulator)

    async def _serve(self, server: uvicorn.Server, simulator: Any) -> None:
        serving = asyncio.create_task(server.serve([self._socket]))
        await asyncio.to_thread(self._stopping.wait)
        if self._ending is not None:
            self._ending(simulator)
        server.should_exit = True
        await serving

    def stop(self) -> None:
        """End the server and wait for its thread; TimeoutError when it does not end."""
        if self._server is None:
            raise RuntimeError("the server was never started")
        self._stopping.set()
        self._thread.join(20)
        self._socket.close()
        if self._thread.is_alive():
            raise TimeoutError("the simulator did not stop within 20 seconds")
