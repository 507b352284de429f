"""The command `serve`: bind every port, build both simulators, serve them."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable
from dataclasses import replace

from actionsync_simulators.building import begin
from actionsync_simulators.listeners import Listeners
from actionsync_simulators.settings import Settings

Say = Callable[[str], None]


def run(settings: Settings, *, announce: Say, report: Say) -> None:
    """Serve until SIGTERM or SIGINT. `announce` gets the ready line, `report` what a person should know.

    Raises CannotServe when an address cannot be used, CsvError for a file that cannot be used.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop_before_serving)
    listeners = Listeners.bind(settings)
    # Filling the tables makes no cycles, and what is filled stays: the collector need not look at it again and again.
    gc.disable()
    try:
        begun = begin(settings, report=report, beside=True)
        # Here, because a second process may be at work by now.
        from actionsync_simulators.serving import serve

        simulators = begun.finished()
        # The databases hold it all now; as Python objects it would take as much memory again.
        empty = replace(simulators.world, people=[], accounts=[], opportunities=[], contact_roles=[])
        simulators = replace(simulators, world=empty)
        del begun
        # Nothing to collect first: what is let go of here is in no cycle.
        gc.freeze()
        gc.enable()
        serve(simulators, settings, listeners, announce=announce)
    finally:
        gc.enable()
        listeners.close()


def _stop_before_serving(number: int, frame: object) -> None:
    raise SystemExit(0)
