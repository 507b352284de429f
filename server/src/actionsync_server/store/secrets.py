"""Encryption of what must not be readable in the database file.

AES-256-GCM with a random nonce; the row's identity is authenticated with it, so that a secret cannot be moved to
another instance's row. The key comes from outside: a file beside the token key, or the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class SecretUnreadableError(Exception):
    """The stored secret was not made with this key, or not for this row."""


class SecretBox:
    """Seals and opens small secrets. `entropy` gives random bytes; tests pass their own."""

    def __init__(self, key: bytes, entropy: Callable[[int], bytes] = os.urandom) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the secrets key needs {KEY_BYTES} bytes, not {len(key)}")
        self._cipher = AESGCM(key)
        self._entropy = entropy

    def seal(self, plain: bytes, *, identity: str) -> bytes:
        """Return the encrypted form, bound to `identity`."""
        nonce = self._entropy(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, identity.encode())

    def open(self, sealed: bytes, *, identity: str) -> bytes:
        """Return the plain form; raises SecretUnreadableError."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _VERSION:
            raise SecretUnreadableError("the secret has an unknown version")
        try:
            return self._cipher.decrypt(nonce, body, identity.encode())
        except InvalidTag as error:
            raise SecretUnreadableError("the secret was sealed with another key or for another row") from error


def opened_by_any(boxes: Sequence[SecretBox], sealed: bytes, *, identity: str) -> bytes:
    """Return the plain form by the first of the boxes that opens it; raises SecretUnreadableError when none does."""
    *others, last = boxes
    for box in others:
        try:
            return box.open(sealed, identity=identity)
        except SecretUnreadableError:
            continue
    return last.open(sealed, identity=identity)
