"""The server's data folder: what the store is called, and who holds the folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actionsync_server.config import ConfigError

STORE_FILE = "actionsync.sqlite"
LOCK_FILE = "lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process: two servers on one store would deliver everything twice."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigError(f"data: {error}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(f"data: another server uses {folder}") from error
        yield
    finally:
        os.close(descriptor)
