"""A world for each case that needs one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from harness.world import World, open_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance with one seller."""
    async with open_world(tmp_path, people=50) as opened:
        await opened.connect()
        await opened.add_seller()
        yield opened
