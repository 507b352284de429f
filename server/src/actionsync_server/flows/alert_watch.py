"""Looks at what the store says of an instance, and lets alerts stand for what needs a person and end when it is over.

The facts are stored by those who meet them: a login that is refused, what Marketo lacks, deliveries tried in vain. So
an alert begins and ends in one place, and after a restart just the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actionsync_server.clock import HOUR, MINUTE, SECOND, Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionsFlow
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.activity_types import TYPES
from actionsync_server.model.connections import Connection
from actionsync_server.model.deliveries import ActionOwner, DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.store import standing
from actionsync_server.store.database import Database
from actionsync_server.store.deliveries import Deliveries
from actionsync_server.store.sync_cursors import SyncCursors

LOOK: Micros = 5 * MINUTE
#: What goes wrong for so long needs a person; before, it mostly ends by itself.
LONG: Micros = HOUR
_MOST_RETRYING = 300


@dataclass(frozen=True, slots=True)
class _Matter:
    """One alert that should stand."""

    name: str
    system: System
    message: str
    next_step: str
    owner: ActionOwner = ActionOwner.ADMIN
    subject: str = ""


#: The alerts that are kept here and nowhere else: one that no fact speaks for any more ends.
KEPT_HERE = frozenset(
    {
        "login_refused",
        "activity_types_missing",
        "lead_fields_missing",
        "people_sync_failing",
        "deliveries_failing",
        "deliveries_failed",
    }
)


class AlertWatch:
    """The watch over every instance."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        connections: ConnectionsFlow,
        settings: SettingsFlow,
        alerts: AlertsFlow,
    ) -> None:
        self._database = database
        self._clock = clock
        self._connections = connections
        self._settings = settings
        self._alerts = alerts

    async def step(self, instance_id: str) -> float:
        """Compare what stands with what should; return the seconds until the next look."""
        connections = await self._connections.list(instance_id)
        matters = [
            *_refused_logins(connections),
            *_lacking_in_marketo(connections),
            *await self._feeds(instance_id, connections),
            *await self._deliveries(instance_id),
        ]
        wanted = {(matter.name, matter.subject) for matter in matters}
        for alert in await self._alerts.list(instance_id):
            if alert.name in KEPT_HERE and (alert.name, alert.subject) not in wanted:
                await self._alerts.clear(instance_id, alert.name, alert.subject)
        for matter in matters:
            await self._alerts.raise_alert(
                instance_id,
                matter.name,
                system=matter.system,
                message=matter.message,
                next_step=matter.next_step,
                owner=matter.owner,
                subject=matter.subject,
            )
        await self._unused(instance_id)
        return LOOK / SECOND

    async def _unused(self, instance_id: str) -> None:
        """End what nobody would find out to be over because the settings say not to look any more."""
        settings = await self._settings.get(instance_id)
        if not settings.check.enabled:
            await self._alerts.clear(instance_id, "check_unavailable")

    async def _feeds(self, instance_id: str, connections: Iterable[Connection]) -> list[_Matter]:
        if not any(one.system is System.MARKETO and not one.login_refused for one in connections):
            return []  # that is a matter of the login
        now = self._clock.now()
        return [
            _Matter(
                "people_sync_failing",
                System.MARKETO,
                f"the feed {cursor.feed.name.lower().replace('_', ' ')} could not be read for an hour or longer:"
                f" {cursor.error.message}",
                "see GetSyncStatus and CheckConnection for what Marketo answers; it is tried again by itself",
                subject=cursor.feed.name,
            )
            for cursor in (await SyncCursors(self._database, instance_id).all()).values()
            if cursor.error is not None and now - (cursor.last_poll_time or cursor.cursor_time) >= LONG
        ]

    async def _deliveries(self, instance_id: str) -> list[_Matter]:
        found: list[_Matter] = []
        now = self._clock.now()
        open_ones = await standing.undelivered(self._database, instance_id)
        for one in open_ones:
            name = one.system.name.capitalize()
            if one.state is DeliveryState.FAILED:
                found.append(
                    _Matter(
                        "deliveries_failed",
                        one.system,
                        f"deliveries to {name} have failed for good",
                        "see ListDeliveries with state FAILED for the cause of each; then retry or discard them",
                        subject=one.system.name,
                    )
                )
            elif one.state is DeliveryState.RETRYING:
                ids = await standing.retrying_ids(self._database, instance_id, one.system, count=_MOST_RETRYING)
                since = await Deliveries(self._database, instance_id).retrying_since(ids)
                if since and now - min(since.values()) >= LONG:
                    found.append(
                        _Matter(
                            "deliveries_failing",
                            one.system,
                            f"deliveries to {name} have been tried in vain for an hour or longer",
                            f"see ListDeliveries with state RETRYING for what {name} answers; they go on for a week",
                            subject=one.system.name,
                        )
                    )
        return found


def _refused_logins(connections: Iterable[Connection]) -> list[_Matter]:
    matters = []
    for one in connections:
        if one.login_refused:
            name = one.system.name.capitalize()
            whose = f"of user {one.user_id!r}" if one.user_id else "of the instance"
            matters.append(
                _Matter(
                    "login_refused",
                    one.system,
                    f"{name} does not take the login {whose} any more; what needs it waits",
                    f"connect anew with Connect{name}, or look with CheckConnection whether it is taken again",
                    subject=f"{one.system.name}/{one.user_id}",
                )
            )
    return matters


def _lacking_in_marketo(connections: Iterable[Connection]) -> list[_Matter]:
    matters = []
    for one in connections:
        if one.system is not System.MARKETO:
            continue
        ids = one.details.get("activity_types", {})
        types = sorted(spec.name for spec in TYPES.values() if spec.api_name not in ids)
        if types:
            matters.append(
                _Matter(
                    "activity_types_missing",
                    System.MARKETO,
                    f"Marketo lacks the custom activity types {', '.join(types)}; such activities wait",
                    "see CheckConnection for the reason; then connect anew with ConnectMarketo, which creates them",
                    ActionOwner.MARKETO_ADMIN,
                )
            )
        fields = one.details.get("missing_fields", [])
        if fields:
            matters.append(
                _Matter(
                    "lead_fields_missing",
                    System.MARKETO,
                    f"Marketo lacks the fields {', '.join(fields)} of people",
                    "turn Marketo's Salesforce sync on for the sfdc fields; for others name the field in the settings",
                    ActionOwner.MARKETO_ADMIN,
                )
            )
    return matters
