"""Filling Marketo in a second process: the same rows as in one process, and failures that are told.

What copies a process runs in a fresh one, as the command is when it starts: a copy of this one, in which gRPC has
threads by now, would be none that anybody makes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from textwrap import dedent

import pytest
from actionsync_simulators import building, second_process
from actionsync_simulators.building import begin
from actionsync_simulators.clock import Clock
from actionsync_simulators.settings import Settings

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
COPIES = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy processes")


def no_report(line: str) -> None:
    pytest.fail(line)


def alone(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", dedent(script)], capture_output=True, text=True, timeout=60, check=False
    )


@COPIES
def test_the_world_is_the_same_as_in_one_process() -> None:
    ran = alone("""
        from datetime import UTC, datetime
        from actionsync_simulators import second_process
        from actionsync_simulators.building import begin, build
        from actionsync_simulators.clock import Clock
        from actionsync_simulators.settings import Settings

        second_process.possible = lambda: True
        settings = Settings(people=300, adobe_actions=True)
        clocks = [Clock(start=datetime(2026, 1, 31, 12, tzinfo=UTC), frozen=True) for _ in range(2)]
        begun = begin(settings, report=print, clock=clocks[0], beside=True)
        assert begun.marketo_image is not None
        two = begun.finished()
        one = build(settings, report=print, clock=clocks[1])
        assert two.marketo.database.snapshot() == one.marketo.database.snapshot()
        assert two.salesforce.database.snapshot() == one.salesforce.database.snapshot()
        two.marketo.database.execute("DELETE FROM leads")
        assert two.marketo.database.snapshot() != one.marketo.database.snapshot()
        two.marketo.reset()
        assert two.marketo.database.snapshot() == one.marketo.database.snapshot()
    """)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize(("people", "possible", "beside"), [(10, False, True), (10, True, False), (11, True, True)])
def test_one_process_does_it_where_a_second_is_no_help(
    monkeypatch: pytest.MonkeyPatch, people: int, possible: bool, beside: bool
) -> None:
    monkeypatch.setattr(second_process, "possible", lambda: possible)
    monkeypatch.setattr(building, "BESIDE_UP_TO", 10)
    begun = begin(Settings(people=people), report=no_report, clock=Clock(start=START, frozen=True), beside=beside)
    assert begun.marketo_image is None
    begun.marketo.close()


@COPIES
def test_the_result_may_be_larger_than_a_pipe_holds() -> None:
    ran = alone("""
        from actionsync_simulators.second_process import in_second_process

        result = bytes(range(256)) * 20_000
        assert in_second_process(lambda: result)() == result
    """)
    assert (ran.returncode, ran.stderr) == (0, "")


@COPIES
def test_work_that_fails_is_told() -> None:
    ran = alone("""
        from actionsync_simulators.second_process import in_second_process

        def fail():
            raise ValueError("no such world")

        try:
            in_second_process(fail)()
        except RuntimeError as error:
            print(error)
    """)
    assert (ran.returncode, ran.stdout) == (0, "the second process failed\n")
    assert "ValueError: no such world" in ran.stderr


@COPIES
def test_the_copy_holds_no_port_of_the_process() -> None:
    ran = alone("""
        import os, socket
        from actionsync_simulators.second_process import in_second_process

        def look():
            try:
                os.fstat(number)
            except OSError:
                return b"closed"
            return b"open"

        with socket.create_server(("127.0.0.1", 0)) as listening:
            number = listening.fileno()
            print(in_second_process(look)().decode())
    """)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "closed\n", "")
