"""The identity service: API-only users, their permissions, and the access tokens of their custom services."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.gateway.envelope import Reply, plain_json
from actionsync_simulators.marketo.gateway.errors import CODES, ApiError, api_error

TOKEN_LIFE = timedelta(seconds=3600)
DATACENTRE = "int"
EXPIRED_KEPT = 1_000
"""So many expired tokens are still told apart from unknown ones."""

READ_ONLY = "Read-Only "
READ_WRITE = "Read-Write "
PERMISSIONS = frozenset(
    {
        *(
            f"{mode}{thing}"
            for mode in (READ_ONLY, READ_WRITE)
            for thing in (
                "Lead",
                "Activity",
                "Activity Metadata",
                "Asset",
                "Campaign",
                "Sales Person",
                "Company",
                "Opportunity",
            )
        ),
        "Execute Campaign",
        "Read-Write Schema Standard Field",
        "Read-Write Schema Custom Field",
    }
)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A custom service: its credentials and the API-only user whose role it inherits."""

    client_id: str
    client_secret: str
    user: str
    permissions: frozenset[str]
    partitions: frozenset[str] | None = None
    """Names of the lead partitions the user may reach, lower case; None means all."""

    @classmethod
    def with_role(
        cls,
        client_id: str,
        client_secret: str,
        *,
        user: str,
        permissions: Iterable[str],
        partitions: Iterable[str] | None = None,
    ) -> ApiClient:
        """Build a client; a Read-Write permission implies the Read-Only one. ValueError for an unknown permission."""
        wanted = set(permissions)
        unknown = wanted - PERMISSIONS
        if unknown:
            raise ValueError(f"unknown permission {sorted(unknown)[0]!r}")
        wanted |= {READ_ONLY + one.removeprefix(READ_WRITE) for one in wanted if one.startswith(READ_WRITE)}
        reachable = None if partitions is None else frozenset(name.lower() for name in partitions)
        return cls(client_id, client_secret, user, frozenset(wanted), reachable)

    def may(self, alternatives: tuple[str, ...]) -> bool:
        """Tell whether the role has one of these permissions; no alternatives means that a token is enough."""
        return not alternatives or not self.permissions.isdisjoint(alternatives)


@dataclass(slots=True)
class _Token:
    text: str
    client: ApiClient
    expires: datetime


class Identity:
    """Issues and verifies tokens. One token at a time is valid for a client; it is repeated until it expires."""

    def __init__(
        self, clock: Clock, *, clients: Iterable[ApiClient], seed: int, unknown_token: str = CODES["601"].message
    ) -> None:
        self._clock = clock
        self._seeded = tuple(clients)
        self._seed = seed
        self._unknown_token = unknown_token
        self.reset()

    def reset(self) -> None:
        """Forget every token and every client that was added later."""
        self.clients = {client.client_id: client for client in self._seeded}
        self._random = Random(f"{self._seed}:tokens")  # noqa: S311 - reproducible on purpose, these are no secrets
        self._current: dict[str, _Token] = {}
        self._known: dict[str, _Token] = {}

    def add_client(self, client: ApiClient) -> None:
        """Add or replace a custom service."""
        self.clients[client.client_id] = client
        self._current.pop(client.client_id, None)

    def answer(self, params: dict[str, list[str]]) -> Reply:
        """Answer the token endpoint. Failures are real HTTP statuses with an OAuth body."""
        client_id, secret = _scalar(params, "client_id"), _scalar(params, "client_secret")
        grant_type = _scalar(params, "grant_type")
        if grant_type != "client_credentials":
            return _oauth_error(400, "unsupported_grant_type", f"Unsupported grant type: {grant_type}")
        if not client_id or not secret:
            return _oauth_error(401, "unauthorized", "Full authentication is required to access this resource")
        client = self.clients.get(client_id)
        if client is None:
            return _oauth_error(401, "unauthorized", f"No client with requested id: {client_id}")
        if client.client_secret != secret:
            return _oauth_error(401, "invalid_client", "Bad client credentials")
        now = self._clock.now()
        token = self._current.get(client_id)
        if token is None or token.expires <= now:
            token = self._mint(client, now)
        return plain_json(
            200,
            {
                "access_token": token.text,
                "token_type": "bearer",
                "expires_in": int((token.expires - now).total_seconds()),
                "scope": client.user,
            },
        )

    def verify(self, text: str | None, now: datetime) -> ApiClient:
        """Return the client of a token; 600 without one, 601 for an unknown and 602 for an expired one."""
        if not text:
            raise api_error("600")
        token = self._known.get(text)
        if token is None:
            raise ApiError("601", self._unknown_token)
        if token.expires <= now:
            raise api_error("602")
        return token.client

    def holder(self, text: str | None, now: datetime) -> ApiClient | None:
        """Return the client of a valid token, None for anything else."""
        token = self._known.get(text) if text else None
        return token.client if token is not None and token.expires > now else None

    def expire(self, client_id: str | None = None) -> int:
        """End the life of current tokens early (602 from now on); returns how many."""
        now = self._clock.now()
        chosen = self._chosen(client_id)
        for token in chosen:
            token.expires = now
        return len(chosen)

    def revoke(self, client_id: str | None = None) -> int:
        """Make current tokens unknown (601 from now on); returns how many."""
        chosen = self._chosen(client_id)
        for token in chosen:
            del self._current[token.client.client_id]
            del self._known[token.text]
        return len(chosen)

    def _chosen(self, client_id: str | None) -> list[_Token]:
        return [token for key, token in self._current.items() if client_id in (None, key)]

    def _mint(self, client: ApiClient, now: datetime) -> _Token:
        text = f"{uuid.UUID(int=self._random.getrandbits(128), version=4)}:{DATACENTRE}"
        token = _Token(text, client, now + TOKEN_LIFE)
        self._current[client.client_id] = token
        self._known[text] = token
        while len(self._known) > EXPIRED_KEPT:
            del self._known[next(iter(self._known))]
        return token


def _scalar(params: dict[str, list[str]], name: str) -> str:
    values = params.get(name)
    return values[-1] if values else ""


def _oauth_error(status: int, error: str, description: str) -> Reply:
    reply = plain_json(status, {"error": error, "error_description": description})
    reply.code = error
    return reply
