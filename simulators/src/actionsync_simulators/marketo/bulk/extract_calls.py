"""The calls of bulk extract: create, enqueue, cancel, status, list, file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.bulk import extract_jobs as jobs
from actionsync_simulators.marketo.bulk.delimited import content_type
from actionsync_simulators.marketo.bulk.extract_request import check_request
from actionsync_simulators.marketo.bulk.work_queue import QUEUED
from actionsync_simulators.marketo.gateway.envelope import Reply, plain_text
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import wire_seconds

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

LISTED_DAYS = 7
STATUS_DAYS = 30
MEGABYTE = 1024 * 1024
ONE_L = "Canceled"
"""How other paragraphs of the documentation spell Cancelled; accepted wherever a status is given."""

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class ExtractCalls:
    """The calls for one kind of object. A job is there only for the user who made it, under its own kind."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def create(self, site: Subscription, call: Call) -> Members:
        """POST export/create: a job in status Created."""
        request = check_request(site, call, self._kind)
        _check_volume(site)
        return {"result": [_as_json(site, site.exports.create(self._kind, call.user, request))]}

    def enqueue(self, site: Subscription, call: Call) -> Members:
        """POST export/{id}/enqueue: Queued, or 1029 when that cannot be."""
        row = self._find(site, call)
        if row["status"] != jobs.CREATED:
            raise ApiError("1029", "Job already queued")
        _check_volume(site)
        if site.exports.queue.active() >= call.limits.jobs_queued:
            raise api_error("1029")
        return {"result": [_as_json(site, site.exports.enqueue(row["id"]))]}

    def cancel(self, site: Subscription, call: Call) -> Members:
        """POST export/{id}/cancel: Cancelled, or 1003 when the job is finished."""
        row = self._find(site, call)
        if row["status"] not in (jobs.CREATED, QUEUED, jobs.PROCESSING):
            raise invalid_data(f"A job in status {row['status']} cannot be cancelled")
        return {"result": [_as_json(site, site.exports.cancel(row["id"]))]}

    def status(self, site: Subscription, call: Call) -> Members:
        """GET export/{id}/status: the job as it was at the last refresh."""
        row = self._find(site, call)
        ended = row["status"] in (jobs.COMPLETED, jobs.FAILED)
        hidden = site.exports.queue.hides_end(row) and ended
        return {"result": [site.exports.seen(row["id"], _as_json(site, row, running=hidden))]}

    def jobs(self, site: Subscription, call: Call) -> Members:
        """GET export: own jobs of the last seven days; the token alone tells of more pages."""
        wanted = {status.capitalize() for status in call.many("status")}
        wanted = {jobs.CANCELLED if status == ONE_L else status for status in wanted}
        if not wanted.issubset(jobs.STATUSES):
            raise invalid_data(f"Invalid status '{sorted(wanted.difference(jobs.STATUSES))[0]}'")
        batch = call.batch_size()
        token = call.text("nextPageToken")
        after = site.paging.read(token).row if token else 0
        rows = site.database.rows(
            "SELECT * FROM export_jobs WHERE object = ? AND user = ? AND sequence > ? AND created_at >= ?"
            " AND (? OR status IN (SELECT value FROM json_each(?))) ORDER BY sequence LIMIT ?",
            (
                self._kind,
                call.user,
                after,
                call.now.timestamp() - LISTED_DAYS * jobs.DAY,
                not wanted,
                orjson.dumps(sorted(wanted)).decode(),
                batch + 1,
            ),
        )
        answer: Members = {"result": [_as_json(site, row) for row in rows[:batch]]}
        if len(rows) > batch:
            answer["nextPageToken"] = site.paging.for_row(rows[batch - 1]["sequence"])
        return answer

    def file(self, site: Subscription, call: Call) -> Members | Reply:
        """GET export/{id}/file: the file or a range of it; a real 404 when there is none."""
        row = self._row(site, call)
        file = None if row is None else site.exports.file(row)
        if row is None or file is None:
            return plain_text(404, "Export file not found")
        headers = [(b"accept-ranges", b"bytes")]
        span = _range(call.range_header, file.size)
        if span is None:
            status, start, length = 200, 0, file.size
        elif not span:
            refused = plain_text(416, "Requested Range Not Satisfiable")
            refused.headers += [*headers, (b"content-range", f"bytes */{file.size}".encode())]
            return refused
        else:
            status, start, length = 206, span.start, len(span)
            headers.append((b"content-range", f"bytes {start}-{span.stop - 1}/{file.size}".encode()))
        chunks = file.read(start, length)
        return Reply(status, content_type(row["format"]), headers=headers, chunks=chunks, length=length)

    def _find(self, site: Subscription, call: Call) -> sqlite3.Row:
        row = self._row(site, call)
        if row is None:
            raise ApiError("1013", f"Export job {call.arguments[0]} not found")
        return row

    def _row(self, site: Subscription, call: Call) -> sqlite3.Row | None:
        row = site.database.row(
            "SELECT * FROM export_jobs WHERE id = ? AND object = ? AND user = ?",
            (call.arguments[0], self._kind, call.user),
        )
        if row is None:
            return None
        finished = row["finished_at"]
        gone = finished is not None and call.now.timestamp() - finished > STATUS_DAYS * jobs.DAY
        return None if gone else row


def _check_volume(site: Subscription) -> None:
    if site.quota.export_exhausted():
        size = site.quota.limits.export_bytes_per_day // MEGABYTE
        raise ApiError("1029", f"Export daily quota {size}MB exceeded.")


def _range(header: str | None, size: int) -> range | None:
    """Return the bytes a Range header asks for, an empty range when there are none, None to send everything."""
    match = RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    start, stop = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    return range(start, stop) if start < size else range(0)


def _as_json(site: Subscription, row: sqlite3.Row, *, running: bool = False) -> dict[str, Any]:
    """Return a job on the wire, or as it was when it was `running`; members that do not apply yet are left out."""
    status = jobs.PROCESSING if running else row["status"]
    if status == jobs.CANCELLED:
        status = site.switches.cancel_spelling
    members: dict[str, Any] = {"exportId": row["id"], "format": row["format"], "status": status}
    for name, column in (
        ("createdAt", "created_at"),
        ("queuedAt", "queued_at"),
        ("startedAt", "started_at"),
        ("finishedAt", "finished_at"),
    ):
        if row[column] is not None and not (running and name == "finishedAt"):
            members[name] = wire_seconds(int(row[column]))
    if running:
        return members
    for name, column in (
        ("numberOfRecords", "row_count"),
        ("fileSize", "size"),
        ("fileChecksum", "checksum"),
        ("errorMsg", "error"),
    ):
        if row[column] is not None:
            members[name] = row[column]
    return members
