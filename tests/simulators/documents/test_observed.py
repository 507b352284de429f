"""The comparison of what a simulator declares with what its tests saw, and the pytest plugin that runs it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from actionsync_simulators.endpoint import Behaviour, StandingCall
from harness.observed.answers import Exchange, Seen
from harness.observed.gaps import Declared, gaps, twice
from harness.observed.salesforce import read as read_salesforce

CALL = StandingCall(method="GET", path="/a", errors=("1001",), behaviours=(Behaviour("odd", "it is odd"),))
UNSERVED = StandingCall(method="GET", path="/b", errors=("1002",), served=False)
DECLARED = Declared((CALL, UNSERVED), {"600": "no token"})
SHOWN = [Seen("GET /a", success=True), Seen("GET /a", codes=frozenset({"1001"})), Seen(None, codes=frozenset({"600"}))]
TESTS = Path(__file__).parents[2]


def test_what_was_shown_leaves_no_gap() -> None:
    assert gaps(DECLARED, SHOWN, shown={"odd"}) == []


def test_every_gap_is_told() -> None:
    assert gaps(DECLARED, [Seen("GET /a", codes=frozenset({"1003", "600"}))], shown=()) == [
        "GET /a: no test saw it succeed",
        "GET /a: error 1001 is declared, and no test saw it",
        "GET /a: a test saw error 1003, which is not declared",
        "GET /a: behaviour 'odd' has no test marked @pytest.mark.behaviour('odd')",
    ]


def test_an_error_around_every_call_is_to_be_seen_somewhere() -> None:
    assert gaps(DECLARED, SHOWN[:2], shown={"odd"}) == ["every call: error 600 was seen nowhere"]


def test_one_name_has_one_meaning() -> None:
    other = StandingCall(method="GET", path="/c", behaviours=(Behaviour("odd", "it is even"),))
    assert twice(Declared((CALL, other), {})) == ["behaviour 'odd' has 2 texts"]


@pytest.mark.parametrize("packed", [False, True])
def test_the_code_of_an_xml_refusal_is_read_packed_or_not(*, packed: bool) -> None:
    body = b"<error><exceptionCode>InvalidJob</exceptionCode></error>"
    headers = {"content-type": "application/xml"} | ({"content-encoding": "gzip"} if packed else {})
    exchange = Exchange({"method": "POST", "path": "/services/async/59.0/job"}, status=400, headers=headers)
    exchange.answer_body += gzip.compress(body) if packed else body
    assert list(read_salesforce(None, exchange)) == [Seen("POST job", codes=frozenset({"InvalidJob"}))]


CONFTEST = """
    from pathlib import Path
    from actionsync_simulators.endpoint import Behaviour, StandingCall
    from actionsync_simulators.faults import FaultPlan
    from harness.observed.answers import Seen
    from harness.observed.gaps import Declared
    from harness.observed.plugin import Observation

    class App:
        faults = FaultPlan()

        async def __call__(self, scope, receive, send):
            planned = self.faults.take("GET", scope["path"])
            status = 503 if planned else 200 if scope["path"] == "/good" else 400
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    def read(app, exchange):
        good = exchange.status == 200
        yield Seen("GET /a", success=good, codes=frozenset(() if good else {str(exchange.status)}))

    CALL = StandingCall(method="GET", path="/a", errors=("400",), behaviours=(Behaviour("odd", "it is odd"),))

    def pytest_configure(config):
        config.pluginmanager.register(Observation(Path(__file__).parent, App, read, Declared((CALL,), {})))
"""
CALLING = """
    import asyncio
    import pytest
    from conftest import App

    def call(path):
        async def receive():
            return {"type": "http.request", "body": b""}
        async def send(message):
            pass
        asyncio.run(App()({"type": "http", "method": "GET", "path": path}, receive, send))
"""
GOOD = """
    @pytest.mark.behaviour("odd")
    def test_good():
        call("/good")
"""
BAD = """
    def test_bad():
        call("/bad")
"""
PLANNED = """
    def test_planned():
        App.faults.add({"action": "error", "error": {"code": "1"}})
        call("/bad")
"""
UNKNOWN = """
    @pytest.mark.behaviour("unheard-of")
    def test_unknown():
        call("/bad")
"""


def run(folder: Path, *tests: str, arguments: tuple[str, ...] = (), gaps: str = "") -> tuple[int, str]:
    """Run pytest in a folder of its own that holds a small simulator; returns exit code and output."""
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = behaviour: x\n")
    inner = folder / "small"
    inner.mkdir()
    (inner / "conftest.py").write_text(dedent(CONFTEST))
    (inner / "test_small.py").write_text(dedent(CALLING) + "".join(dedent(one) for one in tests))
    environment = {**os.environ, "PYTHONPATH": f"{TESTS}{os.pathsep}{inner}", "GAPS": gaps}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_run_that_shows_everything_passes(tmp_path: Path) -> None:
    code, output = run(tmp_path, GOOD, BAD)
    assert code == 0, output


@pytest.mark.parametrize("tests", [(GOOD,), (GOOD, PLANNED)], ids=["not seen", "seen of a planned fault only"])
def test_a_declared_error_that_nothing_showed_fails_the_run(tmp_path: Path, tests: tuple[str, ...]) -> None:
    code, output = run(tmp_path, *tests)
    assert code == 1, output
    assert "GET /a: error 400 is declared, and no test saw it" in output
    assert f"{len(tests)} passed" in output


def test_a_part_of_the_folder_is_not_held_to_the_table(tmp_path: Path) -> None:
    code, output = run(tmp_path, GOOD, BAD, arguments=("-k", "good"), gaps="/a")
    assert code == 0, output
    assert "GET /a: error 400 is declared, and no test saw it" in output


def test_an_unknown_behaviour_fails_any_run(tmp_path: Path) -> None:
    code, output = run(tmp_path, GOOD, BAD, UNKNOWN, arguments=("-k", "unknown"))
    assert code == 1, output
    assert "test_unknown: no call has a behaviour 'unheard-of'" in output
