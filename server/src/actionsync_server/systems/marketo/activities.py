"""The three activity feeds, and which activity types there are.

A feed is read page by page from a token. The token that comes with the last page is the place to go on from at the
next poll; rows may become visible late, so callers overlap and tell rows apart by `marketo_guid`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from actionsync_server.clock import Micros, from_iso, to_iso
from actionsync_server.model.errors import SystemFailure
from actionsync_server.systems.marketo.answers import Reply, unreadable
from actionsync_server.systems.marketo.connection import Connection
from actionsync_server.systems.marketo.types import ActivityTypeInfo, AttributeInfo, FeedPage, FeedRow, FieldChange

READ_ACTIVITIES = "Read-Only Activity"
MOST_TYPES = 10
MOST_LEADS = 30
PAGE = "300"


class _Attribute(msgspec.Struct, rename="camel"):
    name: str = ""
    value: Any = None
    data_type: str = ""
    api_name: str = ""


class _Change(msgspec.Struct, rename="camel"):
    name: str
    new_value: Any = None
    old_value: Any = None


class _Row(msgspec.Struct, rename="camel"):
    lead_id: int
    activity_date: str
    activity_type_id: int
    marketo_guid: str | int = msgspec.field(name="marketoGUID")
    fields: list[_Change] = []
    attributes: list[_Attribute] = []
    primary_attribute_value: Any = None
    primary_attribute_value_id: int | None = None
    campaign_id: int | None = None


class _Type(msgspec.Struct, rename="camel"):
    id: int
    name: str
    api_name: str = ""
    primary_attribute: _Attribute | None = None  # New Lead has none
    attributes: list[_Attribute] = []


class ActivityFeeds:
    """Activity reads of one subscription."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def paging_token(self, since: Micros) -> str:
        """Return a token from which each of the three feeds starts at `since`, cut to the second."""
        reply = await self._connection.get(
            "/rest/v1/activities/pagingtoken.json",
            {"sinceDatetime": to_iso(since)},
            kind=_Row,
            permission=READ_ACTIVITIES,
            seconds=310.0,  # Marketo itself takes up to 300
        )
        return self._next_token(reply)

    async def lead_changes(self, token: str, fields: Sequence[str]) -> FeedPage:
        """Return one page of changes of `fields` and of new leads. It may be empty although more follow."""
        query = {"nextPageToken": token, "fields": ",".join(fields), "batchSize": PAGE}
        return await self._page("/rest/v1/activities/leadchanges.json", query)

    async def deleted_leads(self, token: str) -> FeedPage:
        """Return one page of deleted leads; Marketo keeps them 14 days. Leads lost in a merge are not among them."""
        return await self._page("/rest/v1/activities/deletedleads.json", {"nextPageToken": token, "batchSize": PAGE})

    async def activities(self, token: str, type_ids: Sequence[int], lead_ids: Sequence[int] = ()) -> FeedPage:
        """Return one page of activities of at most 10 types, of at most 30 leads or of all."""
        if not 1 <= len(type_ids) <= MOST_TYPES or len(lead_ids) > MOST_LEADS:
            raise ValueError(f"1 to {MOST_TYPES} types and at most {MOST_LEADS} leads at a time")
        query = {
            "nextPageToken": token,
            "activityTypeIds": ",".join(str(type_id) for type_id in type_ids),
            "batchSize": PAGE,
        }
        if lead_ids:
            query["leadIds"] = ",".join(str(lead_id) for lead_id in lead_ids)
        return await self._page("/rest/v1/activities.json", query)

    async def activity_types(self) -> list[ActivityTypeInfo]:
        """Return the activity types of the subscription, native and approved custom ones."""
        reply = await self._connection.get("/rest/v1/activities/types.json", kind=_Type, permission=READ_ACTIVITIES)
        return [
            ActivityTypeInfo(
                row.id,
                row.name,
                row.api_name,
                None if row.primary_attribute is None else _info(row.primary_attribute),
                tuple(_info(attribute) for attribute in row.attributes),
            )
            for row in reply.rows
        ]

    async def _page(self, path: str, query: dict[str, str]) -> FeedPage:
        reply = await self._connection.get(path, query, kind=_Row, permission=READ_ACTIVITIES)
        try:
            rows = [_feed_row(row) for row in reply.rows]
        except ValueError:
            raise self._unreadable("a row without its date") from None
        return FeedPage(rows, self._next_token(reply), more=bool(reply.more))

    def _next_token(self, reply: Reply[_Row]) -> str:
        # Without a token there is no place to go on from; taking the old one again would read in circles.
        if not reply.next_page_token:
            raise self._unreadable("no page token")
        return reply.next_page_token

    def _unreadable(self, what: str) -> SystemFailure:
        return self._connection.calls.error(unreadable(what).failure, repeatable=True)


def _feed_row(row: _Row) -> FeedRow:
    return FeedRow(
        marketo_guid=str(row.marketo_guid),
        lead_id=row.lead_id,
        activity_time=from_iso(row.activity_date),
        type_id=row.activity_type_id,
        fields=[FieldChange(change.name, _text(change.new_value), _text(change.old_value)) for change in row.fields],
        attributes={attribute.name: attribute.value for attribute in row.attributes},
        primary_value=_text(row.primary_attribute_value),
        primary_id=row.primary_attribute_value_id,
        campaign_id=row.campaign_id,
    )


def _info(attribute: _Attribute) -> AttributeInfo:
    return AttributeInfo(attribute.name, attribute.data_type.lower(), attribute.api_name)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)
