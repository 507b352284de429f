"""Settings of an instance: a document of what differs from the defaults, with its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import settings, settings_changes
from actionsync_server.store.statement import Statement

_GET = Statement(select(settings).where(settings.c.instance_id == bindparam("instance_id")))
_PUT = Statement(
    lambda insert_into: (statement := insert_into(settings)).on_conflict_do_update(
        index_elements=["instance_id"],
        set_={name: statement.excluded[name] for name in ("document", "revision", "update_time")},
    )
)
_RECORD = Statement(insert(settings_changes))
_HISTORY = Statement(
    select(settings_changes)
    .where(settings_changes.c.instance_id == bindparam("instance_id"))
    .where(settings_changes.c.change_id < bindparam("before"))
    .order_by(settings_changes.c.change_id.desc())
    .limit(bindparam("count"))
)
_BEYOND = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """The document as stored; revision 0 and "{}" before the first change."""

    document: str
    revision: int


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """One changed setting; values are JSON."""

    change_id: str
    path: str
    old_value: str
    new_value: str


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """One changed setting with who changed it, and when."""

    change: SettingsChange
    user_id: str
    change_time: Micros


class SettingsDocuments:
    """The document of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def get(self) -> StoredSettings:
        """Return the document."""
        row = await self._reader.row(_GET, {"instance_id": self._instance_id})
        return StoredSettings("{}", 0) if row is None else StoredSettings(row["document"], row["revision"])

    async def history(self, *, before: str, count: int) -> list[RecordedChange]:
        """Return up to `count` changes older than the change `before` ("": the newest), newest first."""
        rows = await self._reader.rows(
            _HISTORY, {"instance_id": self._instance_id, "before": before or _BEYOND, "count": count}
        )
        return [
            RecordedChange(
                SettingsChange(row["change_id"], row["path"], row["old_value"], row["new_value"]),
                row["user_id"],
                row["change_time"],
            )
            for row in rows
        ]


class SettingsWrites(SettingsDocuments):
    """Changes of the document of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def put(self, stored: StoredSettings, changes: list[SettingsChange], *, user_id: str, at: Micros) -> None:
        """Replace the document and append to its history."""
        parameters: dict[str, Any] = {
            "instance_id": self._instance_id,
            "document": stored.document,
            "revision": stored.revision,
            "update_time": at,
        }
        await self._transaction.execute(_PUT, parameters)
        await self._transaction.execute_many(
            _RECORD,
            [
                {
                    "instance_id": self._instance_id,
                    "change_id": change.change_id,
                    "path": change.path,
                    "old_value": change.old_value,
                    "new_value": change.new_value,
                    "user_id": user_id,
                    "change_time": at,
                }
                for change in changes
            ],
        )
