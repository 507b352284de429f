"""Finds out whether rows are in Marketo whose answer was lost: by lead, type and our own id among the attributes.

Rows may become visible up to ten minutes after they were written. So one that is not found is looked for once more,
and only then counts as not written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actionsync_server.clock import SECOND, Clock, Micros
from actionsync_server.flows.delivery.outcomes import Outcome, again, delivered, unknown
from actionsync_server.flows.delivery.parcels import Parcel, load
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.model.activity_types import ACTIVITY_ID, TYPES
from actionsync_server.model.deliveries import LOOKUP_DELAYS, Delivery
from actionsync_server.model.errors import SystemFailure
from actionsync_server.store.database import Database
from actionsync_server.store.deliveries import Deliveries
from actionsync_server.systems.explain import explain_failure
from actionsync_server.systems.marketo import Marketo

#: Marketo takes so many leads in one call.
LEADS_PER_CALL = 30
#: When Marketo cannot be asked, the question is put off by this.
POSTPONEMENT: Micros = LOOKUP_DELAYS[0]


@dataclass(frozen=True, slots=True)
class _Search:
    """What one reading of the feed looks for."""

    parcels: Sequence[Parcel]
    since: Micros
    until: Micros


class MarketoLookup:
    """Looks up lost answers of one instance."""

    def __init__(self, database: Database, clock: Clock, *, instance_id: str) -> None:
        self._database = database
        self._clock = clock
        self._instance_id = instance_id

    async def look_up(
        self, client: Marketo | None, deliveries: Sequence[Delivery], *, type_ids: Mapping[str, int]
    ) -> Written:
        """Return DELIVERED for what is there, RETRYING (now) for what is not, UNKNOWN while that is not certain."""
        parcels, written = await load(self._database, self._instance_id, deliveries, with_gone=True)
        ended = await Deliveries(self._database, self._instance_id).last_attempt_ends(
            [parcel.delivery.delivery_id for parcel in parcels]
        )
        for search in _searches(parcels):
            found: dict[str, str] | None = None
            failure: SystemFailure | None = None
            if client is not None and _kinds(search) <= type_ids.keys():
                try:
                    found = await self._find(client, search, type_ids)
                except SystemFailure as raised:
                    failure = raised
            for parcel in search.parcels:
                guid = None if found is None else found.get(parcel.activity.activity_id)
                if guid is not None:
                    outcome = delivered(guid).not_attempted()
                elif found is None:
                    error = None if failure is None else explain_failure(failure)
                    outcome = unknown(error, due=self._clock.now() + POSTPONEMENT).not_attempted()
                else:
                    outcome = self._missing(ended.get(parcel.delivery.delivery_id))
                written.append((parcel.delivery, outcome))
        return written

    def _missing(self, ended: Micros | None) -> Outcome:
        now = self._clock.now()
        last_look = (now if ended is None else ended) + LOOKUP_DELAYS[-1]
        return again(now) if now >= last_look else unknown(None, due=last_look).not_attempted()

    async def _find(self, client: Marketo, search: _Search, type_ids: Mapping[str, int]) -> dict[str, str]:
        """Return the marketoGUIDs of the activities that are there, by activity id."""
        wanted = {parcel.activity.activity_id for parcel in search.parcels}
        ids = sorted(type_ids[api_name] for api_name in _kinds(search))
        leads = sorted({parcel.person.marketo_id for parcel in search.parcels})
        found: dict[str, str] = {}
        token, more = await client.paging_token(search.since), True
        while more and len(found) < len(wanted):
            page = await client.activities(token, ids, leads)
            token, more = page.next_token, page.more
            for row in page.rows:
                activity_id = row.attributes.get(ACTIVITY_ID)
                if activity_id in wanted:
                    found[activity_id] = row.marketo_guid
                # The feed goes by the time of the activity, so beyond our last one there is nothing to be found.
                more = more and row.activity_time <= search.until
        return found


def _searches(parcels: Sequence[Parcel]) -> Iterator[_Search]:
    """Group by time, so that each reading of the feed covers a short stretch, and by as many leads as a call takes."""
    ordered = sorted(parcels, key=lambda parcel: (parcel.activity.content.activity_time, parcel.delivery.sequence))
    group: list[Parcel] = []
    leads: set[int] = set()
    for parcel in ordered:
        if len(leads | {parcel.person.marketo_id}) > LEADS_PER_CALL:
            yield _search(group)
            group, leads = [], set()
        group.append(parcel)
        leads.add(parcel.person.marketo_id)
    if group:
        yield _search(group)


def _kinds(search: _Search) -> set[str]:
    return {TYPES[parcel.activity.type].api_name for parcel in search.parcels}


def _search(group: Sequence[Parcel]) -> _Search:
    # Marketo keeps whole seconds.
    first = group[0].activity.content.activity_time // SECOND * SECOND
    return _Search(group, since=first, until=group[-1].activity.content.activity_time + SECOND)
