"""Seal every stored credential with a new key, while no server runs.

    next key on disk ──▶ all secrets sealed anew, one transaction ──▶ next key takes the old one's place

Whatever cuts it short, running it again ends it: until the last step both keys are at hand, and each secret opens with
one of them. A server refuses to start in between.
"""

from __future__ import annotations

import asyncio

from actionsync_server.app.data_folder import STORE_FILE, held
from actionsync_server.config import Config, ConfigError
from actionsync_server.keys import (
    NEXT_SECRETS_KEY_FILE,
    SECRETS_KEY_FILE,
    drop_secrets_key,
    install_next_secrets_key,
    next_secrets_key,
    secrets_key,
)
from actionsync_server.store.connections import seal_anew
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.migrations import migrate
from actionsync_server.store.secrets import SecretBox, SecretUnreadableError


async def rotate_secrets(config: Config) -> int:
    """Return how many secrets were sealed anew.

    With `secret_key` in the settings the new key is `new_secret_key`; without either the folder makes a new one; with
    the new one alone, the folder's key gives way to it. Raises ConfigError when a key is missing, malformed or not the
    one that the store was sealed with: nothing has changed then.
    """
    given, new = config.secret_key.get_secret_value(), config.new_secret_key.get_secret_value()
    if given and not new:
        raise ConfigError("new_secret_key: needed, as the key comes from the settings; 32 random bytes in base64")
    path = config.data / STORE_FILE
    if not path.exists():
        raise ConfigError(f"data: no store in {config.data}")
    with held(config.data):
        cut_short = (config.data / NEXT_SECRETS_KEY_FILE).exists()
        try:
            before = SecretBox(secrets_key(config.data, given))
            after = SecretBox(secrets_key(config.data, new) if new else next_secrets_key(config.data))
        except ValueError as error:
            raise ConfigError(f"secret_key or new_secret_key: {error}") from error
        await asyncio.to_thread(migrate, path)
        try:
            count = await _seal_all(await Database.open(path), before, after)
        except SecretUnreadableError as error:
            if not new and not cut_short:
                drop_secrets_key(config.data, NEXT_SECRETS_KEY_FILE)
            raise ConfigError(f"secret_key: {error}; nothing has changed") from error
        if not new:
            install_next_secrets_key(config.data)
        elif not given:
            drop_secrets_key(config.data, SECRETS_KEY_FILE)
    return count


async def _seal_all(database: Database, before: SecretBox, after: SecretBox) -> int:
    async def anew(transaction: Transaction) -> int:
        return await seal_anew(transaction, openers=(before, after), box=after)

    try:
        return await database.write(anew)
    finally:
        await database.close()
