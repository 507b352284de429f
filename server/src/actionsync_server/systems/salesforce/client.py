"""The Salesforce client (skeleton: the surface first, so that others can type-check against it)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actionsync_server.systems.call_counter import CallCounter
from actionsync_server.systems.salesforce.types import ObjectDescription, RowResult


class Salesforce:
    """One connected user of one Salesforce org."""

    calls: CallCounter

    @property
    def last_usage(self) -> tuple[int, int] | None:
        """Used and allowed calls of the last rolling day, as the last answer said; None before the first."""
        raise NotImplementedError

    async def query(self, soql: str, *, include_deleted: bool = False) -> list[dict[str, Any]]:
        """Return every record of a query."""
        raise NotImplementedError

    async def describe(self, object_name: str) -> ObjectDescription:
        """Return an object as the connected user sees it, cached."""
        raise NotImplementedError

    def invalidate(self, object_name: str | None = None) -> None:
        """Forget the cached description of one object, or of all."""
        raise NotImplementedError

    async def upsert(
        self, object_name: str, external_id_field: str, records: Sequence[Mapping[str, Any]]
    ) -> list[RowResult]:
        """Create or update records by an external id field."""
        raise NotImplementedError

    async def create(self, object_name: str, records: Sequence[Mapping[str, Any]]) -> list[RowResult]:
        """Create at most 200 records."""
        raise NotImplementedError

    async def update(self, object_name: str, records: Sequence[Mapping[str, Any]]) -> list[RowResult]:
        """Update records by their `Id`."""
        raise NotImplementedError

    async def whoami(self) -> str:
        """Return the connected user's id."""
        raise NotImplementedError

    async def limits(self) -> dict[str, tuple[int, int]]:
        """Return limit name → (used, allowed)."""
        raise NotImplementedError
