"""The Marketo client (skeleton: the surface first, so that others can type-check against it)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from actionsync_server.clock import Micros
from actionsync_server.model.settings import Pace
from actionsync_server.systems.call_counter import CallCounter
from actionsync_server.systems.marketo.types import (
    ActivityTypeInfo,
    CustomActivityRow,
    CustomActivityType,
    CustomActivityTypeSpec,
    CustomAttribute,
    ExportStatus,
    FeedPage,
    Lead,
    RowResult,
)


class Marketo:
    """One Marketo subscription."""

    calls: CallCounter

    def set_pace(self, pace: Pace) -> None:
        """Change how hard Marketo is asked."""
        raise NotImplementedError

    async def describe_fields(self) -> frozenset[str]:
        """Return the REST names of the lead fields that this subscription has."""
        raise NotImplementedError

    async def leads(self, filter_type: str, values: Sequence[str | int], fields: Sequence[str]) -> list[Lead]:
        """Return every lead whose `filter_type` field equals one of `values`."""
        raise NotImplementedError

    async def paging_token(self, since: Micros) -> str:
        """Return a token from which the three feeds start at `since`."""
        raise NotImplementedError

    async def lead_changes(self, token: str, fields: Sequence[str]) -> FeedPage:
        """Return one page of changes of `fields` and of new leads."""
        raise NotImplementedError

    async def deleted_leads(self, token: str) -> FeedPage:
        """Return one page of deleted leads."""
        raise NotImplementedError

    async def activities(self, token: str, type_ids: Sequence[int], lead_ids: Sequence[int] = ()) -> FeedPage:
        """Return one page of activities."""
        raise NotImplementedError

    async def activity_types(self) -> list[ActivityTypeInfo]:
        """Return the activity types of the subscription."""
        raise NotImplementedError

    async def create_lead_export(self, fields: Sequence[str], start: Micros, end: Micros) -> str:
        """Create an export job of the leads created in a window; return its id."""
        raise NotImplementedError

    async def enqueue_export(self, export_id: str) -> None:
        """Put an export job into the queue."""
        raise NotImplementedError

    async def export_status(self, export_id: str) -> ExportStatus:
        """Return where an export job stands."""
        raise NotImplementedError

    async def cancel_export(self, export_id: str) -> None:
        """Cancel an export job."""
        raise NotImplementedError

    def export_rows(self, export_id: str, *, skip_rows: int = 0) -> AsyncIterator[list[Lead]]:
        """Stream the rows of a completed export."""
        raise NotImplementedError

    async def custom_activity_types(self) -> list[CustomActivityType]:
        """Return the custom activity types."""
        raise NotImplementedError

    async def custom_activity_type(self, api_name: str, *, draft: bool = False) -> CustomActivityType:
        """Return one custom activity type with its attributes."""
        raise NotImplementedError

    async def create_custom_activity_type(self, spec: CustomActivityTypeSpec) -> CustomActivityType:
        """Create a custom activity type as a draft."""
        raise NotImplementedError

    async def create_attributes(self, api_name: str, attributes: Sequence[CustomAttribute]) -> None:
        """Add attributes to a custom activity type."""
        raise NotImplementedError

    async def approve(self, api_name: str) -> None:
        """Approve the draft of a custom activity type."""
        raise NotImplementedError

    async def add_activities(self, rows: Sequence[CustomActivityRow]) -> list[RowResult]:
        """Write at most 300 custom activity rows."""
        raise NotImplementedError

    async def usage_today(self) -> int:
        """Return the calls that the whole subscription made today."""
        raise NotImplementedError
