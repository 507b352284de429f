"""The calls that are made of calls."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Schema
from actionsync_simulators.salesforce.composite import composite
from actionsync_simulators.salesforce.gateway.route import Route, route

TEXT: Schema = {"type": "string"}
METHOD: Schema = {"enum": ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]}
PARTS: Schema = {
    "type": "object",
    "properties": {
        "allOrNone": {"type": "boolean"},
        "compositeRequest": {
            "type": "array",
            "minItems": 1,
            "maxItems": composite.MOST_PARTS,
            "items": {
                "type": "object",
                "properties": {
                    "method": METHOD,
                    "url": TEXT,
                    "referenceId": {"type": "string", "pattern": "^[A-Za-z0-9_]+$"},
                    "body": {"type": ["object", "array", "null"]},
                    "httpHeaders": {"type": "object", "additionalProperties": TEXT},
                },
                "required": ["method", "url", "referenceId"],
            },
        },
    },
    "required": ["compositeRequest"],
}
BATCH: Schema = {
    "type": "object",
    "properties": {
        "haltOnError": {"type": "boolean"},
        "batchRequests": {
            "type": "array",
            "minItems": 1,
            "maxItems": composite.MOST_PARTS,
            "items": {
                "type": "object",
                "properties": {"method": METHOD, "url": TEXT, "richInput": {"type": ["object", "array", "null"]}},
                "required": ["method", "url"],
            },
        },
    },
    "required": ["batchRequests"],
}

ROUTES: tuple[Route, ...] = (
    route("GET", "composite", composite.index),
    route(
        "POST",
        "composite",
        composite.composite,
        runs_calls=True,
        schema=PARTS,
        errors=("EXCEEDED_ID_LIMIT", "PROCESSING_HALTED"),
        behaviours=(Behaviour("composite-references", "a part may refer to what an earlier one answered"),),
    ),
    route(
        "POST",
        "composite/batch",
        composite.batch,
        runs_calls=True,
        schema=BATCH,
        errors=("EXCEEDED_ID_LIMIT", "BATCH_PROCESSING_HALTED"),
    ),
)
