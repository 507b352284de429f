"""Both simulators in memory on one frozen clock, with Marketo's own sync between them, and a small client of each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest_asyncio
from actionsync_simulators.building import Simulators, build, native_sync_of
from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.crm_sync import NativeSync
from actionsync_simulators.seed.org import Person, World
from actionsync_simulators.settings import Settings
from aiohttp_asgi_connector import ASGIApplicationConnector

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
SALESFORCE = "http://salesforce.example"
MARKETO = "http://marketo.example"
DATA = f"{SALESFORCE}/services/data/v60.0"


class SalesforceUser:
    """Works in Salesforce through its API, as a person or an integration would."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._headers: dict[str, str] = {}

    async def call(self, method: str, url: str, body: Any = None, **params: str) -> Any:
        if not self._headers:
            form = {
                "grant_type": "client_credentials",
                "client_id": "simulator-client",
                "client_secret": "simulator-secret",
            }
            async with self._session.post(f"{SALESFORCE}/services/oauth2/token", data=form) as response:
                self._headers = {"Authorization": f"Bearer {(await response.json())['access_token']}"}
        async with self._session.request(method, url, json=body, params=params, headers=self._headers) as response:
            assert response.status < 300, f"{method} {url}: {response.status} {await response.text()}"
            return None if response.status == 204 else await response.json()

    async def create(self, sobject: str, **values: Any) -> str:
        created = await self.call("POST", f"{DATA}/sobjects/{sobject}", values)
        return str(created["id"])

    async def update(self, sobject: str, record_id: str, **values: Any) -> None:
        await self.call("PATCH", f"{DATA}/sobjects/{sobject}/{record_id}", values)

    async def delete(self, sobject: str, record_id: str) -> None:
        await self.call("DELETE", f"{DATA}/sobjects/{sobject}/{record_id}")

    async def read(self, sobject: str, record_id: str) -> dict[str, Any]:
        row: dict[str, Any] = await self.call("GET", f"{DATA}/sobjects/{sobject}/{record_id}")
        return row

    async def query(self, soql: str) -> list[dict[str, Any]]:
        answer = await self.call("GET", f"{DATA}/query", q=soql)
        records: list[dict[str, Any]] = answer["records"]
        return records

    async def control(self, path: str, body: Any = None) -> Any:
        return await self.call("POST", f"{SALESFORCE}/_sim/{path}", body)


class MarketoUser:
    """Works in Marketo through its REST API."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._headers: dict[str, str] = {}
        self.paging = ""

    async def call(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        if not self._headers:
            query = {
                "grant_type": "client_credentials",
                "client_id": "simulator-client",
                "client_secret": "simulator-secret",
            }
            async with self._session.get(f"{MARKETO}/identity/oauth/token", params=query) as response:
                self._headers = {"Authorization": f"Bearer {(await response.json())['access_token']}"}
        async with self._session.request(
            method, MARKETO + path, json=body, params=params, headers=self._headers
        ) as response:
            answer = await response.json()
        assert response.status == 200
        assert answer.get("success", True), answer
        return answer

    async def people(self, filter_type: str, value: object, *fields: str) -> list[dict[str, Any]]:
        """Return the people with this value; without fields, the ones that the sync writes."""
        answer = await self.call(
            "GET",
            "/rest/v1/leads.json",
            filterType=filter_type,
            filterValues=str(value),
            fields=",".join(("id", *(fields or SYNCED))),
        )
        people: list[dict[str, Any]] = answer["result"]
        return people

    async def person(self, filter_type: str, value: object, *fields: str) -> dict[str, Any]:
        people = await self.people(filter_type, value, *fields)
        assert len(people) == 1, people
        return people[0]

    async def write(self, marketo_id: int, **values: Any) -> None:
        answer = await self.call(
            "POST",
            "/rest/v1/leads.json",
            {"action": "updateOnly", "lookupField": "id", "input": [{"id": marketo_id, **values}]},
        )
        assert answer["result"][0]["status"] == "updated", answer

    async def mark(self) -> None:
        """Look at activities from here on."""
        answer = await self.call("GET", "/rest/v1/activities/pagingtoken.json", sinceDatetime="2026-01-31T12:00:00Z")
        self.paging = answer["nextPageToken"]
        await self.activities()

    async def activities(self) -> list[tuple[int, int, str | None]]:
        """Return the activities of the sync since the mark: type, person, field or None."""
        found: list[tuple[int, int, str | None]] = []
        more = True
        while more:
            answer = await self.call(
                "GET",
                "/rest/v1/activities.json",
                nextPageToken=self.paging,
                activityTypeIds="12,13,21,23,29,32",
            )
            self.paging, more = answer["nextPageToken"], answer["moreResult"]
            for row in answer.get("result", []):
                field = row["primaryAttributeValue"] if row["activityTypeId"] == 13 else None
                found.append((row["activityTypeId"], row["leadId"], field))
        return sorted(found, key=str)

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        return await self.call(method, f"/_sim/{path}", body)


SYNCED = (
    *("firstName", "lastName", "email", "phone", "mobilePhone", "title", "company", "leadSource", "unsubscribed"),
    *("linkedInProfileURL", "sfdcId", "sfdcType", "sfdcLeadId", "sfdcContactId", "sfdcAccountId", "sfdcOpptyId"),
    *("sfdcLeadOwnerId", "sfdcIsDeleted"),
)


@dataclass
class Pair:
    """Both simulators and what a test needs of them."""

    simulators: Simulators
    sync: NativeSync
    salesforce: SalesforceUser
    marketo: MarketoUser

    @property
    def world(self) -> World:
        return self.simulators.world

    @property
    def clock(self) -> Clock:
        return self.simulators.clock

    def someone(self, suits: Callable[[Person], bool]) -> Person:
        """Return the first person of the seed that suits."""
        return next(person for person in self.world.people if suits(person))

    def lead(self) -> Person:
        return self.someone(
            lambda one: one.kind == "lead" and (one.owner_id or "").startswith("005") and not one.unsubscribed
        )

    def contact(self) -> Person:
        return self.someone(lambda one: one.kind == "contact" and not one.crm_deleted and not one.unsubscribed)

    async def cycle(self, *, seconds: float = 60) -> dict[str, Any]:
        """Let some time pass, run one cycle, and expect it to succeed."""
        await self.clock.advance(timedelta(seconds=seconds))
        outcome = await self.sync.run_once()
        assert outcome["ok"], outcome
        return outcome


async def open_pair(settings: Settings) -> AsyncIterator[Pair]:
    simulators = build(settings, report=lambda line: None, clock=Clock(start=START, frozen=True))

    def session(application: Any) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(connector=ASGIApplicationConnector(application))

    sync = native_sync_of(simulators, open_session=lambda: session(simulators.salesforce), salesforce_url=SALESFORCE)
    await simulators.clock.advance(timedelta(seconds=1))
    async with session(simulators.salesforce) as salesforce, session(simulators.marketo) as marketo:
        yield Pair(simulators, sync, SalesforceUser(salesforce), MarketoUser(marketo))
    await sync.close()
    simulators.marketo.close()


@pytest_asyncio.fixture
async def pair() -> AsyncIterator[Pair]:
    """300 people, limits off (the 20-second rule counts real time, which a test does not wait for)."""
    async for opened in open_pair(Settings(people=300, limits="off")):
        await opened.marketo.mark()
        yield opened


@pytest_asyncio.fixture
async def limited_pair() -> AsyncIterator[Pair]:
    """As `pair`, with the vendors' limits."""
    async for opened in open_pair(Settings(people=100, limits="vendor")):
        yield opened
