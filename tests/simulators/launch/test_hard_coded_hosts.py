"""Unmodified clients that insist on https and the vendors' host names, through the proxy and nothing else."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from marketorestpython.client import MarketoClient
from simple_salesforce.api import Salesforce, SFType

Launch = Callable[..., Any]


@pytest.fixture
def ready(launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Simulators behind a proxy that the environment names, as a person would set it for such a client."""
    ready: dict[str, Any] = launch("--people", "50", "--proxy-port", "0", "--ca-out", str(tmp_path / "ca.pem")).ready
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", ready["proxy"])
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ready["ca"])
    return ready


def test_marketorestpython(ready: dict[str, Any]) -> None:
    client = MarketoClient(ready["munchkin_id"], ready["client_id"], ready["client_secret"])
    assert client.host == f"https://{ready['munchkin_id']}.mktorest.com"
    written = client.execute(
        method="create_update_leads",
        leads=[{"email": "tls@client.example", "lastName": "Tls"}],
        action="createOrUpdate",
        lookupField="email",
        asyncProcessing="false",
        partitionName="Default",
    )
    assert [row["status"] for row in written] == ["created"]
    found = client.execute(method="get_lead_by_id", id=written[0]["id"], fields=["email", "lastName"])
    assert [(one["email"], one["lastName"]) for one in found] == [("tls@client.example", "Tls")]


def test_simple_salesforce_logs_in_with_a_password(ready: dict[str, Any]) -> None:
    client = Salesforce(
        username=ready["salesforce_username"],
        password=ready["salesforce_password"],
        consumer_key=ready["client_id"],
        consumer_secret=ready["client_secret"],
    )
    assert client.sf_instance == "login.salesforce.com"
    lead = SFType("Lead", client.session_id, client.sf_instance)
    made = lead.create({"LastName": "Tls", "Company": "Client"})
    assert client.query(f"SELECT LastName FROM Lead WHERE Id = '{made['id']}'")["records"][0]["LastName"] == "Tls"


@pytest.mark.parametrize("domain", [None, "test", "acme.my"])
def test_simple_salesforce_logs_in_over_soap(ready: dict[str, Any], domain: str | None) -> None:
    login = {"username": ready["salesforce_username"], "password": ready["salesforce_password"]}
    client = Salesforce(**login, security_token="simulatortoken", domain=domain)
    assert client.sf_instance == f"{domain or 'login'}.salesforce.com"
    assert client.query("SELECT COUNT() FROM User")["totalSize"] == 25


def test_simple_salesforce_logs_in_as_an_application_of_a_domain(ready: dict[str, Any]) -> None:
    client = Salesforce(
        consumer_key=ready["client_id"], consumer_secret=ready["client_secret"], domain="acme--dev.sandbox.my"
    )
    assert client.sf_instance == "acme--dev.sandbox.my.salesforce.com"
    assert client.query("SELECT COUNT() FROM User")["totalSize"] == 25


@pytest.mark.asyncio
async def test_aiohttp_with_the_proxy_of_the_environment(ready: dict[str, Any]) -> None:
    trust = ssl.create_default_context(cafile=ready["ca"])
    async with aiohttp.ClientSession(trust_env=True, connector=aiohttp.TCPConnector(ssl=trust)) as session:
        for host, name in (("123-abc-456.mktorest.com", "marketo"), ("login.salesforce.com", "salesforce")):
            async with session.get(f"https://{host}/_sim") as answer:
                assert (await answer.json())["simulator"] == name
