"""The channels, programs and members that a subscription begins with.

Every program type is there. Members are people who were known a good month before the start, so that the activities
of their joining have passed their retention.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.assets.request import FOLDER
from actionsync_simulators.marketo.assets.seeding import (
    CONFERENCE,
    CONTACT_US,
    EVENTS_FOLDER,
    HOUSEKEEPING,
    LAUNCH,
    NEWSLETTER,
    OPERATIONAL_FOLDER,
    PROGRAMS_FOLDER,
    WEBINAR,
)
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    from actionsync_simulators.database import Database
    from actionsync_simulators.seed.org import World

NOT_IN_PROGRAM = "Not in Program"
JOINED_BEFORE = timedelta(days=33)
DAY = timedelta(days=1)

_CHANNELS = (
    ("Operational", "program", (("Member", 10, 0),)),
    ("Web Content", "program", (("Visited", 10, 0), ("Filled-out Form", 20, 1))),
    ("Trade Show", "event", (("Invited", 10, 0), ("Registered", 20, 0), ("No Show", 30, 0), ("Attended", 40, 1))),
    ("Webinar", "event-webinar", (("Invited", 10, 0), ("Registered", 20, 0), ("Attended", 30, 1))),
    ("Nurture", "nurture", (("Member", 10, 0), ("Influenced", 20, 1))),
    ("Email Send", "email", (("Member", 10, 0), ("Sent", 20, 0), ("Opened", 30, 0), ("Clicked", 40, 1))),
)
"""Name, the program type it is for, its statuses beside `Not in Program`: name, step, success."""

_PROGRAMS = (
    (NEWSLETTER, "Monthly Newsletter", "One mail a month", "Engagement", "Nurture", "on", PROGRAMS_FOLDER),
    (LAUNCH, "Spring Launch", "Invitation to the spring launch", "Email", "Email Send", "unlocked", PROGRAMS_FOLDER),
    (CONTACT_US, "Contact Us", "The form of the web site", "Default", "Web Content", "", PROGRAMS_FOLDER),
    (CONFERENCE, "User Conference", None, "Event", "Trade Show", "", EVENTS_FOLDER),
    (WEBINAR, "Product Webinar", "How it works", "Event with Webinar", "Webinar", "", EVENTS_FOLDER),
    (HOUSEKEEPING, "Data Management", None, "Default", "Operational", "", OPERATIONAL_FOLDER),
)
_MEMBERS = (
    (NEWSLETTER, 0, 10, ("Member", "Member", "Member", "Influenced"), ("norm", "Monthly")),
    (LAUNCH, 1, 16, ("Sent", "Opened", "Clicked"), (None, None)),
    (CONTACT_US, 0, 48, ("Filled-out Form", "Visited"), (None, None)),
    (CONFERENCE, 3, 20, ("Invited", "Registered", "No Show", "Attended"), (None, None)),
    (WEBINAR, 5, 25, ("Registered", "Attended", "Invited"), (None, None)),
)
"""Program, first person, every how many-eth, statuses in turn, cadence and track."""
_MEMBER_COLUMNS = (
    *("program_id", "lead_id", "status", "acquired_by", "reached_success", "reached_success_at"),
    *("membership_date", "nurture_cadence", "track_name", "created_at", "updated_at"),
)


def install_channels(database: Database, *, at: str) -> None:
    """Add the channels and tags that every subscription has; `at` is the wire time of their making."""
    for name, applicable, statuses in _CHANNELS:
        cursor = database.execute(
            "INSERT INTO channels (name, applicable_program_type, created_at, updated_at) VALUES (?, ?, ?, ?)",
            (name, applicable, at, at),
        )
        database.executemany(
            "INSERT INTO progression_statuses (channel_id, name, step, success) VALUES (?, ?, ?, ?)",
            [(cursor.lastrowid, *status) for status in ((NOT_IN_PROGRAM, 0, 0), *statuses)],
        )
    database.execute(
        "INSERT INTO tag_types (name, applicable_types, required, allowed_values) VALUES (?, ?, 0, ?)",
        ("Region", '["program", "event"]', '["Europe", "Americas"]'),
    )


def seed_programs(database: Database, world: World, *, at: str) -> None:
    """Fill the empty program tables; `at` is the wire time the programs were made at."""
    database.executemany(
        "INSERT INTO programs (id, name, description, type, channel, status, folder_id, folder_type, created_at,"
        " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*program, FOLDER, at, at) for program in _PROGRAMS],
    )
    tags = orjson.dumps([{"tagType": "Region", "tagValue": "Europe"}]).decode()
    database.execute("UPDATE programs SET tags = ? WHERE id = ?", (tags, CONFERENCE))
    begins = wire(world.start + 30 * DAY)
    database.execute(
        "UPDATE programs SET start_date = ?, end_date = ? WHERE id IN (?, ?)",
        (begins, wire(world.start + 31 * DAY), CONFERENCE, WEBINAR),
    )
    database.insert("program_members", _MEMBER_COLUMNS, _members(world))


def _members(world: World) -> Iterator[tuple[Any, ...]]:
    success = {name for _, _, statuses in _CHANNELS for name, _, reached in statuses if reached}
    latest = world.start - JOINED_BEFORE
    for program, first, every, statuses, nurture in _MEMBERS:
        for number, person in enumerate(world.people[first::every]):
            if person.created_at > latest:
                continue
            status = statuses[number % len(statuses)]
            joined, reached = wire(person.created_at + DAY), status in success
            acquired = int(person.kind == "marketo_only")
            yield (
                program,
                person.marketo_id,
                status,
                acquired,
                int(reached),
                joined if reached else None,
                joined,
                *nurture,
                joined,
                joined,
            )
