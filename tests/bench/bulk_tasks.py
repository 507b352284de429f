"""How long 100,000 Tasks take by Bulk 2.0: from the creation of the job to its end, upload included."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from bench.machine import show

TASKS = 100_000
_JOBS = "/services/data/v60.0/jobs/ingest"


class BulkJob:
    """One ingest job at a running simulator."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {secret}"}

    def run(self, who_ids: list[str]) -> dict[str, Any]:
        """Insert Tasks for these people, in turn; return the job as it ended."""
        rows = [f"Call {number},{who_ids[number % len(who_ids)]},Completed" for number in range(TASKS)]
        content = "\n".join(["Subject,WhoId,Status", *rows, ""]).encode()
        job = self._call("POST", _JOBS, {"object": "Task", "operation": "insert", "lineEnding": "LF"})
        path = f"{_JOBS}/{job['id']}"
        self._send("PUT", f"{path}/batches", content, "text/csv")
        self._call("PATCH", path, {"state": "UploadComplete"})
        while job["state"] not in ("JobComplete", "Failed", "Aborted"):
            time.sleep(0.1)
            job = self._call("GET", path)
        return job

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        answer: dict[str, Any] = json.loads(self._send(method, path, content, "application/json"))
        return answer

    def _send(self, method: str, path: str, content: bytes | None, kind: str) -> bytes:
        headers = self._headers | ({} if content is None else {"Content-Type": kind})
        request = urllib.request.Request(self._url + path, data=content, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            read: bytes = answer.read()
        return read


def bulk_tasks(url: str, secret: str, who_ids: list[str], *, processor_seconds: Any) -> None:
    """Measure one job; `processor_seconds` returns what the server has used so far."""
    before, began = processor_seconds(), time.perf_counter()
    job = BulkJob(url, secret).run(who_ids)
    took, used = time.perf_counter() - began, processor_seconds() - before
    if (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) != ("JobComplete", TASKS, 0):
        raise RuntimeError(f"the job ended as {job}")
    show(f"Salesforce: {TASKS:,} tasks by Bulk 2.0", f"{took:.1f} s, {used:.1f} s of the server's core")
