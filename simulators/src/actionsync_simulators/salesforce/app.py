"""The Salesforce simulator as one ASGI application: what it is made of, and its reset."""

from __future__ import annotations

from typing import Any, Literal

from actionsync_simulators.clock import Clock
from actionsync_simulators.connections import Receive, Scope, Send
from actionsync_simulators.control import PREFIX, Control, ControlRoute
from actionsync_simulators.database import Database
from actionsync_simulators.faults import FaultPlan
from actionsync_simulators.journal import Journal
from actionsync_simulators.salesforce.auth.apps import ConnectedApp
from actionsync_simulators.salesforce.auth.front import LoginApi
from actionsync_simulators.salesforce.auth.passwords import Passwords
from actionsync_simulators.salesforce.auth.scopes import SCOPE
from actionsync_simulators.salesforce.bulk.restoring import take_up_bulk_work
from actionsync_simulators.salesforce.control.calls import control_routes
from actionsync_simulators.salesforce.document import document
from actionsync_simulators.salesforce.events.pubsub.errors import PubSubError
from actionsync_simulators.salesforce.gateway.pipeline import Pipeline
from actionsync_simulators.salesforce.rows.recycle_bin import renew
from actionsync_simulators.salesforce.seeding import load_world
from actionsync_simulators.salesforce.state import Org
from actionsync_simulators.salesforce.switches import SalesforceSwitches
from actionsync_simulators.seed.org import World, generate

SECURITY_TOKEN = "simulatortoken"  # noqa: S105 - part of a public test login
SYNC_CLIENT_ID = "marketo-native-sync"
SYNC_CLIENT_SECRET = "marketo-native-sync-secret"  # noqa: S105 - part of a public test login


class SalesforceSimulator:
    """A strict, stateful stand-in for one Salesforce org. It is itself the ASGI callable.

    `world` is what the org starts with (default: users, queues and setup, but no people). There are two connected
    apps: the given one, running as the API user, and that of Marketo's own sync (`sync_app`), running as its user.
    """

    name = "salesforce"

    def __init__(
        self,
        *,
        clock: Clock,
        seed: int = 1,
        limits: Literal["vendor", "off"] = "vendor",
        client_id: str = "simulator-client",
        client_secret: str = "simulator-secret",  # noqa: S107 - the documented default
        username: str = "admin@simulator.example",
        password: str = "simulator-password",  # noqa: S107 - the documented default
        refresh_token: str = "simulator-refresh-token",  # noqa: S107 - the documented default
        world: World | None = None,
        switches: SalesforceSwitches | None = None,
    ) -> None:
        self.clock = clock
        self.seed = seed
        self.journal = Journal()
        self.org = Org(
            clock=clock,
            seed=seed,
            switches=switches or SalesforceSwitches(),
            vendor_limits=limits == "vendor",
        )
        self.switches = self.org.switches
        self.database: Database = self.org.database
        self.faults: FaultPlan = self.org.faults
        self._client = (client_id, client_secret)
        self._username = username
        self._refresh_token = refresh_token
        passwords = Passwords(self.org, password=password, security_token=SECURITY_TOKEN)
        self._login = LoginApi(self.org, passwords=passwords, seed=seed)
        self._pipeline = Pipeline(org=self.org, login=self._login, clock=clock, journal=self.journal)
        self._control = Control()
        self.control_routes: dict[tuple[str, str], ControlRoute] = control_routes(self.org, self._login)
        self._empty_image = self.database.snapshot()
        self.load(world or generate(0, seed=seed, start=clock.now()))

    def load(self, world: World) -> None:
        """Make this world the seed: everything before is gone, and `reset` comes back to here."""
        self.database.restore(self._empty_image)
        load_world(self.org, world, api_username=self._username)
        self.app = ConnectedApp(*self._client, run_as=world.users[0].id)
        self.sync_app = ConnectedApp(SYNC_CLIENT_ID, SYNC_CLIENT_SECRET, run_as=world.users[1].id)
        self._login.apps.connect([self.app, self.sync_app])
        self._seed_image = self.database.snapshot()
        self.reset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI call: HTTP, a control call below /_sim, or the server's lifespan."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            raise ValueError(f"there is no {scope['type']} here")
        path: str = scope["path"]
        if path == PREFIX or path.startswith(PREFIX + "/"):
            await self._control.handle(self, scope, receive, send)
        else:
            await self._pipeline.answer(scope, receive, send)

    def reset(self) -> None:
        """Go back to the seed: rows, settings, ids, tokens, cursors and used calls."""
        self.database.restore(self._seed_image)
        renew(self.org)
        self.org.limits.restore_defaults()
        self.org.sessions.clear()
        self._login.clear()
        self.after_restore()
        self._register_refresh_token()

    def after_restore(self) -> None:
        """Rebuild what is derived from the database."""
        self.org.cursors.clear()
        self.org.reload()
        take_up_bulk_work(self.org)
        self.end_streams()

    def end_streams(self) -> None:
        """End every open stream and held call: the server is about to stop."""
        self.org.streams.end(PubSubError("service.unavailable"))
        self.org.comet_clients.clear()

    def limits(self) -> dict[str, Any]:
        """The limits in force and what is used of them."""
        return self.org.limits.describe()

    def set_limits(self, changes: dict[str, Any]) -> None:
        """Change limits: daily_max, daily_used, concurrent_max. Raises ControlError for anything else."""
        self.org.limits.change(changes)

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document of what is served."""
        return document()

    def _register_refresh_token(self) -> None:
        self.org.sessions.add_refresh_token(
            self._refresh_token,
            user_id=self.org.api_user_id,
            client_id=self.app.client_id,
            scope=SCOPE,
        )


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
