"""What one Lead or Contact record of Salesforce means for the people in Marketo. Salesforce wins every conflict."""

from __future__ import annotations

from collections import Counter
from typing import Any

from actionsync_simulators.marketo.crm_sync.mapping import FieldMap
from actionsync_simulators.marketo.crm_sync.opt_out import OptOuts
from actionsync_simulators.marketo.crm_sync.port import Port
from actionsync_simulators.marketo.crm_sync.salesforce_api import Record


class PeopleWriter:
    """Applies records to Marketo's people and counts what it did. Every call is idempotent.

    `leads_of` names for a contact the leads that were converted into it; `masters` for a merged record the
    one it was merged into.
    """

    def __init__(self, port: Port, opt_outs: OptOuts, *, lead_map: FieldMap, contact_map: FieldMap) -> None:
        self._port = port
        self._opt_outs = opt_outs
        self._maps = {"Lead": lead_map, "Contact": contact_map}
        self.leads_of: dict[str, list[str]] = {}
        self.masters: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.contacts_to_look_up: set[str] = set()
        """Contacts whose opportunity may be another one now."""

    def apply_lead(self, record: Record) -> None:
        """Apply a live lead; a converted one is settled with its contact."""
        if not record["IsConverted"]:
            self._upsert(self._port.find(record["Id"]), self._maps["Lead"].values(record))

    def apply_contact(self, record: Record) -> None:
        """Apply a live contact, and the conversion of the leads that have become this contact."""
        record_id = record["Id"]
        values = self._maps["Contact"].values(record)
        person = self._port.find(record_id)
        for lead_record in self.leads_of.get(record_id, ()):
            lead = self._port.find(lead_record)
            if lead is None or lead == person:
                continue
            if person is None:
                self._port.convert(lead, self._without_pending(lead, values))
                person = lead
                self.counts["converted"] += 1
            else:
                # Converted into a contact that Marketo has as another person: the two are one from now on.
                self._merge(person, lead)
            self.contacts_to_look_up.add(record_id)
        if person is None:
            self.contacts_to_look_up.add(record_id)
        self._upsert(person, values)

    def apply_deleted(self, record: Record) -> None:
        """Apply a record in the recycle bin: merged into another one, or deleted."""
        person = self._port.find(record["Id"])
        if person is None:
            return
        master = self._master(record["Id"])
        winner = None if master is None else self._port.find(master)
        if winner == person:
            return
        if winner is not None and master is not None:
            self._merge(winner, person)
            if master.startswith("003"):
                self.contacts_to_look_up.add(master)
            return
        now = self._port.get(person)
        if now.get("sfdcIsDeleted") or (record["Id"].startswith("00Q") and now.get("sfdcType") == "Contact"):
            return
        self._port.mark_deleted_in_crm(person)
        self.counts["deleted"] += 1

    def _master(self, record_id: str) -> str | None:
        """Follow the merges to the record that is left, None if this one was simply deleted."""
        master = self.masters.get(record_id)
        seen = {record_id}
        while master is not None and master in self.masters and master not in seen:
            seen.add(master)
            master = self.masters[master]
        return master

    def _merge(self, winner: int, loser: int) -> None:
        self._port.merge(winner, [loser])
        self._opt_outs.merged(winner, loser)
        self.counts["merged"] += 1

    def _upsert(self, person: int | None, values: dict[str, Any]) -> None:
        if person is None:
            self._port.create(values)
            self.counts["created"] += 1
        elif self._port.update(person, self._without_pending(person, values)):
            self.counts["updated"] += 1

    def _without_pending(self, person: int, values: dict[str, Any]) -> dict[str, Any]:
        if person not in self._opt_outs.pending:
            return values
        return {name: value for name, value in values.items() if name != "unsubscribed"}
