"""Sync leads: create and update, record by record, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.fields.standard import COMPANY_FIELDS
from actionsync_simulators.marketo.fields.values import to_stored
from actionsync_simulators.marketo.gateway.call import as_integer, skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.leads.partitions import find_partition, home_partition
from actionsync_simulators.marketo.leads.read import cookie_of, match, reachable
from actionsync_simulators.marketo.leads.rows import COOKIES

if TYPE_CHECKING:
    from actionsync_simulators.marketo.fields.catalogue import LeadField
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.leads.partitions import Reach
    from actionsync_simulators.marketo.subscription import Subscription

ACTIONS = ("createOrUpdate", "createOnly", "updateOnly", "createDuplicate")
PARTITION_ACTIONS = ("createOrUpdate", "createOnly")


def sync(site: Subscription, call: Call) -> Members:
    """POST leads: `result[i]` answers `input[i]`; a refused record is `skipped` with its reason."""
    rules = SyncRules.of_call(site, call)
    result = []
    for record in call.input_records():
        try:
            result.append(rules.record(record))
        except ApiError as error:
            result.append(skipped(error))
    return {"result": result}


@dataclass(slots=True)
class SyncRules:
    """How records become leads: in one sync call, or one row of a file after another."""

    site: Subscription
    reach: Reach
    action: str
    lookup: LeadField
    partition: str | None
    origin: Origin
    any_email: bool = False
    """Store an email address that is none as it is given, instead of refusing the record."""

    @classmethod
    def of_call(cls, site: Subscription, call: Call) -> SyncRules:
        """Check the members beside `input`; what is wrong with them fails the whole call."""
        body = call.json_object()
        action = body.get("action") or "createOrUpdate"
        if action not in ACTIONS:
            raise invalid_data(f"Invalid action '{action}'")
        lookup = lookup_field(site, body.get("lookupField") or "email", action)
        partition = body.get("partitionName")
        if partition is not None:
            if action not in PARTITION_ACTIONS:
                raise invalid_data(f"partitionName is not allowed with action {action}")
            find_partition(site, partition)
        origin = Origin(method="syncLead", user=call.user, request_id=call.request_id)
        return cls(site, call, action, lookup, partition, origin)

    def record(self, record: dict[str, Any]) -> dict[str, Any]:
        """Process one record and return its result row; ApiError when it is to be skipped."""
        values = self._values(record)
        if self.action == "createDuplicate":
            return self._create(values)
        found = self._matches(record)
        if not found:
            if self.action == "updateOnly":
                raise api_error("1004")
            return self._create(values)
        if self.action == "createOnly":
            error = api_error("1005")
            return skipped(error, id=found[0]) if len(found) == 1 else skipped(error)
        if len(found) > 1:
            raise api_error("1007")
        return self._update(found[0], values)

    def _values(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a record in stored form, without the key it is only looked up by."""
        values: dict[str, Any] = {}
        for name, value in record.items():
            if name == "id":
                if self.lookup.name != "id":
                    raise invalid_data("Field 'id' is only allowed with action updateOnly and lookupField id")
                continue
            field = self.site.fields.get(name)
            if field is None:
                raise api_error("1006", name)
            if not field.updateable:
                if name == self.lookup.name:
                    continue
                raise api_error("1006", name)
            try:
                stored = to_stored(field, value, any_email=self.any_email)
            except ApiError as error:
                error.field = field.display_name
                raise
            values[name] = cookie_of(stored) if name == COOKIES and stored is not None else stored
        return values

    def _matches(self, record: dict[str, Any]) -> list[int]:
        value = record.get(self.lookup.name)
        if value is None or value == "":
            raise invalid_data(f"Value for lookup field '{self.lookup.name}' not found")
        if self.lookup.name == "id":
            value = as_integer(value)
        condition, keys = match(self.lookup, [str(value)])
        rows = self.site.database.rows(
            f"SELECT id FROM leads WHERE {condition}{reachable(self.reach)} ORDER BY id",  # noqa: S608
            (keys,),
        )
        unseen = self.site.leads.unseen(self.origin.request_id)
        return [row[0] for row in rows if row[0] not in unseen]

    def _create(self, values: dict[str, Any]) -> dict[str, Any]:
        if not self.lookup.updateable and self.action != "createDuplicate":
            # A lead cannot be created with a key that only the Salesforce sync may write.
            raise api_error("1006", self.lookup.name)
        partition = home_partition(self.site, self.reach, self.partition)
        if values.get("externalCompanyId") and not COMPANY_FIELDS.isdisjoint(values):
            raise api_error("1021")
        lead_id = self.site.leads.create(values, origin=self.origin, partition_id=partition)
        return {"id": lead_id, "status": "created"}

    def _update(self, lead_id: int, values: dict[str, Any]) -> dict[str, Any]:
        database = self.site.database
        if self.partition is not None:
            wanted = home_partition(self.site, self.reach, self.partition)
            if database.value('SELECT "leadPartitionId" FROM leads WHERE id = ?', (lead_id,)) != wanted:
                raise api_error("1010")
        if not COMPANY_FIELDS.isdisjoint(values):
            account = '"sfdcAccountId"' if "sfdcAccountId" in self.site.fields else "NULL"
            company = database.value(
                f'SELECT coalesce("externalCompanyId", {account}) FROM leads WHERE id = ?',  # noqa: S608
                (lead_id,),
            )
            if company is not None or values.get("externalCompanyId"):
                raise api_error("1021")
        self.site.leads.update(lead_id, values, origin=self.origin)
        return {"id": lead_id, "status": "updated"}


def lookup_field(site: Subscription, name: Any, action: str) -> LeadField:
    """Return the field that records are matched on; 1011 when it cannot be, `id` with any action but updateOnly."""
    lookup = site.fields.get(name) if isinstance(name, str) else None
    if lookup is None or not site.fields.is_lookup_field(name) or (name == "id" and action != "updateOnly"):
        raise api_error("1011", name)
    return lookup
