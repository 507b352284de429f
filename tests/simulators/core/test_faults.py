"""Faults: what a spec may say, which call a fault falls on, how often."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.faults import FaultPlan, FaultSpecError

ERROR = {"action": "error", "error": {"code": "604", "message": "Request timed out"}}


def actions(plan: FaultPlan, *calls: tuple[str, str]) -> list[str | None]:
    found = [plan.take(method, path) for method, path in calls]
    return [None if fault is None else fault.action for fault in found]


def test_without_faults_nothing_happens() -> None:
    assert FaultPlan().take("GET", "/rest/v1/leads.json") is None


def test_a_fault_falls_once_on_the_next_call() -> None:
    plan = FaultPlan()
    plan.add(ERROR)
    fault = plan.take("GET", "/anything")
    assert fault is not None
    assert fault.error is not None
    assert (fault.error.code, fault.error.message, fault.error.http_status) == ("604", "Request timed out", None)
    assert plan.take("GET", "/anything") is None


def test_method_and_path_must_match() -> None:
    plan = FaultPlan()
    plan.add({"match": {"method": "post", "path": "/rest/v1/activities/*"}, "action": "drop_before"})
    assert actions(
        plan,
        ("GET", "/rest/v1/activities/external.json"),
        ("POST", "/rest/v1/leads.json"),
        ("POST", "/rest/v1/activities/external.json"),
        ("POST", "/rest/v1/activities/external.json"),
    ) == [None, None, "drop_before", None]


def test_a_glob_crosses_slashes_and_minds_case() -> None:
    plan = FaultPlan()
    plan.add({"match": {"path": "/services/*/Task/*"}, "action": "drop_before", "times": None})
    assert plan.take("PATCH", "/services/data/v60.0/sobjects/Task/Ext__c/a%2Fb") is not None
    assert plan.take("PATCH", "/services/data/v60.0/sobjects/task/Ext__c/x") is None


def test_nth_counts_matching_calls_and_times_goes_on_from_there() -> None:
    plan = FaultPlan()
    plan.add({"match": {"path": "/a", "nth": 3}, "times": 2, "action": "commit_then_drop"})
    calls = [("GET", "/a"), ("GET", "/b"), ("GET", "/a"), ("GET", "/a"), ("GET", "/b"), ("GET", "/a"), ("GET", "/a")]
    hit = "commit_then_drop"
    assert actions(plan, *calls) == [None, None, None, hit, None, hit, None]


def test_times_null_falls_until_removed() -> None:
    plan = FaultPlan()
    fault_id = plan.add({**ERROR, "times": None})
    assert all(plan.take("GET", "/") is not None for _ in range(50))
    plan.clear(fault_id)
    assert plan.take("GET", "/") is None


def test_the_first_planned_fault_wins_and_the_other_waits() -> None:
    plan = FaultPlan()
    plan.add(ERROR)
    plan.add({"action": "delay", "seconds": 2})
    assert actions(plan, ("GET", "/"), ("GET", "/"), ("GET", "/")) == ["error", "delay", None]


def test_hide_rows_and_delay_carry_their_seconds() -> None:
    plan = FaultPlan()
    plan.add({"action": "hide_rows", "seconds": 600})
    plan.add({"action": "delay", "seconds": 0.5})
    hidden, delayed = plan.take("POST", "/"), plan.take("POST", "/")
    assert hidden is not None
    assert delayed is not None
    assert (hidden.rows, delayed.seconds) == (600.0, 0.5)


def test_the_list_tells_what_became_of_each() -> None:
    plan = FaultPlan()
    plan.add({"match": {"path": "/a"}, **ERROR, "times": 2})
    plan.add({"action": "delay", "seconds": 1})
    plan.take("GET", "/a")
    assert plan.list() == [
        {
            "id": "fault-1",
            "match": {"path": "/a", "nth": 1},
            "action": "error",
            "times": 2,
            "seen": 1,
            "taken": 1,
            "error": {"code": "604", "message": "Request timed out", "http_status": None},
        },
        {
            "id": "fault-2",
            "match": {"nth": 1},
            "action": "delay",
            "times": 1,
            "seen": 1,
            "taken": 0,
            "seconds": 1.0,
        },
    ]


def test_clear_all_and_clear_unknown() -> None:
    plan = FaultPlan()
    plan.add(ERROR)
    with pytest.raises(KeyError):
        plan.clear("fault-9")
    plan.clear()
    assert plan.list() == []
    assert plan.add(ERROR) == "fault-2"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({}, "unknown action None"),
        ({"action": "explode"}, "unknown action 'explode'"),
        ({**ERROR, "tims": 2}, "unknown member 'tims' in fault"),
        ({**ERROR, "match": {"url": "/a"}}, "unknown member 'url' in match"),
        ({**ERROR, "match": []}, "match is a JSON object"),
        ({**ERROR, "match": {"method": "FETCH"}}, "unknown method 'FETCH'"),
        ({**ERROR, "match": {"path": ""}}, "glob"),
        ({**ERROR, "match": {"nth": 0}}, "match.nth is 0"),
        ({**ERROR, "times": True}, "times is True"),
        ({**ERROR, "times": 1.5}, "times is 1.5"),
        ({"action": "error"}, "needs an error"),
        ({"action": "error", "error": {}}, "error.code is None"),
        ({"action": "error", "error": {"code": "X", "status": 500}}, "unknown member 'status' in error"),
        ({"action": "error", "error": {"code": "X", "http_status": 99}}, "http_status is 99"),
        ({"action": "error", "error": {"code": "X", "message": 5}}, "not a text"),
        ({"action": "delay"}, "seconds is None"),
        ({"action": "delay", "seconds": 0}, "seconds is 0"),
        ({"action": "hide_rows", "seconds": "1"}, "seconds is '1'"),
        ({"action": "drop_before", "seconds": 1}, "takes no seconds"),
        ({"action": "drop_before", "error": {"code": "X"}}, "takes no error"),
    ],
)
def test_a_wrong_spec_is_refused_and_nothing_is_planned(spec: dict[str, Any], message: str) -> None:
    plan = FaultPlan()
    with pytest.raises(FaultSpecError, match=message) as refused:
        plan.add(spec)
    assert refused.value.hint
    assert plan.list() == []


def test_a_number_is_fine_as_error_code() -> None:
    plan = FaultPlan()
    plan.add({"action": "error", "error": {"code": 606, "http_status": 503}})
    fault = plan.take("GET", "/")
    assert fault is not None
    assert fault.error is not None
    assert (fault.error.code, fault.error.http_status) == ("606", 503)
