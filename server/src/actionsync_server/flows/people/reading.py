"""Reads Marketo people whole: the synced fields, and who owns them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from actionsync_server.clock import HOUR, Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.errors import NotConnected, NotPrepared, System
from actionsync_server.model.persons import MarketoPerson
from actionsync_server.model.synced_fields import FieldMap
from actionsync_server.systems.marketo import Lead, Marketo
from actionsync_server.systems.salesforce import quote

log = structlog.get_logger(__name__)

#: How long the list of a subscription's fields is trusted; a field that vanishes meanwhile is noticed by the refusal.
_FIELDS_AGE: Micros = 6 * HOUR
#: Contacts asked for in one query: its URL stays below Salesforce's 16 KB.
_CONTACTS_PER_QUERY = 300


@dataclass(frozen=True, slots=True)
class _KnownFields:
    client: Marketo
    fields: FieldMap
    present: frozenset[str]
    time: Micros


class LeadReading:
    """Turns what Marketo gives into `MarketoPerson`s."""

    def __init__(self, registry: ConnectionRegistry, settings: SettingsFlow, clock: Clock) -> None:
        self._registry = registry
        self._settings = settings
        self._clock = clock
        self._known: dict[str, _KnownFields] = {}

    async def fields(self, instance_id: str, *, fresh: bool = False) -> FieldMap:
        """Return which fields to ask for. Raises NotPrepared when this Marketo cannot tell who owns a person.

        (Otherwise everybody would seem to have lost their owner at once.)
        """
        marketo = await self._registry.marketo(instance_id)
        settings = await self._settings.get(instance_id)
        linkedin_field = settings.people.linkedin_field
        known = self._known.get(instance_id)
        now = self._clock.now()
        if known is None or fresh or known.client is not marketo or now - known.time > _FIELDS_AGE:
            present = await marketo.describe_fields()
            known = _KnownFields(marketo, FieldMap.of(present, linkedin_field=linkedin_field), present, now)
        elif known.fields.linkedin_field != linkedin_field:
            known = replace(known, fields=FieldMap.of(known.present, linkedin_field=linkedin_field))
        self._known[instance_id] = known
        if not known.fields.knows_owner:
            raise NotPrepared(
                System.MARKETO,
                "this Marketo has no Salesforce owner on its people, so nobody can qualify; "
                "its admin turns the Salesforce sync on",
            )
        return known.fields

    def forget_fields(self, instance_id: str) -> None:
        """Ask again which fields there are: Marketo refused one."""
        self._known.pop(instance_id, None)

    async def fetch(self, instance_id: str, marketo_ids: Sequence[int]) -> list[MarketoPerson]:
        """Read people by Marketo id; who no longer exists is left out."""
        return await self.fetch_by(instance_id, "id", marketo_ids) if marketo_ids else []

    async def fetch_by(
        self, instance_id: str, filter_type: str, values: Sequence[int] | Sequence[str]
    ) -> list[MarketoPerson]:
        """Read people by the values of any field that Marketo can look up."""
        marketo = await self._registry.marketo(instance_id)
        fields = await self.fields(instance_id)
        return await self.read(instance_id, fields, await marketo.leads(filter_type, list(values), fields.names))

    async def read(self, instance_id: str, fields: FieldMap, leads: Sequence[Lead]) -> list[MarketoPerson]:
        """Read leads that Marketo gave, and find the owners of contacts where it keeps them to itself."""
        people = [fields.read(lead) for lead in leads]
        ownerless = [person for person in people if _has_hidden_owner(person)]
        if not ownerless:
            return people
        owners = await self._contact_owners(instance_id, [person.fields.salesforce_contact_id for person in ownerless])
        return [
            replace(person, owner_id=owners.get(person.fields.salesforce_contact_id))
            if _has_hidden_owner(person)
            else person
            for person in people
        ]

    async def _contact_owners(self, instance_id: str, contact_ids: Sequence[str]) -> dict[str, str]:
        """Ask Salesforce for the owners of contacts.

        Whom it does not show (it is not connected, or hides the record from our login) is left out: that a contact
        has no owner cannot be true, and that it is deleted says Marketo.
        """
        try:
            salesforce = await self._registry.salesforce(instance_id)
        except NotConnected:
            log.info("contact_owners_unknown", instance_id=instance_id, contact_count=len(contact_ids))
            return {}
        owners: dict[str, str] = {}
        for start in range(0, len(contact_ids), _CONTACTS_PER_QUERY):
            listed = ", ".join(quote(one) for one in contact_ids[start : start + _CONTACTS_PER_QUERY])
            # The ids come from Marketo and are quoted; nothing else varies.
            records = await salesforce.query(f"SELECT Id, OwnerId FROM Contact WHERE Id IN ({listed})")  # noqa: S608
            owners |= {record["Id"]: record["OwnerId"] or "" for record in records}
        return owners


def _has_hidden_owner(person: MarketoPerson) -> bool:
    """Tell whether somebody is a living contact without an owner, which Salesforce does not allow."""
    return (
        not person.owner_id
        and person.record_type == "Contact"
        and bool(person.fields.salesforce_contact_id)
        and not person.deleted_in_salesforce
    )
