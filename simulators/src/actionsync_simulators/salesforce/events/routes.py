"""The REST calls about events: the Avro schema of an event, by its id or by its name."""

from __future__ import annotations

from typing import Any

import orjson

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.salesforce.events.topic_schema import schema_id_of_topic
from actionsync_simulators.salesforce.gateway.errors import not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.gateway.route import Route, route
from actionsync_simulators.salesforce.state import Org


def schema_by_id(org: Org, request: Request, schema_id: str) -> Response:
    """GET {base}/event/eventSchema/{id}: also a schema that is no longer in use."""
    text = org.events.schema(schema_id)
    if text is None:
        raise not_found()
    return Response(200, _shown(orjson.loads(text), schema_id, request))


def schema_by_name(org: Org, request: Request, event: str) -> Response:
    """GET {base}/sobjects/{event}/eventSchema: the schema that new events have."""
    topic = org.selection.topic(f"/data/{event}") or org.selection.topic(f"/event/{event}")
    schema_id = "" if topic is None else schema_id_of_topic(org, topic)
    if not schema_id:
        raise not_found()
    return schema_by_id(org, request, schema_id)


def _shown(schema: dict[str, Any], schema_id: str, request: Request) -> dict[str, Any]:
    if request.query.get("payloadFormat", "EXPANDED").upper() == "COMPACT":
        return {**schema, "uuid": schema_id}
    # As CometD carries the event: the record is the payload, beside its schema id and its place.
    place = {"type": "record", "name": "Event", "fields": [{"name": "replayId", "type": "long"}]}
    data = [
        {"name": "schema", "type": "string"},
        {"name": "payload", "type": {key: schema[key] for key in ("type", "name", "fields")}},
        {"name": "event", "type": place},
    ]
    fields = [{"name": "data", "type": {"type": "record", "name": "Data", "fields": data}}]
    expanded = {"name": schema["name"], "namespace": schema["namespace"], "type": "expanded-record"}
    return {**expanded, "fields": fields, "uuid": schema_id}


_FORMAT = Param("payloadFormat", description="COMPACT: the Avro schema; EXPANDED: as CometD carries the event")
ROUTES: tuple[Route, ...] = (
    route(
        "GET",
        "event/eventSchema/{schema_id}",
        schema_by_id,
        params=(_FORMAT,),
        behaviours=(
            Behaviour("event-schemas-stay", "A schema can be asked for after the object has got more fields."),
        ),
    ),
    route("GET", "sobjects/{event}/eventSchema", schema_by_name, params=(_FORMAT,)),
)
