"""The calls for the members of programs, and for programs from the side of leads."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.marketo.gateway.parameters import FIELDS, IDS, LEAD_ID, PAGE, TEXT, WHOLE, record, records
from actionsync_simulators.marketo.gateway.route import READ_ASSET, READ_LEAD, WRITE_LEAD, Route, get, post
from actionsync_simulators.marketo.programs import lead_membership, member_calls, member_fields, push

OF_PROGRAM = Param("programId", "integer", required=True, description="id of a program", example="1001")
_CHANGED = (
    Param("earliestUpdatedAt", "datetime", description="Only what changed at this time or later"),
    Param("latestUpdatedAt", "datetime", description="Only what changed at this time or earlier"),
)
_MEMBER = record("leadId", leadId=WHOLE)
_STATUS: Schema = {"type": "object", "required": ["status", "input"]} | {
    "properties": records(record("id", id=WHOLE), status=TEXT)["properties"]
}
_MEMBER_STATUS: Schema = {"type": "object", "required": ["statusName", "input"]} | {
    "properties": records(_MEMBER, statusName=TEXT)["properties"]
}
_PUSHED: Schema = {"type": "object", "required": ["programName", "input"]} | {
    "properties": records(
        {"type": "object"},
        programName=TEXT,
        programStatus=TEXT,
        lookupField=TEXT,
        source=TEXT,
        reason=TEXT,
        partitionName=TEXT,
    )["properties"]
}

_LEADS: tuple[Route, ...] = (
    post(
        "/rest/v1/leads/push.json",
        WRITE_LEAD,
        push.push,
        schema=_PUSHED,
        errors=("1001", "1002", "1003", "1004", "1006", "1007", "1011", "1013", "1025"),
        behaviours=(
            Behaviour("push-records-145", "Each pushed person gets an activity 145 with source and reason"),
            Behaviour("push-joins-program", "Pushed people join the program; whoever is further on stays there"),
            Behaviour("push-mail-token", "lookupField mktToken finds the person that a mail went to"),
        ),
    ),
    get(
        "/rest/v1/leads/{leadId}/programMembership.json",
        READ_ASSET,
        lead_membership.programs_of_lead,
        params=(
            LEAD_ID,
            *PAGE,
            *_CHANGED,
            Param("filterType", description="programId, the only one"),
            Param("filterValues", "integers", description="needed with filterType"),
        ),
        errors=("1001", "1002", "1003", "1004", "1011"),
    ),
    get(
        "/rest/v1/leads/{leadId}/smartCampaignMembership.json",
        READ_ASSET,
        lead_membership.campaigns_of_lead,
        params=(LEAD_ID, *PAGE, *_CHANGED),
        errors=("1001", "1003", "1004"),
    ),
    get(
        "/rest/v1/leads/programs/{programId}.json",
        READ_LEAD,
        lead_membership.leads_of_program,
        params=(OF_PROGRAM, FIELDS, *PAGE),
        errors=("1001", "1003", "1006", "1013"),
        behaviours=(
            Behaviour("program-leads-token-alone", "Only nextPageToken tells of more leads; there is no moreResult"),
        ),
    ),
    post(
        "/rest/v1/leads/programs/{programId}/status.json",
        WRITE_LEAD,
        lead_membership.change_status,
        params=(OF_PROGRAM, IDS),
        schema=_STATUS,
        errors=("1001", "1002", "1003", "1004", "1013", "1025", "1037"),
        behaviours=(Behaviour("status-members-only", "This older call never makes a member of anybody"),),
    ),
)

_MEMBERS: tuple[Route, ...] = (
    get(
        "/rest/v1/programs/{programId}/members.json",
        READ_LEAD,
        member_calls.read,
        params=(
            OF_PROGRAM,
            Param("filterType", required=True, description="leadId, reachedSuccess, statusName or updatedAt"),
            Param("filterValues", "strings", description="1 to 300 values; not with updatedAt"),
            Param("startAt", "datetime", description="with updatedAt, which takes seven days at most"),
            Param("endAt", "datetime", description="with updatedAt"),
            Param("fields", "strings", description="names of member fields; without it five come back"),
            *PAGE,
        ),
        errors=("1001", "1002", "1003", "1006", "1011", "1013"),
        behaviours=(
            Behaviour("members-too-many", "Over 100,000 members, only leadId filters are answered"),
            Behaviour("members-seq", "Rows count their `seq` from 0 on every page; moreResult is always there"),
        ),
    ),
    post(
        "/rest/v1/programs/{programId}/members/status.json",
        WRITE_LEAD,
        member_calls.change_status,
        params=(OF_PROGRAM,),
        schema=_MEMBER_STATUS,
        errors=("1001", "1002", "1003", "1004", "1013", "1025", "1037"),
        behaviours=(
            Behaviour("status-upsert", "Whoever is no member becomes one"),
            Behaviour("status-records-104", "Each change of status leaves an activity 104"),
            Behaviour("status-forward-only", "A status that the member is in or past is skipped with 1037"),
        ),
    ),
    post(
        "/rest/v1/programs/{programId}/members.json",
        WRITE_LEAD,
        member_calls.change_data,
        params=(OF_PROGRAM,),
        schema=records(_MEMBER),
        errors=("1001", "1002", "1003", "1006", "1013"),
        behaviours=(Behaviour("member-data-records-123", "Each changed value leaves an activity 123"),),
    ),
    post(
        "/rest/v1/programs/{programId}/members/delete.json",
        WRITE_LEAD,
        member_calls.delete,
        params=(OF_PROGRAM,),
        schema=records(_MEMBER),
        errors=("1001", "1002", "1003", "1013"),
    ),
    get("/rest/v1/programs/members/describe.json", READ_LEAD, member_fields.describe),
    get("/rest/v1/program/members/describe.json", READ_LEAD, member_fields.describe_as_before),
)

ROUTES: tuple[Route, ...] = (*_LEADS, *_MEMBERS)
