"""Connections of an instance, secrets sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from actionsync_server.model.connections import Connection, Secrets
from actionsync_server.model.errors import System
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import connections
from actionsync_server.store.secrets import SecretBox, opened_by_any
from actionsync_server.store.statement import Statement

_KEY = ("instance_id", "system", "user_id")
_ONE = [connections.c[name] == bindparam(f"of_{name}") for name in _KEY]
_GET = Statement(select(connections).where(*_ONE))
_LIST = Statement(
    select(connections)
    .where(connections.c.instance_id == bindparam("of_instance_id"))
    .order_by(connections.c.system, connections.c.user_id)
)
_PUT = Statement(
    lambda insert_into: (statement := insert_into(connections)).on_conflict_do_update(
        index_elements=list(_KEY),
        set_={column.name: statement.excluded[column.name] for column in connections.c if column.name not in _KEY},
    )
)
_DELETE = Statement(delete(connections).where(*_ONE))
_SET_DETAILS = Statement(update(connections).where(*_ONE).values(details=bindparam("new_details")))
_SET_SECRET = Statement(update(connections).where(*_ONE).values(secret=bindparam("new_secret")))
_ALL = Statement(select(connections).order_by(*(connections.c[name] for name in _KEY)))
_SET_REFUSED = Statement(update(connections).where(*_ONE).values(login_refused=bindparam("refused")))


class Connections:
    """The connections of one instance."""

    def __init__(self, reader: Reader, instance_id: str, box: SecretBox) -> None:
        self._reader = reader
        self._instance_id = instance_id
        self._box = box

    async def get(self, system: System, user_id: str = "") -> Connection | None:
        """Return one connection, without secrets."""
        row = await self._reader.row(_GET, self._key(system, user_id))
        return None if row is None else _connection(row)

    async def secrets(self, system: System, user_id: str = "") -> Secrets | None:
        """Return the secrets of one connection; raises SecretUnreadableError when the key is not the one they need."""
        row = await self._reader.row(_GET, self._key(system, user_id))
        if row is None:
            return None
        return Secrets(
            **json.loads(self._box.open(row["secret"], identity=_identity(self._instance_id, system, user_id)))
        )

    async def list(self) -> list[Connection]:
        """Return all connections, by system and user."""
        return [_connection(row) for row in await self._reader.rows(_LIST, {"of_instance_id": self._instance_id})]

    def _key(self, system: System, user_id: str) -> dict[str, Any]:
        return {"of_instance_id": self._instance_id, "of_system": system.value, "of_user_id": user_id}

    def _seal(self, secrets: Secrets, system: System, user_id: str) -> bytes:
        plain = json.dumps({"client_secret": secrets.client_secret, "refresh_token": secrets.refresh_token})
        return self._box.seal(plain.encode(), identity=_identity(self._instance_id, system, user_id))


class ConnectionWrites(Connections):
    """Changes of the connections of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str, box: SecretBox) -> None:
        super().__init__(transaction, instance_id, box)
        self._transaction = transaction

    async def put(self, connection: Connection, secrets: Secrets) -> None:
        """Store a connection in place of any there was."""
        await self._transaction.execute(
            _PUT,
            {
                "instance_id": self._instance_id,
                "system": connection.system.value,
                "user_id": connection.user_id,
                "base_url": connection.base_url,
                "client_id": connection.client_id,
                "account_id": connection.account_id,
                "secret": self._seal(secrets, connection.system, connection.user_id),
                "details": json.dumps(connection.details),
                "connect_user_id": connection.connect_user_id,
                "connect_time": connection.connect_time,
                "login_refused": int(connection.login_refused),
            },
        )

    async def delete(self, system: System, user_id: str = "") -> bool:
        """Forget a connection; False when there was none."""
        return await self._transaction.execute(_DELETE, self._key(system, user_id)) > 0

    async def set_details(self, system: System, details: dict[str, Any], user_id: str = "") -> None:
        """Replace what the preflight learned."""
        await self._transaction.execute(_SET_DETAILS, self._key(system, user_id) | {"new_details": json.dumps(details)})

    async def set_secrets(self, system: System, secrets: Secrets, user_id: str = "") -> None:
        """Replace the secrets: a rotated refresh token."""
        sealed = self._seal(secrets, system, user_id)
        await self._transaction.execute(_SET_SECRET, self._key(system, user_id) | {"new_secret": sealed})

    async def set_login_refused(self, system: System, refused: bool, user_id: str = "") -> None:
        """Note whether the last use was refused."""
        await self._transaction.execute(_SET_REFUSED, self._key(system, user_id) | {"refused": int(refused)})


async def seal_anew(transaction: Transaction, *, openers: Sequence[SecretBox], box: SecretBox) -> int:
    """Seal the secrets of every instance with another key; return how many. Raises SecretUnreadableError."""
    rows = await transaction.rows(_ALL)
    await transaction.execute_many(_SET_SECRET, [_sealed_anew(row, openers, box) for row in rows])
    return len(rows)


def _sealed_anew(row: Row, openers: Sequence[SecretBox], box: SecretBox) -> dict[str, Any]:
    identity = _identity(row["instance_id"], System(row["system"]), row["user_id"])
    plain = opened_by_any(openers, row["secret"], identity=identity)
    return {f"of_{name}": row[name] for name in _KEY} | {"new_secret": box.seal(plain, identity=identity)}


def _identity(instance_id: str, system: System, user_id: str) -> str:
    return f"{instance_id}/{system.value}/{user_id}"


def _connection(row: Row) -> Connection:
    return Connection(
        system=System(row["system"]),
        user_id=row["user_id"],
        base_url=row["base_url"],
        client_id=row["client_id"],
        account_id=row["account_id"],
        connect_user_id=row["connect_user_id"],
        connect_time=row["connect_time"],
        login_refused=bool(row["login_refused"]),
        details=json.loads(row["details"]),
    )
