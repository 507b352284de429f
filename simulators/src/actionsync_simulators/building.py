"""Both simulators filled with one world; when the command starts, by two processes at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from actionsync_simulators import second_process
from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.crm_sync import (
    DEFAULT_INTERVAL_SECONDS,
    NativeSync,
    SalesforceApi,
    connect_native_sync,
)
from actionsync_simulators.seed.org import World, generate
from actionsync_simulators.settings import Settings

if TYPE_CHECKING:
    import aiohttp

    from actionsync_simulators.salesforce.app import SalesforceSimulator

Say = Callable[[str], None]

BESIDE_UP_TO = 50_000
"""People that a second process helps with: it is a copy with all of the world, and hands over all of Marketo's rows."""


@dataclass(frozen=True, slots=True)
class Simulators:
    """Both simulators with the same world on the same clock."""

    clock: Clock
    world: World
    marketo: MarketoSimulator
    salesforce: SalesforceSimulator


@dataclass(frozen=True, slots=True)
class Begun:
    """Simulators that are being built. `marketo_image` waits for what a second process fills, if there is one."""

    settings: Settings
    clock: Clock
    world: World
    marketo: MarketoSimulator
    marketo_image: Callable[[], bytes] | None

    def finished(self) -> Simulators:
        """Return both simulators, filled."""
        # Here, because the second process, which is what takes longest, is under way by now.
        from actionsync_simulators.salesforce.app import SalesforceSimulator

        settings = self.settings
        salesforce = SalesforceSimulator(
            clock=self.clock,
            seed=settings.seed,
            limits=settings.limits,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            username=settings.salesforce_username,
            password=settings.salesforce_password,
            refresh_token=settings.salesforce_refresh_token,
            world=self.world,
            switches=settings.salesforce_switches,
        )
        if self.marketo_image is None:
            self.marketo.load(self.world)
        else:
            self.marketo.load_image(self.marketo_image())
        return Simulators(self.clock, self.world, self.marketo, salesforce)


def begin(settings: Settings, *, report: Say, clock: Clock | None = None, beside: bool = False) -> Begun:
    """Make the world and begin to fill the simulators. Raises CsvError for a file that cannot be used.

    `report` gets a line for each row of a file that is left out. `beside` allows a second process.
    """
    clock = clock or Clock(start=settings.as_of)
    start = clock.now()
    if settings.csv_leads or settings.csv_contacts or settings.csv_marketo_leads:
        world = _given_world(settings, start, report)
    else:
        world = generate(settings.people, seed=settings.seed, start=start)
    marketo = MarketoSimulator(
        clock=clock,
        seed=settings.seed,
        limits=settings.limits,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        munchkin_id=settings.munchkin_id,
        adobe_actions=settings.adobe_actions,
        switches=settings.marketo_switches,
    )

    def filled() -> bytes:
        marketo.load(world)
        return marketo.database.snapshot()

    image = None
    if beside and len(world.people) <= BESIDE_UP_TO and second_process.possible():
        image = second_process.in_second_process(filled)
    return Begun(settings, clock, world, marketo, image)


def _given_world(settings: Settings, start: datetime, report: Say) -> World:
    from actionsync_simulators.seed.csv_import import CsvFiles, read_world

    files = CsvFiles(leads=settings.csv_leads, contacts=settings.csv_contacts, marketo_leads=settings.csv_marketo_leads)
    return read_world(files, seed=settings.seed, start=start, report=report)


def build(settings: Settings, *, report: Say, clock: Clock | None = None) -> Simulators:
    """Return both simulators, filled by this process. As `begin` otherwise."""
    return begin(settings, report=report, clock=clock).finished()


def native_sync_of(
    simulators: Simulators,
    *,
    open_session: Callable[[], aiohttp.ClientSession],
    salesforce_url: str,
    interval: float = DEFAULT_INTERVAL_SECONDS,
) -> NativeSync:
    """Return Marketo's sync with Salesforce, reachable through Marketo's control plane.

    `open_session` makes its HTTP client, `interval` is in seconds.
    """
    app = simulators.salesforce.sync_app
    api = SalesforceApi(open_session, salesforce_url, client_id=app.client_id, client_secret=app.client_secret)
    return connect_native_sync(simulators.marketo, api, start=simulators.world.start, interval=interval)
