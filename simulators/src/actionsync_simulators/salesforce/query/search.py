"""The search resources: a SOSL text, and the same search from parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.gateway.messages import Request, Response, is_whole
from actionsync_simulators.salesforce.query.query import time_zone_of
from actionsync_simulators.salesforce.soql import SoqlError
from actionsync_simulators.salesforce.state import Org

ANSWERS_AN_OBJECT = 37.0
"""From this version on the records lie in `searchRecords`; before, the answer is a plain array."""
GROUPS = frozenset({"ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"})

_NAMES = re.compile(r"^[\w.]+(?:\s*,\s*[\w.]+)*$")
_RESERVED = re.compile(r"""([&|!{}\[\]()^~:\\"'+\-])""")


def search(org: Org, request: Request) -> Response:
    """GET {base}/search?q=FIND {…} …"""
    return _found(org, request, request.query.get("q", ""))


def parameterized_search(org: Org, request: Request) -> Response:
    """GET {base}/parameterizedSearch?q=…&sobject=…&Contact.fields=… (parameters instead of SOSL)."""
    query = request.query
    chosen = [name.strip() for name in query.get("sobject", "").split(",") if name.strip()]
    objects = [
        {
            "name": name,
            "fields": query.get(f"{name}.fields", query.get("fields")),
            "limit": query.get(f"{name}.limit", query.get("defaultLimit")),
            "where": query.get(f"{name}.where"),
        }
        for name in chosen
    ]
    return _found(org, request, _sosl(query.get("q"), objects, group=query.get("in"), most=query.get("overallLimit")))


def parameterized_search_by_body(org: Org, request: Request) -> Response:
    """POST {base}/parameterizedSearch with the same parameters as JSON."""
    body = request.json_object()
    given = body.get("sobjects") or []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise _malformed("sobjects must be an array of objects")
    objects = [
        {
            "name": each.get("name"),
            "fields": each.get("fields", body.get("fields")),
            "limit": each.get("limit", body.get("defaultLimit")),
            "where": each.get("where"),
        }
        for each in given
    ]
    return _found(org, request, _sosl(body.get("q"), objects, group=body.get("in"), most=body.get("overallLimit")))


def _found(org: Org, request: Request, text: str) -> Response:
    # The parser generator is imported by the first search, not by the start of the process.
    from actionsync_simulators.salesforce.soql.sosl import compile_search

    user = request.user
    try:
        compiled = compile_search(
            text,
            schema=org.schema,
            access=user.access,
            now=org.clock.now(),
            timezone=time_zone_of(org, user),
            user_id=user.user_id,
        )
        records = compiled.records(org.database, version=f"v{request.version}")
    except SoqlError as error:
        raise api_error(error.error_code, error.message) from None
    if request.version_number < ANSWERS_AN_OBJECT:
        return Response(200, records)
    return Response(200, {"searchRecords": records})


def _sosl(terms: Any, objects: list[dict[str, Any]], *, group: Any, most: Any) -> str:
    if not isinstance(terms, str) or not terms.strip():
        raise _malformed("No search term found. The q parameter is required.")
    where = str(group or "ALL").upper().removesuffix(" FIELDS")
    if where not in GROUPS:
        raise _malformed(f"in is one of {', '.join(sorted(GROUPS))}")
    text = f"FIND {{{_RESERVED.sub(_escaped, terms)}}} IN {where} FIELDS"
    if objects:
        text += " RETURNING " + ", ".join(_returned(each) for each in objects)
    return text + _limit(most)


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match.group(1)


def _returned(wanted: Mapping[str, Any]) -> str:
    name, fields = wanted["name"], wanted["fields"] or "Id"
    columns = ", ".join(map(str, fields)) if isinstance(fields, list) else fields
    if not isinstance(name, str) or not name.isidentifier():
        raise _malformed(f"{name} is not the name of an object")
    if not isinstance(columns, str) or not _NAMES.match(columns.strip()):
        raise _malformed(f"{columns} is not a list of fields")
    # The condition is SOQL of the caller's own; it is parsed and compiled as such.
    condition = f" WHERE {wanted['where']}" if wanted["where"] else ""
    return f"{name}({columns.strip()}{condition}{_limit(wanted['limit'])})"


def _limit(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not is_whole(str(value)):
        raise _malformed(f"{value} is not a limit")
    return f" LIMIT {value}"


def _malformed(message: str) -> Exception:
    return api_error("MALFORMED_SEARCH", message)
