"""The real command line against real processes: simulators, a server, an instance with its people copied."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from demo.processes import COMMANDS, Running, start, token
from demo.service import INSTANCE, Service, set_up
from demo.systems import Salesforce

PEOPLE = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """`actionsync` as its own process, whose output is no terminal."""

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


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """An admin's command line; the people are copied by `sync start --watch`."""
    logs = tmp_path_factory.mktemp("logs")
    with start(people=PEOPLE, native_sync_seconds=300, logs=logs, limits="off") as running:
        service = _set_up(running)
        service.close()
        secret = token(running.data, role="admin", user="admin-1", instance=INSTANCE)
        command_line = CommandLine(running, running.address, secret)
        first = command_line.json("sync", "start", "--watch")
        assert first["state"] == "INITIAL_SYNC_STATE_SUCCEEDED"
        yield command_line


def _set_up(running: Running) -> Service:
    seller = Salesforce(running.simulators).query(
        "SELECT Id, Email FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Id LIMIT 1"
    )[0]
    return set_up(running, seller_email=seller["Email"], seller_salesforce_id=seller["Id"])
