"""The coverage file of a simulator, made from its route table: every call with each of its behaviours, served or not.

The file is read back as well: what was served once must not be lost unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from actionsync_simulators.endpoint import Endpoint, key

SUCCESS = "success"
_ROW = re.compile(r"^\| `(?P<call>[A-Z]+ [^`]*)` \| served \| (?P<around>.*?) \| (?P<own>.*?) \| (?P<named>.*?) \|$")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a coverage file is made of. `around` gives what every call answers beside its own errors, by code;
    `around_call` which of these can befall one call, `area` the part of the API that it belongs to.
    """

    title: str
    calls: Sequence[Endpoint]
    around: Mapping[str, str]
    around_call: Callable[[Endpoint], Sequence[str]]
    area: Callable[[Endpoint], str]


def coverage_document(coverage: Coverage) -> str:
    """Return the file as Markdown."""
    areas: dict[str, list[Endpoint]] = {}
    for call in coverage.calls:
        areas.setdefault(coverage.area(call), []).append(call)
    parts = [_head(coverage, areas), _around(coverage.around)]
    parts += [_area(coverage, name, calls) for name, calls in areas.items()]
    return "\n\n".join(parts) + "\n"


def served_in(text: str) -> set[str]:
    """Return every served behaviour that a coverage file has, as `call: behaviour`."""
    found: set[str] = set()
    for line in text.splitlines():
        row = _ROW.match(line)
        if row is not None:
            call = row["call"]
            found.add(f"{call}: {SUCCESS}")
            found |= {f"{call}: error {code}" for part in ("around", "own") for code in _CODE.findall(row[part])}
            found |= {f"{call}: {slug}" for slug in _CODE.findall(row["named"])}
    return found


def _behaviours(coverage: Coverage, call: Endpoint) -> int:
    return 1 + len(coverage.around_call(call)) + len(call.errors) + len(call.behaviours)


def _head(coverage: Coverage, areas: Mapping[str, Sequence[Endpoint]]) -> str:
    lines = [
        f"# {coverage.title}",
        "",
        "Made from the route table by `python tests/simulators/documents/write.py`; edits are overwritten.",
        "A behaviour is the success of a call, an error that it can give (the limits among them), or a named quirk.",
        "A run of the tests fails for a behaviour that no test has seen. Errors around calls count once for them all.",
        "",
        "| Area | Calls served | Calls not served | Behaviours served |",
        "| --- | ---: | ---: | ---: |",
    ]
    totals = [0, 0, 0]
    for name, calls in areas.items():
        served = [call for call in calls if call.served]
        row = [len(served), len(calls) - len(served), sum(_behaviours(coverage, call) for call in served)]
        totals = [total + one for total, one in zip(totals, row, strict=True)]
        lines.append(_line(name, *map(str, row)))
    lines.append(_line("**all**", *(f"**{total}**" for total in totals)))
    return "\n".join(lines)


def _around(around: Mapping[str, str]) -> str:
    lines = ["## Errors around every call", "", "| Code | When |", "| --- | --- |"]
    lines += [_line(f"`{code}`", when) for code, when in around.items()]
    return "\n".join(lines)


def _area(coverage: Coverage, name: str, calls: Sequence[Endpoint]) -> str:
    lines = [
        f"## {name[0].upper()}{name[1:]}",
        "",
        "| Call | | Errors around it | Errors of its own | Behaviours |",
        "| --- | --- | --- | --- | --- |",
    ]
    texts: dict[str, str] = {}
    for call in calls:
        if not call.served:
            lines.append(_line(f"`{key(call)}`", "not served", "", "", ""))
            continue
        named = [one.slug for one in call.behaviours]
        cells = (_codes(coverage.around_call(call)), _codes(call.errors), _codes(named))
        lines.append(_line(f"`{key(call)}`", "served", *cells))
        texts |= {one.slug: one.text for one in call.behaviours}
    if texts:
        lines += ["", *(f"* `{slug}`: {text[0].lower()}{text[1:].removesuffix('.')}" for slug, text in texts.items())]
    return "\n".join(lines)


def _codes(codes: Iterable[str]) -> str:
    return " ".join(f"`{code}`" for code in codes)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
