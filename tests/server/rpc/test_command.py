"""The command as a user runs it: ready line, token, SIGTERM, refusals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import grpc
import pytest
from actionsync.v1 import directory_pb2, directory_pb2_grpc

COMMAND = str(Path(sys.executable).parent / "actionsync-server")

Start = Callable[..., tuple[subprocess.Popen[str], dict[str, Any]]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers on `tmp_path`, and end those that still run."""
    processes: list[subprocess.Popen[str]] = []
    logs: list[IO[str]] = []

    def run(*flags: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        logs.append((tmp_path / f"log-{len(processes)}").open("w"))
        process = subprocess.Popen(
            [COMMAND, "serve", "--listen", "127.0.0.1:0", "--data", str(tmp_path / "data"), *flags],
            stdout=subprocess.PIPE,
            stderr=logs[-1],
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())

    yield run
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    for log in logs:
        log.close()


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, timeout=60, env=os.environ | environment, check=False
    )


def test_serve_says_where_takes_a_token_and_stops_cleanly(start: Start, tmp_path: Path) -> None:
    process, ready = start("--metrics", "127.0.0.1:0")
    assert set(ready) == {"listening", "metrics"}
    token = _run("token", "--data", str(tmp_path / "data"), "--user", "me", "--role", "operator")
    assert token.returncode == 0
    with grpc.insecure_channel(ready["listening"]) as channel:
        stub: Any = directory_pb2_grpc.DirectoryStub(channel)
        answer = stub.CreateInstance(
            directory_pb2.CreateInstanceRequest(instance_id="acme"),
            metadata=(("authorization", f"Bearer {token.stdout.strip()}"),),
            timeout=30,
        )
    assert answer.instance.instance_id == "acme"
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    lines = [json.loads(line) for line in (tmp_path / "log-0").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["serving", "rpc", "stopped"]


def test_a_killed_server_leaves_a_folder_that_starts_again(start: Start) -> None:
    process, _ = start()
    process.kill()
    process.wait()
    again, ready = start()
    assert ready["listening"].startswith("127.0.0.1:")
    again.send_signal(signal.SIGINT)
    assert again.wait(30) == 0


def test_secrets_are_rotated_between_two_servers(start: Start, tmp_path: Path) -> None:
    process, _ = start()
    key = tmp_path / "data" / "secrets-key"
    before = key.read_bytes()
    refused = _run("rotate-secrets", "--data", str(tmp_path / "data"))
    assert (refused.returncode, key.read_bytes()) == (2, before)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    rotated = _run("rotate-secrets", "--data", str(tmp_path / "data"))
    assert (rotated.returncode, json.loads(rotated.stdout)) == (0, {"sealed_anew": 0})
    assert key.read_bytes() != before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("serve", "--listen", "0.0.0.0:50051"), "needs tls_cert and tls_key"),
        (("serve", "--listen", "here"), "host:port"),
        (("serve", "--config", "/nowhere.toml"), "nowhere.toml"),
        (("token", "--user", "u", "--role", "admin"), "needs one"),
        (("token", "--user", "u", "--role", "operator", "--instance", "i"), "no --instance"),
        (("token", "--user", "", "--role", "operator"), "1 to 64"),
        (("rotate-secrets",), "no store"),
    ],
)
def test_what_cannot_stand_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    result = _run(*arguments, ACTIONSYNC_SERVER_DATA=str(tmp_path))
    assert result.returncode == 2
    assert result.stdout == ""
    assert re.fullmatch(r"actionsync-server: .*\n", result.stderr)
    assert told in result.stderr


@pytest.mark.parametrize("span", ["0h", "12", "-1h", "1w", ""])
def test_spans_that_are_none(tmp_path: Path, span: str) -> None:
    arguments = ("--data", str(tmp_path), "--user", "u", "--role", "operator")
    result = _run("token", *arguments, f"--valid-for={span}")
    assert result.returncode == 2
    assert "is no span" in result.stderr
