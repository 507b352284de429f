"""Keys that live in the data folder: made once, readable by their owner alone."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from pathlib import Path

SECRETS_KEY_FILE = "secrets-key"
#: The key that a rotation is about to install; there only while one is under way.
NEXT_SECRETS_KEY_FILE = "secrets-key.next"
SUPPRESSIONS_KEY_FILE = "suppressions-key"
_SECRETS_KEY_BYTES = 32


def private_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what a key file holds; when there is none, `make` its content and create it with mode 0600."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _create(path, make())
    return path.read_bytes()


def secrets_key(folder: Path, given: str = "") -> bytes:
    """Return the 32 bytes that encrypt credentials: `given` in base64, or the folder's own. Raises ValueError."""
    if not given:
        return private_file(folder / SECRETS_KEY_FILE, lambda: os.urandom(_SECRETS_KEY_BYTES))
    try:
        key = base64.b64decode(given, validate=True)
    except binascii.Error as error:
        raise ValueError("the secret key is not base64") from error
    if len(key) != _SECRETS_KEY_BYTES:
        raise ValueError(f"the secret key has {len(key)} bytes instead of {_SECRETS_KEY_BYTES}")
    return key


def next_secrets_key(folder: Path) -> bytes:
    """Return the key that is to follow the folder's own: a new one, or that of a rotation that was cut short."""
    return private_file(folder / NEXT_SECRETS_KEY_FILE, lambda: os.urandom(_SECRETS_KEY_BYTES))


def install_next_secrets_key(folder: Path) -> None:
    """Put the next key in the place of the folder's own, which is gone then."""
    (folder / NEXT_SECRETS_KEY_FILE).replace(folder / SECRETS_KEY_FILE)
    _sync(folder)


def drop_secrets_key(folder: Path, name: str) -> None:
    """Remove a key that nothing is sealed with: the folder's own, or the next one."""
    (folder / name).unlink()
    _sync(folder)


def suppressions_key(folder: Path) -> bytes:
    """Return the folder's key of the digests of suppressed addresses.

    It is one of its own and never changes: the addresses are gone, so nothing could be digested anew.
    """
    return private_file(folder / SUPPRESSIONS_KEY_FILE, lambda: os.urandom(_SECRETS_KEY_BYTES))


def _create(path: Path, content: bytes) -> None:
    # Written aside and linked into place: whoever else starts at the same moment sees all of one key or none.
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
            _sync(path.parent)
        except FileExistsError:
            return  # another process was first; its key stands
    finally:
        fresh.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
