"""How `actionsync` fails: exit codes, one sentence each, nothing on standard output, never a traceback."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import socket
import struct
import subprocess
import termios

import pytest
from clients.python.command_line import CommandLine, Outcome
from demo.processes import COMMANDS, token
from demo.service import INSTANCE, SELLER

pytestmark = pytest.mark.slow
NO_TOKEN = "ACTIONSYNC_TOKEN is not set"


def said(outcome: Outcome, code: int) -> list[str]:
    """Return the lines of a failure; nothing else must have been printed."""
    assert (outcome.code, outcome.out) == (code, ""), outcome
    assert "Traceback" not in outcome.err
    return outcome.err.splitlines()


def test_without_a_token(cli: CommandLine) -> None:
    lines = said(cli.run("people", "list", ACTIONSYNC_TOKEN=None), 1)
    assert lines[0].startswith("TOKEN_INVALID: ")
    assert NO_TOKEN in lines[1]


@pytest.mark.parametrize("secret", ["nonsense", "two\nlines", "Ünïcode", "e30.e30.e30"])
def test_with_a_token_that_is_none(cli: CommandLine, secret: str) -> None:
    lines = said(cli.run("people", "list", ACTIONSYNC_TOKEN=secret), 1)
    assert any("ACTIONSYNC_TOKEN is not a token of this server" in line for line in lines)
    assert secret.splitlines()[0] not in lines[0]


def test_a_line_break_behind_the_token_does_no_harm(cli: CommandLine) -> None:
    assert cli.run("sync", "status", ACTIONSYNC_TOKEN=f"{cli.secret}\n").code == 0


def test_with_an_expired_token(cli: CommandLine) -> None:
    command = [str(COMMANDS / "actionsync-server"), "token", "--data", str(cli.running.data), "--instance", INSTANCE]
    command += ["--role", "admin", "--user", "admin-1", "--valid-for", "1s"]
    secret = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    outcome = cli.run("sync", "status", ACTIONSYNC_TOKEN=secret)
    while outcome.code == 0:
        outcome = cli.run("sync", "status", ACTIONSYNC_TOKEN=secret)
    lines = said(outcome, 1)
    assert lines[0].startswith("TOKEN_EXPIRED: ")
    assert "put a new token into ACTIONSYNC_TOKEN" in lines[1]


def test_with_the_wrong_role(cli: CommandLine) -> None:
    seller = token(cli.running.data, role="user", user=SELLER, instance=INSTANCE)
    lines = said(cli.run("connections", "disconnect", "marketo", ACTIONSYNC_TOKEN=seller), 1)
    assert lines[0].startswith("ROLE_NOT_ALLOWED: ")
    assert lines[-1].startswith("  request id r-")
    assert cli.json("connections", "check", "marketo")["working"] is True


@pytest.mark.parametrize(
    "words",
    [("people", "list"), ("sync", "start"), ("sync", "watch", "s-1"), ("check", "a@b.example", "--json")],
    ids=lambda words: " ".join(words[:2]),
)
def test_where_no_service_is(cli: CommandLine, words: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, never listening: nobody answers there
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        lines = said(cli.run(*words, ACTIONSYNC_ADDRESS=address), 3)
    assert lines[0].startswith("no answer from the service: ")
    assert lines[1] == f"is it running? ACTIONSYNC_ADDRESS is {address}"


@pytest.mark.parametrize("words", [("people", "get", "nobody"), ("deliveries", "get", "d-0"), ("sync", "watch", "s-0")])
def test_what_does_not_exist(cli: CommandLine, words: tuple[str, ...]) -> None:
    lines = said(cli.run(*words), 1)
    assert lines[0].startswith("RESOURCE_NOT_FOUND: ")
    assert words[-1] in lines[0]


def test_a_field_that_breaks_its_limit_is_named(cli: CommandLine) -> None:
    lines = said(cli.run("log", "add", "--person", "p", "--user", SELLER, "--campaign", ":"), 1)
    assert lines[0].startswith("INVALID_FIELD: ")
    assert any(line.startswith("  ") and "sales_campaign_id: " in line for line in lines[1:])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nonsense",), "nonsense"),
        (("people", "get"), "Missing argument"),
        (("people", "get", "9" * 30), "too large for a Marketo id"),
        (("people", "list", "--limit", "0"), "--limit"),
        (("deliveries", "list", "--state", "lost"), "pending, delivering, unknown"),
        (("deliveries", "list", "--state", "unspecified"), "pending, delivering, unknown"),
        (("deliveries", "list", "--system", "hubspot"), "marketo or salesforce"),
        (("connections", "check", "hubspot"), "marketo or salesforce"),
        (("log", "call", "--person", "p", "--user", "u", "--status", "engaged"), "completed, no_answer"),
        (("log", "call", "--person", "p", "--user", "u", "--at", "yesterday"), "2026-05-04T09:30:00Z"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_told_without_a_call(cli: CommandLine, words: tuple[str, ...], told: str) -> None:
    outcome = cli.run(*words, ACTIONSYNC_ADDRESS="127.0.0.1:1")
    assert told in " ".join(" ".join(said(outcome, 2)).replace("│", " ").split())


def test_a_reader_that_goes_away_is_no_fault(cli: CommandLine) -> None:
    environment = os.environ | {"ACTIONSYNC_ADDRESS": cli.address, "ACTIONSYNC_TOKEN": cli.secret}
    command = f"{COMMANDS / 'actionsync'} people list --limit 1000 | head -n 1"
    ended = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=60)
    assert ended.stdout.startswith("id ")
    assert ended.stderr == ""


def test_in_a_terminal_of_100_columns_ids_are_whole_and_lines_fit(cli: CommandLine) -> None:
    lines = in_a_terminal(cli, "people", "list", "--limit", "5", columns=100)
    ids = [one["person_id"] for one in cli.json("people", "list", "--limit", "5")]
    assert all(len(line) <= 100 for line in lines)
    assert [line.split()[0] for line in lines if line.startswith("p-")] == ids
    assert lines[-1].startswith("(too narrow for: ")


def test_in_a_terminal_the_progress_is_seen(cli: CommandLine) -> None:
    text = "\n".join(in_a_terminal(cli, "sync", "start", "--watch", columns=100))
    assert "people ━" in text
    assert "succeeded" in text


def in_a_terminal(cli: CommandLine, *words: str, columns: int) -> list[str]:
    """Run a command in a terminal of that width and return its lines, without colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    given = {"ACTIONSYNC_ADDRESS": cli.address, "ACTIONSYNC_TOKEN": cli.secret, "TERM": "xterm", "NO_COLOR": "1"}
    command = [str(COMMANDS / "actionsync"), *words]
    process = subprocess.Popen(command, env=kept | given, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = bytearray()
    try:
        while chunk := os.read(ours, 65536):
            seen += chunk
    except OSError:
        pass  # how Linux says that the other side is closed
    finally:
        os.close(ours)
    assert process.wait(60) == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode()).splitlines()
