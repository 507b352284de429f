"""Writes the records of a call into leads: matching, creating, updating by the rules that all such calls share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from actionsync_simulators.marketo.companies import membership
from actionsync_simulators.marketo.fields.values import to_stored
from actionsync_simulators.marketo.gateway.call import skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.leads.partitions import Reach, home_partition
from actionsync_simulators.marketo.leads.read import cookie_of, match, reachable
from actionsync_simulators.marketo.leads.rows import COOKIES

if TYPE_CHECKING:
    from actionsync_simulators.marketo.activities.record import Origin
    from actionsync_simulators.marketo.fields.catalogue import LeadField
    from actionsync_simulators.marketo.subscription import Subscription

UPSERT, CREATE_ONLY, UPDATE_ONLY, DUPLICATE = "createOrUpdate", "createOnly", "updateOnly", "createDuplicate"


class Caller(Reach, Protocol):
    """Who writes: a call, or a job that goes on after its call."""

    @property
    def request_id(self) -> str:
        """The id of the request that it all goes back to."""


@dataclass(slots=True, kw_only=True)
class RecordWriter:
    """Writes records one after the other, each by itself: what is wrong with one leaves the others alone.

    `lookup` is the field that leads are matched by, `partition` the name of the partition that the call names,
    `details` further attributes of the New Lead rows. With `any_email` an address that is none is stored as it is
    given, instead of refusing the record.
    """

    site: Subscription
    call: Caller
    action: str
    lookup: LeadField
    partition: str | None
    origin: Origin
    details: Mapping[str, Any] = field(default_factory=dict)
    any_email: bool = False

    def row(self, record: dict[str, Any]) -> dict[str, Any]:
        """Process one record and return its result row, `skipped` with the reason when it is refused."""
        try:
            return self.write(record)
        except ApiError as error:
            return skipped(error)

    def write(self, record: dict[str, Any]) -> dict[str, Any]:
        """Process one record and return its result row; ApiError when it is to be skipped."""
        values = self._values(record)
        if self.action == DUPLICATE:
            return self._create(values)
        found = self._matches(record, values)
        if not found:
            if self.action == UPDATE_ONLY:
                raise api_error("1004")
            return self._create(values)
        if self.action == CREATE_ONLY:
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
            one = self.site.fields.get(name)
            if one is None:
                raise api_error("1006", name)
            if not one.updateable:
                if name == self.lookup.name and self.action != DUPLICATE:
                    continue
                raise api_error("1006", name)
            try:
                stored = to_stored(one, value, any_email=self.any_email)
            except ApiError as error:
                error.field = one.display_name
                raise
            values[name] = cookie_of(stored) if name == COOKIES and stored is not None else stored
        return values

    def _matches(self, record: dict[str, Any], values: dict[str, Any]) -> list[int]:
        name = self.lookup.name
        value = values.get(name, record.get(name))
        if value is None or value == "":
            raise invalid_data(f"Value for lookup field '{name}' not found")
        condition, keys = match(self.lookup, [str(value).strip()])
        rows = self.site.database.rows(
            f"SELECT id FROM leads WHERE {condition}{reachable(self.call)} ORDER BY id",  # noqa: S608
            (keys,),
        )
        unseen = self.site.leads.unseen(self.call.request_id)
        return [row[0] for row in rows if row[0] not in unseen]

    def _create(self, values: dict[str, Any]) -> dict[str, Any]:
        if not self.lookup.updateable and self.action != DUPLICATE:
            # A lead cannot be created with a key that only the Salesforce sync may write.
            raise api_error("1006", self.lookup.name)
        partition = home_partition(self.site, self.call, self.partition)
        values = membership.with_company(self.site, None, values)
        lead_id = self.site.leads.create(values, origin=self.origin, partition_id=partition, details=self.details)
        return {"id": lead_id, "status": "created"}

    def _update(self, lead_id: int, values: dict[str, Any]) -> dict[str, Any]:
        if self.partition is not None:
            wanted = home_partition(self.site, self.call, self.partition)
            home = self.site.database.value('SELECT "leadPartitionId" FROM leads WHERE id = ?', (lead_id,))
            if home != wanted:
                raise api_error("1010")
        values = membership.with_company(self.site, lead_id, values)
        self.site.leads.update(lead_id, values, origin=self.origin)
        return {"id": lead_id, "status": "updated"}


def lookup_field(site: Subscription, name: Any, action: str) -> LeadField:
    """Return the field that leads are matched by; 1011 when it cannot be one (`id` only where leads are updated)."""
    field = site.fields.get(name) if isinstance(name, str) else None
    if field is None or not site.fields.is_lookup_field(name) or (name == "id" and action != UPDATE_ONLY):
        raise api_error("1011", name)
    return field
