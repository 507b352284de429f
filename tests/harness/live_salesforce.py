"""The Salesforce simulator on a real socket, in a thread of its own, for clients that block or are other programs."""

from __future__ import annotations

from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.seed.org import generate

from harness.live import LiveSimulator

PEOPLE = 1_000


class LiveSalesforce(LiveSimulator):
    """A running simulator with the generated world, at the present time."""

    def __init__(self) -> None:
        def build() -> SalesforceSimulator:
            clock = Clock()
            return SalesforceSimulator(clock=clock, world=generate(PEOPLE, seed=1, start=clock.now()))

        super().__init__(
            build, close=lambda simulator: simulator.database.close(), ending=SalesforceSimulator.end_streams
        )
