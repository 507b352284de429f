"""Finds out, with a handful of calls, who there is to be read: no Marketo call lists or counts people.

Ids grow with creation and are never given twice. The New Lead activities, which Marketo keeps for ever, name the
oldest people; a small subscription is known completely after a page or two of them. In a larger one ids are sampled:
300 ids cost one call, so 300 places between the first and any conceivable id, ever farther apart, show about where the
ids end; 300 places in the gap behind the last hit show it 300 times more exactly, and so on until the gap is closed.
300 places spread evenly between both ends then give the share of ids that are alive, hence about how many people there
are, and how long their rows are.

The end need only be about right: who is created after the load began comes by the feeds, and the last range of ids
reaches a little beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actionsync_server.clock import Micros, from_iso
from actionsync_server.model.synced_fields import FieldMap
from actionsync_server.systems.marketo import Lead, Marketo

NEW_LEAD = 12
SAMPLE = 300
#: Pages of New Lead activities that are read before sampling begins; pages may be empty though there is more.
_MOST_PAGES = 6
#: Before Marketo existed.
_EPOCH: Micros = from_iso("2006-01-01T00:00:00Z")
#: Ids beyond the last one that was found: several empty pages in a row make the end certain enough.
MARGIN = 3 * SAMPLE
_LARGEST_ID = 2**31
#: Fields of a sampled lead: what a page or a file has, and when the person was created.
_CREATED = "createdAt"


@dataclass(frozen=True, slots=True)
class Census:
    """Who there is. `last_id` is 0 for a subscription without people; `exact` when every id is known."""

    first_id: int
    last_id: int
    person_count: int
    earliest_time: Micros | None
    row_bytes: int
    exact: bool


async def take(marketo: Marketo, fields: FieldMap) -> Census:
    """Look who there is. Raises the system's failures."""
    oldest_ids, oldest_time, complete = await _new_leads(marketo)
    names = (*fields.names, _CREATED)
    if complete and oldest_ids:
        known = sorted(oldest_ids)
        sample = _spread(known)
        found = await marketo.leads("id", sample, names)
        return Census(
            first_id=known[0],
            last_id=known[-1],
            person_count=round(len(found) / len(sample) * len(known)),
            earliest_time=_earliest(found, oldest_time),
            row_bytes=_row_bytes(found),
            exact=True,
        )
    first = min(oldest_ids, default=0)
    if not first:
        first = await _first_id(marketo)
        if not first:
            return Census(0, 0, 0, None, 0, exact=True)
    last = max(await _last_id(marketo, first), max(oldest_ids, default=0))
    sample = _evenly(first, last)
    found = await marketo.leads("id", sample, names)
    return Census(
        first_id=first,
        last_id=last,
        person_count=round(len(found) / len(sample) * (last - first + 1)),
        earliest_time=_earliest(found, oldest_time),
        row_bytes=_row_bytes(found),
        exact=False,
    )


async def _new_leads(marketo: Marketo) -> tuple[set[int], Micros | None, bool]:
    """Return ids of the oldest people, when the oldest was created, and whether these are all people."""
    ids: set[int] = set()
    oldest: Micros | None = None
    token = await marketo.paging_token(_EPOCH)
    for _ in range(_MOST_PAGES):
        page = await marketo.activities(token, (NEW_LEAD,))
        ids |= {row.lead_id for row in page.rows}
        if page.rows and oldest is None:
            oldest = page.rows[0].activity_time
        if not page.more:
            return ids, oldest, True
        token = page.next_token
    return ids, oldest, False


async def _first_id(marketo: Marketo) -> int:
    """Return about the lowest id without any help of activities, 0 when nobody seems to be there."""
    sample = _growing(1)
    hits = await _alive(marketo, sample)
    if not hits:
        # Too few to be hit from afar: look at everybody among the first thousands.
        for start in range(1, 10 * SAMPLE, SAMPLE):
            if hits := await _alive(marketo, range(start, start + SAMPLE)):
                return min(hits)
        return 0
    return await _lowest(marketo, sample, hits)


async def _lowest(marketo: Marketo, sample: Sequence[int], hits: Sequence[int]) -> int:
    """Close the gap before the lowest hit."""
    while True:
        high = min(hits)
        low = max((one for one in sample if one < high), default=high - 1)
        if high - low <= 1:
            return high
        sample = _evenly(low + 1, high - 1)
        hits = await _alive(marketo, sample)
        if not hits:
            return high


async def _last_id(marketo: Marketo, first: int) -> int:
    """Return about the highest id."""
    sample: Sequence[int] = _growing(first)
    last = first
    while True:
        hits = await _alive(marketo, sample)
        last = max([last, *hits])
        beyond = min((one for one in sample if one > last), default=last + 1)
        if beyond - last <= 1 or not hits:
            return last
        sample = _evenly(last + 1, beyond - 1)


async def _alive(marketo: Marketo, ids: Sequence[int]) -> list[int]:
    return [int(lead["id"]) for lead in await marketo.leads("id", list(ids), ("id",))]


def _growing(first: int) -> list[int]:
    """Return 300 ids from `first` to the largest, the steps between them growing."""
    ratio = (_LARGEST_ID) ** (1 / (SAMPLE - 1))
    return sorted({first + round(ratio**place) - 1 for place in range(SAMPLE)})


def _evenly(first: int, last: int) -> list[int]:
    """Return up to 300 ids spread evenly over a range, its ends included."""
    count = min(SAMPLE, last - first + 1)
    if count <= 1:
        return [first] if count == 1 else []
    return sorted({first + (last - first) * place // (count - 1) for place in range(count)})


def _spread(ids: Sequence[int]) -> list[int]:
    """Return up to 300 of these ids, spread evenly."""
    if len(ids) <= SAMPLE:
        return list(ids)
    return [ids[len(ids) * place // SAMPLE] for place in range(SAMPLE)]


def _earliest(found: Sequence[Lead], oldest: Micros | None) -> Micros | None:
    times = [from_iso(lead[_CREATED]) for lead in found if lead.get(_CREATED)]
    if oldest is not None:
        times.append(oldest)
    return min(times, default=None)


def _row_bytes(found: Sequence[Lead]) -> int:
    """Return about how many bytes a person takes in a file."""
    if not found:
        return 0
    size = sum(len(str(value if value is not None else "null")) + 1 for lead in found for value in lead.values())
    return round(size / len(found))
