"""The schema that new events of a topic have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.salesforce.events.platform_events import platform_event_schema

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.events.selection import Topic
    from actionsync_simulators.salesforce.state import Org


def schema_id_of_topic(org: Org, topic: Topic) -> str:
    """The id of the schema that new events of a topic have; empty for a channel of several objects."""
    if topic.entity is None:
        return ""
    if topic.kind == "platform":
        return platform_event_schema(org, topic.entity)
    shape = org.changes.shape(org.sobject(topic.entity))
    org.events.keep_schema(shape.schema_id, shape.entity, shape.schema_text)
    return shape.schema_id
