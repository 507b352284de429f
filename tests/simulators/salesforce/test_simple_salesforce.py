"""Unmodified simple_salesforce against the simulator on a real socket.

The client insists on https; the session it is given carries its calls to the plain socket.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import uvicorn
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.seed.org import generate
from simple_salesforce.api import Salesforce, SFType
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)


class ToPlainSocket(requests.adapters.HTTPAdapter):
    """Sends what is meant for any https host to one plain address."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        assert request.url is not None
        request.url = f"http://{self._address}/" + request.url.split("/", 3)[3]
        kwargs["proxies"] = {}
        return super().send(request, *args, **kwargs)


class Served(threading.Thread):
    """The simulator on a thread of its own, on which all of it lives."""

    def __init__(self, listening: socket.socket) -> None:
        super().__init__(daemon=True)
        self._listening = listening
        self._server: uvicorn.Server | None = None

    def run(self) -> None:
        clock = Clock()
        simulator = SalesforceSimulator(clock=clock, world=generate(3000, seed=1, start=clock.now()))
        self._server = uvicorn.Server(uvicorn.Config(simulator, log_config=None, lifespan="off"))
        asyncio.run(self._server.serve([self._listening]))

    def stop(self) -> None:
        assert self._server is not None
        self._server.should_exit = True
        self.join(10)
        assert not self.is_alive()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        served = Served(listening)
        served.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        served.stop()


@pytest.fixture
def session(address: str) -> Iterator[requests.Session]:
    with requests.Session() as opened:
        opened.trust_env = False
        opened.mount("https://", ToPlainSocket(address))
        yield opened


@pytest.fixture
def client(session: requests.Session) -> Any:
    """Loosely typed: objects are attributes of the client, which its annotations do not tell."""
    return Salesforce(
        consumer_key="simulator-client", consumer_secret="simulator-secret", domain="my.org", session=session
    )


def test_client_credentials_and_usage(client: Any) -> None:
    assert client.sf_version == "59.0"
    assert client.is_sandbox() is False
    assert client.api_usage["api-usage"].total == 125000
    assert client.limits()["DailyApiRequests"]["Max"] == 125000


def test_password_login(session: requests.Session) -> None:
    login: dict[str, Any] = {
        "username": "admin@simulator.example",
        "consumer_key": "simulator-client",
        "session": session,
    }
    client = Salesforce(**login, password="simulator-password", consumer_secret="simulator-secret")
    assert client.query("SELECT COUNT() FROM User")["totalSize"] == 25
    with pytest.raises(SalesforceAuthenticationFailed, match="authentication failure"):
        Salesforce(**login, password="wrong", consumer_secret="simulator-secret")


def test_describe(client: Any) -> None:
    described = client.describe()
    assert described is not None
    assert {"Task", "Lead", "Contact"} <= {each["name"] for each in described["sobjects"]}
    assert client.Lead.describe()["fields"][0]["name"] == "Id"
    assert client.Task.metadata()["objectDescribe"]["keyPrefix"] == "00T"


def test_rows(client: Any) -> None:
    created = client.Contact.create({"LastName": "Smith", "Email": "smith@example.com"})
    record_id = created["id"]
    assert created["success"] is True
    assert client.Contact.get(record_id)["LastName"] == "Smith"
    assert client.Contact.update(record_id, {"LastName": "Jones"}) == 204
    assert client.Contact.get(record_id)["Name"] == "Jones"
    assert client.Contact.delete(record_id) == 204
    with pytest.raises(SalesforceResourceNotFound):
        client.Contact.get(record_id)


def test_upsert_by_external_id(client: Any) -> None:
    path = "ActionSync_Id__c/act-4711"
    assert client.Task.upsert(path, {"Subject": "Email: Hello", "Status": "Completed"}) == 201
    assert client.Task.upsert(path, {"Subject": "Email: Hello", "Status": "Completed"}) == 200
    assert client.Task.get_by_custom_id("ActionSync_Id__c", "act-4711")["IsClosed"] is True
    email = {"LastName": "T", "Email": "twins@example.com"}
    client.Contact.create(email)
    client.Contact.create(email)
    with pytest.raises(SalesforceMoreThanOneRecord):
        client.Contact.upsert("Email/twins@example.com", {"Title": "x"})


def test_query_all_pages(client: Any) -> None:
    tasks = [{"attributes": {"type": "Task"}, "Subject": f"bulk {n}"} for n in range(200)]
    for _ in range(11):
        client.restful("composite/sobjects", method="POST", json={"allOrNone": False, "records": tasks})
    page = client.query("SELECT Id, Subject FROM Task WHERE Subject LIKE 'bulk %'")
    assert (page["totalSize"], page["done"], len(page["records"])) == (2200, False, 2000)
    more = client.query_more(page["nextRecordsUrl"], identifier_is_url=True)
    assert len(more["records"]) == 200
    everything = client.query_all("SELECT Id FROM Task WHERE Subject LIKE 'bulk %'")
    assert len({record["Id"] for record in everything["records"]}) == 2200
    assert sum(1 for _ in client.query_all_iter("SELECT Id FROM Task WHERE Subject LIKE 'bulk %'")) == 2200


def test_updated_and_deleted(client: Any) -> None:
    leads = SFType("Lead", client.session_id, client.sf_instance, session=client.session)
    now = datetime.now(UTC)
    assert "ids" in leads.updated(now - timedelta(days=10), now)
    assert "deletedRecords" in leads.deleted(now - timedelta(days=10), now)


def test_errors_reach_the_client(client: Any) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        client.Lead.create({"FirstName": "Ada"})
    content: Any = refused.value.content
    assert content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    with pytest.raises(SalesforceMalformedRequest, match="No such column"):
        client.query("SELECT Bacon__c FROM Account")
    with pytest.raises(SalesforceResourceNotFound):
        client.Nothing.describe()
    client.session_id = "expired"
    client._generate_headers()
    refreshed = client.query("SELECT COUNT() FROM User")
    assert refreshed["totalSize"] == 25
