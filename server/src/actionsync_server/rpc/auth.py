"""Tokens: EdDSA JWTs with the claims `sub` (user), `instance`, `role`, `exp`, signed by a key in the data folder.

The instance comes from the verified token, never from a request, so that one customer cannot name another.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from actionsync_server.clock import SECOND, Clock, Micros
from actionsync_server.keys import private_file
from actionsync_server.model.directory import Actor, Role
from actionsync_server.model.errors import NotAllowed, Unauthenticated
from actionsync_server.rpc.methods import Method
from actionsync_server.rpc.permissions import is_allowed

KEY_FILE = "token-key.pem"
ALGORITHM = "EdDSA"
_SCHEME = "bearer "
_MOST_VERIFIED = 4096
LONGEST_CLAIM = 64  # characters of a user or instance id


class TokenKey:
    """The key that signs and verifies tokens."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._private = key
        self._public = key.public_key()
        # Verifying costs more than all the rest of a small call, and callers show the same token again and again.
        self._verified: OrderedDict[str, tuple[Actor, float]] = OrderedDict()

    @classmethod
    def in_folder(cls, folder: Path) -> TokenKey:
        """Read the key of a data folder; create it, readable by its owner alone, when there is none."""
        path = folder / KEY_FILE
        key = serialization.load_pem_private_key(private_file(path, _new_key), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{path} holds a key of another kind than Ed25519")
        return cls(key)

    def issue(self, actor: Actor, *, now: Micros, valid_for: Micros) -> str:
        """Return a token for an actor."""
        claims = {
            "sub": actor.user_id,
            "role": actor.role.name.lower(),
            "iat": now // SECOND,
            "exp": (now + valid_for) // SECOND,
        }
        if actor.instance_id:
            claims["instance"] = actor.instance_id
        return jwt.encode(claims, self._private, algorithm=ALGORITHM)

    def verify(self, token: str, *, now: Micros) -> Actor:
        """Return who the token names. Raises Unauthenticated with TOKEN_INVALID or TOKEN_EXPIRED."""
        known = self._verified.get(token)
        if known is None:
            known = self._verified[token] = self._read(token)
            if len(self._verified) > _MOST_VERIFIED:
                self._verified.popitem(last=False)
        actor, expires = known
        if expires * SECOND <= now:
            raise Unauthenticated(
                "the token's life is over; get a new one", reason="TOKEN_EXPIRED", metadata={"cause": "expired"}
            )
        return actor

    def _read(self, token: str) -> tuple[Actor, float]:
        try:
            # The library would compare `exp` with the machine's clock; ours is an argument.
            options: Any = {"verify_exp": False, "verify_iat": False, "require": ["sub", "role", "exp"]}
            claims = jwt.decode(token, self._public, algorithms=[ALGORITHM], options=options)
        except jwt.InvalidTokenError as error:
            raise _invalid("malformed") from error
        expires = claims["exp"]
        if not isinstance(expires, int | float):
            raise _invalid("malformed")
        return _actor(claims), expires


class Authenticator:
    """Says who calls, and refuses who may not: first by token, then by role, then whether the instance exists."""

    def __init__(self, key: TokenKey, clock: Clock, instance_exists: Callable[[str], Awaitable[bool]]) -> None:
        self._key = key
        self._clock = clock
        self._instance_exists = instance_exists

    def identify(self, authorization: str) -> Actor:
        """Return the caller, from the value of the `authorization` metadata. Raises Unauthenticated."""
        if not authorization:
            raise _invalid("missing")
        if not authorization.lower().startswith(_SCHEME):
            raise _invalid("scheme")
        return self._key.verify(authorization[len(_SCHEME) :].strip(), now=self._clock.now())

    async def permit(self, actor: Actor, method: Method) -> None:
        """Raise NotAllowed (ROLE_NOT_ALLOWED, INSTANCE_UNKNOWN) for who may not call this method.

        The role is looked at before anything else, so that a refusal tells nothing of what exists.
        """
        if not is_allowed(actor.role, method.path):
            role = actor.role.name.lower()
            raise NotAllowed(
                f"the role {role} may not call {method.name}",
                reason="ROLE_NOT_ALLOWED",
                metadata={"role": role, "method": method.name},
            )
        if actor.role is not Role.OPERATOR and not await self._instance_exists(actor.instance_id):
            raise NotAllowed(
                f"there is no instance {actor.instance_id!r}",
                reason="INSTANCE_UNKNOWN",
                metadata={"instanceId": actor.instance_id},
            )


def _actor(claims: dict[str, Any]) -> Actor:
    subject, instance, role = claims["sub"], claims.get("instance", ""), claims["role"]
    if not (isinstance(subject, str) and isinstance(instance, str) and isinstance(role, str)):
        raise _invalid("malformed")
    if not 1 <= len(subject) <= LONGEST_CLAIM or len(instance) > LONGEST_CLAIM:
        raise _invalid("malformed")
    known = {one.name.lower(): one for one in Role}
    if role not in known:
        raise _invalid("role")
    # An operator sees no instance; everybody else sees exactly one.
    if (known[role] is Role.OPERATOR) != (instance == ""):
        raise _invalid("instance")
    return Actor(subject, instance, known[role])


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _invalid(cause: str) -> Unauthenticated:
    return Unauthenticated(
        "the call needs a valid token: metadata `authorization: Bearer <token>`",
        reason="TOKEN_INVALID",
        metadata={"cause": cause},
    )
