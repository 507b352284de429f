"""The OpenAPI document of the Salesforce simulator: real HTTP statuses, errors as arrays."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.endpoint import Endpoint, Schema
from actionsync_simulators.openapi import FORM, JSON, TEXT, Api, openapi_document
from actionsync_simulators.salesforce.gateway.errors import STATUS_OF
from actionsync_simulators.salesforce.gateway.every_call import ERRORS, HTTP_STATUS, STANDING_CALLS
from actionsync_simulators.salesforce.gateway.route import Route
from actionsync_simulators.salesforce.routes import ROUTES
from actionsync_simulators.salesforce.soap.calls import SOAP

DATA = "/services/data/v60.0"
TREE = "composite/tree"
"""A refused tree names its rows instead of answering an array of errors."""

OAUTH = "/services/oauth2/"
LOGIN_PAGE = f"{OAUTH}authorize"
OPEN = ("/services/data", "/id/keys")
XML, HTML = "text/xml", "text/html"
SUCCESS = {
    "GET": ("200",),
    "POST": ("200", "201"),
    "PUT": ("201",),
    "PATCH": ("200", "201", "204"),
    "DELETE": ("200", "204"),
}
"""Statuses of success by verb."""

REDIRECTED = {"300": "several records have this external id: their URLs", "304": "not changed since the given time"}
"""Statuses that stand among the errors of a call, though they are none."""

SCHEMAS: dict[str, Schema] = {
    "OAuthError": {
        "type": "object",
        "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
        "required": ["error", "error_description"],
    },
}


def document() -> dict[str, Any]:
    """Return the document of everything that is served now, with the paths of one version."""
    return openapi_document(
        Api(
            title="Salesforce REST, simulated",
            description="Below /services/data every version answers alike; this document shows one.",
            calls=(*STANDING_CALLS, *ROUTES),
            wire_path=_wire_path,
            media=_media,
            responses=_responses,
            is_open=lambda call: call.path in OPEN or call.path.startswith((OAUTH, SOAP, "/.well-known/")),
            schemas=SCHEMAS,
        )
    )


def _wire_path(call: Endpoint) -> str:
    if not isinstance(call, Route):
        return call.path
    return f"{DATA}/{call.path}" if call.path else DATA


def _media(call: Endpoint) -> str | None:
    if call.schema is not None:
        return JSON
    return FORM if call.path.startswith(OAUTH) and call.method == "POST" else None


def _responses(call: Endpoint) -> dict[str, Any]:
    if call.path.startswith(SOAP):
        envelope: dict[str, Any] = {XML: {"schema": {"type": "string"}}}
        refused_early = {"description": "not a SOAP call", "content": {JSON: {"schema": _errors(sorted(ERRORS))}}}
        return {
            "200": {"description": "done", "content": envelope},
            "500": {"description": "a fault", "content": envelope},
            **dict.fromkeys(("404", "405", "414", "415", "431"), refused_early),
        }
    if call.path == LOGIN_PAGE:
        page: dict[str, Any] = {HTML: {"schema": {"type": "string"}}}
        return {
            "200": {"description": "the login page", "content": page},
            "302": {"description": "back to the app, with a code or an error"},
            "400": {"description": "an app that nobody can be sent back to", "content": page},
        }
    if call.path.startswith(OAUTH):
        text: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in (TEXT, FORM, "application/xml")}
        refused: dict[str, Any] = {JSON: {"schema": {"$ref": "#/components/schemas/OAuthError"}}, **text}
        return {
            "200": {"description": "done", "content": {JSON: {}, **text}},
            **{status: {"description": "refused", "content": refused} for status in ("400", "401", "403")},
        }
    responses: dict[str, Any] = {status: _success(call, status) for status in SUCCESS[call.method]}
    responses |= {
        code: {"description": text, "content": {JSON: {}}} for code, text in REDIRECTED.items() if code in call.errors
    }
    plain = [code for code in call.errors if code.isdigit() and code not in REDIRECTED]
    codes = sorted({*call.errors, *ERRORS} - REDIRECTED.keys() - set(plain))
    for status in sorted({HTTP_STATUS.get(code, STATUS_OF.get(code, 400)) for code in codes} | {400}):
        responses[str(status)] = {"description": "refused", "content": {JSON: {"schema": _refusal(call, codes)}}}
    for code in plain:
        refusal = responses.setdefault(code, {"description": "refused", "content": {}})
        refusal["content"][TEXT] = {"schema": {"type": "string"}}
    return responses


def _success(call: Endpoint, status: str) -> dict[str, Any]:
    if status == "204":
        return {"description": "done"}
    if call.answer == "file":
        return {"description": "the rows", "content": {"text/csv": {"schema": {"type": "string"}}}}
    return {"description": "done", "content": {JSON: {"schema": {"type": ["object", "array"]}}}}


def _refusal(call: Endpoint, codes: list[str]) -> Schema:
    if not call.path.startswith(TREE):
        return _errors(codes)
    row = {"type": "object", "required": ["referenceId", "errors"]}
    results = {"type": "array", "items": row, "minItems": 1}
    tree = {"type": "object", "properties": {"hasErrors": {"const": True}, "results": results}}
    return {"anyOf": [_errors(codes), tree | {"required": ["hasErrors", "results"]}]}


def _errors(codes: list[str]) -> Schema:
    """Return the schema of a refusal: only with codes that the call declares, or that every call can give."""
    item = {
        "type": "object",
        "properties": {
            "errorCode": {"enum": codes},
            "message": {"type": "string", "minLength": 1},
            "fields": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["errorCode", "message"],
    }
    return {"type": "array", "items": item, "minItems": 1}
