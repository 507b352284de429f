"""The calls of the asset API for smart lists: reading, cloning, deleting. They are made in Marketo's own pages only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.assets import places
from actionsync_simulators.marketo.assets.answer import asset_time, found, missing, url
from actionsync_simulators.marketo.assets.request import (
    Place,
    broken_rule,
    needed,
    needed_place,
    new_description,
    new_name,
    page_of,
)
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error
from actionsync_simulators.marketo.smart_lists.definition import Definition, Group, MemberFilter
from actionsync_simulators.marketo.smart_lists.reading import DefinitionError
from actionsync_simulators.marketo.smart_lists.rules import rules
from actionsync_simulators.marketo.smart_lists.store import SmartList, smart_list

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription

HOLDS_SMART_LISTS = "Smart List"
AUDIENCES: dict[str, Group] = {"staticListId": "list", "smartListId": "smart list"}
"""Members of a campaign's audience, and what they name."""


def browse(site: Subscription, call: Call) -> Reply:
    """GET smartLists: `folder`, `earliestUpdatedAt`, `latestUpdatedAt`, `offset`, `maxReturn`."""
    return found(call, [_row(smart_list(row)) for row in page_of("smart_lists", site, call)])


def by_id(site: Subscription, call: Call) -> Reply:
    """GET smartList/{id}: with `includeRules`, its rules too."""
    one = _addressed(site, call)
    with_rules = call.flag("includeRules")
    if one is None:
        return missing(site, call)
    return found(call, [_row(one) | ({"rules": rules(site, one.definition)} if with_rules else {})])


def by_name(site: Subscription, call: Call) -> Reply:
    """GET smartList/byName: the one of exactly this name."""
    one = site.smart_lists.by_name(needed(call, "name"))
    return found(call, [] if one is None else [_row(one)])


def of_campaign(site: Subscription, call: Call) -> Reply:
    """GET smartCampaign/{id}/smartList: whom the campaign is for, and what triggers it; with `includeRules`, how."""
    campaign = site.database.row("SELECT * FROM campaigns WHERE id = ?", (as_integer(call.arguments[0]),))
    with_rules = call.flag("includeRules")
    if campaign is None:
        return missing(site, call)
    one = SmartList(
        id=campaign["smart_list_id"],
        name=campaign["name"],
        description=campaign["description"],
        place=Place(campaign["folder_id"], campaign["folder_type"]),
        workspace=campaign["workspace"],
        definition=_audience(orjson.loads(campaign["audience"] or "{}")),
        created_at=campaign["created_at"],
        updated_at=campaign["updated_at"],
    )
    if not with_rules:
        return found(call, [_row(one)])
    trigger = orjson.loads(campaign["trigger"] or "{}")
    return found(call, [_row(one) | {"rules": rules(site, one.definition, requested_by=trigger.get("source"))}])


def _audience(audience: dict[str, int]) -> Definition:
    filters = [MemberFilter(group, (audience[name],)) for name, group in AUDIENCES.items() if name in audience]
    return Definition("all", tuple(filters))


def clone(site: Subscription, call: Call) -> Reply:
    """POST smartList/{id}/clone: a copy under a new name, in a folder of smart lists or a program."""
    one = _addressed(site, call)
    name = new_name(call, required=True) or ""
    at = needed_place(call, "folder")
    description = new_description(call)
    if one is None:
        return missing(site, call)
    above = places.parent(site.database, at)
    if above["folder_type"] != HOLDS_SMART_LISTS and places.program_above(site.database, above) is None:
        raise api_error("711")
    try:
        made = site.smart_lists.create(
            name, one.definition, place=at, description=one.description if description is None else description
        )
    except DefinitionError as problem:
        raise broken_rule(str(problem)) from None
    return found(call, [_row(made)])


def delete(site: Subscription, call: Call) -> Reply:
    """POST smartList/{id}/delete: 709 while another smart list, a campaign or an unfinished export uses it."""
    one = _addressed(site, call)
    if one is None:
        return missing(site, call)
    try:
        site.smart_lists.delete(one.id)
    except DefinitionError as problem:
        raise broken_rule(str(problem)) from None
    return found(call, [{"id": one.id}])


def _addressed(site: Subscription, call: Call) -> SmartList | None:
    return site.smart_lists.get(as_integer(call.arguments[0]))


def _row(one: SmartList) -> dict[str, Any]:
    at: Place = one.place
    row: dict[str, Any] = {"id": one.id, "name": one.name}
    if one.description:
        row["description"] = one.description
    return row | {
        "createdAt": asset_time(one.created_at),
        "updatedAt": asset_time(one.updated_at),
        "url": url("SL", one.id, "A1LA1"),
        "folder": {"id": at.id, "type": at.type},
        "workspace": one.workspace,
    }
