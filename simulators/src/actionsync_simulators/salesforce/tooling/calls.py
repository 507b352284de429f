"""The calls below {base}/tooling: SOQL over the objects that describe the org, and what these objects are."""

from __future__ import annotations

from actionsync_simulators.salesforce.describe.objects import full_describe, summary
from actionsync_simulators.salesforce.gateway.conditional import not_modified
from actionsync_simulators.salesforce.gateway.errors import not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.query.cursors import Source
from actionsync_simulators.salesforce.query.query import compiled_query, first_page
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org
from actionsync_simulators.salesforce.tooling.objects import tooling_schema
from actionsync_simulators.salesforce.tooling.rows import tooling_database

ROOT = "/tooling"


def resources(org: Org, request: Request) -> Response:
    """GET {base}/tooling: resource name → path."""
    base = f"{request.data_url}{ROOT}"
    return Response(200, {name: f"{base}/{name}" for name in ("query", "sobjects")})


def query(org: Org, request: Request) -> Response:
    """GET {base}/tooling/query?q=…"""
    return first_page(org, request, _source(org, request), include_deleted=False)


def describe_global(org: Org, request: Request) -> Response:
    """GET {base}/tooling/sobjects."""
    if not_modified(request, org.described_at):
        return Response(304)
    version = f"{request.version}{ROOT}"
    summaries = [summary(sobject, request.user.access, version) for sobject in tooling_schema()]
    return Response(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": summaries})


def basic_information(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/tooling/sobjects/{T}: these objects have no recent rows."""
    described = summary(_sobject(object_name), request.user.access, f"{request.version}{ROOT}")
    return Response(200, {"objectDescribe": described, "recentItems": []})


def describe_object(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/tooling/sobjects/{T}/describe."""
    sobject = _sobject(object_name)
    if not_modified(request, org.described_at):
        return Response(304)
    return Response(200, full_describe(sobject, request.user.access, f"{request.version}{ROOT}"))


def read(org: Org, request: Request, object_name: str, row_id: str) -> Response:
    """GET {base}/tooling/sobjects/{T}/{id}: all fields of one row; the id may be a durable one."""
    sobject, source = _sobject(object_name), _source(org, request)
    every_field = f"SELECT FIELDS(STANDARD) FROM {sobject.name}"  # noqa: S608 - SOQL, with a name of the schema
    whole = compiled_query(org, request, source, every_field, include_deleted=False)
    found = whole.records(source.database, [row_id], version=f"v{request.version}{ROOT}")
    if not found:
        raise not_found()
    return Response(200, found[0])


def _source(org: Org, request: Request) -> Source:
    return Source(tooling_schema(), tooling_database(org.schema, request.user.access), ROOT)


def _sobject(name: str) -> SObject:
    sobject = tooling_schema().object(name)
    if sobject is None:
        raise not_found()
    return sobject
