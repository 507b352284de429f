"""People as we copy them: the 13 synced fields, who qualifies, and how ids and addresses are compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from actionsync_server.clock import Micros


class Qualification(Enum):
    """Whether a person is a sales lead; the numbers are the contract's."""

    QUALIFIED = 1
    NOT_QUALIFIED = 2
    DELETED = 3


class SkipReason(Enum):
    """Why a person does not qualify, or is left out; the numbers are the contract's."""

    NONE = 0
    NOT_IN_SALESFORCE = 1
    NO_OWNER = 2
    OWNED_BY_QUEUE = 3
    DELETED_IN_SALESFORCE = 4
    OVER_LIMIT = 5
    DELETED_IN_MARKETO = 6


class ListOrder(Enum):
    """How people are listed; the numbers are the contract's."""

    PERSON_ID = 1
    UPDATE_TIME_DESCENDING = 2


@dataclass(frozen=True, slots=True)
class PersonFields:
    """The synced fields but for the Marketo id. Empty text stands for Marketo's null."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    company: str = ""
    title: str = ""
    phone: str = ""
    linkedin_url: str = ""
    source: str = ""
    salesforce_lead_id: str = ""
    salesforce_contact_id: str = ""
    salesforce_account_id: str = ""
    salesforce_opportunity_id: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Our copy of one Marketo person. Identity is the Marketo id; two people may share an address."""

    person_id: str
    marketo_id: int
    fields: PersonFields
    qualification: Qualification
    qualification_reason: SkipReason
    revision: int
    create_time: Micros
    update_time: Micros


@dataclass(frozen=True, slots=True)
class MarketoPerson:
    """One lead as Marketo has it now. What is beside the fields decides who qualifies and is never stored.

    `owner_id` is "" where there is no owner and None where nobody can tell.
    """

    marketo_id: int
    fields: PersonFields
    owner_id: str | None
    record_type: str  # "Lead", "Contact", or "" for somebody whom only Marketo knows
    deleted_in_salesforce: bool


def email_key(address: str) -> str:
    """Return the form in which addresses are compared: trimmed, without case. Aliases stay different addresses."""
    return address.strip().casefold()


def search_text(*values: str) -> str:
    """Return the words of `values` in small letters, each after a space: a search looks for the begin of a word."""
    words = " ".join(values).casefold().split()
    return " " + " ".join(words) if words else ""


_CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce_id(text: str) -> str:
    """Return the 18-character form of a Salesforce id; other text, also an empty one, comes back as it is."""
    if len(text) != 15 or not text.isalnum():
        return text
    groups = (text[0:5], text[5:10], text[10:15])
    bits = (sum(1 << place for place, letter in enumerate(group) if "A" <= letter <= "Z") for group in groups)
    return text + "".join(_CHECKSUM[number] for number in bits)
