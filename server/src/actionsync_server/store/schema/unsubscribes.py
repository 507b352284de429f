"""Unsubscribed addresses, their history, and the checks before sends."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from actionsync_server.store.schema.columns import integer, metadata, text

unsubscribes = Table(
    "unsubscribes",
    metadata,
    text("instance_id", key=True),
    text("email_key", key=True),
    text("unsubscribe_id"),
    integer("source"),
    text("reason"),
    text("user_id"),
    integer("unsubscribe_time"),
    UniqueConstraint("instance_id", "unsubscribe_id", name="unsubscribes_by_id"),
)

unsubscribe_events = Table(
    "unsubscribe_events",
    metadata,
    text("instance_id", key=True),
    text("event_id", key=True),
    text("email_key"),
    integer("unsubscribed"),
    integer("source"),
    text("reason"),
    text("consent"),
    text("user_id"),
    integer("event_time"),
    Index("unsubscribe_events_by_address", "instance_id", "email_key", "event_id"),
)

send_checks = Table(
    "send_checks",
    metadata,
    text("instance_id", key=True),
    text("check_id", key=True),
    text("user_id"),
    integer("channel"),
    integer("check_time"),
    integer("expire_time"),
    text("verdicts"),  # JSON: [[email_key hash, decision, reason], …]
    Index("send_checks_by_time", "instance_id", "check_time"),
)

carried_unsubscribes = Table(  # people whose address changed while it was opted out: theirs stays so until confirmed
    "carried_unsubscribes",
    metadata,
    text("instance_id", key=True),
    text("person_id", key=True),
    text("email_key"),  # the former address
    integer("carry_time"),
)
