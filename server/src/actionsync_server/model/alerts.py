"""Every alert there is: what needs a person, who has to act, and when it is over.

An alert is raised once for each matter, stands as long as it lasts, and is cleared by what ends it, also after a
restart. The README's table is made from here; an alert that is not listed here cannot be raised.
"""

from __future__ import annotations

from dataclasses import dataclass

from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System


@dataclass(frozen=True, slots=True)
class AlertKind:
    """One name: what it says, who has to act, what ends it. `each` tells what several of one name stand for."""

    name: str
    system: System | None  # None where it may be either
    owner: ActionOwner
    meaning: str
    ends: str
    each: str = ""


ALERT_KINDS = (
    AlertKind(
        "person_limit_reached",
        System.ACTIONSYNC,
        ActionOwner.ADMIN,
        "The instance holds as many people as it may; new ones are left out.",
        "there is room for everybody who was left out",
    ),
    AlertKind(
        "reconcile_withheld",
        System.MARKETO,
        ActionOwner.MARKETO_ADMIN,
        "Marketo shows many of our people no more, too many at once to be taken for deleted; their copies stay.",
        "a nightly comparison finds them, or they are erased",
    ),
    AlertKind(
        "login_refused",
        None,
        ActionOwner.ADMIN,
        "A system does not take a login any more; what needs it waits.",
        "somebody connects anew, disconnects, or CheckConnection finds the login taken again",
        each="login",
    ),
    AlertKind(
        "user_not_connected",
        System.SALESFORCE,
        ActionOwner.ADMIN,
        "A seller has no login to Salesforce; what they did waits to be logged.",
        "the seller is connected",
        each="seller",
    ),
    AlertKind(
        "activity_types_missing",
        System.MARKETO,
        ActionOwner.MARKETO_ADMIN,
        "Marketo lacks custom activity types that activities are written to; they wait.",
        "ConnectMarketo or CheckConnection finds all types approved",
    ),
    AlertKind(
        "lead_fields_missing",
        System.MARKETO,
        ActionOwner.MARKETO_ADMIN,
        "Marketo lacks fields that the people are copied from; they stay empty, or nobody qualifies.",
        "ConnectMarketo or CheckConnection finds the fields",
    ),
    AlertKind(
        "people_sync_failing",
        System.MARKETO,
        ActionOwner.ADMIN,
        "Changed people have not been read from Marketo for an hour or longer; the copy is behind.",
        "the feed is read again",
        each="feed",
    ),
    AlertKind(
        "reconcile_withheld",
        System.MARKETO,
        ActionOwner.MARKETO_ADMIN,
        "The nightly comparison found many people gone from Marketo at once, and kept their copies.",
        "a comparison finds them again, or their copies are erased",
    ),
    AlertKind(
        "check_unavailable",
        System.MARKETO,
        ActionOwner.ADMIN,
        "Sends cannot be checked in Marketo; they are held or go unchecked, as the settings say.",
        "a check is answered, or the check is turned off",
    ),
    AlertKind(
        "quota_low",
        None,
        ActionOwner.ADMIN,
        "80 % of the day's calls to a system are used; the message says when the rest will be.",
        "the system's new day begins",
        each="system",
    ),
    AlertKind(
        "quota_spent",
        None,
        ActionOwner.ADMIN,
        "The day's calls to a system are used; only what waits for nobody's calls goes on.",
        "the system's new day begins",
        each="system",
    ),
    AlertKind(
        "task_type_values_missing",
        System.SALESFORCE,
        ActionOwner.SALESFORCE_ADMIN,
        "The Type picklist of Task lacks values that the settings make us write; such Tasks have no Type.",
        "the values are there, or are not needed",
    ),
    AlertKind(
        "task_fields_not_writable",
        System.SALESFORCE,
        ActionOwner.SALESFORCE_ADMIN,
        "A login may not write some of our fields of Task; they stay empty.",
        "the fields are writable for the login",
        each="login",
    ),
    AlertKind(
        "opt_out_field_not_writable",
        System.SALESFORCE,
        ActionOwner.SALESFORCE_ADMIN,
        "The opt-out field is missing or not writable for the instance's login; unsubscribes wait.",
        "an unsubscribe is pushed",
    ),
    AlertKind(
        "unsubscribe_sync_failing",
        System.SALESFORCE,
        ActionOwner.ADMIN,
        "Opt-outs could not be compared with Salesforce.",
        "a comparison succeeds",
    ),
    AlertKind(
        "deliveries_failing",
        None,
        ActionOwner.ADMIN,
        "Deliveries to a system have been tried in vain for an hour or longer.",
        "none of them is tried in vain for so long any more",
        each="system",
    ),
    AlertKind(
        "deliveries_failed",
        None,
        ActionOwner.ADMIN,
        "Deliveries to a system have failed for good and wait for somebody to retry or discard them.",
        "each of them is retried or discarded",
        each="system",
    ),
)

ALERT_NAMES = frozenset(kind.name for kind in ALERT_KINDS)


def readme_table() -> str:
    """Return the table of all alerts for the README."""
    lines = ["| Alert | System | Who acts | What is the matter | It is over when |", "| --- | --- | --- | --- | --- |"]
    for kind in sorted(ALERT_KINDS, key=lambda one: one.name):
        system = "either" if kind.system is None else kind.system.name.capitalize()
        meaning = f"{kind.meaning} One for each {kind.each}." if kind.each else kind.meaning
        owner = kind.owner.name.lower().replace("_", " ")
        lines.append(f"| `{kind.name}` | {system} | {owner} | {meaning} | {kind.ends} |")
    return "\n".join(lines)
