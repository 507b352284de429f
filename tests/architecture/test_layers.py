"""The shape of the code: imports point one way, files stay small, handlers serve what the contract has."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import actionsync_server.rpc
import pytest
from actionsync_server.rpc.methods import METHODS
from actionsync_server.rpc.stack import handlers_of

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
MOST_TEST_LINES = 500  # cases are read one by one
WRITTEN_BY_HAND = ("server/src", "simulators/src", "clients/python/src", "tests", "proto/generate.py")
AVOIDED_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "impl", "misc"}


def _files() -> Iterator[Path]:
    for place in WRITTEN_BY_HAND:
        path = ROOT / place
        yield from [path] if path.is_file() else (p for p in path.rglob("*.py") if "versions" not in p.parts)


@pytest.mark.slow
def test_imports_point_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_file_is_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in _files()}
    assert len(lengths) > 50
    too_long = {
        name: count
        for name, count in lengths.items()
        if count > (MOST_TEST_LINES if name.startswith("tests/") else MOST_LINES)
    }
    assert too_long == {}


def test_no_file_is_named_for_nothing() -> None:
    assert [str(path.relative_to(ROOT)) for path in _files() if path.stem in AVOIDED_NAMES] == []


def test_no_file_says_that_something_is_left_to_do_or_where_it_was_written() -> None:
    left_over = re.compile("TO" + r"DO|FIX" + r"ME|/(?:work|root|Users)/[a-z]")
    assert left_over.search("# TO" + "DO later")
    found = {str(path.relative_to(ROOT)): left_over.findall(path.read_text()) for path in _files()}
    assert {name: words for name, words in found.items() if words} == {}


def _service_classes() -> list[type]:
    found = {}
    for module in pkgutil.iter_modules(actionsync_server.rpc.__path__, "actionsync_server.rpc."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if isinstance(getattr(kind, "service", None), str):
                found[kind.__qualname__] = kind
    return list(found.values())


def test_handlers_are_of_the_contract_and_the_rest_is_not_yet_served(capsys: pytest.CaptureFixture[str]) -> None:
    served = {path for kind in _service_classes() for path in handlers_of([_Unbound(kind)])}
    missing = [method for method in METHODS.values() if method.path not in served]
    with capsys.disabled():
        print(f"\n{len(missing)} of {len(METHODS)} RPCs are NOT_YET_SERVED: {', '.join(m.name for m in missing)}")
    assert served <= set(METHODS)


def test_streams_are_generators_and_unary_handlers_coroutines() -> None:
    for kind in _service_classes():
        for path, handler in handlers_of([_Unbound(kind)]).items():
            right = inspect.isasyncgenfunction if METHODS[path].streams else inspect.iscoroutinefunction
            assert right(handler), path


def _Unbound(kind: type) -> object:
    """An instance without its constructor: enough to look at its methods."""
    return object.__new__(kind)
