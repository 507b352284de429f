"""An OpenAPI 3.1 document from what the calls of a simulator say of themselves.

What is the same in both APIs is made here; each simulator's `document.py` says what is its own: where its calls are
on the wire, which bodies they take, what they answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actionsync_simulators.endpoint import Endpoint, Param, ParamType, Schema

OPENAPI_VERSION = "3.1.0"
BEARER = "bearer"
FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
TEXT = "text/plain"
"""Media types of the documents."""

FILE: Schema = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}},
    "required": ["file"],
}
"""The body of an upload."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TYPES: Mapping[ParamType, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "strings": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "integers": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
    "json": {"type": "string", "contentMediaType": JSON},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One API. `wire_path` gives the path of a call, `media` the content type of its body (None: it takes none),
    `responses` its answers by status; `is_open` tells which calls need no token.
    """

    title: str
    description: str
    calls: Iterable[Endpoint]
    wire_path: Callable[[Endpoint], str]
    media: Callable[[Endpoint], str | None]
    responses: Callable[[Endpoint], dict[str, Any]]
    is_open: Callable[[Endpoint], bool]
    schemas: Mapping[str, Schema] = field(default_factory=dict)


def openapi_document(api: Api) -> dict[str, Any]:
    """Return the document of every served call. Raises ValueError for a path whose variable part has no name."""
    paths: dict[str, dict[str, Any]] = {}
    for call in api.calls:
        if call.served:
            paths.setdefault(api.wire_path(call), {})[call.method.lower()] = _operation(api, call)
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": api.title, "description": api.description, "version": "1"},
        "servers": [{"url": "/"}],
        "security": [{BEARER: []}],
        "paths": paths,
        "components": {
            "securitySchemes": {BEARER: {"type": "http", "scheme": "bearer"}},
            "schemas": dict(api.schemas),
        },
    }


def _operation(api: Api, call: Endpoint) -> dict[str, Any]:
    path = api.wire_path(call)
    if "{}" in path:
        raise ValueError(f"{call.method} {path} has a variable part without a name")
    media = api.media(call)
    in_path, others = _split(path, call.params)
    in_body = others if call.schema is None and media == FORM else []
    schema = call.schema or (FILE if media == MULTIPART else _form(in_body) if in_body else None)
    operation: dict[str, Any] = {
        "operationId": _operation_id(call.method, path),
        "parameters": [_parameter(one, "path") for one in in_path]
        + [_parameter(one, "query") for one in others if one not in in_body],
        "responses": api.responses(call),
    }
    if call.behaviours:
        operation["description"] = "\n".join(f"* {one.text} (`{one.slug}`)" for one in call.behaviours)
    if media is not None and schema is not None:
        operation["requestBody"] = {
            "required": bool(schema.get("required")),
            "content": {media: {"schema": schema}},
        }
    if api.is_open(call):
        operation["security"] = []
    return operation


def _split(path: str, params: Iterable[Param]) -> tuple[list[Param], list[Param]]:
    """Return the parameters in the path, in its order, and the others. One name may stand for one of each."""
    wanted = _PLACEHOLDER.findall(path)
    in_path: dict[str, Param] = {}
    others = []
    for param in params:
        if param.name in wanted and param.name not in in_path:
            in_path[param.name] = param
        else:
            others.append(param)
    return [in_path.get(name) or Param(name) for name in wanted], others


def _parameter(param: Param, place: str) -> dict[str, Any]:
    listed = param.type in ("strings", "integers")
    described: dict[str, Any] = {
        "name": param.name,
        "in": place,
        "required": place == "path" or param.required,
        "schema": _schema(param),
    }
    if param.description:
        described["description"] = param.description
    if listed:
        described |= {"style": "form" if place == "query" else "simple", "explode": False}
    if param.example is not None:
        described["example"] = _example(param)
    return described


def _form(params: Iterable[Param]) -> dict[str, Any]:
    """Return the schema of a form. Lists are texts with commas in it."""
    properties, examples, required = {}, {}, []
    for param in params:
        properties[param.name] = _schema(param) | ({"description": param.description} if param.description else {})
        if param.example is not None:
            examples[param.name] = _example(param)
        if param.required:
            required.append(param.name)
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    if set(required) <= set(examples) and examples:
        schema["examples"] = [examples]
    return schema


def _schema(param: Param) -> dict[str, Any]:
    schema = dict(_TYPES[param.type])
    if schema == {"type": "string"} and param.required:
        schema["minLength"] = 1
    return schema


def _example(param: Param) -> Any:
    text = param.example or ""
    match param.type:
        case "integer":
            return int(text)
        case "integers":
            return [int(one) for one in text.split(",")]
        case "strings":
            return text.split(",")
        case "boolean":
            return text == "true"
        case _:
            return text


def _operation_id(method: str, path: str) -> str:
    words = re.findall(r"\w+", path.removesuffix(".json"))
    return "_".join([method.lower(), *words])
