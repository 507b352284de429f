"""Alerts of an instance: what needs a person, once for each matter, until it is over."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from actionsync_server.clock import Micros
from actionsync_server.model.alerts import ALERT_NAMES
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import alerts
from actionsync_server.store.statement import Statement

_LIST = Statement(
    select(alerts)
    .where(alerts.c.instance_id == bindparam("instance_id"))
    .order_by(alerts.c.start_time, alerts.c.name, alerts.c.subject)
)
# An alert that stands keeps its beginning; what it says may have changed.
_RAISE = Statement(
    lambda insert_into: (statement := insert_into(alerts)).on_conflict_do_update(
        index_elements=["instance_id", "name", "subject"],
        set_={name: statement.excluded[name] for name in ("system", "message", "next_step", "owner")},
    )
)
_CLEAR = Statement(
    delete(alerts).where(
        alerts.c.instance_id == bindparam("of_instance"),
        alerts.c.name == bindparam("of_name"),
        alerts.c.subject == bindparam("of_subject"),
    )
)


@dataclass(frozen=True, slots=True)
class Alert:
    """One matter that needs a person. `subject` tells alerts of one name apart; "" is the instance itself."""

    name: str
    message: str
    next_step: str
    owner: ActionOwner
    start_time: Micros
    system: System = System.ACTIONSYNC
    subject: str = ""


class Alerts:
    """The alerts of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def list(self) -> list[Alert]:
        """Return the alerts that stand, oldest first."""
        return [_alert(row) for row in await self._reader.rows(_LIST, {"instance_id": self._instance_id})]


class AlertWrites(Alerts):
    """Changes of the alerts of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def raise_alert(self, alert: Alert) -> None:
        """Let an alert stand; one that stands already keeps its start time. Raises ValueError for an unlisted name."""
        if alert.name not in ALERT_NAMES:
            raise ValueError(f"{alert.name} is not in the list of alerts")
        await self._transaction.execute(
            _RAISE,
            {
                "instance_id": self._instance_id,
                "name": alert.name,
                "subject": alert.subject,
                "system": alert.system.value,
                "message": alert.message,
                "next_step": alert.next_step,
                "owner": alert.owner.value,
                "start_time": alert.start_time,
            },
        )

    async def clear(self, name: str, subject: str = "") -> bool:
        """End an alert; False when none stood."""
        parameters = {"of_instance": self._instance_id, "of_name": name, "of_subject": subject}
        return await self._transaction.execute(_CLEAR, parameters) > 0


def _alert(row: Row) -> Alert:
    return Alert(
        name=row["name"],
        message=row["message"],
        next_step=row["next_step"],
        owner=ActionOwner(row["owner"]),
        start_time=row["start_time"],
        system=System(row["system"]),
        subject=row["subject"],
    )
