"""History for the Smart Grid: web visits, forms, mails and moments of a share of the people.

Every eighth person has some of it, in the days before the start, so that reads of the grid find every native type;
everybody who is unsubscribed has the mail unsubscribe.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.gateway.times import epoch_seconds, wire_seconds

if TYPE_CHECKING:
    from actionsync_simulators.seed.org import Person, World

EVERY = 8
"""Of so many people one has a history."""
DAY = 86_400
HISTORY_DAYS = 24
"""Inside the shortest retention, so that all of it is still there at the start."""

Row = tuple[Any, ...]

PAGES = ((71, "Pricing", "/pricing.html"), (72, "Product Tour", "/tour.html"), (73, "Contact Us", "/contact.html"))
MAILS = ((1501, "Spring Launch.Invitation"), (1502, "Monthly Newsletter.Issue 7"))
FORM = (1022, "Contact Us.Contact Form")
MOMENTS = (("Web", "Visited the pricing page"), ("Email", "Clicked a link"), ("Milestone", "Asked for a demo"))
BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"


def grid_activities(world: World, *, random: Random, adobe_actions: bool) -> Iterator[Row]:
    """Yield the rows: (lead_id, at, type_id, campaign_id, asset_id, asset, attributes JSON)."""
    now = epoch_seconds(world.start)
    for number, person in enumerate(world.people[::EVERY]):
        at = _somewhen(person, now, random)
        for step, (type_id, campaign, asset_id, asset, attributes) in enumerate(
            _story(person, number, random=random, adobe_actions=adobe_actions, at=at)
        ):
            moment = min(at + step * 600, now)
            yield person.marketo_id, moment, type_id, campaign, asset_id, asset, orjson.dumps(attributes).decode()
    for person in world.people:
        if person.unsubscribed:
            at = _somewhen(person, now, random)
            attributes = {"Client IP Address": "192.0.2.9", "User Agent": BROWSER}
            yield person.marketo_id, at, 9, 1100, *MAILS[0], orjson.dumps(attributes).decode()


def _somewhen(person: Person, now: int, random: Random) -> int:
    """Return a second of the person's recent history."""
    earliest = max(epoch_seconds(person.created_at), now - HISTORY_DAYS * DAY)
    return earliest + int(random.random() * max(1, now - earliest - 7_200))


def _story(
    person: Person, number: int, *, random: Random, adobe_actions: bool, at: int
) -> Iterator[tuple[int, int | None, int | None, str | None, dict[str, Any]]]:
    mail_id, mail = MAILS[number % len(MAILS)]
    run = {
        "Campaign Run ID": 500 + number % 7,
        "Choice Number": 0,
        "Step ID": 11,
        "Has Predictive": False,
        "Test Variant": 0,
    }
    opened = run | {
        "Bot Activity Pattern": "N/A",
        "Device": "Desktop",
        "Is Bot Activity": number % 10 == 9,
        "Is Mobile Device": False,
        "Platform": "Linux",
        "User Agent": BROWSER,
    }
    yield 6, 1100, mail_id, mail, run
    fate = number % 6
    if fate == 4:
        yield (
            8,
            1100,
            mail_id,
            mail,
            run | {"Category": "2", "Details": "550 unknown user", "Email": person.email or "", "Subcategory": "2003"},
        )
        return
    if fate == 5:
        yield (
            27,
            1100,
            mail_id,
            mail,
            run | {"Category": "3", "Details": "452 mailbox full", "Email": person.email or "", "Subcategory": "3001"},
        )
        return
    yield 7, 1100, mail_id, mail, run
    yield 10, 1100, mail_id, mail, opened
    link = "https://www.simulator.example/pricing.html"
    clicked = {name: value for name, value in opened.items() if name != "Has Predictive"}
    yield 11, 1100, mail_id, mail, clicked | {"Is Predictive": False, "Link": link, "Link ID": "12"}
    page_id, page, url = PAGES[int(random.random() * len(PAGES))]
    web = {"Client IP Address": f"192.0.2.{number % 250 + 1}", "Referrer URL": link, "User Agent": BROWSER}
    yield 1, None, page_id, page, web | {"Webpage URL": url}
    yield 3, None, 31, link, web | {"Webpage ID": page_id}
    if fate == 1:
        fields = 'a:1:{s:5:"Email";s:0:"";}'
        yield 2, None, *FORM, web | {"Form Fields": fields, "Webpage ID": page_id}
    if fate == 2:
        kind, text = MOMENTS[number % len(MOMENTS)]
        yield 46, 1130, None, kind, {"Date": wire_seconds(at), "Description": text, "Source": "Marketo Flow Action"}
    if fate == 3:
        task = {
            "Activity Owner": "Sales",
            "Description": "Call about pricing",
            "Is Task": True,
            "Priority": "Normal",
            "Status": "Completed",
        }
        yield 26, None, None, "Call: pricing", task
    if adobe_actions and person.owner_id is not None:
        yield from _sales_mail(person, number, link=link)


def _sales_mail(
    person: Person, number: int, *, link: str
) -> Iterator[tuple[int, int | None, int | None, str | None, dict[str, Any]]]:
    template = 40 + number % 3
    mail = {
        "Sent By": "Sales Representative",
        "Source": "Sales App",
        "Template ID": template,
        "Sales Template Name": f"Template {template}",
        "Email Subject": "Following up",
        "Marketo Sales Person ID": 7,
    }
    artifact = 9_000 + number
    yield 39, None, artifact, "Following up", mail
    if number % 5 == 0:
        yield (
            48,
            None,
            artifact,
            "Following up",
            {
                "Category": "2",
                "Details": "550 unknown user",
                "Email": person.email or "",
                "Sent By": "Sales Representative",
                "Template ID": template,
            },
        )
        return
    yield 40, None, artifact, "Following up", mail
    yield 41, None, artifact, "Following up", mail | {"Link": link}
    yield (
        45,
        None,
        artifact,
        "Re: Following up",
        {"Received By": "Sales Representative", "Source": "Sales App", "Marketo Sales Person ID": 7},
    )
