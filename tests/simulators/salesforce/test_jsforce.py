"""The unmodified third-party client `jsforce`, run by node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from harness.live_salesforce import LiveSalesforce

NODE_FOLDER = Path(__file__).parents[1] / "node"
NODE = shutil.which("node")
if NODE is None:
    pytest.skip("node is not installed", allow_module_level=True)
if not (NODE_FOLDER / "node_modules" / "jsforce").is_dir():
    pytest.skip(f"jsforce is not installed: run npm ci in {NODE_FOLDER}", allow_module_level=True)

Run = Callable[[str], Any]


@pytest.fixture(scope="module")
def served() -> Iterator[LiveSalesforce]:
    """The generated world on a real socket."""
    server = LiveSalesforce()
    yield server
    server.stop()


@pytest.fixture
def run(served: LiveSalesforce) -> Run:
    """Run one scenario of jsforce.js and return what it tells."""

    def start(scenario: str) -> Any:
        assert NODE is not None
        script = NODE_FOLDER / "jsforce.js"
        done = subprocess.run(
            [NODE, script, served.url, scenario], capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return start


def test_login_and_logout_by_soap(run: Run, served: LiveSalesforce) -> None:
    told = run("soap")
    assert told["user"]["id"].startswith("005")
    assert told["user"]["url"] == f"{served.url}/id/{told['user']['organizationId']}/{told['user']['id']}"
    assert (told["identity"], told["sameUser"], told["size"]) == ("admin@simulator.example", True, 1)
    assert told["loggedOut"]["code"] == "INVALID_SESSION_ID"
    assert told["wrong"]["text"].startswith("INVALID_LOGIN: Invalid username, password, security token")


def test_oauth_and_a_session_that_is_refreshed(run: Run) -> None:
    told = run("oauth")
    assert told["user"].startswith("00D")
    assert (told["found"], told["refreshed"], told["url"]) == (1, 1, True)
    assert told["wrong"] == {"code": "invalid_grant", "text": "authentication failure"}
    assert told["limits"] == [125000, 125000]


def test_queries_page_by_page(run: Run) -> None:
    told = run("queries")
    assert told["first"] == [450, False, 200]
    assert (told["owner"], told["second"]) == ("Name", 200)
    assert told["all"] == [450, 450]
    assert told["streamed"] == 430
    assert (told["deletedToo"], told["live"], told["count"]) == (450, 448, 448)
    assert told["fluent"] == ["q44@node.example", "q449@node.example", "q448@node.example"]
    assert told["nested"] is True
    assert [(group["Company"], group["n"]) for group in told["groups"]] == [("Node Q", 448)]
    assert told["plan"] == 1
    assert told["refused"]["code"] == "INVALID_FIELD"
    assert "ERROR at Row:1:Column:8" in told["refused"]["text"]


def test_rows(run: Run) -> None:
    told = run("rows")
    assert told["one"] is True
    assert told["many"] == [[True, []], [False, ["REQUIRED_FIELD_MISSING"]]]
    assert told["read"] == ["First", "Lead", "One"]
    assert told["both"] == ["One", "Two"]
    assert told["upserts"] == [True, False, True]
    assert told["several"] == [False, True]
    assert told["whole"] == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    assert (told["updated"], told["deleted"]) == (True, True)
    assert told["gone"]["code"] == told["twice"]["code"] == "ENTITY_IS_DELETED"
    assert told["missing"] == {
        "code": "REQUIRED_FIELD_MISSING", "text": "Required fields are missing: [Company]", "fields": ["Company"],
    }  # fmt: skip
    assert told["recent"] > 0


def test_describes(run: Run) -> None:
    told = run("describes")
    assert {"Account", "Contact", "Lead", "Task", "User"} <= set(told["objects"])
    assert told["task"] == ["00T", ["Contact", "Lead"]]
    assert told["same"] == "Task"
    assert told["unknown"]["code"] == told["named"]["code"] == "NOT_FOUND"
    assert told["compact"] == "SYSTEM"
    assert told["layout"] == [1, True]
    assert (told["approvals"], told["actions"], told["globalActions"]) == ([], [], [])
    assert {"Account", "Lead"} <= set(told["tabs"])
    assert {"Account", "Lead"} <= set(told["theme"])
    assert told["recent"] > 0
    assert told["versions"] == 36


def test_tooling(run: Run) -> None:
    told = run("tooling")
    assert told["entity"]["QualifiedApiName"] == "Task"
    assert told["email"]["DataType"] == "Email"
    assert told["custom"] == 2
    assert {"CustomField", "EntityDefinition", "FieldDefinition"} <= set(told["objects"])
    assert (told["described"], told["classes"]) == ("00N", 0)
    assert told["refused"]["code"] == "INVALID_TYPE"


def test_search(run: Run) -> None:
    told = run("search")
    assert told["found"] == [["Lead", "Zylophant"]]
    assert told["refused"]["code"] == "MALFORMED_SEARCH"


def test_composite(run: Run) -> None:
    assert run("composite") == [[201, True], [201, True], [200, "Node Inc"]]


def test_bulk(run: Run) -> None:
    told = run("bulk")
    assert told["made"] == [[True, 0], [True, 0], [True, 0], [False, 1]]
    assert told["error"].startswith("REQUIRED_FIELD_MISSING")
    assert told["updated"] == [True]
    assert told["rows"] == ['Bulk, "Node"', "Node", "Node"]
    assert told["deleted"] == [True, True, True]
    assert told["wrong"]["code"] == "InvalidJob"


def test_bulk_2(run: Run) -> None:
    told = run("bulk2")
    assert told["made"] == [3, 1, 0]
    assert told["error"].startswith("REQUIRED_FIELD_MISSING")
    assert told["rows"] == 3
    assert told["created"] == ["true"]
    assert told["aborted"] == "Aborted"
    assert told["wrong"]["code"] == "INVALID_FIELD"


def test_change_events_are_streamed(run: Run) -> None:
    assert run("streaming") == {"subject": "Streamed", "kind": "CREATE"}
