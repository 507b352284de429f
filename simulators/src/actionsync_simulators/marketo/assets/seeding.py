"""The assets that a subscription begins with: system folders, a few of its users', emails and segmentations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.assets.request import FOLDER, PROGRAM

if TYPE_CHECKING:
    from actionsync_simulators.database import Database

GROUP_LISTS, GROUP_SMART_LISTS, MARKETING_ACTIVITIES, MARKETING_DEFAULT = 12, 13, 14, 15
PROGRAMS_FOLDER, EVENTS_FOLDER, OPERATIONAL_FOLDER, SALES_LISTS = 401, 402, 403, 404
NEWSLETTER, LAUNCH, CONTACT_US, CONFERENCE, WEBINAR, HOUSEKEEPING = 1001, 1002, 1003, 1004, 1005, 1006
"""Ids of the programs of the seed."""

_Folders = tuple[tuple[int, str, str, int | None, str], ...]
_SYSTEM_FOLDERS: _Folders = (
    (1, "Design Studio", "Root node for the Design Studio app area", None, "Zone"),
    (2, "Default", "Root node of the Design Studio Default", 1, "Zone"),
    (3, "Landing Pages", "", 2, "Landing Page"),
    (4, "Lead Database", "Root node for the Lead Database app area", None, "Zone"),
    (5, "Default", "Root node of the Lead Database Default", 4, "Zone"),
    (6, "Forms", "", 2, "Landing Page Form"),
    (7, "Images and Files", "", 2, "Image"),
    (8, "Snippets", "", 2, "Snippet"),
    (9, "Segmentations", "", 5, "Segmentation"),
    (10, "Email Templates", "", 2, "Email Template"),
    (11, "Emails", "", 2, "Email"),
    (GROUP_LISTS, "Group Lists", "", 5, "List"),
    (GROUP_SMART_LISTS, "Group Smart Lists", "", 5, "Smart List"),
    (MARKETING_ACTIVITIES, "Marketing Activities", "Root node for the Marketing Activities app area", None, "Zone"),
    (MARKETING_DEFAULT, "Default", "Root node of the Marketing Activities Default", MARKETING_ACTIVITIES, "Zone"),
)
_USER_FOLDERS: _Folders = (
    (PROGRAMS_FOLDER, "Active Programs", "Mailings and forms", 15, "Marketing Folder"),
    (EVENTS_FOLDER, "Events", "", 15, "Marketing Folder"),
    (OPERATIONAL_FOLDER, "Operational", "What keeps the data clean", 15, "Marketing Folder"),
    (SALES_LISTS, "Sales Lists", "", GROUP_LISTS, "List"),
)
"""Id, name, description, parent, what it holds."""

_TOKENS = (
    (PROGRAMS_FOLDER, FOLDER, "Company Name", "text", "Example Corporation"),
    (NEWSLETTER, PROGRAM, "Issue", "number", "7"),
    (NEWSLETTER, PROGRAM, "Headline", "rich text", "<p>What is new</p>"),
    (CONFERENCE, PROGRAM, "Event Date", "date", "2026-06-18"),
)
_EMAILS = (
    (1501, "Invitation", "The spring launch", "Our spring launch", "approved", LAUNCH, 0),
    (1502, "Issue 7", "Newsletter of the month", "What is new this month", "approved", NEWSLETTER, 0),
    (1503, "Thank You", "Answer to the contact form", "Thank you for writing", "approved", CONTACT_US, 1),
    (1504, "Issue 8", None, "What is coming next month", "draft", NEWSLETTER, 0),
)
_SEGMENTATIONS = (
    (1001, "Region", "By country", "approved", ("Default", "Europe", "Americas")),
    (1002, "Job Function", None, "draft", ("Default", "Marketing", "Sales")),
)


def install_system_folders(database: Database, *, at: str) -> None:
    """Add the folders that every subscription has; `at` is the wire time of their making."""
    _add_folders(database, _SYSTEM_FOLDERS, system=1, at=at)
    # Folders of users begin well above the system's own.
    database.execute("UPDATE sqlite_sequence SET seq = 400 WHERE name = 'folders'")


def _add_folders(database: Database, folders: _Folders, *, system: int, at: str) -> None:
    database.executemany(
        "INSERT INTO folders (id, name, description, parent_id, parent_type, folder_type, is_system, created_at,"
        " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (id_, name, text, parent, FOLDER if parent else None, kind, system, at, at)
            for id_, name, text, parent, kind in folders
        ],
    )


def seed_assets(database: Database, *, at: str) -> None:
    """Fill the asset tables; `at` is the wire time everything was made at."""
    _add_folders(database, _USER_FOLDERS, system=0, at=at)
    database.executemany(
        "INSERT INTO folder_tokens (folder_id, folder_type, name, type, value) VALUES (?, ?, ?, ?, ?)", _TOKENS
    )
    database.executemany(
        "INSERT INTO emails (id, name, description, subject, from_name, from_email, reply_email, operational, status,"
        " template, folder_id, folder_type, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, 'Example Corporation', 'news@simulator.example', 'news@simulator.example', ?, ?, 1, ?, ?,"
        " ?, ?)",
        [
            (id_, name, text, subject, operational, status, program, PROGRAM, at, at)
            for id_, name, text, subject, status, program, operational in _EMAILS
        ],
    )
    for id_, name, text, status, segments in _SEGMENTATIONS:
        database.execute(
            "INSERT INTO segmentations (id, name, description, status, folder_id, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, 9, ?, ?)",
            (id_, name, text, status, at, at),
        )
        database.executemany(
            "INSERT INTO segments (segmentation_id, name, created_at, updated_at) VALUES (?, ?, ?, ?)",
            [(id_, segment, at, at) for segment in segments],
        )
