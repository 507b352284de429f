"""The client of one Salesforce user: every call of this package under one roof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import grpc
import msgspec

from actionsync_server.model.errors import SystemFailure
from actionsync_server.model.persons import salesforce_id
from actionsync_server.systems.call_counter import CallCounter
from actionsync_server.systems.salesforce.connection import API, Connection
from actionsync_server.systems.salesforce.describe import Descriptions
from actionsync_server.systems.salesforce.pubsub.subscription import Subscription
from actionsync_server.systems.salesforce.query import Queries
from actionsync_server.systems.salesforce.records import STALE_DESCRIPTION, RecordWrites
from actionsync_server.systems.salesforce.types import ObjectDescription, RowResult, SalesforceLogin


class _Limit(msgspec.Struct):
    maximum: int = msgspec.field(name="Max", default=0)
    remaining: int = msgspec.field(name="Remaining", default=0)


class Salesforce:
    """Reads and writes one Salesforce org as one user; the named parts say more about each call.

    Owns its session, keeps to a pace, repeats what may be repeated, counts its calls. Raises nothing but the
    SystemFailure family: SystemBusy and QuotaExhausted (not carried out, or harmless to repeat), OutcomeUnknown
    (`create` only), LoginRefused, Refused, NotPrepared.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._descriptions = Descriptions(connection)
        self._queries = Queries(connection)
        self._records = RecordWrites(connection, self._descriptions.invalidate)

    @property
    def calls(self) -> CallCounter:
        """The charged calls of this client."""
        return self._connection.calls.counter

    @property
    def last_usage(self) -> tuple[int, int] | None:
        """Used and allowed calls of the org's last 24 hours, as the last answer said; None before the first."""
        return self._connection.usage

    @property
    def login(self) -> SalesforceLogin:
        """The login with the refresh token that is good now."""
        return self._connection.login.login

    async def query(self, soql: str, *, include_deleted: bool = False) -> list[dict[str, Any]]:
        """Return every record of a query; with `include_deleted` also those in the recycle bin."""
        try:
            return await self._queries.query(soql, include_deleted=include_deleted)
        except SystemFailure as failure:
            if failure.system_code in STALE_DESCRIPTION:
                self.invalidate()
            raise

    async def describe(self, object_name: str) -> ObjectDescription:
        """Return an object as the connected user sees it, kept for an hour; NotPrepared when the user does not."""
        return await self._descriptions.describe(object_name)

    def invalidate(self, object_name: str | None = None) -> None:
        """Forget the description of one object, or of all. Answers that show them to be old do this by themselves."""
        self._descriptions.invalidate(object_name)

    async def upsert(
        self, object_name: str, external_id_field: str, records: Sequence[Mapping[str, Any]]
    ) -> list[RowResult]:
        """Create or update records by an external id that each carries; results in the order of `records`."""
        return await self._records.upsert(object_name, external_id_field, records)

    async def create(self, object_name: str, records: Sequence[Mapping[str, Any]]) -> list[RowResult]:
        """Create at most 200 records, sent once: OutcomeUnknown when the answer was lost."""
        return await self._records.create(object_name, records)

    async def update(self, object_name: str, records: Sequence[Mapping[str, Any]]) -> list[RowResult]:
        """Update records by the `Id` that each carries; results in the order of `records`."""
        return await self._records.update(object_name, records)

    async def delete(self, record_ids: Sequence[str]) -> list[RowResult]:
        """Delete records of any objects by id; results in the order of `record_ids`."""
        return await self._records.delete(record_ids)

    async def whoami(self) -> str:
        """Return the connected user's id, asked of Salesforce: the test of a login."""
        return salesforce_id(await self._connection.user_id())

    def subscription(self, channel: grpc.aio.Channel, topic: str) -> Subscription:
        """Return a subscription to the change events of one topic, over a channel to the org's Pub/Sub API."""
        return Subscription(self._connection, channel, topic)

    async def limits(self) -> dict[str, tuple[int, int]]:
        """Return limit name → (used, allowed)."""
        read = await self._connection.get(f"{API}/limits", kind=dict[str, _Limit])
        return {name: (limit.maximum - limit.remaining, limit.maximum) for name, limit in read.items()}
