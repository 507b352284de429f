"""OpenID Connect: signed id tokens, the keys that verify them, and what a client can discover."""

from __future__ import annotations

import base64
import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

from actionsync_simulators.salesforce.auth.identity import identity_url
from actionsync_simulators.salesforce.auth.sessions import Session
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org, Row

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

KEY_ID = "1"
KEY_BITS = 2048
LIFETIME_SECONDS = 120


class IdTokens:
    """Makes id tokens. The key is made when it is first needed, and lives as long as the process."""

    def __init__(self, org: Org) -> None:
        self._org = org

    @cached_property
    def _key(self) -> RSAPrivateKey:
        # Here: few clients ask for an id token, and the import is slow.
        from cryptography.hazmat.primitives.asymmetric import rsa

        return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)

    def issue(self, request: Request, session: Session, user: Row, *, nonce: str | None) -> str:
        """The id token for a session that has just begun."""
        import jwt

        issued = int(session.issued_at.timestamp())
        half = hashlib.sha256(session.token.encode()).digest()[:16]
        claims: dict[str, Any] = {
            "iss": request.base_url,
            "sub": identity_url(self._org, request, user["Id"]),
            "aud": session.client_id,
            "iat": issued,
            "exp": issued + LIFETIME_SECONDS,
            "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
        }
        if nonce is not None:
            claims["nonce"] = nonce
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})

    def keys(self) -> Response:
        """GET /id/keys: the JSON Web Key Set."""
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID}
        return Response(200, {"keys": [{**key, "n": _number(numbers.n), "e": _number(numbers.e)}]})


def openid_configuration(request: Request) -> Response:
    """GET /.well-known/openid-configuration."""
    base = request.base_url
    oauth = f"{base}/services/oauth2"
    return Response(
        200,
        {
            "issuer": base,
            "authorization_endpoint": f"{oauth}/authorize",
            "token_endpoint": f"{oauth}/token",
            "revocation_endpoint": f"{oauth}/revoke",
            "userinfo_endpoint": f"{oauth}/userinfo",
            "introspection_endpoint": f"{oauth}/introspect",
            "jwks_uri": f"{base}/id/keys",
            "scopes_supported": ["id", "api", "web", "full", "openid", "refresh_token", "profile", "email"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
            "code_challenge_methods_supported": ["S256"],
        },
    )


def auth_configuration(org: Org, request: Request) -> Response:
    """GET /.well-known/auth-configuration."""
    return Response(
        200,
        {
            "OrgId": org.organization_id,
            "Url": request.base_url,
            "MobileSDK": {
                "UseAndroidNativeBrowserForAuthentication": False,
                "UseiOSNativeBrowserForAuthentication": False,
            },
            "LoginPage": None,
            "SamlProviders": [],
            "AuthProviders": [],
            "CertificateLogin": None,
            "LoginPageType": "standard",
            "LoginPageTypeConfigs": {},
        },
    )


def _number(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
