"""The example of the client's README runs as it stands there, but for address and token."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from clients.python.command_line import CommandLine

pytestmark = pytest.mark.slow
README = Path(__file__).parents[3] / "clients" / "python" / "README.md"


def test_the_example_prints_the_people_it_asks_for(cli: CommandLine, tmp_path: Path) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for shown, real in (("127.0.0.1:50051", cli.address), ("the token", cli.secret)):
        assert example.count(f'"{shown}"') == 1
        example = example.replace(f'"{shown}"', f'"{real}"')
    (asked,) = re.findall(r'query="(\w+)"', example)
    script = tmp_path / "example.py"
    script.write_text(example, encoding="utf-8")
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    people = cli.json("people", "list", asked, "--limit", "1000")
    assert people, "nobody in the sample is called so; the example shows nothing"
    assert ended.stdout.splitlines() == [f"{one['first_name']} {one['last_name']}" for one in people]
