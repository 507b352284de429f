"""Invented companies with reserved domains: enough of them, all with different names."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from actionsync_simulators.seed import names


class Company(NamedTuple):
    """An invented company; `phone_head` is the beginning of its telephone numbers."""

    name: str
    domain: str
    industry: str
    city: str
    country: str
    phone_head: str


def companies(count: int, rng: Random) -> list[Company]:
    """Return so many companies with different names and domains."""
    combinations = [(head, tail, industry) for head in names.COMPANY_HEADS for tail, industry in names.COMPANY_TAILS]
    rng.shuffle(combinations)
    made: list[Company] = []
    for number in range(count):
        turn, position = divmod(number, len(combinations))
        head, tail, industry = combinations[position]
        city, country, phone_head = rng.choice(names.CITIES)
        # After one turn through all names the next ones are branches in other places.
        branch = f" {city} {turn}" if turn else ""
        made.append(
            Company(
                name=f"{head} {tail}{branch}{rng.choice(names.COMPANY_FORMS)}",
                domain=f"{names.plain(head + tail + branch)}.example",
                industry=industry,
                city=city,
                country=country,
                phone_head=phone_head,
            )
        )
    return made
