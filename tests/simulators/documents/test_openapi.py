"""The OpenAPI documents: every served call with its parameters and answers, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.endpoint import Endpoint, Param, StandingCall
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.document import document as marketo_document
from actionsync_simulators.marketo.gateway.every_call import TOKEN_CALLS
from actionsync_simulators.marketo.routes import ROUTES as MARKETO
from actionsync_simulators.openapi import FORM, Api, openapi_document
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.document import DATA
from actionsync_simulators.salesforce.document import document as salesforce_document
from actionsync_simulators.salesforce.gateway.every_call import STANDING_CALLS
from actionsync_simulators.salesforce.routes import ROUTES as SALESFORCE

DOCUMENTS = {"marketo": marketo_document(), "salesforce": salesforce_document()}


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (verb.upper(), path): operation
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    }


def served(calls: Iterable[Endpoint], prefix: str = "") -> set[tuple[str, str]]:
    return {
        (call.method, f"{prefix}/{call.path}".rstrip("/") if prefix else call.path) for call in calls if call.served
    }


def test_marketo_describes_what_it_serves() -> None:
    assert set(operations(DOCUMENTS["marketo"])) == served((*TOKEN_CALLS, *MARKETO))


def test_salesforce_describes_what_it_serves() -> None:
    assert set(operations(DOCUMENTS["salesforce"])) == served(STANDING_CALLS) | served(SALESFORCE, DATA)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_operation_is_whole(name: str) -> None:
    found = operations(DOCUMENTS[name])
    assert len({operation["operationId"] for operation in found.values()}) == len(found)
    for (verb, path), operation in found.items():
        in_path = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert in_path == re.findall(r"\{(\w+)\}", path), (verb, path)
        assert {"200", "201", "204"} & set(operation["responses"]), (verb, path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_reference_has_an_end(name: str) -> None:
    text = orjson.dumps(DOCUMENTS[name]).decode()
    wanted = set(re.findall(r'"\$ref":"#/components/schemas/(\w+)"', text))
    assert wanted <= set(DOCUMENTS[name]["components"]["schemas"])


@pytest.mark.asyncio
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_the_document_is_served(name: str) -> None:
    clock = Clock(frozen=True)
    simulator = MarketoSimulator(clock=clock, seed=1) if name == "marketo" else SalesforceSimulator(clock=clock)
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/_sim/openapi.json", "query_string": b"", "headers": []}
    await simulator(scope, receive, send)
    assert sent[0]["status"] == 200
    assert orjson.loads(sent[1]["body"]) == DOCUMENTS[name]


def small(*calls: StandingCall) -> dict[str, Any]:
    return openapi_document(
        Api(
            title="Small",
            description="",
            calls=calls,
            wire_path=lambda call: call.path,
            media=lambda call: FORM if call.method == "POST" else None,
            responses=lambda _: {"200": {"description": "done"}},
            is_open=lambda _: False,
        )
    )


def test_one_name_may_stand_in_the_path_and_in_the_query() -> None:
    params = (Param("id", "integer"), Param("id", "integers", example="1,2"))
    call = small(StandingCall(method="GET", path="/a/{id}.json", params=params))["paths"]["/a/{id}.json"]["get"]
    assert [(one["in"], one["required"], one.get("example")) for one in call["parameters"]] == [
        ("path", True, None),
        ("query", False, [1, 2]),
    ]


def test_parameters_of_a_form_are_its_members() -> None:
    params = (Param("name", required=True, example="x"), Param("note"))
    call = small(StandingCall(method="POST", path="/a.json", params=params))["paths"]["/a.json"]["post"]
    schema = call["requestBody"]["content"][FORM]["schema"]
    assert (call["parameters"], schema["required"], schema["examples"]) == ([], ["name"], [{"name": "x"}])


def test_a_variable_part_needs_a_name() -> None:
    with pytest.raises(ValueError, match="without a name"):
        small(StandingCall(method="GET", path="/a/{}.json"))
