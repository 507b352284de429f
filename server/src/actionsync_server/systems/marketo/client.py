"""The client of one Marketo subscription: every call of this package under one roof."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from actionsync_server.clock import Micros
from actionsync_server.model.settings import Pace
from actionsync_server.systems.call_counter import CallCounter
from actionsync_server.systems.marketo.activities import ActivityFeeds
from actionsync_server.systems.marketo.bulk import LeadExports
from actionsync_server.systems.marketo.connection import PACES, Connection
from actionsync_server.systems.marketo.custom_activities import CustomActivities
from actionsync_server.systems.marketo.leads import LeadReads
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
from actionsync_server.systems.marketo.usage import Usage


class Marketo:
    """Reads and writes one Marketo subscription; the named parts say more about each call.

    Owns its token, keeps to the subscription's pace, repeats what may be repeated, counts its calls. Raises nothing but
    the SystemFailure family: SystemBusy and QuotaExhausted (not carried out), OutcomeUnknown (`add_activities` and the
    writes of activity types only), LoginRefused, Refused, NotPrepared (603: `metadata["permission"]` names the right).
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._leads = LeadReads(connection)
        self._feeds = ActivityFeeds(connection)
        self._exports = LeadExports(connection, self._leads)
        self._custom = CustomActivities(connection)
        self._usage = Usage(connection)

    @property
    def calls(self) -> CallCounter:
        """The charged calls of this client."""
        return self._connection.calls.counter

    def set_pace(self, pace: Pace) -> None:
        """Change how hard the subscription is asked, for every client of it."""
        calls, at_once = PACES[pace]
        self._connection.calls.pace.set(calls=calls, at_once=at_once)

    # Leads

    async def describe_fields(self) -> frozenset[str]:
        """Return the REST names of the lead fields that this subscription has."""
        return await self._leads.describe_fields()

    async def leads(
        self, filter_type: str, values: Sequence[str | int], fields: Sequence[str], *, urgent: bool = False
    ) -> list[Lead]:
        """Return every lead whose `filter_type` field equals one of `values`; `urgent` overtakes waiting calls."""
        return await self._leads.leads(filter_type, values, fields, urgent=urgent)

    # Feeds

    async def paging_token(self, since: Micros) -> str:
        """Return a token from which each of the three feeds starts at `since`."""
        return await self._feeds.paging_token(since)

    async def lead_changes(self, token: str, fields: Sequence[str]) -> FeedPage:
        """Return one page of changes of `fields` and of new leads."""
        return await self._feeds.lead_changes(token, fields)

    async def deleted_leads(self, token: str) -> FeedPage:
        """Return one page of deleted leads."""
        return await self._feeds.deleted_leads(token)

    async def activities(self, token: str, type_ids: Sequence[int], lead_ids: Sequence[int] = ()) -> FeedPage:
        """Return one page of activities of at most 10 types, of at most 30 leads or of all."""
        return await self._feeds.activities(token, type_ids, lead_ids)

    async def activity_types(self) -> list[ActivityTypeInfo]:
        """Return the activity types of the subscription, native and approved custom ones."""
        return await self._feeds.activity_types()

    # Bulk export

    async def create_lead_export(self, fields: Sequence[str], start: Micros, end: Micros) -> str:
        """Create an export job for the leads created from `start` to `end` (at most 31 days); return its id."""
        return await self._exports.create_lead_export(fields, start, end)

    async def enqueue_export(self, export_id: str) -> None:
        """Put an export job into the queue."""
        await self._exports.enqueue_export(export_id)

    async def export_status(self, export_id: str) -> ExportStatus:
        """Return where an export job stands."""
        return await self._exports.export_status(export_id)

    async def cancel_export(self, export_id: str) -> None:
        """Cancel an export job."""
        await self._exports.cancel_export(export_id)

    def export_rows(self, export_id: str, *, skip_rows: int = 0) -> AsyncGenerator[list[Lead], None]:
        """Stream the rows of a completed job in chunks of 1,000; ExportDamaged when the file is another."""
        return self._exports.export_rows(export_id, skip_rows=skip_rows)

    # Custom activities

    async def custom_activity_types(self) -> list[CustomActivityType]:
        """Return every custom activity type, drafts too, without attributes."""
        return await self._custom.custom_activity_types()

    async def custom_activity_type(self, api_name: str, *, draft: bool = False) -> CustomActivityType:
        """Return one custom activity type with its attributes, as approved or as drafted."""
        return await self._custom.custom_activity_type(api_name, draft=draft)

    async def create_custom_activity_type(self, spec: CustomActivityTypeSpec) -> CustomActivityType:
        """Create a custom activity type as a draft."""
        return await self._custom.create_custom_activity_type(spec)

    async def create_attributes(self, api_name: str, attributes: Sequence[CustomAttribute]) -> None:
        """Add attributes to a custom activity type."""
        await self._custom.create_attributes(api_name, attributes)

    async def approve(self, api_name: str) -> None:
        """Approve the draft of a custom activity type."""
        await self._custom.approve(api_name)

    async def add_activities(self, rows: Sequence[CustomActivityRow]) -> list[RowResult]:
        """Write at most 300 rows (`row_batches` makes portions), once; OutcomeUnknown when the answer was lost."""
        return await self._custom.add_activities(rows)

    # Usage

    async def usage_today(self) -> int:
        """Return the calls that all integrations of the subscription made today."""
        return await self._usage.usage_today()
