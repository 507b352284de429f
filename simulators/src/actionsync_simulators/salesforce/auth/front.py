"""The entrance of everything about logging in: which handler answers which path below /services/oauth2 and /id."""

from __future__ import annotations

from actionsync_simulators.salesforce.auth.apps import Apps
from actionsync_simulators.salesforce.auth.authorize import Authorization
from actionsync_simulators.salesforce.auth.codes import Codes
from actionsync_simulators.salesforce.auth.id_token import IdTokens, auth_configuration, openid_configuration
from actionsync_simulators.salesforce.auth.identity import identity, userinfo
from actionsync_simulators.salesforce.auth.oauth import OAuth
from actionsync_simulators.salesforce.auth.passwords import Passwords
from actionsync_simulators.salesforce.auth.sessions import Session
from actionsync_simulators.salesforce.gateway.errors import not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org


class LoginApi:
    """Answers the calls of OAuth, OpenID Connect and the identity service."""

    def __init__(self, org: Org, *, passwords: Passwords, seed: int) -> None:
        self._org = org
        self.apps = Apps(org)
        self.passwords = passwords
        self._codes = Codes(clock=org.clock, seed=seed)
        self._id_tokens = IdTokens(org)
        self._authorization = Authorization(org, apps=self.apps, passwords=passwords, codes=self._codes)
        self._oauth = OAuth(org, apps=self.apps, passwords=passwords, codes=self._codes, id_tokens=self._id_tokens)

    def clear(self) -> None:
        """Forget the codes that are out."""
        self._codes.clear()

    def oauth(self, request: Request, name: str, session: Session | None) -> Response:
        """A call below /services/oauth2."""
        match request.method, name:
            case "GET" | "POST", "token":
                return self._oauth.token(request)
            case "GET" | "POST", "authorize":
                return self._authorization.authorize(request)
            case "GET" | "POST", "revoke":
                return self._oauth.revoke(request)
            case "POST", "introspect":
                return self._oauth.introspect(request)
            case "GET" | "POST", "userinfo":
                return userinfo(self._org, request, session)
        raise not_found()

    def identity(self, request: Request, session: Session | None, *, org_id: str, user_id: str) -> Response:
        """The identity URL of a user."""
        return identity(self._org, request, session, org_id=org_id, user_id=user_id)

    def keys(self) -> Response:
        """The keys that id tokens are signed with."""
        return self._id_tokens.keys()

    def well_known(self, request: Request, name: str) -> Response:
        """A document below /.well-known."""
        if name == "openid-configuration":
            return openid_configuration(request)
        if name == "auth-configuration":
            return auth_configuration(self._org, request)
        raise not_found()
