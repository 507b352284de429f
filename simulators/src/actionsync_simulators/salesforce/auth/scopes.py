"""OAuth scopes: which there are, what an app is granted, and what a session may do with them."""

from __future__ import annotations

from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError

SCOPE = "api web refresh_token"
"""What an app gets that asks for nothing in particular."""

SCOPES = frozenset(
    {
        *("api", "web", "full", "refresh_token", "offline_access", "id", "openid", "profile", "email", "address"),
        *("phone", "chatter_api", "custom_permissions", "visualforce", "content", "lightning", "pardot_api"),
        *("wave_api", "eclair_api", "sfap_api"),
    }
)
_REFRESHING = frozenset({"refresh_token", "offline_access"})
_REST = frozenset({"api", "full", "web"})


def granted(asked: str | None) -> str:
    """The scope of a login that asks for this. Raises OAuthError for a scope that does not exist."""
    names = list(dict.fromkeys((asked or SCOPE).split()))
    if not set(names) <= SCOPES:
        raise OAuthError("invalid_scope", "the requested scope is invalid, unknown, or malformed")
    return " ".join(names)


def refreshable(scope: str) -> bool:
    """Whether a login with this scope gets a refresh token."""
    return not _REFRESHING.isdisjoint(scope.split())


def opens_rest(scope: str) -> bool:
    """Whether a session with this scope may call the data APIs."""
    return not _REST.isdisjoint(scope.split())
