"""Bulk jobs driven as a client drives them, with the clock standing still between the steps."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
import pytest_asyncio
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.switches import SalesforceSwitches
from actionsync_simulators.seed.org import generate

QUEUE_SECONDS, CHUNK_SECONDS = 10, 2
CLASSIC_NAMESPACE = "{http://www.force.com/2009/06/asyncapi/dataload}"


def to_csv(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a client's CSV writer gives them."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def from_csv(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    """Rows as a client's CSV reader sees them."""
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=delimiter))


@dataclass
class Bulk:
    """Bulk 2.0 by way of the caller `api`."""

    api: Any
    clock: Clock

    async def settle(self, seconds: float = 0) -> None:
        """Let time pass and the work that falls into it be done."""
        await self.clock.advance(timedelta(seconds=seconds))

    async def create(self, **job: Any) -> str:
        answer = await self.api("POST", "jobs/ingest", {"object": "Task", "operation": "insert", **job})
        assert answer.status == 200, answer.body
        return str(answer.body["id"])

    async def upload(self, job_id: str, data: str | bytes) -> None:
        raw = data.encode() if isinstance(data, str) else data
        answer = await self.api(
            "PUT", f"jobs/ingest/{job_id}/batches", raw, headers={"Content-Type": "text/csv; charset=UTF-8"}
        )
        assert (answer.status, answer.body) == (201, "")

    async def close(self, job_id: str) -> None:
        answer = await self.api("PATCH", f"jobs/ingest/{job_id}", {"state": "UploadComplete"})
        assert (answer.status, answer.body["state"]) == (200, "UploadComplete")

    async def started(self, data: str | bytes, **job: Any) -> str:
        job_id = await self.create(**job)
        await self.upload(job_id, data)
        await self.close(job_id)
        return job_id

    async def run(self, data: str | bytes, **job: Any) -> dict[str, Any]:
        """The job when it is done."""
        job_id = await self.started(data, **job)
        await self.settle()
        return await self.poll(job_id)

    async def poll(self, job_id: str, kind: str = "ingest") -> dict[str, Any]:
        answer = await self.api("GET", f"jobs/{kind}/{job_id}")
        assert answer.status == 200, answer.body
        job: dict[str, Any] = answer.body
        return job

    async def results(self, job_id: str, which: str) -> str:
        answer = await self.api("GET", f"jobs/ingest/{job_id}/{which}")
        assert answer.status == 200, answer.body
        assert answer.headers["Content-Type"] == "text/csv"
        return str(answer.body)

    async def saved(self, job_id: str) -> list[dict[str, str]]:
        return from_csv(await self.results(job_id, "successfulResults"))

    async def failed(self, job_id: str) -> list[dict[str, str]]:
        return from_csv(await self.results(job_id, "failedResults"))

    async def query(self, soql: str, **job: Any) -> dict[str, Any]:
        """The query job when it is done."""
        answer = await self.api("POST", "jobs/query", {"operation": "query", "query": soql, **job})
        assert answer.status == 200, answer.body
        await self.settle()
        return await self.poll(answer.body["id"], "query")


class Classic:
    """Bulk 1.0 by way of the caller `api`."""

    def __init__(self, bulk: Any) -> None:
        self.bulk = bulk
        self.api = bulk.api
        token = self.api.headers["Authorization"].removeprefix("Bearer ")
        self.headers = {"Authorization": "", "X-SFDC-Session": token}

    async def __call__(
        self, method: str, path: str, body: Any = None, kind: str = "application/json", **headers: str
    ) -> Any:
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        own = {name: value for name, value in {**self.api.headers, **self.headers}.items() if value}
        saved, self.api.headers = self.api.headers, {}
        try:
            return await self.api(
                method,
                f"/services/async/{self.api.version}/{path}",
                body,
                headers={k: v for k, v in own.items() if k != "Authorization"} | {"Content-Type": kind} | extra,
            )
        finally:
            self.api.headers = saved

    async def job(self, **info: Any) -> str:
        headers = info.pop("headers", {})
        body = {"operation": "insert", "object": "Task", "contentType": "JSON", **info}
        answer = await self("POST", "job", body, **headers)
        assert answer.status == 201, answer.body
        assert answer.headers["Location"] == f"/services/async/60.0/job/{answer.body['id']}"
        return str(answer.body["id"])

    async def batch(self, job_id: str, data: Any, kind: str = "application/json") -> Any:
        answer = await self("POST", f"job/{job_id}/batch", data, kind)
        assert answer.status == 201, answer.body
        return answer.body if kind == "application/json" else self.members(answer.body)

    @staticmethod
    def tree(text: str) -> Element:
        """The root of an XML answer."""
        assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
        return fromstring(text.encode())

    @classmethod
    def members(cls, text: str) -> dict[str, str | None]:
        """The children of an XML answer by their names."""
        return {child.tag.removeprefix(CLASSIC_NAMESPACE): child.text for child in cls.tree(text)}

    @staticmethod
    def xml_job(**info: str) -> str:
        """A jobInfo as a client writes it."""
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in info.items())
        return f'<?xml version="1.0"?><jobInfo xmlns="{CLASSIC_NAMESPACE[1:-1]}">{inner}</jobInfo>'


@pytest.fixture
def bulk(api: Any, clock: Clock) -> Bulk:
    """Jobs that take no time."""
    return Bulk(api, clock)


@pytest_asyncio.fixture
async def slow(anonymous: Any, clock: Clock) -> Bulk:
    """Jobs that wait ten seconds and then take two for every 200 rows."""
    simulator = SalesforceSimulator(
        clock=clock,
        world=generate(100, seed=1, start=clock.now()),
        switches=SalesforceSwitches(bulk_queue_seconds=QUEUE_SECONDS, bulk_chunk_seconds=CHUNK_SECONDS),
    )
    anonymous.session.connector.app = anonymous.simulator = simulator
    await anonymous.log_in()
    return Bulk(anonymous, clock)


@pytest.fixture
def classic(bulk: Bulk) -> Classic:
    """Classic jobs that take no time."""
    return Classic(bulk)


@pytest.fixture
def slow_classic(slow: Bulk) -> Classic:
    """Classic jobs that wait ten seconds and then take two for every 200 rows."""
    return Classic(slow)
