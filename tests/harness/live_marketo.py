"""The Marketo simulator on a real socket, in a thread of its own, for clients that block or are other programs."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import UTC, datetime

import uvicorn
from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.seed.org import generate

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
PEOPLE = 400


class LiveMarketo:
    """A running simulator with the generated world. Its rows belong to its thread: talk to it over HTTP only."""

    def __init__(self, *, switches: MarketoSwitches | None = None) -> None:
        self._switches = switches
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._ready = threading.Event()
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._ready.wait()
        if self._problem is not None:
            self._socket.close()
            raise self._problem

    def _run(self) -> None:
        try:
            clock = Clock(start=START)
            simulator = MarketoSimulator(clock=clock, seed=1, limits="off", switches=self._switches)
            simulator.load(generate(PEOPLE, seed=1, start=clock.now()))
        except Exception as problem:
            self._problem = problem
            self._ready.set()
            return
        self._server = uvicorn.Server(uvicorn.Config(simulator, log_level="warning", lifespan="on", ws="none"))
        # Bound already: what connects from now on waits in the backlog until it is accepted.
        self._socket.listen()
        self._ready.set()
        asyncio.run(self._server.serve([self._socket]))
        simulator.close()

    def stop(self) -> None:
        """End the server and wait for its thread; TimeoutError when it does not end."""
        if self._server is None:
            raise RuntimeError("the server was never started")
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()
        if self._thread.is_alive():
            raise TimeoutError("the simulator did not stop within 20 seconds")
