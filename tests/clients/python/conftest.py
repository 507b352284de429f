"""Real processes, for the command line: simulators, a server, an instance with its people copied."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clients.python.command_line import PEOPLE, CommandLine
from demo.processes import Running, start, token
from demo.service import INSTANCE, Service, set_up
from demo.systems import Salesforce


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
