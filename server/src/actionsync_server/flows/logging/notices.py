"""What an org is not prepared for, said once: warnings on the first delivery of a day, alerts as long as it lasts."""

from __future__ import annotations

from collections.abc import Iterable

from actionsync_server.clock import DAY, Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System
from actionsync_server.model.salesforce_tasks import closed_fields
from actionsync_server.model.settings import LoggingSettings
from actionsync_server.systems.salesforce import ObjectDescription

TYPE_ALERT = "task_type_values_missing"
FIELDS_ALERT = "task_fields_not_writable"


class OrgNotices:
    """The notices of one instance."""

    def __init__(self, clock: Clock, alerts: AlertsFlow, *, instance_id: str) -> None:
        self._clock = clock
        self._alerts = alerts
        self._instance_id = instance_id
        self._said: dict[tuple[str, str], Micros] = {}

    def first_today(self, login_id: str, warnings: Iterable[str]) -> list[str]:
        """Return the warnings that a login has not given yet today (UTC)."""
        today = self._clock.now() // DAY
        self._said = {key: day for key, day in self._said.items() if day == today}
        new = [text for text in dict.fromkeys(warnings) if (login_id, text) not in self._said]
        self._said |= {(login_id, text): today for text in new}
        return new

    async def look(self, login_id: str, task: ObjectDescription, settings: LoggingSettings) -> None:
        """Raise or clear the alerts about Task as a login sees it."""
        await self._types(task, settings)
        await self._fields(login_id, task)

    async def _types(self, task: ObjectDescription, settings: LoggingSettings) -> None:
        wanted = {"Email": settings.log_emails, "Reply": settings.log_replies, "Call": settings.log_calls}
        field = task.fields.get("Type")
        lacking = [name for name, used in wanted.items() if used and (field is None or name not in field.picklist)]
        if not lacking:
            await self._alerts.clear(self._instance_id, TYPE_ALERT)
            return
        await self._alerts.raise_alert(
            self._instance_id,
            TYPE_ALERT,
            system=System.SALESFORCE,
            message=f"the Type picklist of Task lacks {', '.join(lacking)}; such Tasks have no Type",
            next_step=f"add {', '.join(lacking)} to the picklist Type of Task, spelt so",
            owner=ActionOwner.SALESFORCE_ADMIN,
        )

    async def _fields(self, login_id: str, task: ObjectDescription) -> None:
        closed = closed_fields(task.fields)
        if not closed:
            await self._alerts.clear(self._instance_id, FIELDS_ALERT, login_id)
            return
        whose = f"user {login_id!r}" if login_id else "the integration user"
        await self._alerts.raise_alert(
            self._instance_id,
            FIELDS_ALERT,
            system=System.SALESFORCE,
            subject=login_id,
            message=f"{whose} may not write these fields of Task, which stay empty: {', '.join(closed)}",
            next_step="make them editable for the profile or permission set (field-level security)",
            owner=ActionOwner.SALESFORCE_ADMIN,
        )
