"""What is wrong with a call: its path, verb, headers, body, or the parts of it; and what an admin has forbidden."""

from __future__ import annotations

from typing import Any

from harness.salesforce_errors.case import TASK, Case, last_row

BASE = "/services/data/v60.0"
WRONG = {"attributes": {"type": "Task"}, "Nope__c": 1}
GOOD = {"attributes": {"type": "Task"}, "Subject": "x"}
CLOSED = {"attributes": {"type": "TaskStatus"}, "MasterLabel": "x"}
OLD = {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}
ADDRESS = "twin@engines.example"


def part(reference: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"method": "POST", "url": f"{BASE}/{TASK}", "referenceId": reference, "body": body}


CALLS = [
    Case("no token", "GET", "sobjects", None, 401, "INVALID_SESSION_ID", "Session expired or invalid",
         headers={"Authorization": "Bearer x"}),
    Case("another scheme", "GET", "sobjects", None, 401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE",
         headers={"Authorization": "Basic x"}),
    Case("a retired version", "GET", "/services/data/v30.0/sobjects", None, 410, "UNSUPPORTED_API_VERSION", None),
    Case("no such object", "GET", "sobjects/Nothing", None, 404, "NOT_FOUND", "The requested resource does not exist"),
    Case("a wrong verb", "DELETE", "sobjects/Task", None, 405, "METHOD_NOT_ALLOWED",
         "HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET,POST"),
    Case("another content type", "POST", TASK, b"x=y", 415, "UNSUPPORTED_MEDIA_TYPE", None,
         headers={"Content-Type": "application/x-www-form-urlencoded"}),
    Case("broken JSON", "POST", TASK, b'{"a": x}', 400, "JSON_PARSER_ERROR",
         "Unexpected character ('x' (code 120)) at [line:1, column:7]"),
    Case("a long URI", "GET", f"query?q={'x' * 17_000}", None, 414, "URI_TOO_LONG", None),
    Case("long headers", "GET", "limits", None, 431, "HEADERS_TOO_LONG", None, headers={"X-Long": "x" * 17_000}),
    Case("changed since", "PATCH", f"{TASK}/{{task}}", {}, 412, "PRECONDITION_FAILED", None, headers=OLD),
    Case("a date that is none", "PATCH", f"{TASK}/{{task}}", {}, 400, "INVALID_HEADER", None,
         headers={"If-Unmodified-Since": "yesterday"}),
    Case("all calls used", "GET", "limits", None, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.",
         controls=(("POST", "limits", {"daily_used": 125_000}),)),
    Case("all query jobs used", "POST", "jobs/query", {"operation": "query", "query": "SELECT Id FROM Lead"},
         400, "LIMIT_EXCEEDED", None, controls=(("POST", "limits", {"DailyBulkV2QueryJobs": {"Remaining": 0}}),)),
    Case("too few recent rows", "GET", "recent?limit=0", None, 400, "INVALID_QUERY_SCOPE", None),
    Case("a weak password", "POST", "sobjects/User/{inactive}/password", {"NewPassword": "x"},
         400, "INVALID_NEW_PASSWORD", None),
    Case("one side forbidden: the object", "POST", TASK, {"Subject": "x"}, 403, "INSUFFICIENT_ACCESS_OR_READONLY",
         "insufficient access rights on object id", [],
         controls=(("POST", "profile", {"object": "Task", "state": "read_only"}),)),
    Case("one side forbidden: the field", "POST", "sobjects/Lead", {"HasOptedOutOfEmail": True},
         400, "INVALID_FIELD_FOR_INSERT_UPDATE",
         "Unable to create/update fields: HasOptedOutOfEmail. Please check the security settings of this field and "
         "verify that it is read/write for your profile or permission set.", ["HasOptedOutOfEmail"],
         controls=(("POST", "profile", {"object": "Lead", "field": "HasOptedOutOfEmail", "state": "read_only"}),)),
    Case("a hidden field", "PATCH", "sobjects/Lead/{lead}", {"HasOptedOutOfEmail": True}, 400, "INVALID_FIELD",
         "No such column 'HasOptedOutOfEmail' on sobject of type Lead",
         controls=(("POST", "profile", {"object": "Lead", "field": "HasOptedOutOfEmail", "state": "hidden"}),)),
    Case("a validation rule", "POST", TASK, {"Subject": "secret"}, 400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "No.",
         ["Subject"],
         controls=(("POST", "rules", {"kind": "validation", "object": "Task", "field": "Subject", "contains": "secret",
                                      "message": "No.", "error_field": "Subject"}),)),
    Case("a duplicate rule", "PATCH", "sobjects/Lead/{lead}", {"Email": ADDRESS}, 400, "DUPLICATES_DETECTED",
         "Use one of these records?",
         controls=(("POST", "rules", {"kind": "duplicate", "object": "Lead", "fields": ["Email"]}),)),
    Case("a locked row", "DELETE", f"{TASK}/{{task}}", None, 400, "UNABLE_TO_LOCK_ROW",
         "unable to obtain exclusive access to this record or 1 records: {task}", [],
         controls=(("POST", "rules", {"kind": "lock", "record": "{task}"}),)),
    Case("a row of no object", "POST", "composite/sobjects", {"records": [{"attributes": {"type": "Nothing"}}]},
         200, "INVALID_TYPE", "sObject type 'Nothing' is not supported.", [], found=last_row),
    Case("a row without id", "PATCH", "composite/sobjects", {"records": [GOOD]}, 200, "MISSING_ARGUMENT",
         "Id not specified in an update call", ["Id"], found=last_row),
    Case("a row of an object that takes none", "POST", "composite/sobjects", {"records": [CLOSED]},
         200, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", None, [], found=last_row),
    Case("a good row among bad ones", "POST", "composite/sobjects", {"allOrNone": True, "records": [WRONG, GOOD]},
         200, "ALL_OR_NONE_OPERATION_ROLLED_BACK",
         "Record rolled back because not all records were valid and the request was using AllOrNone header", [],
         found=last_row),
    Case("the same key twice", "PATCH", "composite/sobjects/Task/ActionSync_Id__c",
         {"records": [{**GOOD, "ActionSync_Id__c": "x"}] * 2}, 200, "DUPLICATE_VALUE",
         "Duplicate external id specified: x", ["ActionSync_Id__c"], found=last_row),
    Case("a key of several rows", "PATCH", "composite/sobjects/Lead/Email",
         {"records": [{"attributes": {"type": "Lead"}, "Email": "same@engines.example"}]}, 200, "DUPLICATE_EXTERNAL_ID",
         "Email: more than one record found for external id field: [{same_a}, {same_b}]", ["Email"], found=last_row),
    Case("a part of what was taken back", "POST", "composite",
         {"allOrNone": True, "compositeRequest": [part("a", {"Subject": "x"}), part("b", {"Nope__c": 1})]},
         200, "PROCESSING_HALTED",
         "The transaction was rolled back since another operation in the same transaction failed.",
         found=lambda body: body["compositeResponse"][0]["body"][0]),
    Case("a part that refers to nothing", "POST", "composite",
         {"compositeRequest": [part("a", {"Nope__c": 1}), part("b", {"WhatId": "@{a.id}"})]}, 200, "PROCESSING_HALTED",
         "Invalid reference specified. No value for a.id found in a",
         found=lambda body: body["compositeResponse"][1]["body"][0]),
    Case("a call after the one that failed", "POST", "composite/batch",
         {"haltOnError": True, "batchRequests": [{"method": "GET", "url": "v60.0/nothing"},
                                                 {"method": "GET", "url": "v60.0/limits"}]},
         200, "BATCH_PROCESSING_HALTED", "Batch processing halted per request",
         found=lambda body: body["results"][1]["result"][0]),
    Case("a record of a tree without a name", "POST", "composite/tree/Task",
         {"records": [{"attributes": {"type": "Task"}}]}, 400, "INVALID_INPUT", None, [],
         found=lambda body: body["results"][0]["errors"][0]),
]  # fmt: skip

FAULTS = {
    "API_DISABLED_FOR_ORG": (403, "The REST API is not enabled for this Organization."),
    "FIELD_FILTER_VALIDATION_EXCEPTION": (400, "Value does not exist or does not match filter criteria."),
    "INSUFFICIENT_ACCESS": (403, "insufficient access rights on object id"),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (400, "insufficient access rights on cross-reference id"),
    "QUERY_TIMEOUT": (400, "Your query request was running for too long."),
    "SERVER_UNAVAILABLE": (503, "Server is busy."),
    "UNKNOWN_EXCEPTION": (
        500,
        "An unexpected error occurred. Please include this ErrorId if you contact support: 123-456 (789)",
    ),
}
"""Codes that nothing but a planned fault gives: status and words."""

CONTROLS = {
    "INVALID_STATUS": ("convert", {"lead": "{lead}", "status": "Working - Contacted"}),
    "MERGE_FAILED": ("merge", {"master": "{lead}", "losers": []}),
    "UNDELETE_FAILED": ("undelete", {"id": "{task}"}),
}
"""Codes of what REST has no call for."""
