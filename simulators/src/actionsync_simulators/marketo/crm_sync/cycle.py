"""One cycle of the sync: opt-outs to Salesforce first, then what changed there since the last cycle.

Each object is read from its watermark on (`SystemModstamp`, to the second, deleted rows included); the next
watermark is the second in which this reading began, so that a second is never left half read. A cycle that
fails leaves the watermarks where they were; reading the same records again changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import Any

from actionsync_simulators.marketo.crm_sync.mapping import FieldMap
from actionsync_simulators.marketo.crm_sync.opportunities import open_opportunities, soql_time
from actionsync_simulators.marketo.crm_sync.opt_out import OptOuts
from actionsync_simulators.marketo.crm_sync.people import PeopleWriter
from actionsync_simulators.marketo.crm_sync.port import Port
from actionsync_simulators.marketo.crm_sync.salesforce_api import Record, SalesforceApi, id_chunks, soql
from actionsync_simulators.marketo.crm_sync.selling import SellingMaps, read_changes
from actionsync_simulators.marketo.crm_sync.state import StateStore, SyncState

log = logging.getLogger(__name__)

ROWS_PER_STEP = 500
"""Records applied in one go; between two steps other calls of the simulator get their turn."""


class Cycle:
    """One run of the sync, from the state it begins with."""

    def __init__(
        self,
        api: SalesforceApi,
        port: Port,
        *,
        store: StateStore,
        transaction: Callable[[], AbstractContextManager[None]],
        now: Callable[[], datetime],
        maps: dict[str, FieldMap],
        selling: SellingMaps,
    ) -> None:
        self._api = api
        self._port = port
        self._store = store
        self._transaction = transaction
        self._now = now
        self._maps = maps
        self._selling = selling
        self._state: SyncState = store.load()
        self._opt_outs = OptOuts(port, cursor=self._state.cursor, pending=self._state.pending)
        self._people = PeopleWriter(port, self._opt_outs, lead_map=maps["Lead"], contact_map=maps["Contact"])
        self.counts: Counter[str] = self._people.counts
        self.refusals: dict[str, int] = {}

    async def run(self) -> None:
        """Run the whole cycle. Raises SalesforceFailure when Salesforce fails; what was done until then stays."""
        await self._push_opt_outs()
        began = self._second()
        accounts = await self._pull_accounts()
        await self._pull_people()
        await self._pull_account_names(accounts, began)
        await self._pull_opportunities()

    async def _push_opt_outs(self) -> None:
        try:
            visible = {name: field_map.sees_opt_out for name, field_map in self._maps.items()}
            pushed, self.refusals = await self._opt_outs.push(self._api, visible=visible)
            self.counts["opt_outs_pushed"] += pushed
        finally:
            self._save()

    async def _pull_people(self) -> None:
        began = self._second()
        leads = await self._changed("Lead")
        contacts = await self._changed("Contact")
        self.counts["records_read"] += len(leads) + len(contacts)
        await self._learn_conversions(leads, contacts)
        for record in (*leads, *contacts):
            if record["IsDeleted"] and record["MasterRecordId"]:
                self._people.masters[record["Id"]] = record["MasterRecordId"]
        await self._apply(self._people.apply_lead, (row for row in leads if not row["IsDeleted"]))
        await self._apply(self._people.apply_contact, (row for row in contacts if not row["IsDeleted"]))
        await self._apply(self._people.apply_deleted, (row for row in (*leads, *contacts) if row["IsDeleted"]))
        self._state.watermarks["Lead"] = self._state.watermarks["Contact"] = began
        self._save()

    async def _learn_conversions(self, leads: list[Record], contacts: list[Record]) -> None:
        """Find out which contacts were leads, whichever of the two records was read first."""
        pairs = {(row["ConvertedContactId"], row["Id"]) for row in leads if row["IsConverted"]}
        new = [row["Id"] for row in contacts if not row["IsDeleted"] and self._port.find(row["Id"]) is None]
        for ids in id_chunks(new):
            condition = f"IsConverted = true AND ConvertedContactId IN {ids}"
            query = soql("Id, ConvertedContactId", "Lead", condition)
            async for page in self._api.query(query, deleted_too=True):
                pairs.update((row["ConvertedContactId"], row["Id"]) for row in page)
        for contact, lead in sorted(pair for pair in pairs if pair[0]):
            self._people.leads_of.setdefault(contact, []).append(lead)
        read = {row["Id"] for row in contacts}
        missing = [contact for contact in self._people.leads_of if contact not in read]
        for ids in id_chunks(missing):
            contacts.extend(await self._select("Contact", f"Id IN {ids}", deleted_too=True))

    async def _pull_accounts(self) -> list[str]:
        """Bring companies up to date before their people come, and return the accounts that changed."""
        since = soql_time(self._state.watermarks["Account"])
        query = soql(self._selling.accounts.selected, "Account", f"SystemModstamp >= {since}")
        changed = [row async for page in self._api.query(query) for row in page]
        await self._apply(self._put_company, changed)
        return [row["Id"] for row in changed]

    def _put_company(self, record: Record) -> None:
        if self._port.put_company(self._selling.accounts.values(record)):
            self.counts["companies_changed"] += 1

    async def _pull_account_names(self, accounts: list[str], began: datetime) -> None:
        for ids in id_chunks(accounts):
            contacts = await self._select("Contact", f"AccountId IN {ids}")
            await self._apply(self._people.apply_contact, contacts)
        self._state.watermarks["Account"] = began
        self._save()

    async def _pull_opportunities(self) -> None:
        began = self._second()
        marks = self._state.watermarks
        changes = await read_changes(
            self._api,
            self._selling,
            opportunities_since=marks["Opportunity"],
            roles_since=marks["OpportunityContactRole"],
        )
        await self._apply(self._put_opportunity, changes.opportunities)
        await self._apply(self._set_roles, changes.roles.items())
        found = await open_opportunities(self._api, changes.contacts | self._people.contacts_to_look_up)
        await self._apply(self._set_opportunity, found.items())
        marks["Opportunity"] = marks["OpportunityContactRole"] = began
        self._save()

    def _put_opportunity(self, record: Record) -> None:
        if record["IsDeleted"]:
            self._port.take_away_opportunity(record["Id"])
        else:
            self._port.put_opportunity(self._selling.opportunities.values(record))

    def _set_roles(self, item: tuple[str, list[Record]]) -> None:
        opportunity, records = item
        roles = []
        for record in records:
            person = self._port.find(record["ContactId"]) if record["ContactId"] else None
            if person is not None:
                roles.append(
                    {
                        "leadId": person,
                        "role": record["Role"] or "",
                        "isPrimary": record["IsPrimary"],
                        "externalCreatedDate": record["CreatedDate"],
                    }
                )
        self._port.set_roles(opportunity, roles)

    def _set_opportunity(self, item: tuple[str, str | None]) -> None:
        contact, opportunity = item
        person = self._port.find(contact)
        if person is not None and self._port.update(person, {"sfdcOpptyId": opportunity}):
            self.counts["opportunities_changed"] += 1

    async def _changed(self, sobject: str) -> list[Record]:
        since = soql_time(self._state.watermarks[sobject])
        condition = f"SystemModstamp >= {since} ORDER BY SystemModstamp, Id"
        return await self._select(sobject, condition, deleted_too=True)

    async def _select(self, sobject: str, condition: str, *, deleted_too: bool = False) -> list[Record]:
        query = soql(self._maps[sobject].selected, sobject, condition)
        return [row async for page in self._api.query(query, deleted_too=deleted_too) for row in page]

    async def _apply(self, apply: Callable[[Any], None], rows: Iterable[Any]) -> None:
        remaining = iter(rows)
        while step := list(islice(remaining, ROWS_PER_STEP)):
            self._opt_outs.collect()
            with self._transaction():
                for row in step:
                    try:
                        apply(row)
                    except ValueError as problem:
                        # One record that Marketo cannot hold must not keep all others from it.
                        self.counts["records_refused"] += 1
                        log.warning("native sync: record left out: %s", problem)
                self._save()
            await asyncio.sleep(0)

    def _save(self) -> None:
        self._state.cursor = self._opt_outs.cursor
        self._store.save(self._state)

    def _second(self) -> datetime:
        return self._now().replace(microsecond=0)
