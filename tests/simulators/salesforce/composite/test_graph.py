"""Graphs: each done as a whole or not at all, whatever becomes of the others."""

from __future__ import annotations

from typing import Any

import pytest

BASE = "/services/data/v60.0"


def node(reference: str, method: str, url: str, body: Any = None) -> dict[str, Any]:
    whole = {"method": method, "url": f"{BASE}/{url}", "referenceId": reference}
    return whole if body is None else whole | {"body": body}


def graph(name: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    return {"graphId": name, "compositeRequest": list(nodes)}


async def run(api: Any, *graphs: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await api("POST", "composite/graph", {"graphs": list(graphs)})
    assert answer.status == 200, answer.body
    answered: list[dict[str, Any]] = answer.body["graphs"]
    return answered


GOOD = node("newAccount", "POST", "sobjects/Account", {"Name": "G"})
BAD = node("bad", "POST", "sobjects/Contact", {"LastName": "C", "Email": "x", "AccountId": "@{newAccount.id}"})


@pytest.mark.asyncio
@pytest.mark.behaviour("graphs-alone")
async def test_a_failed_graph_leaves_nothing_and_stops_no_other(api: Any) -> None:
    failed, done = await run(
        api,
        graph("1", GOOD, BAD, node("after", "GET", "sobjects/Account/@{newAccount.id}")),
        graph("graph 2", GOOD, node("contact", "POST", "sobjects/Contact", {"LastName": "@{newAccount.id}"})),
    )
    assert list(failed) == ["graphId", "graphResponse", "isSuccessful"]
    assert (failed["graphId"], failed["isSuccessful"]) == ("1", False)
    first, bad, after = failed["graphResponse"]["compositeResponse"]
    assert bad["httpStatusCode"] == 400
    assert bad["body"][0]["errorCode"] == "INVALID_EMAIL_ADDRESS"
    for one, reference in ((first, "newAccount"), (after, "after")):
        assert (one["httpStatusCode"], one["referenceId"]) == (400, reference)
        assert one["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert (done["graphId"], done["isSuccessful"]) == ("graph 2", True)
    account, contact = done["graphResponse"]["compositeResponse"]
    assert account["httpHeaders"] == {"Location": f"{BASE}/sobjects/Account/{account['body']['id']}"}
    assert (await api.read("Contact", contact["body"]["id"]))["LastName"] == account["body"]["id"]
    assert len(await api.soql("SELECT Id FROM Account WHERE Name = 'G'")) == 1


@pytest.mark.asyncio
async def test_rows_are_read_changed_upserted_and_deleted(api: Any) -> None:
    [done] = await run(
        api,
        graph(
            "g",
            node("made", "PATCH", "sobjects/Task/ActionSync_Id__c/graph-1", {"Subject": "a"}),
            node("changed", "PATCH", "sobjects/Task/@{made.id}", {"Subject": "b"}),
            node("read", "GET", "sobjects/Task/@{made.id}?fields=Subject"),
            node("gone", "DELETE", "sobjects/Task/@{made.id}"),
        ),
    )
    statuses = [one["httpStatusCode"] for one in done["graphResponse"]["compositeResponse"]]
    assert statuses == [201, 204, 200, 204]
    assert done["graphResponse"]["compositeResponse"][2]["body"]["Subject"] == "b"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "url", ["query?q=SELECT Id FROM Lead", "composite/sobjects", "sobjects/Lead/describe", "sobjects", "limits"]
)
async def test_only_calls_for_rows_are_served_inside(api: Any, url: str) -> None:
    [failed] = await run(api, graph("g", node("n", "GET", url)))
    assert failed["isSuccessful"] is False
    assert failed["graphResponse"]["compositeResponse"][0]["httpStatusCode"] == 404


@pytest.mark.asyncio
@pytest.mark.behaviour("graphs-end-after-failures")
async def test_after_fifteen_failures_the_others_are_not_tried(api: Any) -> None:
    bad = node("bad", "POST", "sobjects/Account", {"Nope": 1})
    answered = await run(api, *(graph(f"g{n}", bad) for n in range(15)), graph("last", GOOD))
    assert answered[14]["graphResponse"]["compositeResponse"][0]["body"][0]["errorCode"] == "INVALID_FIELD"
    last = answered[15]["graphResponse"]["compositeResponse"][0]["body"][0]
    assert last["errorCode"] == "PROCESSING_HALTED"
    assert await api.soql("SELECT Id FROM Account WHERE Name = 'G'") == []


def leads(count: int, name: str = "r") -> list[dict[str, Any]]:
    return [node(f"{name}{n}", "POST", "sobjects/Lead", {"LastName": "L", "Company": "C"}) for n in range(count)]


def chain(length: int) -> list[dict[str, Any]]:
    first = node("r0", "POST", "sobjects/Account", {"Name": "A"})
    bodies = [{"Name": "A", "ParentId": f"@{{r{n - 1}.id}}"} for n in range(1, length)]
    return [first, *(node(f"r{n}", "POST", "sobjects/Account", body) for n, body in enumerate(bodies, 1))]


KINDS = [node(f"r{n}", "GET", f"sobjects/Lead{n}/x") for n in range(16)]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "graphs",
    [
        [graph(f"g{n}", GOOD) for n in range(76)],
        [graph("g", *leads(300)), graph("h", *leads(201))],
        [graph("g", *chain(16))],
        [graph("g", *KINDS)],
    ],
    ids=["graphs", "nodes", "depth", "kinds"],
)
async def test_limits(api: Any, graphs: list[dict[str, Any]]) -> None:
    answer = await api("POST", "composite/graph", {"graphs": graphs})
    assert (answer.status, answer.code) == (400, "EXCEEDED_ID_LIMIT")


@pytest.mark.asyncio
async def test_the_largest_that_is_allowed(api: Any) -> None:
    answered = await run(api, graph("g", *chain(15)), graph("h", *leads(485)))
    assert [one["isSuccessful"] for one in answered] == [True, True]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "graphs",
    [
        None,
        [],
        ["x"],
        [{"compositeRequest": [GOOD]}],
        [graph("", GOOD)],
        [graph("a.b", GOOD)],
        [graph("x" * 40, GOOD)],
        [graph("g", GOOD), graph("g", GOOD)],
        [graph("g")],
        [graph("g", {**GOOD, "referenceId": "no-dash"})],
        [graph("g", GOOD, GOOD)],
    ],
)
async def test_bodies_that_are_no_graphs(api: Any, graphs: Any) -> None:
    answer = await api("POST", "composite/graph", {"graphs": graphs})
    assert (answer.status, answer.code) == (400, "JSON_PARSER_ERROR")


@pytest.mark.asyncio
async def test_versions_before_50_have_no_graphs(api: Any) -> None:
    answer = await api("POST", "/services/data/v49.0/composite/graph", {"graphs": [graph("g", GOOD)]})
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
