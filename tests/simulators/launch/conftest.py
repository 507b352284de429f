"""Starting the real command as a process, and stopping it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "actionsync_simulators", "serve"]


@dataclass
class Launched:
    """A running process, and what it announced."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal, wait for the end; return exit code and the rest of stdout and stderr."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


Launch = Callable[..., Launched]


@pytest.fixture
def launch() -> Iterator[Launch]:
    """Start the command with these further arguments and wait for its ready line."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> Launched:
        process = subprocess.Popen(
            [*COMMAND, "--marketo-port", "0", "--salesforce-port", "0", "--pubsub-port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            _, err = process.communicate(timeout=20)
            pytest.fail(f"no ready line, exit code {process.returncode}: {err}")
        return Launched(process, json.loads(line))

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=20)


@pytest.fixture
def run_command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command to its end with exactly these arguments."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND[:-1], *arguments], capture_output=True, text=True, timeout=60, check=False)

    return run
