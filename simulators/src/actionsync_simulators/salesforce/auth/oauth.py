"""The token endpoint and its relatives: token, revoke, introspect."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from actionsync_simulators.salesforce.auth.identity import identity_url, user_row
from actionsync_simulators.salesforce.auth.jwt_bearer import subject_of_assertion
from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError
from actionsync_simulators.salesforce.auth.sessions import Session
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org, Row

SCOPE = "api web refresh_token"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class ConnectedApp:
    """A connected app; `run_as` is the id of the user its client credentials grant runs as."""

    client_id: str
    client_secret: str
    run_as: str


@dataclass(frozen=True, slots=True)
class Passwords:
    """The one password of all users; behind it the security token may follow, as logins from anywhere need."""

    password: str
    security_token: str

    def accept(self, given: str) -> bool:
        """Whether this is the password, with or without the security token."""
        return given in (self.password, self.password + self.security_token)


class OAuth:
    """Tokens: who gets one, what one is worth, and its end."""

    def __init__(self, org: Org, *, passwords: Passwords) -> None:
        self._org = org
        self._sessions = org.sessions
        self._apps: dict[str, ConnectedApp] = {}
        self._passwords = passwords
        self._grants: dict[str, Callable[[Request, Mapping[str, str]], dict[str, Any]]] = {
            "client_credentials": self._client_credentials,
            "password": self._password,
            "refresh_token": self._refresh,
            JWT_BEARER: self._jwt_bearer,
        }

    def connect(self, apps: Iterable[ConnectedApp]) -> None:
        """Let these apps in, and no others."""
        self._apps = {app.client_id: app for app in apps}

    def token(self, request: Request) -> Response:
        """POST /services/oauth2/token."""
        try:
            form = _form(request)
            kind = form.get("grant_type")
            if not kind:
                raise OAuthError("invalid_request", "missing required parameter: grant_type")
            grant = self._grants.get(kind)
            if grant is None:
                raise OAuthError("unsupported_grant_type", "grant type not supported")
            return Response(200, grant(request, form))
        except OAuthError as error:
            return error.response()

    def revoke(self, request: Request) -> Response:
        """GET or POST /services/oauth2/revoke."""
        token = _form(request).get("token", "")
        if self._sessions.revoke(token):
            return Response(200, "", content_type="text/plain;charset=UTF-8")
        return Response(
            400,
            "error=unsupported_token_type&error_description=this+token+type+is+not+supported",
            code="unsupported_token_type",
            content_type="application/x-www-form-urlencoded;charset=UTF-8",
        )

    def introspect(self, request: Request) -> Response:
        """POST /services/oauth2/introspect."""
        try:
            form = _form(request)
            self._check_client(request, form, secret_needed=True)
        except OAuthError as error:
            return error.response(status=401)
        token = form.get("token", "")
        session = self._sessions.find(token)
        if session is not None:
            return Response(200, self._introspection(request, session))
        grant = self._sessions.grant(token)
        if grant is None:
            return Response(200, {"active": False})
        user = self._user_by_id(grant.user_id)
        return Response(
            200,
            {
                "active": True,
                "scope": grant.scope,
                "client_id": grant.client_id,
                "username": user["Username"],
                "sub": identity_url(self._org, request, grant.user_id),
                "token_type": "refresh_token",
            },
        )

    # Grants

    def _client_credentials(self, request: Request, form: Mapping[str, str]) -> dict[str, Any]:
        app = self._check_client(request, form, secret_needed=True)
        if not self._org.switches.run_as_user:
            raise OAuthError("invalid_grant", "no client credentials user enabled")
        return self._answer(request, self._start(self._user_by_id(app.run_as), app))

    def _password(self, request: Request, form: Mapping[str, str]) -> dict[str, Any]:
        app = self._check_client(request, form, secret_needed=True)
        user = self._user_by_name(form.get("username", ""))
        if user is None or not self._passwords.accept(form.get("password", "")):
            raise OAuthError("invalid_grant", "authentication failure")
        return self._answer(request, self._start(user, app))

    def _refresh(self, request: Request, form: Mapping[str, str]) -> dict[str, Any]:
        app = self._check_client(request, form, secret_needed=False)
        old = self._sessions.grant(form.get("refresh_token", ""))
        if old is None or old.client_id != app.client_id:
            raise OAuthError("invalid_grant", "expired access/refresh token")
        user = self._user_by_id(old.user_id)
        if not self._org.switches.rotate_refresh_tokens:
            return self._answer(request, self._start(user, app, refresh_token=old.token))
        new = self._sessions.new_refresh_token(user_id=old.user_id, client_id=old.client_id, scope=old.scope)
        session = self._start(user, app, refresh_token=new.token)
        self._sessions.revoke(old.token)
        answer = self._answer(request, session)
        return {"access_token": answer.pop("access_token"), "refresh_token": new.token, **answer}

    def _jwt_bearer(self, request: Request, form: Mapping[str, str]) -> dict[str, Any]:
        client_id, username = subject_of_assertion(
            form.get("assertion", ""),
            client_ids=self._apps.keys(),
            base_url=request.base_url,
            now=self._org.clock.now(),
            public_key=self._org.setting("jwt_public_key") or self._org.switches.jwt_public_key,
        )
        user = self._user_by_name(username)
        if user is None:
            raise OAuthError("invalid_grant", "user hasn't approved this consumer")
        return self._answer(request, self._start(user, self._apps[client_id]))

    # Parts

    def _check_client(self, request: Request, form: Mapping[str, str], *, secret_needed: bool) -> ConnectedApp:
        client_id, secret = form.get("client_id"), form.get("client_secret")
        basic = _basic(request)
        if basic is not None:
            client_id, secret = basic
        if not client_id:
            raise OAuthError("invalid_request", "missing required parameter: client_id")
        app = self._apps.get(client_id)
        if app is None:
            raise OAuthError("invalid_client_id", "client identifier invalid")
        if secret is None and not secret_needed:
            return app
        if not secret:
            raise OAuthError("invalid_request", "missing required parameter: client_secret")
        if secret != app.client_secret:
            raise OAuthError("invalid_client", "invalid client credentials")
        return app

    def _start(self, user: Row, app: ConnectedApp, *, refresh_token: str | None = None) -> Session:
        if not user["IsActive"]:
            raise OAuthError("inactive_user", "user is inactive")
        return self._sessions.issue(
            user_id=user["Id"], client_id=app.client_id, scope=SCOPE, refresh_token=refresh_token
        )

    def _answer(self, request: Request, session: Session) -> dict[str, Any]:
        identity = identity_url(self._org, request, session.user_id)
        issued_at = str(int(session.issued_at.timestamp() * 1000))
        secret = self._apps[session.client_id].client_secret.encode()
        digest = hmac.new(secret, (identity + issued_at).encode(), hashlib.sha256)
        return {
            "access_token": session.token,
            "signature": base64.b64encode(digest.digest()).decode(),
            "scope": session.scope,
            "instance_url": request.base_url,
            "id": identity,
            "token_type": "Bearer",
            "issued_at": issued_at,
        }

    def _introspection(self, request: Request, session: Session) -> dict[str, Any]:
        user = self._user_by_id(session.user_id)
        issued = _seconds(session.issued_at)
        return {
            "active": True,
            "scope": session.scope,
            "client_id": session.client_id,
            "username": user["Username"],
            "sub": identity_url(self._org, request, session.user_id),
            "token_type": "access_token",
            "exp": _seconds(session.expires_at),
            "iat": issued,
            "nbf": issued,
        }

    def _user_by_id(self, user_id: str) -> Row:
        user = user_row(self._org, user_id)
        if user is None:
            raise OAuthError("invalid_grant", "authentication failure")
        return user

    def _user_by_name(self, username: str) -> Row | None:
        found = self._org.database.row('SELECT * FROM "User" WHERE Username = ?', (username,))
        return None if found is None else dict(found)


def _form(request: Request) -> dict[str, str]:
    body = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    return {**request.query, **body}


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError("invalid_client", "invalid client credentials") from None
    return user, secret


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
