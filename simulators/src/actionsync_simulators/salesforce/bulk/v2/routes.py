"""The calls of Bulk 2.0."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.salesforce.bulk.csv_format import DELIMITERS, LINE_ENDINGS
from actionsync_simulators.salesforce.bulk.saving import OPERATIONS
from actionsync_simulators.salesforce.bulk.v2 import ingest, lifecycle, query
from actionsync_simulators.salesforce.gateway.route import Route, route

INGEST, INGEST_JOB = "jobs/ingest", "jobs/ingest/{job}"
QUERY, QUERY_JOB = "jobs/query", "jobs/query/{job}"

_CSV: dict[str, Schema] = {
    "contentType": {"enum": ["CSV"]},
    "columnDelimiter": {"enum": list(DELIMITERS)},
    "lineEnding": {"enum": list(LINE_ENDINGS)},
}
_NEW_INGEST: Schema = {
    "type": "object",
    "properties": {
        "object": {"type": "string"},
        "operation": {"enum": list(OPERATIONS)},
        "externalIdFieldName": {"type": "string"},
        "assignmentRuleId": {"type": "string"},
        "concurrencyMode": {"enum": ["Parallel"]},
        **_CSV,
    },
    "required": ["object", "operation"],
    "additionalProperties": False,
}
_NEW_QUERY: Schema = {
    "type": "object",
    "properties": {"operation": {"enum": ["query", "queryAll"]}, "query": {"type": "string"}, **_CSV},
    "required": ["operation", "query"],
    "additionalProperties": False,
}


def _states(*states: str) -> Schema:
    return {
        "type": "object",
        "properties": {"state": {"enum": list(states)}},
        "required": ["state"],
        "additionalProperties": False,
    }


_LIST_PARAMS = (
    Param("jobType", description=f"one of {', '.join(lifecycle.JOB_TYPES)}", example="V2Ingest"),
    Param("concurrencyMode", description="Parallel or Serial", example="Parallel"),
    Param("isPkChunkingEnabled", "boolean", example="false"),
    Param("queryLocator", description="from nextRecordsUrl of the page before"),
)
_LIST_ERRORS = ("INVALIDJOB", "INVALID_QUERY_LOCATOR")
_LOCATOR = Param("locator", description="the header Sforce-Locator of the page before")

ROUTES: tuple[Route, ...] = (
    route(
        "POST",
        INGEST,
        ingest.create,
        schema=_NEW_INGEST,
        errors=("INVALIDJOB", "INVALIDENTITY", "FEATURENOTENABLED", "INVALIDBATCH"),
        behaviours=(
            Behaviour("bulk2-multipart-create", "a multipart body brings job and data at once and starts the job"),
            Behaviour("bulk2-object-in-schema-casing", "names are taken in any casing and answered as the schema has"),
        ),
    ),
    route("GET", INGEST, ingest.list_all, params=_LIST_PARAMS, errors=_LIST_ERRORS),
    route(
        "GET",
        INGEST_JOB,
        ingest.poll,
        behaviours=(
            Behaviour("bulk2-states-by-clock", "a job passes UploadComplete and InProgress in simulator time"),
            Behaviour("bulk2-bad-header-fails-job", "data that cannot be used fails the job with an errorMessage"),
            Behaviour("bulk2-rows-fail-alone", "a wrong row fails alone; the job is JobComplete"),
            Behaviour("bulk2-empty-cell-and-na", "an empty cell leaves its field alone, #N/A makes it null"),
            Behaviour("bulk2-parent-columns", "a column such as Account.Ext__c or Lead:Who.Ext__c finds the parent"),
            Behaviour("bulk2-batches-count", "every 10,000 rows count as one of DailyBulkApiBatches"),
            Behaviour("bulk2-survives-restore", "a job in progress goes on after a snapshot is restored"),
        ),
    ),
    route("PATCH", INGEST_JOB, ingest.change, schema=_states("UploadComplete", "Aborted"), errors=("INVALIDJOBSTATE",)),
    route(
        "DELETE",
        INGEST_JOB,
        ingest.delete,
        errors=("INVALIDJOBSTATE",),
        behaviours=(Behaviour("bulk2-seven-days", "a job is gone seven days after it was made"),),
    ),
    route(
        "PUT",
        f"{INGEST_JOB}/batches",
        ingest.upload,
        errors=("INVALIDJOBSTATE", "INVALIDBATCH"),
        behaviours=(Behaviour("bulk2-one-upload", "data is taken once, as text/csv, up to 100 MB, and answered 201"),),
    ),
    route(
        "GET",
        f"{INGEST_JOB}/successfulResults",
        ingest.successful_results,
        answer="file",
        errors=("INVALIDJOBSTATE",),
        behaviours=(Behaviour("bulk2-results-repeat-rows", "results repeat the columns of the data, all quoted"),),
    ),
    route("GET", f"{INGEST_JOB}/failedResults", ingest.failed_results, answer="file", errors=("INVALIDJOBSTATE",)),
    route(
        "GET",
        f"{INGEST_JOB}/unprocessedrecords",
        ingest.unprocessed_records,
        answer="file",
        errors=("INVALIDJOBSTATE",),
        behaviours=(Behaviour("bulk2-abort-keeps-saved-rows", "what an aborted job has saved stays saved"),),
    ),
    route("GET", f"{INGEST_JOB}/{{results}}", ingest.results_in_any_casing, answer="file", errors=("INVALIDJOBSTATE",)),
    route(
        "POST",
        QUERY,
        query.create,
        schema=_NEW_QUERY,
        errors=(
            "INVALIDJOB",
            "INVALIDENTITY",
            "API_ERROR",
            "LIMIT_EXCEEDED",
            "MALFORMED_QUERY",
            "INVALID_FIELD",
            "INVALID_TYPE",
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
    ),
    route("GET", QUERY, query.list_all, params=_LIST_PARAMS, errors=_LIST_ERRORS),
    route("GET", QUERY_JOB, query.poll),
    route("PATCH", QUERY_JOB, query.change, schema=_states("Aborted"), errors=("INVALIDJOBSTATE",)),
    route("DELETE", QUERY_JOB, query.delete, errors=("INVALIDJOBSTATE",)),
    route(
        "GET",
        f"{QUERY_JOB}/results",
        query.results,
        answer="file",
        params=(Param("maxRecords", "integer", description="rows of a page, 50,000 by default"), _LOCATOR),
        errors=("INVALIDJOBSTATE", "INVALIDJOB", "INVALID_QUERY_LOCATOR"),
        behaviours=(
            Behaviour("bulk2-header-on-every-page", "every page starts with the header line"),
            Behaviour("bulk2-locator-null", "the header Sforce-Locator of the last page is the text null"),
        ),
    ),
    route(
        "GET",
        f"{QUERY_JOB}/resultPages",
        query.result_pages,
        params=(_LOCATOR,),
        errors=("INVALIDJOBSTATE", "INVALID_QUERY_LOCATOR"),
        behaviours=(Behaviour("bulk2-parallel-pages", "resultPages names up to five pages that can be read at once"),),
    ),
)
