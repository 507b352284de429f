"""A simulated org on a frozen clock, and a caller with a session."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import pytest_asyncio
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.seed.org import World, generate
from aiohttp_asgi_connector import ASGIApplicationConnector
from harness.observed import salesforce as answers
from harness.observed.plugin import Observation
from harness.observed.tables import SALESFORCE

START = datetime(2024, 1, 31, 12, 0, tzinfo=UTC)
HOST = "http://org.example"


def pytest_configure(config: pytest.Config) -> None:
    """Hold the tests of this folder to the route table: see harness/observed/plugin.py."""
    observation = Observation(Path(__file__).parent, SalesforceSimulator, answers.read, SALESFORCE)
    config.pluginmanager.register(observation, "salesforce observation")


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def error(self) -> dict[str, Any]:
        """The first error of a refused call."""
        assert self.status >= 400, self.body
        assert isinstance(self.body, list), self.body
        error: dict[str, Any] = self.body[0]
        return error

    @property
    def code(self) -> str:
        return str(self.error["errorCode"])


@dataclass
class Api:
    """Calls the simulator as a client would; paths without a leading slash are below the data URL."""

    session: aiohttp.ClientSession
    simulator: SalesforceSimulator
    version: str = "60.0"
    headers: dict[str, str] = field(default_factory=dict)

    async def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        headers = {**self.headers, **options.pop("headers", {})}
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            options["data"] = body if isinstance(body, bytes | str) else orjson.dumps(body)
        url = path if path.startswith("/") else f"/services/data/v{self.version}/{path}"
        skip = {"Accept-Encoding"} if "Accept-Encoding" not in headers else set()
        async with self.session.request(
            method, HOST + url, headers=headers, skip_auto_headers=skip, allow_redirects=False, **options
        ) as response:
            raw = await response.read()
            is_json = response.headers.get("Content-Type", "").startswith("application/json")
            content = orjson.loads(raw) if raw and is_json else raw.decode()
            return Answer(response.status, content, response.headers)

    async def log_in(self, **form: str) -> None:
        credentials = {
            "grant_type": "client_credentials",
            "client_id": "simulator-client",
            "client_secret": "simulator-secret",
        }
        answer = await self(
            "POST", "/services/oauth2/token", headers={"Authorization": ""}, **_form(credentials | form)
        )
        assert answer.status == 200, answer.body
        self.headers["Authorization"] = f"Bearer {answer.body['access_token']}"

    async def create(self, sobject: str, **record: Any) -> str:
        answer = await self("POST", f"sobjects/{sobject}", record)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    async def read(self, sobject: str, record_id: str, *fields: str) -> dict[str, Any]:
        query = f"?fields={','.join(fields)}" if fields else ""
        answer = await self("GET", f"sobjects/{sobject}/{record_id}{query}")
        assert answer.status == 200, answer.body
        record: dict[str, Any] = answer.body
        return record

    async def update(self, sobject: str, record_id: str, **changes: Any) -> None:
        answer = await self("PATCH", f"sobjects/{sobject}/{record_id}", changes)
        assert answer.status == 204, answer.body

    async def soql(self, query: str, *, deleted_too: bool = False) -> list[dict[str, Any]]:
        answer = await self("GET", "queryAll" if deleted_too else "query", params={"q": query})
        assert answer.status == 200, answer.body
        records: list[dict[str, Any]] = answer.body["records"]
        return records

    async def control(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        answer = await self(method, f"/_sim/{path}", arguments or None)
        assert answer.status == 200, answer.body
        result: dict[str, Any] = answer.body
        return result


def _form(fields: Mapping[str, str]) -> dict[str, Any]:
    return {"data": dict(fields)}


@pytest.fixture
def clock() -> Clock:
    return Clock(start=START, frozen=True)


@pytest.fixture(scope="session")
def world() -> World:
    """The people of every org, which nothing changes."""
    return generate(100, seed=1, start=START)


@pytest.fixture
def salesforce(clock: Clock, world: World) -> SalesforceSimulator:
    return SalesforceSimulator(clock=clock, world=world)


@pytest_asyncio.fixture
async def anonymous(salesforce: SalesforceSimulator) -> AsyncIterator[Api]:
    """A caller without a session."""
    async with aiohttp.ClientSession(connector=ASGIApplicationConnector(salesforce)) as session:
        yield Api(session, salesforce)


@pytest_asyncio.fixture
async def api(anonymous: Api) -> Api:
    """A caller with a session of the API user."""
    await anonymous.log_in()
    return anonymous
