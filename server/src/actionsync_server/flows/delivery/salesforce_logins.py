"""The logins that a lane writes to Salesforce by: each seller's own, or the instance's for all; what each last met."""

from __future__ import annotations

import random
from collections.abc import Iterable

from actionsync_server.clock import SECOND, Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import PROBE_INTERVAL, Block, LaneState
from actionsync_server.flows.delivery.outcomes import Outcome, waiting
from actionsync_server.model.deliveries import ActionOwner, DeliveryReason
from actionsync_server.model.errors import (
    LoginRefused,
    NotConnected,
    NotPrepared,
    OutcomeUnknown,
    QuotaExhausted,
    System,
    SystemBusy,
    SystemFailure,
)
from actionsync_server.model.settings import LogAs
from actionsync_server.systems.salesforce import Salesforce

NOT_CONNECTED_ALERT = "user_not_connected"


class SalesforceLogins:
    """The logins of one lane. `log_as` says whose they are."""

    def __init__(
        self,
        clock: Clock,
        rng: random.Random,
        *,
        instance_id: str,
        state: LaneState,
        registry: ConnectionRegistry,
        alerts: AlertsFlow,
    ) -> None:
        self._clock = clock
        self._rng = rng
        self._instance_id = instance_id
        self._state = state
        self._registry = registry
        self._alerts = alerts

    async def block(self) -> Block | None:
        """Return why nobody can write: the instance is not connected, or what the last call met."""
        try:
            await self._registry.salesforce(self._instance_id)
        except NotConnected:
            return Block(DeliveryReason.NOT_CONNECTED)
        return self._state.gate.blocked(self._clock.now())

    def closed_to_all(self) -> bool:
        """Tell whether a call just now found out that no other need be made."""
        return self._state.gate.blocked(self._clock.now()) is not None

    async def of_sellers(
        self, seller_ids: Iterable[str], log_as: LogAs
    ) -> tuple[dict[str, Salesforce], dict[str, Outcome]]:
        """Return the clients that write, by seller, and for the sellers without a usable login how theirs wait."""
        clients: dict[str, Salesforce] = {}
        refusals: dict[str, Outcome] = {}
        for seller_id in dict.fromkeys(seller_ids):
            login_id = login_of(seller_id, log_as)
            block = self._state.seller(login_id).blocked(self._clock.now())
            if block is not None:
                refusals[seller_id] = waiting(block.reason, due=block.until).not_attempted()
                continue
            try:
                clients[seller_id] = await self._registry.salesforce(self._instance_id, login_id)
            except NotConnected:
                refusals[seller_id] = waiting(DeliveryReason.USER_NOT_CONNECTED).not_attempted()
                await self._say_not_connected(seller_id)
            else:
                await self._alerts.clear(self._instance_id, NOT_CONNECTED_ALERT, seller_id)
        return clients, refusals

    def answered(self, login_id: str, client: Salesforce) -> None:
        """Note that Salesforce answered a login, and how many of the day's calls it told to be made."""
        self._state.seller(login_id).answered()
        self._state.allowance.heard(client.last_usage, now=self._clock.now())

    async def note(self, failure: SystemFailure, login_id: str) -> None:
        """Remember what every further call of a login, or of all, would meet."""
        now = self._clock.now()
        match failure:
            case QuotaExhausted():
                self._state.gate.close(Block(DeliveryReason.QUOTA_EXHAUSTED, failure.until))
            case LoginRefused():
                self._state.seller(login_id).close(Block(DeliveryReason.LOGIN_INVALID, now + PROBE_INTERVAL))
                await self._registry.mark_login_refused(self._instance_id, System.SALESFORCE, login_id)
            case NotPrepared():
                self._state.seller(login_id).close(Block(DeliveryReason.SYSTEM_NOT_PREPARED, now + PROBE_INTERVAL))
            case SystemBusy() | OutcomeUnknown():
                least: Micros = int((failure.retry_after or 0) * SECOND)
                self._state.gate.pause(now, least=least, jitter=self._rng.random())

    async def _say_not_connected(self, user_id: str) -> None:
        await self._alerts.raise_alert(
            self._instance_id,
            NOT_CONNECTED_ALERT,
            system=System.SALESFORCE,
            subject=user_id,
            message=f"user {user_id!r} has no login to Salesforce; what they did waits to be logged",
            next_step=f"connect {user_id!r} with ConnectSalesforce; or log in the instance's name by the setting"
            " logging.log_as = INTEGRATION_USER",
            owner=ActionOwner.ADMIN,
        )


def login_of(seller_id: str, log_as: LogAs) -> str:
    """Return whose login writes for a seller; "" is the instance's."""
    return seller_id if log_as is LogAs.SELLER else ""
