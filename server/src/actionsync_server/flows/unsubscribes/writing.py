"""Pushes opt-outs to Salesforce: the chosen field on the person's contact, and on the lead that it is or was.

Always by the instance's own login. Writing the same value twice does no harm, so a lost answer is simply written again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import PROBE_INTERVAL, Block, LaneState
from actionsync_server.flows.delivery.outcomes import (
    Outcome,
    again,
    delivered,
    of_failure,
    skipped,
    waiting,
)
from actionsync_server.flows.delivery.salesforce_group import refusal
from actionsync_server.flows.delivery.salesforce_logins import SalesforceLogins
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.flows.logging.records import RecordFinder
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.deliveries import ActionOwner, Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.errors import System, SystemFailure
from actionsync_server.model.persons import Person
from actionsync_server.model.settings import LoggingSettings
from actionsync_server.model.unsubscribes import UnsubscribeEvent, opt_out_field
from actionsync_server.store.database import Database
from actionsync_server.store.delivery_queue import Lane
from actionsync_server.store.persons import Persons
from actionsync_server.store.unsubscribes import Unsubscribes
from actionsync_server.systems.salesforce import RowError, Salesforce

CONTACT, LEAD = "Contact", "Lead"
FIELD_ALERT = "opt_out_field_not_writable"
#: A record that is no more, or is now another one.
_MOVED = frozenset({"ENTITY_IS_DELETED", "CANNOT_UPDATE_CONVERTED_LEAD", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"})
_SUPERSEDED = "a later change of the address took its place"


class OptOutWriter:
    """The writer of one instance's lane of unsubscribes."""

    lot_size = 200
    one_per_person = True
    first_look: Micros = 0

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        lane: Lane,
        state: LaneState,
        logins: SalesforceLogins,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        alerts: AlertsFlow,
    ) -> None:
        self._database = database
        self._clock = clock
        self._instance_id = lane.instance_id
        self._state = state
        self._logins = logins
        self._registry = registry
        self._settings = settings
        self._alerts = alerts

    async def block(self) -> Block | None:
        """Return why nothing can be written: not connected, or what the last call met."""
        return await self._logins.block()

    async def write(self, deliveries: Sequence[Delivery]) -> Written:
        """Write the newest state of each address to the records of its people."""
        client = await self._registry.salesforce(self._instance_id)
        field = opt_out_field((await self._settings.get(self._instance_id)).unsubscribes)
        written, pushes = await self._judged(deliveries)
        if not pushes:
            return written
        try:
            kinds = {kind for _, person in pushes.values() for kind in _ids(person)}
            if not await self._writable(client, field, kinds):
                now = self._clock.now()
                self._state.gate.close(Block(DeliveryReason.SYSTEM_NOT_PREPARED, now + PROBE_INTERVAL))
                outcome = waiting(DeliveryReason.SYSTEM_NOT_PREPARED, due=now + PROBE_INTERVAL).not_attempted()
                return written + [(one, outcome) for one in _of(pushes, deliveries)]
            outcomes = await self._push(client, field, pushes, deliveries)
        except SystemFailure as failure:
            outcome = of_failure(failure, now=self._clock.now())
            await self._logins.note(failure, "")
            return written + [(one, outcome) for one in _of(pushes, deliveries)]
        self._logins.answered("", client)
        return written + [(one, outcomes[one.delivery_id]) for one in _of(pushes, deliveries)]

    async def look_up(self, deliveries: Sequence[Delivery]) -> Written:
        """Let them be written again: the same value twice does no harm."""
        now = self._clock.now()
        return [(delivery, again(now)) for delivery in deliveries]

    async def _judged(
        self, deliveries: Sequence[Delivery]
    ) -> tuple[Written, dict[str, tuple[UnsubscribeEvent, Person]]]:
        """Settle what needs no call, and return event and person of the rest by delivery id."""
        unsubscribes = Unsubscribes(self._database, self._instance_id)
        events = await unsubscribes.events([one.subject_id for one in deliveries])
        latest = await unsubscribes.latest_events([event.email_key for event in events.values()])
        people = await Persons(self._database, self._instance_id).many({one.person_id for one in deliveries})
        written: Written = []
        pushes: dict[str, tuple[UnsubscribeEvent, Person]] = {}
        for delivery in deliveries:
            event, person = events.get(delivery.subject_id), people.get(delivery.person_id)
            if event is None or person is None:
                written.append((delivery, skipped(DeliveryReason.PERSON_GONE)))
            elif latest[event.email_key].unsubscribed is not event.unsubscribed:
                written.append((delivery, replace(skipped(DeliveryReason.NONE), warnings=(_SUPERSEDED,))))
            elif not _ids(person):
                written.append((delivery, waiting(DeliveryReason.NO_SALESFORCE_ID).not_attempted()))
            else:
                pushes[delivery.delivery_id] = event, person
        return written, pushes

    async def _writable(self, client: Salesforce, field: str, kinds: set[str]) -> bool:
        """Tell whether the org lets us write the field; an alert says so when it does not."""
        for kind in sorted(kinds):
            known = (await client.describe(kind)).fields.get(field)
            if known is not None and known.updateable:
                continue
            await self._alerts.raise_alert(
                self._instance_id,
                FIELD_ALERT,
                system=System.SALESFORCE,
                message=f"the field {field} of {kind} is missing or not writable for the connected user; "
                "unsubscribes wait",
                next_step=f"give the integration user edit access to {kind}.{field}, or choose the other opt-out field",
                owner=ActionOwner.SALESFORCE_ADMIN,
            )
            client.invalidate(kind)
            return False
        await self._alerts.clear(self._instance_id, FIELD_ALERT)
        return True

    async def _push(
        self,
        client: Salesforce,
        field: str,
        pushes: Mapping[str, tuple[UnsubscribeEvent, Person]],
        deliveries: Sequence[Delivery],
    ) -> dict[str, Outcome]:
        wanted = {delivery_id: (_ids(person), event.unsubscribed) for delivery_id, (event, person) in pushes.items()}
        errors = await self._update(client, field, wanted)
        astray = {
            delivery_id: (list(ids.values()), value)
            for delivery_id, (ids, value) in wanted.items()
            if all(_is_moved(errors[record_id]) for record_id in ids.values())
        }
        moved: dict[str, str] = {}
        if astray:
            finder = RecordFinder(client, LoggingSettings())
            asked = [record_id for ids, _ in astray.values() for record_id in ids]
            moved = {old: new for old, new in (await finder.successors(asked)).items() if new and new != old}
            elsewhere = {
                delivery_id: ({_kind(moved[one]): moved[one] for one in ids if one in moved}, value)
                for delivery_id, (ids, value) in astray.items()
            }
            errors |= await self._update(client, field, elsewhere)
        outcomes = {}
        for delivery in _of(pushes, deliveries):
            ids = list(wanted[delivery.delivery_id][0].values())
            if delivery.delivery_id in astray:
                ids = [moved[one] for one in ids if one in moved]
            outcomes[delivery.delivery_id] = _outcome(delivery, ids, errors)
        return outcomes

    async def _update(
        self, client: Salesforce, field: str, wanted: Mapping[str, tuple[Mapping[str, str], bool]]
    ) -> dict[str, RowError | None]:
        """Write the field of every record; return what Salesforce says against each, None for nothing."""
        errors: dict[str, RowError | None] = {}
        for kind in (CONTACT, LEAD):
            values = {ids[kind]: value for ids, value in wanted.values() if kind in ids}
            records = [{"Id": record_id, field: value} for record_id, value in values.items()]
            results = await client.update(kind, records) if records else []
            for record, result in zip(records, results, strict=True):
                errors[str(record["Id"])] = None if result.success else result.errors[0]
        return errors


def _ids(person: Person) -> dict[str, str]:
    """Return the person's records by object."""
    ids = {CONTACT: person.fields.salesforce_contact_id, LEAD: person.fields.salesforce_lead_id}
    return {kind: record_id for kind, record_id in ids.items() if record_id}


def _is_moved(error: RowError | None) -> bool:
    return error is not None and error.status_code in _MOVED


def _kind(record_id: str) -> str:
    return CONTACT if record_id.startswith("003") else LEAD


def _of(pushes: Mapping[str, object], deliveries: Sequence[Delivery]) -> list[Delivery]:
    return [one for one in deliveries if one.delivery_id in pushes]


def _outcome(delivery: Delivery, record_ids: Sequence[str], errors: Mapping[str, RowError | None]) -> Outcome:
    """Return what became of a push. Records that are no more do not count; any other that refuses does."""
    refusals = [
        refusal(delivery, error)
        for record_id in record_ids
        if (error := errors[record_id]) is not None and error.status_code not in _MOVED
    ]
    if refusals:
        return min(refusals, key=lambda one: one.state is not DeliveryState.RETRYING)
    done = [record_id for record_id in record_ids if errors[record_id] is None]
    if done:
        return delivered(done[0])
    return replace(skipped(DeliveryReason.NO_MATCHING_RECORD), attempted=True)
