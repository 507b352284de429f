"""The whole server in this process: starts, serves, stops, and holds its data folder alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import grpc
import pytest
import pytest_asyncio
from actionsync.v1 import directory_pb2, directory_pb2_grpc, sync_settings_pb2, sync_settings_pb2_grpc
from actionsync_server.app import App
from actionsync_server.config import Config, ConfigError
from actionsync_server.model.directory import Actor, Role
from grpc_health.v1 import health_pb2, health_pb2_grpc
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(listen="127.0.0.1:0", data=tmp_path / "data", metrics="127.0.0.1:0", grace=2)


@pytest_asyncio.fixture
async def app(config: Config, clock: SharedClock) -> AsyncIterator[App]:
    async with App(config, clock=clock, seed=1) as running:
        yield running


def _bearer(app: App, role: Role, instance: str = "") -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {app.token(Actor('u-1', instance, role))}"),)


async def _create(app: App, channel: grpc.aio.Channel, instance_id: str) -> Any:
    stub: Any = directory_pb2_grpc.DirectoryStub(channel)
    request = directory_pb2.CreateInstanceRequest(instance_id=instance_id)
    return await stub.CreateInstance(request, metadata=_bearer(app, Role.OPERATOR))


async def test_it_serves_when_it_says_so(app: App) -> None:
    async with grpc.aio.insecure_channel(app.address) as channel:
        answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        await _create(app, channel, "acme")
        stub: Any = sync_settings_pb2_grpc.SyncSettingsStub(channel)
        request = sync_settings_pb2.GetSettingsRequest()
        found = await stub.GetSettings(request, metadata=_bearer(app, Role.ADMIN, "acme"))
        assert found.settings.people.person_limit == 1_500_000


async def test_metrics_are_a_page(app: App) -> None:
    async with grpc.aio.insecure_channel(app.address) as channel:
        await _create(app, channel, "acme")
    async with aiohttp.ClientSession() as session, session.get(f"http://{app.metrics_address}/metrics") as response:
        assert response.status == 200
        text = await response.text()
    assert 'actionsync_rpc_handled_total{code="OK",method="CreateInstance",service="Directory"} 1.0' in text


async def test_what_was_stored_is_there_after_a_restart(config: Config, clock: SharedClock) -> None:
    for expected in (["a"], ["a", "b"]):
        async with App(config, clock=clock) as app, grpc.aio.insecure_channel(app.address) as channel:
            await _create(app, channel, expected[-1])
            stub: Any = directory_pb2_grpc.DirectoryStub(channel)
            request = directory_pb2.ListInstancesRequest()
            found = await stub.ListInstances(request, metadata=_bearer(app, Role.OPERATOR))
            assert [one.instance_id for one in found.instances] == expected


async def test_a_second_server_on_the_folder_is_refused(app: App, config: Config, clock: SharedClock) -> None:
    with pytest.raises(ConfigError, match="another server"):
        await App(config, clock=clock).__aenter__()


async def test_a_start_that_fails_leaves_nothing_behind(config: Config, clock: SharedClock, app: App) -> None:
    other = config.model_copy(update={"listen": app.address, "data": config.data.parent / "other"})
    with pytest.raises(OSError, match="cannot listen"):
        await App(other, clock=clock).__aenter__()
    # Its lock and store are free again.
    async with App(other.model_copy(update={"listen": "127.0.0.1:0"}), clock=clock) as second:
        assert second.address != app.address


async def test_every_instance_has_workers_also_those_created_later(config: Config, clock: SharedClock) -> None:
    async with App(config, clock=clock) as app, grpc.aio.insecure_channel(app.address) as channel:
        assert app.workers.names() == []
        await _create(app, channel, "acme")
        first = app.workers.names()
        assert {"initial_sync", "incremental_sync"} <= set(first)
    async with App(config, clock=clock) as app:
        assert app.workers.names() == first
    async with App(config.model_copy(update={"workers": False}), clock=clock) as app:
        assert app.workers.names() == []
