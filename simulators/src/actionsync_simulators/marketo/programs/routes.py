"""The calls for programs, channels and tags, and for the members of programs."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.marketo.assets.request import PAGING, WINDOW
from actionsync_simulators.marketo.gateway.parameters import (
    FIELDS,
    IDS,
    LEAD_ID,
    PAGE,
    TEXT,
    WHOLE,
    record,
    records,
)
from actionsync_simulators.marketo.gateway.route import (
    READ_ASSET,
    READ_LEAD,
    WRITE_ASSET,
    WRITE_LEAD,
    Route,
    get,
    post,
)
from actionsync_simulators.marketo.programs import (
    channels,
    lead_membership,
    member_calls,
    member_fields,
    program_writes,
    programs,
    push,
)

ASSET = "/rest/asset/v1"
PROGRAM_ID = Param("id", "integer", required=True, description="id of a program", example="1001")
OF_PROGRAM = Param("programId", "integer", required=True, description="id of a program", example="1001")
TAGS = Param("tags", "json", description='`[{"tagType":"Region","tagValue":"Europe"}]`')
COSTS = Param("costs", "json", description='`[{"startDate":"2026-01-01","cost":200,"note":"Advertising"}]`')
DATES = (
    Param("startDate", "datetime", description="Email and event programs only"),
    Param("endDate", "datetime", description="Email and event programs only"),
)
NEW_PARENT = Param("folder", "json", required=True, description="Parent", example='{"id":401,"type":"Folder"}')

_PROGRAMS: tuple[Route, ...] = (
    get(
        f"{ASSET}/programs.json",
        READ_ASSET,
        programs.browse,
        params=(
            Param("status", description="on, off, locked or unlocked"),
            Param("filterType", description="id, programId, folderId or workspace"),
            Param("filterValues", "strings", description="needed with filterType"),
            *PAGING,
            *WINDOW,
        ),
        errors=("701", "704", "709", "1001"),
        behaviours=(Behaviour("programs-without-tags", "Browsing leaves tags and costs out"),),
    ),
    post(
        f"{ASSET}/programs.json",
        WRITE_ASSET,
        program_writes.create,
        body="form",
        params=(
            Param("name", required=True, description="At most 255 characters, unique"),
            NEW_PARENT,
            Param("type", required=True, description=", ".join(program_writes.CHANNEL_KINDS), example="Default"),
            Param("channel", required=True, description="A channel for this type", example="Operational"),
            Param("description"),
            TAGS,
            COSTS,
            *DATES,
        ),
        errors=("701", "704", "709", "710", "711", "1001"),
        behaviours=(Behaviour("channel-fits-type", "A program only takes a channel that is for its type"),),
    ),
    get(
        f"{ASSET}/program/byName.json",
        READ_ASSET,
        programs.by_name,
        params=(
            Param("name", required=True, description="Exact name", example="Spring Launch"),
            Param("includeTags", "boolean"),
            Param("includeCosts", "boolean"),
        ),
        errors=("701", "1001"),
    ),
    get(
        f"{ASSET}/program/byTag.json",
        READ_ASSET,
        programs.by_tag,
        params=(
            Param("tagType", required=True, example="Region"),
            Param("tagValue", required=True, example="Europe"),
            *PAGING,
        ),
        errors=("701", "1001"),
    ),
    get(f"{ASSET}/program/{{id}}.json", READ_ASSET, programs.by_id, params=(PROGRAM_ID,), errors=("702", "1001")),
    post(
        f"{ASSET}/program/{{id}}.json",
        WRITE_ASSET,
        program_writes.update,
        body="form",
        params=(
            PROGRAM_ID,
            Param("name", description="At most 255 characters, unique"),
            Param("description"),
            TAGS,
            COSTS,
            Param("costsDestructiveUpdate", "boolean", description="Replace the costs instead of adding to them"),
            *DATES,
        ),
        errors=("701", "702", "704", "709", "1001"),
        behaviours=(Behaviour("program-renamed", "The lists and activities of a renamed program bear its new name"),),
    ),
    post(
        f"{ASSET}/program/{{id}}/clone.json",
        WRITE_ASSET,
        program_writes.clone,
        body="form",
        params=(PROGRAM_ID, Param("name", required=True), NEW_PARENT, Param("description")),
        errors=("701", "702", "709", "710", "711", "1001"),
        behaviours=(
            Behaviour("clone-brings-along", "A clone has the tokens, emails and campaigns of its source, no members"),
        ),
    ),
    post(
        f"{ASSET}/program/{{id}}/approve.json",
        WRITE_ASSET,
        program_writes.approve,
        params=(PROGRAM_ID,),
        body="any",
        errors=("702", "709", "1001"),
    ),
    post(
        f"{ASSET}/program/{{id}}/unapprove.json",
        WRITE_ASSET,
        program_writes.unapprove,
        params=(PROGRAM_ID,),
        body="any",
        errors=("702", "709", "1001"),
    ),
    post(
        f"{ASSET}/program/{{id}}/delete.json",
        WRITE_ASSET,
        program_writes.delete,
        params=(PROGRAM_ID,),
        body="any",
        errors=("702", "709", "1001"),
    ),
    get(f"{ASSET}/channels.json", READ_ASSET, channels.channels, params=PAGING, errors=("1001",)),
    get(
        f"{ASSET}/channel/byName.json",
        READ_ASSET,
        channels.channel_by_name,
        params=(Param("name", required=True, description="Exact name; also `Name`", example="Webinar"),),
        errors=("701",),
    ),
    get(f"{ASSET}/tagTypes.json", READ_ASSET, channels.tag_types, params=PAGING, errors=("1001",)),
    get(
        f"{ASSET}/tagType/byName.json",
        READ_ASSET,
        channels.tag_type_by_name,
        params=(Param("name", required=True, description="Exact name", example="Region"),),
        errors=("701",),
    ),
)

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

ROUTES: tuple[Route, ...] = (*_PROGRAMS, *_LEADS, *_MEMBERS)
