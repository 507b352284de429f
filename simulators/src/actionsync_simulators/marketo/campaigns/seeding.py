"""The smart campaigns that a subscription begins with: one to request, one to schedule, and what the system brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.assets.request import FOLDER, PROGRAM
from actionsync_simulators.marketo.assets.seeding import (
    CONTACT_US,
    HOUSEKEEPING,
    NEWSLETTER,
    OPERATIONAL_FOLDER,
)

if TYPE_CHECKING:
    from actionsync_simulators.database import Database

BOUNCES, SEND_NEWSLETTER, ASK_FOR_CALL, GREET = 1010, 1100, 1130, 1131

_REQUESTED = {"type": "campaignIsRequested", "source": "Web Service API"}
_CAMPAIGNS: tuple[tuple[Any, ...], ...] = (
    (
        BOUNCES,
        "Process Bounced Emails",
        "System smart campaign for processing bounced email events",
        "batch",
        (0, 1),
        (OPERATIONAL_FOLDER, FOLDER, None),
        (None, None),
        [],
    ),
    (
        SEND_NEWSLETTER,
        "Send Newsletter",
        "Sends the issue of the month to the readers",
        "batch",
        (0, 0),
        (NEWSLETTER, PROGRAM, NEWSLETTER),
        (None, {"staticListId": 1002}),
        [
            {"type": "changeProgramStatus", "programId": NEWSLETTER, "status": "Member"},
            {"type": "interestingMoment", "moment": "Email", "description": "Was sent issue {{my.Issue}}"},
        ],
    ),
    (
        ASK_FOR_CALL,
        "Ask For A Call",
        "Tells sales that somebody wants to be called",
        "trigger",
        (1, 0),
        (CONTACT_US, PROGRAM, CONTACT_US),
        (_REQUESTED, None),
        [
            {"type": "interestingMoment", "moment": "Milestone", "description": "Asked for a call"},
            {"type": "addToList", "listId": 1003},
            {"type": "changeDataValue", "field": "leadStatus", "value": "Call requested"},
        ],
    ),
    (
        GREET,
        "Greet New People",
        None,
        "trigger",
        (0, 0),
        (HOUSEKEEPING, PROGRAM, HOUSEKEEPING),
        (_REQUESTED, None),
        [{"type": "changeScore", "field": "leadScore", "change": 5}],
    ),
)
"""Id, name, description, type, (active, the system's own), (folder, its type, program), (trigger, audience), flow."""


def seed_campaigns(database: Database, *, at: str) -> None:
    """Fill the empty campaign table; `at` is the wire time everything was made at."""
    database.executemany(
        "INSERT INTO campaigns (id, name, description, type, is_active, is_system, folder_id, folder_type, program_id,"
        " trigger, audience, flow, smart_list_id, flow_id, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                id_,
                name,
                text,
                kind,
                *state,
                *place,
                *(None if one is None else orjson.dumps(one).decode() for one in whom),
                orjson.dumps(flow).decode(),
                2000 + id_,
                id_,
                at,
                at,
            )
            for id_, name, text, kind, state, place, whom, flow in _CAMPAIGNS
        ],
    )
