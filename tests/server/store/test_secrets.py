"""What must not be readable in the database file."""

from __future__ import annotations

from pathlib import Path

import pytest
from actionsync_server.model.connections import Connection, Secrets
from actionsync_server.model.errors import System
from actionsync_server.store.connections import Connections, ConnectionWrites
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.secrets import SecretBox, SecretUnreadableError

KEY = bytes(range(32))


def test_a_secret_opens_only_with_its_key_and_for_its_row() -> None:
    box = SecretBox(KEY)
    sealed = box.seal(b"hush", identity="i/1/")
    assert b"hush" not in sealed
    assert box.open(sealed, identity="i/1/") == b"hush"
    with pytest.raises(SecretUnreadableError):
        box.open(sealed, identity="j/1/")
    with pytest.raises(SecretUnreadableError):
        SecretBox(bytes(32)).open(sealed, identity="i/1/")
    with pytest.raises(SecretUnreadableError):
        box.open(b"\x02" + sealed[1:], identity="i/1/")


def test_two_sealings_of_one_secret_differ() -> None:
    box = SecretBox(KEY)
    assert box.seal(b"hush", identity="x") != box.seal(b"hush", identity="x")


def test_a_key_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SecretBox(b"short")


@pytest.mark.asyncio
async def test_a_connection_comes_back_without_its_secret_in_the_file(database: Database, tmp_path: Path) -> None:
    box = SecretBox(KEY)
    connection = Connection(System.MARKETO, "", "https://x.test", "client", "123-ABC-456", "a", 7, login_refused=False)

    async def work(transaction: Transaction) -> None:
        writes = ConnectionWrites(transaction, "i", box)
        await writes.put(connection, Secrets("very-secret-value"))
        await writes.set_details(System.MARKETO, {"activity_types": {"asSendSalesEmail": 100001}})
        await writes.set_login_refused(System.MARKETO, refused=True)

    await database.write(work)
    stored = Connections(database, "i", box)
    found = await stored.get(System.MARKETO)
    assert found is not None
    assert found.login_refused
    assert found.details == {"activity_types": {"asSendSalesEmail": 100001}}
    assert await stored.secrets(System.MARKETO) == Secrets("very-secret-value")
    assert await stored.get(System.SALESFORCE) is None
    assert await Connections(database, "other", box).get(System.MARKETO) is None
    for file in tmp_path.iterdir():
        assert b"very-secret-value" not in file.read_bytes()
