"""Which Salesforce record gets the Task when an address has several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actionsync_server.model.settings import DuplicateRule


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact or an unconverted lead with the address. The times are Salesforce's own texts, which sort as times."""

    record_id: str
    is_contact: bool
    created: str
    updated: str


def choose(candidates: Sequence[Candidate], rule: DuplicateRule) -> list[str]:
    """Return the ids of the records that get the Task: one, or with ALL every one, the oldest first."""
    if not candidates:
        return []
    by_age = sorted(candidates, key=lambda one: (one.created, one.record_id))
    match rule:
        case DuplicateRule.ALL:
            # In an order that later records do not change: a repeated write must meet the same Tasks again.
            return [one.record_id for one in by_age]
        case DuplicateRule.OLDEST:
            return [by_age[0].record_id]
        case DuplicateRule.CONTACT_FIRST:
            return [max(candidates, key=lambda one: (one.is_contact, one.updated, one.record_id)).record_id]
        case DuplicateRule.MOST_RECENTLY_UPDATED:
            return [max(candidates, key=lambda one: (one.updated, one.is_contact, one.record_id)).record_id]
