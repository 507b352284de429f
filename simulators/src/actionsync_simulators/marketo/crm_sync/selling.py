"""Which fields of Account, Opportunity and OpportunityContactRole become which fields of Marketo's objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actionsync_simulators.marketo.crm_sync.opportunities import ROLE, soql_time
from actionsync_simulators.marketo.crm_sync.salesforce_api import Record, SalesforceApi, id_chunks, soql

ACCOUNT_FIELDS = {
    "Name": "company",
    "Website": "website",
    "Phone": "mainPhone",
    "Industry": "industry",
    "BillingCity": "billingCity",
    "BillingCountry": "billingCountry",
    "NumberOfEmployees": "numberOfEmployees",
    "OwnerId": "externalSalesPersonId",
}
OPPORTUNITY_FIELDS = {
    "Name": "name",
    "StageName": "stage",
    "Type": "type",
    "Description": "description",
    "Amount": "amount",
    "Probability": "probability",
    "CloseDate": "closeDate",
    "IsClosed": "isClosed",
    "IsWon": "isWon",
    "LeadSource": "source",
    "NextStep": "nextStep",
    "AccountId": "externalCompanyId",
    "OwnerId": "externalSalesPersonId",
    "CreatedDate": "externalCreatedDate",
}
ROLE_FIELDS = "OpportunityId, ContactId, Role, IsPrimary, IsDeleted, CreatedDate"


class ObjectMap:
    """The fields of one object that are read, as far as the sync's user can see them, and where they go."""

    def __init__(self, key: str, targets: dict[str, str], visible: frozenset[str]) -> None:
        self._key = key
        self._targets = {source: target for source, target in targets.items() if source in visible}
        self.selected = ", ".join(("Id", "IsDeleted", *self._targets))

    def values(self, record: Record) -> dict[str, Any]:
        """Return the Marketo values of a record, its key among them."""
        return {self._key: record["Id"], **{target: record[source] for source, target in self._targets.items()}}


@dataclass(frozen=True, slots=True)
class SellingMaps:
    """The maps of accounts and opportunities."""

    accounts: ObjectMap
    opportunities: ObjectMap


async def read_maps(api: SalesforceApi) -> SellingMaps:
    """Find out what the sync's user sees of accounts and opportunities."""
    return SellingMaps(
        ObjectMap("externalCompanyId", ACCOUNT_FIELDS, await api.fields("Account")),
        ObjectMap("externalOpportunityId", OPPORTUNITY_FIELDS, await api.fields("Opportunity")),
    )


@dataclass(slots=True)
class SellingChanges:
    """What changed: opportunities, all roles of those and of opportunities with a changed role, and whose they are."""

    opportunities: list[Record] = field(default_factory=list)
    roles: dict[str, list[Record]] = field(default_factory=dict)
    """The live roles of each opportunity that may have other ones now."""
    contacts: set[str] = field(default_factory=set)
    """Contacts whose own opportunity may have changed."""


async def read_changes(
    api: SalesforceApi, maps: SellingMaps, *, opportunities_since: datetime, roles_since: datetime
) -> SellingChanges:
    """Read what changed since these times, deleted rows included."""
    changes = SellingChanges()
    touched: dict[str, None] = {}
    query = soql("Id, ContactId, OpportunityId", ROLE, f"SystemModstamp >= {soql_time(roles_since)}")
    async for page in api.query(query, deleted_too=True):
        touched |= dict.fromkeys(record["OpportunityId"] for record in page)
        changes.contacts.update(_contacts(page))
    selected = maps.opportunities.selected
    query = soql(selected, "Opportunity", f"SystemModstamp >= {soql_time(opportunities_since)}")
    async for page in api.query(query, deleted_too=True):
        changes.opportunities += page
        touched |= dict.fromkeys(record["Id"] for record in page)
    changes.roles = {opportunity: [] for opportunity in touched}
    for ids in id_chunks(touched):
        async for page in api.query(soql(ROLE_FIELDS, ROLE, f"OpportunityId IN {ids}"), deleted_too=True):
            changes.contacts.update(_contacts(page))
            for record in page:
                if not record["IsDeleted"]:
                    changes.roles[record["OpportunityId"]].append(record)
    return changes


def _contacts(records: Iterable[Record]) -> list[str]:
    return [record["ContactId"] for record in records if record["ContactId"]]
