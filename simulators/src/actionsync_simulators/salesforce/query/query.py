"""The query resources: first pages, locators, and the errors of SOQL."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.gateway.messages import Caller, Request, Response, is_whole
from actionsync_simulators.salesforce.query.cursors import Source
from actionsync_simulators.salesforce.soql import Query, SoqlError, compile_query
from actionsync_simulators.salesforce.state import Org

DEFAULT_BATCH = 2000
SMALLEST_BATCH = 200
LOCATOR_PREFIX = "01g"


def query(org: Org, request: Request) -> Response:
    """GET {base}/query?q=…: live rows."""
    return first_page(org, request, Source(org.schema, org.database), include_deleted=False)


def query_all(org: Org, request: Request) -> Response:
    """GET {base}/queryAll?q=…: deleted rows and merge losers too."""
    return first_page(org, request, Source(org.schema, org.database), include_deleted=True)


def next_page(org: Org, request: Request, locator: str) -> Response:
    """GET {base}/query/<locator>: any page of an open cursor; other parameters are ignored."""
    cursor_id, _, offset_text = locator.partition("-")
    cursor = org.cursors.find(cursor_id, user_id=request.user.user_id)
    if cursor is None or not is_whole(offset_text) or int(offset_text) > len(cursor.keys):
        raise api_error("INVALID_QUERY_LOCATOR")
    offset = int(offset_text)
    keys = cursor.keys[offset : offset + cursor.batch]
    source = cursor.source
    records = cursor.query.records(source.database, keys, version=f"v{request.version}{source.root}")
    url = _locator_url(request, source, cursor.id)
    return _page(records, total=len(cursor.keys), url=url, next_offset=offset + len(keys))


def first_page(org: Org, request: Request, source: Source, *, include_deleted: bool) -> Response:
    """What a query answers: rows, a count, groups, or what `explain` and `columns` ask for. Raises ApiError."""
    explained = request.query.get("explain", "")
    text = explained if explained.lower() not in ("", "true", "false") else request.query.get("q")
    if text is None:
        raise api_error("MALFORMED_QUERY", "A query string has to be specified")
    if not text.strip():
        raise api_error("MALFORMED_QUERY", "SOQL statements cannot be empty or null")
    try:
        compiled = compiled_query(org, request, source, text, include_deleted=include_deleted)
        if explained and explained.lower() != "false":
            return Response(200, compiled.explain(source.database))
        if request.query.get("columns", "").lower() == "true":
            return Response(200, compiled.columns())
        if compiled.is_count:
            return Response(200, {"totalSize": compiled.count(source.database), "done": True, "records": []})
        if compiled.is_aggregate:
            groups = compiled.aggregate_records(source.database)
            return _page(groups, total=len(groups), url="", next_offset=len(groups))
    except SoqlError as error:
        raise api_error(error.error_code, error.message) from None
    return _first_rows(org, request, source, compiled)


def _first_rows(org: Org, request: Request, source: Source, compiled: Query) -> Response:
    keys = compiled.ids(source.database)
    if compiled.plan.locks and not org.held_locks.isdisjoint(keys):
        raise api_error("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
    batch = _batch_size(request)
    url = ""
    if len(keys) > batch:
        cursor_id = org.issue_id(LOCATOR_PREFIX)
        org.cursors.open(cursor_id, user_id=request.user.user_id, source=source, query=compiled, keys=keys, batch=batch)
        url = _locator_url(request, source, cursor_id)
    records = compiled.records(source.database, keys[:batch], version=f"v{request.version}{source.root}")
    return _page(records, total=len(keys), url=url, next_offset=min(batch, len(keys)))


def compiled_query(org: Org, request: Request, source: Source, text: str, *, include_deleted: bool) -> Query:
    """The compiled query of the caller. Raises SoqlError."""
    user = request.user
    return compile_query(
        text,
        schema=source.schema,
        access=user.access,
        include_deleted=include_deleted,
        now=org.clock.now(),
        timezone=time_zone_of(org, user),
        user_id=user.user_id,
    )


def time_zone_of(org: Org, user: Caller) -> str:
    """The time zone of the running user, by which relative dates are meant."""
    zone = org.database.value('SELECT TimeZoneSidKey FROM "User" WHERE Id = ?', (user.user_id,))
    return str(zone or org.switches.time_zone)


def _batch_size(request: Request) -> int:
    options = request.headers.get("sforce-query-options", "")
    for option in options.split(","):
        name, _, value = option.strip().partition("=")
        if name.lower() == "batchsize" and is_whole(value.strip()):
            return min(max(int(value), SMALLEST_BATCH), DEFAULT_BATCH)
    return DEFAULT_BATCH


def _locator_url(request: Request, source: Source, cursor_id: str) -> str:
    return f"{request.data_url}{source.root}/query/{cursor_id}"


def _page(records: list[dict[str, Any]], *, total: int, url: str, next_offset: int) -> Response:
    done = next_offset >= total
    page: dict[str, Any] = {"totalSize": total, "done": done}
    if not done:
        page["nextRecordsUrl"] = f"{url}-{next_offset}"
    page["records"] = records
    return Response(200, page)
