"""Every statement of the store on tables that grow finds its rows by a key, never by reading an instance through."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import actionsync_server.store as store
import pytest
from actionsync_server.store.database import _DIALECT
from actionsync_server.store.migrations import migrate
from actionsync_server.store.statement import Statement

GROWING = ("persons", "activities", "deliveries", "delivery_attempts", "unsubscribes", "seen_marketo_activities")
#: Reads the one greatest value of an index from its end.
ENDS_OF_AN_INDEX = {"deliveries._LAST_SEQUENCE"}


def statements() -> Iterator[tuple[str, str]]:
    for found in pkgutil.iter_modules(store.__path__):
        module = importlib.import_module(f"{store.__name__}.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, Statement):
                yield f"{found.name}.{name}", value.compile(_DIALECT)[0]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("plans") / "store.sqlite"
    migrate(path)
    opened = sqlite3.connect(path)
    yield opened
    opened.close()


def plan(connection: sqlite3.Connection, text: str) -> list[str]:
    parameters = dict.fromkeys(re.findall(r":([A-Za-z_][A-Za-z_0-9]*)", text), "[]")
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", parameters)]


@pytest.mark.parametrize(("name", "text"), [pytest.param(name, text, id=name) for name, text in statements()])
def test_a_statement_uses_a_key(connection: sqlite3.Connection, name: str, text: str) -> None:
    for step in plan(connection, text):
        table = next((one for one in GROWING if re.match(rf"(SEARCH|SCAN) {one}\b", step)), None)
        if table is None or name in ENDS_OF_AN_INDEX:
            continue
        assert step.startswith("SEARCH"), step
        assert not step.endswith("(instance_id=?)"), step
        assert "ANY(" not in step, step


def test_the_rule_sees_a_scan(connection: sqlite3.Connection) -> None:
    steps = plan(connection, "SELECT * FROM persons WHERE instance_id = :i AND title = :t")
    assert steps[0].endswith("(instance_id=?)")
