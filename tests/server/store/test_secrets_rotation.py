"""A new key for the stored credentials: from a file, from the settings, cut short, refused."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from actionsync_server.app import App
from actionsync_server.app.data_folder import STORE_FILE, held
from actionsync_server.app.secrets_rotation import rotate_secrets
from actionsync_server.config import Config, ConfigError
from actionsync_server.keys import NEXT_SECRETS_KEY_FILE, SECRETS_KEY_FILE, next_secrets_key, secrets_key
from actionsync_server.model.connections import Connection, Secrets
from actionsync_server.model.errors import System
from actionsync_server.store.connections import Connections, ConnectionWrites, seal_anew
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.migrations import migrate
from actionsync_server.store.secrets import SecretBox, SecretUnreadableError
from pydantic import SecretStr

pytestmark = pytest.mark.asyncio

INSTANCES = ("acme", "other")
KEYS = [bytes([number]) * 32 for number in (1, 2)]
IN_SETTINGS = [base64.b64encode(key).decode() for key in KEYS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose store is empty."""
    data = tmp_path / "data"
    data.mkdir()
    migrate(data / STORE_FILE)
    return data


def _config(folder: Path, key: str = "", new: str = "") -> Config:
    return Config(data=folder, secret_key=SecretStr(key), new_secret_key=SecretStr(new), listen="127.0.0.1:0")


async def _fill(folder: Path, key: bytes) -> None:
    async def work(transaction: Transaction) -> None:
        for instance in INSTANCES:
            writes = ConnectionWrites(transaction, instance, SecretBox(key))
            connection = Connection(System.SALESFORCE, "ann", "https://x.test", "c", "00D", "a", 7, login_refused=False)
            await writes.put(connection, Secrets(f"hush-{instance}", "token"))

    await _in_store(folder, work)


async def _in_store(folder: Path, work: object) -> None:
    database = await Database.open(folder / STORE_FILE)
    try:
        await database.write(work)  # type: ignore[arg-type]
    finally:
        await database.close()


async def _readable(folder: Path, key: bytes) -> bool:
    database = await Database.open(folder / STORE_FILE)
    try:
        found = [
            await Connections(database, instance, SecretBox(key)).secrets(System.SALESFORCE, "ann")
            for instance in INSTANCES
        ]
    except SecretUnreadableError:
        return False
    finally:
        await database.close()
    return found == [Secrets(f"hush-{instance}", "token") for instance in INSTANCES]


async def test_the_folder_gets_a_new_key_and_the_old_one_opens_nothing(folder: Path) -> None:
    old = secrets_key(folder)
    await _fill(folder, old)
    assert await rotate_secrets(_config(folder)) == len(INSTANCES)
    new = secrets_key(folder)
    assert new != old
    assert await _readable(folder, new)
    assert not await _readable(folder, old)
    assert (folder / SECRETS_KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert not (folder / NEXT_SECRETS_KEY_FILE).exists()
    async with App(_config(folder)) as app:
        assert app.address


@pytest.mark.parametrize("sealed", [False, True])
async def test_cut_short_no_server_starts_and_running_it_again_ends_it(folder: Path, *, sealed: bool) -> None:
    old, new = secrets_key(folder), next_secrets_key(folder)
    await _fill(folder, old)
    if sealed:

        async def anew(transaction: Transaction) -> int:
            return await seal_anew(transaction, openers=[SecretBox(old)], box=SecretBox(new))

        await _in_store(folder, anew)
    with pytest.raises(ConfigError, match="run `actionsync-server rotate-secrets`"):
        async with App(_config(folder)):
            pass
    assert await rotate_secrets(_config(folder)) == len(INSTANCES)
    assert secrets_key(folder) == new
    assert await _readable(folder, new)


async def test_a_key_from_the_settings_gives_way_to_another(folder: Path) -> None:
    await _fill(folder, KEYS[0])
    for _ in range(2):  # whoever is not sure whether it ran, runs it again
        assert await rotate_secrets(_config(folder, *IN_SETTINGS)) == len(INSTANCES)
        assert await _readable(folder, KEYS[1])
    assert not (folder / SECRETS_KEY_FILE).exists()


async def test_the_folders_key_gives_way_to_one_from_the_settings(folder: Path) -> None:
    await _fill(folder, secrets_key(folder))
    assert await rotate_secrets(_config(folder, new=IN_SETTINGS[1])) == len(INSTANCES)
    assert await _readable(folder, KEYS[1])
    assert not (folder / SECRETS_KEY_FILE).exists()


@pytest.mark.parametrize(
    ("key", "new", "told"),
    [
        ("", "", "another key"),
        (IN_SETTINGS[1], IN_SETTINGS[1], "another key"),
        (IN_SETTINGS[0], "", "new_secret_key: needed"),
        (IN_SETTINGS[0], "c2hvcnQ=", "5 bytes"),
        (IN_SETTINGS[0], "no base64", "not base64"),
    ],
)
async def test_what_cannot_be_done_changes_nothing(folder: Path, key: str, new: str, told: str) -> None:
    await _fill(folder, KEYS[0])
    with pytest.raises(ConfigError, match=told):
        await rotate_secrets(_config(folder, key, new))
    assert await _readable(folder, KEYS[0])
    assert not (folder / NEXT_SECRETS_KEY_FILE).exists()


async def test_while_a_server_runs_it_is_refused(folder: Path) -> None:
    with held(folder), pytest.raises(ConfigError, match="another server uses"):
        await rotate_secrets(_config(folder))


async def test_a_folder_without_a_store_is_refused_and_left_empty(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no store"):
        await rotate_secrets(_config(tmp_path))
    assert list(tmp_path.iterdir()) == []
