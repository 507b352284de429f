"""Decides how to read everybody, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass

from actionsync_server.clock import DAY, SECOND, Micros
from actionsync_server.flows.people.census import MARGIN, Census
from actionsync_server.model.initial_syncs import Chunk, InitialSyncMethod

#: Marketo's longest window of an export.
WINDOW: Micros = 31 * DAY
#: People of one page by id.
PAGE = 300
#: Pages of one chunk of ids: progress is shown by chunks.
_PAGES_PER_CHUNK = 10
#: Calls of one export: create, enqueue, file, and looking how far it is.
_CALLS_PER_EXPORT = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """How an initial load reads."""

    method: InitialSyncMethod
    chunks: tuple[Chunk, ...]
    person_count: int
    call_count: int
    export_megabytes: float


def make_plan(census: Census, *, now: Micros, method: InitialSyncMethod | None) -> Plan:
    """Cut everybody who exists at `now` into chunks, by the cheaper method unless one is asked for."""
    windows = _windows(census, now)
    ranges = _ranges(census)
    pages = sum(-(-(chunk.end_position - chunk.start_position + 1) // PAGE) for chunk in ranges)
    export_calls = len(windows) * _CALLS_PER_EXPORT
    if method is None:
        cheaper_by_pages = pages <= export_calls
        method = InitialSyncMethod.REST_PAGES if cheaper_by_pages else InitialSyncMethod.BULK_EXTRACT
    if method is InitialSyncMethod.REST_PAGES:
        return Plan(method, tuple(ranges), census.person_count, pages, 0.0)
    megabytes = census.person_count * census.row_bytes / 1_000_000
    return Plan(method, tuple(windows), census.person_count, export_calls, megabytes)


def _windows(census: Census, now: Micros) -> list[Chunk]:
    """Cut the time from the first person to now into windows; both ends belong to them, to the second."""
    if census.earliest_time is None:
        return []
    windows: list[Chunk] = []
    # The activity may be a second later than the person, and a sample may miss the oldest: begin a day before.
    start = (census.earliest_time - DAY) // SECOND * SECOND
    end = now // SECOND * SECOND
    while start <= end:
        # 31 days are the longest Marketo takes; a second less, as the next window begins there.
        last = min(start + WINDOW - SECOND, end)
        windows.append(Chunk(len(windows) + 1, start, last))
        start = last + SECOND
    return windows


def _ranges(census: Census) -> list[Chunk]:
    if not census.last_id:
        return []
    end = census.last_id if census.exact else census.last_id + MARGIN
    size = PAGE * _PAGES_PER_CHUNK
    starts = range(census.first_id, end + 1, size)
    return [Chunk(number, start, min(start + size - 1, end)) for number, start in enumerate(starts, start=1)]
