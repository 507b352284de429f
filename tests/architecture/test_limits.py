"""The table of limits is whole, and the contract's comments say the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from actionsync_server.rpc.limits import LIMITS, PARTS, PER_ITEM
from actionsync_server.rpc.methods import METHODS
from actionsync_server.rpc.rules import Ignored, Instant, Items, Mask, Nested, OneOf, Text

LIMIT = re.compile(r"Limit: (.+?)\.(?= |$)")


def _input_messages() -> dict[str, Any]:
    """Every message of ours that a request can contain where the caller fills it in, by full name."""
    found: dict[str, Any] = {}
    waiting = [method.request_type.DESCRIPTOR for method in METHODS.values()]
    while waiting:
        message: Any = waiting.pop()
        if message.full_name in found:
            continue
        found[message.full_name] = message
        for field in message.fields:
            ignored = isinstance(LIMITS.get(message.full_name, {}).get(field.name), Ignored)
            ours = field.message_type is not None and field.message_type.full_name.startswith("actionsync.")
            if ours and not ignored:
                waiting.append(field.message_type)
    return found


def _real_oneofs(message: Any) -> list[str]:
    return [oneof.name for oneof in message.oneofs if not oneof.name.startswith("_")]


def test_every_input_field_has_a_rule_and_every_rule_a_field() -> None:
    messages = _input_messages()
    assert set(LIMITS) == set(messages)
    for name, message in messages.items():
        assert set(LIMITS[name]) == {*message.fields_by_name, *_real_oneofs(message)}, name


def test_no_message_stands_in_two_parts_of_the_table() -> None:
    assert sum(len(part) for part in PARTS) == len(LIMITS)


@pytest.mark.parametrize(
    ("message", "member"), [(message, member) for message, members in LIMITS.items() for member in members]
)
def test_comment_and_table_agree(comments: dict[str, str], message: str, member: str) -> None:
    rule = LIMITS[message][member]
    comment = comments[f"{message}.{member}"]
    assert LIMIT.findall(comment) == ([rule.sentence] if rule.sentence else []), comment
    assert isinstance(rule, Ignored) == (comment.startswith("Output only:")), comment


def test_no_comment_outside_the_inputs_states_a_limit(comments: dict[str, str]) -> None:
    stated = {name for name, comment in comments.items() if "Limit:" in comment}
    known = {f"{message}.{member}" for message, members in LIMITS.items() for member in members}
    assert stated <= known


def test_rules_fit_the_types_of_their_fields() -> None:
    for name, message in _input_messages().items():
        for field in message.fields:
            rule = LIMITS[name][field.name]
            assert isinstance(rule, Items) == (field.is_repeated and not isinstance(rule, Ignored)), field.full_name
            kind = rule.each if isinstance(rule, Items) else rule
            if isinstance(kind, Text):
                assert field.type == field.TYPE_STRING, field.full_name
            if isinstance(kind, Nested):
                assert field.message_type.full_name in LIMITS, field.full_name
            if isinstance(kind, Instant):
                assert field.message_type.full_name == "google.protobuf.Timestamp"
            if isinstance(kind, Mask):
                assert message.fields_by_name[kind.of].message_type.full_name in LIMITS
        for oneof in _real_oneofs(message):
            assert isinstance(LIMITS[name][oneof], OneOf)


def test_enum_values_that_are_never_input_exist() -> None:
    for name, message in _input_messages().items():
        for member, rule in LIMITS[name].items():
            without: frozenset[str] = getattr(rule, "without", frozenset())
            assert without <= set(message.fields_by_name[member].enum_type.values_by_name) if without else True


def test_lists_with_outcomes_per_item_are_lists_of_requests() -> None:
    requests = {method.request_type.DESCRIPTOR.full_name for method in METHODS.values()}
    for name, field in PER_ITEM.items():
        assert name in requests
        assert isinstance(LIMITS[name][field], Items)
