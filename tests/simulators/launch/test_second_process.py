"""Filling Marketo in a second process: the same rows as in one process, and failures that are told."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime

import pytest
from actionsync_simulators import building, second_process
from actionsync_simulators.building import begin, build
from actionsync_simulators.clock import Clock
from actionsync_simulators.second_process import in_second_process
from actionsync_simulators.settings import Settings

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def no_report(line: str) -> None:
    pytest.fail(line)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy processes")
def test_the_world_is_the_same_as_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "possible", lambda: True)
    settings = Settings(people=300, adobe_actions=True)
    begun = begin(settings, report=no_report, clock=Clock(start=START, frozen=True), beside=True)
    assert begun.marketo_image is not None
    two = begun.finished()
    one = build(settings, report=no_report, clock=Clock(start=START, frozen=True))
    assert two.marketo.database.snapshot() == one.marketo.database.snapshot()
    assert two.salesforce.database.snapshot() == one.salesforce.database.snapshot()
    two.marketo.database.execute("DELETE FROM leads")
    two.marketo.reset()
    assert two.marketo.database.snapshot() == one.marketo.database.snapshot()
    one.marketo.close()
    two.marketo.close()


@pytest.mark.parametrize(("people", "possible", "beside"), [(10, False, True), (10, True, False), (11, True, True)])
def test_one_process_does_it_where_a_second_is_no_help(
    monkeypatch: pytest.MonkeyPatch, people: int, possible: bool, beside: bool
) -> None:
    monkeypatch.setattr(second_process, "possible", lambda: possible)
    monkeypatch.setattr(building, "BESIDE_UP_TO", 10)
    begun = begin(Settings(people=people), report=no_report, clock=Clock(start=START, frozen=True), beside=beside)
    assert begun.marketo_image is None
    begun.marketo.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy processes")
def test_the_result_may_be_larger_than_a_pipe_holds() -> None:
    result = bytes(range(256)) * 20_000
    assert in_second_process(lambda: result)() == result


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy processes")
def test_work_that_fails_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> bytes:
        raise ValueError("no such world")

    wait = in_second_process(fail)
    with pytest.raises(RuntimeError, match="second process failed"):
        wait()
    assert "ValueError: no such world" in capfd.readouterr().err


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy processes")
def test_the_copy_holds_no_port_of_the_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()

        def look() -> bytes:
            try:
                os.fstat(number)
            except OSError:
                return b"closed"
            return b"open"

        assert in_second_process(look)() == b"closed"
