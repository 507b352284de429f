"""Fetches the bytes of an export file over as many connections as it takes, and proves that they are the file.

A lost connection is resumed by `Range` at the byte that was read last; the parser and the checksum just go on. The
budget of repetitions is for one place in the file: whoever makes progress may break again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from urllib.parse import quote

from actionsync_server.clock import DAY, Micros
from actionsync_server.model.errors import Refused, System, SystemBusy, SystemFailure
from actionsync_server.systems.failures import CONNECTION_LOST, DAMAGED_FILE, CallFailed, Failure, FailureKind
from actionsync_server.systems.http import Stream, content_type
from actionsync_server.systems.marketo.answers import by_status, read_reply, unreadable
from actionsync_server.systems.marketo.codes import LONG_WAIT
from actionsync_server.systems.marketo.connection import Connection, name_permission
from actionsync_server.systems.marketo.types import ExportState, ExportStatus
from actionsync_server.systems.tokens import Token

READ_LEADS = "Read-Only Lead"
#: Marketo keeps a file seven days; its pages name ten as well, the shorter one is safe.
KEPT: Micros = 7 * DAY

_FILE_TYPES = frozenset({"text/csv", "text/plain", "application/csv", "application/octet-stream"})
_CONTENT_RANGE = re.compile(r"^bytes (\d+)-")


class ExportDamaged(SystemBusy):
    """The bytes of an export file are not those that Marketo promised.

    Rows that were already handed out may be wrong: export and read the window again from its first row.
    """


class ExportFile:
    """One export file on its way."""

    def __init__(
        self, connection: Connection, status: ExportStatus, read_status: Callable[[], Awaitable[ExportStatus]]
    ) -> None:
        self._connection = connection
        self._calls = connection.calls
        self._status = status
        self._read_status = read_status
        self._digest = hashlib.sha256()
        self._path = f"/bulk/v1/leads/export/{quote(status.export_id, safe='')}/file.json"
        self.position = 0  # bytes read

    async def blocks(self) -> AsyncGenerator[bytes, None]:
        """Yield the file from its first byte to its last.

        Raises SystemBusy (also when a file that is said to be complete is not there), Refused when it is gone for
        good, ExportDamaged when there is more of it than announced. Whether it is the right file says `verify`.
        """
        retries, resumed_at, renewed = self._calls.retries(), 0, False
        while not self._whole():
            token = await self._connection.tokens.current()
            try:
                async with aclosing(self._one_connection(token)) as connection:
                    async for block in connection:
                        yield block
                failure = Failure(FailureKind.UNKNOWN, "the file ended too early", code=CONNECTION_LOST)
                if self._status.file_size is None:
                    return
            except CallFailed as failed:
                failure = failed.failure
            if self.position > resumed_at:
                retries, resumed_at, renewed = self._calls.retries(), self.position, False
            if failure.kind is FailureKind.TOKEN and not renewed:
                renewed = True
                self._connection.tokens.reject(token)
            elif failure.code == "404":
                raise await self._missing()
            elif not self._whole() and not await self._calls.wait_to_repeat(failure, retries, repeatable=True):
                raise self._calls.error(failure, repeatable=True)

    def verify(self) -> None:
        """Compare what was read with the announced size and checksum. Raises ExportDamaged."""
        size, checksum = self._status.file_size, self._status.checksum
        if size is not None and self.position != size:
            raise damaged(f"{self.position} bytes instead of {size}")
        if checksum and checksum.lower() != f"sha256:{self._digest.hexdigest()}":
            raise damaged("another checksum")

    def _whole(self) -> bool:
        size = self._status.file_size
        if size is not None and self.position > size:
            raise damaged(f"more than the {size} bytes announced")
        return size is not None and self.position == size

    async def _one_connection(self, token: Token) -> AsyncGenerator[bytes, None]:
        request = self._connection.file_request(self._path, token, first_byte=self.position)
        charged = False
        async with self._calls.pace.turn():
            try:
                async with self._calls.http.stream(request) as stream:
                    skip = await self._bytes_before(stream)
                    self._calls.charge()
                    charged = True
                    async for block in stream.blocks():
                        fresh = block[skip:]
                        skip -= len(block) - len(fresh)
                        if fresh:
                            self._digest.update(fresh)
                            self.position += len(fresh)
                            yield fresh
            except CallFailed as failed:
                if not charged:
                    self._calls.charge(failed.failure)
                raise

    async def _bytes_before(self, stream: Stream) -> int:
        """Return how many bytes of this answer are known already. Raises CallFailed when it is not the file."""
        kind = content_type(stream.headers)
        if stream.status not in (200, 206) or kind == "application/json":
            await self._refusal(stream)
        if kind not in _FILE_TYPES:
            raise unreadable(f"{kind or 'no content type'} instead of a file")
        if stream.status == 200:
            return self.position  # the range was not honoured: the file starts again from its beginning
        found = _CONTENT_RANGE.match(stream.headers.get("Content-Range", ""))
        start = int(found[1]) if found else -1
        if not 0 <= start <= self.position:
            raise unreadable("another part of the file than asked for")
        return self.position - start

    async def _refusal(self, stream: Stream) -> None:
        answer = await stream.answer()
        if not answer.is_json:
            raise by_status(answer.status)
        try:
            read_reply(answer, dict)
        except CallFailed as failed:
            raise CallFailed(name_permission(failed.failure, READ_LEADS)) from failed
        raise unreadable("JSON instead of a file")

    async def _missing(self) -> SystemFailure:
        """Say what a 404 means: Marketo is known to answer it for files that it calls complete."""
        status = await self._read_status()
        now = self._connection.clock.now()
        if status.finish_time is not None and now - status.finish_time > KEPT:
            return Refused(System.MARKETO, "Marketo: the export file is no longer kept", system_code="404")
        if status.state in (ExportState.FAILED, ExportState.CANCELLED):
            return Refused(System.MARKETO, f"Marketo: the export is {status.state}", system_code="404")
        return SystemBusy(
            System.MARKETO,
            f"Marketo: the export is {status.state} but its file is not there",
            system_code="404",
            retry_after=LONG_WAIT,
        )


def damaged(what: str) -> ExportDamaged:
    """Return the error of a file that is not the promised one."""
    return ExportDamaged(
        System.MARKETO,
        f"Marketo: the export file is damaged ({what})",
        system_code=DAMAGED_FILE,
        retry_after=LONG_WAIT,
    )
