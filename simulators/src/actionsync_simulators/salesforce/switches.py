"""What can be set about this org: points where real orgs differ, or where the real behaviour is not verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SalesforceSwitches:
    """Knobs of the simulated org, with the documented behaviour as default.

    profile: the field-level security everyone starts with ("integration-ready" or "fresh-org").
    session_timeout: how long an unused access token lives; use extends it.
    locator_lifetime: how long a query locator can be continued (documented as 15 minutes or 2 days).
    rotate_refresh_tokens: a refresh answers with a new refresh token and the old one dies.
    run_as_user: whether the app has a user for the client credentials grant.
    jwt_public_key: the PEM key that JWT bearer assertions are verified with; without one only form and claims count.
    audit_fields_on_create: "Set Audit Fields upon Record Creation" is granted.
    strict_create_only: an upsert that updates also refuses an *unchanged* create-only field.
    new_tasks_on_converted_leads: a task may name a converted lead.
    copy_opt_out_to_existing_contact: conversion into an existing contact sets its opt-outs (only false → true).
    change_event_objects: the objects whose change events are on at first.
    change_event_allocation: how many objects may be on (None: any number).
    change_events_of_moved_activities: conversion and merge publish an UPDATE of each task they move to another person.
    merge_same_changes: the same change of several records of one object in one transaction is one event.
    transaction_change_limit: changed records of one transaction that are told one by one; then comes GAP_OVERFLOW.
    largest_event: bytes of field values from which an event is replaced by a GAP event.
    event_retention: how long events can be replayed.
    keepalive: a subscriber with nothing to receive gets an empty response this often (documented: within 270 seconds).
    idle_subscription: a subscription without credit is ended after this (documented as 60 or 70 seconds).
    idle_publish_stream: a publish stream without a request is ended after this (documented as 70 or 1,800 seconds).
    connect_timeout, reconnect_within: how long CometD holds a connect, and for how long a client may stay away.
    deleted_row_status: HTTP status of reading a deleted row by id.
    first_version, last_version: API versions served.
    """

    profile: str = "integration-ready"
    session_timeout: timedelta = timedelta(hours=2)
    locator_lifetime: timedelta = timedelta(minutes=15)
    rotate_refresh_tokens: bool = False
    run_as_user: bool = True
    jwt_public_key: str | None = None
    audit_fields_on_create: bool = False
    strict_create_only: bool = False
    new_tasks_on_converted_leads: bool = False
    copy_opt_out_to_existing_contact: bool = True
    change_event_objects: tuple[str, ...] = ("Task", "Lead", "Contact")
    change_event_allocation: int | None = 5
    change_events_of_moved_activities: bool = True
    merge_same_changes: bool = True
    transaction_change_limit: int = 100_000
    largest_event: int = 1_000_000
    event_retention: timedelta = timedelta(hours=72)
    keepalive: timedelta = timedelta(seconds=60)
    idle_subscription: timedelta = timedelta(seconds=60)
    idle_publish_stream: timedelta = timedelta(seconds=70)
    connect_timeout: timedelta = timedelta(seconds=110)
    reconnect_within: timedelta = timedelta(seconds=40)
    deleted_row_status: int = 404
    first_version: int = 31
    last_version: int = 66
    organization_name: str = "Simulated Sales Org"
    time_zone: str = "America/Los_Angeles"
