"""Finding out who there is, against subscriptions of every shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from actionsync_server.clock import DAY, SECOND, Micros, from_iso, to_iso
from actionsync_server.flows.people.census import MARGIN, Census, take
from actionsync_server.flows.people.planning import PAGE, WINDOW, make_plan
from actionsync_server.model.initial_syncs import InitialSyncMethod
from actionsync_server.model.synced_fields import FieldMap
from actionsync_server.systems.marketo import FeedPage, FeedRow
from hypothesis import given, settings
from hypothesis import strategies as st

BEGIN: Micros = from_iso("2020-01-01T00:00:00Z")
FIELDS = FieldMap.of(["sfdcLeadOwnerId"], linkedin_field="x")


class Subscription:
    """Answers like Marketo: ids in order of creation, one an hour. `hidden` New Lead rows were never written."""

    def __init__(self, ids: Sequence[int], *, hidden: int = 0, page: int = 300) -> None:
        self.created = {marketo_id: BEGIN + place * 3_600 * SECOND for place, marketo_id in enumerate(sorted(ids))}
        self.rows = [FeedRow(str(one), one, at, 12, [], {}, None) for one, at in list(self.created.items())[hidden:]]
        self.page = page
        self.call_count = 0

    async def paging_token(self, since: Micros) -> str:
        self.call_count += 1
        return "0"

    async def activities(self, token: str, type_ids: Sequence[int]) -> FeedPage:
        self.call_count += 1
        start = int(token)
        rows = self.rows[start : start + self.page]
        return FeedPage(rows, str(start + self.page), more=start + self.page < len(self.rows))

    async def leads(self, filter_type: str, values: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
        assert len(values) <= 300
        self.call_count += 1
        return [{"id": one, "createdAt": to_iso(self.created[one])} for one in values if one in self.created]


async def census(subscription: Any) -> Census:
    return await take(subscription, FIELDS)


@pytest.mark.asyncio
async def test_small_subscription_is_known_exactly() -> None:
    found = await census(Subscription([5, 70, 1_001, 90_000]))
    assert (found.first_id, found.last_id, found.person_count, found.exact) == (5, 90_000, 4, True)
    assert found.earliest_time == BEGIN


@pytest.mark.asyncio
async def test_nobody() -> None:
    found = await census(Subscription([]))
    assert (found.last_id, found.person_count, found.earliest_time) == (0, 0, None)
    plan = make_plan(found, now=BEGIN, method=None)
    assert plan.chunks == ()


@pytest.mark.asyncio
@pytest.mark.parametrize("first", [1, 1_001, 3_000_000])
@pytest.mark.parametrize("step", [1, 3])
async def test_large_subscription_is_sampled(first: int, step: int) -> None:
    ids = range(first, first + 200_000 * step, step)
    subscription = Subscription(ids)
    found = await census(subscription)
    assert found.first_id == first
    assert ids[-1] - MARGIN < found.last_id <= ids[-1]
    assert abs(found.person_count - 200_000) < 20_000
    assert found.earliest_time == BEGIN
    assert subscription.call_count < 20


@pytest.mark.asyncio
@pytest.mark.parametrize("count", [7, 5_000, 50_000])
async def test_people_without_their_new_lead_rows_are_found(count: int) -> None:
    ids = range(1_001, 1_001 + count)
    found = await census(Subscription(ids, hidden=count))
    assert found.first_id == 1_001
    assert ids[-1] - MARGIN < found.last_id <= ids[-1]
    assert found.earliest_time == BEGIN


@settings(max_examples=40, deadline=None)
@given(
    first=st.integers(1, 10_000),
    count=st.integers(1, 30_000),
    step=st.integers(1, 4),
    method=st.sampled_from(InitialSyncMethod),
)
def test_chunks_leave_nobody_out(first: int, count: int, step: int, method: InitialSyncMethod) -> None:
    last = first + (count - 1) * step
    now = BEGIN + count * 3_600 * SECOND
    found = Census(first, last, count, BEGIN, 200, exact=False)
    plan = make_plan(found, now=now, method=method)
    assert [chunk.chunk_number for chunk in plan.chunks] == list(range(1, len(plan.chunks) + 1))
    unit = SECOND if method is InitialSyncMethod.BULK_EXTRACT else 1
    for before, after in zip(plan.chunks, plan.chunks[1:], strict=False):
        assert after.start_position == before.end_position + unit
    begin, end = plan.chunks[0].start_position, plan.chunks[-1].end_position
    if method is InitialSyncMethod.BULK_EXTRACT:
        assert begin <= BEGIN - DAY + SECOND
        assert end == now
        assert all(chunk.end_position - chunk.start_position <= WINDOW for chunk in plan.chunks)
        assert plan.export_megabytes == pytest.approx(count * 200 / 1e6)
    else:
        assert (begin, end) == (first, last + MARGIN)
        assert plan.call_count >= (last - first) / PAGE
        assert plan.export_megabytes == 0


def test_cheaper_way_wins() -> None:
    few = Census(1, 900, 900, BEGIN, 200, exact=True)
    many = Census(1, 900_000, 900_000, BEGIN, 200, exact=False)
    now = BEGIN + 365 * DAY
    assert make_plan(few, now=now, method=None).method is InitialSyncMethod.REST_PAGES
    assert make_plan(many, now=now, method=None).method is InitialSyncMethod.BULK_EXTRACT
