"""Digests of opted-out addresses of erased people. The addresses themselves are nowhere."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, delete, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import suppressions
from actionsync_server.store.statement import Statement, any_of

_FIND = Statement(
    select(suppressions.c.address_digest, suppressions.c.suppress_time).where(
        suppressions.c.instance_id == bindparam("instance_id"), any_of(suppressions.c.address_digest, "digests")
    )
)
_ADD = Statement(
    lambda insert_into: insert_into(suppressions).on_conflict_do_nothing(
        index_elements=["instance_id", "address_digest"]
    )
)
_REMOVE = Statement(
    delete(suppressions).where(
        suppressions.c.instance_id == bindparam("of_instance"), suppressions.c.address_digest == bindparam("of_digest")
    )
)


class Suppressions:
    """The suppressed addresses of one instance, by digest."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def among(self, digests: Collection[str]) -> dict[str, Micros]:
        """Return which of these digests are suppressed, and since when."""
        if not digests:
            return {}
        parameters = {"instance_id": self._instance_id, "digests": sorted(digests)}
        return {row["address_digest"]: row["suppress_time"] for row in await self._reader.rows(_FIND, parameters)}


class SuppressionWrites(Suppressions):
    """Changes of them, inside a transaction."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, digests: Collection[str], *, at: Micros) -> None:
        """Suppress addresses; those that are so already keep their time."""
        await self._transaction.execute_many(
            _ADD,
            [{"instance_id": self._instance_id, "address_digest": one, "suppress_time": at} for one in sorted(digests)],
        )

    async def remove(self, digest: str) -> None:
        """Let an address be written to again."""
        await self._transaction.execute(_REMOVE, {"of_instance": self._instance_id, "of_digest": digest})
