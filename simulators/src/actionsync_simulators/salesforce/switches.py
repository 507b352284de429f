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
    deleted_row_status: int = 404
    first_version: int = 31
    last_version: int = 66
    organization_name: str = "Simulated Sales Org"
    time_zone: str = "America/Los_Angeles"
