"""Instances, users, their connections and settings, and what needs a person."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table

from actionsync_server.store.schema.columns import integer, metadata, text

instances = Table("instances", metadata, text("instance_id", key=True), text("display_name"), integer("create_time"))

users = Table(
    "users",
    metadata,
    text("instance_id", key=True),
    text("user_id", key=True),
    text("email"),
    text("display_name"),
    text("salesforce_user_id"),
    integer("role"),
    text("time_zone"),
    integer("bcc_logging"),
    integer("create_time"),
    integer("remove_time", nullable=True),  # removed users stay as the sellers of their activities
)

connections = Table(
    "connections",
    metadata,
    text("instance_id", key=True),
    integer("system", key=True),
    text("user_id", key=True),  # "" for the instance's own
    text("base_url"),
    text("client_id"),
    text("account_id"),
    Column("secret", LargeBinary, nullable=False),  # encrypted
    text("details"),  # JSON: what the preflight learned, such as the ids of the custom activity types
    text("connect_user_id"),
    integer("connect_time"),
    integer("login_refused"),
)

settings = Table(
    "settings",
    metadata,
    text("instance_id", key=True),
    text("document"),  # JSON of what differs from the defaults
    integer("revision"),
    integer("update_time"),
)

settings_changes = Table(
    "settings_changes",
    metadata,
    text("instance_id", key=True),
    text("change_id", key=True),
    text("path"),
    text("old_value"),
    text("new_value"),
    text("user_id"),
    integer("change_time"),
)

alerts = Table(
    "alerts",
    metadata,
    text("instance_id", key=True),
    text("name", key=True),
    text("subject", key=True),  # what exactly, for example a user id; "" for the instance
    integer("system"),
    text("message"),
    text("next_step"),
    integer("owner"),
    integer("start_time"),
)

requests = Table(
    "requests",
    metadata,
    text("instance_id", key=True),
    text("method", key=True),
    text("request_id", key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("response", LargeBinary, nullable=False),
    integer("create_time"),
    Index("requests_by_time", "create_time"),
)

quota_usage = Table(
    "quota_usage",
    metadata,
    text("instance_id", key=True),
    integer("system", key=True),
    text("day", key=True),  # YYYY-MM-DD as the system's day goes
    integer("own_call_count"),
    integer("used_call_count", nullable=True),
    integer("limit_call_count", nullable=True),
)

flow_usage = Table(  # calls by flow, for the budget of each
    "flow_usage",
    metadata,
    text("instance_id", key=True),
    integer("system", key=True),
    text("day", key=True),  # YYYY-MM-DD as the system's day goes
    text("flow", key=True),
    integer("call_count"),
)
