"""Control calls for what stands in the way of a save: validation rules, duplicate rules, locked rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actionsync_simulators.control import ControlError
from actionsync_simulators.salesforce.rows.lookup import id_in_body
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org

Arguments = dict[str, Any]
KINDS = ("validation", "duplicate")
HINT = (
    '{"kind": "validation", "object": "Task", "field": "Subject", "contains": "forbidden", "message": "…",'
    ' "error_field": "Subject"} (without contains: refused when empty) or'
    ' {"kind": "duplicate", "object": "Lead", "fields": ["Email"], "allow_save": true} or'
    ' {"kind": "lock", "record": "001…"} (held until the rules are cleared)'
)


def _rules(org: Org, _: Arguments) -> dict[str, Any]:
    made = org.setting("rules") or {}
    return {kind: made.get(kind, {}) for kind in KINDS} | {"lock": sorted(org.held_locks)}


def _add_rule(org: Org, arguments: Arguments) -> dict[str, Any]:
    kind = arguments.get("kind")
    if kind == "lock":
        return _lock(org, arguments)
    sobject = org.schema.object(str(arguments.get("object", "")))
    if kind not in KINDS:
        raise ControlError(f"kind is one of {', '.join(KINDS)}, lock", hint=HINT)
    if sobject is None:
        raise ControlError(f"there is no object {arguments.get('object')!r}", hint=HINT)
    rule = _validation(sobject, arguments) if kind == "validation" else _duplicate(sobject, arguments)
    rules: dict[str, dict[str, list[dict[str, Any]]]] = org.setting("rules") or {}
    rules.setdefault(kind, {}).setdefault(sobject.name, []).append(rule)
    org.set_rules(rules)
    return {"kind": kind, "object": sobject.name, **rule}


def _clear_rules(org: Org, _: Arguments) -> dict[str, Any]:
    org.set_rules({})
    org.set_locks(())
    return {"cleared": True}


def _lock(org: Org, arguments: Arguments) -> dict[str, Any]:
    if set(arguments) != {"kind", "record"}:
        raise ControlError("a lock needs a record and nothing else", hint=HINT)
    _, record_id = id_in_body(org, arguments["record"])
    org.set_locks(org.held_locks | {record_id})
    return {"kind": "lock", "record": record_id}


def _validation(sobject: SObject, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, {"field", "contains", "message", "error_field"})
    rule: dict[str, Any] = {"field": _field_name(sobject, arguments.get("field"))}
    if "contains" in arguments:
        if not isinstance(arguments["contains"], str) or not arguments["contains"]:
            raise ControlError("contains is a text", hint=HINT)
        rule["contains"] = arguments["contains"]
    rule["message"] = str(arguments.get("message") or "A validation rule refused this record.")
    if arguments.get("error_field") is not None:
        rule["error_field"] = _field_name(sobject, arguments["error_field"])
    return rule


def _duplicate(sobject: SObject, arguments: Arguments) -> dict[str, Any]:
    _only(arguments, {"fields", "allow_save", "message"})
    names = arguments.get("fields")
    if not isinstance(names, list) or not names:
        raise ControlError("fields is a list of field names", hint=HINT)
    return {
        "fields": [_field_name(sobject, name) for name in names],
        "allow_save": arguments.get("allow_save", True) is True,
        "message": str(arguments.get("message") or "Use one of these records?"),
    }


def _field_name(sobject: SObject, given: Any) -> str:
    field = sobject.field(given) if isinstance(given, str) else None
    if field is None or not field.stored:
        raise ControlError(f"{sobject.name} has no field {given!r}", hint=HINT)
    return field.name


def _only(arguments: Arguments, members: set[str]) -> None:
    unknown = sorted(set(arguments) - members - {"kind", "object"})
    if unknown:
        raise ControlError(f"unknown member {unknown[0]!r}", hint=HINT)


CALLS: dict[tuple[str, str], Callable[[Org, Arguments], Any]] = {
    ("GET", "rules"): _rules,
    ("POST", "rules"): _add_rule,
    ("DELETE", "rules"): _clear_rules,
}
