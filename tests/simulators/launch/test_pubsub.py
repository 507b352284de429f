"""Event streams of the real process: on every port of the Pub/Sub API, and over CometD; none holds up the end."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
import requests
from actionsync_simulators.salesforce.events.pubsub import messages

Launch = Callable[..., Any]
RunCommand = Callable[..., "subprocess.CompletedProcess[str]"]
TASKS = "/data/TaskChangeEvent"
PATIENCE = 20.0


class Caller:
    """Someone with a session and a channel."""

    def __init__(self, ready: dict[str, Any], channel: grpc.Channel) -> None:
        login = {
            "grant_type": "client_credentials",
            "client_id": ready["client_id"],
            "client_secret": ready["client_secret"],
        }
        answer = requests.post(f"{ready['salesforce']}/services/oauth2/token", data=login, timeout=10).json()
        token = answer["access_token"]
        self.salesforce = ready["salesforce"]
        self.headers = {"Authorization": f"Bearer {token}"}
        self.metadata = (
            ("accesstoken", token),
            ("instanceurl", answer["instance_url"]),
            ("tenantid", token.partition("!")[0]),
        )
        self.channel = channel

    def topic(self) -> Any:
        call: Any = self.channel.unary_unary(
            f"/{messages.SERVICE}/GetTopic",
            request_serializer=lambda request: request.SerializeToString(),
            response_deserializer=messages.TopicInfo.FromString,
        )
        return call(messages.TopicRequest(topic_name=TASKS), metadata=self.metadata, timeout=PATIENCE)

    def subscribed(self, requests_made: Iterator[Any]) -> Any:
        call: Any = self.channel.stream_stream(
            f"/{messages.SERVICE}/Subscribe",
            request_serializer=lambda request: request.SerializeToString(),
            response_deserializer=messages.FetchResponse.FromString,
        )
        return call(requests_made, metadata=self.metadata, timeout=PATIENCE)

    def log_task(self, subject: str) -> None:
        url = f"{self.salesforce}/services/data/v60.0/sobjects/Task"
        assert requests.post(url, json={"Subject": subject}, headers=self.headers, timeout=10).status_code == 201


@contextmanager
def fetching(number: int) -> Iterator[Iterator[Any]]:
    """A request stream that stays open until the block is left."""
    done = threading.Event()

    def ask() -> Iterator[Any]:
        yield messages.FetchRequest(topic_name=TASKS, replay_preset=messages.EARLIEST, num_requested=number)
        done.wait(PATIENCE)

    try:
        yield ask()
    finally:
        done.set()


def test_events_arrive_and_an_open_stream_does_not_hold_up_the_end(launch: Launch) -> None:
    launched = launch("--people", "0")
    with grpc.insecure_channel(launched.ready["pubsub"]) as channel, fetching(5) as asking:
        caller = Caller(launched.ready, channel)
        stream = caller.subscribed(asking)
        caller.log_task("Call")
        response = next(stream)
        assert (len(response.events), response.pending_num_requested) == (1, 4)
        clock = f"{caller.salesforce}/_sim/clock"
        assert requests.post(clock, json={"freeze": True, "advance": 60}, timeout=10).status_code == 200
        assert not next(stream).events
        assert launched.stop() == (0, "", "")
        with pytest.raises(grpc.RpcError) as problem:
            next(stream)
        assert problem.value.code() is grpc.StatusCode.UNAVAILABLE


def test_a_held_connect_does_not_hold_up_the_end(launch: Launch) -> None:
    launched = launch("--people", "0", "--pubsub-port", "off")
    assert launched.ready["pubsub"] is None
    with requests.Session() as session:
        login = {name: launched.ready[name] for name in ("client_id", "client_secret")}
        url = launched.ready["salesforce"]
        answer = session.post(f"{url}/services/oauth2/token", data={**login, "grant_type": "client_credentials"})
        session.headers["Accept-Encoding"] = "identity"
        session.headers["Authorization"] = f"OAuth {answer.json()['access_token']}"
        hello = {"channel": "/meta/handshake", "supportedConnectionTypes": ["long-polling"]}
        client = session.post(f"{url}/cometd/60.0", json=[hello]).json()[0]["clientId"]
        connect = {"channel": "/meta/connect", "clientId": client, "connectionType": "long-polling"}
        assert session.post(f"{url}/cometd/60.0", json=[connect]).json()[0]["successful"]
        host, port = url.removeprefix("http://").split(":")
        prepared = session.prepare_request(requests.Request("POST", f"{url}/cometd/60.0", json=[connect]))
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as held:
            lines = [f"{name}: {value}" for name, value in {**prepared.headers, "Host": host}.items()]
            held.sendall("\r\n".join(["POST /cometd/60.0 HTTP/1.1", *lines, "", ""]).encode() + (prepared.body or b""))  # type: ignore[operator]
            # The journal notes the call when the server begins to hold it.
            while not session.get(f"{url}/_sim/journal?since=3").json()["entries"]:
                continue
            assert launched.stop() == (0, "", "")
            assert b"403::Unknown client" in held.recv(65_536)


def test_every_way_leads_to_it(launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launched = launch("--people", "0", "--proxy-port", "0", "--ca-out", str(tmp_path / "ca.pem"))
    trust = grpc.ssl_channel_credentials(Path(launched.ready["ca"]).read_bytes())
    for name in ("127.0.0.1", "api.pubsub.salesforce.com"):
        options = [("grpc.ssl_target_name_override", name)]
        with grpc.secure_channel(launched.ready["pubsub_tls"], trust, options) as channel:
            assert Caller(launched.ready, channel).topic().topic_name == TASKS
    for name in ("no_proxy", "no_grpc_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("grpc_proxy", launched.ready["proxy"])
    for port in (7443, 443):
        with grpc.secure_channel(f"api.pubsub.salesforce.com:{port}", trust) as channel:
            assert Caller(launched.ready, channel).topic().topic_name == TASKS
    assert launched.stop() == (0, "", "")


def test_an_idle_channel_does_not_hold_up_the_end(launch: Launch) -> None:
    launched = launch("--people", "0")
    assert launched.ready["pubsub_tls"] is None
    with grpc.insecure_channel(launched.ready["pubsub"]) as channel:
        grpc.channel_ready_future(channel).result(timeout=PATIENCE)
        assert launched.stop() == (0, "", "")


def test_nothing_of_it_is_loaded_before_the_first_client(launch: Launch) -> None:
    launched = launch("--people", "0")
    libraries = ("grpc", "fastavro", "cryptography", "aiohttp")

    def loaded() -> list[str]:
        files = {mapped.path for mapped in psutil.Process(launched.process.pid).memory_maps()}
        return [name for name in libraries if any(f"/{name}/" in file for file in files)]

    assert loaded() == []
    for _ in range(2):
        with grpc.insecure_channel(launched.ready["pubsub"]) as channel:
            assert Caller(launched.ready, channel).topic().topic_name == TASKS
    assert "grpc" in loaded()


def test_a_pubsub_port_in_use_is_a_clear_error(run_command: RunCommand) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run_command(
            *("serve", "--marketo-port", "0", "--salesforce-port", "0", "--people", "0", "--pubsub-port", port)
        )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"error: cannot listen on 127.0.0.1:{port}: Address already in use\n"
