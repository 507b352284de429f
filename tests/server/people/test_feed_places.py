"""Where readings of a feed begin: whatever the polls, no late row falls between two of them."""

from __future__ import annotations

import pytest
from actionsync_server.clock import MINUTE, SECOND, Micros
from actionsync_server.flows.people.feed_places import (
    OVERLAP,
    LookBack,
    choose_start,
    finished,
    first_cursor,
    under_way,
    with_token,
)
from actionsync_server.flows.people.feed_rows import Work, merged_ids
from actionsync_server.store.sync_cursors import Feed
from actionsync_server.systems.marketo import FeedRow
from hypothesis import given
from hypothesis import strategies as st

BEGIN: Micros = 1_772_463_600_000_000
LATEST = 10 * MINUTE


def read(gaps: list[int], pages: list[int], restarts: list[bool]) -> list[tuple[Micros, Micros]]:
    """Play polls; return for each the instant it was made and the instant from which it read."""
    cursor = first_cursor(Feed.LEAD_CHANGES, BEGIN)
    look_back: LookBack | None = None
    now, polls = BEGIN, []
    for gap, page_count, restarted in zip(gaps, pages, restarts, strict=True):
        now += gap * SECOND
        look_back = None if restarted else look_back
        start = choose_start(cursor, now=now, look_back=look_back)
        polls.append((now, start.time))
        if start.goes_back:
            look_back = LookBack(now, page_count)
        cursor = finished(with_token(cursor, start, "t"), began=now, now=now, token=f"t{now}")
    return polls


@pytest.mark.parametrize("interval", [30, 90, 300, 600, 850, 1_000, 1_200])
@pytest.mark.parametrize("page_count", [1, 12])
@pytest.mark.parametrize("restart", [None, 12, 15])
def test_no_late_row_is_missed(interval: int, page_count: int, restart: int | None) -> None:
    """A row carries an instant before a poll and becomes visible after it, up to 10 minutes later: a later poll has it.

    All such rows are tried, around every poll of the middle of the run.
    """
    count = max(40, 7_200 // interval)
    gaps = [interval + place % 7 for place in range(count)]
    polls = read(gaps, [page_count] * count, [place == restart for place in range(count)])
    for made, _ in polls[10:30]:
        for carried in range(made - 590 * SECOND, made + 1, 59 * SECOND):
            for visible in range(made + SECOND, carried + LATEST + 1, 59 * SECOND):
                assert any(start <= carried for at, start in polls if at >= visible)


@given(st.lists(st.integers(60, 120), min_size=100, max_size=120))
def test_quiet_feed_reads_little_again_and_keeps_few_marks(gaps: list[int]) -> None:
    polls = read(gaps, [1] * len(gaps), [False] * len(gaps))
    for made, start in polls[30:]:
        assert made - start <= OVERLAP + 5 * MINUTE
    cursor = first_cursor(Feed.LEAD_CHANGES, BEGIN)
    for place in range(500):
        now = BEGIN + place * 90 * SECOND
        cursor = finished(cursor, began=now, now=now, token=f"t{place}")
    assert len(cursor.marks) <= 33


def test_unfinished_reading_goes_on_where_it_stood() -> None:
    cursor = under_way(first_cursor(Feed.LEAD_CHANGES, BEGIN), began=BEGIN + SECOND, token="here", read_up_to=BEGIN)
    start = choose_start(cursor, now=BEGIN + MINUTE, look_back=None)
    assert (start.time, start.token, start.goes_back) == (BEGIN + SECOND, "here", False)


def test_token_of_the_first_mark_is_asked_for_once() -> None:
    cursor = first_cursor(Feed.LEAD_CHANGES, BEGIN)
    start = choose_start(cursor, now=BEGIN, look_back=None)
    assert (start.time, start.token) == (BEGIN - OVERLAP, "")
    kept = with_token(cursor, start, "asked")
    assert choose_start(kept, now=BEGIN, look_back=None).token == "asked"


def row(type_id: int, lead_id: int, **attributes: object) -> FeedRow:
    return FeedRow(f"g{type_id}-{lead_id}", lead_id, BEGIN, type_id, [], attributes, None)


def test_rows_say_whom_to_look_at() -> None:
    work = Work()
    work.add([row(13, 1), row(12, 2), row(23, 1), row(37, 3), row(32, 4, **{"Merge IDs": [5, 4, 6]})])
    assert list(work.changed) == [1, 2, 4]
    assert work.merges == [(4, [5, 6])]
    assert list(work.deleted) == [3]
    assert work.touched == [1, 2, 4, 5, 6, 3]


def test_merged_ids_come_in_many_shapes() -> None:
    assert merged_ids([5, "6"]) == merged_ids("5,6") == merged_ids("[5, 6]") == merged_ids(" 5 , 6 ") == [5, 6]
    assert merged_ids(5) == [5]
    assert merged_ids(None) == merged_ids("") == []
