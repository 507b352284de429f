"""A database that an earlier release left behind is taken up as it is, and served from."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2, common_pb2, connections_pb2, person_sync_pb2, unsubscribe_check_pb2
from actionsync_client import Client, connect
from actionsync_server.app import App
from actionsync_server.app.data_folder import STORE_FILE
from actionsync_server.config import Config
from actionsync_server.model.directory import Actor, Role
from actionsync_server.store.migrations import migrate
from actionsync_server.store.schema import metadata
from harness.clock import SharedClock

EARLIER = Path(__file__).with_name("earlier")
#: Under this key the logins of the dumps are sealed.
KEY = base64.b64encode(bytes(32)).decode()
BOOKKEEPING = {"alembic_version", "sqlite_stat1", "sqlite_stat4", "sqlite_sequence"}


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def rows(path: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        listed = ", ".join(f'"{name}"' for name in columns)
        return sorted(connection.execute(f'SELECT {listed} FROM "{table}"').fetchall(), key=repr)


def columns(path: Path, table: str) -> list[str]:
    with sqlite3.connect(path) as connection:
        return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]


@pytest.fixture(params=sorted(path.stem for path in EARLIER.glob("*.sql")))
def left_behind(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The database file of an earlier release, in a data folder of its own."""
    path = tmp_path / "data" / STORE_FILE
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.executescript((EARLIER / f"{request.param}.sql").read_text())
    return path


def test_every_row_is_still_there(left_behind: Path) -> None:
    before = {
        table: (names := columns(left_behind, table), rows(left_behind, table, names))
        for table in tables(left_behind) - BOOKKEEPING
    }
    assert sum(len(found) for _, found in before.values()) > 100
    migrate(left_behind)
    assert tables(left_behind) - BOOKKEEPING == set(metadata.tables)
    for table, (names, found) in before.items():
        assert rows(left_behind, table, names) == found, table


def test_the_planner_knows_every_index_afterwards(left_behind: Path) -> None:
    migrate(left_behind)
    with sqlite3.connect(left_behind) as connection:
        known = {row[0] for row in connection.execute("SELECT idx FROM sqlite_stat1")}
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= known


def test_a_file_of_today_is_left_alone(left_behind: Path) -> None:
    migrate(left_behind)
    once = [rows(left_behind, table, columns(left_behind, table)) for table in sorted(metadata.tables)]
    migrate(left_behind)
    assert once == [rows(left_behind, table, columns(left_behind, table)) for table in sorted(metadata.tables)]


@pytest_asyncio.fixture
async def admin(left_behind: Path, clock: SharedClock) -> AsyncIterator[Client]:
    """An admin of the instance, at a server of today on the earlier file."""
    config = Config(listen="127.0.0.1:0", data=left_behind.parent, secret_key=KEY, workers=False, grace=2)  # type: ignore[arg-type]
    async with App(config, clock=clock, seed=1) as app:
        token = app.token(Actor("admin-1", "acme", Role.ADMIN))
        async with connect(app.address, token, deadline=30) as client:
            yield client


@pytest.mark.asyncio
async def test_the_server_serves_what_it_holds(admin: Client) -> None:
    people = (await admin.persons.ListPersons(person_sync_pb2.ListPersonsRequest(page_size=100))).persons
    assert len(people) == 21
    assert {person.title for person in people if person.revision > 1} == {"Changed"}
    activities = (
        await admin.activities.ListActivities(activity_log_pb2.ListActivitiesRequest(page_size=100))
    ).activities
    assert {one.content.idempotency_key for one in activities} == {"send", "open", "call", "waits"}
    (send,) = [one for one in activities if one.content.idempotency_key == "send"]
    assert send.content.send_sales_email.email.subject == "Hello"
    assert send.permit_state == activity_log_pb2.PERMIT_STATE_VALID
    assert {one.state for one in send.deliveries} == {common_pb2.DELIVERY_STATE_DELIVERED}
    request = activity_log_pb2.GetDeliveryRequest(delivery_id=send.deliveries[0].delivery_id)
    assert len((await admin.activities.GetDelivery(request)).delivery.attempts) == 1
    listed = await admin.unsubscribes.ListUnsubscribes(unsubscribe_check_pb2.ListUnsubscribesRequest())
    (unsubscribe,) = listed.unsubscribes
    assert unsubscribe.reason == "Too many mails"
    (named,) = [person for person in people if person.unsubscribed]
    assert named.email == unsubscribe.email


@pytest.mark.asyncio
async def test_its_logins_can_still_be_read_and_its_activities_repeated(admin: Client) -> None:
    found = (await admin.connections.ListConnections(connections_pb2.ListConnectionsRequest())).connections
    assert {one.system for one in found} == {common_pb2.SYSTEM_MARKETO, common_pb2.SYSTEM_SALESFORCE}
    listing = activity_log_pb2.ListActivitiesRequest(page_size=100)
    stored = (await admin.activities.ListActivities(listing)).activities
    contents = [one.content for one in stored]
    answer = await admin.activities.BatchLogActivities(activity_log_pb2.BatchLogActivitiesRequest(contents=contents))
    assert [one.logged.activity.activity_id for one in answer.results] == [one.activity_id for one in stored]
