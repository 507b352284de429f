"""The Pub/Sub API on its ports: in the clear, over TLS, through the proxy, loaded by its first client."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest

Launch = Callable[..., Any]
METHOD = "/eventbus.v1.PubSub/GetTopic"


def refusal(channel: grpc.Channel) -> grpc.StatusCode:
    """Call without having logged in, and return how the call was refused: it has come to the API then."""
    call: Any = channel.unary_unary(METHOD)
    with channel, pytest.raises(grpc.RpcError) as refused:
        call(b"", timeout=20)
    code: grpc.StatusCode = refused.value.code()
    return code


def test_it_answers_in_the_clear(launch: Launch) -> None:
    launched = launch("--people", "0")
    assert launched.ready["pubsub_tls"] is None
    for _ in range(2):
        assert refusal(grpc.insecure_channel(launched.ready["pubsub"])) is grpc.StatusCode.UNAUTHENTICATED
    assert launched.stop() == (0, "", "")


def test_it_answers_over_tls_and_through_the_proxy(
    launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = launch("--people", "0", "--proxy-port", "0", "--ca-out", str(tmp_path / "ca.pem"))
    trust = grpc.ssl_channel_credentials(Path(launched.ready["ca"]).read_bytes())
    assert refusal(grpc.secure_channel(launched.ready["pubsub_tls"], trust)) is grpc.StatusCode.UNAUTHENTICATED
    for name in ("no_proxy", "no_grpc_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("grpc_proxy", launched.ready["proxy"])
    for port in (7443, 443):
        vendor = grpc.secure_channel(f"api.pubsub.salesforce.com:{port}", trust)
        assert refusal(vendor) is grpc.StatusCode.UNAUTHENTICATED
    assert launched.stop() == (0, "", "")


def test_an_open_channel_does_not_hold_the_end_up(launch: Launch) -> None:
    launched = launch("--people", "0")
    with grpc.insecure_channel(launched.ready["pubsub"]) as channel:
        grpc.channel_ready_future(channel).result(timeout=20)
        assert launched.stop() == (0, "", "")


def test_nothing_of_it_is_loaded_before_the_first_client(launch: Launch) -> None:
    launched = launch("--people", "0")
    files = {mapped.path for mapped in psutil.Process(launched.process.pid).memory_maps()}
    loaded = [name for name in ("grpc", "fastavro", "cryptography", "aiohttp") if any(f"/{name}/" in f for f in files)]
    assert loaded == []
    assert refusal(grpc.insecure_channel(launched.ready["pubsub"])) is grpc.StatusCode.UNAUTHENTICATED
    files = {mapped.path for mapped in psutil.Process(launched.process.pid).memory_maps()}
    assert any("/grpc/" in file for file in files)


def test_a_port_in_use_is_a_clear_error(run_command: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ports = ("--marketo-port", "0", "--salesforce-port", "0", "--pubsub-port", port)
        done = run_command("serve", *ports, "--people", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: cannot listen on 127.0.0.1:{port}: Address already in use\n"
