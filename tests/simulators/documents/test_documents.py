"""The committed documents say what the code does, and nothing that was served once is lost unnoticed."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from actionsync_simulators.coverage_document import Coverage, coverage_document, served_in
from actionsync_simulators.endpoint import Behaviour, StandingCall

COMMAND = "python tests/simulators/documents/write.py"
CALL = StandingCall(
    method="GET", path="/a/{id}.json", errors=("1001",), behaviours=(Behaviour("a-quirk", "It is odd"),)
)
GONE = StandingCall(method="POST", path="/b.json", served=False)


def made(*calls: StandingCall) -> str:
    return coverage_document(
        Coverage(
            title="Small",
            calls=calls,
            around={"600": "no token"},
            around_call=lambda _: ("600",),
            area=lambda call: call.path[1],
        )
    )


@pytest.mark.parametrize("name", ["marketo-coverage.md", "salesforce-coverage.md"])
def test_nothing_that_was_served_is_lost(writer: ModuleType, name: str) -> None:
    assert writer.lost(name, writer.documents()[name]) == [], "no longer served, or no longer declared"


def test_the_documents_equal_the_code(writer: ModuleType) -> None:
    documents = writer.documents()
    made = {path.name for path in writer.DOCS.glob("*.md") if "edits are overwritten" in path.read_text()}
    assert made == set(documents)
    stale = [name for name, text in documents.items() if (writer.DOCS / name).read_text() != text]
    assert stale == [], f"run: {COMMAND}"


def test_a_coverage_file_is_read_back_as_it_was_meant() -> None:
    assert served_in(made(CALL, GONE)) == {
        "GET /a/{id}.json: success",
        "GET /a/{id}.json: error 600",
        "GET /a/{id}.json: error 1001",
        "GET /a/{id}.json: a-quirk",
    }


def test_totals_stand_at_the_top() -> None:
    text = made(CALL, GONE)
    assert "| a | 1 | 0 | 4 |" in text
    assert "| **all** | **1** | **1** | **4** |" in text
    assert "* `a-quirk`: it is odd\n" in text


def test_a_loss_is_refused_unless_allowed(writer: ModuleType, tmp_path: Path) -> None:
    before, after = made(CALL, GONE), made(StandingCall(method="GET", path="/a/{id}.json"), GONE)
    assert writer.write({"x-coverage.md": before}, folder=tmp_path) == []
    gone = ["x-coverage.md: GET /a/{id}.json: a-quirk", "x-coverage.md: GET /a/{id}.json: error 1001"]
    assert writer.write({"x-coverage.md": after}, folder=tmp_path) == gone
    assert (tmp_path / "x-coverage.md").read_text() == before
    assert writer.write({"x-coverage.md": after}, folder=tmp_path, allow_loss=True) == []
    assert (tmp_path / "x-coverage.md").read_text() == after
