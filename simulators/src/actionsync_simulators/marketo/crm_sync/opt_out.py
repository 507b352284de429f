"""Opt-outs on their way from Marketo to Salesforce.

Whoever was unsubscribed or resubscribed in Marketo since the last look is pending until Salesforce has it; until
then the value of Salesforce does not overwrite theirs. What the sync itself wrote is not among these changes.
"""

from __future__ import annotations

from actionsync_simulators.marketo.crm_sync.mapping import OPT_OUT
from actionsync_simulators.marketo.crm_sync.port import Port
from actionsync_simulators.marketo.crm_sync.salesforce_api import (
    RECORDS_PER_UPDATE,
    SalesforceApi,
    id_chunks,
    soql,
)


class OptOuts:
    """The changes of `unsubscribed` that Salesforce does not have yet, by Marketo id."""

    def __init__(self, port: Port, *, cursor: int, pending: dict[int, bool]) -> None:
        self._port = port
        self.cursor = cursor
        self.pending = pending

    def collect(self) -> None:
        """Take up what was changed in Marketo since the last look."""
        while True:
            changes, cursor = self._port.unsubscribed_changes_since(self.cursor)
            self.pending.update(changes)
            if cursor == self.cursor:
                return
            self.cursor = cursor

    async def push(self, api: SalesforceApi, *, visible: dict[str, bool]) -> tuple[int, dict[str, int]]:
        """Bring the pending changes to Salesforce; what cannot be brought now stays pending.

        `visible` tells for each object whether its opt-out field can be seen. Returns how many records were
        changed and the refusals by code: a record that is deleted or converted by now is sorted out by the pull
        that follows, a locked or protected one is tried again.
        """
        self.collect()
        targets: dict[str, dict[str, int]] = {"Lead": {}, "Contact": {}}
        for lead_id in list(self.pending):
            record = self._target(lead_id)
            if record is None:
                del self.pending[lead_id]
                continue
            sobject, record_id = record
            if visible[sobject]:
                targets[sobject][record_id] = lead_id
        changed, refusals = 0, dict[str, int]()
        for sobject, people in targets.items():
            stale = await self._stale(api, sobject, people)
            for start in range(0, len(stale), RECORDS_PER_UPDATE):
                chunk = stale[start : start + RECORDS_PER_UPDATE]
                sent = {record_id: self.pending[people[record_id]] for record_id in chunk}
                results = await api.update(sobject, [{"Id": key, OPT_OUT: flag} for key, flag in sent.items()])
                for record_id, result in zip(chunk, results, strict=True):
                    code = None if result["success"] else str(result["errors"][0]["statusCode"])
                    changed += code is None
                    if code is not None:
                        refusals[code] = refusals.get(code, 0) + 1
                    if code is None:
                        self._settle(people[record_id], sent[record_id])
        return changed, refusals

    async def _stale(self, api: SalesforceApi, sobject: str, people: dict[str, int]) -> list[str]:
        """Return the records whose opt-out differs; for the others there is nothing left to do."""
        stale: list[str] = []
        for ids in id_chunks(people):
            async for page in api.query(soql(f"Id, {OPT_OUT}", sobject, f"Id IN {ids}")):
                for record in page:
                    wanted = self.pending.get(people[record["Id"]])
                    if wanted is None or wanted == record[OPT_OUT]:
                        self.pending.pop(people[record["Id"]], None)
                    else:
                        stale.append(record["Id"])
        return stale

    def merged(self, winner: int, loser: int) -> None:
        """Note that a person was merged: an opt-out that was still on its way is the winner's now."""
        if self.pending.pop(loser, False):
            self.pending[winner] = True

    def _settle(self, lead_id: int, flag: bool) -> None:
        # Changed again while the call was under way: then the newer value is still to be brought.
        if self.pending.get(lead_id) == flag:
            del self.pending[lead_id]

    def _target(self, lead_id: int) -> tuple[str, str] | None:
        try:
            person = self._port.get(lead_id)
        except LookupError:
            return None
        if person.get("sfdcIsDeleted"):
            return None
        if person.get("sfdcType") == "Contact" and person.get("sfdcContactId"):
            return "Contact", person["sfdcContactId"]
        return ("Lead", person["sfdcLeadId"]) if person.get("sfdcLeadId") else None
