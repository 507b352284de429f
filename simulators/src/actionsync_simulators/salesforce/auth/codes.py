"""Authorization codes: what a user has agreed to, until the app comes for its tokens. In simulator time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError

LIFETIME = timedelta(minutes=15)
METHODS = ("S256", "plain")
_VERIFIER = re.compile(r"^[A-Za-z0-9._~-]{43,128}$")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A PKCE challenge (RFC 7636)."""

    value: str
    method: str

    def accepts(self, verifier: str) -> bool:
        """Whether this verifier belongs to the challenge."""
        if not _VERIFIER.match(verifier):
            return False
        expected = verifier
        if self.method == "S256":
            digest = hashlib.sha256(verifier.encode()).digest()
            expected = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return hmac.compare_digest(expected, self.value)


def challenge_of(value: str | None, method: str | None) -> Challenge | None:
    """The challenge in the parameters of a login, None without one. Raises OAuthError for a malformed one.

    Without a method it is S256: the vendor documents the challenge as a hash.
    """
    if value is None:
        return None
    if (method or "S256") not in METHODS or not _VERIFIER.match(value):
        raise OAuthError("invalid_request", "invalid code challenge")
    return Challenge(value, method or "S256")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a code stands for."""

    client_id: str
    user_id: str
    redirect_uri: str
    scope: str
    challenge: Challenge | None
    nonce: str | None
    expires_at: datetime


class Codes:
    """The codes that are out. Each is good for one exchange."""

    def __init__(self, *, clock: Clock, seed: int) -> None:
        self._clock = clock
        self._seed = seed
        self._agreements: dict[str, Agreement] = {}
        self._spent: set[str] = set()
        self._issued = 0

    def clear(self) -> None:
        """Forget every code; numbering starts again."""
        self._agreements.clear()
        self._spent.clear()
        self._issued = 0

    def issue(
        self,
        *,
        client_id: str,
        user_id: str,
        redirect_uri: str,
        scope: str,
        challenge: Challenge | None,
        nonce: str | None,
    ) -> str:
        """Make a code."""
        self._issued += 1
        digest = hashlib.sha256(f"{self._seed}:code:{self._issued}".encode()).digest()
        code = "aPrx" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
        expires_at = self._clock.now() + LIFETIME
        self._agreements[code] = Agreement(client_id, user_id, redirect_uri, scope, challenge, nonce, expires_at)
        return code

    def find(self, code: str, *, client_id: str) -> Agreement:
        """What a code of this app stands for. Raises OAuthError for an unknown, a spent and an expired one."""
        agreement = self._agreements.get(code)
        if agreement is None or agreement.client_id != client_id:
            spent = code in self._spent
            raise OAuthError("invalid_grant", f"{'expired' if spent else 'invalid'} authorization code")
        if agreement.expires_at <= self._clock.now():
            raise OAuthError("invalid_grant", "expired authorization code")
        return agreement

    def spend(self, code: str) -> None:
        """Use a code up."""
        self._agreements.pop(code, None)
        self._spent.add(code)
