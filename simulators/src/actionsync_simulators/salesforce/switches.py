"""What can be set about this org: points where real orgs differ, or where the real behaviour is not verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesforceSwitches:
    """Behaviour of one simulated org, with what is documented as default. ValueError for a time zone that is none.

    Each comment names the open question, and why the default is what it is.
    """

    profile: Literal["integration-ready", "fresh-org", "sales-fields-hidden", "sales-fields-read-only"] = (
        "integration-ready"
    )
    """The field-level security that everyone starts with."""

    activity_fields: bool = True
    """Whether an admin has made the external id and the 15 sales fields of activities (`POST /_sim/package` does)."""

    session_timeout: timedelta = timedelta(hours=2)
    """How long an unused access token lives; use extends it."""

    locator_lifetime: timedelta = timedelta(minutes=15)
    """How long a query locator can be continued (documented as 15 minutes or 2 days)."""

    rotate_refresh_tokens: bool = False
    """A refresh answers with a new refresh token and the old one dies."""

    run_as_user: bool = True
    """Whether the app has a user for the client credentials grant."""

    auto_approve_logins: bool = False
    """The authorization endpoint sends a code at once instead of showing its login page (a browser with a session)."""

    trusted_network: bool = True
    """Whether a password is enough from everywhere; if not, the security token has to follow it."""

    jwt_public_key: str | None = None
    """The PEM key that JWT bearer assertions are verified with; without one only form and claims count."""

    audit_fields_on_create: bool = False
    """Whether the permission "Set Audit Fields upon Record Creation" is granted."""

    strict_create_only: bool = False
    """An upsert that updates also refuses an *unchanged* create-only field."""

    new_tasks_on_converted_leads: bool = False
    """A task may name a converted lead."""

    copy_opt_out_to_existing_contact: bool = True
    """Conversion into an existing contact sets its opt-outs (only false → true)."""

    change_event_objects: tuple[str, ...] = ("Task", "Lead", "Contact")
    """The objects whose change events are on at first."""

    change_event_allocation: int | None = 5
    """How many objects may be on (None: any number)."""

    change_events_of_moved_activities: bool = True
    """Conversion and merge publish an UPDATE of each task they move to another person."""

    merge_same_changes: bool = True
    """The same change of several records of one object in one transaction is one event."""

    transaction_change_limit: int = 100_000
    """Changed records of one transaction that are told one by one; then comes GAP_OVERFLOW."""

    largest_event: int = 1_000_000
    """Bytes of field values from which an event is replaced by a GAP event."""

    event_retention: timedelta = timedelta(hours=72)
    """How long events can be replayed."""

    keepalive: timedelta = timedelta(seconds=60)
    """A subscriber with nothing to receive gets an empty response this often (documented: within 270 seconds)."""

    idle_subscription: timedelta = timedelta(seconds=60)
    """A subscription without credit is ended after this (documented as 60 or 70 seconds)."""

    idle_publish_stream: timedelta = timedelta(seconds=70)
    """A publish stream without a request is ended after this (documented as 70 or 1,800 seconds)."""

    connect_timeout: timedelta = timedelta(seconds=110)
    """How long CometD holds a connect."""

    reconnect_within: timedelta = timedelta(seconds=40)
    """For how long a CometD client may stay away."""

    bulk_queue_seconds: float = 0.0
    """How long a bulk job or batch waits before it is in progress (a real org: seconds to minutes)."""

    bulk_chunk_seconds: float = 0.0
    """How long a bulk job works on 200 rows, or on 2,000 rows of a query (a real org: up to seconds)."""

    bulk_hard_delete: bool = True
    """Whether users have the permission "Bulk API Hard Delete" (a new org: nobody)."""

    deleted_row_status: int = 404
    """HTTP status of reading a deleted row by id."""

    first_version: int = 31
    """Oldest API version served."""

    last_version: int = 66
    """Newest API version served."""

    organization_name: str = "Simulated Sales Org"
    """Name of the org."""

    time_zone: str = "America/Los_Angeles"
    """The org's and its users' time zone, in which date literals are meant."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (LookupError, ValueError):
            raise ValueError(f"{self.time_zone!r} is not a time zone") from None
