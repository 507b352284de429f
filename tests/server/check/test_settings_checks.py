"""Settings that only a connected system can judge, by gRPC; and that no setting is without effect."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import actionsync_server
import pytest
import pytest_asyncio
from actionsync.v1 import sync_settings_pb2
from actionsync_client import InvalidFieldError
from actionsync_server.model.settings_paths import all_paths
from harness.world import World, open_world

FIELD = "Sales_Opt_Out__c"
PATHS = ("unsubscribes.opt_out_field", "unsubscribes.sales_opt_out_field")
FLOWS = Path(actionsync_server.__file__).parent / "flows"
Unsubscribes = sync_settings_pb2.UnsubscribeSettings


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """An instance that is not connected yet."""
    async with open_world(tmp_path, people=50, workers=False) as opened:
        yield opened


async def make_field(world: World, kind: str, **more: object) -> None:
    body = {"object": kind, "name": FIELD, "type": "checkbox", "label": "Sales Opt Out", **more}
    await world.salesforce.control("POST", "fields", body)


async def choose(world: World) -> None:
    chosen = Unsubscribes(opt_out_field=Unsubscribes.OPT_OUT_FIELD_SALES_OPT_OUT, sales_opt_out_field=FIELD)
    await world.set(sync_settings_pb2.Settings(unsubscribes=chosen), *PATHS)


async def chosen(world: World) -> str:
    answer = await world.admin.settings.GetSettings(sync_settings_pb2.GetSettingsRequest())
    return answer.settings.unsubscribes.sales_opt_out_field


@pytest.mark.asyncio
async def test_a_sales_opt_out_field_must_be_there_on_both_objects(world: World) -> None:
    await world.connect()
    with pytest.raises(InvalidFieldError, match=f"Lead has no field {FIELD}.*; Contact has no field {FIELD}"):
        await choose(world)
    await make_field(world, "Lead")
    with pytest.raises(InvalidFieldError, match="Contact has no field") as refused:
        await choose(world)
    assert "Lead has" not in str(refused.value)
    assert await chosen(world) == ""
    await make_field(world, "Contact")
    await choose(world)
    assert await chosen(world) == FIELD


@pytest.mark.asyncio
async def test_a_sales_opt_out_field_must_be_a_checkbox(world: World) -> None:
    await world.connect()
    await make_field(world, "Lead")
    await make_field(world, "Contact", type="text", length=20)
    with pytest.raises(InvalidFieldError, match="no checkbox but string"):
        await choose(world)


@pytest.mark.asyncio
async def test_without_salesforce_nobody_can_tell_so_the_choice_stands(world: World) -> None:
    await choose(world)
    assert await chosen(world) == FIELD


@pytest.mark.asyncio
async def test_other_settings_ask_salesforce_nothing(world: World) -> None:
    await world.connect()
    await world.salesforce.fault(
        "/services/*", "error", times=100, error={"code": "SERVER_UNAVAILABLE", "http_status": 503}
    )
    await world.set(sync_settings_pb2.Settings(unsubscribes=Unsubscribes(hourly_sync=True)), "unsubscribes.hourly_sync")


@pytest.mark.parametrize("path", all_paths())
def test_every_setting_is_read_by_what_it_is_for(path: str) -> None:
    name = path.split(".")[1]
    inside = [text for file in FLOWS.rglob("*.py") if re.search(rf"\.{name}\b", text := file.read_text())]
    model = (FLOWS.parent / "model").glob("*.py")
    rules = [file for file in model if file.name not in ("settings.py", "settings_paths.py")]
    assert inside or any(re.search(rf"\.{name}\b", file.read_text()) for file in rules), path
