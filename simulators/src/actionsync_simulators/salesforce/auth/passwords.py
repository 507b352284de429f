"""Users and their passwords, for every login that asks for one: the password grant, the login page and SOAP."""

from __future__ import annotations

import hashlib
import re
from typing import Literal

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.state import Org, Row

SETTING, RESETS = "passwords", "password_resets"
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

    def __init__(self, org: Org, *, password: str, security_token: str) -> None:
        self._org = org
        self._first = password
        self._security_token = security_token

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


def set_password(org: Org, user_id: str, password: str) -> None:
    """Give a user another password. Raises INVALID_NEW_PASSWORD for one that is too weak."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise api_error("INVALID_NEW_PASSWORD", f"Your password must be at least {SHORTEST} characters long.")
    if not (re.search(r"[A-Za-z]", password) and re.search(r"[0-9]", password)):
        raise api_error("INVALID_NEW_PASSWORD", "Your password must include letters and numbers")
    saved = org.setting(SETTING) or {}
    org.save_setting(SETTING, {**saved, user_id: password})


def reset_password(org: Org, user_id: str) -> str:
    """Give a user a new password and return it."""
    resets = int(org.setting(RESETS) or 0) + 1
    org.save_setting(RESETS, resets)
    digest = hashlib.sha256(f"{org.organization_id}:{user_id}:{resets}".encode()).hexdigest()
    password = f"Pw{digest[:10]}9"
    set_password(org, user_id, password)
    return password
