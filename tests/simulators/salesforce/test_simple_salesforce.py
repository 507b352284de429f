"""Unmodified simple_salesforce against the simulator on a real socket.

The client insists on https; the session it is given carries its calls to the plain socket.
"""

from __future__ import annotations

import asyncio
import csv
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
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
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceOperationError,
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


SOAP_LOGINS: list[dict[str, Any]] = [
    {"security_token": "simulatortoken"},
    {"security_token": "simulatortoken", "domain": "test"},
    {"security_token": "simulatortoken", "domain": "acme.my"},
    {"security_token": ""},
    {"organizationId": "00D8d0000000001EAA"},
]


@pytest.mark.parametrize("login", SOAP_LOGINS)
def test_the_default_login_runs_over_soap(session: requests.Session, address: str, login: dict[str, Any]) -> None:
    user: dict[str, Any] = {"username": "admin@simulator.example", "password": "simulator-password", "session": session}
    client = Salesforce(**user, **login)
    assert client.sf_instance == address
    assert client.query("SELECT COUNT() FROM User")["totalSize"] == 25
    with pytest.raises(
        SalesforceAuthenticationFailed, match=r"\(code: INVALID_LOGIN\): Invalid username, password"
    ) as refused:
        Salesforce(**{**user, "password": "wrong"}, **login)
    assert refused.value.code == "INVALID_LOGIN"


def test_the_password_of_a_user(client: Any, session: requests.Session) -> None:
    [user] = client.query("SELECT Id, Username FROM User WHERE Username LIKE 'marketo.sync%'")["records"]
    assert client.set_password(user["Id"], "another-password-1") is None
    Salesforce(username=user["Username"], password="another-password-1", security_token="", session=session)


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


# Bulk jobs


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client looks again at once instead of seconds later."""
    monkeypatch.setattr("simple_salesforce.bulk.sleep", lambda _: time.sleep(0.01))
    monkeypatch.setattr("simple_salesforce.bulk2.sleep", lambda _: time.sleep(0.01))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.mark.usefixtures("quick")
def test_bulk2_ingest(client: Any) -> None:
    records = [{"Subject": f'bulk2 "{n}",\nline', "Status": "Completed" if n else "x" * 300} for n in range(450)]
    [done] = client.bulk2.Task.insert(records=records)
    assert (done["numberRecordsProcessed"], done["numberRecordsFailed"], done["numberRecordsTotal"]) == (450, 1, 450)
    [failed] = rows_of(client.bulk2.Task.get_failed_records(done["job_id"]))
    assert failed["sf__Error"].startswith("STRING_TOO_LONG:Status: data value too large: xxx")
    assert failed["sf__Error"].endswith("(max length=255):Status --")
    assert failed["Subject"] == 'bulk2 "0",\nline'
    saved = rows_of(client.bulk2.Task.get_successful_records(done["job_id"]))
    assert len(saved) == 449
    assert {row["sf__Created"] for row in saved} == {"true"}
    assert rows_of(client.bulk2.Task.get_unprocessed_records(done["job_id"])) == []
    ids = [{"Id": row["sf__Id"]} for row in saved]
    [changed] = client.bulk2.Task.update(records=[{**each, "Priority": "High"} for each in ids], batch_size=1000)
    assert changed["numberRecordsFailed"] == 0
    [upserted] = client.bulk2.Task.upsert(
        records=[{"ActionSync_Id__c": f"bulk2-{n}", "Subject": "u"} for n in range(3)],
        external_id_field="ActionSync_Id__c",
        column_delimiter="PIPE",
        line_ending="CRLF",
    )
    assert (upserted["numberRecordsProcessed"], upserted["numberRecordsFailed"]) == (3, 0)
    for call in (client.bulk2.Task.delete, client.bulk2.Task.hard_delete):
        [gone] = call(records=ids[:2])
        assert gone["numberRecordsProcessed"] == 2
        ids = ids[2:]


@pytest.mark.usefixtures("quick")
def test_bulk2_query(client: Any) -> None:
    pages = list(client.bulk2.Contact.query("SELECT Id, Name, CreatedDate FROM Contact", max_records=500))
    rows = [row for page in pages for row in rows_of(page)]
    assert len(pages) > 1
    assert len({row["Id"] for row in rows}) == client.query("SELECT COUNT() FROM Contact")["totalSize"]
    assert all(row["CreatedDate"].endswith("Z") for row in rows)
    with pytest.raises(SalesforceMalformedRequest, match="Selecting compound data not supported in Bulk Query"):
        list(client.bulk2.Lead.query("SELECT Address FROM Lead"))


@pytest.mark.usefixtures("quick")
def test_bulk2_failures_reach_the_client(client: Any) -> None:
    with pytest.raises(SalesforceOperationError, match="InvalidBatch : Field name not found : Nope"):
        client.bulk2.Task.insert(records=[{"Nope": "x"}])
    with pytest.raises(SalesforceMalformedRequest, match="Unable to find object: Nothing"):
        client.bulk2.Nothing.insert(records=[{"Name": "x"}])


@pytest.mark.usefixtures("quick")
def test_bulk1(client: Any) -> None:
    records: list[dict[str, Any]] = [{"LastName": f"bulk1 {n}", "Title": None} for n in range(250)] + [{"Title": "x"}]
    results = client.bulk.Contact.insert(records, batch_size=100, use_serial=True)
    assert [each["success"] for each in results] == [True] * 250 + [False]
    assert results[-1]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    detailed = client.bulk.Contact.update(
        [{"Id": each["id"], "Title": "t"} for each in results[:3]], include_detailed_results=True
    )
    assert [each["Title"] for each in detailed] == ["t"] * 3
    upserted = client.bulk.Contact.upsert([{"Email": "b1@example.com", "LastName": "U"}], "Email")
    assert [each["created"] for each in upserted] == [True]
    found = client.bulk.Contact.query("SELECT Id, LastName, CreatedDate FROM Contact WHERE LastName LIKE 'bulk1%'")
    assert len(found) == 250
    assert all(isinstance(each["CreatedDate"], int) for each in found)
    gone = client.bulk.Contact.delete([{"Id": each["Id"]} for each in found[:5]])
    assert [each["success"] for each in gone] == [True] * 5
    everything = client.bulk.Contact.query_all("SELECT Id FROM Contact WHERE LastName LIKE 'bulk1%'")
    assert len(everything) == 250
    with pytest.raises(SalesforceGeneralError, match="No such column 'Bacon__c'"):
        list(client.bulk.Contact.query("SELECT Bacon__c FROM Contact"))
    with pytest.raises(SalesforceMalformedRequest, match="Unable to find object: Nothing"):
        client.bulk.Nothing.insert([{"Name": "x"}])
