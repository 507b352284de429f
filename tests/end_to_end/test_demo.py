"""`make demo` and `make up`, as their own processes: every figure of the whole flow, and how a wrong one is told."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from actionsync.v1 import person_sync_pb2
from demo import demo
from demo.flow import NEW_TITLE
from demo.report import Report
from demo.sample_activities import API_NAMES
from demo.service import Service
from rich.console import Console

TESTS = Path(__file__).parents[1]
PEOPLE = 300
#: Every figure that the demo shows. None: any number above zero; ...: whatever it is.
FIGURES: dict[str, dict[str, Any]] = {
    "people here": {
        "owned leads and contacts": None,
        "left out: owned by a queue": None,
        "left out: only in Marketo": None,
        "left out: deleted in Salesforce": None,
        "left out: no owner": 0,  # the platform lets nobody be without
        "read from Marketo in all": PEOPLE,
    },
    "checks before a send": {
        "unsubscribed recipient": "MUST_NOT_SEND",
        "subscribed recipient": "MAY_SEND",
        "the send's permit": "VALID",
    },
    "activities in Marketo": dict.fromkeys(API_NAMES, 1),
    "Tasks in Salesforce": {
        "asSendSalesEmail": "Email, Completed",
        "asRepliedToSalesEmail": "Reply, Completed",
        "asReceivedSalesCall": "Call, Completed",
        "marks on the mail's Task": "Viewed, Clicked, Replied",
        "on the person's contact": 3,
        "of activities that make no Task": 0,
    },
    "the Smart Grid": {"our own activities": 8, "Marketo's beside them": ...},
    "what needs somebody": {"alerts": "none"},
    "a reminder": {
        "its Task": "Not Started",
        "Type of the Task": "none",
        "completed in Salesforce, here": "COMPLETED",
    },
    "an unsubscribe": {"Email Opt Out of the contact": True, "the next check": "BLOCKED_SALES_UNSUBSCRIBE"},
    "an edit in Salesforce": {"title of the person here": NEW_TITLE, "seconds on the way": None},
    "API calls": {"Marketo, by the server": None, "Marketo, by everybody": None, "Salesforce, by everybody": None},
}


def command(name: str, *words: str) -> list[str]:
    return [sys.executable, "-m", f"demo.{name}", *words]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ACTIONSYNC_")}
    return kept | {"PYTHONPATH": str(TESTS)}


@pytest.mark.slow
def test_the_demo_ends_by_itself_with_every_figure_as_it_must_be() -> None:
    words = command("demo", "--people", str(PEOPLE), "--json")
    ended = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=110)
    assert ended.returncode == 0, ended.stderr
    result = json.loads(ended.stdout.splitlines()[-1])
    assert (result["people"], result["ok"], result["mismatches"]) == (PEOPLE, True, [])
    assert {name: set(section) for name, section in result["found"].items()} == {
        name: set(section) for name, section in FIGURES.items()
    }
    for section, figures in FIGURES.items():
        for name, expected in figures.items():
            found = result["found"][section][name]
            if expected is not ...:
                assert found > 0 if expected is None else found == expected, (section, name, found)
    people = result["found"]["people here"]
    assert sum(people.values()) - people["read from Marketo in all"] == PEOPLE
    # The same figures, for people to read.
    assert all(section in ended.stderr for section in FIGURES)
    assert "✗" not in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_up_leaves_a_working_system_and_ends_with_a_signal(number: signal.Signals) -> None:
    with ended_at_last(command("up", "--people", "120")) as process:
        text = until(process, "Ctrl-C ends everything")
        address, admin, seller = (
            one_of(pattern, text)
            for pattern in (
                r"export ACTIONSYNC_ADDRESS=(\S+)",
                r"export ACTIONSYNC_TOKEN=(\S+)",
                r"seller's token: (\S+)",
            )
        )
        urls = re.findall(r"http://127\.0\.0\.1:\d+", text)
        for secret in (admin, seller):
            service = Service(address, secret)
            status = service.persons.GetSyncStatus(person_sync_pb2.GetSyncStatusRequest())
            assert not status.HasField("initial_sync")
            service.close()
        places = [address, *(url.removeprefix("http://") for url in urls)]
        assert len(places) == 3
        assert all(listens(place) for place in places)
        if number is signal.SIGINT:
            os.killpg(process.pid, number)  # Ctrl-C reaches everything that the terminal runs
        else:
            process.send_signal(number)
        assert process.wait(60) == 0
        assert not any(listens(place) for place in places)


@contextlib.contextmanager
def ended_at_last(words: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a process in a session of its own; nothing of it is left after the block."""
    with subprocess.Popen(
        words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def until(process: subprocess.Popen[str], last: str) -> str:
    """Return what a process prints, to the line that has `last` in it."""
    assert process.stdout is not None
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if last in line:
                return "".join(lines)
    finally:
        watchdog.cancel()
    raise AssertionError(f"it never said {last!r}:\n{''.join(lines)}")


def one_of(pattern: str, text: str) -> str:
    (found,) = re.findall(pattern, text)
    return str(found)


def listens(place: str) -> bool:
    host, _, port = place.rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def a_report(*, found: object) -> Report:
    report = Report(people=100, seconds=1.26)
    report.add("people here", "owned", 1234, expected=1234, source="SOQL")
    report.add("people here", "seconds", 2.5, source="clock")
    report.add("checks", "refused", found, expected="MUST_NOT_SEND", source="AuthorizeSend")
    return report


def shown(report: Report) -> str:
    console = Console(width=120, record=True, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    with console.file:
        console.print(report.table())
    return console.export_text()


def test_a_report_without_a_mismatch_is_ok() -> None:
    report = a_report(found="MUST_NOT_SEND")
    assert report.mismatches == []
    assert report.as_json() == {
        "people": 100,
        "seconds": 1.3,
        "ok": True,
        "mismatches": [],
        "found": {"people here": {"owned": 1234, "seconds": 2.5}, "checks": {"refused": "MUST_NOT_SEND"}},
    }
    assert "1,234 ✓" in shown(report)
    assert "✗" not in shown(report)


@pytest.mark.parametrize("found", ["MAY_SEND", 0, None, False])
def test_a_report_names_what_is_not_as_it_should_be(found: object) -> None:
    report = a_report(found=found)
    assert report.mismatches == [f"checks / refused: AuthorizeSend says {found!r}, expected 'MUST_NOT_SEND'"]
    assert report.as_json()["ok"] is False
    assert report.as_json()["mismatches"] == report.mismatches
    assert f"{found} ✗ expected MUST_NOT_SEND" in shown(report)


def test_a_zero_that_is_expected_is_compared() -> None:
    report = Report(people=100)
    report.add("Tasks", "too many", 1, expected=0, source="SOQL")
    assert report.mismatches == ["Tasks / too many: SOQL says 1, expected 0"]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let the demo run without systems; `script["run"]` gets the report to fill."""
    script: dict[str, Any] = {}

    class Scripted:
        def __init__(self, running: object, report: Report, console: Console) -> None:
            self._report = report

        def run(self) -> None:
            script["run"](self._report)

    monkeypatch.setattr(demo, "start", lambda **_: contextlib.nullcontext())
    monkeypatch.setattr(demo, "Flow", Scripted)
    monkeypatch.setattr(sys, "argv", ["demo", "--people", "100", "--json"])
    return script


def test_a_mismatch_makes_exit_code_1_and_is_named(
    scripted: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    scripted["run"] = lambda report: report.add("Tasks", "calls", 2, expected=1, source="SOQL")
    assert demo.main() == 1
    printed = capsys.readouterr()
    assert "mismatch: Tasks / calls: SOQL says 2, expected 1" in " ".join(printed.err.split())
    result = json.loads(printed.out.splitlines()[-1])
    assert (result["ok"], result["mismatches"]) == (False, ["Tasks / calls: SOQL says 2, expected 1"])


def test_a_demo_that_breaks_makes_exit_code_1_and_shows_why(
    scripted: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(report: Report) -> None:
        raise grpc.RpcError("the server is gone")

    scripted["run"] = broken
    assert demo.main() == 1
    assert "the server is gone" in capsys.readouterr().err


def test_too_few_people_are_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["demo", "--people", "99"])
    with pytest.raises(SystemExit) as ended:
        demo.main()
    assert ended.value.code == 2
    assert "at least 100" in capsys.readouterr().err
