"""Checks requests against the one table of limits (rpc/limits), before any handler sees them.

A batch whose items have outcomes of their own is checked without its items (PER_ITEM); its handler asks
`item_violations` for each and answers with that item's ItemError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf.message import Message

from actionsync_server.model.errors import InvalidInput, Violation
from actionsync_server.rpc.limits import LIMITS, PER_ITEM
from actionsync_server.rpc.rules import Described, Ignored, Instant, Items, Mask, Nested, OneOf, Rule, Text


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    descriptor: Described
    rule: Rule


@dataclass(frozen=True, slots=True)
class _Plan:
    """The rules of one message type, sorted by how they are asked."""

    plain: tuple[_Field, ...]  # always asked
    optional: tuple[_Field, ...]  # asked when set: submessages, members of a oneof, optional scalars
    oneofs: tuple[str, ...]  # required ones


def check(request: Message) -> None:
    """Raise InvalidInput with all violations of a request, its per-item lists' items left out."""
    found = list(_message(request, "", skip_items_of=PER_ITEM.get(request.DESCRIPTOR.full_name, "")))
    if found:
        raise InvalidInput(found)


def violations(message: Message, *, prefix: str = "", paths: Iterable[str] | None = None) -> list[Violation]:
    """Return everything wrong with a message; with `paths` only with the fields that these paths name.

    `prefix` stands before every field name, for example `contents[3].`. Raises KeyError for a path that does not
    exist: `check` has refused such a mask.
    """
    if paths is None:
        return list(_message(message, prefix))
    return [violation for path in paths for violation in _path(message, path, prefix)]


def item_violations(request: Message, field: str, index: int) -> list[Violation]:
    """Return everything wrong with one item of a list; fields are named from the request, `contents[3].user_id`."""
    rule = LIMITS[request.DESCRIPTOR.full_name][field]
    if not isinstance(rule, Items):
        raise TypeError(f"{field} is not a list")
    descriptor = request.DESCRIPTOR.fields_by_name[field]
    return list(_value(rule.each, getattr(request, field)[index], descriptor, f"{field}[{index}]"))


def path_exists(descriptor: Described, path: str) -> bool:
    """Tell whether a mask's path names a field that callers may set."""
    current: Described = descriptor
    for name in path.split("."):
        if current is None or name not in current.fields_by_name:
            return False
        if isinstance(LIMITS[current.full_name][name], Ignored):
            return False
        field = current.fields_by_name[name]
        current = None if field.is_repeated else field.message_type
    return True


@cache
def _plan(descriptor: Described) -> _Plan:
    rules = LIMITS[descriptor.full_name]
    plain: list[_Field] = []
    optional: list[_Field] = []
    for field in descriptor.fields:
        rule = rules[field.name]
        if isinstance(rule, Ignored):
            continue
        required = isinstance(rule, Nested | Instant) and rule.required
        asked = optional if field.has_presence and not required and not isinstance(rule, Mask) else plain
        asked.append(_Field(field.name, field, rule))
    needed = (oneof.name for oneof in descriptor.oneofs if _is_required(rules.get(oneof.name)))
    return _Plan(tuple(plain), tuple(optional), tuple(needed))


def _is_required(rule: Rule | None) -> bool:
    return isinstance(rule, OneOf) and rule.required


def _message(message: Message, prefix: str, *, skip_items_of: str = "") -> Iterator[Violation]:
    plan = _plan(message.DESCRIPTOR)
    for field in plan.plain:
        name = field.name
        if field.descriptor.has_presence and not message.HasField(name):
            yield Violation(prefix + name, "is required")
        else:
            yield from _field(message, field, prefix, with_items=name != skip_items_of)
    for field in plan.optional:
        if message.HasField(field.name):
            yield from _field(message, field, prefix)
    for oneof in plan.oneofs:
        if message.WhichOneof(oneof) is None:
            yield Violation(prefix + oneof, "is required: set one of its fields")


def _field(message: Message, field: _Field, prefix: str, *, with_items: bool = True) -> Iterator[Violation]:
    rule, name = field.rule, prefix + field.name
    value = getattr(message, field.name)
    if type(rule) is Text:  # the most frequent kind, without the generators
        if problem := rule.problem(value, field.descriptor):
            yield Violation(name, problem)
    elif isinstance(rule, Nested) and rule.masked_by:
        yield from _masked(message, value, rule, name)
    elif isinstance(rule, Mask):
        yield from _mask(message, value, rule, field, name)
    elif isinstance(rule, Items):
        yield from _items(rule, value, field.descriptor, name, with_items=with_items)
    else:
        yield from _value(rule, value, field.descriptor, name)


def _value(rule: Rule, value: Any, descriptor: Described, name: str) -> Iterator[Violation]:
    if isinstance(rule, Nested):
        yield from _message(value, f"{name}.")
    elif problem := rule.problem(value, descriptor):
        yield Violation(name, problem)


def _items(rule: Items, value: Any, descriptor: Described, name: str, *, with_items: bool) -> Iterator[Violation]:
    if problem := rule.problem(value, descriptor):
        yield Violation(name, problem)  # and not one for each of perhaps a million items
    elif with_items:
        for index, item in enumerate(value):
            yield from _value(rule.each, item, descriptor, f"{name}[{index}]")


def _mask(message: Message, mask: Any, rule: Mask, field: _Field, name: str) -> Iterator[Violation]:
    if problem := rule.problem(mask, field.descriptor):
        yield Violation(name, problem)
        return
    masked: Described = message.DESCRIPTOR.fields_by_name[rule.of].message_type
    for path in mask.paths:
        if not path_exists(masked, path):
            yield Violation(name, f"names {path[:100]!r}, which is no field of {masked.name} that can be changed")


def _masked(message: Message, value: Message, rule: Nested, name: str) -> Iterator[Violation]:
    """Check what the mask names; what it must not name is the mask's own violation."""
    mask = getattr(message, rule.masked_by)
    mask_rule = LIMITS[message.DESCRIPTOR.full_name][rule.masked_by]
    refused = mask_rule.problem(mask, message.DESCRIPTOR.fields_by_name[rule.masked_by])
    for path in mask.paths:
        if not refused and path_exists(value.DESCRIPTOR, path):
            yield from _path(value, path, f"{name}.")
    for member, member_rule in rule.always.items():
        descriptor = value.DESCRIPTOR.fields_by_name[member]
        yield from _value(member_rule, getattr(value, member), descriptor, f"{name}.{member}")


def _path(message: Message, path: str, prefix: str) -> Iterator[Violation]:
    first, _, rest = path.partition(".")
    descriptor = message.DESCRIPTOR.fields_by_name[first]
    field = _Field(first, descriptor, LIMITS[message.DESCRIPTOR.full_name][first])
    if rest:
        yield from _path(getattr(message, first), rest, f"{prefix}{first}.")
    elif isinstance(field.rule, Nested) or not descriptor.has_presence or message.HasField(first):
        yield from _field(message, field, prefix)
