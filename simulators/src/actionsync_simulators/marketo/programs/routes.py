"""The calls for programs, channels and tags as assets, and all of this package together."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.marketo.assets.request import PAGING, WINDOW
from actionsync_simulators.marketo.gateway.route import READ_ASSET, WRITE_ASSET, Route, get, post
from actionsync_simulators.marketo.programs import channels, program_writes, programs
from actionsync_simulators.marketo.programs.member_routes import ROUTES as MEMBERS

ASSET = "/rest/asset/v1"
PROGRAM_ID = Param("id", "integer", required=True, description="id of a program", example="1001")
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

ROUTES: tuple[Route, ...] = (*_PROGRAMS, *MEMBERS)
