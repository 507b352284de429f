"""An export takes the same memory however many rows it has, while it is written and while it is read."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from actionsync_simulators.marketo.bulk import extract_files

LEADS = "/bulk/v1/leads/export"
FEW, MANY = 20_000, 200_000
MEGABYTE = 1 << 20
FILL = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :rows)
INSERT INTO leads (email, "firstName", "createdAt", "updatedAt", "changed at", "leadPartitionId")
SELECT 'person' || n || '@example.com', 'Person', :at, :at, :at, 1 FROM number
"""


class Reader:
    """Takes an answer as a socket would: what has been sent is gone."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.sizes: list[int] = []

    async def send(self, message: Any) -> None:
        """Take one message of the answer."""
        body = message.get("body", b"")
        self.digest.update(body)
        self.sizes.append(len(body))


async def download(api: Any, path: str) -> Reader:
    reader = Reader()
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {api.token}".encode())],
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    await api.simulator(scope, receive, reader.send)
    return reader


async def peak_of(action: Any) -> tuple[Any, int]:
    """Run something; return its result and the most memory that Python held for it at a time, in bytes."""
    tracemalloc.start()
    try:
        result = await action
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.asyncio
@pytest.mark.behaviour("export-flat-memory")
async def test_memory_does_not_grow_with_the_rows(make_api: Callable[..., Any]) -> None:
    peaks: dict[int, tuple[int, int]] = {}
    for rows in (FEW, MANY):
        api = make_api()
        await api.log_in()
        at = "2026-11-24T12:00:00Z"
        api.simulator.database.execute(FILL, {"at": at, "rows": rows})
        body = {"fields": ["id", "email", "createdAt"], "filter": {"createdAt": {"startAt": at, "endAt": at}}}
        (path, status), written = await peak_of(api.export(body))
        reader, read = await peak_of(download(api, path))
        assert status["numberOfRecords"] == rows
        assert f"sha256:{reader.digest.hexdigest()}" == status["fileChecksum"]
        assert sum(reader.sizes) == status["fileSize"] > rows * 40
        assert max(reader.sizes) <= extract_files.READ_BYTES
        peaks[rows] = written, read
    for few, many in zip(peaks[FEW], peaks[MANY], strict=True):
        # The file of the many has 11 MB, all rows at once would be several times that.
        assert many < few + MEGABYTE, peaks
