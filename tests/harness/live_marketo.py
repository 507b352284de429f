"""The Marketo simulator on a real socket, in a thread of its own, for clients that block or are other programs."""

from __future__ import annotations

from datetime import UTC, datetime

from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.seed.org import generate

from harness.live import LiveSimulator

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
PEOPLE = 400


class LiveMarketo(LiveSimulator):
    """A running simulator with the generated world."""

    def __init__(self, *, switches: MarketoSwitches | None = None) -> None:
        def build() -> MarketoSimulator:
            clock = Clock(start=START)
            simulator = MarketoSimulator(clock=clock, seed=1, limits="off", switches=switches)
            simulator.load(generate(PEOPLE, seed=1, start=clock.now()))
            return simulator

        super().__init__(build, close=MarketoSimulator.close)
