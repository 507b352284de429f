"""The token endpoint: every grant, every refusal, and what tokens are good for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import timedelta
from typing import Any

import jwt
import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.switches import SalesforceSwitches
from aiohttp import encode_basic_auth
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

TOKEN = "/services/oauth2/token"
APP = {"client_id": "simulator-client", "client_secret": "simulator-secret"}
USER = {"username": "admin@simulator.example", "password": "simulator-password"}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "simulator-refresh-token", "client_id": "simulator-client"}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def assertion(clock: Clock, key: rsa.RSAPrivateKey = KEY, algorithm: str = "RS256", **claims: Any) -> str:
    expires = int(clock.now().timestamp()) + 180
    every = {"iss": "simulator-client", "sub": USER["username"], "aud": "https://login.salesforce.com", "exp": expires}
    if algorithm == "HS256":
        return jwt.encode(every | claims, "a secret of sufficient length for HS256", algorithm=algorithm)
    return jwt.encode(every | claims, key, algorithm=algorithm)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "client_credentials", **APP},
        {"grant_type": "password", **APP, **USER},
        {"grant_type": "password", **APP, **USER, "password": "simulator-passwordsimulatortoken"},
        REFRESH,
        {**REFRESH, "client_secret": "simulator-secret", "format": "json"},
    ],
)
async def test_each_grant_gives_a_token_that_works(anonymous: Any, form: dict[str, str]) -> None:
    answer = await anonymous("POST", TOKEN, data=form)
    assert answer.status == 200
    token = answer.body
    assert list(token) == ["access_token", "signature", "scope", "instance_url", "id", "token_type", "issued_at"]
    assert re.fullmatch(r"00D\w{12}![.\w]+", token["access_token"])
    assert token["token_type"] == "Bearer"
    assert token["instance_url"] == "http://org.example"
    assert token["issued_at"] == "1706702400000"
    signed = hmac.new(b"simulator-secret", (token["id"] + token["issued_at"]).encode(), hashlib.sha256).digest()
    assert token["signature"] == base64.b64encode(signed).decode()
    works = await anonymous("GET", "limits", headers={"Authorization": f"Bearer {token['access_token']}"})
    assert works.status == 200


@pytest.mark.asyncio
async def test_client_credentials_by_basic_authentication_and_parameters_in_the_query(anonymous: Any) -> None:
    basic = encode_basic_auth("simulator-client", "simulator-secret")
    by_basic = await anonymous(
        "POST", TOKEN, data={"grant_type": "client_credentials"}, headers={"Authorization": basic}
    )
    assert by_basic.status == 200
    by_query = await anonymous("POST", TOKEN, params={"grant_type": "client_credentials", **APP})
    assert by_query.status == 200
    assert by_query.body["access_token"] != by_basic.body["access_token"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("form", "error", "description"),
    [
        (
            {"grant_type": "client_credentials", **APP, "client_secret": "wrong"},
            "invalid_client",
            "invalid client credentials",
        ),
        (
            {"grant_type": "client_credentials", **APP, "client_id": "wrong"},
            "invalid_client_id",
            "client identifier invalid",
        ),
        ({"grant_type": "client_credentials", "client_id": "simulator-client"}, "invalid_request", None),
        ({"grant_type": "client_credentials"}, "invalid_request", None),
        ({**APP}, "invalid_request", None),
        ({"grant_type": "magic", **APP}, "unsupported_grant_type", "grant type not supported"),
        ({"grant_type": "password", **APP, **USER, "password": "wrong"}, "invalid_grant", "authentication failure"),
        (
            {"grant_type": "password", **APP, **USER, "username": "x@x.example"},
            "invalid_grant",
            "authentication failure",
        ),
        ({**REFRESH, "refresh_token": "wrong"}, "invalid_grant", "expired access/refresh token"),
        ({**REFRESH, "client_secret": "wrong"}, "invalid_client", "invalid client credentials"),
        ({**REFRESH, "client_id": "marketo-native-sync"}, "invalid_grant", "expired access/refresh token"),
        ({"grant_type": JWT_BEARER, "assertion": "nonsense"}, "invalid_grant", "invalid assertion"),
        ({"grant_type": JWT_BEARER}, "invalid_grant", "invalid assertion"),
    ],
)
async def test_refusals_are_objects_with_400(
    anonymous: Any, form: dict[str, str], error: str, description: str | None
) -> None:
    answer = await anonymous("POST", TOKEN, data=form)
    assert answer.status == 400
    assert list(answer.body) == ["error", "error_description"]
    assert answer.body["error"] == error
    if description is not None:
        assert answer.body["error_description"] == description


@pytest.mark.asyncio
async def test_the_token_endpoint_is_not_charged(anonymous: Any) -> None:
    for _ in range(3):
        await anonymous.log_in()
    assert (await anonymous("GET", "limits")).headers["Sforce-Limit-Info"] == "api-usage=1/125000"


@pytest.mark.asyncio
@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize("factor", [1, 1000])
async def test_jwt_bearer(anonymous: Any, clock: Clock, as_text: bool, factor: int) -> None:
    expires: Any = (int(clock.now().timestamp()) + 180) * factor
    signed = assertion(clock, exp=str(expires) if as_text else expires)
    answer = await anonymous("POST", TOKEN, data={"grant_type": JWT_BEARER, "assertion": signed, "extra": "x"})
    assert answer.status == 200
    assert "refresh_token" not in answer.body


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("claims", "error", "description"),
    [
        ({"iss": "wrong"}, "invalid_client_id", "client identifier invalid"),
        ({"sub": "nobody@x.example"}, "invalid_grant", "user hasn't approved this consumer"),
        ({"sub": None}, "invalid_grant", "invalid assertion"),
        ({"aud": "https://example.com"}, "invalid_grant", "audience is invalid"),
        ({"exp": 1706702399}, "invalid_grant", "invalid assertion"),
        ({"exp": "soon"}, "invalid_grant", "invalid assertion"),
        ({"algorithm": "HS256"}, "invalid_grant", "invalid assertion"),
    ],
)
async def test_jwt_bearer_refusals(
    anonymous: Any, clock: Clock, claims: dict[str, Any], error: str, description: str
) -> None:
    form = {"grant_type": JWT_BEARER, "assertion": assertion(clock, **claims)}
    answer = await anonymous("POST", TOKEN, data=form)
    assert (answer.status, answer.body) == (400, {"error": error, "error_description": description})


@pytest.mark.asyncio
async def test_jwt_signature_is_verified_once_a_key_is_registered(anonymous: Any, clock: Clock) -> None:
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    await anonymous.control("POST", "jwt-key", public_key=public.decode())
    good = await anonymous("POST", TOKEN, data={"grant_type": JWT_BEARER, "assertion": assertion(clock)})
    forged = assertion(clock, key=OTHER_KEY)
    bad = await anonymous("POST", TOKEN, data={"grant_type": JWT_BEARER, "assertion": forged})
    assert good.status == 200
    assert bad.body == {"error": "invalid_grant", "error_description": "invalid assertion"}


@pytest.mark.asyncio
async def test_a_session_ends_when_unused_and_use_extends_it(api: Any, clock: Clock) -> None:
    for _ in range(3):
        await clock.advance(timedelta(minutes=90))
        assert (await api("GET", "limits")).status == 200
    await clock.advance(timedelta(hours=2))
    answer = await api("GET", "limits")
    assert (answer.status, answer.code) == (401, "INVALID_SESSION_ID")
    refreshed = await api("POST", TOKEN, data=REFRESH, headers={"Authorization": ""})
    api.headers["Authorization"] = f"Bearer {refreshed.body['access_token']}"
    assert (await api("GET", "limits")).status == 200


@pytest.mark.asyncio
async def test_introspection(api: Any, clock: Clock) -> None:
    token = api.headers["Authorization"].removeprefix("Bearer ")
    await clock.advance(timedelta(minutes=10))
    answer = await api(
        "POST", "/services/oauth2/introspect", data={"token": token, **APP}, headers={"Authorization": ""}
    )
    issued = 1706702400
    assert answer.body == {
        "active": True,
        "scope": "api web refresh_token",
        "client_id": "simulator-client",
        "username": "admin@simulator.example",
        "sub": f"http://org.example/id/{api.simulator.org.organization_id}/{api.simulator.org.api_user_id}",
        "token_type": "access_token",
        "exp": issued + 7200,
        "iat": issued,
        "nbf": issued,
    }
    unknown = await api(
        "POST", "/services/oauth2/introspect", data={"token": "x", **APP}, headers={"Authorization": ""}
    )
    assert (unknown.status, unknown.body) == (200, {"active": False})
    stranger = await api(
        "POST",
        "/services/oauth2/introspect",
        data={"token": token, **APP, "client_secret": "wrong"},
        headers={"Authorization": ""},
    )
    assert (stranger.status, stranger.body["error"]) == (401, "invalid_client")


@pytest.mark.asyncio
async def test_revoking_an_access_token(api: Any) -> None:
    token = api.headers["Authorization"].removeprefix("Bearer ")
    answer = await api("POST", "/services/oauth2/revoke", data={"token": token}, headers={"Authorization": ""})
    assert (answer.status, answer.body) == (200, "")
    assert (await api("GET", "limits")).status == 401
    again = await api("GET", "/services/oauth2/revoke", params={"token": token}, headers={"Authorization": ""})
    assert again.status == 400
    assert again.body == "error=unsupported_token_type&error_description=this+token+type+is+not+supported"


@pytest.mark.asyncio
async def test_revoking_a_refresh_token_kills_its_sessions_and_no_others(api: Any) -> None:
    made = await api("POST", TOKEN, data=REFRESH, headers={"Authorization": ""})
    other = {"Authorization": f"Bearer {made.body['access_token']}"}
    assert (await api("GET", "limits", headers=other)).status == 200
    await api(
        "POST", "/services/oauth2/revoke", data={"token": REFRESH["refresh_token"]}, headers={"Authorization": ""}
    )
    assert (await api("GET", "limits", headers=other)).status == 401
    assert (await api("GET", "limits")).status == 200
    dead = await api("POST", TOKEN, data=REFRESH, headers={"Authorization": ""})
    assert dead.body["error_description"] == "expired access/refresh token"


@pytest.mark.asyncio
async def test_userinfo(api: Any) -> None:
    answer = await api("GET", "/services/oauth2/userinfo")
    assert answer.status == 200
    assert answer.body["user_id"] == api.simulator.org.api_user_id
    assert answer.body["organization_id"] == api.simulator.org.organization_id
    assert answer.body["preferred_username"] == "admin@simulator.example"
    assert answer.body["urls"]["rest"] == "http://org.example/services/data/v{version}/"
    bad = await api("GET", "/services/oauth2/userinfo", headers={"Authorization": "Bearer x"})
    assert (bad.status, bad.body) == (403, "Bad_OAuth_Token")


@pytest.mark.asyncio
async def test_identity_url(api: Any) -> None:
    org, user = api.simulator.org.organization_id, api.simulator.org.api_user_id
    token = api.headers["Authorization"].removeprefix("Bearer ")
    answer = await api("GET", f"/id/{org}/{user}", params={"format": "json"})
    assert answer.body["username"] == "admin@simulator.example"
    assert answer.body["asserted_user"] is True
    api.headers.clear()
    assert (await api("GET", f"/id/{org}/{user}", params={"oauth_token": token})).body == answer.body
    assert (await api("GET", f"/id/{org}/{user}")).body == "Missing_OAuth_Token"
    api.headers["Authorization"] = f"Bearer {token}"
    assert (await api("GET", f"/id/00D000000000000EAA/{user}")).body == "Wrong_Org"
    assert (await api("GET", f"/id/{org}/0058d00000000zzAAA")).status == 404


@pytest.mark.asyncio
async def test_an_inactive_user_cannot_log_in_and_loses_the_session(api: Any) -> None:
    await api.control("POST", "users", user="admin@simulator.example", active=False)
    assert (await api("GET", "limits")).status == 401
    answer = await api("POST", TOKEN, data={"grant_type": "client_credentials", **APP}, headers={"Authorization": ""})
    assert (answer.status, answer.body["error"]) == (400, "inactive_user")


@pytest.mark.asyncio
async def test_marketos_sync_has_an_app_and_a_user_of_its_own(anonymous: Any) -> None:
    app = anonymous.simulator.sync_app
    await anonymous.log_in(client_id=app.client_id, client_secret=app.client_secret)
    info = await anonymous("GET", "/services/oauth2/userinfo")
    assert info.body["preferred_username"] == "marketo.sync@simulator.example"


@pytest.mark.asyncio
async def test_rotated_refresh_tokens_and_an_app_without_a_user(clock: Clock, anonymous: Any) -> None:
    switches = SalesforceSwitches(rotate_refresh_tokens=True, run_as_user=False)
    anonymous.session.connector.app = SalesforceSimulator(clock=clock, switches=switches)
    first = await anonymous("POST", TOKEN, data=REFRESH)
    assert list(first.body)[:2] == ["access_token", "refresh_token"]
    assert (await anonymous("POST", TOKEN, data=REFRESH)).body["error"] == "invalid_grant"
    second = await anonymous("POST", TOKEN, data={**REFRESH, "refresh_token": first.body["refresh_token"]})
    assert second.status == 200
    nobody = await anonymous("POST", TOKEN, data={"grant_type": "client_credentials", **APP})
    assert nobody.body == {"error": "invalid_grant", "error_description": "no client credentials user enabled"}
