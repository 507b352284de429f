"""The server's README says what the code does: its tables are made from the code."""

from __future__ import annotations

import pytest
from architecture import readme_tables

TABLES = readme_tables.tables()


@pytest.mark.parametrize("name", list(TABLES))
def test_tables_equal_the_code(name: str) -> None:
    text = readme_tables.README.read_text()
    assert readme_tables.part(text, name) == TABLES[name], "run: python tests/architecture/readme_tables.py"


def test_the_readme_is_current_as_a_whole() -> None:
    text = readme_tables.README.read_text()
    assert readme_tables.written(text) == text
