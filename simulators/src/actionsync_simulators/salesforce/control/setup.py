"""Control calls for what an admin sets up: values of picklists, the ready-made package, connected apps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actionsync_simulators.control import ControlError
from actionsync_simulators.salesforce.auth.apps import Apps, ConnectedApp
from actionsync_simulators.salesforce.control.access import user_id_of
from actionsync_simulators.salesforce.schema.sales_package import (
    EXTERNAL_ID_FIELD,
    REPLY_TYPE,
    ROLL_UP_FIELDS,
    ROLL_UP_OBJECTS,
    SALES_FIELDS,
    Spec,
)
from actionsync_simulators.salesforce.state import Org

Arguments = dict[str, Any]
_ROWS_BEHIND = {"Task.Status": "TaskStatus", "Task.Priority": "TaskPriority", "Lead.Status": "LeadStatus"}
"""Picklists whose values are also rows of an object."""

_APP_HINT = (
    '{"client_id": "my-app", "client_secret": "…", "run_as": "005… or username",'
    ' "callback_urls": ["https://app.example/callback"], "secret_required": true, "pkce_required": false}'
)


def picklist_values(org: Org, arguments: Arguments) -> dict[str, Any]:
    """Add values to a picklist."""
    hint = '{"object": "Task", "field": "Type", "values": ["Reply"]}'
    values = arguments.get("values")
    if set(arguments) != {"object", "field", "values"}:
        raise ControlError("object, field and values are needed, and nothing else", hint=hint)
    if not isinstance(values, list) or not values or not all(isinstance(one, str) and one.strip() for one in values):
        raise ControlError("values is a list of texts", hint=hint)
    sobject = org.schema.object(str(arguments["object"]))
    field = None if sobject is None else sobject.field(str(arguments["field"]))
    if sobject is None or field is None:
        raise ControlError(f"there is no field {arguments['object']}.{arguments['field']}", hint=hint)
    rows = _ROWS_BEHIND.get(f"{sobject.name}.{field.name}")
    if rows is not None:
        raise ControlError(f"the values of {sobject.name}.{field.name} are rows of {rows} and stay", hint=hint)
    if field.length and max(map(len, values)) > field.length:
        raise ControlError(f"{field.name} holds {field.length} characters", hint=hint)
    try:
        org.add_picklist_values(sobject.name, field.name, values)
    except ValueError as problem:
        raise ControlError(str(problem), hint=hint) from None
    grown = org.sobject(sobject.name).fields[field.name]
    return {"object": sobject.name, "field": field.name, "values": [entry.value for entry in grown.picklist]}


def package(org: Org, arguments: Arguments) -> dict[str, Any]:
    """Install what an org needs for sales activities; what is there already is left as it is."""
    if arguments:
        raise ControlError(f"unknown member {sorted(arguments)[0]!r}", hint="no arguments: the package is whole or not")
    added: list[str] = []
    present: list[str] = []
    with org.database.transaction():
        wanted = [("Task", spec) for spec in (EXTERNAL_ID_FIELD, *SALES_FIELDS)]
        wanted += [(name, spec) for name in ROLL_UP_OBJECTS for spec in ROLL_UP_FIELDS]
        for object_name, spec in wanted:
            (added if _installed(org, object_name, spec) else present).append(f"{object_name}.{spec['name']}")
        org.add_picklist_values("Task", "Type", [REPLY_TYPE])
    return {"added": added, "present": present, "picklist_values": {"Task.Type": [REPLY_TYPE]}}


def _installed(org: Org, object_name: str, spec: Spec) -> bool:
    if org.sobject(object_name).field(spec["name"]) is not None:
        return False
    org.add_field(object_name, spec)
    return True


def app_calls(apps: Apps) -> dict[tuple[str, str], Callable[[Org, Arguments], Any]]:
    """The calls about connected apps."""
    return {
        ("GET", "apps"): lambda _, __: {"apps": [_shown(app) for app in apps]},
        ("POST", "apps"): lambda org, arguments: _save_app(org, apps, arguments),
    }


def _save_app(org: Org, apps: Apps, arguments: Arguments) -> dict[str, Any]:
    known = {"client_id", "client_secret", "run_as", "callback_urls", "secret_required", "pkce_required"}
    unknown = sorted(set(arguments) - known)
    if unknown:
        raise ControlError(f"unknown member {unknown[0]!r}", hint=_APP_HINT)
    client_id = arguments.get("client_id")
    if not isinstance(client_id, str) or not client_id:
        raise ControlError("client_id is missing", hint=_APP_HINT)
    app = apps.get(client_id)
    if app is None:
        secret = arguments.get("client_secret")
        if not isinstance(secret, str) or not secret:
            raise ControlError("a new app needs a client_secret", hint=_APP_HINT)
        app = ConnectedApp(client_id, secret, run_as=org.api_user_id)
    app = _changed(org, app, arguments)
    apps.save(app)
    return _shown(app)


def _changed(org: Org, app: ConnectedApp, arguments: Arguments) -> ConnectedApp:
    urls = arguments.get("callback_urls", list(app.callback_urls))
    if not isinstance(urls, list) or not all(isinstance(one, str) and "://" in one for one in urls):
        raise ControlError("callback_urls is a list of URLs", hint=_APP_HINT)
    flags = {name: arguments.get(name, getattr(app, name)) for name in ("secret_required", "pkce_required")}
    if not all(isinstance(flag, bool) for flag in flags.values()):
        raise ControlError("secret_required and pkce_required are true or false", hint=_APP_HINT)
    secret = arguments.get("client_secret", app.client_secret)
    if not isinstance(secret, str) or not secret:
        raise ControlError("client_secret is a text", hint=_APP_HINT)
    run_as = user_id_of(org, arguments.get("run_as"), default=app.run_as)
    return replace(app, client_secret=secret, run_as=run_as, callback_urls=tuple(urls), **flags)


def _shown(app: ConnectedApp) -> dict[str, Any]:
    return {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "run_as": app.run_as,
        "callback_urls": list(app.callback_urls),
        "secret_required": app.secret_required,
        "pkce_required": app.pkce_required,
    }


CALLS: dict[tuple[str, str], Callable[[Org, Arguments], Any]] = {
    ("POST", "picklist-values"): picklist_values,
    ("POST", "package"): package,
}
"""The calls that need nothing but the org."""
