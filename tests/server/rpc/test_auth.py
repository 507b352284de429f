"""Tokens: who is let in, and with which words the others are turned away."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import jwt
import pytest
from actionsync_server.clock import HOUR, SECOND
from actionsync_server.model.directory import Actor, Role
from actionsync_server.model.errors import NotAllowed, Unauthenticated
from actionsync_server.rpc.auth import KEY_FILE, Authenticator, TokenKey
from actionsync_server.rpc.methods import METHODS
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from harness.clock import SharedClock

START = METHODS["/actionsync.v1.PersonSync/StartInitialSync"]
CREATE = METHODS["/actionsync.v1.Directory/CreateInstance"]
ADMIN = Actor("u-1", "i-1", Role.ADMIN)
RIGHT = {"sub": "u-1", "instance": "i-1", "role": "admin", "exp": 2_000_000_000}


@pytest.fixture
def private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def key(private: Ed25519PrivateKey) -> TokenKey:
    return TokenKey(private)


async def exists(instance_id: str) -> bool:
    return instance_id == "i-1"


def test_a_token_comes_back_as_its_actor(key: TokenKey, clock: SharedClock) -> None:
    for actor in (ADMIN, Actor("op", "", Role.OPERATOR), Actor("mailer", "i-9", Role.SERVICE)):
        token = key.issue(actor, now=clock.now(), valid_for=HOUR)
        assert key.verify(token, now=clock.now()) == actor


def test_a_token_ends_on_our_clock(key: TokenKey, clock: SharedClock) -> None:
    token = key.issue(ADMIN, now=clock.now(), valid_for=HOUR)
    assert key.verify(token, now=clock.now() + HOUR - SECOND) == ADMIN
    with pytest.raises(Unauthenticated) as raised:
        key.verify(token, now=clock.now() + HOUR)
    assert (raised.value.reason, raised.value.metadata) == ("TOKEN_EXPIRED", {"cause": "expired"})


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"sub": None}, "malformed"),
        ({"sub": ""}, "malformed"),
        ({"sub": "u" * 65}, "malformed"),
        ({"exp": None}, "malformed"),
        ({"role": None}, "malformed"),
        ({"role": "root"}, "role"),
        ({"role": ["admin"]}, "malformed"),
        ({"instance": None}, "instance"),
        ({"instance": 5}, "malformed"),
        ({"role": "operator"}, "instance"),
    ],
)
def test_claims_that_cannot_stand(
    private: Ed25519PrivateKey, key: TokenKey, changes: dict[str, Any], cause: str
) -> None:
    claims = {name: value for name, value in (RIGHT | changes).items() if value is not None}
    token = jwt.encode(claims, private, algorithm="EdDSA", headers={})
    with pytest.raises(Unauthenticated) as raised:
        key.verify(token, now=0)
    assert (raised.value.reason, raised.value.metadata) == ("TOKEN_INVALID", {"cause": cause})


def test_another_key_or_algorithm_is_refused(key: TokenKey) -> None:
    forged = jwt.encode(RIGHT, Ed25519PrivateKey.generate(), algorithm="EdDSA")
    unsigned = jwt.encode(RIGHT, "", algorithm="none")
    symmetric = jwt.encode(RIGHT, "s" * 64, algorithm="HS256")
    for token in (forged, unsigned, symmetric, "no.token", ""):
        with pytest.raises(Unauthenticated):
            key.verify(token, now=0)


@pytest.mark.asyncio
async def test_the_role_is_looked_at_before_the_instance(key: TokenKey, clock: SharedClock) -> None:
    admission = Authenticator(key, clock, exists)
    await admission.permit(ADMIN, START)
    await admission.permit(Actor("op", "", Role.OPERATOR), CREATE)
    for role, instance, method, reason in (
        (Role.USER, "i-1", START, "ROLE_NOT_ALLOWED"),
        (Role.USER, "i-2", START, "ROLE_NOT_ALLOWED"),
        (Role.SERVICE, "i-1", START, "ROLE_NOT_ALLOWED"),
        (Role.OPERATOR, "", START, "ROLE_NOT_ALLOWED"),
        (Role.ADMIN, "i-1", CREATE, "ROLE_NOT_ALLOWED"),
        (Role.ADMIN, "i-2", START, "INSTANCE_UNKNOWN"),
    ):
        with pytest.raises(NotAllowed) as raised:
            await admission.permit(Actor("u-1", instance, role), method)
        assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("value", "cause"), [("", "missing"), ("Basic eDp5", "scheme"), ("Bearer ", "malformed"), ("Bearer x", "malformed")]
)
def test_what_is_no_bearer_token(key: TokenKey, clock: SharedClock, value: str, cause: str) -> None:
    with pytest.raises(Unauthenticated) as raised:
        Authenticator(key, clock, exists).identify(value)
    assert raised.value.metadata == {"cause": cause}


def test_the_scheme_is_read_in_any_case(key: TokenKey, clock: SharedClock) -> None:
    token = key.issue(ADMIN, now=clock.now(), valid_for=HOUR)
    assert Authenticator(key, clock, exists).identify(f"bearer {token}") == ADMIN


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path, clock: SharedClock) -> None:
    folder = tmp_path / "data"
    token = TokenKey.in_folder(folder).issue(ADMIN, now=clock.now(), valid_for=HOUR)
    assert TokenKey.in_folder(folder).verify(token, now=clock.now()) == ADMIN
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]
