"""What roll-up fields say: found by label, only forward in time, cut to what fits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from actionsync_server.clock import SECOND, from_iso
from actionsync_server.model.roll_ups import (
    CAMPAIGN,
    MARKETING,
    REPLIED,
    SALES_ACTIVITY,
    Facts,
    fields_by_label,
    marketing_fact,
    merged,
    record,
)
from hypothesis import given
from hypothesis import strategies as st

NOON = from_iso("2026-03-02T12:00:00Z")


@dataclass(frozen=True)
class Field:
    label: str
    type: str = "datetime"
    length: int = 0
    createable: bool = True
    updateable: bool = True
    picklist: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "label",
    ["Last Replied", "MSE Last Replied", "MSC - Last Replied", "Marketo Sales: last  replied", "MSI Last Replied"],
)
def test_a_field_is_known_by_its_label_whatever_stands_before_it(label: str) -> None:
    assert fields_by_label({"Anything__c": Field(label)}) == {"last replied": "Anything__c"}


def test_what_is_closed_or_called_otherwise_is_no_roll_up() -> None:
    described = {"A__c": Field("Last Replied", updateable=False), "B__c": Field("Last Replied By"), "C__c": Field("x")}
    assert fields_by_label(described) == {}
    assert record({REPLIED: [NOON]}, described, {}) == {}


def test_a_time_is_written_only_when_it_is_later() -> None:
    described = {"R__c": Field("Last Replied")}
    assert record({REPLIED: [NOON]}, described, {"R__c": None}) == {"R__c": "2026-03-02T12:00:00Z"}
    assert record({REPLIED: [NOON]}, described, {"R__c": "2026-03-02T11:59:59.000+0000"}) == {
        "R__c": "2026-03-02T12:00:00Z"
    }
    for held in ("2026-03-02T12:00:00.000+0000", "2026-03-03T00:00:00.000+0000"):
        assert record({REPLIED: [NOON + SECOND // 2]}, described, {"R__c": held}) == {}


def test_an_org_with_a_date_only_gets_the_day() -> None:
    described = {"R__c": Field("Last Replied", type="date")}
    assert record({REPLIED: [NOON]}, described, {"R__c": "2026-03-01"}) == {"R__c": "2026-03-02"}
    assert record({REPLIED: [NOON]}, described, {"R__c": "2026-03-02"}) == {}


def test_texts_are_cut_and_emptied() -> None:
    described = {"C__c": Field("Current Sales Campaign", type="string", length=6)}
    assert record({CAMPAIGN: [NOON, "Spring outreach"]}, described, {}) == {"C__c": "Spring"}
    assert record({CAMPAIGN: [NOON, "Spring outreach"]}, described, {"C__c": "Spring"}) == {}
    assert record({CAMPAIGN: [NOON, ""]}, described, {"C__c": "Spring"}) == {"C__c": None}


def test_an_engagement_with_marketing_is_told_as_a_whole() -> None:
    described = {
        "T__c": Field("Last Marketing Engagement Date"),
        "D__c": Field("Last Marketing Engagement Desc", type="string", length=255),
        "Y__c": Field("Last Marketing Engagement Type", type="string", length=255),
    }
    fact = marketing_fact(NOON, 46, description="Visited pricing", source="Web")
    assert fact[MARKETING][0] == NOON
    expected = {"T__c": "2026-03-02T12:00:00Z", "D__c": "Visited pricing", "Y__c": "Interesting Moment"}
    assert record(fact, described, {}) == expected
    later = {"T__c": "2026-03-02T13:00:00.000+0000", "D__c": "Something newer", "Y__c": "Click Email"}
    assert record(fact, described, later) == {}


@given(st.lists(st.tuples(st.sampled_from([SALES_ACTIVITY, REPLIED]), st.integers(0, 50)), max_size=20))
def test_in_whatever_order_things_become_known_the_latest_stands(told: list[tuple[str, int]]) -> None:
    known: Facts = {}
    for matter, at in told:
        known = merged(known, {matter: [at]})
    for matter in (SALES_ACTIVITY, REPLIED):
        times = [at for one, at in told if one == matter]
        assert known.get(matter) == ([max(times)] if times else None)
