"""Raises and clears alerts from flows that hold no transaction of their own."""

from __future__ import annotations

from actionsync_server.clock import Clock
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System
from actionsync_server.store.alerts import Alert, Alerts, AlertWrites
from actionsync_server.store.database import Database, Transaction


class AlertsFlow:
    """The alerts of every instance. Remembers what stands, so that a matter that goes on costs no write each time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._standing: dict[tuple[str, str, str], str | None] = {}

    async def raise_alert(
        self,
        instance_id: str,
        name: str,
        *,
        system: System,
        message: str,
        next_step: str,
        owner: ActionOwner,
        subject: str = "",
    ) -> None:
        """Let an alert stand, if it does not stand with these words already; `subject` tells alerts of a name apart."""
        if self._standing.get((instance_id, name, subject)) == message:
            return
        alert = Alert(name, message, next_step, owner, self._clock.now(), system, subject)

        async def work(transaction: Transaction) -> None:
            await AlertWrites(transaction, instance_id).raise_alert(alert)

        await self._database.write(work)
        self._standing[instance_id, name, subject] = message

    async def clear(self, instance_id: str, name: str, subject: str = "") -> None:
        """End an alert, if it stands."""
        # Not yet known after a start: an alert may stand from before.
        if self._standing.get((instance_id, name, subject), "") is None:
            return

        async def work(transaction: Transaction) -> bool:
            return await AlertWrites(transaction, instance_id).clear(name, subject)

        await self._database.write(work)
        self._standing[instance_id, name, subject] = None

    async def list(self, instance_id: str) -> list[Alert]:
        """Return the alerts that stand, oldest first."""
        return await Alerts(self._database, instance_id).list()
