"""Fixtures that every folder may use."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from actionsync_server.model.ids import Ids
from actionsync_server.store.database import Database
from actionsync_server.store.migrations import migrate
from harness.clock import SharedClock


@pytest.fixture
def clock() -> SharedClock:
    return SharedClock()


@pytest.fixture
def ids(clock: SharedClock) -> Ids:
    return Ids(clock, random.Random("ids"))


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated store on a file of its own: what every store case runs on."""
    path = tmp_path / "store.sqlite"
    migrate(path)
    opened = await Database.open(path)
    yield opened
    await opened.close()
