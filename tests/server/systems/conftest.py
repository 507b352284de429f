"""Both simulators in memory, a server that answers whatever a test wants, and time that passes by itself."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

import aiohttp
import pytest
import pytest_asyncio
from actionsync_server.systems.clients import MarketoLogin, SalesforceLogin, SystemClients
from actionsync_server.systems.marketo import Marketo
from actionsync_server.systems.salesforce import Salesforce
from actionsync_simulators.building import Simulators, build
from actionsync_simulators.settings import Settings
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from aiohttp_asgi_connector import ASGIApplicationConnector
from harness.clock import SharedClock

T = TypeVar("T")
Scope = MutableMapping[str, Any]

MARKETO = "http://127.0.0.1:8081"
SALESFORCE = "http://127.0.0.1:8082"
CLIENT_ID, CLIENT_SECRET = "simulator-client", "simulator-secret"


@dataclass
class Seen:
    """One request that a stub got."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())


@dataclass
class Scripted:
    """One answer of a stub; `cut` is how many bytes of the body are sent before the connection breaks."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    seconds: float = 0.0


class Stub:
    """A server that answers as scripted, one answer a request, and logs in whoever asks. The last answer repeats."""

    scripted = Scripted

    def __init__(self, clock: SharedClock) -> None:
        self.clock = clock
        self.seen: list[Seen] = []
        self.logins: list[Seen] = []
        self.login_answers: deque[Scripted] = deque()
        self._script: deque[Scripted] = deque()

    def then(
        self,
        body: Any,
        *,
        status: int = 200,
        kind: str = "application/json;charset=UTF-8",
        headers: dict[str, str] | None = None,
        cut: int | None = None,
        seconds: float = 0.0,
    ) -> Stub:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = ({"Content-Type": kind} if kind else {}) | (headers or {})
        self._script.append(Scripted(content, status, named, cut, seconds))
        return self

    def result(self, *rows: Any, **more: Any) -> Stub:
        """Answer as Marketo does when it succeeds."""
        return self.then({"requestId": "1#2", "success": True, "result": list(rows)} | more)

    def error(self, code: str, message: str = "") -> Stub:
        """Answer as Marketo does when it fails: with HTTP 200."""
        return self.then({"requestId": "1#2", "success": False, "errors": [{"code": code, "message": message}]})

    def drop(self) -> Stub:
        return self.then(b"", cut=0)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
        seen = Seen(scope["method"], scope["path"], query, headers, body)
        answer = self._answer(seen)
        if answer.seconds:
            await self.clock.sleep(answer.seconds)
        await self._send(answer, send)

    def _answer(self, seen: Seen) -> Scripted:
        if "oauth" in seen.path and seen.path.endswith("token"):
            self.logins.append(seen)
            return self.login_answers.popleft() if self.login_answers else self._login()
        self.seen.append(seen)
        assert self._script, f"nothing scripted for {seen.method} {seen.path}"
        return self._script.popleft() if len(self._script) > 1 else self._script[0]

    def _login(self) -> Scripted:
        token = {"access_token": f"token-{len(self.logins)}", "token_type": "bearer", "expires_in": 3599}
        return Scripted(json.dumps(token).encode(), headers={"Content-Type": "application/json"})

    async def _send(self, answer: Scripted, send: Any) -> None:
        assert not answer.cut, "a body can only break off on a real connection"
        if answer.cut == 0:
            raise ConnectionResetError("dropped")
        named = answer.headers | {"Content-Length": str(len(answer.body))}
        headers = [(name.encode(), value.encode()) for name, value in named.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def on_the_wire(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer on a real connection, where a body can break off."""
        seen = Seen(
            request.method,
            request.path,
            {name: request.query.getall(name) for name in request.query},
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        answer = self._answer(seen)
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        response.content_length = len(answer.body)
        await response.prepare(request)
        await response.write(answer.body[: answer.cut])
        if answer.cut is not None:
            assert request.transport is not None
            request.transport.close()
        return response


@dataclass
class Systems:
    """The simulators with a client of each, and their control planes."""

    simulators: Simulators
    session: aiohttp.ClientSession
    clients: SystemClients
    marketo: Marketo
    salesforce: Salesforce

    @property
    def read_only_login(self) -> MarketoLogin:
        return MarketoLogin(MARKETO, f"{CLIENT_ID}-read-only", f"{CLIENT_SECRET}-read-only")

    async def control(self, system: str, path: str, body: Any = None, *, method: str = "POST") -> Any:
        origin = MARKETO if system == "marketo" else SALESFORCE
        async with self.session.request(method, f"{origin}/_sim/{path}", json=body) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def fault(self, system: str, path: str, action: str, **more: Any) -> None:
        method = more.pop("method", None)
        match = {"path": path} | ({"method": method} if method else {})
        await self.control(system, "faults", {"match": match, "action": action, **more})

    async def journal(self, system: str, path: str = "*") -> list[dict[str, Any]]:
        answer = await self.control(system, f"journal?{urlencode({'path': path})}", method="GET")
        entries: list[dict[str, Any]] = answer["entries"]
        return entries


@asynccontextmanager
async def reach(application: Any, clock: SharedClock) -> AsyncIterator[tuple[aiohttp.ClientSession, SystemClients]]:
    async with aiohttp.ClientSession(connector=ASGIApplicationConnector(application)) as session:
        yield session, SystemClients(session, clock, random.Random("systems"), allow_plain_http=True)


@pytest_asyncio.fixture
async def systems(clock: SharedClock) -> AsyncIterator[Systems]:
    settings = Settings(people=60, limits="off")
    simulators = build(settings, report=lambda text: None, clock=clock.simulators)

    async def both(scope: Scope, receive: Any, send: Any) -> None:
        host = next(value for name, value in scope["headers"] if name == b"host")
        await (simulators.marketo if host.endswith(b":8081") else simulators.salesforce)(scope, receive, send)

    async with reach(both, clock) as (session, clients):
        yield Systems(
            simulators,
            session,
            clients,
            clients.marketo(MarketoLogin(MARKETO, CLIENT_ID, CLIENT_SECRET)),
            clients.salesforce(SalesforceLogin(SALESFORCE, CLIENT_ID, CLIENT_SECRET)),
        )
    simulators.marketo.close()


@pytest.fixture
def stub(clock: SharedClock) -> Stub:
    return Stub(clock)


@pytest_asyncio.fixture
async def clients(stub: Stub, clock: SharedClock) -> AsyncIterator[SystemClients]:
    """Clients whose every system is the stub."""
    async with reach(stub, clock) as (_, made):
        yield made


@pytest_asyncio.fixture
async def marketo(stub: Stub, clock: SharedClock) -> AsyncIterator[Marketo]:
    """A client whose Marketo is the stub."""
    async with reach(stub, clock) as (_, clients):
        yield clients.marketo(MarketoLogin(MARKETO, "id", "s3cret"))


@pytest_asyncio.fixture
async def wired_marketo(stub: Stub, clock: SharedClock) -> AsyncIterator[Marketo]:
    """A client whose Marketo is the stub behind a real port."""
    server = RawTestServer(stub.on_the_wire)
    await server.start_server()
    async with aiohttp.ClientSession() as session:
        clients = SystemClients(session, clock, random.Random("systems"), allow_plain_http=True)
        yield clients.marketo(MarketoLogin(str(server.make_url("/")), "id", "s3cret"))
    await server.close()


@pytest_asyncio.fixture
async def salesforce(stub: Stub, clock: SharedClock) -> AsyncIterator[Salesforce]:
    """A client whose Salesforce is the stub."""
    async with reach(stub, clock) as (_, clients):
        yield clients.salesforce(SalesforceLogin(SALESFORCE, "id", "s3cret"))


@pytest.fixture
def finish(clock: SharedClock) -> Callable[[Awaitable[T]], Awaitable[T]]:
    """Wait for something while time passes as fast as it can."""

    async def wait(work: Awaitable[T], step: float = 0.5) -> T:
        task = asyncio.ensure_future(work)
        for _ in range(2_000):
            if task.done():
                return await task
            await clock.advance(step)
        task.cancel()
        raise AssertionError("it does not end")

    return wait
