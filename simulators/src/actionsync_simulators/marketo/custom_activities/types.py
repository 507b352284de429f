"""Administration of custom activity types: list, describe, create, update, approve, discard, delete, attributes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.custom_activities import checks
from actionsync_simulators.marketo.custom_activities.store import (
    ATTRIBUTES_AT_MOST,
    TYPES_AT_MOST,
    Attribute,
    CustomType,
    Definition,
)
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription


def types(site: Subscription, _: Call) -> Members:
    """GET external/types: every custom type, without its attributes."""
    return {"result": [one.as_row(one.approved or one.latest, with_attributes=False) for one in site.custom_types]}


def describe(site: Subscription, call: Call) -> Members:
    """GET external/type/{apiName}/describe: the approved version, with `draft=true` the draft; 1013 without it."""
    custom = _find(site, call)
    version = custom.draft if call.flag("draft") else custom.approved
    if version is None:
        raise api_error("1013")
    return {"result": [custom.as_row(version)]}


def create(site: Subscription, call: Call) -> Members:
    """POST external/type: a new type in status `draft`."""
    body = call.json_object()
    api_name = checks.api_name(checks.required(body, "apiName"))
    name = checks.display_name(checks.required(body, "name"))
    trigger_name, filter_name = checks.required(body, "triggerName"), checks.required(body, "filterName")
    if body.get("primaryAttribute") is None:
        raise api_error("1002", "primaryAttribute")
    primary = checks.attribute(body["primaryAttribute"], type_required=False)
    if site.custom_types.by_api_name(api_name) is not None:
        raise api_error("1017")
    checks.check_unique(site, name=name, trigger_name=trigger_name, filter_name=filter_name)
    if len(site.custom_types) >= TYPES_AT_MOST:
        raise api_error("1027")
    draft = Definition(name, trigger_name, filter_name, checks.text(body, "description"), primary)
    return _answer(site.custom_types.create(api_name, draft, now=wire(call.now)))


def update(site: Subscription, call: Call) -> Members:
    """POST external/type/{apiName}: change names, description or primary attribute in the draft."""
    custom = _find(site, call)
    body = call.json_object()
    old = custom.latest
    new_name = body.get("apiName")
    if new_name is not None and str(new_name).casefold() != custom.api_name.casefold():
        raise api_error("709")
    name = checks.display_name(checks.text(body, "name") or old.name)
    trigger_name = checks.text(body, "triggerName") or old.trigger_name
    filter_name = checks.text(body, "filterName") or old.filter_name
    renamed = (name, trigger_name, filter_name) != (old.name, old.trigger_name, old.filter_name)
    if renamed and custom.approved is not None and site.custom_types.in_use(custom.id):
        raise api_error("709")
    checks.check_unique(site, own=custom, name=name, trigger_name=trigger_name, filter_name=filter_name)
    description = checks.text(body, "description") if "description" in body else old.description
    draft = replace(old, name=name, trigger_name=trigger_name, filter_name=filter_name, description=description)
    if body.get("primaryAttribute") is not None:
        draft = _with_primary(draft, body["primaryAttribute"])
    return _save(site, call, replace(custom, draft=draft))


def _with_primary(draft: Definition, members: Any) -> Definition:
    wanted = checks.attribute(members, type_required=False)
    if draft.primary is not None and draft.primary.api_name.casefold() != wanted.api_name.casefold():
        raise api_error("709")
    others = tuple(one for one in draft.attributes if one.api_name.casefold() != wanted.api_name.casefold())
    if any(one.name.casefold() == wanted.name.casefold() for one in others):
        raise api_error("1017")
    return replace(draft, primary=wanted, attributes=others)


def approve(site: Subscription, call: Call) -> Members:
    """POST …/approve: the draft becomes the approved version; 709 without a draft or primary attribute."""
    custom = _find(site, call)
    if custom.draft is None or custom.draft.primary is None:
        raise api_error("709")
    return _save(site, call, replace(custom, approved=custom.draft, draft=None))


def discard_draft(site: Subscription, call: Call) -> Members:
    """POST …/discardDraft: back to the approved version; 709 without a draft or an approved version."""
    custom = _find(site, call)
    if custom.draft is None or custom.approved is None:
        raise api_error("709")
    return _save(site, call, replace(custom, draft=None))


def delete(site: Subscription, call: Call) -> Members:
    """POST …/delete: gone; its rows stay, its apiName is free again. 709 while a smart list asks for it."""
    custom = _find(site, call)
    user = site.smart_lists.user_of_type(custom.id)
    if user is not None:
        raise ApiError("709", f"Custom activity type '{custom.api_name}' is used by the smart list '{user.name}'")
    site.custom_types.delete(custom.id)
    return {"result": [custom.as_row(custom.latest, status="deleted")]}


def create_attributes(site: Subscription, call: Call) -> Members:
    """POST …/attributes/create: 1017 for a duplicate, 1028 beyond twenty."""
    custom = _find(site, call)
    draft = custom.latest
    for members in _attributes(call):
        made = checks.attribute(members, type_required=True)
        _check_free(draft, made)
        if _is_primary(members):
            if draft.primary is not None:
                raise api_error("709")
            draft = replace(draft, primary=made)
        else:
            draft = _with_secondary(draft, made)
    return _save(site, call, replace(custom, draft=draft))


def update_attributes(site: Subscription, call: Call) -> Members:
    """POST …/attributes/update: `isPrimary:false` demotes the primary attribute, then another may be promoted."""
    custom = _find(site, call)
    draft = custom.latest
    for members in _attributes(call):
        old = _find_attribute(draft, members)
        changed = Attribute(
            old.api_name,
            checks.display_name(checks.text(members, "name") or old.name),
            checks.data_type(checks.text(members, "dataType") or old.data_type),
            checks.text(members, "description") if "description" in members else old.description,
        )
        was_primary = draft.primary is not None and draft.primary.api_name == old.api_name
        wanted = _is_primary(members)
        rest = replace(
            draft,
            primary=None if was_primary else draft.primary,
            attributes=tuple(one for one in draft.attributes if one.api_name != old.api_name),
        )
        _check_free(rest, changed)
        if wanted or (was_primary and wanted is None):
            if rest.primary is not None:
                raise api_error("709")
            draft = replace(rest, primary=changed)
        elif was_primary:
            draft = _with_secondary(rest, changed)
        else:
            # The attribute keeps its place.
            draft = replace(
                draft,
                attributes=tuple(changed if one.api_name == old.api_name else one for one in draft.attributes),
            )
    return _save(site, call, replace(custom, draft=draft))


def delete_attributes(site: Subscription, call: Call) -> Members:
    """POST …/attributes/delete: 709 for the primary attribute."""
    custom = _find(site, call)
    draft = custom.latest
    for members in _attributes(call):
        old = _find_attribute(draft, members)
        if draft.primary is not None and draft.primary.api_name == old.api_name:
            raise api_error("709")
        draft = replace(draft, attributes=tuple(one for one in draft.attributes if one.api_name != old.api_name))
    return _save(site, call, replace(custom, draft=draft))


def _find(site: Subscription, call: Call) -> CustomType:
    custom = site.custom_types.by_api_name(call.arguments[0])
    if custom is None:
        raise ApiError("1013", f"Custom activity type '{call.arguments[0]}' not found")
    return custom


def _find_attribute(draft: Definition, members: dict[str, Any]) -> Attribute:
    wanted = checks.required(members, "apiName").casefold()
    for one in draft.every_attribute():
        if one.api_name.casefold() == wanted:
            return one
    raise ApiError("1013", f"Attribute '{members['apiName']}' not found")


def _check_free(draft: Definition, made: Attribute) -> None:
    for one in draft.every_attribute():
        if made.api_name.casefold() == one.api_name.casefold() or made.name.casefold() == one.name.casefold():
            raise api_error("1017")


def _with_secondary(draft: Definition, made: Attribute) -> Definition:
    if len(draft.attributes) >= ATTRIBUTES_AT_MOST:
        raise api_error("1028")
    return replace(draft, attributes=(*draft.attributes, made))


def _attributes(call: Call) -> list[dict[str, Any]]:
    given = call.json_object().get("attributes")
    if not given:
        raise api_error("1002", "attributes")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise invalid_data("attributes must be an array of objects")
    return given


def _is_primary(members: dict[str, Any]) -> bool | None:
    value = members.get("isPrimary")
    if value is not None and not isinstance(value, bool):
        raise api_error("1001", value, "boolean")
    return value


def _save(site: Subscription, call: Call, changed: CustomType) -> Members:
    return _answer(site.custom_types.save(changed, now=wire(call.now)))


def _answer(custom: CustomType) -> Members:
    return {"result": [custom.as_row(custom.latest)]}
