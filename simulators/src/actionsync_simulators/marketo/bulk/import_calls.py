"""The calls of bulk import: a file of leads, its status, the rows that failed or gave a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.bulk.delimited import FORMATS, LineWriter, content_type, separator
from actionsync_simulators.marketo.bulk.import_file import UnreadableFileError, check_columns, decode, read_header
from actionsync_simulators.marketo.bulk.import_jobs import COMPLETE, FAILED, IMPORTING
from actionsync_simulators.marketo.bulk.import_run import FAILURE, WARNING, action_for
from actionsync_simulators.marketo.bulk.work_queue import QUEUED
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.envelope import Reply
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data
from actionsync_simulators.marketo.leads.partitions import home_partition
from actionsync_simulators.marketo.leads.records import lookup_field
from actionsync_simulators.marketo.lists.membership import find_list

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.gateway.multipart import Part
    from actionsync_simulators.marketo.subscription import Subscription

FILE = "file"
REASON_COLUMNS = {FAILURE: "Import Failure Reason", WARNING: "Import Warning Reason"}


def create(site: Subscription, call: Call) -> Members:
    """POST leads: queue a file. Parameters stand in the query or in form fields of the body."""
    file = _file(call)
    kind = (call.text("format") or "CSV").upper()
    if kind not in FORMATS:
        raise invalid_data(f"Invalid format '{call.text('format')}'")
    name = call.text("lookupField") or "email"
    lookup = lookup_field(site, name, action_for(name))
    list_id = call.integer("listId")
    if list_id is not None:
        find_list(site, list_id)
    partition = call.text("partitionName")
    if partition is not None:
        home_partition(site, call, partition)
    if site.imports.queue.active() >= call.limits.jobs_queued:
        raise api_error("1016")
    if list_id is not None and site.imports.busy_with(list_id):
        raise api_error("1019")
    if not file.content:
        raise invalid_data("Empty file")
    try:
        columns = read_header(decode(file.content, file.charset), kind)
    except UnreadableFileError:
        # Found out when the job is run, which fails then.
        columns = []
    check_columns(site, columns, lookup)
    request = {
        "format": kind,
        "columns": columns,
        "lookupField": lookup.name,
        "partitionName": partition,
        "partitions": None if call.partitions is None else sorted(call.partitions),
        "user": call.user,
        "requestId": call.request_id,
    }
    batch_id = site.imports.create(request, file.content, charset=file.charset, list_id=list_id)
    return {"result": [_batch(batch_id, QUEUED)]}


def status(site: Subscription, call: Call) -> Members:
    """GET leads/batch/{id}: how far the job is, and with what outcome."""
    row = _find(site, call)
    members = _batch(row["id"], row["status"])
    ended = row["status"] in (COMPLETE, FAILED)
    if site.imports.queue.hides_end(row) and ended:
        members["status"], ended = IMPORTING, False
    members["numOfLeadsProcessed"] = row["imported"]
    members["numOfRowsFailed"] = row["failed"]
    members["numOfRowsWithWarning"] = row["warned"]
    if ended:
        members["message"] = row["message"]
    return {"result": [members]}


def failures(site: Subscription, call: Call) -> Reply:
    """GET leads/batch/{id}/failures: the rows that were not imported, and why."""
    return _remarks(site, call, FAILURE)


def warnings(site: Subscription, call: Call) -> Reply:
    """GET leads/batch/{id}/warnings: the rows that were imported with a warning, and which."""
    return _remarks(site, call, WARNING)


def _file(call: Call) -> Part:
    for part in call.parts or ():
        if part.name == FILE:
            return part
    raise api_error("613")


def _batch(batch_id: int, state: str) -> dict[str, Any]:
    return {"batchId": batch_id, "importId": str(batch_id), "status": state}


def _find(site: Subscription, call: Call) -> sqlite3.Row:
    return site.imports.find(as_integer(call.arguments[0]))


def _remarks(site: Subscription, call: Call, kind: str) -> Reply:
    """Return the file of one kind of remark: the job's own format and columns, with the reason behind them."""
    row = _find(site, call)
    request = orjson.loads(row["request"])
    header = LineWriter(separator(request["format"])).line([*request["columns"], REASON_COLUMNS[kind]])
    rows = site.database.rows(
        "SELECT line FROM import_remarks WHERE batch_id = ? AND kind = ? ORDER BY id", (row["id"], kind)
    )
    body = "".join([header, *(one["line"] for one in rows)]).encode()
    return Reply(200, content_type(request["format"]), body)
