"""The unmodified third-party client `node-marketo-rest`, run by node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness.live_marketo import LiveMarketo

NODE_FOLDER = Path(__file__).parents[1] / "node"
NODE = shutil.which("node")
if NODE is None:
    pytest.skip("node is not installed", allow_module_level=True)
if not (NODE_FOLDER / "node_modules" / "node-marketo-rest").is_dir():
    pytest.skip(f"node-marketo-rest is not installed: run npm ci in {NODE_FOLDER}", allow_module_level=True)

Run = Callable[[str], dict[str, Any]]


@pytest.fixture
def run(served: LiveMarketo) -> Run:
    """Run one scenario of node_marketo_rest.js and return what it tells."""

    def start(scenario: str) -> dict[str, Any]:
        assert NODE is not None
        script = NODE_FOLDER / "node_marketo_rest.js"
        done = subprocess.run(
            [NODE, script, served.url, scenario], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return start


def test_people(run: Run) -> None:
    told = run("people")
    first, second = told["ids"]
    assert told["made"] == ["created", "created"]
    assert told["byId"] == {"id": first, "email": "node1@example.com", "firstName": "N1"}
    assert told["found"] == [first, second]
    assert told["associated"]["success"] is True
    assert told["pushed"] == "created"
    assert told["merged"]["success"] is True
    assert told["gone"]["code"] == "1004"
    assert [row["name"] for row in told["partitions"]] == ["Default"]
    assert {"email", "sfdcLeadId", "linkedInProfileURL"} <= set(told["fields"])


def test_lists(run: Run) -> None:
    told = run("lists")
    assert told["all"][:3] == [1001, 1002, 1003]
    assert told["some"] == ["Newsletter", "Empty List"]
    assert told["byId"] == "Empty List"
    assert told["added"] == [{"id": 1001, "status": "added"}, {"id": 1002, "status": "added"}]
    assert told["member"] == [{"id": 1001, "status": "memberof"}]
    assert told["removed"] == [{"id": 1001, "status": "removed"}]
    assert told["several"]["code"] == "1001"
    assert told["byEmail"] == ["added"]
    assert told["pages"] == [200, 140, False]


def test_a_list_is_read_as_a_stream(run: Run) -> None:
    assert run("stream") == {"rows": 340, "different": 340}


def test_activities(run: Run) -> None:
    told = run("activities")
    assert {1, 6, 12, 13, 46} <= set(told["types"])
    assert told["rows"] == [[12, True], [13, True]]
    assert told["forList"] is True
    assert told["changes"] == [[], ["B"]]
    assert told["next"] == "string"
    assert told["end"] == []


def test_statistics(run: Run) -> None:
    told = run("statistics")
    assert told["usage"]["users"][0]["userId"] == "api-user@simulator.example"
    assert told["usage"]["total"] > 0
    assert (told["usageDays"], told["errorsDays"]) == (7, 7)
    assert {"errorCode": "1011", "count": 1} in told["errors"]["errors"]
    assert told["refused"] == {"code": "1011", "text": "Field 'firstName' not supported"}


def test_bulk_extracts(run: Run) -> None:
    for told in run("exports").values():
        assert (told["created"], told["queued"], told["cancelled"]) == ("Created", "Queued", "Cancelled")
        assert told["status"]["status"] == told["whole"] == "Completed"
        assert told["file"] == "string"
        assert told["bytes"] == told["status"]["fileSize"]
        assert told["lines"] == told["status"]["numberOfRecords"] > 0
        assert told["twice"] == {"code": "1029", "text": "Job already queued"}


def test_tokens_are_used_again_and_replaced_when_they_die(run: Run) -> None:
    told = run("token")
    assert told["same"] is True
    assert told["expired"] == 1
    assert told["after"] is True
    assert "Bad client credentials" in told["wrong"]["text"]


def test_errors_that_pass_are_waited_for(run: Run) -> None:
    assert run("faults") == {"604": True, "608": True, "611": True}


def test_assets(run: Run) -> None:
    told = run("assets")
    assert told["smartList"] == told["smartLists"][0]
    assert len(told["emails"]) == 2
    assert told["beyond"]["warnings"] == ["No assets found for the given search criteria."]
    assert told["landingPages"]["code"] == "703"


def test_campaigns(run: Run) -> None:
    told = run("campaigns")
    assert set(told["types"]) == {"batch", "trigger"}
    assert len(told["smart"]) >= len(told["types"])
    assert told["requested"]["success"] is True
    assert told["unknown"]["code"] == "1013"
