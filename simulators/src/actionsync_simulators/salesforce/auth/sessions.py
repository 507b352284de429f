"""Access tokens and refresh tokens: issued, used, expired, revoked; all in simulator time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from actionsync_simulators.clock import Clock

TOKEN_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"  # noqa: S105 - an alphabet


@dataclass(slots=True)
class Session:
    """A session behind an access token. `refresh_token` is the one it was made from, if any."""

    token: str
    user_id: str
    client_id: str
    scope: str
    issued_at: datetime
    expires_at: datetime
    refresh_token: str | None = None


@dataclass(slots=True)
class Grant:
    """What a refresh token stands for."""

    token: str
    user_id: str
    client_id: str
    scope: str


class Sessions:
    """All tokens of the org. Using a session extends it."""

    def __init__(self, *, clock: Clock, seed: int, organization_id: str, timeout: timedelta) -> None:
        self._clock = clock
        self._seed = seed
        self._organization = organization_id[:15]
        self.timeout = timeout
        self._sessions: dict[str, Session] = {}
        self._grants: dict[str, Grant] = {}
        self._issued = 0
        self.ended: Callable[[], object] = _nothing
        """Called whenever sessions have been ended before their time: streams live on one."""

    def clear(self) -> None:
        """Forget every token; numbering starts again."""
        self._sessions.clear()
        self._grants.clear()
        self._issued = 0
        self.ended()

    def issue(self, *, user_id: str, client_id: str, scope: str, refresh_token: str | None = None) -> Session:
        """Start a session for a user."""
        now = self._clock.now()
        # Only characters that clients' patterns for a token after the exclamation mark allow.
        token = f"{self._organization}!AQ4AQ{self._characters('access', 96)}"
        session = Session(token, user_id, client_id, scope, now, now + self.timeout, refresh_token)
        self._sessions[token] = session
        return session

    def use(self, token: str) -> Session | None:
        """The live session of a token, extended by this use; None for an unknown, expired or revoked one."""
        session = self.find(token)
        if session is not None:
            session.expires_at = self._clock.now() + self.timeout
        return session

    def find(self, token: str) -> Session | None:
        """The live session of a token, without extending it."""
        session = self._sessions.get(token)
        if session is None:
            return None
        if session.expires_at <= self._clock.now():
            del self._sessions[token]
            return None
        return session

    def new_refresh_token(self, *, user_id: str, client_id: str, scope: str) -> Grant:
        """Make a refresh token."""
        return self.add_refresh_token(
            f"5Aep861{self._characters('refresh', 80)}", user_id=user_id, client_id=client_id, scope=scope
        )

    def add_refresh_token(self, token: str, *, user_id: str, client_id: str, scope: str) -> Grant:
        """Accept a given refresh token."""
        grant = Grant(token, user_id, client_id, scope)
        self._grants[token] = grant
        return grant

    def grant(self, refresh_token: str) -> Grant | None:
        """What a refresh token stands for, if it is alive."""
        return self._grants.get(refresh_token)

    def revoke(self, token: str) -> bool:
        """Kill an access token, or a refresh token with every session made from it. False for an unknown token."""
        if self._sessions.pop(token, None) is not None:
            self.ended()
            return True
        if self._grants.pop(token, None) is None:
            return False
        self._sessions = {t: s for t, s in self._sessions.items() if s.refresh_token != token}
        self.ended()
        return True

    def end_all(self, *, user_id: str | None = None) -> int:
        """End the sessions of a user, or all; refresh tokens live on. Returns how many ended."""
        ended = [t for t, s in self._sessions.items() if user_id is None or s.user_id == user_id]
        for token in ended:
            del self._sessions[token]
        self.ended()
        return len(ended)

    def revoke_refresh_tokens(self, *, user_id: str | None = None) -> int:
        """Kill the refresh tokens of a user, or all. Returns how many died."""
        revoked = [t for t, g in self._grants.items() if user_id is None or g.user_id == user_id]
        for token in revoked:
            self.revoke(token)
        return len(revoked)

    def _characters(self, purpose: str, count: int) -> str:
        self._issued += 1
        digest = hashlib.shake_256(f"{self._seed}:{purpose}:{self._issued}".encode()).digest(count)
        return "".join(TOKEN_ALPHABET[byte % len(TOKEN_ALPHABET)] for byte in digest)


def _nothing() -> None:
    """Nobody wants to know."""
