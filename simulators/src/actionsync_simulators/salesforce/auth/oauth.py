"""The token endpoint and its relatives: token, revoke, introspect."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from actionsync_simulators.salesforce.auth.apps import Apps, ConnectedApp
from actionsync_simulators.salesforce.auth.codes import Codes
from actionsync_simulators.salesforce.auth.forms import Form, form_of, required
from actionsync_simulators.salesforce.auth.id_token import IdTokens
from actionsync_simulators.salesforce.auth.identity import identity_url, user_row
from actionsync_simulators.salesforce.auth.jwt_bearer import LOGIN_HOSTS, subject_of_assertion
from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError
from actionsync_simulators.salesforce.auth.passwords import LoginRefused, Passwords
from actionsync_simulators.salesforce.auth.scopes import SCOPE, refreshable
from actionsync_simulators.salesforce.auth.sessions import Session
from actionsync_simulators.salesforce.gateway import xml
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org, Row

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8"


class OAuth:
    """Tokens: who gets one, what one is worth, and its end."""

    def __init__(self, org: Org, *, apps: Apps, passwords: Passwords, codes: Codes, id_tokens: IdTokens) -> None:
        self._org = org
        self._sessions = org.sessions
        self._apps = apps
        self._passwords = passwords
        self._codes = codes
        self._id_tokens = id_tokens
        self._grants: dict[str, Callable[[Request, Form], dict[str, Any]]] = {
            "client_credentials": self._client_credentials,
            "password": self._password,
            "refresh_token": self._refresh,
            "authorization_code": self._authorization_code,
            JWT_BEARER: self._jwt_bearer,
        }

    def token(self, request: Request) -> Response:
        """POST /services/oauth2/token."""
        form = form_of(request)
        try:
            grant = self._grants.get(required(form, "grant_type"))
            if grant is None:
                raise OAuthError("unsupported_grant_type", "grant type not supported")
            response = Response(200, grant(request, form))
        except OAuthError as error:
            response = error.response()
        return _in_format(response, form.get("format", "json"))

    def revoke(self, request: Request) -> Response:
        """GET or POST /services/oauth2/revoke."""
        token = form_of(request).get("token", "")
        if self._sessions.revoke(token):
            return Response(200, "", content_type="text/plain;charset=UTF-8")
        return Response(
            400,
            "error=unsupported_token_type&error_description=this+token+type+is+not+supported",
            code="unsupported_token_type",
            content_type=FORM_TYPE,
        )

    def introspect(self, request: Request) -> Response:
        """POST /services/oauth2/introspect."""
        form = form_of(request)
        try:
            self._apps.caller(request, form, secret_needed=True)
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

    def _client_credentials(self, request: Request, form: Form) -> dict[str, Any]:
        app = self._apps.caller(request, form, secret_needed=True)
        if urlsplit(request.base_url).hostname in LOGIN_HOSTS:
            raise OAuthError("invalid_grant", "request not supported on this domain")
        if not self._org.switches.run_as_user:
            raise OAuthError("invalid_grant", "no client credentials user enabled")
        return self._answer(request, self._start(self._user_by_id(app.run_as), app))

    def _password(self, request: Request, form: Form) -> dict[str, Any]:
        app = self._apps.caller(request, form, secret_needed=True)
        try:
            user = self._passwords.user(form.get("username", ""), form.get("password", ""))
        except LoginRefused:
            raise OAuthError("invalid_grant", "authentication failure") from None
        return self._answer(request, self._start(user, app))

    def _refresh(self, request: Request, form: Form) -> dict[str, Any]:
        app = self._apps.caller(request, form, secret_needed=False)
        old = self._sessions.grant(form.get("refresh_token", ""))
        if old is None or old.client_id != app.client_id:
            raise OAuthError("invalid_grant", "expired access/refresh token")
        user = self._user_by_id(old.user_id)
        if not self._org.switches.rotate_refresh_tokens:
            return self._answer(request, self._start(user, app, scope=old.scope, refresh_token=old.token))
        new = self._sessions.new_refresh_token(user_id=old.user_id, client_id=old.client_id, scope=old.scope)
        session = self._start(user, app, scope=old.scope, refresh_token=new.token)
        self._sessions.revoke(old.token)
        return _with_refresh_token(self._answer(request, session), new.token)

    def _authorization_code(self, request: Request, form: Form) -> dict[str, Any]:
        app = self._apps.caller(request, form, secret_needed=False)
        code = required(form, "code")
        agreement = self._codes.find(code, client_id=app.client_id)
        if agreement.challenge is None and app.secret_required:
            self._apps.caller(request, form, secret_needed=True)
        if required(form, "redirect_uri") != agreement.redirect_uri:
            raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
        self._codes.spend(code)
        if agreement.challenge is not None and not agreement.challenge.accepts(form.get("code_verifier", "")):
            raise OAuthError("invalid_grant", "invalid code verifier")
        user = self._user_by_id(agreement.user_id)
        refresh_token = None
        if refreshable(agreement.scope) and user["IsActive"]:
            refresh_token = self._sessions.new_refresh_token(
                user_id=user["Id"], client_id=app.client_id, scope=agreement.scope
            ).token
        session = self._start(user, app, scope=agreement.scope, refresh_token=refresh_token)
        answer = self._answer(request, session)
        if "openid" in agreement.scope.split():
            answer["id_token"] = self._id_tokens.issue(request, session, user, nonce=agreement.nonce)
        return answer if refresh_token is None else _with_refresh_token(answer, refresh_token)

    def _jwt_bearer(self, request: Request, form: Form) -> dict[str, Any]:
        client_id, username = subject_of_assertion(
            form.get("assertion", ""),
            client_ids={app.client_id for app in self._apps},
            base_url=request.base_url,
            now=self._org.clock.now(),
            public_key=self._org.setting("jwt_public_key") or self._org.switches.jwt_public_key,
        )
        found = self._org.database.row('SELECT * FROM "User" WHERE Username = ?', (username,))
        if found is None:
            raise OAuthError("invalid_grant", "user hasn't approved this consumer")
        return self._answer(request, self._start(dict(found), self._apps.known(client_id)))

    # Parts

    def _start(self, user: Row, app: ConnectedApp, *, scope: str = SCOPE, refresh_token: str | None = None) -> Session:
        if not user["IsActive"]:
            raise OAuthError("inactive_user", "user is inactive")
        return self._sessions.issue(
            user_id=user["Id"], client_id=app.client_id, scope=scope, refresh_token=refresh_token
        )

    def _answer(self, request: Request, session: Session) -> dict[str, Any]:
        identity = identity_url(self._org, request, session.user_id)
        issued_at = str(int(session.issued_at.timestamp() * 1000))
        secret = self._apps.known(session.client_id).client_secret.encode()
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


def _with_refresh_token(answer: dict[str, Any], refresh_token: str) -> dict[str, Any]:
    return {"access_token": answer.pop("access_token"), "refresh_token": refresh_token, **answer}


def _in_format(response: Response, form: str) -> Response:
    """The answer in the form that the caller asked for; anything but urlencoded and xml is JSON."""
    if form == "urlencoded":
        response.payload, response.content_type = urlencode(response.payload), FORM_TYPE
    elif form == "xml":
        response.payload, response.content_type = xml.document("OAuth", response.payload), xml.XML_TYPE
    return response


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
