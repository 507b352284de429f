"""The OpenAPI document of the Marketo simulator: its envelopes, its bodies, its few real HTTP statuses."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.endpoint import Endpoint, Schema
from actionsync_simulators.marketo.gateway.every_call import ERRORS, TOKEN_CALLS
from actionsync_simulators.marketo.gateway.route import Route
from actionsync_simulators.marketo.routes import ROUTES
from actionsync_simulators.openapi import FORM, JSON, MULTIPART, TEXT, Api, openapi_document

ASSET_PREFIX = "/rest/asset/"
HTTP_ONLY = frozenset({"413", "414"})
FILE_TYPES = ("text/csv", TEXT)

REQUEST_ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{2,5}#[0-9a-f]+$"}
ROWS: Schema = {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}

SCHEMAS: dict[str, Schema] = {
    "Error": {
        "type": "object",
        "properties": {"code": {"type": "string", "pattern": "^[0-9]+$"}, "message": {"type": "string"}},
        "required": ["code", "message"],
        "additionalProperties": False,
    },
    "Row": {
        "type": "object",
        "description": "one record; what was skipped says why",
        "if": {"properties": {"status": {"const": "skipped"}}, "required": ["status"]},
        "then": {
            "anyOf": [{"required": ["reasons"]}, {"required": ["errors"]}],
            "properties": {
                name: {"type": "array", "items": {"$ref": "#/components/schemas/Error"}, "minItems": 1}
                for name in ("reasons", "errors")
            },
        },
    },
    "Success": {
        "type": "object",
        "properties": {
            "requestId": REQUEST_ID,
            "success": {"const": True},
            "result": ROWS,
            "nextPageToken": {"type": "string", "minLength": 1},
            "moreResult": {"type": "boolean"},
            "warnings": {"type": "array"},
        },
        "required": ["requestId", "success"],
        "additionalProperties": False,
    },
    "AssetSuccess": {
        "type": "object",
        "properties": {
            "requestId": REQUEST_ID,
            "success": {"const": True},
            "errors": {"type": "array", "maxItems": 0},
            "warnings": {"type": "array", "items": {"type": "string"}},
            "result": {**ROWS, "minItems": 1},
        },
        "required": ["requestId", "success", "errors", "warnings"],
        "additionalProperties": False,
    },
    "Token": {
        "type": "object",
        "properties": {
            "access_token": {"type": "string"},
            "token_type": {"const": "bearer"},
            "expires_in": {"type": "integer", "minimum": 0, "maximum": 3600},
            "scope": {"type": "string"},
        },
        "required": ["access_token", "token_type", "expires_in", "scope"],
        "additionalProperties": False,
    },
    "TokenError": {
        "type": "object",
        "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
        "required": ["error", "error_description"],
        "additionalProperties": False,
    },
}


def document() -> dict[str, Any]:
    """Return the document of everything that is served now."""
    return openapi_document(
        Api(
            title="Marketo Engage, simulated",
            description="Errors of the application are HTTP 200 with `success: false`.",
            calls=(*TOKEN_CALLS, *ROUTES),
            wire_path=lambda call: call.path,
            media=_media,
            responses=_responses,
            is_open=lambda call: call in TOKEN_CALLS,
            schemas=SCHEMAS,
        )
    )


def _media(call: Endpoint) -> str | None:
    if not isinstance(call, Route):
        return FORM if call.method == "POST" else None
    return {"json": JSON, "form": FORM, "multipart": MULTIPART}.get(call.body)


def _responses(call: Endpoint) -> dict[str, Any]:
    if not isinstance(call, Route):
        refused = _json("refused", {"$ref": "#/components/schemas/TokenError"})
        return {"200": _json("a token", {"$ref": "#/components/schemas/Token"}), "400": refused, "401": refused}
    failure = _failure(call)
    if call.answer == "file":
        text: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in FILE_TYPES}
        responses = {
            "200": {"description": "the file, or a failure", "content": {**text, JSON: {"schema": failure}}},
            "206": {"description": "a range of the file", "content": text},
        }
        responses |= {code: _text("no such file or range") for code in call.errors if code in ("404", "416")}
    else:
        asset = call.path.startswith(ASSET_PREFIX)
        success = {"$ref": f"#/components/schemas/{'AssetSuccess' if asset else 'Success'}"}
        responses = {"200": _json("success or failure", {"oneOf": [success, failure]})}
    return responses | {"413": _text(ERRORS["413"]), "414": _text(ERRORS["414"])}


def _failure(call: Endpoint) -> dict[str, Any]:
    """Return the envelope of a failure: only with a code that the call declares, or that every call can give."""
    codes = sorted({*call.errors, *ERRORS} - HTTP_ONLY - {"404", "416"}, key=int)
    error: dict[str, Any] = {
        "type": "object",
        "properties": {"code": {"enum": codes}, "message": {"type": "string", "minLength": 1}},
        "required": ["code", "message"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "requestId": REQUEST_ID,
            "success": {"const": False},
            "errors": {"type": "array", "items": error, "minItems": 1},
        },
        "required": ["requestId", "success", "errors"],
        "additionalProperties": False,
    }


def _json(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _text(description: str) -> dict[str, Any]:
    return {"description": description, "content": {TEXT: {"schema": {"type": "string"}}}}
