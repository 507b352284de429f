"""The Marketo simulator as one ASGI application: the API of a subscription, and `/_sim` beside it."""

from __future__ import annotations

from typing import Any, Literal

from actionsync_simulators.clock import Clock
from actionsync_simulators.connections import Receive, Scope, Send
from actionsync_simulators.control import PREFIX, Control, ControlRoute
from actionsync_simulators.marketo.controls import MarketoControls
from actionsync_simulators.marketo.document import document
from actionsync_simulators.marketo.fields.catalogue import FieldCatalogue
from actionsync_simulators.marketo.gateway.identity import PERMISSIONS, ApiClient, Identity
from actionsync_simulators.marketo.gateway.pipeline import Pipeline
from actionsync_simulators.marketo.gateway.quota import Limits, Quota
from actionsync_simulators.marketo.native_port import NativePort
from actionsync_simulators.marketo.seeding import load_world
from actionsync_simulators.marketo.subscription import Subscription
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.seed.org import World

API_USER = "api-user@simulator.example"
READ_ONLY_USER = "read-only@simulator.example"
READ_ONLY_SUFFIX = "-read-only"
"""Appended to client id and secret: a second custom service whose role has Read-Only Lead and nothing else."""


class MarketoSimulator:
    """One simulated Marketo subscription. The object is the ASGI application.

    `limits` "off" disables the call limits (606, 607, 615) and the export volume (1029), and nothing else. It starts
    empty; `load` fills it and makes that the seed to which `reset` returns.
    """

    name = "marketo"

    def __init__(
        self,
        *,
        clock: Clock,
        seed: int,
        limits: Literal["vendor", "off"] = "vendor",
        client_id: str = "simulator-client",
        client_secret: str = "simulator-secret",  # noqa: S107 - the published default
        munchkin_id: str = "123-ABC-456",
        adobe_actions: bool = False,
        switches: MarketoSwitches | None = None,
    ) -> None:
        switches = switches or MarketoSwitches()
        self.clock = clock
        self.munchkin_id = munchkin_id
        clients = (
            ApiClient.with_role(client_id, client_secret, user=API_USER, permissions=PERMISSIONS),
            ApiClient.with_role(
                client_id + READ_ONLY_SUFFIX,
                client_secret + READ_ONLY_SUFFIX,
                user=READ_ONLY_USER,
                permissions=("Read-Only Lead",),
            ),
        )
        self.subscription = Subscription(
            clock=clock,
            seed=seed,
            switches=switches,
            adobe_actions=adobe_actions,
            identity=Identity(clock, clients=clients, seed=seed, unknown_token=switches.unknown_token),
            quota=Quota(clock, limits=Limits(enforce=limits == "vendor"), switches=switches),
        )
        self.switches = switches
        self.database = self.subscription.database
        self.faults = self.subscription.faults
        self.journal = self.subscription.journal
        self.native = self.native_port = NativePort(self.subscription)
        self.control_routes: dict[tuple[str, str], ControlRoute] = MarketoControls(self.subscription).routes()
        self._pipeline = Pipeline(self.subscription)
        self._control = Control()
        self._seed_image = self.database.snapshot()

    @property
    def fields(self) -> FieldCatalogue:
        """The lead fields that the subscription has."""
        return self.subscription.fields

    def load(self, world: World) -> None:
        """Fill the empty subscription; what it holds then is the seed."""
        load_world(self.subscription, world)
        self._seed_image = self.database.snapshot()

    def load_image(self, image: bytes) -> None:
        """Take over what another subscription with the same settings has been filled with; that is the seed then."""
        self.database.restore(image)
        self.subscription.refresh()
        self._seed_image = image

    def reset(self) -> None:
        """Go back to the seed: rows, counters, limits, tokens, jobs."""
        site = self.subscription
        site.exports.reset()
        site.imports.close()
        site.campaign_runs.close()
        self.database.restore(self._seed_image)
        site.refresh()
        site.identity.reset()
        site.quota.reset()
        site.recorder.reset()
        site.request_ids.reset()

    def after_restore(self) -> None:
        """Take up a restored snapshot: build caches anew, go on with queued jobs and planned campaigns."""
        self.subscription.refresh()
        self.subscription.exports.after_restore()
        self.subscription.imports.queue.resume()
        self.subscription.campaign_runs.resume()

    def limits(self) -> dict[str, Any]:
        """Return the limits in force and what is used of them."""
        return self.subscription.quota.describe()

    def set_limits(self, changes: dict[str, Any]) -> None:
        """Change limits or set used counters; ControlError for what is none."""
        self.subscription.quota.change(changes)

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document of what is served."""
        return document()

    def close(self) -> None:
        """Stop background work and free files and rows."""
        self.subscription.exports.close()
        self.subscription.imports.close()
        self.subscription.campaign_runs.close()
        self.database.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request (or the start and stop of a server)."""
        if scope["type"] == "http":
            path: str = scope["path"]
            if path == PREFIX or path.startswith(f"{PREFIX}/"):
                await self._control.handle(self, scope, receive, send)
            else:
                await self._pipeline.handle(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _lifespan(receive, send)
        else:
            raise ValueError(f"the simulator speaks HTTP, not {scope['type']}")


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
