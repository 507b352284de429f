"""The store's engine: what every case of the store stands on."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from actionsync_server.model.errors import Unavailable
from actionsync_server.store import changes
from actionsync_server.store.changes import ChangeKind, change_row
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.migrations import migrate
from actionsync_server.store.schema import metadata, persons
from actionsync_server.store.statement import Statement, any_of
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import bindparam, create_engine, select, text

PING = Statement(text("SELECT 1 AS one"))
BROKEN = Statement(text("SELECT * FROM no_such_table"))


def row(subject: str, instance: str = "i") -> dict[str, object]:
    return change_row(instance, ChangeKind.PERSON, subject, type=1, at=5)


async def log_of(database: Database, instance: str = "i") -> list[str]:
    found = await changes.after(database, instance, ChangeKind.PERSON, position=0, count=1000)
    return [change.subject_id for change in found]


@pytest.mark.asyncio
async def test_a_unit_of_work_reads_its_own_writes_and_others_see_it_after_the_commit(database: Database) -> None:
    async def work(transaction: Transaction) -> int:
        await changes.record(transaction, [row("a")])
        found = await transaction.row(Statement(text("SELECT count(*) AS n FROM changes")))
        assert found is not None
        return int(found["n"])

    assert await database.write(work) == 1
    assert await log_of(database) == ["a"]


@pytest.mark.asyncio
async def test_waiting_units_are_committed_together_in_their_order(database: Database) -> None:
    async def work(transaction: Transaction, subject: str) -> None:
        await changes.record(transaction, [row(subject)])

    before = database.commit_count
    names = [f"{number:03}" for number in range(200)]
    await asyncio.gather(*(database.write(partial(work, subject=name)) for name in names))
    assert await log_of(database) == names
    assert database.commit_count - before < 20


@pytest.mark.asyncio
async def test_a_unit_that_fails_spoils_no_other(database: Database) -> None:
    async def good(transaction: Transaction, subject: str) -> str:
        await changes.record(transaction, [row(subject)])
        return subject

    async def bad(transaction: Transaction) -> None:
        await changes.record(transaction, [row("bad")])
        raise ValueError("no")

    results = await asyncio.gather(
        database.write(lambda tx: good(tx, "a")),
        database.write(bad),
        database.write(lambda tx: good(tx, "b")),
        return_exceptions=True,
    )
    assert results[0] == "a"
    assert isinstance(results[1], ValueError)
    assert results[2] == "b"
    assert await log_of(database) == ["a", "b"]


@pytest.mark.asyncio
async def test_a_store_that_does_not_answer_is_unavailable_and_keeps_nothing(database: Database) -> None:
    async def work(transaction: Transaction) -> None:
        await changes.record(transaction, [row("lost")])
        await transaction.rows(BROKEN)

    with pytest.raises(Unavailable) as caught:
        await database.write(work)
    assert caught.value.reason == "STORE_UNAVAILABLE"
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert await log_of(database) == []
    with pytest.raises(Unavailable):
        await database.rows(BROKEN)


@pytest.mark.asyncio
async def test_a_cancelled_caller_leaves_the_store_working(database: Database) -> None:
    started = asyncio.Event()
    go_on = asyncio.Event()

    async def slow(transaction: Transaction) -> None:
        started.set()
        await go_on.wait()
        await changes.record(transaction, [row("slow")])

    async def fast(transaction: Transaction) -> None:
        await changes.record(transaction, [row("fast")])

    waiting = asyncio.create_task(database.write(slow))
    await started.wait()
    never_begun = asyncio.create_task(database.write(fast))
    await asyncio.sleep(0)
    never_begun.cancel()
    waiting.cancel()
    go_on.set()
    await database.write(fast)
    assert await log_of(database) == ["slow", "fast"]


@pytest.mark.asyncio
async def test_close_finishes_what_was_accepted(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    migrate(path)
    database = await Database.open(path)

    async def work(transaction: Transaction) -> None:
        await changes.record(transaction, [row("last")])

    accepted = asyncio.create_task(database.write(work))
    await asyncio.sleep(0)
    await database.close()
    await accepted
    with pytest.raises(Unavailable):
        await database.write(work)
    reopened = await Database.open(path)
    assert await log_of(reopened) == ["last"]
    await reopened.close()


@pytest.mark.asyncio
async def test_whoever_waits_for_news_hears_of_the_next_commit(database: Database) -> None:
    seen = database.commit_count
    waiting = asyncio.create_task(database.committed_after(seen))

    async def work(transaction: Transaction) -> None:
        await changes.record(transaction, [row("news")])

    await database.write(work)
    await waiting
    assert database.commit_count > seen


@pytest.mark.asyncio
async def test_any_of_takes_a_list_of_any_length(database: Database) -> None:
    statement = Statement(
        select(persons.c.person_id).where(
            persons.c.instance_id == bindparam("instance_id"), any_of(persons.c.person_id, "ids")
        )
    )
    for ids in ([], ["a"], [str(number) for number in range(2000)]):
        assert await database.rows(statement, {"instance_id": "i", "ids": ids}) == []


def test_the_migrations_lead_to_the_schema_of_the_code(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    migrate(path)
    migrate(path)  # a current file is left alone
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
