"""Users and their passwords, for every login that asks for one: the password grant, the login page and SOAP."""

from __future__ import annotations

import hashlib
import re
from typing import Literal

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.state import Org, Row

SETTING = "passwords"
SHORTEST, LONGEST = 8, 16_000
Refusal = Literal["INVALID_LOGIN", "LOGIN_MUST_USE_SECURITY_TOKEN"]


class LoginRefused(Exception):
    """A login that fails; `reason` is how SOAP calls it."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


class Passwords:
    """The password of each user. All start with the same; one may be set or reset for a single user.

    Behind it the security token may follow, and has to where the org trusts no network.
    """

    def __init__(self, org: Org, *, password: str, security_token: str, seed: int) -> None:
        self._org = org
        self._first = password
        self._security_token = security_token
        self._seed = seed

    def user(self, username: str, given: str) -> Row:
        """The user, active or not, whose name and password these are. Raises LoginRefused."""
        found = self._org.database.row('SELECT * FROM "User" WHERE Username = ?', (username,))
        if found is None:
            raise LoginRefused("INVALID_LOGIN")
        password = (self._org.setting(SETTING) or {}).get(found["Id"], self._first)
        if given == password + self._security_token:
            return dict(found)
        if given != password:
            raise LoginRefused("INVALID_LOGIN")
        if not self._org.switches.trusted_network:
            raise LoginRefused("LOGIN_MUST_USE_SECURITY_TOKEN")
        return dict(found)

    def set(self, user_id: str, password: str) -> None:
        """Give a user another password. Raises INVALID_NEW_PASSWORD for one that is too weak."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise api_error("INVALID_NEW_PASSWORD", f"Your password must be at least {SHORTEST} characters long.")
        if not (re.search(r"[A-Za-z]", password) and re.search(r"[0-9]", password)):
            raise api_error("INVALID_NEW_PASSWORD", "Your password must include letters and numbers")
        self._save(user_id, password)

    def reset(self, user_id: str) -> str:
        """Give a user a new password and return it."""
        resets = int(self._org.setting(f"{SETTING}_reset") or 0) + 1
        self._org.save_setting(f"{SETTING}_reset", resets)
        digest = hashlib.sha256(f"{self._seed}:password:{resets}".encode()).hexdigest()
        password = f"Pw{digest[:10]}9"
        self._save(user_id, password)
        return password

    def _save(self, user_id: str, password: str) -> None:
        saved = self._org.setting(SETTING) or {}
        self._org.save_setting(SETTING, {**saved, user_id: password})
