"""What is no smart list is refused with a sentence that says why; rules; the control calls."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.marketo.smart_lists.rule import RuleError, parse_rule

MOMENT = {"activity": 46}
EMAIL = {"field": "email", "operator": "is not empty"}


@pytest.mark.parametrize(
    ("rule", "filters", "problem"),
    [
        ("", 1, "expected"),
        ("1 and", 1, "expected"),
        ("and 1", 1, "expected"),
        ("1 2", 2, "not expected"),
        ("(1 and 2", 2, "not closed"),
        ("1 and 2)", 2, "not expected"),
        ("1 and 2 or 3", 3, "mixed"),
        ("1 and 3", 2, "no filter 3"),
        ("1 and 0", 1, "no filter 0"),
        ("1", 2, "filter 2 is not used"),
        ("1 xor 2", 2, "not a rule"),
        ("1; DROP TABLE leads", 1, "not a rule"),
        ("(" * 30 + "1" + ")" * 30, 1, "inside each other"),
        ("1 or " * 400 + "1", 1, "longer"),
    ],
)
def test_a_rule_that_cannot_be_read(rule: str, filters: int, problem: str) -> None:
    with pytest.raises(RuleError, match=problem):
        parse_rule(rule, filters=filters)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"filters": []}, "1 to 50 filters"),
        ({"filters": [EMAIL] * 51}, "1 to 50 filters"),
        ({"filters": ["x"]}, "filter 1: not an object"),
        ({"filters": [EMAIL, {}]}, "filter 2: exactly one of"),
        ({"filters": [EMAIL | MOMENT]}, "exactly one of"),
        ({"filters": [{**EMAIL, "extra": 1}]}, "'extra' means nothing"),
        ({"filters": [{"field": "nope", "operator": "is empty"}]}, "no person field 'nope'"),
        ({"filters": [{"field": "email"}]}, "operator is missing"),
        ({"filters": [{"field": "email", "operator": "at least", "value": 1}]}, "no operator for a text"),
        ({"filters": [{"field": "email", "operator": "is", "values": []}]}, "takes 1 to 300"),
        ({"filters": [{"field": "email", "operator": "is", "values": ["a"] * 301}]}, "takes 1 to 300"),
        ({"filters": [{"field": "email", "operator": "is empty", "value": "a"}]}, "takes 0"),
        ({"filters": [{"field": "email", "operator": "is", "value": " "}]}, "blank"),
        ({"filters": [{"field": "email", "operator": "is", "value": True}]}, "no text"),
        ({"filters": [{"field": "email", "operator": "is", "value": "a", "values": ["b"]}]}, "give one of them"),
        ({"filters": [{"field": "leadScore", "operator": "is", "value": "x"}]}, "no number"),
        ({"filters": [{"field": "leadScore", "operator": "is", "value": "1e400"}]}, "no number"),
        ({"filters": [{"field": "unsubscribed", "operator": "is", "value": "x"}]}, "neither true nor false"),
        ({"filters": [{"field": "createdAt", "operator": "in past", "value": "a week"}]}, "no length of time"),
        ({"filters": [{"field": "createdAt", "operator": "in time frame", "value": "soon"}]}, "no time frame"),
        ({"filters": [{"field": "createdAt", "operator": "is", "value": "noon"}]}, "not an ISO"),
        ({"filters": [{"activity": "Flew to the Moon"}]}, "no activity 'Flew to the Moon'"),
        ({"filters": [{"activity": 999}]}, "no activity 999"),
        ({"filters": [{**MOMENT, "atLeast": 0}]}, "atLeast"),
        ({"filters": [{**MOMENT, "atLeast": True}]}, "atLeast"),
        ({"filters": [{**MOMENT, "not": "yes"}]}, "not is true or false"),
        ({"filters": [{**MOMENT, "date": "today"}]}, "date is an object"),
        ({"filters": [{**MOMENT, "date": {"operator": "is empty"}}]}, "never empty"),
        ({"filters": [{**MOMENT, "constraints": {}}]}, "operator"),
        ({"filters": [{**MOMENT, "constraints": "x"}]}, "constraints is an array"),
        ({"filters": [{**MOMENT, "constraints": ["x"]}]}, "a constraint is an object"),
        ({"filters": [{**MOMENT, "constraints": [{"attribute": "x"}]}]}, "no attribute 'x'"),
        ({"filters": [{"list": 9}]}, "no list 9"),
        ({"filters": [{"list": []}]}, "list is empty"),
        ({"filters": [{"smartList": "nope"}]}, "no smart list 'nope'"),
        ({"filters": [{"program": "nope"}]}, "no program 'nope'"),
        ({"filters": [{"list": 1001, "status": "x"}]}, "'status' means nothing"),
        ({"filters": [EMAIL], "match": "some"}, "match is 'some'"),
        ({"filters": [EMAIL], "match": "advanced"}, "rule belongs"),
        ({"filters": [EMAIL], "match": "any", "rule": "1"}, "rule belongs"),
        ({"filters": [EMAIL], "rule": "2"}, "rule: there is no filter 2"),
        ({"filters": [EMAIL], "name": ""}, "name is blank"),
        ({"filters": [EMAIL], "name": 7}, "name is a text"),
        ({"filters": [EMAIL], "name": "owned by a seller"}, "already"),
        ({"filters": [EMAIL], "nmae": "x"}, "'nmae' is no member"),
    ],
)
async def test_a_definition_that_cannot_be_used(seeded: Any, members: dict[str, Any], problem: str) -> None:
    if problem == "operator":
        # An empty object is taken for no constraints at all.
        members["filters"][0]["constraints"] = [{"attribute": "Source"}]
    answer = await seeded.control("POST", "smart-lists", {"name": "new", **members})
    assert answer.status == 400
    assert problem in answer.json["error"]
    assert "filters" in answer.json["hint"]


@pytest.mark.asyncio
async def test_several_lists_are_defined_all_or_none(api: Any) -> None:
    good, bad = {"name": "good", "filters": [EMAIL]}, {"name": "bad", "filters": [{"field": "x"}]}
    assert (await api.control("POST", "smart-lists", [good, bad])).status == 400
    assert (await api.control("GET", "smart-lists")).json == {"smart_lists": []}
    made = await api.control("POST", "smart-lists", [good, {**good, "name": "other"}])
    assert [one["name"] for one in made.json["smart_lists"]] == ["good", "other"]
    assert (await api.control("GET", "smart-lists")).json == made.json


@pytest.mark.asyncio
async def test_an_unknown_list_is_told(api: Any) -> None:
    for method, path in (
        ("GET", "smart-lists/members?id=9"),
        ("GET", "smart-lists/members"),
        ("DELETE", "smart-lists"),
    ):
        answer = await api.control(method, path)
        assert (answer.status, answer.json["hint"]) == (400, "see GET /_sim/smart-lists")


@pytest.mark.asyncio
async def test_a_list_that_another_uses_is_not_deleted(api: Any) -> None:
    inner = (await api.control("POST", "smart-lists", {"name": "inner", "filters": [EMAIL]})).json["id"]
    outer = (await api.control("POST", "smart-lists", {"name": "outer", "filters": [{"smartList": "inner"}]})).json[
        "id"
    ]
    refused = await api.control("DELETE", f"smart-lists?id={inner}")
    assert (refused.status, refused.json["error"]) == (400, f"smart list {inner} is used by smart list {outer}")
    for one in (outer, inner):
        assert (await api.control("DELETE", f"smart-lists?id={one}")).json == {"deleted": one}
    assert (await api.control("GET", "smart-lists")).json == {"smart_lists": []}


@pytest.mark.asyncio
async def test_lists_ask_for_each_other_ten_deep_at_most(api: Any) -> None:
    await api.control("POST", "smart-lists", {"name": "1", "filters": [EMAIL]})
    for depth in range(2, 12):
        body = {"name": str(depth), "filters": [{"smartList": str(depth - 1)}]}
        answer = await api.control("POST", "smart-lists", body)
        assert answer.status == (200 if depth <= 10 else 400), answer.json
    lead_id = await api.create(email="a@example.com")
    assert await api.people_of({"smartList": "9"}) == [lead_id]


@pytest.mark.asyncio
async def test_smart_lists_come_back_with_reset_and_restore(seeded: Any) -> None:
    lists = seeded.simulator.subscription.smart_lists
    seed = lists.every()
    saved = (await seeded.control("POST", "snapshot")).json["id"]
    await seeded.people_of(EMAIL)
    assert len(lists.every()) == len(seed) + 1
    await seeded.control("POST", "restore", {"id": saved})
    assert lists.every() == seed
    await seeded.people_of(EMAIL)
    await seeded.control("POST", "reset")
    assert lists.every() == seed


@pytest.mark.asyncio
async def test_a_type_that_a_smart_list_asks_for_is_not_deleted(api: Any) -> None:
    type_id = await api.send_type()
    made = await api.control("POST", "smart-lists", {"name": "sent", "filters": [{"activity": type_id}]})
    path = "/rest/v1/activities/external/type/asSendSalesEmail/delete.json"
    refused = await api.post(path)
    assert (refused.code, "sent" in refused.message) == ("709", True)
    await api.control("DELETE", f"smart-lists?id={made.json['id']}")
    assert (await api.post(path)).result[0]["status"] == "deleted"
