"""What the calls about logging in say of themselves."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, StandingCall

_TOKEN_ERRORS = (
    "invalid_request",
    "unsupported_grant_type",
    "invalid_grant",
    "invalid_client_id",
    "invalid_client",
    "inactive_user",
    "redirect_uri_mismatch",
)
_CLIENT = (Param("client_id", example="simulator-client"), Param("client_secret", example="simulator-secret"))
_TOKEN = (Param("token", required=True),)
_TOKEN_PARAMS = (
    Param("grant_type", required=True, example="client_credentials"),
    *_CLIENT,
    Param("username"),
    Param("password", description="the security token may follow"),
    Param("refresh_token"),
    Param("assertion", description="a JWT, signed RS256"),
    Param("code"),
    Param("redirect_uri"),
    Param("code_verifier"),
    Param("format", description="json (default), urlencoded or xml"),
)
_AUTHORIZE_PARAMS = (
    Param("response_type", required=True, description="code", example="code"),
    Param("client_id", required=True, example="simulator-client"),
    Param("redirect_uri", required=True, example="http://localhost:1717/OauthRedirect"),
    Param("state"),
    Param("scope", description="scopes with blanks between them; all of the app unless given"),
    Param("code_challenge"),
    Param("code_challenge_method", description="S256 (default) or plain"),
    Param("prompt", description="none: no page, an error instead"),
    Param("login_hint", description="the username that the page starts with"),
    Param("nonce", description="comes back in the id token"),
)
_LOGIN_FORM = (*_AUTHORIZE_PARAMS, Param("username"), Param("password"), Param("action", description="allow or deny"))
_AUTHORIZE = "/services/oauth2/authorize"
_CODES = (
    Behaviour("code-once", "a code is good for one exchange, within 15 minutes, by the app and for the URL it was for"),
    Behaviour("code-pkce", "a code that was asked for with a challenge needs its verifier, and then no secret"),
    Behaviour(
        "code-refresh-token", "the answer has a refresh token when the scope has refresh_token or offline_access"
    ),
    Behaviour("code-id-token", "the answer has a signed id token when the scope has openid"),
    Behaviour("token-formats", "the answer is JSON, urlencoded or XML, as the parameter format says"),
    Behaviour("no-client-credentials-at-login-hosts", "client credentials are refused at login.salesforce.com"),
)

LOGIN_CALLS: tuple[StandingCall, ...] = (
    StandingCall(
        method="POST", path="/services/oauth2/token", params=_TOKEN_PARAMS, errors=_TOKEN_ERRORS, behaviours=_CODES
    ),
    StandingCall(method="GET", path="/services/oauth2/token", params=_TOKEN_PARAMS, errors=_TOKEN_ERRORS),
    StandingCall(
        method="GET",
        path=_AUTHORIZE,
        params=_AUTHORIZE_PARAMS,
        errors=("400",),
        behaviours=(
            Behaviour("login-errors-redirect", "errors go to the app's URL, once that and the app are known"),
            Behaviour("login-callback-urls", "users are sent to a callback URL of the app and to no other"),
        ),
    ),
    StandingCall(
        method="POST",
        path=_AUTHORIZE,
        params=_LOGIN_FORM,
        errors=("400",),
        behaviours=(Behaviour("login-page-again", "a wrong password shows the page again"),),
    ),
    StandingCall(method="POST", path="/services/oauth2/revoke", params=_TOKEN, errors=("400",)),
    StandingCall(method="GET", path="/services/oauth2/revoke", params=_TOKEN, errors=("400",)),
    StandingCall(
        method="POST",
        path="/services/oauth2/introspect",
        params=(*_TOKEN, *_CLIENT),
        errors=("invalid_request", "invalid_client_id", "invalid_client"),
    ),
    StandingCall(method="GET", path="/services/oauth2/userinfo", errors=("403",)),
    StandingCall(method="POST", path="/services/oauth2/userinfo", errors=("403",)),
    StandingCall(method="GET", path="/id/keys"),
    StandingCall(method="GET", path="/id/{org}/{user}", errors=("403", "404")),
    StandingCall(method="GET", path="/.well-known/openid-configuration"),
    StandingCall(method="GET", path="/.well-known/auth-configuration"),
)
"""OAuth, OpenID Connect and the identity service."""
