"""Instances and users."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from actionsync_server.clock import Micros
from actionsync_server.model.directory import Instance, Role, User
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import instances, users
from actionsync_server.store.statement import Statement, any_of

_INSTANCE = Statement(select(instances).where(instances.c.instance_id == bindparam("instance_id")))
_INSTANCES = Statement(
    select(instances)
    .where(instances.c.instance_id > bindparam("after"))
    .order_by(instances.c.instance_id)
    .limit(bindparam("count"))
)
_INSERT_INSTANCE = Statement(insert(instances))
_USERS = Statement(
    select(users)
    .where(users.c.instance_id == bindparam("instance_id"), any_of(users.c.user_id, "user_ids"))
    .where(users.c.remove_time.is_(None))
)
_SELLERS = Statement(
    select(users).where(users.c.instance_id == bindparam("instance_id"), any_of(users.c.user_id, "user_ids"))
)
_LIST_USERS = Statement(
    select(users)
    .where(users.c.instance_id == bindparam("instance_id"), users.c.user_id > bindparam("after"))
    .where(users.c.remove_time.is_(None))
    .order_by(users.c.user_id)
    .limit(bindparam("count"))
)
_MUTABLE = ("email", "display_name", "salesforce_user_id", "role", "time_zone", "bcc_logging")
_UPSERT_USER = Statement(
    lambda insert_into: (statement := insert_into(users)).on_conflict_do_update(
        index_elements=["instance_id", "user_id"],
        set_={name: statement.excluded[name] for name in (*_MUTABLE, "remove_time")},
    )
)
_REMOVE_USER = Statement(
    update(users)
    .where(users.c.instance_id == bindparam("of_instance"), users.c.user_id == bindparam("of_user"))
    .where(users.c.remove_time.is_(None))
    .values(remove_time=bindparam("at"))
)


class Instances:
    """The instances of the server; for operators and for the server itself."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def get(self, instance_id: str) -> Instance | None:
        """Return one instance."""
        row = await self._reader.row(_INSTANCE, {"instance_id": instance_id})
        return None if row is None else _instance(row)

    async def page(self, *, after: str, count: int) -> list[Instance]:
        """Return up to `count` instances with ids after `after`, by id."""
        return [_instance(row) for row in await self._reader.rows(_INSTANCES, {"after": after, "count": count})]


async def add_instance(transaction: Transaction, instance: Instance) -> None:
    """Store a new instance; the caller has made sure that the id is free."""
    await transaction.execute(
        _INSERT_INSTANCE,
        {
            "instance_id": instance.instance_id,
            "display_name": instance.display_name,
            "create_time": instance.create_time,
        },
    )


class Directory:
    """The users of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def user(self, user_id: str) -> User | None:
        """Return one present user."""
        return (await self.users([user_id])).get(user_id)

    async def users(self, user_ids: list[str]) -> dict[str, User]:
        """Return the present users among the ids."""
        return await self._find(_USERS, user_ids)

    async def sellers(self, user_ids: list[str]) -> dict[str, User]:
        """Return the users among the ids, removed ones too: their activities are still delivered."""
        return await self._find(_SELLERS, user_ids)

    async def page(self, *, after: str, count: int) -> list[User]:
        """Return up to `count` present users with ids after `after`, by id."""
        parameters = {"instance_id": self._instance_id, "after": after, "count": count}
        return [_user(row) for row in await self._reader.rows(_LIST_USERS, parameters)]

    async def _find(self, statement: Statement, user_ids: list[str]) -> dict[str, User]:
        parameters: dict[str, Any] = {"instance_id": self._instance_id, "user_ids": user_ids}
        return {row["user_id"]: _user(row) for row in await self._reader.rows(statement, parameters)}


class DirectoryWrites(Directory):
    """Changes of the users of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def upsert(self, user: User) -> None:
        """Create or replace a user; a removed one is present again. Its creation time stays."""
        await self._transaction.execute(
            _UPSERT_USER,
            {
                "instance_id": self._instance_id,
                "user_id": user.user_id,
                "email": user.email,
                "display_name": user.display_name,
                "salesforce_user_id": user.salesforce_user_id,
                "role": user.role.value,
                "time_zone": user.time_zone,
                "bcc_logging": int(user.bcc_logging),
                "create_time": user.create_time,
                "remove_time": None,
            },
        )

    async def remove(self, user_id: str, *, at: Micros) -> bool:
        """Mark a user removed; False when there was none."""
        parameters = {"of_instance": self._instance_id, "of_user": user_id, "at": at}
        return await self._transaction.execute(_REMOVE_USER, parameters) > 0


def _instance(row: Row) -> Instance:
    return Instance(row["instance_id"], row["display_name"], row["create_time"])


def _user(row: Row) -> User:
    return User(
        user_id=row["user_id"],
        email=row["email"],
        display_name=row["display_name"],
        salesforce_user_id=row["salesforce_user_id"],
        role=Role(row["role"]),
        time_zone=row["time_zone"],
        bcc_logging=bool(row["bcc_logging"]),
        create_time=row["create_time"],
    )
