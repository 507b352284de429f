"""Bulk export of leads: the job's life, and its rows as a stream.

Creating, enqueuing and cancelling may be repeated without harm: a job that is never enqueued costs nothing, and a job
that is in the queue already is where it should be.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Protocol
from urllib.parse import quote

import msgspec

from actionsync_server.clock import Micros, from_iso, to_iso
from actionsync_server.model.errors import Refused, System, SystemBusy
from actionsync_server.systems.marketo.answers import Reply, unreadable
from actionsync_server.systems.marketo.codes import LONG_WAIT
from actionsync_server.systems.marketo.connection import Connection
from actionsync_server.systems.marketo.export_csv import DamagedFile, ExportCsv
from actionsync_server.systems.marketo.export_file import READ_LEADS, ExportFile, damaged
from actionsync_server.systems.marketo.types import ExportState, ExportStatus, Lead

CHUNK_ROWS = 1_000
_EXPORT = "/bulk/v1/leads/export"


class FieldTypes(Protocol):
    """Who knows the data types of the lead fields."""

    async def field_types(self) -> Mapping[str, str]:
        """Return REST name → data type."""
        ...


class _Job(msgspec.Struct, rename="camel"):
    export_id: str
    status: str = ""
    finished_at: str | None = None
    number_of_records: int | None = None
    file_size: int | None = None
    file_checksum: str | None = None
    error_msg: str | None = None


class LeadExports:
    """Lead exports of one subscription. A job is seen only by the API user who created it."""

    def __init__(self, connection: Connection, types: FieldTypes) -> None:
        self._connection = connection
        self._types = types

    async def create_lead_export(self, fields: Sequence[str], start: Micros, end: Micros) -> str:
        """Create a job for the leads created from `start` to `end`, both included, at most 31 days; return its id."""
        body = {
            "format": "CSV",
            "fields": list(fields),
            "filter": {"createdAt": {"startAt": to_iso(start), "endAt": to_iso(end)}},
        }
        return self._status(await self._post("create.json", body)).export_id

    async def enqueue_export(self, export_id: str) -> None:
        """Put a job into the queue. Raises SystemBusy while ten wait, QuotaExhausted when the day's volume is spent."""
        try:
            await self._post(f"{quote(export_id, safe='')}/enqueue.json", None)
        except Refused as refused:
            # "Job already queued": an earlier answer was lost, or somebody was faster. The status says how it goes on.
            if refused.system_code != "1029":
                raise

    async def export_status(self, export_id: str) -> ExportStatus:
        """Return where a job stands; Marketo refreshes this once a minute. Raises Refused for an unknown job."""
        path = f"{_EXPORT}/{quote(export_id, safe='')}/status.json"
        return self._status(await self._connection.get(path, kind=_Job, permission=READ_LEADS))

    async def cancel_export(self, export_id: str) -> None:
        """Cancel a job. Raises Refused when it has ended already."""
        await self._post(f"{quote(export_id, safe='')}/cancel.json", None)

    async def export_rows(self, export_id: str, *, skip_rows: int = 0) -> AsyncGenerator[list[Lead], None]:
        """Yield the rows of a completed job in chunks of 1,000, without the first `skip_rows`.

        The whole file is read and checked whatever is skipped. The last chunk comes only when size, checksum and
        number of records are right; ExportDamaged says that what came before cannot be trusted either. Close the
        iterator (contextlib.aclosing) when leaving it early. Raises as ExportFile.blocks does.
        """
        status = await self.export_status(export_id)
        if status.state is not ExportState.COMPLETED:
            raise _not_completed(status)
        file = ExportFile(self._connection, status, lambda: self.export_status(export_id))
        parser = ExportCsv(await self._types.field_types())
        chunk: list[Lead] = []
        to_skip = skip_rows
        try:
            async with aclosing(file.blocks()) as blocks:
                async for block in blocks:
                    rows = parser.feed(block)
                    chunk += rows[to_skip:]
                    to_skip = max(0, to_skip - len(rows))
                    # One chunk is always held back: the last one waits for the checksum.
                    while len(chunk) > CHUNK_ROWS:
                        yield chunk[:CHUNK_ROWS]
                        chunk = chunk[CHUNK_ROWS:]
            chunk += parser.finish()[to_skip:]
        except DamagedFile as problem:
            raise damaged(str(problem)) from problem
        file.verify()
        if status.record_count is not None and parser.record_count != status.record_count:
            raise damaged(f"{parser.record_count} records instead of {status.record_count}")
        if chunk:
            yield chunk

    async def _post(self, path: str, body: dict[str, Any] | None) -> Reply[_Job]:
        return await self._connection.post(f"{_EXPORT}/{path}", body, kind=_Job, permission=READ_LEADS, repeatable=True)

    def _status(self, reply: Reply[_Job]) -> ExportStatus:
        try:
            job = reply.rows[0]
            # The documentation spells it with one l, the wire with two.
            state = ExportState("Cancelled" if job.status == "Canceled" else job.status)
            finished = None if job.finished_at is None else from_iso(job.finished_at)
        except (IndexError, ValueError) as problem:
            failure = unreadable("no export job in it").failure
            raise self._connection.calls.error(failure, repeatable=True) from problem
        return ExportStatus(
            job.export_id,
            state,
            job.number_of_records,
            job.file_size,
            job.file_checksum or "",
            finished,
            job.error_msg or "",
        )


def _not_completed(status: ExportStatus) -> Refused | SystemBusy:
    message = f"Marketo: the export is {status.state}, so there is no file to read"
    if status.state in (ExportState.FAILED, ExportState.CANCELLED):
        return Refused(System.MARKETO, message)
    return SystemBusy(System.MARKETO, message, retry_after=LONG_WAIT)
