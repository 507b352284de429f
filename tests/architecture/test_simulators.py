"""The shape of the simulators: two systems on one core that know nothing of one another, one clock, named chance."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "actionsync_simulators"
SOURCES = Path(__file__).parents[2] / "simulators" / "src" / PACKAGE
SYSTEMS = ("marketo", "salesforce")
ASSEMBLY = ("__main__", "building", "serving", "settings")
"""The modules of a run, which puts both systems together; everything else beside them is core, and knows neither."""
READS_TIME = re.compile(r"\b(?:time\.(?:time|monotonic|perf_counter)|datetime\.(?:now|utcnow)|date\.today)\b")
NAMED_CHANCE = re.compile(r'Random\((?:f"[^"]*\{(?:self\._?)?(?:site\._?)?(?:org\.)?seed\}:)')


def _modules() -> Iterator[tuple[str, Path]]:
    """Yield the name below the package, and the file, of every module."""
    for path in sorted(SOURCES.rglob("*.py")):
        parts = path.relative_to(SOURCES).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path


def _imported(path: Path) -> set[str]:
    """Return the modules of the package that a file imports anywhere, by their names below it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{path.name}: imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name.removeprefix(f"{PACKAGE}.") for name in found if name.startswith(f"{PACKAGE}.")}


def _top(name: str) -> str:
    return name.partition(".")[0]


MODULES = dict(_modules())
IMPORTS = {name: {_top(one) for one in _imported(path)} for name, path in MODULES.items()}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_knows_neither_the_other_one_nor_the_run(system: str) -> None:
    own = {name: tops for name, tops in IMPORTS.items() if _top(name) == system}
    assert len(own) > 50
    (other,) = set(SYSTEMS) - {system}
    assert {name: tops & {other, *ASSEMBLY} for name, tops in own.items() if tops & {other, *ASSEMBLY}} == {}


def test_what_both_stand_on_knows_neither() -> None:
    core = {name: tops for name, tops in IMPORTS.items() if _top(name) not in (*SYSTEMS, *ASSEMBLY)}
    assert {"endpoint", "control", "database", "seed.org"} <= set(core)
    assert {name: tops & set(SYSTEMS) for name, tops in core.items() if tops & set(SYSTEMS)} == {}


def test_the_modules_of_a_run_are_there() -> None:
    assert {name for name in MODULES if _top(name) in ASSEMBLY} == set(ASSEMBLY)


def test_nothing_but_the_clock_reads_the_time() -> None:
    readers = {name for name, path in MODULES.items() if READS_TIME.search(path.read_text(encoding="utf-8"))}
    assert readers == {"clock"}


def test_chance_comes_from_streams_that_are_named() -> None:
    makers = {}
    for name, path in MODULES.items():
        for line in path.read_text(encoding="utf-8").splitlines():
            if "Random(" in line:
                makers[f"{name}: {line.strip()}"] = bool(NAMED_CHANCE.search(line))
    assert len(makers) > 5
    assert [line for line, named in makers.items() if not named] == []
