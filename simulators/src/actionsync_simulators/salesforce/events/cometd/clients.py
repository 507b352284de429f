"""CometD clients: who has shaken hands, what they subscribe to, and how far each subscription has got."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from actionsync_simulators.salesforce.events.alarm import Alarm
from actionsync_simulators.salesforce.events.selection import Topic

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Org


@dataclass(slots=True)
class Subscription:
    """A channel of a client, and the replay id of the last event that was sent on it."""

    topic: Topic
    position: int


@dataclass(slots=True, eq=False)
class CometClient:
    """One client. `connects` counts its connect calls: a newer one takes the place of one that is still held."""

    id: str
    token: str
    seen_at: datetime
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    connects: int = 0
    held: Alarm | None = None


class CometClients:
    """All clients of the org. They live in memory only: after a reset or restore everyone has to shake hands again."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._clients: dict[str, CometClient] = {}
        self._issued = 0

    def shake_hands(self, token: str) -> CometClient:
        """A new client."""
        self._issued += 1
        name = hashlib.blake2b(f"comet:{self._org.organization_id}:{self._issued}".encode(), digest_size=13).hexdigest()
        client = CometClient(f"{self._issued:x}{name}", token, self._org.clock.now())
        self._clients[client.id] = client
        return client

    def find(self, client_id: object) -> CometClient | None:
        """The client of that id, unless it stayed away for too long."""
        client = self._clients.get(client_id) if isinstance(client_id, str) else None
        if client is None:
            return None
        away = self._org.clock.now() - client.seen_at
        if client.held is None and away > self._org.switches.reconnect_within:
            self.forget(client)
            return None
        return client

    def forget(self, client: CometClient) -> None:
        """The client has gone."""
        self._clients.pop(client.id, None)
        self._release(client)

    def clear(self) -> None:
        """Forget everyone; calls that are held return."""
        for client in list(self._clients.values()):
            self.forget(client)

    def knows(self, client: CometClient) -> bool:
        """Whether the client is still one."""
        return self._clients.get(client.id) is client

    @staticmethod
    def _release(client: CometClient) -> None:
        if client.held is not None:
            client.held.bell.set()
