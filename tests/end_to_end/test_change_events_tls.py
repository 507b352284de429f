"""Change events over TLS: the channel to the Pub/Sub API trusts what gRPC is told to trust, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

SIMULATORS = str(Path(sys.executable).parent / "actionsync-simulators")
PORTS = ("marketo", "salesforce", "pubsub", "pubsub-tls")
# A process of its own: gRPC reads what to trust once, when it starts.
ASK = dedent("""
    import asyncio, sys
    import grpc
    from actionsync_server.systems.salesforce.pubsub.endpoint import endpoint_of

    async def ask() -> None:
        async with endpoint_of("https://127.0.0.1", sys.argv[1]).channel() as channel:
            try:
                await channel.unary_unary("/eventbus.v1.PubSub/GetTopic")(b"", timeout=30)
            except grpc.aio.AioRpcError as error:
                print(error.code().name)

    asyncio.run(ask())
""")


@pytest.fixture
def pubsub(tmp_path: Path) -> Iterator[str]:
    """The TLS address of a Pub/Sub API whose CA is in `tmp_path`."""
    ports = [text for name in PORTS for text in (f"--{name}-port", "0")]
    command = [SIMULATORS, "serve", "--people", "0", *ports, "--ca-out", str(tmp_path / "ca.pem")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["pubsub_tls"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def answer_of(address: str, **environment: str) -> str:
    """Return the status that the Pub/Sub API, or the handshake with it, ends with."""
    mine = {name: value for name, value in os.environ.items() if name != "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"}
    ran = subprocess.run(
        [sys.executable, "-c", ASK, address],
        capture_output=True,
        text=True,
        timeout=60,
        env=mine | environment,
        check=True,
    )
    return ran.stdout.strip()


def test_it_meets_the_server_whose_ca_it_trusts(pubsub: str, tmp_path: Path) -> None:
    # Who is refused for having no session has been let in by TLS.
    trusting = answer_of(pubsub, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH=str(tmp_path / "ca.pem"))
    assert trusting == "UNAUTHENTICATED"


def test_it_does_not_talk_to_a_server_of_an_unknown_ca(pubsub: str) -> None:
    assert answer_of(pubsub) == "UNAVAILABLE"
