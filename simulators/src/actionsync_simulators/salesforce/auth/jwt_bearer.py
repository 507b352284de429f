"""JWT bearer assertions: RS256, with the claims iss, sub, aud and exp."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError

LOGIN_HOSTS = frozenset({"login.salesforce.com", "test.salesforce.com"})
MILLISECONDS_FROM = 100_000_000_000
"""An `exp` from here on is in milliseconds: some clients send those."""


def subject_of_assertion(
    assertion: str,
    *,
    client_ids: Collection[str],
    base_url: str,
    now: datetime,
    public_key: str | None,
) -> tuple[str, str]:
    """The client id of the app and the username an assertion speaks for. Raises OAuthError when it is not valid.

    The signature is verified when a public key (PEM) has been registered with the app; without one only its form and
    its claims are checked.
    """
    claims = _claims(assertion, public_key)
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or issuer not in client_ids:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if not _is_for_us(claims.get("aud"), base_url):
        raise OAuthError("invalid_grant", "audience is invalid")
    if _expiry(claims.get("exp")) <= now:
        raise OAuthError("invalid_grant", "invalid assertion")
    subject = claims.get("sub") or claims.get("prn")
    if not isinstance(subject, str):
        raise OAuthError("invalid_grant", "invalid assertion")
    return issuer, subject


def _claims(assertion: str, public_key: str | None) -> dict[str, Any]:
    # Here, because it takes as long to import as a third of everything else, and few clients log in like this.
    import jwt

    # Times are checked against the simulator's clock, not the machine's, and `exp` may be a text.
    options: Any = {
        "verify_signature": public_key is not None,
        "verify_exp": False,
        "verify_aud": False,
        "verify_iat": False,
        "verify_nbf": False,
        "verify_sub": False,
        "verify_iss": False,
    }
    try:
        if jwt.get_unverified_header(assertion).get("alg") != "RS256":
            raise OAuthError("invalid_grant", "invalid assertion")
        claims = jwt.decode(assertion, public_key or "", algorithms=["RS256"], options=options)
    except (jwt.PyJWTError, ValueError):
        raise OAuthError("invalid_grant", "invalid assertion") from None
    return dict(claims)


def _is_for_us(audience: Any, base_url: str) -> bool:
    audiences = audience if isinstance(audience, list) else [audience]
    for each in audiences:
        if not isinstance(each, str):
            continue
        try:
            host = urlsplit(each if "//" in each else f"//{each}").netloc
        except ValueError:
            continue
        if host in LOGIN_HOSTS or host == urlsplit(base_url).netloc or host.endswith(".my.salesforce.com"):
            return True
    return False


def _expiry(exp: Any) -> datetime:
    try:
        seconds = float(exp)
    except (TypeError, ValueError):
        raise OAuthError("invalid_grant", "invalid assertion") from None
    if not 0 <= seconds < 1e15:
        raise OAuthError("invalid_grant", "invalid assertion")
    if seconds >= MILLISECONDS_FROM:
        seconds /= 1000
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
