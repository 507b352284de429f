"""The state: transactions, savepoints, images."""

from __future__ import annotations

import sqlite3

import pytest
from actionsync_simulators.database import Database


@pytest.fixture(params=["swapped", "copied"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database whose images are restored as small ones are, and as large ones are."""
    if request.param == "copied":
        monkeypatch.setattr("actionsync_simulators.database.SWAPPED_UP_TO", 0)
    return Database("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE); CREATE INDEX t_v ON t (v);")


def values(database: Database) -> list[str]:
    return [row["v"] for row in database.rows("SELECT v FROM t ORDER BY id")]


def add(database: Database, *texts: str) -> None:
    database.executemany("INSERT INTO t (v) VALUES (?)", [(text,) for text in texts])


def test_rows_row_and_value(database: Database) -> None:
    add(database, "a", "b")
    assert values(database) == ["a", "b"]
    row = database.row("SELECT * FROM t WHERE v = :v", {"v": "b"})
    assert row is not None
    assert dict(row) == {"id": 2, "v": "b"}
    assert database.row("SELECT * FROM t WHERE v = 'z'") is None
    assert database.value("SELECT count(*) FROM t") == 2
    assert database.value("SELECT id FROM t WHERE v = 'z'") is None


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    def fail() -> None:
        with database.transaction():
            add(database, "b")
            add(database, "a")

    with database.transaction():
        add(database, "a")
    with pytest.raises(sqlite3.IntegrityError):
        fail()
    assert values(database) == ["a"]


def test_a_nested_transaction_rolls_back_alone(database: Database) -> None:
    def fail() -> None:
        with database.transaction():
            add(database, "b")
            with database.transaction():
                add(database, "c")
            raise ZeroDivisionError

    with database.transaction():
        add(database, "a")
        with pytest.raises(ZeroDivisionError):
            fail()
        with database.transaction():
            add(database, "d")
    assert values(database) == ["a", "d"]


def test_the_outer_transaction_takes_the_nested_one_with_it(database: Database) -> None:
    def fail() -> None:
        with database.transaction():
            with database.transaction():
                add(database, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert values(database) == []
    with database.transaction():
        add(database, "b")
    assert values(database) == ["b"]


def test_restore_brings_back_rows_and_schema(database: Database) -> None:
    add(database, "a")
    image = database.snapshot()
    add(database, "b")
    database.execute("ALTER TABLE t ADD COLUMN extra TEXT")
    database.execute("CREATE TABLE other (x)")
    database.restore(image)
    assert values(database) == ["a"]
    assert [row["name"] for row in database.rows("PRAGMA table_info(t)")] == ["id", "v"]
    assert database.row("SELECT 1 FROM sqlite_master WHERE name = 'other'") is None
    add(database, "c")
    assert values(database) == ["a", "c"]


def test_an_image_can_be_restored_again_and_again(database: Database) -> None:
    add(database, "a")
    image = database.snapshot()
    for _ in range(3):
        add(database, "b")
        database.restore(image)
        assert values(database) == ["a"]


def test_images_are_independent(database: Database) -> None:
    empty = database.snapshot()
    add(database, "a")
    one = database.snapshot()
    database.restore(empty)
    assert values(database) == []
    database.restore(one)
    assert values(database) == ["a"]


def test_functions_survive_a_restore(database: Database) -> None:
    database.define("twice", 1, lambda text: text * 2)
    image = database.snapshot()
    database.restore(image)
    assert database.value("SELECT twice('ab')") == "abab"


def test_table_valued_functions_survive_a_restore(database: Database) -> None:
    """They once pointed into the schema of before, and crashed the process."""
    add(database, "a", "b")
    image = database.snapshot()
    for number in range(20):
        query = f"SELECT v FROM t WHERE v IN (SELECT value FROM json_each(?)) LIMIT {number + 1}"
        assert [row["v"] for row in database.rows(query, ('["b"]',))] == ["b"]
        add(database, *(f"{number}-{row}" for row in range(200)))
        database.restore(image)
        Database("CREATE TABLE x (y)").close()
    assert values(database) == ["a", "b"]


def test_no_image_inside_a_transaction(database: Database) -> None:
    image = database.snapshot()
    with database.transaction():
        with pytest.raises(RuntimeError, match="outside"):
            database.snapshot()
        with pytest.raises(RuntimeError, match="outside"):
            database.restore(image)


def test_many_rows_after_a_restore(database: Database) -> None:
    """A restored image may grow: it is not limited to the size it had."""
    database.restore(database.snapshot())
    with database.transaction():
        add(database, *(f"{number:06d}" for number in range(50_000)))
    assert database.value("SELECT count(*) FROM t") == 50_000


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 127])
def test_many_rows_are_inserted_in_their_order(database: Database, count: int) -> None:
    database.connection.execute('CREATE TABLE wide (id INTEGER PRIMARY KEY, "a b", copied, fixed, left_out DEFAULT 7)')
    rows = [(number * 2, f"v{number}") for number in range(count)]
    database.insert("wide", ("id", "a b"), iter(rows), same_as={"copied": "a b"}, fixed={"fixed": "'x'"})
    found = database.tuples("SELECT * FROM wide ORDER BY rowid")
    assert found == [(number, text, text, "x", 7) for number, text in rows]


def test_rows_are_inserted_where_sqlite_takes_few_parameters(database: Database) -> None:
    database.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 9)
    database.insert("t", ("id", "v"), [(number, f"v{number}") for number in range(1, 8)])
    assert values(database) == [f"v{number}" for number in range(1, 8)]
