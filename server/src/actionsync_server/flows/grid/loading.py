"""Loads the grid of a person, an account or an opportunity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.check import Freshness
from actionsync_server.flows.grid.reading import GridReading
from actionsync_server.model.activities import Activity, Detail, filled
from actionsync_server.model.activity_types import TYPES
from actionsync_server.model.errors import NotFound
from actionsync_server.model.grid import (
    DEFAULT_ROWS,
    MOST_PEOPLE,
    WINDOW,
    GridRow,
    GridWeek,
    newest,
    own_column,
    own_name,
    texts,
    title_of,
    weeks,
)
from actionsync_server.model.marketo_rows import marketo_row
from actionsync_server.model.persons import Person, salesforce_id
from actionsync_server.store.activities import Activities, ActivityFilter
from actionsync_server.store.database import Database
from actionsync_server.store.directory import Directory
from actionsync_server.store.grid import Grid
from actionsync_server.store.persons import Persons
from actionsync_server.telemetry import Metrics

#: Own rows taken into account; an account with more shows its newest.
_MOST_OWN = 5_000


class GridTarget(Enum):
    """Whose grid."""

    PERSON = 1
    ACCOUNT = 2
    OPPORTUNITY = 3


@dataclass(frozen=True, slots=True)
class LoadedGrid:
    """What the panel shows. `fresh_time`: Marketo was asked for all of it no earlier than then; None: never."""

    rows: Sequence[GridRow]
    weeks: Sequence[GridWeek]
    fresh_time: Micros | None
    truncated: bool


class GridFlow:
    """Loads grids."""

    def __init__(
        self, database: Database, clock: Clock, *, reading: GridReading, metrics: Metrics | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._reading = reading
        self._loads = (metrics if metrics is not None else Metrics()).grid_loads

    async def load(
        self,
        instance_id: str,
        target: GridTarget,
        identifier: str,
        freshness: Freshness,
        *,
        row_limit: int,
        compatible: bool,
    ) -> LoadedGrid:
        """Return the newest rows of at most 90 days. Raises NotFound, NotConnected and the SystemFailure family.

        Stored rows are shown as they are, with their age; people whom nobody looked at before are read first.
        """
        people = await self._people(instance_id, target, identifier)
        crowded = len(people) > MOST_PEOPLE
        now = self._clock.now()
        if crowded and compatible:
            return LoadedGrid([], weeks([], now=now), None, truncated=True)
        people = people[:MOST_PEOPLE]
        fresh_time = await self._refresh(instance_id, people, freshness, now=now)
        rows = await self._stored(instance_id, people, since=now - WINDOW)
        rows += await self._own(instance_id, people, since=now - WINDOW)
        shown = newest(rows, row_limit or DEFAULT_ROWS)
        counted = weeks([(row.activity_time, row.column) for row in rows], now=now)
        return LoadedGrid(shown, counted, fresh_time, truncated=crowded or len(shown) < len(rows))

    async def _people(self, instance_id: str, target: GridTarget, identifier: str) -> list[Person]:
        persons = Persons(self._database, instance_id)
        if target is GridTarget.PERSON:
            person = await persons.get(identifier)
            if person is None:
                raise NotFound("person", identifier)
            return [person]
        record_id = salesforce_id(identifier)
        if target is GridTarget.ACCOUNT:
            return await persons.of_account(record_id, count=MOST_PEOPLE + 1)
        return await persons.of_opportunity(record_id, count=MOST_PEOPLE + 1)

    async def _refresh(
        self, instance_id: str, people: Sequence[Person], freshness: Freshness, *, now: Micros
    ) -> Micros | None:
        """Ask Marketo for those whose stored rows are too old; return since when everybody's are."""
        ids = [person.marketo_id for person in people]
        grid = Grid(self._database, instance_id)
        known = await grid.read_times(ids)
        if freshness.live:
            stale = ids
        elif freshness.max_age is not None:
            stale = [one for one in ids if known.get(one, 0) < now - freshness.max_age]
        else:
            stale = [one for one in ids if one not in known]
        self._loads.labels(instance_id, "yes" if stale else "no").inc()
        if stale:
            await self._reading.read(instance_id, stale)
            known = await grid.read_times(ids)
        return min((known.get(one, 0) for one in ids), default=None)

    async def _stored(self, instance_id: str, people: Sequence[Person], *, since: Micros) -> list[GridRow]:
        by_marketo_id = {person.marketo_id: person.person_id for person in people}
        types = self._reading.known_types(instance_id)
        return [
            GridRow(
                by_marketo_id[row.marketo_id],
                types[row.type_id][1],
                types[row.type_id][0],
                row.activity_time,
                row.title,
                row.attributes,
            )
            for row in await Grid(self._database, instance_id).rows(list(by_marketo_id), since=since)
            if row.type_id in types
        ]

    async def _own(self, instance_id: str, people: Sequence[Person], *, since: Micros) -> list[GridRow]:
        by_id = {person.person_id: person for person in people}
        wanted = ActivityFilter(person_ids=list(by_id), start_time=since)
        activities = Activities(self._database, instance_id)
        found = await activities.page(wanted, after=None, count=_MOST_OWN)
        sellers = await Directory(self._database, instance_id).sellers(sorted({one.content.user_id for one in found}))
        mails = await activities.sent_mails(
            {(one.content.email_id, one.content.person_id) for one in found if one.content.email_id}
        )
        rows = []
        for activity in found:
            content = activity.content
            seller, person = sellers.get(content.user_id), by_id[content.person_id]
            if seller is None:
                continue
            whole = _with_detail(activity, filled(content.detail, mails.get((content.email_id, content.person_id))))
            primary, values = marketo_row(whole, person, seller)
            names = {one.api_name: one.name for one in TYPES[activity.type].attributes}
            attributes = texts({names[name]: value for name, value in values})
            rows.append(
                GridRow(
                    person.person_id,
                    own_column(activity.type),
                    own_name(activity.type),
                    content.activity_time,
                    title_of(attributes, primary),
                    attributes,
                )
            )
        return rows


def _with_detail(activity: Activity, detail: Detail) -> Activity:
    return replace(activity, content=replace(activity.content, detail=detail))
