"""The calls for rows."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.salesforce.gateway.route import Route, route
from actionsync_simulators.salesforce.rows.refusals import ACCESS, DELETED, IN_A_COLLECTION, WRITTEN
from actionsync_simulators.salesforce.sobjects import collections, replication, rows, upsert_collection, user_password

ROW = "sobjects/{object}/{id}"
BY_EXTERNAL_ID = "sobjects/{object}/{field}/{value}"
COLLECTION = "composite/sobjects"
OF_USER = "sobjects/User/{id}/password"

OBJECT = Param("object", required=True, description="name of an object, in any case", example="Lead")
ID = Param("id", required=True, description="15 or 18 characters")
FIELD = Param("field", required=True, description="an external id, or Id", example="ActionSync_Id__c")
VALUE = Param("value", required=True, description="value of the external id", example="act-1")
FIELDS = Param("fields", "strings", description="only these fields")
IDS = Param("ids", "strings", required=True, description="ids of rows")
SPAN = (
    Param("start", "datetime", required=True, description="begin, at most 30 days ago", example="2024-01-30T00:00:00Z"),
    Param("end", "datetime", required=True, description="end, at least a minute later", example="2024-01-31T00:00:00Z"),
)

NEW_PASSWORD: dict[str, Any] = {
    "type": "object",
    "properties": {"NewPassword": {"type": "string"}},
    "required": ["NewPassword"],
}
RECORD: dict[str, Any] = {"type": "object", "description": "fields of the object by name"}
_OF_COLLECTION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "attributes": {"type": "object", "properties": {"type": {"type": "string"}}, "required": ["type"]},
    },
    "required": ["attributes"],
}
RECORDS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "allOrNone": {"type": ["boolean", "null"]},
        "records": {"type": "array", "items": _OF_COLLECTION, "maxItems": collections.MOST_RECORDS},
    },
    "required": ["records"],
}
WANTED: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "array", "items": {"type": "string"}, "minItems": 1} for name in ("ids", "fields")},
    "required": ["ids", "fields"],
}

READ = ("INVALID_FIELD", "MALFORMED_ID", "ENTITY_IS_DELETED", "PRECONDITION_FAILED", "304")
IF_UNMODIFIED = ("PRECONDITION_FAILED", "INVALID_HEADER")
COLLECTION_WRITE = (*WRITTEN, *IN_A_COLLECTION)
NOT_OPEN = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
ROWS_ALONE = Behaviour("rows-succeed-alone", "without allOrNone each row has its own result, in the order given")
ROWS_TOGETHER = Behaviour("rows-all-or-none", "with allOrNone one refused row takes all back")

ROUTES: tuple[Route, ...] = (
    route(
        "POST",
        "sobjects/{object}",
        rows.create_row,
        params=(OBJECT,),
        schema=RECORD,
        errors=WRITTEN,
        behaviours=(
            Behaviour("first-check-wins", "checks run in a fixed order, and the first that fails answers"),
            Behaviour("refused-leaves-nothing", "a refused row leaves nothing behind, not even a used id"),
        ),
    ),
    route("POST", "sobjects/{object}/Id", rows.create_row, params=(OBJECT,), schema=RECORD, errors=WRITTEN),
    route(
        "GET",
        ROW,
        rows.read_row,
        params=(OBJECT, ID, FIELDS),
        errors=READ,
        behaviours=(
            Behaviour("row-if-modified", "If-Modified-Since gives 304 for a row that did not change"),
            Behaviour("account-etags", "accounts have an ETag, which If-Match and If-None-Match are compared with"),
        ),
    ),
    route("PATCH", ROW, rows.update_row, params=(OBJECT, ID), schema=RECORD, errors=(*WRITTEN, *IF_UNMODIFIED)),
    route("DELETE", ROW, rows.delete_row, params=(OBJECT, ID), errors=DELETED),
    route(
        "GET",
        BY_EXTERNAL_ID,
        rows.read_by_external_id,
        params=(OBJECT, FIELD, VALUE, FIELDS),
        errors=(*READ, "300"),
    ),
    route(
        "PATCH",
        BY_EXTERNAL_ID,
        rows.upsert_row,
        params=(OBJECT, FIELD, VALUE, Param("updateOnly", "boolean", description="never create")),
        schema=RECORD,
        errors=(*WRITTEN, "300"),
        behaviours=(Behaviour("upsert-several", "several rows with one external id are answered 300 with their URLs"),),
    ),
    route(
        "DELETE",
        BY_EXTERNAL_ID,
        rows.delete_by_external_id,
        params=(OBJECT, FIELD, VALUE),
        errors=("300", "MALFORMED_ID", "ENTITY_IS_DELETED", "DELETE_FAILED", *ACCESS),
    ),
    route("GET", OF_USER, user_password.show, params=(ID,), errors=("MALFORMED_ID",)),
    route(
        "POST",
        OF_USER,
        user_password.change,
        params=(ID,),
        schema=NEW_PASSWORD,
        errors=("MALFORMED_ID", "INVALID_NEW_PASSWORD"),
        behaviours=(Behaviour("passwords-work", "the user logs in with the new password from then on, by any login"),),
    ),
    route("DELETE", OF_USER, user_password.reset, params=(ID,), errors=("MALFORMED_ID",)),
    route(
        "GET",
        "sobjects/{object}/updated",
        replication.updated,
        params=(OBJECT, *SPAN),
        errors=("INVALID_REPLICATION_DATE", "EXCEEDED_ID_LIMIT"),
    ),
    route(
        "GET",
        "sobjects/{object}/deleted",
        replication.deleted,
        params=(OBJECT, *SPAN),
        errors=("INVALID_REPLICATION_DATE", "EXCEEDED_ID_LIMIT"),
    ),
    route(
        "POST",
        COLLECTION,
        collections.create_rows,
        schema=RECORDS,
        errors=(*COLLECTION_WRITE, NOT_OPEN),
        behaviours=(ROWS_ALONE, ROWS_TOGETHER),
    ),
    route(
        "PATCH",
        COLLECTION,
        collections.update_rows,
        schema=RECORDS,
        errors=(*COLLECTION_WRITE, "MISSING_ARGUMENT", NOT_OPEN),
        behaviours=(ROWS_ALONE, ROWS_TOGETHER),
    ),
    route(
        "DELETE",
        COLLECTION,
        collections.delete_rows,
        params=(IDS, Param("allOrNone", "boolean")),
        errors=(
            *DELETED,
            "REQUIRED_FIELD_MISSING",
            "EXCEEDED_ID_LIMIT",
            "DUPLICATE_VALUE",
            "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        ),
        behaviours=(ROWS_ALONE, ROWS_TOGETHER),
    ),
    route(
        "GET",
        f"{COLLECTION}/{{object}}",
        collections.retrieve,
        params=(OBJECT, IDS, Param("fields", "strings", required=True, example="Id")),
        errors=("MALFORMED_ID", "INVALID_FIELD"),
        behaviours=(Behaviour("retrieve-null", "a row that is not there is null in its place"),),
    ),
    route(
        "POST",
        f"{COLLECTION}/{{object}}",
        collections.retrieve_by_body,
        params=(OBJECT,),
        schema=WANTED,
        errors=("MALFORMED_ID", "INVALID_FIELD", "EXCEEDED_ID_LIMIT"),
    ),
    route(
        "PATCH",
        f"{COLLECTION}/{{object}}/{{field}}",
        upsert_collection.upsert_rows,
        params=(OBJECT, FIELD),
        schema=RECORDS,
        errors=(*COLLECTION_WRITE, "MISSING_ARGUMENT", "DUPLICATE_EXTERNAL_ID"),
        behaviours=(ROWS_ALONE, ROWS_TOGETHER),
    ),
)
