"""Writes the documents in simulators/docs from the code: `python tests/simulators/documents/write.py`.

It refuses to lose a served behaviour that the coverage files have; `--allow-loss` lets it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from actionsync_simulators.coverage_document import coverage_document, served_in
from actionsync_simulators.deviations import deviations_document
from actionsync_simulators.marketo import deviations as marketo_deviations
from actionsync_simulators.marketo.coverage import coverage as marketo_coverage
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.salesforce import deviations as salesforce_deviations
from actionsync_simulators.salesforce.coverage import coverage as salesforce_coverage
from actionsync_simulators.salesforce.switches import SalesforceSwitches

DOCS = Path(__file__).parents[3] / "simulators" / "docs"
COVERAGE = {"marketo-coverage.md": marketo_coverage, "salesforce-coverage.md": salesforce_coverage}


def documents() -> dict[str, str]:
    """Return every document by the name of its file, as it should be."""
    return {
        **{name: coverage_document(coverage()) for name, coverage in COVERAGE.items()},
        "marketo-deviations.md": deviations_document(
            "Marketo simulator: known deviations", MarketoSwitches, marketo_deviations.CONTRADICTIONS
        ),
        "salesforce-deviations.md": deviations_document(
            "Salesforce simulator: known deviations", SalesforceSwitches, salesforce_deviations.CONTRADICTIONS
        ),
    }


def lost(name: str, text: str, *, folder: Path = DOCS) -> list[str]:
    """Return the served behaviours that the file in `folder` has and the new text has not."""
    path = folder / name
    return sorted(served_in(path.read_text()) - served_in(text)) if path.exists() else []


def write(made: Mapping[str, str], *, folder: Path = DOCS, allow_loss: bool = False) -> list[str]:
    """Write the documents, all or none; returns what would be lost, in which case none is written."""
    gone = [f"{name}: {one}" for name, text in made.items() for one in lost(name, text, folder=folder)]
    if gone and not allow_loss:
        return gone
    folder.mkdir(exist_ok=True)
    for name, text in made.items():
        (folder / name).write_text(text)
    return []


if __name__ == "__main__":
    losses = write(documents(), allow_loss="--allow-loss" in sys.argv[1:])
    for loss in losses:
        print(f"no longer served: {loss}")
    if losses:
        sys.exit(f"{len(losses)} served behaviours would be lost; nothing is written. --allow-loss accepts that.")
