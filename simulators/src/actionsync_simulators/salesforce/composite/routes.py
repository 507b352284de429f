"""The calls that are made of calls."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.salesforce.composite import composite, graph, tree
from actionsync_simulators.salesforce.gateway.route import Route, route
from actionsync_simulators.salesforce.rows.refusals import WRITTEN

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

GRAPHS: Schema = {
    "type": "object",
    "properties": {
        "graphs": {
            "type": "array",
            "minItems": 1,
            "maxItems": graph.MOST_GRAPHS,
            "items": {
                "type": "object",
                "properties": {
                    "graphId": {"type": "string", "pattern": "^[A-Za-z0-9][^.]{0,38}$"},
                    "compositeRequest": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": graph.MOST_NODES,
                        "items": PARTS["properties"]["compositeRequest"]["items"],
                    },
                },
                "required": ["graphId", "compositeRequest"],
            },
        },
    },
    "required": ["graphs"],
}
TREE: Schema = {
    "type": "object",
    "properties": {
        "records": {
            "type": "array",
            "minItems": 1,
            "maxItems": tree.MOST_RECORDS,
            "items": {
                "type": "object",
                "properties": {
                    "attributes": {
                        "type": "object",
                        "properties": {"type": TEXT, "referenceId": TEXT},
                        "required": ["type", "referenceId"],
                    },
                },
                "required": ["attributes"],
            },
        },
    },
    "required": ["records"],
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
    route(
        "POST",
        "composite/graph",
        graph.graph,
        runs_calls=True,
        schema=GRAPHS,
        errors=("EXCEEDED_ID_LIMIT", "PROCESSING_HALTED"),
        behaviours=(
            Behaviour("graphs-alone", "each graph is done as a whole or not at all; a failed one stops no other"),
            Behaviour("graphs-end-after-failures", "after more than 14 failed graphs the others are not tried"),
        ),
    ),
    route(
        "POST",
        "composite/tree/{object}",
        tree.tree,
        params=(Param("object", required=True, description="name of the object of the roots", example="Account"),),
        schema=TREE,
        errors=("INVALID_INPUT", *WRITTEN),
        behaviours=(
            Behaviour("tree-all-or-none", "one refused record takes all back, and is the only one in the answer"),
            Behaviour("tree-by-levels", "records are created, and stand in the answer, level by level"),
        ),
    ),
)
