"""Control calls about change events: what is published, gaps, what is retained, and the streams that are open."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from actionsync_simulators.control import ControlError
from actionsync_simulators.salesforce.events.event_schema import CHANGE_TYPES
from actionsync_simulators.salesforce.events.gaps import publish_gap
from actionsync_simulators.salesforce.events.managed_subscriptions import (
    KEY_PREFIX,
    ManagedSubscription,
    keep_managed_subscription,
    managed_subscriptions,
)
from actionsync_simulators.salesforce.events.platform_events import FIELD_TYPES
from actionsync_simulators.salesforce.events.pubsub.errors import PREFIX, STATUS_OF, PubSubError, lost_connection
from actionsync_simulators.salesforce.events.selection import can_publish
from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org

Arguments = dict[str, Any]
GAPS = tuple(kind for kind in CHANGE_TYPES if kind.startswith("GAP"))
_SELECT_HINT = '{"objects": ["Task", "Lead"]}, or with "channel": "Sales__chn" the objects of a custom channel'
_GAP_HINT = '{"type": "GAP_UPDATE", "object": "Task", "records": ["00T…"]}'
_EXPIRE_HINT = '{"up_to": 1000123}, a replay id as a number; or {} for everything that is there'
_STREAM_HINT = '{"topic": "/data/TaskChangeEvent", "error": "service.auth.error"}; {} cuts every connection'
_EVENT_HINT = '{"name": "Order_Shipped__e", "fields": {"Order__c": "text"}}'
_MANAGED_HINT = '{"developer_name": "Sync", "topic": "/data/TaskChangeEvent", "earliest": false, "running": true}'


def _shown(org: Org, _: Arguments) -> dict[str, Any]:
    log = org.events
    log.expire()
    return {
        "objects": sorted(org.selection.selected),
        "channels": {name: list(members) for name, members in sorted(org.selection.channels.items())},
        "platform_events": org.selection.platform_events,
        "managed_subscriptions": [each.plain() for each in managed_subscriptions(org)],
        "events": log.counts(),
        "newest_replay_id": log.newest,
        "expired_replay_id": log.expired,
    }


def _select(org: Org, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, "objects channel", hint=_SELECT_HINT)
    given = arguments.get("objects")
    if not isinstance(given, list):
        raise ControlError("objects is a list of object names", hint=_SELECT_HINT)
    names = sorted({_publisher(org, name, hint=_SELECT_HINT).name for name in given})
    if "channel" in arguments:
        channel = arguments["channel"]
        if not isinstance(channel, str) or not re.fullmatch(r"[A-Za-z]\w*__chn", channel):
            raise ControlError(f"{channel!r} is not the name of a channel", hint=_SELECT_HINT)
        org.selection.set_channel(channel, names)
        return _shown(org, {})
    allocation = org.switches.change_event_allocation
    if allocation is not None and len(names) > allocation:
        raise ControlError(f"at most {allocation} objects can be selected", hint="a custom channel counts by itself")
    org.selection.select(names)
    return _shown(org, {})


def _gap(org: Org, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, "type object records", hint=_GAP_HINT)
    kind, records = arguments.get("type"), arguments.get("records", [])
    if kind not in GAPS:
        raise ControlError(f"type is one of {', '.join(GAPS)}", hint=_GAP_HINT)
    sobject = _publisher(org, arguments.get("object"), hint=_GAP_HINT)
    if not isinstance(records, list):
        raise ControlError("records is a list of record ids", hint=_GAP_HINT)
    ids = [full_id(each) if isinstance(each, str) else None for each in records]
    known = [each for each in ids if each is not None and each.startswith(sobject.key_prefix)]
    if len(known) != len(records):
        raise ControlError(f"records are ids of {sobject.name}", hint=_GAP_HINT)
    if not known and kind != "GAP_OVERFLOW":
        raise ControlError("which records?", hint=_GAP_HINT)
    return {"replay_id": publish_gap(org, sobject, str(kind), known)}


def _expire(org: Org, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, "up_to", hint=_EXPIRE_HINT)
    up_to = arguments.get("up_to", org.events.newest)
    if not isinstance(up_to, int) or isinstance(up_to, bool) or not 0 <= up_to <= org.events.newest:
        raise ControlError(f"up_to is {up_to!r}, not a replay id given out so far", hint=_EXPIRE_HINT)
    org.events.forget_up_to(up_to)
    return {"expired_replay_id": org.events.expired, "events": org.events.counts()}


def _streams(org: Org, _: Arguments) -> dict[str, Any]:
    return {"streams": [stream.describe() for stream in org.streams]}


def _end_streams(org: Org, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, "topic error", hint=_STREAM_HINT)
    topic, code = arguments.get("topic"), arguments.get("error")
    if not (topic is None or isinstance(topic, str)):
        raise ControlError("topic is the name of a topic", hint=_STREAM_HINT)
    if code is None:
        return {"ended": org.streams.end(lost_connection(), topic=topic)}
    suffix = str(code).removeprefix(PREFIX)
    if suffix not in STATUS_OF:
        raise ControlError(f"the Pub/Sub API has no error {code!r}", hint=f"one of {', '.join(STATUS_OF)}")
    return {"ended": org.streams.end(PubSubError(suffix), topic=topic)}


def _define(org: Org, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, "name fields", hint=_EVENT_HINT)
    name, fields = arguments.get("name"), arguments.get("fields")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z]\w*__e", name):
        raise ControlError(f"{name!r} is not the name of a platform event", hint=_EVENT_HINT)
    if not isinstance(fields, dict) or not fields:
        raise ControlError("fields is an object of field names and types", hint=_EVENT_HINT)
    for field, kind in fields.items():
        if not re.fullmatch(r"[A-Za-z]\w*__c", field) or kind not in FIELD_TYPES:
            raise ControlError(f"{field} {kind!r} is no field", hint=f"types are {', '.join(FIELD_TYPES)}")
    org.selection.define_platform_event(name, fields)
    return {"topic": f"/event/{name}"}


def _manage(org: Org, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, "developer_name topic earliest running", hint=_MANAGED_HINT)
    name, topic = arguments.get("developer_name"), arguments.get("topic")
    if not isinstance(name, str) or not name:
        raise ControlError("developer_name is needed", hint=_MANAGED_HINT)
    known = next((each for each in managed_subscriptions(org) if each.developer_name == name), None)
    topic = known.topic if topic is None and known is not None else topic
    if not isinstance(topic, str) or org.selection.topic(topic) is None:
        raise ControlError(f"there is no topic {topic!r}", hint=_MANAGED_HINT)
    flags = {"earliest": arguments.get("earliest", False), "running": arguments.get("running", True)}
    if not all(isinstance(flag, bool) for flag in flags.values()):
        raise ControlError("earliest and running are true or false", hint=_MANAGED_HINT)
    subscription = ManagedSubscription(
        id=org.issue_id(KEY_PREFIX) if known is None else known.id,
        developer_name=name,
        topic=topic,
        position=None if known is None else known.position,
        **flags,
    )
    keep_managed_subscription(org, subscription)
    return subscription.plain()


def _publisher(org: Org, name: Any, *, hint: str) -> SObject:
    sobject = org.schema.object(name) if isinstance(name, str) else None
    if sobject is None or not can_publish(sobject):
        raise ControlError(f"{name!r} is no object with change events", hint=hint)
    return sobject


def _only(arguments: Arguments, members: str, *, hint: str) -> None:
    unknown = sorted(set(arguments) - set(members.split()))
    if unknown:
        raise ControlError(f"unknown member {unknown[0]!r}", hint=hint)


CALLS: dict[tuple[str, str], Callable[[Org, Arguments], Any]] = {
    ("GET", "change-events"): _shown,
    ("POST", "change-events"): _select,
    ("POST", "change-events/gap"): _gap,
    ("POST", "change-events/expire"): _expire,
    ("GET", "streams"): _streams,
    ("POST", "streams/end"): _end_streams,
    ("POST", "platform-events"): _define,
    ("POST", "managed-subscriptions"): _manage,
}
