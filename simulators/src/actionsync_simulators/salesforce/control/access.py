"""Control calls about who there is and what they may see: users, field-level security, the JWT key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actionsync_simulators.control import ControlError
from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.gateway.messages import Caller
from actionsync_simulators.salesforce.rows.write import touch
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.schema import PROFILES, Access
from actionsync_simulators.salesforce.state import Org

Arguments = dict[str, Any]
STATES = ("editable", "read_only", "hidden")


def user_id_of(org: Org, given: Any, *, default: str | None) -> Any:
    """The id of a user given by id or username; `default` where none is given. Raises ControlError."""
    if given is None:
        return default
    if isinstance(given, str):
        found = org.database.value(
            'SELECT Id FROM "User" WHERE Id = ? OR Username = ?', (full_id(given) or given, given)
        )
        if found is not None:
            return found
    raise ControlError(f"there is no user {given!r}", hint="the id or username of a user; see GET /_sim/users")


def _users(org: Org, _: Arguments) -> dict[str, Any]:
    rows = org.database.rows('SELECT Id, Username, Name, Email, IsActive FROM "User" ORDER BY Id')
    return {
        "users": [
            {
                "id": row["Id"],
                "username": row["Username"],
                "name": row["Name"],
                "email": row["Email"],
                "active": bool(row["IsActive"]),
            }
            for row in rows
        ]
    }


def _set_user(org: Org, arguments: Arguments) -> dict[str, Any]:
    hint = '{"user": "005… or username", "active": false}'
    if set(arguments) != {"user", "active"} or not isinstance(arguments["active"], bool):
        raise ControlError("user and active are needed", hint=hint)
    user_id = user_id_of(org, arguments["user"], default=None)
    admin = Caller(org.api_user_id, "", Access())
    with org.database.transaction():
        touch(org, Write(admin, org.now_text()), org.sobject("User"), user_id, {"IsActive": int(arguments["active"])})
    if not arguments["active"]:
        org.sessions.end_all(user_id=user_id)
    return {"id": user_id, "active": arguments["active"]}


def _profile(org: Org, arguments: Arguments) -> dict[str, Any]:
    user_id = user_id_of(org, arguments.get("user"), default=None)
    access = org.access_of(user_id or "")
    return _described(access)


def _set_profile(org: Org, arguments: Arguments) -> dict[str, Any]:
    """Change field-level security of one user, or of everybody without settings of their own."""
    hint = (
        '{"profile": "fresh-org"} or {"object": "Lead", "field": "HasOptedOutOfEmail", "state": "hidden"}'
        ' or {"object": "Lead", "state": "read_only"}; "user" limits it to one user'
    )
    unknown = sorted(set(arguments) - {"user", "profile", "object", "field", "state"})
    if unknown:
        raise ControlError(f"unknown member {unknown[0]!r}", hint=hint)
    user_id = user_id_of(org, arguments.get("user"), default=None)
    access = org.access_of(user_id or "")
    if "profile" in arguments:
        if arguments["profile"] not in PROFILES or "object" in arguments:
            raise ControlError(f"profile is one of {', '.join(PROFILES)}, and stands alone", hint=hint)
        access = PROFILES[arguments["profile"]]
    else:
        access = _changed(org, access, arguments, hint=hint)
    org.set_access(access, user_id)
    return _described(access)


def _changed(org: Org, access: Access, arguments: Arguments, *, hint: str) -> Access:
    sobject = org.schema.object(str(arguments.get("object", "")))
    state = arguments.get("state")
    if sobject is None:
        raise ControlError(f"there is no object {arguments.get('object')!r}", hint=hint)
    if state not in STATES:
        raise ControlError(f"state is one of {', '.join(STATES)}", hint=hint)
    if "field" not in arguments:
        if state == "hidden":
            raise ControlError("a whole object is editable or read_only", hint=hint)
        return access.with_object(sobject.name, editable=state == "editable")
    targets = [each for each in org.schema if each.activity] if sobject.activity else [sobject]
    found = False
    for each in targets:
        field = each.field(str(arguments["field"]))
        if field is not None:
            found = True
            access = access.with_state(each.name, field.name, visible=state != "hidden", editable=state == "editable")
    if not found:
        raise ControlError(f"{sobject.name} has no field {arguments['field']!r}", hint=hint)
    return access


def _described(access: Access) -> dict[str, Any]:
    return {
        "hidden": [".".join(pair) for pair in sorted(access.hidden)],
        "read_only": [".".join(pair) for pair in sorted(access.read_only)],
        "read_only_objects": sorted(access.read_only_objects),
    }


def _set_jwt_key(org: Org, arguments: Arguments) -> dict[str, Any]:
    key = arguments.get("public_key")
    if set(arguments) != {"public_key"} or not (key is None or (isinstance(key, str) and "BEGIN" in key)):
        raise ControlError("public_key is a PEM public key, or null", hint='{"public_key": "-----BEGIN …"}')
    org.save_setting("jwt_public_key", key)
    return {"verified": key is not None}


CALLS: dict[tuple[str, str], Callable[[Org, Arguments], Any]] = {
    ("GET", "users"): _users,
    ("POST", "users"): _set_user,
    ("GET", "profile"): _profile,
    ("POST", "profile"): _set_profile,
    ("POST", "jwt-key"): _set_jwt_key,
}
