"""What somebody has to look at: raised once, until it is over."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import alerts
from actionsync_server.store.statement import Statement


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `subject` says what exactly, for example a user id; "" for the instance. No addresses, no names."""

    name: str
    message: str
    next_step: str
    owner: ActionOwner
    start_time: Micros
    system: System | None = None
    subject: str = ""


_MINE = Statement(
    select(alerts)
    .where(alerts.c.instance_id == bindparam("instance_id"))
    .order_by(alerts.c.start_time, alerts.c.name, alerts.c.subject)
)
_RAISE = Statement(
    lambda insert: (
        insert(alerts)
        .values({column.name: bindparam(column.name) for column in alerts.columns})
        .on_conflict_do_nothing()
    )
)
_CLEAR = Statement(
    delete(alerts).where(
        alerts.c.instance_id == bindparam("instance_id"),
        alerts.c.name == bindparam("name"),
        alerts.c.subject == bindparam("subject"),
    )
)


class Alerts:
    """The alerts of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def list(self) -> list[Alert]:
        """Return what is raised, oldest first."""
        rows = await self._reader.rows(_MINE, {"instance_id": self._instance_id})
        return [
            Alert(
                row["name"],
                row["message"],
                row["next_step"],
                ActionOwner(row["owner"]),
                row["start_time"],
                System(row["system"]) if row["system"] else None,
                row["subject"],
            )
            for row in rows
        ]


class AlertWrites(Alerts):
    """Raises and clears alerts inside one transaction."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def raise_once(self, alert: Alert) -> bool:
        """Raise an alert unless one of its name and subject is raised; tell whether it is new."""
        count = await self._transaction.execute(
            _RAISE,
            {
                "instance_id": self._instance_id,
                "name": alert.name,
                "subject": alert.subject,
                "system": 0 if alert.system is None else alert.system.value,
                "message": alert.message,
                "next_step": alert.next_step,
                "owner": alert.owner.value,
                "start_time": alert.start_time,
            },
        )
        return count > 0

    async def clear(self, name: str, *, subject: str = "") -> None:
        """Take an alert back: what it told of is over."""
        await self._transaction.execute(_CLEAR, {"instance_id": self._instance_id, "name": name, "subject": subject})
