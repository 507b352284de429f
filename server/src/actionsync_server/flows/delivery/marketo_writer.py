"""Writes activities as rows of our custom activity types: many in one call, each answered on its own, never twice."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence

from actionsync_server.clock import SECOND, Clock
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import PROBE_INTERVAL, Block, LaneState
from actionsync_server.flows.delivery.marketo_lookup import MarketoLookup
from actionsync_server.flows.delivery.outcomes import (
    Outcome,
    delivered,
    failed,
    of_failure,
    put_back,
    retry,
    waiting,
)
from actionsync_server.flows.delivery.parcels import Parcel, load
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.activity_types import TYPES
from actionsync_server.model.deliveries import LOOKUP_DELAYS, Delivery, DeliveryReason
from actionsync_server.model.errors import (
    LoginRefused,
    NotConnected,
    NotPrepared,
    OutcomeUnknown,
    QuotaExhausted,
    Refused,
    System,
    SystemBusy,
    SystemFailure,
)
from actionsync_server.model.marketo_rows import marketo_row
from actionsync_server.store.database import Database
from actionsync_server.store.delivery_queue import Lane
from actionsync_server.systems.explain import FailureKind, explain, judge
from actionsync_server.systems.marketo import CustomActivityRow, Marketo, RowResult
from actionsync_server.systems.marketo.custom_activities import row_batches

_PERSON_GONE = "1004"
#: Refusals of a whole call that one of its rows may have brought about.
_ROW_CODES = frozenset({"413", "609", "1001", "1002", "1003", "1006", "1049"})
#: Beyond so many in one round it is not one bad row, and asking on would only spend calls.
_MOST_REFUSALS = 20

_Row = tuple[Parcel, CustomActivityRow]


class MarketoWriter:
    """The writer of one instance's Marketo lane."""

    lot_size = 300
    first_look = LOOKUP_DELAYS[0]
    one_per_person = False  # rows of one call are stored in their order

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rng: random.Random,
        *,
        lane: Lane,
        state: LaneState,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rng = rng
        self._instance_id = lane.instance_id
        self._state = state
        self._registry = registry
        self._settings = settings

    async def block(self) -> Block | None:
        """Return why nothing can be written: stopped by the switch, not connected, or what the last call met."""
        if (await self._settings.get(self._instance_id)).marketo.stop_activities:
            return Block(DeliveryReason.STOPPED)
        try:
            await self._registry.marketo(self._instance_id)
        except NotConnected:
            return Block(DeliveryReason.NOT_CONNECTED)
        if not await self._type_ids():
            return Block(DeliveryReason.SYSTEM_NOT_PREPARED)
        return self._state.gate.blocked(self._clock.now())

    async def write(self, deliveries: Sequence[Delivery]) -> Written:
        """Write rows, as many in one call as Marketo takes."""
        client = await self._registry.marketo(self._instance_id)
        parcels, written = await load(self._database, self._instance_id, deliveries)
        type_ids = await self._type_ids()
        rows: list[_Row] = []
        for parcel in parcels:
            type_id = type_ids.get(TYPES[parcel.activity.type].api_name)
            if type_id is None:
                written.append((parcel.delivery, waiting(DeliveryReason.SYSTEM_NOT_PREPARED).not_attempted()))
            else:
                rows.append((parcel, _row(parcel, type_id)))
        await self._write_rows(client, rows, written)
        return written

    async def look_up(self, deliveries: Sequence[Delivery]) -> Written:
        """Look for rows by lead, type and our id."""
        try:
            client = await self._registry.marketo(self._instance_id)
        except NotConnected:
            client = None
        lookup = MarketoLookup(self._database, self._clock, instance_id=self._instance_id)
        return await lookup.look_up(client, deliveries, type_ids=await self._type_ids())

    async def _write_rows(self, client: Marketo, rows: Sequence[_Row], written: Written) -> None:
        """Write rows in as few calls as Marketo allows, until there is no sense in another call now."""
        calls: deque[Sequence[_Row]] = deque()
        start = refusal_count = 0
        for batch in row_batches([row for _, row in rows]):
            calls.append(rows[start : start + len(batch)])
            start += len(batch)
        while calls:
            batch_rows = calls.popleft()
            try:
                results = await client.add_activities([row for _, row in batch_rows])
            except Refused as failure:
                refusal_count += 1
                if len(batch_rows) > 1 and failure.system_code in _ROW_CODES and refusal_count < _MOST_REFUSALS:
                    # One row makes Marketo refuse the whole call: the halves find it, so that it spoils no other.
                    half = len(batch_rows) // 2
                    calls.extendleft((batch_rows[half:], batch_rows[:half]))
                    continue
                outcome = of_failure(failure, now=self._clock.now())
                written += [(parcel.delivery, outcome) for parcel, _ in batch_rows]
            except SystemFailure as failure:
                outcome = of_failure(failure, now=self._clock.now())
                written += [(parcel.delivery, outcome) for parcel, _ in batch_rows]
                await self._note(failure)
                break
            else:
                self._state.gate.answered()
                written += [
                    (parcel.delivery, _outcome(result)) for (parcel, _), result in zip(batch_rows, results, strict=True)
                ]
        # Nothing of the rest was sent; its turn comes when the gate lets it pass.
        written += [(parcel.delivery, put_back(self._clock.now())) for batch_rows in calls for parcel, _ in batch_rows]

    async def _note(self, failure: SystemFailure) -> None:
        """Remember what every further call would meet."""
        now, gate = self._clock.now(), self._state.gate
        match failure:
            case QuotaExhausted():
                gate.close(Block(DeliveryReason.QUOTA_EXHAUSTED, failure.until))
            case LoginRefused():
                gate.close(Block(DeliveryReason.LOGIN_INVALID, now + PROBE_INTERVAL))
                await self._registry.mark_login_refused(self._instance_id, System.MARKETO)
            case NotPrepared():
                gate.close(Block(DeliveryReason.SYSTEM_NOT_PREPARED, now + PROBE_INTERVAL))
            case SystemBusy() | OutcomeUnknown():
                gate.pause(now, least=int((failure.retry_after or 0) * SECOND), jitter=self._rng.random())

    async def _type_ids(self) -> dict[str, int]:
        details = await self._registry.details(self._instance_id, System.MARKETO)
        ids: dict[str, int] = details.get("activity_types", {})
        return ids


def _row(parcel: Parcel, type_id: int) -> CustomActivityRow:
    primary, attributes = marketo_row(parcel.activity, parcel.person, parcel.seller)
    return CustomActivityRow(
        lead_id=parcel.person.marketo_id,
        activity_time=parcel.activity.content.activity_time,
        type_id=type_id,
        primary_value=primary,
        attributes=dict(attributes),
    )


def _outcome(result: RowResult) -> Outcome:
    if result.guid is not None:
        return delivered(result.guid)
    error = explain(System.MARKETO, result.code, result.message)
    if result.code == _PERSON_GONE:
        return failed(DeliveryReason.PERSON_GONE, error)
    match judge(System.MARKETO, result.code, result.message):
        case FailureKind.BUSY:
            return retry(error)
        case FailureKind.NOT_PREPARED:
            return waiting(DeliveryReason.SYSTEM_NOT_PREPARED, error=error)
        case _:
            return failed(DeliveryReason.REFUSED, error)
