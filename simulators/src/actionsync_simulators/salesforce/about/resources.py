"""Versions, the list of resources, limits, record counts, recent items."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

import re
from typing import Any

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.gateway.errors import api_error, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response, is_whole
from actionsync_simulators.salesforce.rows.read import attributes
from actionsync_simulators.salesforce.state import Org

RESOURCES = (
    "tooling",
    "metadata",
    "chatter",
    "tabs",
    "appMenu",
    "quickActions",
    "queryAll",
    "search",
    "composite",
    "parameterizedSearch",
    "theme",
    "recent",
    "connect",
    "limits",
    "process",
    "jobs",
    "query",
    "sobjects",
    "actions",
    "support",
)
FIRST_LABELLED = 31
"""Version 31.0 is Summer '14; three releases a year: Winter, Spring, Summer."""
_VERSION = re.compile(r"v([0-9]{1,3})\.0")
_SEASONS = ("Winter", "Spring", "Summer")


def version_label(version: int) -> str:
    """The release name of a version, such as Spring '26 for 66."""
    releases = version - 29  # 29.0 is Winter '14
    return f"{_SEASONS[releases % 3]} '{14 + releases // 3}"


def checked_version(org: Org, segment: str) -> str:
    """The version of a path segment ("v60.0" → "60.0"). Raises 410 for a retired one, 404 for one not served."""
    match = _VERSION.fullmatch(segment)
    if match is None:
        raise not_found()
    number = int(match.group(1))
    if number < org.switches.first_version:
        raise api_error("UNSUPPORTED_API_VERSION", f"API version {number}.0 is not supported any more.")
    if number > org.switches.last_version:
        raise not_found()
    return f"{number}.0"


def versions(org: Org, request: Request) -> Response:
    """GET /services/data: no session is needed."""
    first, last = org.switches.first_version, org.switches.last_version
    return Response(
        200,
        [
            {
                "label": version_label(number),
                "url": f"/services/data/v{number}.0",
                "version": f"{number}.0",
            }
            for number in range(first, last + 1)
        ],
    )


def resources(org: Org, request: Request) -> Response:
    """GET {base}: resource name → path."""
    paths: dict[str, Any] = {name: f"{request.data_url}/{name}" for name in RESOURCES}
    paths["identity"] = f"{request.base_url}/id/{org.organization_id}/{request.user.user_id}"
    return Response(200, paths)


def limits(org: Org, request: Request) -> Response:
    """GET {base}/limits."""
    return Response(200, org.limits.resource())


def record_count(org: Org, request: Request) -> Response:
    """GET {base}/limits/recordCount?sObjects=A,B: live rows of the named objects, or of all."""
    wanted = [name.strip() for name in request.query.get("sObjects", "").split(",") if name.strip()]
    chosen = [org.schema.object(name) for name in wanted] if wanted else list(org.schema)
    counts = [
        {
            "count": org.database.value(f"SELECT count(*) FROM {quoted(sobject.name)} WHERE IsDeleted = 0"),
            "name": sobject.name,
        }
        for sobject in chosen
        if sobject is not None
    ]
    return Response(200, {"sObjects": counts})


def recent(org: Org, request: Request) -> Response:
    """GET {base}/recent?limit=n: the rows that were modified last."""
    text = request.query.get("limit", "200")
    if not is_whole(text) or not 1 <= int(text) <= 2000:
        raise api_error("INVALID_QUERY_SCOPE", "limit must be a number from 1 to 2000")
    found: list[tuple[str, dict[str, Any]]] = []
    for sobject in org.schema:
        if not sobject.mru_enabled:
            continue
        name = sobject.name_field.name
        for row in org.database.rows(
            f"SELECT Id, {quoted(name)} AS label, LastModifiedDate FROM {quoted(sobject.name)} WHERE IsDeleted = 0"
            " ORDER BY LastModifiedDate DESC, Id DESC LIMIT ?",
            (int(text),),
        ):
            record = {
                "attributes": attributes(sobject.name, row["Id"], request.version),
                "Id": row["Id"],
                "Name": row["label"],
            }
            found.append((row["LastModifiedDate"], record))
    found.sort(key=lambda each: each[0], reverse=True)
    return Response(200, [record for _, record in found[: int(text)]])
