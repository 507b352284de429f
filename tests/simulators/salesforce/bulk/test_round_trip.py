"""Any text goes in by a bulk job and comes out by another as it was, whatever the delimiter and the line ending."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import orjson
import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.bulk.csv_format import DELIMITERS, LINE_ENDINGS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NASTY = (
    "",
    " ",
    "#N/A",
    "#n/a",
    '"',
    '""',
    ",",
    "a\r\nb",
    "\n",
    "\r",
    "`^|;\t",
    " padded ",
    '",\r\n"',
    "Ümläut",
    "\U0001f600",
)
TEXTS = st.lists(st.sampled_from(NASTY) | st.text(max_size=40), min_size=1, max_size=12)


class World:
    """One simulator on one event loop, called without any transport in between."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.clock = Clock(frozen=True)
        self.simulator = SalesforceSimulator(clock=self.clock, limits="off")
        org = self.simulator.org
        self.token = org.sessions.issue(user_id=org.api_user_id, client_id="simulator-client", scope="api").token

    async def call(self, method: str, path: str, body: Any, content_type: str = "application/json") -> bytes:
        whole = f"/services/data/v60.0/jobs/{path}"
        headers = [(b"authorization", f"Bearer {self.token}".encode()), (b"content-type", content_type.encode())]
        scope = {"type": "http", "method": method, "path": whole, "raw_path": whole.encode(), "headers": headers}
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.simulator(scope, receive, send)
        assert sent[0]["status"] in (200, 201), sent
        answer: bytes = sent[1]["body"]
        return answer

    async def finished(self, kind: str, job_id: str) -> None:
        await self.clock.advance(timedelta(0))
        job = orjson.loads(await self.call("GET", f"{kind}/{job_id}", b""))
        assert job["state"] == "JobComplete", job

    async def round_trip(self, texts: list[str], *, delimiter: str, ending: str) -> list[str]:
        form = {"columnDelimiter": delimiter, "lineEnding": ending}
        await self.clock.advance(timedelta(hours=1))
        out = StringIO()
        # Left to itself the writer does not quote a carriage return alone.
        marks: dict[str, Any] = {"delimiter": DELIMITERS[delimiter], "lineterminator": LINE_ENDINGS[ending]}
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, **marks)
        writer.writerows([("Subject", "Description"), *((f"{n:04}", text) for n, text in enumerate(texts))])
        made = orjson.loads(await self.call("POST", "ingest", {"object": "Task", "operation": "insert", **form}))
        path = f"ingest/{made['id']}"
        await self.call("PUT", f"{path}/batches", out.getvalue().encode(), "text/csv")
        await self.call("PATCH", path, {"state": "UploadComplete"})
        await self.finished("ingest", made["id"])
        now = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        soql = f"SELECT Description FROM Task WHERE CreatedDate = {now} ORDER BY Subject"
        asked = orjson.loads(await self.call("POST", "query", {"operation": "query", "query": soql, **form}))
        await self.finished("query", asked["id"])
        answer = (await self.call("GET", f"query/{asked['id']}/results", b"")).decode()
        header, *rows = csv.reader(StringIO(answer, newline=""), delimiter=DELIMITERS[delimiter])
        assert header == ["Description"]
        echoed = (await self.call("GET", f"{path}/successfulResults", b"")).decode()
        repeated = csv.DictReader(StringIO(echoed, newline=""), delimiter=DELIMITERS[delimiter])
        assert [row["Description"] for row in repeated] == texts
        return [row[0] for row in rows]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    opened = World()
    with opened.runner:
        yield opened


def kept(text: str) -> str:
    """What the platform keeps of a cell: nothing of `#N/A`, and no blanks around a text."""
    return "" if text == "#N/A" else text.strip()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.sampled_from(sorted(DELIMITERS)), st.sampled_from(sorted(LINE_ENDINGS)))
def test_texts_come_back(world: World, texts: list[str], delimiter: str, ending: str) -> None:
    back = world.runner.run(world.round_trip(texts, delimiter=delimiter, ending=ending))
    assert back == [kept(text) for text in texts]
