"""A subscription in memory and a client that calls it as raw ASGI, so that nothing tidies up the requests."""

from __future__ import annotations

import csv
import hashlib
import io
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
import pytest_asyncio
from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.seed.org import World, generate
from harness.live_marketo import LiveMarketo
from harness.observed import marketo as answers
from harness.observed.plugin import Observation
from harness.observed.tables import MARKETO
from marketorestpython.client import MarketoClient
from marketorestpython.helper import http_lib

START = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
PEOPLE = 400


def pytest_configure(config: pytest.Config) -> None:
    """Hold the tests of this folder to the route table: see harness/observed/plugin.py."""
    observation = Observation(Path(__file__).parent, MarketoSimulator, answers.read, MARKETO)
    config.pluginmanager.register(observation, "marketo observation")


class SteppedClock(Clock):
    """A frozen clock whose wall time stands still as well, unless a test moves it."""

    def __init__(self) -> None:
        super().__init__(start=START, frozen=True)
        self.wall_seconds = 1_000.0

    def wall(self) -> float:
        return self.wall_seconds


@dataclass
class Answer:
    """One HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = orjson.loads(self.body)
        return document

    @property
    def result(self) -> list[dict[str, Any]]:
        assert self.json["success"] is True, self.json
        rows: list[dict[str, Any]] = self.json["result"]
        return rows

    @property
    def code(self) -> str | None:
        """The error code of a failed call, None for a success."""
        document = self.json
        if document["success"]:
            return None
        assert "result" not in document
        code: str = document["errors"][0]["code"]
        return code

    @property
    def message(self) -> str:
        text: str = self.json["errors"][0]["message"]
        return text


@dataclass
class Api:
    """Calls a simulator. Every call carries the token of the client, unless it is told not to."""

    simulator: MarketoSimulator
    client_id: str = "simulator-client"
    client_secret: str = "simulator-secret"
    token: str | None = None
    calls: int = field(default=0)

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        token: str | None = "",
    ) -> Answer:
        """Send one request; `token` "" means the client's own, None means none."""
        if token == "":
            token = self.token or await self.log_in()
        lines = dict(headers or {})
        if token is not None:
            lines.setdefault("authorization", f"Bearer {token}")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in lines.items()],
            "client": ("127.0.0.1", 1),
        }
        sent: list[dict[str, Any]] = []
        parts = [body[at : at + 65_536] for at in range(0, len(body), 65_536)] or [b""]

        async def receive() -> dict[str, Any]:
            part = parts.pop(0) if parts else b""
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: Any) -> None:
            sent.append(message)

        self.calls += 1
        await self.simulator(scope, receive, send)
        content = b"".join(message.get("body", b"") for message in sent[1:])
        answer_headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        if "content-length" in answer_headers and method != "HEAD":
            assert int(answer_headers["content-length"]) == len(content)
        return Answer(sent[0]["status"], answer_headers, content)

    async def log_in(self) -> str:
        answer = await self.identity()
        self.token = answer.json["access_token"]
        assert self.token is not None
        return self.token

    async def identity(self, **changes: str) -> Answer:
        params = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        } | changes
        return await self.request("GET", "/identity/oauth/token", query=urlencode(params), token=None)

    async def get(self, path: str, **params: Any) -> Answer:
        return await self.request("GET", path, query=urlencode(params, doseq=True))

    async def post(self, path: str, document: Any = None, **params: Any) -> Answer:
        body = b"" if document is None else orjson.dumps(document)
        headers = {"content-type": "application/json"}
        return await self.request("POST", path, query=urlencode(params, doseq=True), body=body, headers=headers)

    async def delete(self, path: str, document: Any = None, **params: Any) -> Answer:
        body = b"" if document is None else orjson.dumps(document)
        headers = {"content-type": "application/json"} if body else {}
        return await self.request("DELETE", path, query=urlencode(params, doseq=True), body=body, headers=headers)

    async def form(self, path: str, *, query: str = "", **params: Any) -> Answer:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        body = urlencode(params, doseq=True).encode()
        return await self.request("POST", path, query=query, body=body, headers=headers)

    async def control(self, method: str, path: str, document: Any = None) -> Answer:
        body = b"" if document is None else orjson.dumps(document)
        path, _, query = path.partition("?")
        return await self.request(method, f"/_sim/{path}", query=query, body=body, token=None)

    async def fault(self, action: str, path: str = "*", **spec: Any) -> None:
        """Plan a fault; the client has its token by then, so that the fault does not fall on the log-in."""
        if self.token is None:
            await self.log_in()
        match = {"path": path} | {name: spec.pop(name) for name in ("method", "nth") if name in spec}
        answer = await self.control("POST", "faults", {"match": match, "action": action, **spec})
        assert answer.status == 200, answer.json

    async def advance(self, **delta: float) -> None:
        """Move the simulator's clock."""
        await self.simulator.clock.advance(timedelta(**delta))

    async def create(self, **fields: Any) -> int:
        """Create one lead and return its id."""
        rows = (await self.post("/rest/v1/leads.json", {"action": "createDuplicate", "input": [fields]})).result
        assert rows[0]["status"] == "created", rows
        lead_id: int = rows[0]["id"]
        return lead_id

    async def sync(self, *records: dict[str, Any], **members: Any) -> list[dict[str, Any]]:
        return (await self.post("/rest/v1/leads.json", {"input": list(records), **members})).result

    async def cursor(self, since: datetime | None = None) -> str:
        moment = since or self.simulator.clock.now()
        answer = await self.get("/rest/v1/activities/pagingtoken.json", sinceDatetime=moment.isoformat())
        token: str = answer.json["nextPageToken"]
        return token

    async def activities(self, *type_ids: int, token: str | None = None, **params: Any) -> list[dict[str, Any]]:
        """Read a feed to its end, from the start of the simulator unless a token is given."""
        rows: list[dict[str, Any]] = []
        params |= {"activityTypeIds": ",".join(map(str, type_ids)), "nextPageToken": token or await self.cursor(START)}
        while True:
            page = await self.get("/rest/v1/activities.json", **params)
            rows += page.result
            if not page.json["moreResult"]:
                return rows
            params["nextPageToken"] = page.json["nextPageToken"]

    async def inject(self, *rows: dict[str, Any]) -> list[int]:
        """Write activity rows of any type through the control plane."""
        answer = await self.control("POST", "activities", list(rows))
        assert answer.status == 200, answer.json
        ids: list[int] = answer.json["ids"]
        return ids

    @staticmethod
    def moment(lead_id: int, at: str, **more: Any) -> dict[str, Any]:
        """An Interesting Moment to inject, unless `more` makes it something else."""
        row = {"leadId": lead_id, "activityTypeId": 46, "activityDate": at, "primaryAttributeValue": "Web"}
        return {**row, "attributes": {"Description": "d"}, **more}

    async def people_of(self, *filters: dict[str, Any], **members: Any) -> list[int]:
        """Define a smart list with these filters and run it."""
        name = f"list {len((await self.control('GET', 'smart-lists')).json['smart_lists'])}"
        made = await self.control("POST", "smart-lists", {"name": name, "filters": list(filters), **members})
        assert made.status == 200, made.json
        found = await self.control("GET", f"smart-lists/members?id={made.json['id']}")
        ids: list[int] = found.json["members"]
        assert found.json["count"] == len(ids)
        return ids

    async def send_type(self) -> int:
        """Create and approve a custom type like the ones that log sales e-mails; returns its id."""
        base = "/rest/v1/activities/external/type"
        names = {"name": "Send Sales Email", "triggerName": "Is Sent Sales Mail", "filterName": "Was Sent Sales Mail"}
        primary = {"apiName": "emailSubject", "name": "Email Subject", "dataType": "string"}
        template = {"apiName": "templateId", "name": "Template ID", "dataType": "string"}
        body = {"apiName": "asSendSalesEmail", **names, "primaryAttribute": primary}
        (made,) = (await self.post(f"{base}.json", body)).result
        await self.post(f"{base}/asSendSalesEmail/attributes/create.json", {"attributes": [template]})
        await self.post(f"{base}/asSendSalesEmail/approve.json")
        type_id: int = made["id"]
        return type_id

    async def sent(self, lead_id: int, at: datetime, *, template: str) -> None:
        """Log a sales e-mail through the API; `send_type` comes first."""
        kind = self.simulator.subscription.custom_types.by_api_name("asSendSalesEmail")
        assert kind is not None
        type_id = kind.id
        row = {"leadId": lead_id, "activityDate": at.isoformat(), "activityTypeId": type_id}
        row |= {"primaryAttributeValue": "Hello", "attributes": [{"apiName": "templateId", "value": template}]}
        (added,) = (await self.post("/rest/v1/activities/external.json", {"input": [row]})).result
        assert added["status"] == "added", added

    async def walk(self, path: str, **params: Any) -> tuple[list[dict[str, Any]], list[int], str]:
        """Read a feed to its end; returns the rows, the page sizes and the last token."""
        rows: list[dict[str, Any]] = []
        sizes: list[int] = []
        while True:
            document = (await self.get(path, **params)).json
            assert document["success"], document
            rows += document["result"]
            sizes.append(len(document["result"]))
            params["nextPageToken"] = document["nextPageToken"]
            if not document["moreResult"]:
                return rows, sizes, params["nextPageToken"]
            assert len(sizes) < 500

    async def export(self, body: dict[str, Any], *, kind: str = "leads") -> tuple[str, dict[str, Any]]:
        """Run an export job to its end; returns the path of its file and its status."""
        base = f"/bulk/v1/{kind}/export"
        (row,) = (await self.post(f"{base}/create.json", body)).result
        job = f"{base}/{row['exportId']}"
        await self.post(f"{job}/enqueue.json")
        for _ in range(200):
            await self.advance(seconds=1)
            (row,) = (await self.get(f"{job}/status.json")).result
            if row["status"] == "Completed":
                return f"{job}/file.json", row
        raise AssertionError(row)

    async def upload(
        self,
        content: bytes | str,
        *,
        part_type: str = "text/csv",
        form: dict[str, str] | None = None,
        token: str | None = "",
        **params: Any,
    ) -> Answer:
        """Send a file to import; `form` are form fields beside it, other keywords stand in the query."""
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in (form or {}).items()
        ]
        head = (
            f'Content-Disposition: form-data; name="file"; filename="/home/me/leads.csv"\r\nContent-Type: {part_type}'
        )
        file = content.encode() if isinstance(content, str) else content
        pieces = [*(part.encode() for part in parts), head.encode() + b"\r\n\r\n" + file]
        body = b"".join(b"--b0undary\r\n" + piece + b"\r\n" for piece in pieces) + b"--b0undary--\r\n"
        headers = {"content-type": "multipart/form-data; boundary=b0undary"}
        query = urlencode(params)
        return await self.request("POST", "/bulk/v1/leads.json", query=query, body=body, headers=headers, token=token)

    async def imported(self, content: bytes | str, **params: Any) -> dict[str, Any]:
        """Import a file to its end; returns the last status."""
        (row,) = (await self.upload(content, **params)).result
        for _ in range(200):
            await self.advance(seconds=1)
            (status,) = (await self.get(f"/bulk/v1/leads/batch/{row['batchId']}.json")).result
            if status["status"] in ("Complete", "Failed"):
                shown: dict[str, Any] = status
                return shown
        raise AssertionError(status)

    async def exported(self, body: dict[str, Any], *, kind: str = "leads") -> str:
        """Run an export job and return its file, held against what its status says."""
        path, status = await self.export(body, kind=kind)
        answer = await self.get(path)
        assert answer.status == 200
        assert len(answer.body) == status["fileSize"]
        assert f"sha256:{hashlib.sha256(answer.body).hexdigest()}" == status["fileChecksum"]
        text = answer.body.decode()
        assert len(list(csv.reader(io.StringIO(text, newline="")))) - 1 == status["numberOfRecords"]
        return text


@pytest.fixture(scope="session")
def world() -> World:
    return generate(PEOPLE, seed=1, start=START)


@pytest.fixture
def make_api(world: World) -> Iterator[Callable[..., Api]]:
    """Build a client of a new simulator on a frozen clock: `make_api(switches…, people=False, limits="off")`."""
    made: list[MarketoSimulator] = []

    def make(*, people: bool = False, limits: str = "off", adobe_actions: bool = False, **switches: Any) -> Api:
        simulator = MarketoSimulator(
            clock=SteppedClock(),
            seed=1,
            limits=limits,  # type: ignore[arg-type]
            adobe_actions=adobe_actions,
            switches=MarketoSwitches(**switches),
        )
        made.append(simulator)
        if people:
            simulator.load(world)
        return Api(simulator)

    yield make
    for simulator in made:
        simulator.close()


@pytest_asyncio.fixture
async def api(make_api: Callable[..., Api]) -> AsyncIterator[Api]:
    """A client of an empty subscription without call limits."""
    yield make_api()


@pytest_asyncio.fixture
async def seeded(make_api: Callable[..., Api]) -> AsyncIterator[Api]:
    """A client of the generated world of 400 people."""
    yield make_api(people=True)


@pytest.fixture(scope="module")
def served() -> Iterator[LiveMarketo]:
    """The generated world on a real socket."""
    server = LiveMarketo()
    yield server
    server.stop()


@pytest.fixture
def make_client(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Build the client marketorestpython as it is; only its pause of a fifth of a second between calls is skipped."""
    monkeypatch.setattr(http_lib, "time", SimpleNamespace(time=time.time, sleep=lambda seconds: None))

    def make(url: str) -> Any:
        client = MarketoClient("123-ABC-456", "simulator-client", "simulator-secret", max_retry_time=1)
        client.host = url
        return client

    return make


@pytest.fixture
def client(served: LiveMarketo, make_client: Callable[[str], Any]) -> Any:
    """The client marketorestpython at the generated world."""
    return make_client(served.url)
