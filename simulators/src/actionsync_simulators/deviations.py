"""Where a simulator may differ from the real system: its switches, and contradictions settled without one.

A switch is a field of the switches class; its reason is the text below the field, so that code and document agree.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple


class Contradiction(NamedTuple):
    """A point that sources word differently or leave open, and that no switch changes: what was chosen, and why."""

    topic: str
    variants: str
    chosen: str
    why: str


class Switch(NamedTuple):
    """One switch: the values that it takes, its default, and the open question behind it."""

    name: str
    values: str
    default: str
    reason: str


def switches_of(switches: type[Any]) -> list[Switch]:
    """Return the switches of a dataclass. Raises ValueError for a field without a text below it."""
    body = ast.parse(textwrap.dedent(inspect.getsource(switches))).body[0]
    if not isinstance(body, ast.ClassDef):
        raise ValueError(f"{switches} is no class")
    defaults = {one.name: one.default for one in dataclasses.fields(switches)}
    found = []
    for field, below in zip(body.body, [*body.body[1:], None], strict=True):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        name = field.target.id
        if not (isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)):
            raise ValueError(f"the switch {name} gives no reason")
        reason = " ".join(str(below.value.value).split())
        found.append(Switch(name, _values(field.annotation), _shown(defaults[name]), reason))
    return found


def deviations_document(title: str, switches: type[Any], contradictions: Iterable[Contradiction]) -> str:
    """Return the document as Markdown."""
    lines = [
        f"# {title}",
        "",
        "Made from the code by `python tests/simulators/documents/write.py`; edits are overwritten.",
        "Nothing here was verified against the real system. Who can, please tell us what it does.",
        "",
        "## Switches",
        "",
        f"Fields of `{switches.__name__}`: points that the documentation leaves open or contradicts, and settings that",
        "differ from one customer to the next.",
        "",
        "| Switch | Values | Default | |",
        "| --- | --- | --- | --- |",
        *(f"| `{one.name}` | {one.values} | {one.default} | {_cell(one.reason)} |" for one in switches_of(switches)),
        "",
        "## Settled without a switch",
        "",
        "| Topic | Variants | Here | Why |",
        "| --- | --- | --- | --- |",
        *(f"| {' | '.join(_cell(part) for part in one)} |" for one in contradictions),
    ]
    return "\n".join(lines) + "\n"


def _values(annotation: ast.expr) -> str:
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Literal":
        inside = annotation.slice
        options = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        return ", ".join(_shown(one.value) for one in options if isinstance(one, ast.Constant))
    text = ast.unparse(annotation)
    named = {
        "OnOff": "`on`, `off`",
        "bool": "`true`, `false`",
        "str": "text",
        "int": "whole number",
        "float": "number",
        "timedelta": "duration",
        "tuple[str, ...]": "texts",
        "str | None": "text or none",
        "int | None": "whole number or none",
    }
    return named[text]


def _shown(value: Any) -> str:
    if isinstance(value, timedelta):
        return f"`{value}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value) or "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "none" if value is None else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
