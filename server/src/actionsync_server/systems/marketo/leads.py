"""Reading leads: by the values of a field, and which fields there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from actionsync_server.model.errors import Refused, System
from actionsync_server.systems.marketo.connection import Connection
from actionsync_server.systems.marketo.types import Lead

READ_LEADS = "Read-Only Lead"
MOST_VALUES = 300
PAGE = "300"


_LeadRow = dict[str, Any]


class _RestName(msgspec.Struct):
    name: str = ""


class _Field(msgspec.Struct, rename="camel"):
    data_type: str = ""
    rest: _RestName | None = None  # missing for fields that only the old SOAP API has


class LeadReads:
    """Lead queries of one subscription."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._types: Mapping[str, str] | None = None

    async def describe_fields(self) -> frozenset[str]:
        """Return the REST names of the lead fields that this subscription has."""
        reply = await self._connection.get("/rest/v1/leads/describe.json", kind=_Field, permission=READ_LEADS)
        self._types = {row.rest.name: row.data_type for row in reply.rows if row.rest is not None and row.rest.name}
        return frozenset(self._types)

    async def field_types(self) -> Mapping[str, str]:
        """Return REST name → data type, as last described."""
        if self._types is None:
            await self.describe_fields()
        return self._types or {}

    async def leads(
        self, filter_type: str, values: Sequence[str | int], fields: Sequence[str], *, urgent: bool = False
    ) -> list[Lead]:
        """Return every lead whose `filter_type` field equals one of `values`, each lead once.

        Any number of values: they go in batches of 300, halved where more than 1,000 leads match. `urgent` overtakes
        calls that wait for their turn. Raises Refused for a value with a comma, which Marketo cannot look up, and
        where more than 1,000 leads share one value.
        """
        wanted = list(dict.fromkeys(text for text in (str(value).strip() for value in values) if text))
        if any("," in text for text in wanted):
            raise Refused(System.MARKETO, f"Marketo: a {filter_type} with a comma cannot be looked up")
        found: dict[int, Lead] = {}
        batches = [wanted[start : start + MOST_VALUES] for start in range(0, len(wanted), MOST_VALUES)]
        while batches:
            batch = batches.pop(0)
            try:
                for lead in await self._matching(filter_type, batch, fields, urgent=urgent):
                    found.setdefault(lead["id"], lead)
            except Refused as refused:
                if not _too_many(refused) or len(batch) == 1:
                    raise
                middle = len(batch) // 2
                batches[:0] = [batch[:middle], batch[middle:]]
        return list(found.values())

    async def _matching(
        self, filter_type: str, batch: Sequence[str], fields: Sequence[str], *, urgent: bool
    ) -> list[Lead]:
        query = {
            "filterType": filter_type,
            "filterValues": ",".join(batch),
            "fields": ",".join(fields),
            "batchSize": PAGE,
        }
        found: list[Lead] = []
        while True:
            reply = await self._connection.get(
                "/rest/v1/leads.json", query, kind=_LeadRow, permission=READ_LEADS, urgent=urgent, seconds=75.0
            )
            found += [complete(row, fields) for row in reply.rows]
            # Only the token tells whether there is more; some answers say so twice.
            if not reply.next_page_token or reply.more is False:
                return found
            if reply.next_page_token == query.get("nextPageToken"):
                raise Refused(System.MARKETO, "Marketo: the page token leads back to the same page")
            query = query | {"nextPageToken": reply.next_page_token}


def complete(row: dict[str, Any], fields: Iterable[str]) -> Lead:
    """Return `row` with every field that was asked for: Marketo may leave out what is null."""
    return {"id": None} | dict.fromkeys(fields) | row


def _too_many(refused: Refused) -> bool:
    return refused.system_code == "1003" and "too many results" in refused.message.casefold()
