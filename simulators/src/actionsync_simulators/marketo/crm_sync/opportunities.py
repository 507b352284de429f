"""Which opportunity a contact has: the most recently modified open one it has a role in, or none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from actionsync_simulators.marketo.crm_sync.salesforce_api import SalesforceApi, id_chunks, soql

ROLE = "OpportunityContactRole"


async def open_opportunities(api: SalesforceApi, contacts: Iterable[str]) -> dict[str, str | None]:
    """Return the opportunity of each of these contacts (of several modified at the same time the highest id)."""
    best: dict[str, tuple[str, str] | None] = dict.fromkeys(contacts)
    for ids in id_chunks(best):
        fields = "ContactId, OpportunityId, Opportunity.LastModifiedDate"
        query = soql(fields, ROLE, f"ContactId IN {ids} AND Opportunity.IsClosed = false")
        async for page in api.query(query):
            for record in page:
                rank = (record["Opportunity"]["LastModifiedDate"], record["OpportunityId"])
                held = best.get(record["ContactId"])
                if held is None or held < rank:
                    best[record["ContactId"]] = rank
    return {contact: None if rank is None else rank[1] for contact, rank in best.items()}


def soql_time(moment: datetime) -> str:
    """Return a time as a SOQL literal."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
