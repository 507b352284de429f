"""The query resources: first pages, locators, and the errors of SOQL."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.gateway.messages import Caller, Request, Response, is_whole
from actionsync_simulators.salesforce.soql import Query, SoqlError, compile_query
from actionsync_simulators.salesforce.state import Org

DEFAULT_BATCH = 2000
SMALLEST_BATCH = 200
LOCATOR_PREFIX = "01g"


def query(org: Org, request: Request) -> Response:
    """GET {base}/query?q=…: live rows."""
    return _first_page(org, request, include_deleted=False)


def query_all(org: Org, request: Request) -> Response:
    """GET {base}/queryAll?q=…: deleted rows and merge losers too."""
    return _first_page(org, request, include_deleted=True)


def next_page(org: Org, request: Request, locator: str) -> Response:
    """GET {base}/query/<locator>: any page of an open cursor; other parameters are ignored."""
    cursor_id, _, offset_text = locator.partition("-")
    cursor = org.cursors.find(cursor_id, user_id=request.user.user_id)
    if cursor is None or not is_whole(offset_text) or int(offset_text) > len(cursor.keys):
        raise api_error("INVALID_QUERY_LOCATOR")
    offset = int(offset_text)
    keys = cursor.keys[offset : offset + cursor.batch]
    records = cursor.query.records(org.database, keys, version=f"v{request.version}")
    return _page(
        request,
        records,
        total=len(cursor.keys),
        cursor_id=cursor.id,
        next_offset=offset + len(keys),
    )


def _first_page(org: Org, request: Request, *, include_deleted: bool) -> Response:
    explained = request.query.get("explain", "")
    text = explained if explained.lower() not in ("", "true", "false") else request.query.get("q")
    if text is None:
        raise api_error("MALFORMED_QUERY", "A query string has to be specified")
    if not text.strip():
        raise api_error("MALFORMED_QUERY", "SOQL statements cannot be empty or null")
    try:
        compiled = _compiled(org, request, text, include_deleted=include_deleted)
        if explained and explained.lower() != "false":
            return Response(200, compiled.explain(org.database))
        if request.query.get("columns", "").lower() == "true":
            return Response(200, compiled.columns())
        if compiled.is_count:
            return Response(200, {"totalSize": compiled.count(org.database), "done": True, "records": []})
        if compiled.is_aggregate:
            groups = compiled.aggregate_records(org.database)
            return _page(request, groups, total=len(groups), cursor_id=None, next_offset=len(groups))
    except SoqlError as error:
        raise api_error(error.error_code, error.message) from None
    return _first_rows(org, request, compiled)


def _first_rows(org: Org, request: Request, compiled: Query) -> Response:
    keys = compiled.ids(org.database)
    batch = _batch_size(request)
    cursor_id = None
    if len(keys) > batch:
        cursor_id = org.issue_id(LOCATOR_PREFIX)
        org.cursors.open(cursor_id, user_id=request.user.user_id, query=compiled, keys=keys, batch=batch)
    records = compiled.records(org.database, keys[:batch], version=f"v{request.version}")
    return _page(request, records, total=len(keys), cursor_id=cursor_id, next_offset=min(batch, len(keys)))


def _compiled(org: Org, request: Request, text: str, *, include_deleted: bool) -> Query:
    user = request.user
    return compile_query(
        text,
        schema=org.schema,
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


def _page(
    request: Request,
    records: list[dict[str, Any]],
    *,
    total: int,
    cursor_id: str | None,
    next_offset: int,
) -> Response:
    done = next_offset >= total
    page: dict[str, Any] = {"totalSize": total, "done": done}
    if not done:
        page["nextRecordsUrl"] = f"{request.data_url}/query/{cursor_id}-{next_offset}"
    page["records"] = records
    return Response(200, page)
