"""Switches as people set and read them: name, choices, default and reason, of the frozen dataclass of a simulator.

A switch is a field of `MarketoSwitches` or `SalesforceSwitches`; the text below it says why it exists.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Switches = TypeVar("Switches")

NONE = "none"
TRUE, FALSE = "true", "false"


class SwitchError(ValueError):
    """A switch that does not exist, or a value that it cannot have; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch. `choices` and `default` are written as in `NAME=VALUE`."""

    name: str
    choices: str
    default: str
    reason: str


def describe(kind: type[Any]) -> list[Switch]:
    """Return every switch of a dataclass in the order of its source."""
    reasons = _reasons(kind)
    hints = get_type_hints(kind)
    return [Switch(one.name, _choices(hints[one.name]), shown(one.default), reasons[one.name]) for one in fields(kind)]


def current(switches: Any) -> list[dict[str, str]]:
    """Return every switch of a simulator with its value, for the control plane."""
    return [
        {
            "name": one.name,
            "value": shown(getattr(switches, one.name)),
            "default": one.default,
            "choices": one.choices,
            "reason": one.reason,
        }
        for one in describe(type(switches))
    ]


def switched(kind: type[Switches], given: Sequence[str]) -> Switches:
    """Return the switches with these `NAME=VALUE` set and the others at their default. Raises SwitchError."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for assignment in given:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise SwitchError(f"{assignment!r} is not NAME=VALUE")
        if name not in hints:
            raise SwitchError(f"there is no switch {name!r}: {', '.join(hints)}")
        if name in values:
            raise SwitchError(f"{name} is given twice")
        try:
            values[name] = _read(hints[name], text)
        except ValueError:
            raise SwitchError(f"{name} cannot be {text!r}: {_choices(hints[name])}") from None
    try:
        return kind(**values)
    except ValueError as problem:
        raise SwitchError(str(problem)) from None


def shown(value: Any) -> str:
    """Write a value as it is given in `NAME=VALUE`."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


def _read(hint: Any, text: str) -> Any:
    """Read a value of this type; ValueError for what is none."""
    origin = get_origin(hint)
    if origin is Literal:
        return get_args(hint)[[shown(choice) for choice in get_args(hint)].index(text)]
    if origin in (Union, UnionType):
        return None if text == NONE else _read(_without_none(hint), text)
    if origin is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if hint is bool:
        return {TRUE: True, FALSE: False}[text] if text in (TRUE, FALSE) else _refuse(text)
    if hint is int:
        return int(text) if text.isascii() and text.isdigit() else _refuse(text)
    if hint in (float, timedelta):
        number = float(text)
        if not 0 <= number < 1e9:
            _refuse(text)
        return timedelta(seconds=number) if hint is timedelta else number
    if hint is str:
        return text
    raise TypeError(f"a switch cannot be {hint}")


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _choices(hint: Any) -> str:
    """Say which values a type has."""
    origin = get_origin(hint)
    if origin is Literal:
        return " | ".join(repr(shown(choice)) if " " in shown(choice) else shown(choice) for choice in get_args(hint))
    if origin in (Union, UnionType):
        return f"{_choices(_without_none(hint))} | {NONE}"
    if origin is tuple:
        return "names separated by commas, or nothing"
    return {
        bool: f"{TRUE} | {FALSE}",
        int: "a whole number from 0 up",
        float: "a number from 0 up",
        timedelta: "seconds",
        str: "text",
    }[hint]


def _without_none(hint: Any) -> Any:
    (known,) = (part for part in get_args(hint) if part is not NoneType)
    return known


def _reasons(kind: type[Any]) -> dict[str, str]:
    """Return the text below each field, which Python itself does not keep."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)
    reasons: dict[str, str] = {}
    for statement, below in zip(definition.body, definition.body[1:], strict=False):
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            reasons[statement.target.id] = " ".join(str(below.value.value).split())
    return reasons
