"""getUpdated and getDeleted: which rows of an object changed or went in a span of time."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from datetime import datetime, timedelta

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.describe.objects import sobject_of_path
from actionsync_simulators.salesforce.gateway.errors import api_error, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.gateway.times import parse_datetime, to_minute, wire_datetime
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org

UPDATED_DAYS = timedelta(days=30)
DELETED_DAYS = timedelta(days=15)
MOST_IDS = 600_000


def updated(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/sobjects/{T}/updated?start=…&end=…: created and changed rows, not deleted ones."""
    sobject = _replicated(org, object_name)
    start, end = _span(org, request, oldest=org.clock.now() - UPDATED_DAYS)
    rows = org.database.rows(
        f"SELECT Id FROM {quoted(sobject.name)} WHERE SystemModstamp >= ? AND SystemModstamp < ? AND IsDeleted = 0"
        " ORDER BY SystemModstamp, Id LIMIT ?",
        (wire_datetime(start), wire_datetime(end), MOST_IDS + 1),
    )
    _refuse_too_many(len(rows))
    covered = min(end, to_minute(org.clock.now()))
    return Response(200, {"ids": [row["Id"] for row in rows], "latestDateCovered": wire_datetime(covered)})


def deleted(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/sobjects/{T}/deleted?start=…&end=…: deleted rows, merge losers and cascades included."""
    sobject = _replicated(org, object_name)
    earliest = to_minute(org.clock.now() - DELETED_DAYS)
    start, end = _span(org, request, oldest=earliest)
    rows = org.database.rows(
        f"SELECT Id, SystemModstamp FROM {quoted(sobject.name)}"
        " WHERE SystemModstamp >= ? AND SystemModstamp < ? AND IsDeleted = 1"
        " ORDER BY SystemModstamp, Id LIMIT ?",
        (wire_datetime(start), wire_datetime(end), MOST_IDS + 1),
    )
    _refuse_too_many(len(rows))
    covered = min(end, to_minute(org.clock.now()))
    return Response(
        200,
        {
            "deletedRecords": [{"id": row["Id"], "deletedDate": row["SystemModstamp"]} for row in rows],
            "earliestDateAvailable": wire_datetime(earliest),
            "latestDateCovered": wire_datetime(covered),
        },
    )


def _replicated(org: Org, object_name: str) -> SObject:
    sobject = sobject_of_path(org, object_name)
    if not sobject.replicateable:
        raise not_found()
    return sobject


def _span(org: Org, request: Request, *, oldest: datetime) -> tuple[datetime, datetime]:
    """Start and end of the asked span, without their seconds. Raises INVALID_REPLICATION_DATE."""
    start, end = (_moment(request, name) for name in ("start", "end"))
    if start < to_minute(oldest):
        raise _refused("startDate before org replication enabled date")
    if end <= start:
        raise _refused("startDate must be before endDate, by at least one minute")
    return start, end


def _moment(request: Request, name: str) -> datetime:
    text = request.query.get(name, "")
    moment = parse_datetime(text)
    if moment is None:
        raise _refused(f"{name} is not a valid date: {text}")
    return to_minute(moment)


def _refused(message: str) -> Exception:
    return api_error("INVALID_REPLICATION_DATE", message)


def _refuse_too_many(count: int) -> None:
    if count > MOST_IDS:
        raise api_error("EXCEEDED_ID_LIMIT", f"record limit reached. more than {MOST_IDS} ids in this span")
