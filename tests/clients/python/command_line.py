"""`actionsync` as its own process, whose output is no terminal."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo.processes import COMMANDS, Running

PEOPLE = 300
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs commands for one user of a running service."""

    running: Running
    address: str
    secret: str

    def run(self, *words: str, **environment: str | None) -> Outcome:
        """Run a command; a variable that is None is not set."""
        variables = {"ACTIONSYNC_ADDRESS": self.address, "ACTIONSYNC_TOKEN": self.secret, **environment}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ACTIONSYNC_")}
        given = {name: value for name, value in variables.items() if value is not None}
        ended = subprocess.run(
            [str(COMMANDS / "actionsync"), *words],
            env=kept | given,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Outcome(ended.returncode, ended.stdout, ended.stderr)

    def say(self, *words: str) -> str:
        """Run a command that must succeed and return what it printed."""
        outcome = self.run(*words)
        assert (outcome.code, outcome.err) == (0, ""), outcome
        return outcome.out

    def json(self, *words: str, code: int = 0) -> Any:
        """Run a command with --json and return what it printed, read as JSON."""
        outcome = self.run(*words, "--json")
        assert (outcome.code, outcome.err) == (code, ""), outcome
        return json.loads(outcome.out)


def rows(table: str) -> list[list[str]]:
    """Return the words of each line below a table's header."""
    return [line.split() for line in table.splitlines()[1:]]


def wait_for(what: str, found: Callable[[], Any]) -> Any:
    """Ask until the answer is true; fail after a minute. (The processes run on the machine's clock.)"""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
    raise AssertionError(f"waited in vain for {what}")
