"""Every acceptance scenario of the product, with each of its parts, has an end-to-end test that names it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
#: Scenario 8, that nobody edits people, is shown by the contract itself.
FILES = [*sorted((HERE.parent / "end_to_end").glob("test_*.py")), HERE / "test_contract.py"]

#: Parts of each scenario by its number; "" for a scenario without parts.
PARTS: dict[int, str] = {
    **dict.fromkeys(
        (1, 2, 6, 9, 10, 11, 12, 15, 17, 18, 20, 24, 25, 26, 30, 31, 32, 35, 39, 41, 43, 44, 47, 49, 50), ""
    ),
    3: "ab",
    4: "abc",
    5: "abc",
    7: "ab",
    8: "ab",
    13: "abc",
    14: "abc",
    16: "ab",
    19: "ab",
    21: "ab",
    22: "abc",
    23: "abc",
    27: "ab",
    28: "abc",
    29: "ab",
    33: "abc",
    34: "abc",
    36: "abc",
    37: "ab",
    38: "abcd",
    40: "ab",
    42: "abcde",
    45: "abcde",
    46: "abc",
    48: "ab",
}


def named() -> set[str]:
    """Return the scenarios that tests name, such as 07a; parts may also be the ids of parameters."""
    found: set[str] = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            match = re.match(r"test_scenario_(\d\d)([a-e]?)_", node.name)
            if match is None:
                continue
            ids = [part for one in node.decorator_list for part in re.findall(r"id='([a-e])'", ast.unparse(one))]
            found.update(match[1] + part for part in ids or [match[2]])
    return found


def test_all_fifty_scenarios_are_listed() -> None:
    assert sorted(PARTS) == list(range(1, 51))


def test_every_part_of_every_scenario_is_named_by_an_end_to_end_test() -> None:
    wanted = {f"{number:02}{part}" for number, parts in PARTS.items() for part in (parts or [""])}
    assert not wanted - named()
