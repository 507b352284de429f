"""Login and logout over SOAP: shapes that clients read by text and position, and every fault."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.switches import SalesforceSwitches

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
RESULT = ["metadataServerUrl", "passwordExpired", "sandbox", "serverUrl", "sessionId", "userId", "userInfo"]


@pytest.mark.asyncio
@pytest.mark.behaviour("soap-login")
async def test_login_gives_a_session_for_soap_and_rest(soap: Any) -> None:
    answered = await soap.log_in()
    result = answered.result
    org = soap.api.simulator.org.organization_id
    assert answered.headers["Content-Type"] == "text/xml;charset=UTF-8"
    assert list(result) == RESULT
    door = "c" if soap.kind == "enterprise" else "u"
    assert result["serverUrl"] == f"http://org.example/services/Soap/{door}/59.0/{org[:15]}"
    assert result["metadataServerUrl"] == f"http://org.example/services/Soap/m/59.0/{org[:15]}"
    assert (result["passwordExpired"], result["sandbox"]) == ("false", "false")
    info = result["userInfo"]
    assert list(info).index("organizationId") == 8
    assert (info["organizationId"], info["userName"]) == (org, "admin@simulator.example")
    assert (info["sessionSecondsValid"], info["userDefaultCurrencyIsoCode"]) == ("7200", None)
    for name in ("sessionId", "sessionSecondsValid"):
        assert len(re.findall(f"<{name}>[^<]+</{name}>", answered.text)) == 1
    rest = await soap.api("GET", "limits", headers={"Authorization": f"Bearer {soap.session}"})
    assert rest.status == 200
    assert (await soap("getUserInfo")).result == info
    assert (await soap("getServerTimestamp")).result == {"timestamp": "2024-01-31T12:00:00.000Z"}


@pytest.mark.asyncio
async def test_logout_ends_the_session(soap: Any) -> None:
    await soap.log_in()
    answered = await soap("logout")
    assert (answered.status, "<logoutResponse/>" in answered.text) == (200, True)
    assert (await soap("logout")).code == "INVALID_SESSION_ID"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"username": "nobody@x.example"}, {"username": ""}, {"password": ""}]
)
async def test_a_wrong_login(soap: Any, changes: dict[str, str]) -> None:
    answered = await soap.log_in(**changes)
    text = "Invalid username, password, security token; or user locked out."
    assert answered.status == 500
    assert answered.headers["Content-Type"] == "text/xml;charset=UTF-8"
    assert f"<faultstring>INVALID_LOGIN: {text}</faultstring>" in answered.text
    assert '<sf:LoginFault xsi:type="sf:LoginFault">' in answered.text
    assert "<sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>" in answered.text
    assert f"<sf:exceptionMessage>{text}</sf:exceptionMessage>" in answered.text
    assert f'xmlns:sf="urn:fault.{soap.kind}.soap.sforce.com"' in answered.text
    assert answered.code == "INVALID_LOGIN"


@pytest.mark.asyncio
async def test_the_security_token_may_follow_the_password_and_has_to_in_a_strange_network(
    soap: Any, clock: Clock
) -> None:
    with_token = {"password": "simulator-passwordsimulatortoken"}
    assert (await soap.log_in(**with_token)).status == 200
    soap.api.session.connector.app = SalesforceSimulator(
        clock=clock, switches=SalesforceSwitches(trusted_network=False)
    )
    assert (await soap.log_in()).code == "LOGIN_MUST_USE_SECURITY_TOKEN"
    assert (await soap.log_in(**with_token)).status == 200


@pytest.mark.asyncio
async def test_an_inactive_user(soap: Any) -> None:
    await soap.api.control("POST", "users", user="admin@simulator.example", active=False)
    assert (await soap.log_in()).code == "INVALID_LOGIN"


@pytest.mark.asyncio
async def test_sessions_end_and_are_needed(soap: Any, clock: Clock) -> None:
    assert (await soap("getUserInfo")).code == "INVALID_SESSION_ID"
    await soap.log_in()
    await clock.advance(timedelta(hours=2))
    answered = await soap("getUserInfo")
    assert answered.code == "INVALID_SESSION_ID"
    assert '<sf:UnexpectedErrorFault xsi:type="sf:UnexpectedErrorFault">' in answered.text
    soap.session = "unknown"
    assert (await soap("logout")).code == "INVALID_SESSION_ID"


@pytest.mark.asyncio
async def test_calls_count_and_run_out(soap: Any) -> None:
    await soap.log_in()
    await soap("getUserInfo")
    assert (await soap.api.control("GET", "limits"))["daily_used"] == 2
    await soap.api.control("POST", "limits", daily_max=2)
    assert (await soap("getUserInfo")).code == "REQUEST_LIMIT_EXCEEDED"
    assert (await soap.log_in()).code == "REQUEST_LIMIT_EXCEEDED"


PARTNER = "urn:partner.soap.sforce.com"
DEFAULT_NAMESPACE = (
    f'<?xml version="1.0" encoding="utf-8"?><se:Envelope xmlns:se="{ENVELOPE}"><se:Header/><se:Body>'
    f'<login xmlns="{PARTNER}"><username>admin@simulator.example</username>'
    "<password><![CDATA[simulator-password]]></password></login></se:Body></se:Envelope>"
)
PREFIXED = (
    f'<env:Envelope xmlns:env="{ENVELOPE}" xmlns:urn="{PARTNER}"><env:Body><urn:login>\n'
    "<urn:username>admin&#64;simulator.example</urn:username>\n<urn:password>simulator-password</urn:password>"
    "</urn:login></env:Body></env:Envelope>"
)


@pytest.mark.asyncio
@pytest.mark.behaviour("soap-any-prefix")
@pytest.mark.parametrize("envelope", [DEFAULT_NAMESPACE, PREFIXED])
@pytest.mark.parametrize("content_type", ["text/xml", "text/xml; charset=utf-8", "application/xml"])
async def test_prefixes_and_quoting_do_not_matter(anonymous: Any, envelope: str, content_type: str) -> None:
    answer = await anonymous("POST", "/services/Soap/u/60.0/", envelope, headers={"Content-Type": content_type})
    assert answer.status == 200
    assert "<sessionId>00D" in answer.body


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("envelope", "faultcode", "text"),
    [
        ("", "Client", "not well-formed"),
        ("<a>", "Client", "not well-formed"),
        ("<a/>", "Client", "not Envelope"),
        ('<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"/>', "VersionMismatch", "SOAP 1.1"),
        (f'<e:Envelope xmlns:e="{ENVELOPE}"/>', "Client", "no Body"),
        (f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body/></e:Envelope>', "Client", "no Body"),
        (
            f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body><login xmlns="urn:other"/></e:Body></e:Envelope>',
            "Client",
            "No operation available for request {urn:other}login, please check the WSDL for the service.",
        ),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "Client", "not well-formed"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "Client", "not well-formed"),
    ],
)
async def test_what_is_no_call(soap: Any, envelope: str, faultcode: str, text: str) -> None:
    fault = (await soap.send(envelope)).fault
    assert fault["faultcode"] == f"soapenv:{faultcode}"
    assert text in fault["faultstring"]


@pytest.mark.asyncio
async def test_operations_that_are_not_served(soap: Any) -> None:
    await soap.log_in()
    fault = (await soap("emptyRecycleBin", "<u:ids>x</u:ids>")).fault
    assert fault["faultcode"] == "soapenv:Client"
    assert "emptyRecycleBin" in fault["faultstring"]


@pytest.mark.asyncio
@pytest.mark.parametrize("version", ["30.0", "67.0", "59", "x"])
async def test_versions_that_are_not_served(soap: Any, version: str) -> None:
    soap.path = soap.path.replace("59.0", version)
    assert (await soap.log_in()).code == "UNSUPPORTED_API_VERSION"


@pytest.mark.asyncio
async def test_what_stands_before_the_envelope(soap: Any) -> None:
    answer = await soap.api("GET", soap.path)
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert (await soap.api("POST", soap.path, {"a": 1})).code == "UNSUPPORTED_MEDIA_TYPE"
    elsewhere = await soap.api("POST", "/services/Soap/m/59.0", "<a/>", headers=soap.headers)
    assert (elsewhere.status, elsewhere.code) == (404, "NOT_FOUND")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "code", ["PASSWORD_LOCKOUT", "API_DISABLED_FOR_ORG", "LOGIN_RATE_EXCEEDED", "TRIAL_EXPIRED", "SERVER_UNAVAILABLE"]
)
async def test_planned_faults_are_soap_faults(soap: Any, code: str) -> None:
    fault = {"match": {"path": "/services/Soap/*"}, "action": "error", "error": {"code": code, "message": "a < b"}}
    await soap.api.control("POST", "faults", **fault)
    answered = await soap.log_in()
    assert answered.code == code
    assert answered.fault["faultstring"] == f"{code}: a < b"
    assert (await soap.log_in()).status == 200


@pytest.mark.asyncio
async def test_what_a_user_is_called_is_escaped(soap: Any) -> None:
    await soap.log_in()
    user = soap.api.simulator.org.api_user_id
    rest = {"Authorization": f"Bearer {soap.session}"}
    changed = await soap.api("PATCH", f"sobjects/User/{user}", {"LastName": "<&> \u0001x"}, headers=rest)
    assert changed.status == 204
    assert (await soap("getUserInfo")).result["userFullName"].endswith("<&> x")
