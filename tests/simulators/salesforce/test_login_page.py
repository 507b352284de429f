"""The web server flow: a page to log in on, a code for the app, tokens for the code."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.switches import SalesforceSwitches

AUTHORIZE, TOKEN = "/services/oauth2/authorize", "/services/oauth2/token"
RETURN = "http://localhost:1717/OauthRedirect"
ASK = {"response_type": "code", "client_id": "simulator-client", "redirect_uri": RETURN, "state": "a b&c"}
USER = {"username": "admin@simulator.example", "password": "simulator-password"}
SECRET = {"client_secret": "simulator-secret"}
VERIFIER = "v" * 43
S256 = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


class Form(HTMLParser):
    """The inputs of the page by name, and how the form is sent."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inputs: dict[str, str] = {}
        self.sent: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.sent = given
        if tag == "input":
            self.inputs[str(given["name"])] = given.get("value") or ""
        assert tag != "script"
        assert not any(name.startswith("on") for name in given)


def returned(answer: Any) -> dict[str, str]:
    """The parameters that the user comes back to the app with."""
    assert answer.status == 302, answer.body
    url = urlsplit(answer.headers["Location"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == RETURN
    return {name: one for name, [one] in parse_qs(url.query).items()}


async def code_for(api: Any, **changes: str) -> str:
    page = await api("GET", AUTHORIZE, params=ASK | changes)
    assert page.status == 200, page.body
    fields = Form(page.body).inputs
    return returned(await api("POST", AUTHORIZE, data={**fields, **USER, "action": "allow"}))["code"]


async def exchange(api: Any, code: str, /, **changes: Any) -> Any:
    form = {"grant_type": "authorization_code", "code": code, "client_id": "simulator-client", "redirect_uri": RETURN}
    whole = {name: value for name, value in (form | SECRET | changes).items() if value is not None}
    return await api("POST", TOKEN, data=whole, headers={"Authorization": ""})


@pytest.mark.asyncio
async def test_a_code_is_for_one_url_however_the_token_is_asked_for(anonymous: Any) -> None:
    code = await code_for(anonymous)
    ask = {"grant_type": "authorization_code", "code": code, "client_id": "simulator-client", **SECRET}
    refused = await anonymous("GET", TOKEN, params=ask | {"redirect_uri": "https://evil.example/"})
    assert (refused.status, refused.body["error"]) == (400, "redirect_uri_mismatch")


@pytest.mark.asyncio
@pytest.mark.behaviour("code-refresh-token")
async def test_a_person_logs_in_and_the_app_gets_tokens_that_work(anonymous: Any) -> None:
    page = await anonymous("GET", AUTHORIZE, params=ASK | {"scope": "api refresh_token"})
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html;charset=UTF-8"
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    form = Form(page.body)
    assert (form.sent["method"], form.sent["action"]) == ("post", AUTHORIZE)
    back = returned(await anonymous("POST", AUTHORIZE, data={**form.inputs, **USER, "action": "allow"}))
    assert back["state"] == "a b&c"
    assert back["code"].startswith("aPrx")
    answer = await exchange(anonymous, back["code"])
    assert answer.status == 200
    assert answer.body["scope"] == "api refresh_token"
    works = await anonymous("GET", "limits", headers={"Authorization": f"Bearer {answer.body['access_token']}"})
    assert works.status == 200
    refresh = {"grant_type": "refresh_token", "refresh_token": answer.body["refresh_token"], **SECRET}
    again = await anonymous("POST", TOKEN, data={**refresh, "client_id": "simulator-client"})
    assert (again.status, again.body["scope"]) == (200, "api refresh_token")
    assert "refresh_token" not in again.body


@pytest.mark.asyncio
async def test_without_the_scope_there_is_no_refresh_token(anonymous: Any) -> None:
    answer = await exchange(anonymous, await code_for(anonymous, scope="api id"))
    assert answer.status == 200
    assert "refresh_token" not in answer.body


@pytest.mark.asyncio
async def test_a_session_without_an_api_scope_is_not_for_the_rest_api(anonymous: Any) -> None:
    answer = await exchange(anonymous, await code_for(anonymous, scope="openid"))
    bearer = {"Authorization": f"Bearer {answer.body['access_token']}"}
    assert (await anonymous("GET", "/services/oauth2/userinfo", headers=bearer)).status == 200
    refused = await anonymous("GET", "limits", headers=bearer)
    assert refused.status == 401
    assert refused.error["message"] == "This session is not valid for use with the REST API"


@pytest.mark.asyncio
@pytest.mark.behaviour("login-page-again")
async def test_a_wrong_login_shows_the_page_again(anonymous: Any) -> None:
    fields = Form((await anonymous("GET", AUTHORIZE, params=ASK)).body).inputs
    for wrong in ({"password": "wrong"}, {"username": '"><script>alert(1)</script>'}, {"username": ""}):
        answer = await anonymous("POST", AUTHORIZE, data={**fields, **USER, **wrong})
        assert answer.status == 200
        assert 'role="alert"' in answer.body
        form = Form(answer.body)
        assert form.inputs["username"] == (USER | wrong)["username"]
        assert form.inputs["state"] == "a b&c"
        assert form.inputs["password"] == ""
    await anonymous.control("POST", "users", user=USER["username"], active=False)
    assert (await anonymous("POST", AUTHORIZE, data={**fields, **USER})).status == 200


@pytest.mark.asyncio
async def test_everything_given_is_escaped(anonymous: Any) -> None:
    evil = '"><script>alert(1)</script>'
    page = await anonymous("GET", AUTHORIZE, params=ASK | {"state": evil, "login_hint": evil, "nonce": evil})
    form = Form(page.body)
    assert (form.inputs["state"], form.inputs["username"]) == (evil, evil)
    shown = await anonymous("GET", AUTHORIZE, params=ASK | {"client_id": evil, "redirect_uri": evil})
    assert shown.status == 400
    Form(shown.body)


@pytest.mark.asyncio
@pytest.mark.behaviour("login-callback-urls")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client_id"),
        ({"client_id": ""}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://localhost@evil.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://localhost.evil.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://user@localhost/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://localhost/#x"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://localhost:99999/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://[localhost/"}, "redirect_uri_mismatch"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_is_sent_where_the_app_does_not_live(
    anonymous: Any, method: str, changes: dict[str, str], error: str
) -> None:
    place = "params" if method == "GET" else "data"
    answer = await anonymous(method, AUTHORIZE, **{place: ASK | USER | changes})
    assert (answer.status, "Location" in answer.headers) == (400, False)
    assert f"error={error}<" in answer.body


@pytest.mark.asyncio
@pytest.mark.behaviour("login-errors-redirect")
@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"response_type": "token"}, "unsupported_response_type", "response type not supported"),
        ({"scope": "api magic"}, "invalid_scope", "the requested scope is invalid, unknown, or malformed"),
        ({"code_challenge": "short"}, "invalid_request", "invalid code challenge"),
        ({"code_challenge": S256, "code_challenge_method": "S512"}, "invalid_request", "invalid code challenge"),
        ({"prompt": "none"}, "immediate_unsuccessful", "immediate authorization was unsuccessful"),
    ],
)
async def test_errors_go_back_to_the_app(anonymous: Any, changes: dict[str, str], error: str, description: str) -> None:
    back = returned(await anonymous("GET", AUTHORIZE, params=ASK | changes))
    assert back == {"error": error, "error_description": description, "state": "a b&c"}


@pytest.mark.asyncio
async def test_a_person_says_no(anonymous: Any) -> None:
    answer = await anonymous("POST", AUTHORIZE, data=ASK | {"action": "deny"})
    assert answer.headers["Location"].startswith(
        f"{RETURN}?error=access_denied&error_description=end-user+denied+authorization&"
    )


@pytest.mark.asyncio
@pytest.mark.behaviour("code-once")
async def test_a_code_is_good_once_for_its_app_and_url_and_not_for_long(anonymous: Any, clock: Clock) -> None:
    app = anonymous.simulator.sync_app
    for changes, error, description in (
        ({"client_id": app.client_id, "client_secret": app.client_secret}, "invalid_grant", "invalid"),
        ({"code": "aPrxunknown"}, "invalid_grant", "invalid authorization code"),
        ({"redirect_uri": RETURN + "x"}, "redirect_uri_mismatch", "redirect_uri must match configuration"),
        ({"redirect_uri": None}, "invalid_request", "missing required parameter: redirect_uri"),
        ({"code": None}, "invalid_request", "missing required parameter: code"),
        ({"client_secret": None}, "invalid_request", "missing required parameter: client_secret"),
        ({"client_secret": "wrong"}, "invalid_client", "invalid client credentials"),
    ):
        code = await code_for(anonymous)
        refused = await exchange(anonymous, code, **changes)
        assert (refused.status, refused.body["error"]) == (400, error)
        assert description in refused.body["error_description"]
        assert (await exchange(anonymous, code)).status == 200
    spent = await exchange(anonymous, code)
    assert spent.body == {"error": "invalid_grant", "error_description": "expired authorization code"}
    late = await code_for(anonymous)
    await clock.advance(timedelta(minutes=15))
    assert (await exchange(anonymous, late)).body["error_description"] == "expired authorization code"


@pytest.mark.asyncio
@pytest.mark.behaviour("code-pkce")
@pytest.mark.parametrize(
    "challenge",
    [
        {"code_challenge": S256, "code_challenge_method": "S256"},
        {"code_challenge": S256},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
    ],
)
async def test_with_a_challenge_the_verifier_counts_and_the_secret_may_be_left_out(
    anonymous: Any, challenge: dict[str, str]
) -> None:
    code = await code_for(anonymous, **challenge)
    assert (await exchange(anonymous, code, client_secret=None, code_verifier=VERIFIER)).status == 200
    for wrong in ("w" * 43, "", None):
        code = await code_for(anonymous, **challenge)
        refused = await exchange(anonymous, code, code_verifier=wrong)
        assert refused.body == {"error": "invalid_grant", "error_description": "invalid code verifier"}
        assert (await exchange(anonymous, code, code_verifier=VERIFIER)).status == 400


@pytest.mark.asyncio
@pytest.mark.behaviour("code-id-token")
async def test_an_id_token_that_the_keys_verify(anonymous: Any) -> None:
    answer = await exchange(anonymous, await code_for(anonymous, scope="openid api", nonce="n-1"))
    [key] = (await anonymous("GET", "/id/keys")).body["keys"]
    claims = jwt.decode(
        answer.body["id_token"],
        jwt.PyJWK(key).key,
        algorithms=["RS256"],
        audience="simulator-client",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["iss"], claims["nonce"], claims["sub"]) == ("http://org.example", "n-1", answer.body["id"])
    known = (await anonymous("GET", "/.well-known/openid-configuration")).body
    assert known["jwks_uri"] == "http://org.example/id/keys"
    assert known["authorization_endpoint"] == f"http://org.example{AUTHORIZE}"
    org = (await anonymous("GET", "/.well-known/auth-configuration")).body
    assert org["OrgId"] == anonymous.simulator.org.organization_id
    assert (await anonymous("GET", "/.well-known/nothing")).status == 404


@pytest.mark.asyncio
@pytest.mark.behaviour("token-formats")
async def test_the_answer_in_other_formats(anonymous: Any) -> None:
    form = {"grant_type": "client_credentials", "client_id": "simulator-client", **SECRET}
    plain = await anonymous("POST", TOKEN, data=form | {"format": "urlencoded"})
    assert plain.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert parse_qs(plain.body)["token_type"] == ["Bearer"]
    xml = await anonymous("POST", TOKEN, data=form | {"format": "xml"})
    assert xml.headers["Content-Type"].startswith("application/xml")
    assert re.search(r"<OAuth><access_token>00D\w+!", xml.body)
    refused = await anonymous("POST", TOKEN, data={"grant_type": "magic", "format": "xml"})
    assert (refused.status, "<error>unsupported_grant_type</error>" in refused.body) == (400, True)


@pytest.mark.asyncio
@pytest.mark.behaviour("no-client-credentials-at-login-hosts")
async def test_client_credentials_need_the_address_of_the_org(anonymous: Any) -> None:
    form = {"grant_type": "client_credentials", "client_id": "simulator-client", **SECRET}
    refused = await anonymous("POST", TOKEN, data=form, headers={"Host": "login.salesforce.com"})
    assert refused.body == {"error": "invalid_grant", "error_description": "request not supported on this domain"}
    served = await anonymous("POST", TOKEN, data=form, headers={"Host": "acme.my.salesforce.com"})
    assert served.status == 200


@pytest.mark.asyncio
async def test_an_app_of_ones_own(anonymous: Any) -> None:
    made = await anonymous.control(
        "POST",
        "apps",
        client_id="mine",
        client_secret="s3cret",
        callback_urls=["https://app.example/back?x=1"],
        run_as="marketo.sync@simulator.example",
        pkce_required=True,
    )
    assert made["pkce_required"] is True
    ask = ASK | {"client_id": "mine", "redirect_uri": "https://app.example/back?x=1"}
    without = await anonymous("GET", AUTHORIZE, params=ask)
    assert "error=invalid_request" in without.headers["Location"]
    assert "missing+required+code+challenge" in without.headers["Location"]
    assert (await anonymous("GET", AUTHORIZE, params=ask | {"redirect_uri": RETURN})).status == 400
    done = await anonymous("POST", AUTHORIZE, data=ask | USER | {"code_challenge": S256})
    assert re.match(r"https://app\.example/back\?x=1&code=aPrx", done.headers["Location"])
    await anonymous.log_in(client_id="mine", client_secret="s3cret")
    info = await anonymous("GET", "/services/oauth2/userinfo")
    assert info.body["preferred_username"] == "marketo.sync@simulator.example"
    assert {app["client_id"] for app in (await anonymous.control("GET", "apps"))["apps"]} >= {"mine"}
    await anonymous("POST", "/_sim/reset")
    assert "mine" not in {app["client_id"] for app in (await anonymous.control("GET", "apps"))["apps"]}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"client_id": "new"},
        {"client_id": "new", "client_secret": "x", "nope": 1},
        {"client_id": "simulator-client", "client_secret": ""},
        {"client_id": "simulator-client", "callback_urls": "http://localhost"},
        {"client_id": "simulator-client", "callback_urls": ["localhost"]},
        {"client_id": "simulator-client", "pkce_required": "yes"},
        {"client_id": "simulator-client", "run_as": "nobody@x.example"},
    ],
)
async def test_apps_that_are_none(anonymous: Any, arguments: dict[str, Any]) -> None:
    answer = await anonymous("POST", "/_sim/apps", arguments)
    assert answer.status == 400
    assert answer.body["hint"]


@pytest.mark.asyncio
async def test_an_org_that_approves_at_once(clock: Clock, anonymous: Any) -> None:
    anonymous.session.connector.app = SalesforceSimulator(
        clock=clock, switches=SalesforceSwitches(auto_approve_logins=True)
    )
    assert returned(await anonymous("GET", AUTHORIZE, params=ASK))["code"]
    hinted = returned(await anonymous("GET", AUTHORIZE, params=ASK | {"login_hint": "marketo.sync@simulator.example"}))
    bearer = (await exchange(anonymous, hinted["code"])).body["access_token"]
    info = await anonymous("GET", "/services/oauth2/userinfo", headers={"Authorization": f"Bearer {bearer}"})
    assert info.body["preferred_username"] == "marketo.sync@simulator.example"
    nobody = returned(await anonymous("GET", AUTHORIZE, params=ASK | {"login_hint": "nobody@x.example"}))
    assert nobody["error"] == "access_denied"


@pytest.mark.asyncio
async def test_a_user_switched_off_after_the_login_gets_no_tokens(anonymous: Any) -> None:
    code = await code_for(anonymous)
    await anonymous.control("POST", "users", user=USER["username"], active=False)
    assert (await exchange(anonymous, code)).body["error"] == "inactive_user"
