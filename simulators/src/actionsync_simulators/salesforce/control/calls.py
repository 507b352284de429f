"""The control calls that only this simulator has, below `/_sim`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actionsync_simulators.control import ControlError, ControlRoute
from actionsync_simulators.salesforce.auth.front import LoginApi
from actionsync_simulators.salesforce.control import access as control_access
from actionsync_simulators.salesforce.control import events as control_events
from actionsync_simulators.salesforce.control import rules as control_rules
from actionsync_simulators.salesforce.control import setup as control_setup
from actionsync_simulators.salesforce.gateway.errors import ApiError
from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.gateway.messages import Caller
from actionsync_simulators.salesforce.people.conversion import LeadConvert, convert_lead
from actionsync_simulators.salesforce.people.merge import merge
from actionsync_simulators.salesforce.reminders import fire_due_reminders, fire_reminder
from actionsync_simulators.salesforce.rows.lookup import id_in_body
from actionsync_simulators.salesforce.rows.undelete import undelete
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.state import Org

Arguments = dict[str, Any]


def control_routes(org: Org, login: LoginApi) -> dict[tuple[str, str], ControlRoute]:
    """All control calls of this simulator by (method, path)."""
    calls: dict[tuple[str, str], Callable[[Org, Arguments], Any]] = {
        ("POST", "convert"): _convert,
        ("POST", "merge"): _merge,
        ("POST", "undelete"): _undelete,
        ("POST", "reminders/fire"): _fire,
        ("POST", "tokens/expire"): _expire,
        ("POST", "tokens/revoke"): _revoke,
        ("POST", "fields"): _add_field,
        **control_access.CALLS,
        **control_events.CALLS,
        **control_rules.CALLS,
        **control_setup.CALLS,
        **control_setup.app_calls(login.apps),
    }
    return {route: _bound(org, call) for route, call in calls.items()}


def _bound(org: Org, call: Callable[[Org, Arguments], Any]) -> ControlRoute:
    def run(arguments: Arguments) -> Any:
        try:
            return call(org, arguments)
        except ApiError as error:
            raise ControlError(str(error), hint="this is what the org answers") from None

    return run


def write_as(org: Org, arguments: Arguments) -> Write:
    """A write by the user named in `user` (id or username), the API user by default."""
    user_id = control_access.user_id_of(org, arguments.get("user"), default=org.api_user_id)
    username = org.database.value('SELECT Username FROM "User" WHERE Id = ?', (user_id,))
    return Write(caller=Caller(user_id, username, org.access_of(user_id)), now=org.now_text())


def _convert(org: Org, arguments: Arguments) -> dict[str, Any]:
    hint = (
        '{"lead": "00Q…", "status": "Closed - Converted", "account": "001…", "contact": "003…",'
        ' "opportunity": "006…", "opportunity_name": "…", "owner": "005…", "create_opportunity": false}'
    )
    _only(
        arguments,
        "lead status account contact opportunity opportunity_name owner create_opportunity overwrite_lead_source user",
        hint=hint,
    )
    order = LeadConvert(
        lead_id=_text(arguments, "lead", hint=hint),
        converted_status=_optional(arguments, "status", hint=hint) or "Closed - Converted",
        account_id=_optional(arguments, "account", hint=hint),
        contact_id=_optional(arguments, "contact", hint=hint),
        opportunity_id=_optional(arguments, "opportunity", hint=hint),
        opportunity_name=_optional(arguments, "opportunity_name", hint=hint),
        owner_id=_optional(arguments, "owner", hint=hint),
        create_opportunity=_flag(arguments, "create_opportunity", default=True, hint=hint),
        overwrite_lead_source=_flag(arguments, "overwrite_lead_source", default=False, hint=hint),
    )
    converted = convert_lead(org, write_as(org, arguments), order)
    return {
        "lead": converted.lead_id,
        "account": converted.account_id,
        "contact": converted.contact_id,
        "opportunity": converted.opportunity_id,
    }


def _merge(org: Org, arguments: Arguments) -> dict[str, Any]:
    hint = '{"master": "003…", "losers": ["003…"], "fields": {"Title": "…"}}'
    _only(arguments, "master losers fields user", hint=hint)
    losers, fields = arguments.get("losers"), arguments.get("fields", {})
    if not isinstance(losers, list) or not all(isinstance(each, str) for each in losers):
        raise ControlError("losers is a list of record ids", hint=hint)
    if not isinstance(fields, dict):
        raise ControlError("fields is an object of field values", hint=hint)
    merged = merge(
        org,
        write_as(org, arguments),
        master_id=_text(arguments, "master", hint=hint),
        loser_ids=losers,
        fields=fields,
    )
    return {
        "id": merged.id,
        "merged": list(merged.merged_record_ids),
        "updated_related": list(merged.updated_related_ids),
    }


def _undelete(org: Org, arguments: Arguments) -> dict[str, Any]:
    hint = '{"id": "00T…"}'
    _only(arguments, "id user", hint=hint)
    sobject, record_id = id_in_body(org, _text(arguments, "id", hint=hint))
    with org.database.transaction():
        undelete(org, write_as(org, arguments), sobject, record_id)
    return {"undeleted": record_id}


def _fire(org: Org, arguments: Arguments) -> dict[str, Any]:
    hint = '{"task": "00T…"}, or {} for every reminder that is due'
    _only(arguments, "task user", hint=hint)
    write = write_as(org, arguments)
    if "task" not in arguments:
        return {"fired": fire_due_reminders(org, write)}
    task_id = _text(arguments, "task", hint=hint)
    fire_reminder(org, write, task_id)
    return {"fired": [full_id(task_id)]}


def _expire(org: Org, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, "user", hint='{"user": "005… or username"}, or {} for everyone')
    user_id = control_access.user_id_of(org, arguments.get("user"), default=None)
    return {"expired": org.sessions.end_all(user_id=user_id)}


def _revoke(org: Org, arguments: Arguments) -> dict[str, Any]:
    hint = '{"user": "005… or username"} or {"token": "…"}, or {} for everyone; refresh tokens die too'
    _only(arguments, "user token", hint=hint)
    if "token" in arguments:
        return {"revoked": int(org.sessions.revoke(_text(arguments, "token", hint=hint)))}
    user_id = control_access.user_id_of(org, arguments.get("user"), default=None)
    refresh_tokens = org.sessions.revoke_refresh_tokens(user_id=user_id)
    return {"revoked": org.sessions.end_all(user_id=user_id), "refresh_tokens": refresh_tokens}


def _add_field(org: Org, arguments: Arguments) -> dict[str, Any]:
    hint = '{"object": "Task", "name": "Ext__c", "type": "text", "length": 100, "external_id": true, "unique": true}'
    object_name = _text(arguments, "object", hint=hint)
    spec = {name: value for name, value in arguments.items() if name != "object"}
    if org.schema.object(object_name) is None:
        raise ControlError(f"there is no object {object_name}", hint=hint)
    try:
        added = org.add_field(object_name, spec)
    except ValueError as problem:
        raise ControlError(str(problem), hint=hint) from None
    return {"added": added.name, "type": added.type}


def _only(arguments: Arguments, members: str, *, hint: str) -> None:
    unknown = sorted(set(arguments) - set(members.split()))
    if unknown:
        raise ControlError(f"unknown member {unknown[0]!r}", hint=hint)


def _text(arguments: Arguments, name: str, *, hint: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value:
        raise ControlError(f"{name} is missing", hint=hint)
    return value


def _optional(arguments: Arguments, name: str, *, hint: str) -> str | None:
    value = arguments.get(name)
    if value is not None and not isinstance(value, str):
        raise ControlError(f"{name} is not a text", hint=hint)
    return value


def _flag(arguments: Arguments, name: str, *, default: bool, hint: str) -> bool:
    value = arguments.get(name, default)
    if not isinstance(value, bool):
        raise ControlError(f"{name} is true or false", hint=hint)
    return value
