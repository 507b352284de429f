"""The pytest side: watches the tests of a simulator's folder and fails a run that leaves its table unshown.

A run of the whole folder that passes is held to the table. Any run that has a test marked with an unknown behaviour
fails. `GAPS=leads pytest …` prints, without failing, the gaps of the calls whose path contains the text, whatever
part of the folder is run: for work on a few calls.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.observed.answers import Reader
from harness.observed.gaps import Declared, gaps, twice
from harness.observed.observer import Observer


class Observation:
    """A pytest plugin for the folder of one simulator; its `conftest.py` registers it."""

    def __init__(self, folder: Path, simulator_class: type, reader: Reader, declared: Declared) -> None:
        self._folder = folder
        self._declared = declared
        self._observer = Observer(reader)
        self._watching = ExitStack()
        self._watching.enter_context(self._observer.watching(simulator_class))
        self._shown: set[str] = set()
        self._unknown: list[str] = []
        self._selected: set[Path] = set()
        self._picked = False
        self._failed = False
        self._problems: list[str] = []

    @property
    def _name(self) -> str:
        return self._folder.name

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """A run of a part is not held to the table."""
        self._picked = self._picked or any(self._folder in item.path.parents for item in items)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note which behaviours have a test, and which files are run."""
        self._picked = self._picked or any("::" in argument for argument in session.config.args)
        slugs = set(self._declared.slugs)
        for item in session.items:
            if self._folder not in item.path.parents:
                continue
            self._selected.add(item.path)
            for mark in item.iter_markers("behaviour"):
                self._shown.update(mark.args)
                self._unknown += [
                    f"{item.nodeid}: no call has a behaviour {slug!r}" for slug in mark.args if slug not in slugs
                ]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A failed test may not have shown what it shows."""
        self._failed = self._failed or (report.failed and report.nodeid.startswith(self._node_prefix))

    _node_prefix = ""

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Learn how the ids of this folder's tests begin."""
        self._node_prefix = self._folder.relative_to(session.config.rootpath).as_posix()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Compare, and fail the run for a difference."""
        self._watching.close()
        if not self._selected or session.config.option.collectonly:
            return
        self._problems = sorted(set(self._unknown)) + twice(self._declared)
        whole = not self._picked and self._selected >= set(self._folder.rglob("test_*.py"))
        if whole and not self._failed:
            self._problems += self._gaps()
        if self._problems and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _gaps(self) -> list[str]:
        return gaps(self._declared, self._observer.seen, shown=self._shown)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print every difference at once."""
        wanted = os.environ.get("GAPS")
        if wanted and self._selected:
            terminalreporter.section(f"{self._name}: gaps of this run at {wanted!r}")
            for gap in self._gaps():
                if wanted in gap.partition(": ")[0]:
                    terminalreporter.write_line(gap)
        if self._problems:
            terminalreporter.section(f"{self._name}: the route table and the tests differ", red=True, bold=True)
            for problem in self._problems:
                terminalreporter.write_line(problem)
            terminalreporter.write_line(
                f"{len(self._problems)} differences. Declare what the calls do in their routes.py, and test it."
            )
