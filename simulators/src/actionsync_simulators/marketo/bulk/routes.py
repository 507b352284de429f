"""The calls for bulk jobs."""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.marketo.bulk.delimited import FORMATS
from actionsync_simulators.marketo.bulk.extract_calls import ExtractCalls
from actionsync_simulators.marketo.bulk.extract_members import CADENCES
from actionsync_simulators.marketo.bulk.extract_request import ACTION_RESULT, ACTIVITY_FIELDS, LEAD_FILTERS
from actionsync_simulators.marketo.bulk.import_routes import ROUTES as IMPORTS
from actionsync_simulators.marketo.gateway.parameters import PAGE, TEXT, WHOLE, record
from actionsync_simulators.marketo.gateway.route import READ_ACTIVITY, READ_LEAD, Route, get, post

EXPORT_ID = Param("exportId", required=True, description="id of a job of the caller")
STATUS = Param("status", "strings", description="only jobs in these statuses, in any case")
DATES = record("startAt", "endAt", startAt=TEXT, endAt=TEXT)
"""A first and a last moment, at most 31 days apart."""

WHOLES: Schema = {"type": "array", "items": WHOLE}
LEAD_FILTER: Schema = {
    "type": "object",
    "properties": {
        name: DATES if name.endswith("At") else WHOLE if name.endswith("Id") else TEXT for name in LEAD_FILTERS
    },
    "minProperties": 1,
    "maxProperties": 1,
}
ACTIVITY_FILTER = record(
    "createdAt",
    createdAt=DATES,
    activityTypeIds=WHOLES,
    primaryAttributeValueIds=WHOLES,
    primaryAttributeValues={"type": "array", "items": TEXT},
)

MEMBER_FILTER = record(
    programId=WHOLE,
    programIds=WHOLES,
    isExhausted={"type": "boolean"},
    nurtureCadence={"enum": [*CADENCES]},
    statusNames={"type": "array", "items": TEXT},
    updatedAt=DATES,
)


def _request(filters: Schema, field: Schema, *required: str) -> Schema:
    return record(
        *required,
        "filter",
        format={"enum": [*FORMATS, *(one.lower() for one in FORMATS)]},
        fields={"type": "array", "items": field},
        columnHeaderNames={"type": "object", "additionalProperties": TEXT},
        filter=filters,
    )


def _extract(
    kind: str, permission: str, *, schema: Schema, errors: tuple[str, ...], more: Mapping[str, tuple[Behaviour, ...]]
) -> tuple[Route, ...]:
    """Return the six calls for one kind of object. `errors`: those of create; `more`: behaviours by call."""
    calls = ExtractCalls(kind)
    job = f"/bulk/v1/{kind}/export/{{exportId}}"
    return (
        post(
            f"/bulk/v1/{kind}/export/create.json",
            permission,
            calls.create,
            schema=schema,
            errors=errors,
            behaviours=more.get("create", ()),
        ),
        post(
            f"{job}/enqueue.json",
            permission,
            calls.enqueue,
            body="any",
            params=(EXPORT_ID,),
            errors=("1013", "1029"),
            behaviours=more.get("enqueue", ()),
        ),
        post(
            f"{job}/cancel.json",
            permission,
            calls.cancel,
            body="any",
            params=(EXPORT_ID,),
            errors=("1003", "1013"),
            behaviours=more.get("cancel", ()),
        ),
        get(
            f"{job}/status.json",
            permission,
            calls.status,
            params=(EXPORT_ID,),
            errors=("1013",),
            behaviours=more.get("status", ()),
        ),
        get(
            f"{job}/file.json",
            permission,
            calls.file,
            params=(EXPORT_ID,),
            answer="file",
            errors=("404", "416"),
            behaviours=more.get("file", ()),
        ),
        get(
            f"/bulk/v1/{kind}/export.json",
            permission,
            calls.jobs,
            params=(STATUS, *PAGE),
            errors=("1001", "1003"),
            behaviours=more.get("jobs", ()),
        ),
    )


LEAD_BEHAVIOURS: Mapping[str, tuple[Behaviour, ...]] = {
    "create": (
        Behaviour("export-filters", "each documented filter is accepted, alone"),
        Behaviour("export-columns", "columns keep their order, values their format, empty is `null`"),
        Behaviour("export-formats", "CSV, TSV and SSV; the separator of SSV is a switch"),
        Behaviour("export-windows", "windows include both ends"),
        Behaviour("export-updated-at", "the filter updatedAt sees changes of any field"),
    ),
    "enqueue": (
        Behaviour("export-two-at-once", "two jobs process at once, the others wait in order"),
        Behaviour("export-ten-in-queue", "ten jobs may be queued, whatever the call limits"),
        Behaviour("export-volume", "the daily volume is charged at completion and resets at midnight Central"),
    ),
    "cancel": (Behaviour("export-cancelled", "an unfinished job can be cancelled, and is spelt with two l"),),
    "status": (
        Behaviour("export-life", "Created, Queued, Processing, Completed by the clock"),
        Behaviour("export-failed", "a job that breaks is Failed with a message"),
        Behaviour("export-old-status", "switch: the status may be up to so many seconds old"),
        Behaviour("export-in-between", "where jobs take time, the first poll never sees the end"),
        Behaviour("export-own-jobs", "a job is unknown to other users and below other objects"),
    ),
    "file": (
        Behaviour("export-ranges", "Range gives 206 or 416"),
        Behaviour("export-flat-memory", "the memory that an export takes does not grow with its rows"),
        Behaviour("export-file-days", "the file is kept for days, then a real 404"),
    ),
    "jobs": (Behaviour("export-job-list", "own jobs of seven days, by status, paged by token alone"),),
}
ACTIVITY_BEHAVIOURS: Mapping[str, tuple[Behaviour, ...]] = {
    "create": (
        Behaviour("export-activity-columns", "default columns, with attributes as one JSON object"),
        Behaviour("export-activity-filters", "rows are filtered by type and primary attribute"),
    ),
}

MEMBER_BEHAVIOURS: Mapping[str, tuple[Behaviour, ...]] = {
    "create": (
        Behaviour("export-member-filters", "program filters, and the others beside them: all must be met"),
        Behaviour("export-member-columns", "fields of members and of leads; several programs: programId comes first"),
    ),
}

ROUTES: tuple[Route, ...] = (
    *_extract(
        "leads",
        READ_LEAD,
        schema=_request(LEAD_FILTER, TEXT, "fields"),
        errors=("1001", "1002", "1003", "1029", "1035"),
        more=LEAD_BEHAVIOURS,
    ),
    *_extract(
        "activities",
        READ_ACTIVITY,
        schema=_request(ACTIVITY_FILTER, {"enum": [*ACTIVITY_FIELDS, ACTION_RESULT]}),
        errors=("1001", "1003", "1029"),
        more=ACTIVITY_BEHAVIOURS,
    ),
    *_extract(
        "program/members",
        READ_LEAD,
        schema=_request(MEMBER_FILTER, TEXT, "fields"),
        errors=("1001", "1002", "1003", "1029", "1035"),
        more=MEMBER_BEHAVIOURS,
    ),
    *IMPORTS,
)
