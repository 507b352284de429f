"""Points on which Marketo's documentation contradicts itself or is silent, and that no switch changes."""

from __future__ import annotations

from actionsync_simulators.deviations import Contradiction

CONTRADICTIONS: tuple[Contradiction, ...] = (
    Contradiction(
        "path of Delete Leads",
        "`POST /rest/v1/leads.json`; `POST /rest/v1/leads/delete.json`",
        "`leads/delete.json`, and DELETE on `leads.json`, real or tunnelled",
        "the first is the path of Sync Leads, which could not tell the two apart",
    ),
    Contradiction(
        "spelling of statuses in the filter of the export job list",
        "capitalised; lower case",
        "any case",
        "a filter that is understood more widely refuses no client of either reading",
    ),
    Contradiction(
        "`format` of a bulk import",
        "required; CSV when left out",
        "CSV when left out",
        "the description of the call is newer than the table, and clients leave it out",
    ),
    Contradiction(
        "permission to trigger a campaign",
        "Execute Campaign; Read-Write Campaign",
        "either suffices",
        "a role made by either page must work",
    ),
    Contradiction(
        "permission to ask for list membership",
        "Read-Only Lead; Read-Write Lead",
        "Read-Only Lead",
        "the call reads; every role that may write may read",
    ),
    Contradiction(
        "path to describe program members",
        "`/rest/v1/program/members/describe.json`; `/rest/v1/programs/members/describe.json`",
        "both",
        "nothing else is on either path",
    ),
    Contradiction(
        "text of 600, and of 1004 when a lead is read by its id",
        "not documented",
        "`Access token not specified`; `Lead '1' not found`",
        "as recorded clients expect them; the code is what to rely on",
    ),
    Contradiction(
        "text of 1080",
        "not documented",
        "`Too many leads to merge: at most 25`",
        "the code is what to rely on",
    ),
    Contradiction(
        "values that are longer than their field",
        "not documented; cut off or refused",
        "the record is skipped with 1003",
        "a value that is cut off unnoticed hides a bug of the client",
    ),
    Contradiction(
        "email addresses that are none",
        "not documented",
        "refused with 1003 when there is no `@`, or letters beyond ASCII",
        "the least that every mail system refuses",
    ),
    Contradiction(
        "type ids of Replied to Sales Email, Received Sales Call and the sales campaign types",
        "not documented",
        "not there at first; `POST /_sim/activity-types` adds them with any id",
        "an id that was guessed would be relied on",
    ),
    Contradiction(
        "adding a person to a list that it is on",
        "`added`; `skipped`",
        "`added`, without a second activity",
        "the call asks for a state, and it holds",
    ),
    Contradiction(
        "columns of the failures and warnings files of an import",
        "the text of the reason is documented, the name of its column is not",
        "the columns of the upload, then `Import Failure Reason` or `Import Warning Reason`",
        "clients read the file by its header or as text",
    ),
)
"""In no order of importance."""
