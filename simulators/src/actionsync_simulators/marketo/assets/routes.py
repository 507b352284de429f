"""The calls for folders, tokens, static lists, emails and segmentations."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.marketo.assets import emails, folders, segmentations, static_lists, tokens
from actionsync_simulators.marketo.assets.request import PAGING, WINDOW
from actionsync_simulators.marketo.gateway.route import READ_ASSET, WRITE_ASSET, Route, get, post

ASSET = "/rest/asset/v1"
ANY_TYPE = "Folder or Program, in any case"
NAME = Param("name", required=True, description="Exact name")
NEW_NAME = Param("name", required=True, description="At most 255 characters")
OTHER_NAME = Param("name", description="At most 255 characters")
DESCRIPTION = Param("description", description="At most 2000 characters")
PARENT = Param("folder", "json", description='`{"id":13,"type":"Folder"}`', example='{"id":12,"type":"Folder"}')
NEW_PARENT = Param("folder", "json", required=True, description="Parent", example='{"id":12,"type":"Folder"}')
STATUS = Param("status", description="approved or draft", example="approved")
WORKSPACE = Param("workSpace", description="Name of the workspace")

NOTHING_WARNS = Behaviour(
    "asset-nothing-found", "Finding nothing is a success with a warning and without `result`; so is a page past the end"
)
CLAMPED = Behaviour("asset-page-clamped", "maxReturn outside 1 to 200 and a negative offset are clamped, not refused")
ASSET_TIMES = Behaviour("asset-times", "Times end in `Z+0000`, both suffixes")
LOOSE_PARENT = Behaviour("loose-parent", "A parent may be written with single quotes or bare words instead of JSON")

_FOLDERS: tuple[Route, ...] = (
    get(
        f"{ASSET}/folders.json",
        READ_ASSET,
        folders.browse,
        params=(
            Param(
                "root", "json", description="Where to begin; every area without it", example='{"id":14,"type":"Folder"}'
            ),
            Param("maxDepth", "integer", description="Levels below the root: 2 unless given, 0 for the root alone"),
            WORKSPACE,
            *PAGING,
        ),
        errors=("1001",),
        behaviours=(
            NOTHING_WARNS,
            CLAMPED,
            Behaviour("folders-depth", "The root comes first, parents before children"),
        ),
    ),
    post(
        f"{ASSET}/folders.json",
        WRITE_ASSET,
        folders.create,
        body="form",
        params=(NEW_NAME, Param("parent", "json", required=True, example='{"id":401,"type":"Folder"}'), DESCRIPTION),
        errors=("701", "709", "710", "711", "1001"),
        behaviours=(
            LOOSE_PARENT,
            Behaviour("folder-kind-inherited", "What a new folder holds follows from its parent"),
        ),
    ),
    get(
        f"{ASSET}/folder/byName.json",
        READ_ASSET,
        folders.by_name,
        params=(
            Param("name", required=True, description="Exact name", example="Group Lists"),
            Param("type", description=ANY_TYPE),
            Param("root", "json", description="Search below it: an id, with `type`, or JSON"),
            WORKSPACE,
        ),
        errors=("701", "1001"),
        behaviours=(Behaviour("folders-by-name-all", "Every folder and program of the name is returned"),),
    ),
    get(
        f"{ASSET}/folder/{{id}}.json",
        READ_ASSET,
        folders.by_id,
        params=(Param("id", "integer", required=True, example="12"), Param("type", required=True, example="Folder")),
        errors=("701", "702", "1001"),
        behaviours=(
            ASSET_TIMES,
            Behaviour("folder-or-program", "The same id may be a folder and a program; `type` tells"),
        ),
    ),
    post(
        f"{ASSET}/folder/{{id}}.json",
        WRITE_ASSET,
        folders.update,
        body="form",
        params=(
            Param("id", "integer", required=True, example="401"),
            Param("type", description="Folder, which is the default", example="Folder"),
            OTHER_NAME,
            DESCRIPTION,
            Param("isArchive", "boolean"),
        ),
        errors=("701", "702", "709", "1001"),
    ),
    get(
        f"{ASSET}/folder/{{id}}/content.json",
        READ_ASSET,
        folders.content,
        params=(
            Param("id", "integer", required=True, example="401"),
            Param("type", description=f"{ANY_TYPE}; Folder unless given", example="Folder"),
            *PAGING,
        ),
        errors=("702", "1001"),
    ),
    post(
        f"{ASSET}/folder/{{id}}/delete.json",
        WRITE_ASSET,
        folders.delete,
        body="form",
        params=(Param("id", "integer", required=True), Param("type", description="Folder, which is the default")),
        errors=("702", "709", "1001"),
    ),
)

_FOLDER_TYPE = Param("folderType", required=True, description=ANY_TYPE, example="Folder")
_TOKEN_TYPE = Param("type", required=True, description=", ".join(tokens.TYPES), example="text")
_TOKENS: tuple[Route, ...] = (
    get(
        f"{ASSET}/folder/{{id}}/tokens.json",
        READ_ASSET,
        tokens.tokens,
        params=(
            Param("id", "integer", required=True, example="401"),
            Param("folderType", description=f"{ANY_TYPE}; Folder unless given", example="Folder"),
        ),
        errors=("702", "1001"),
        behaviours=(Behaviour("tokens-own-only", "Inherited tokens are not listed"),),
    ),
    post(
        f"{ASSET}/folder/{{id}}/tokens.json",
        WRITE_ASSET,
        tokens.create,
        body="form",
        params=(
            Param("id", "integer", required=True, example="401"),
            Param("name", required=True, description="At most 50 characters"),
            _TOKEN_TYPE,
            Param("value", required=True, description="Of the form that the type wants; may be blank for text"),
            _FOLDER_TYPE,
        ),
        errors=("701", "702", "704", "709", "1001"),
        behaviours=(Behaviour("token-upsert", "Creating a token that is there changes it"),),
    ),
    post(
        f"{ASSET}/folder/{{id}}/tokens/delete.json",
        WRITE_ASSET,
        tokens.delete,
        body="form",
        params=(Param("id", "integer", required=True, example="401"), NAME, _TOKEN_TYPE, _FOLDER_TYPE),
        errors=("701", "702", "1001"),
    ),
)

_LIST_ID = Param("id", "integer", required=True, example="1001")
_STATIC_LISTS: tuple[Route, ...] = (
    get(
        f"{ASSET}/staticLists.json",
        READ_ASSET,
        static_lists.browse,
        params=(PARENT, *PAGING, *WINDOW),
        errors=("704", "709", "1001"),
    ),
    post(
        f"{ASSET}/staticLists.json",
        WRITE_ASSET,
        static_lists.create,
        body="form",
        params=(NEW_NAME, NEW_PARENT, DESCRIPTION),
        errors=("701", "709", "710", "711", "1001"),
        behaviours=(
            Behaviour("list-of-program", "A list made in a program has its `programName` in the lead database"),
        ),
    ),
    get(
        f"{ASSET}/staticList/byName.json",
        READ_ASSET,
        static_lists.by_name,
        params=(Param("name", required=True, description="Exact name", example="Newsletter"),),
        errors=("701",),
    ),
    get(
        f"{ASSET}/staticList/{{id}}.json",
        READ_ASSET,
        static_lists.by_id,
        params=(_LIST_ID,),
        errors=("702", "1001"),
    ),
    post(
        f"{ASSET}/staticList/{{id}}.json",
        WRITE_ASSET,
        static_lists.update,
        body="form",
        params=(_LIST_ID, OTHER_NAME, DESCRIPTION),
        errors=("701", "702", "709", "1001"),
    ),
    post(
        f"{ASSET}/staticList/{{id}}/delete.json",
        WRITE_ASSET,
        static_lists.delete,
        params=(_LIST_ID,),
        body="any",
        errors=("702", "709", "1001"),
        behaviours=(
            Behaviour(
                "list-in-use", "A list stays while an import, an export, a smart list or a smart campaign uses it"
            ),
        ),
    ),
)

_READ_ONLY: tuple[Route, ...] = (
    get(
        f"{ASSET}/emails.json",
        READ_ASSET,
        emails.emails,
        params=(STATUS, PARENT, *PAGING, *WINDOW),
        errors=("704", "709", "1001"),
    ),
    get(
        f"{ASSET}/email/byName.json",
        READ_ASSET,
        emails.by_name,
        params=(Param("name", required=True, description="Exact name", example="Invitation"), STATUS, PARENT),
        errors=("701", "1001"),
    ),
    get(
        f"{ASSET}/email/{{id}}.json",
        READ_ASSET,
        emails.by_id,
        params=(Param("id", "integer", required=True, example="1501"), STATUS),
        errors=("702", "1001"),
    ),
    get(
        f"{ASSET}/segmentation.json",
        READ_ASSET,
        segmentations.segmentations,
        params=(STATUS, Param("offset", "integer")),
        errors=("1001",),
        behaviours=(Behaviour("segmentations-at-once", "All of them come in one page; maxReturn is ignored"),),
    ),
    get(
        f"{ASSET}/segmentation/{{id}}/segments.json",
        READ_ASSET,
        segmentations.segments,
        params=(Param("id", "integer", required=True, example="1001"), STATUS, *PAGING),
        errors=("702", "1001"),
    ),
)

ROUTES: tuple[Route, ...] = (*_FOLDERS, *_TOKENS, *_STATIC_LISTS, *_READ_ONLY)
