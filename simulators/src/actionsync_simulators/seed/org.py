"""The generated world: one sales organisation as Salesforce and Marketo both know it, from a seed.

Pure data, no database. The shares of N people are exact (rounded to whole people):
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

PersonKind = Literal["lead", "contact", "marketo_only"]


@dataclass(frozen=True, slots=True)
class User:
    """A Salesforce user. `role` is what the user is there for."""

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
    website: str
    industry: str
    phone: str
    billing_city: str
    billing_country: str
    employees: int
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

    `owner_id` is a user (005…), a queue (00G…, leads only) or None (Marketo-only, or deleted in Salesforce).
    `salesforce_id` is 00Q… or 003… and None only for Marketo-only people. `opportunity_id` is the most recently
    modified open opportunity with a contact role of this contact, else None.
    """

    kind: PersonKind
    first_name: str
    last_name: str
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

    `issued` counts the Salesforce ids used for each key prefix (serials 1 to n, see `salesforce_ids.salesforce_id`), so that new rows go
    on from there. `users[0]` is the API user (the Salesforce simulator gives it the username of its credentials).
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


def generate(people: int, *, seed: int, start: datetime) -> World:
    """Generate the world for so many people. The same arguments give the same world."""
    raise NotImplementedError
