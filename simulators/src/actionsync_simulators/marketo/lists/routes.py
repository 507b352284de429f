"""The calls for static lists and their members. A list answers below `list` and below `lists` alike."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.marketo.gateway.parameters import FIELDS, IDS, IDS_BODY, LIST_ID, PAGE
from actionsync_simulators.marketo.gateway.route import READ_LEAD, WRITE_LEAD, Route, delete, get, post
from actionsync_simulators.marketo.lists import membership

ONE, MANY = "/rest/v1/list/{listId}", "/rest/v1/lists/{listId}"
IDS_ERRORS = ("1001", "1002", "1003", "1004", "1013")


def _members(path: str, *behaviours: Behaviour) -> Route:
    errors = ("1001", "1003", "1006", "1013")
    params = (LIST_ID, FIELDS, *PAGE)
    return get(f"{path}/leads.json", READ_LEAD, membership.members, params=params, errors=errors, behaviours=behaviours)


def _add(path: str, *behaviours: Behaviour) -> Route:
    return post(
        f"{path}/leads.json",
        WRITE_LEAD,
        membership.add,
        params=(LIST_ID, IDS),
        schema=IDS_BODY,
        errors=IDS_ERRORS,
        behaviours=behaviours,
    )


def _remove(path: str, *behaviours: Behaviour) -> Route:
    return delete(
        f"{path}/leads.json",
        WRITE_LEAD,
        membership.remove,
        params=(LIST_ID, IDS),
        schema=IDS_BODY,
        errors=(*IDS_ERRORS, "1015"),
        behaviours=behaviours,
    )


ROUTES: tuple[Route, ...] = (
    get(
        "/rest/v1/lists.json",
        READ_LEAD,
        membership.browse,
        params=(
            Param("id", "integers", description="only these lists"),
            Param("name", "strings", description="only lists of these names"),
            Param("programName", "strings", description="only lists of these programs"),
            Param("workspaceName", "strings", description="only lists of these workspaces"),
            *PAGE,
        ),
        errors=("1001", "1003"),
        behaviours=(Behaviour("lists-browse", "lists are found by id, name, program and workspace"),),
    ),
    get(f"{MANY}.json", READ_LEAD, membership.by_id, params=(LIST_ID,), errors=("1001", "1013")),
    _members(ONE),
    _members(MANY, Behaviour("list-members-pages", "members are paged by token alone, without moreResult or limit")),
    _add(ONE),
    _add(MANY, Behaviour("list-add-again", "adding a member again is `added` and leaves no second row")),
    _remove(ONE),
    _remove(MANY, Behaviour("list-rows", "joining and leaving leave rows that carry the list")),
    get(
        f"{MANY}/leads/ismember.json",
        READ_LEAD,
        membership.is_member,
        params=(LIST_ID, IDS),
        errors=IDS_ERRORS,
        behaviours=(Behaviour("list-is-member", "each id is memberof, notmemberof, or skipped"),),
    ),
)
