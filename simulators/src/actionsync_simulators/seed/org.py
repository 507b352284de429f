"""The generated world: one sales organisation as Salesforce and Marketo both know it, from a seed.

Pure data, no database. Of N people exactly (each rounded to whole people, half up):

* 8 % exist in Marketo only, 5 % are leads owned by a queue, 2 % were deleted in Salesforce (no owner any
  more); of the rest, who all have a user as owner, 60 % are leads and 40 % contacts;
* 3 % share their email address with one other person (3 % rounded to pairs);
* 4 % are unsubscribed in Marketo and opted out in Salesforce (none of them deleted in Salesforce).

Besides: N/40 accounts, N/50 opportunities with 1 to 3 contact roles each, 25 users, 2 queues.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

PersonKind = Literal["lead", "contact", "marketo_only"]

HISTORY_DAYS = 120
"""People were created and last changed in so many days before the start."""


@dataclass(frozen=True, slots=True)
class User:
    """A Salesforce user. `role` says what the user is there for."""

    id: str
    username: str
    first_name: str
    last_name: str
    email: str
    title: str
    alias: str
    is_active: bool
    role: Literal["api", "marketo_sync", "seller", "inactive"]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """A Salesforce queue (a Group of type Queue) that can own leads."""

    id: str
    name: str
    developer_name: str
    created_at: datetime


class Account(NamedTuple):
    """A Salesforce account."""

    id: str
    name: str
    website: str | None
    industry: str | None
    phone: str | None
    billing_city: str | None
    billing_country: str | None
    employees: int | None
    owner_id: str
    created_at: datetime
    updated_at: datetime


class Opportunity(NamedTuple):
    """A Salesforce opportunity; `close_date` is a date (YYYY-MM-DD), `amount` whole currency units."""

    id: str
    name: str
    account_id: str
    stage_name: str
    amount: int
    probability: int
    close_date: str
    is_closed: bool
    is_won: bool
    lead_source: str | None
    owner_id: str
    created_at: datetime
    updated_at: datetime


class ContactRole(NamedTuple):
    """The role of a contact in an opportunity (OpportunityContactRole)."""

    id: str
    opportunity_id: str
    contact_id: str
    role: str
    is_primary: bool
    created_at: datetime


class Person(NamedTuple):
    """One person. Marketo knows all of them; Salesforce the leads and contacts that are not `crm_deleted`.

    `owner_id` is a user (005…), a queue (00G…, leads only) or None (Marketo-only, or deleted in
    Salesforce). `salesforce_id` is 00Q… or 003… and None only for Marketo-only people. `account_id` and
    `company` of a contact are its account's id and name. `opportunity_id` is the most recently modified
    open opportunity with a contact role of this contact, else None. Times are whole seconds, aware UTC.
    """

    kind: PersonKind
    first_name: str | None
    last_name: str | None
    email: str | None
    company: str | None
    title: str | None
    phone: str | None
    linkedin_url: str | None
    lead_source: str | None
    mobile_phone: str | None
    created_at: datetime
    updated_at: datetime
    owner_id: str | None
    salesforce_id: str | None
    account_id: str | None
    opportunity_id: str | None
    unsubscribed: bool
    marketo_id: int
    crm_deleted: bool


@dataclass(frozen=True, slots=True)
class World:
    """Everything the simulators start with. `start` is the clock's start, to the second.

    `issued` holds how many Salesforce ids of each key prefix are used (serials 1 to n of
    `salesforce_ids.salesforce_id`), so that new rows go on from there. `users[0]` is the API user (the
    Salesforce simulator gives it the username of its credentials), `users[1]` the user of Marketo's own
    sync.
    """

    seed: int
    start: datetime
    users: tuple[User, ...]
    queues: tuple[Queue, ...]
    accounts: list[Account]
    opportunities: list[Opportunity]
    contact_roles: list[ContactRole]
    people: list[Person]
    issued: dict[str, int]


@dataclass(frozen=True, slots=True)
class Shares:
    """How many people of each sort there are among N; `share_email` is always even."""

    marketo_only: int
    queue_owned: int
    crm_deleted: int
    user_owned_leads: int
    user_owned_contacts: int
    share_email: int
    unsubscribed: int

    @classmethod
    def of(cls, people: int) -> Shares:
        """Return the shares of so many people (0 up)."""
        if people < 0:
            raise ValueError("the number of people cannot be negative")
        marketo_only, queue_owned, crm_deleted = (
            _per_cent(people, 8),
            _per_cent(people, 5),
            _per_cent(people, 2),
        )
        owned = people - marketo_only - queue_owned - crm_deleted
        leads = _per_cent(owned, 60)
        return cls(
            marketo_only=marketo_only,
            queue_owned=queue_owned,
            crm_deleted=crm_deleted,
            user_owned_leads=leads,
            user_owned_contacts=owned - leads,
            share_email=2 * ((people * 3 + 100) // 200),
            unsubscribed=_per_cent(people, 4),
        )


def _per_cent(whole: int, share: int) -> int:
    return (whole * share + 50) // 100


def generate(people: int, *, seed: int, start: datetime) -> World:
    """Generate the world for so many people. The same arguments give the same world, value for value."""
    from actionsync_simulators.seed.generation import generate_world

    return generate_world(Shares.of(people), seed=seed, start=start)
