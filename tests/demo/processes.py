"""Starts the simulators and the server as a user would: their own commands, free ports, one line of JSON when ready."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

READY_SECONDS = 120
STOP_SECONDS = 30
COMMANDS = Path(sys.executable).parent


class NotReadyError(RuntimeError):
    """A process ended, or said nothing, before it was ready."""


@dataclass(frozen=True, slots=True)
class Running:
    """What is running, and how to reach it."""

    simulators: dict[str, Any]
    server: dict[str, Any]
    data: Path
    logs: Path
    processes: list[subprocess.Popen[str]]

    @property
    def address(self) -> str:
        """The server's gRPC address."""
        return str(self.server["listening"])

    @property
    def server_pid(self) -> int:
        """The server's process id."""
        return self.processes[-1].pid

    def kill_server(self) -> None:
        """End the server as a power cut would: SIGKILL, no goodbye."""
        self.processes[-1].kill()
        self.processes[-1].wait()


@contextmanager
def start(*, people: int, native_sync_seconds: int, logs: Path, limits: str = "vendor") -> Iterator[Running]:
    """Run simulators and server while the block runs; everything ends with it."""
    processes: list[subprocess.Popen[str]] = []
    with tempfile.TemporaryDirectory(prefix="actionsync-") as folder:
        try:
            simulators = _start(
                processes,
                _simulators_command(people, native_sync_seconds, limits),
                logs / "simulators.log",
            )
            server = _start_server(processes, Path(folder), logs)
            yield Running(simulators, server, Path(folder), logs, processes)
        finally:
            stop(processes)


def restart_server(running: Running) -> None:
    """Start the server again on the same data; its address may be another."""
    running.server.update(_start_server(running.processes, running.data, running.logs))


def _start_server(processes: list[subprocess.Popen[str]], data: Path, logs: Path) -> dict[str, Any]:
    command = ["actionsync-server", "serve", "--listen", "127.0.0.1:0", "--data", str(data)]
    log = logs / f"server-{len(processes)}.log"
    return _start(processes, command, log, ACTIONSYNC_SERVER_ALLOW_PLAIN_HTTP="true")


def _simulators_command(people: int, native_sync_seconds: int, limits: str) -> list[str]:
    ports = ["--marketo-port", "0", "--salesforce-port", "0", "--pubsub-port", "0"]
    world = [
        "--people",
        str(people),
        "--seed",
        "1",
        "--native-sync-seconds",
        str(native_sync_seconds),
        "--limits",
        limits,
    ]
    return ["actionsync-simulators", "serve", *ports, *world]


def token(data: Path, *, role: str, user: str, instance: str = "") -> str:
    """Return a token, made by the server's own command."""
    command = [str(COMMANDS / "actionsync-server"), "token", "--data", str(data), "--role", role, "--user", user]
    if instance:
        command += ["--instance", instance]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def stop(processes: list[subprocess.Popen[str]]) -> None:
    """End our processes, the last started first; one that does not stop in time is killed."""
    for process in reversed(processes):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in reversed(processes):
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _start(processes: list[subprocess.Popen[str]], command: list[str], log: Path, **environment: str) -> dict[str, Any]:
    with log.open("w") as errors:
        process = subprocess.Popen(
            [str(COMMANDS / command[0]), *command[1:]],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=os.environ | environment,
        )
    processes.append(process)
    assert process.stdout is not None
    return _ready_line(process, process.stdout, log)


def _ready_line(process: subprocess.Popen[str], output: IO[str], log: Path) -> dict[str, Any]:
    # The alarm ends a process that never gets ready; its closed output then ends the loop.
    watchdog = _Watchdog(process)
    try:
        for line in output:
            if line.startswith("{"):
                ready: dict[str, Any] = json.loads(line)
                return ready
    finally:
        watchdog.cancel()
    raise NotReadyError(f"{process.args!r} ended before it was ready:\n{log.read_text()[-2000:]}")


class _Watchdog:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._timer = threading.Timer(READY_SECONDS, process.kill)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        self._timer.cancel()
