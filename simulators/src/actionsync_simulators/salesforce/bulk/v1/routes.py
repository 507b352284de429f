"""The calls of Bulk 1.0; paths are below /services/async/XX.0."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.salesforce.bulk.saving import OPERATIONS
from actionsync_simulators.salesforce.bulk.v1 import batch_calls, job_calls
from actionsync_simulators.salesforce.gateway.route import Route, route

JOB, BATCH = "job/{job}", "job/{job}/batch/{batch}"
EVERY_CALL = ("InvalidSessionId", "InvalidVersion", "InvalidUrl", "ExceededQuota")
"""Codes that every call can answer with."""

_NEW: Schema = {
    "type": "object",
    "properties": {
        "operation": {"enum": [*OPERATIONS, "query", "queryAll"]},
        "object": {"type": "string"},
        "contentType": {"enum": ["CSV", "JSON", "XML"]},
        "concurrencyMode": {"enum": ["Parallel", "Serial", 0, 1]},
        "externalIdFieldName": {"type": ["string", "null"]},
        "assignmentRuleId": {"type": ["string", "null"]},
    },
    "required": ["operation", "object"],
    "additionalProperties": False,
}
_CHANGE: Schema = {
    "type": "object",
    "properties": {"state": {"enum": ["Closed", "Aborted"]}},
    "required": ["state"],
}
_BATCH_PARAM = Param("Sforce-Enable-PKChunking", description="a header: true, or chunkSize=…; startRow=…")

ROUTES: tuple[Route, ...] = (
    route(
        "POST",
        "job",
        job_calls.create,
        params=(_BATCH_PARAM,),
        schema=_NEW,
        errors=(*EVERY_CALL, "InvalidJob", "InvalidEntity", "FeatureNotEnabled", "ClientInputError", "InvalidXML"),
        behaviours=(
            Behaviour("bulk1-job-in-form-of-request", "calls about jobs answer in the form of their request"),
            Behaviour("bulk1-pk-chunking", "a query job with the header is split; its first batch is NotProcessed"),
        ),
    ),
    route("GET", JOB, job_calls.read, errors=(*EVERY_CALL, "InvalidJob")),
    route(
        "POST",
        JOB,
        job_calls.change,
        schema=_CHANGE,
        errors=(*EVERY_CALL, "InvalidJob", "InvalidJobState", "ClientInputError", "InvalidXML"),
        behaviours=(Behaviour("bulk1-abort-drops-queued", "aborting leaves queued batches NotProcessed"),),
    ),
    route(
        "POST",
        f"{JOB}/batch",
        batch_calls.create,
        errors=(*EVERY_CALL, "InvalidJob", "InvalidJobState", "InvalidBatch", "ClientInputError"),
        behaviours=(
            Behaviour("bulk1-batches-count", "every batch counts as one of DailyBulkApiBatches"),
            Behaviour("bulk1-serial-in-order", "the batches of a serial job run one after another"),
        ),
    ),
    route("GET", f"{JOB}/batch", batch_calls.list_all, errors=(*EVERY_CALL, "InvalidJob")),
    route(
        "GET",
        BATCH,
        batch_calls.read,
        errors=(*EVERY_CALL, "InvalidJob", "InvalidBatch"),
        behaviours=(
            Behaviour("bulk1-batch-in-form-of-job", "calls about batches answer in the form of the job's content"),
            Behaviour("bulk1-bad-batch-fails", "a batch that cannot be used is Failed with a stateMessage"),
        ),
    ),
    route(
        "GET",
        f"{BATCH}/request",
        batch_calls.read_request,
        answer="file",
        errors=(*EVERY_CALL, "InvalidJob", "InvalidBatch"),
    ),
    route(
        "GET",
        f"{BATCH}/result",
        batch_calls.result,
        answer="file",
        errors=(*EVERY_CALL, "InvalidJob", "InvalidBatch"),
    ),
    route(
        "GET",
        f"{BATCH}/result/{{result}}",
        batch_calls.query_result,
        answer="file",
        errors=(*EVERY_CALL, "InvalidJob", "InvalidBatch"),
        behaviours=(
            Behaviour("bulk1-json-dates-are-numbers", "JSON rows have dates and moments as milliseconds since 1970"),
            Behaviour(
                "bulk1-empty-csv-result", "a CSV result without rows is the text: Records not found for this query"
            ),
        ),
    ),
)
