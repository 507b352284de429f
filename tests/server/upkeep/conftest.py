"""A connected instance in a small world with everybody copied; its own workers of upkeep come to nothing by day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from harness.world import World, open_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, people=30) as opened:
        await opened.connect()
        await opened.add_seller()
        await opened.sync_people()
        yield opened
