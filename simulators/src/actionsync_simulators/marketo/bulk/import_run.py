"""Applies the rows of an import to the leads, some at a time, by the rules of lead sync."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.bulk.delimited import LineWriter, separator
from actionsync_simulators.marketo.bulk.import_file import UnreadableFileError, decode, read_records
from actionsync_simulators.marketo.fields.values import is_email
from actionsync_simulators.marketo.gateway.errors import ApiError
from actionsync_simulators.marketo.leads.records import UPDATE_ONLY, UPSERT, RecordWriter, lookup_field
from actionsync_simulators.marketo.lists.membership import find_list, put_on_list

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

CHUNK = 100
"""Rows applied in one step, which nothing interrupts."""
SOURCE = "List import"
NULL = "null"
FAILURE, WARNING = "failure", "warning"


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports: the caller of long ago, as far as the rules of lead sync ask."""

    partitions: frozenset[str] | None
    request_id: str


class ImportRun:
    """One job at work. It begins where the job's row says that it was."""

    def __init__(self, site: Subscription, row: sqlite3.Row) -> None:
        request: dict[str, Any] = orjson.loads(row["request"])
        self._site = site
        self._batch = int(row["id"])
        self._list_id: int | None = row["list_id"]
        self._columns: list[str] = request["columns"]
        self._text = decode(row["content"], row["charset"])
        self._format: str = request["format"]
        self._position = int(row["position"])
        self._lines = LineWriter(separator(self._format))
        partitions = request["partitions"]
        action = action_for(request["lookupField"])
        self._writer = RecordWriter(
            site=site,
            call=Importer(None if partitions is None else frozenset(partitions), request["requestId"]),
            action=action,
            lookup=lookup_field(site, request["lookupField"], action),
            partition=request["partitionName"],
            origin=Origin(source=SOURCE, reason=SOURCE, user=request["user"], request_id=request["requestId"]),
            any_email=True,
        )
        self._emails = [name for name in self._columns if site.fields[name].data_type == "email"]

    def steps(self) -> Iterator[None]:
        """Apply the rows, a step at a time; ApiError or UnreadableFileError when the job cannot go on."""
        # The header is a record, too.
        records = islice(read_records(self._text, self._format), self._position + 1, None)
        while True:
            chunk, broken = _take(records)
            if chunk:
                self._apply(chunk)
            if broken is not None:
                raise broken
            if not chunk:
                return
            yield

    def _apply(self, chunk: list[list[str]]) -> None:
        """Apply rows and note how far the job is, all or nothing."""
        site = self._site
        with site.database.transaction():
            members = None if self._list_id is None else find_list(site, self._list_id)
            counts: Counter[str] = Counter()
            for cells in chunk:
                if cells:
                    self._row(cells, members, counts)
            self._position += len(chunk)
            site.database.execute(
                "UPDATE import_jobs SET position = ?, imported = imported + ?, failed = failed + ?,"
                " warned = warned + ?, members = members + ? WHERE id = ?",
                (
                    self._position,
                    counts["imported"],
                    counts[FAILURE],
                    counts[WARNING],
                    counts["members"],
                    self._batch,
                ),
            )

    def _row(self, cells: list[str], members: sqlite3.Row | None, counts: Counter[str]) -> None:
        if len(cells) != len(self._columns):
            reason = f"The row has {len(cells)} values, the header has {len(self._columns)}"
            self._remark(FAILURE, cells, reason, counts)
            return
        record = self._record(cells)
        try:
            lead_id = self._writer.write(record)["id"]
        except ApiError as error:
            self._remark(FAILURE, cells, _reason(error), counts)
            return
        counts["imported"] += 1
        if members is not None:
            put_on_list(self._site, members, lead_id, source=SOURCE)
            counts["members"] += 1
        if any(not is_email(record[name]) for name in self._emails if record.get(name)):
            self._remark(WARNING, cells, "Invalid email address", counts)

    def _record(self, cells: list[str]) -> dict[str, Any]:
        """Return a row as a record of lead sync, by what the switches say of empty cells and of the word `null`."""
        switches = self._site.switches
        record: dict[str, Any] = {}
        for name, cell in zip(self._columns, cells, strict=True):
            if cell == "":
                if switches.import_empty == "clear":
                    record[name] = None
            elif cell.lower() == NULL and switches.import_null == "clear":
                record[name] = None
            else:
                record[name] = cell
        return record

    def _remark(self, kind: str, cells: list[str], reason: str, counts: Counter[str]) -> None:
        counts[kind] += 1
        padding = [""] * (len(self._columns) - len(cells))
        self._site.database.execute(
            "INSERT INTO import_remarks (batch_id, kind, line) VALUES (?, ?, ?)",
            (self._batch, kind, self._lines.line([*cells, *padding, reason])),
        )


def _take(records: Iterator[list[str]]) -> tuple[list[list[str]], UnreadableFileError | None]:
    """Return the records of the next step, and what is wrong behind them."""
    chunk: list[list[str]] = []
    while len(chunk) < CHUNK:
        try:
            cells = next(records, None)
        except UnreadableFileError as problem:
            return chunk, problem
        if cells is None:
            break
        chunk.append(cells)
    return chunk, None


def action_for(lookup: str) -> str:
    """Return what an import does with its rows: with the key `id` it only updates."""
    return UPDATE_ONLY if lookup == "id" else UPSERT


def _reason(error: ApiError) -> str:
    if error.code == "1001" and error.field is not None:
        return f"Invalid data type in field {error.field}"
    return error.message
