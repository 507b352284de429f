"""Writing records by collections: 200 a call, each row with its own result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
import structlog

from actionsync_server.model.errors import SystemFailure
from actionsync_server.model.persons import salesforce_id
from actionsync_server.systems.failures import Failure, FailureKind
from actionsync_server.systems.salesforce.answers import by_code
from actionsync_server.systems.salesforce.connection import API, Connection
from actionsync_server.systems.salesforce.types import RowError, RowResult

log = structlog.get_logger(__name__)

MOST_RECORDS = 200
_COLLECTION = f"{API}/composite/sobjects"

#: Answers that mean that a cached description is out of date.
STALE_DESCRIPTION = frozenset({"INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE", "NOT_FOUND", "INVALID_TYPE"})

_LOCKED, _TAKEN, _TRIGGER = "UNABLE_TO_LOCK_ROW", "DUPLICATE_VALUE", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"

Records = Sequence[Mapping[str, Any]]


class _Error(msgspec.Struct, rename="camel"):
    status_code: str = ""
    message: str = ""
    fields: list[str] | None = None


class _Row(msgspec.Struct):
    success: bool
    id: str | None = None
    created: bool | None = None
    errors: list[_Error] = []


class RecordWrites:
    """Record writes of one connection. `forget` is told of objects whose description has turned out to be old."""

    def __init__(self, connection: Connection, forget: Callable[[str], None]) -> None:
        self._connection = connection
        self._forget = forget

    async def upsert(self, object_name: str, external_id_field: str, records: Records) -> list[RowResult]:
        """Create or update records by an external id that each carries. Any number; results in the order of `records`.

        Repeating it does no harm, so it is repeated while the org is busy, and single rows while they are locked.
        """
        path = f"{_COLLECTION}/{quote(object_name, safe='')}/{quote(external_id_field, safe='')}"
        return await self._in_portions("PATCH", path, object_name, records, external_id_field=external_id_field)

    async def update(self, object_name: str, records: Records) -> list[RowResult]:
        """Update records by the `Id` that each carries. Any number; repeated as `upsert` is."""
        return await self._in_portions("PATCH", _COLLECTION, object_name, records)

    async def create(self, object_name: str, records: Records) -> list[RowResult]:
        """Create at most 200 records. Sent once: raises OutcomeUnknown when the answer was lost."""
        if len(records) > MOST_RECORDS:
            raise ValueError(f"at most {MOST_RECORDS} records at a time")
        return await self._send("POST", _COLLECTION, object_name, records, repeatable=False) if records else []

    async def delete(self, record_ids: Sequence[str]) -> list[RowResult]:
        """Delete records by id. Any number; a repeated deletion finds the record gone, which the row says."""
        results: list[RowResult] = []
        for start in range(0, len(record_ids), MOST_RECORDS):
            portion = record_ids[start : start + MOST_RECORDS]
            path = f"{_COLLECTION}?ids={','.join(portion)}&allOrNone=false"
            rows = await self._connection.send("DELETE", path, None, kind=list[_Row], repeatable=True)
            if len(rows) != len(portion):
                raise self._connection.unreadable(f"{len(rows)} results for {len(portion)} records", repeatable=True)
            results += [_result(row) for row in rows]
        return results

    async def _in_portions(
        self, method: str, path: str, object_name: str, records: Records, *, external_id_field: str = ""
    ) -> list[RowResult]:
        results: list[RowResult] = []
        for start in range(0, len(records), MOST_RECORDS):
            portion = records[start : start + MOST_RECORDS]
            rows = await self._send(method, path, object_name, portion, repeatable=True)

            async def resend(again: Records, renew: bool) -> list[RowResult] | None:
                return await self._resend(method, path, object_name, again, renew=renew)

            results += await self._repeat_rows(rows, portion, external_id_field, send=resend)
        return results

    async def _send(
        self, method: str, path: str, object_name: str, records: Records, *, repeatable: bool
    ) -> list[RowResult]:
        body = {
            "allOrNone": False,
            "records": [{"attributes": {"type": object_name}, **record} for record in records],
        }
        try:
            rows = await self._connection.send(method, path, body, kind=list[_Row], repeatable=repeatable)
        except SystemFailure as failure:
            if failure.system_code in STALE_DESCRIPTION:
                self._forget(object_name)
            raise
        if len(rows) != len(records):
            raise self._connection.unreadable(f"{len(rows)} results for {len(records)} records", repeatable=repeatable)
        results = [_result(row) for row in rows]
        if any(error.status_code in STALE_DESCRIPTION for result in results for error in result.errors):
            self._forget(object_name)
        return results

    async def _resend(
        self, method: str, path: str, object_name: str, records: Records, *, renew: bool
    ) -> list[RowResult] | None:
        try:
            if renew:
                await self._connection.renew_session()
            return await self._send(method, path, object_name, records, repeatable=True)
        except SystemFailure as failure:
            # The rows keep the answers they had, which say that they are worth another try; the others are not lost.
            log.warning("rows_not_repeated", system="SALESFORCE", code=failure.system_code, rows=len(records))
            return None

    async def _repeat_rows(
        self,
        results: list[RowResult],
        records: Records,
        external_id_field: str,
        *,
        send: Callable[[Records, bool], Awaitable[list[RowResult] | None]],
    ) -> list[RowResult]:
        """Send the rows again that were only in somebody's way; return the results with theirs in place."""
        retries = self._connection.calls.retries()
        tried: set[int] = set()
        while True:
            reasons = {
                place: failure
                for place, result in enumerate(results)
                if (failure := _passing(result, external_id_field)) is not None
                and (failure.code == _LOCKED or place not in tried)
            }
            if not reasons:
                return results
            tried |= {place for place, failure in reasons.items() if failure.code != _LOCKED}
            first = next(iter(reasons.values()))
            if not await self._connection.calls.wait_to_repeat(first, retries, repeatable=True):
                return results
            renew = any(failure.code == _TRIGGER for failure in reasons.values())
            again = await send([records[place] for place in reasons], renew)
            if again is None:
                return results
            for place, result in zip(reasons, again, strict=True):
                results[place] = result


def _passing(result: RowResult, external_id_field: str) -> Failure | None:
    """Return why a row is worth sending again at once, None when it is not. Only locked rows are worth it twice."""
    for error in result.errors:
        if error.status_code == _LOCKED:
            return by_code(_LOCKED, error.message)
        # Two upserts of one new value raced; the second try finds the row and updates it.
        if error.status_code == _TAKEN and external_id_field and f"{external_id_field} duplicates" in error.message:
            return Failure(FailureKind.BUSY, "another upsert was faster", code=_TAKEN, retry_after=0.5)
        # A trigger that met a dead session of its own.
        if error.status_code == _TRIGGER and "INVALID_SESSION_ID" in error.message:
            return Failure(FailureKind.BUSY, "a trigger lost its session", code=_TRIGGER, retry_after=0.5)
    return None


def _result(row: _Row) -> RowResult:
    errors = tuple(RowError(error.status_code, error.message, tuple(error.fields or ())) for error in row.errors)
    return RowResult(salesforce_id(row.id or ""), row.created, row.success, errors)
