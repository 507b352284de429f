"""The door that Marketo's own Salesforce sync uses: writes that no API user may do, and that cost no calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.activities.record import NATIVE_SYNC
from actionsync_simulators.marketo.companies import membership
from actionsync_simulators.marketo.companies.kind import COMPANY
from actionsync_simulators.marketo.crm_objects import from_crm as from_crm_objects
from actionsync_simulators.marketo.fields.values import from_crm
from actionsync_simulators.marketo.leads.merge import merge_leads
from actionsync_simulators.marketo.leads.rows import COOKIES
from actionsync_simulators.marketo.opportunities.kinds import OPPORTUNITY

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

OWNER = "sfdcLeadOwnerId"


class NativePort:
    """Leads by their Salesforce ids, and writes of any field. Values are JSON values by REST name."""

    def __init__(self, site: Subscription) -> None:
        self._site = site

    def find(self, sfdc_id: str) -> int | None:
        """Return the lead with this Salesforce lead or contact id (15 or 18 characters), or None.

        A converted lead may be found by either id; the contact id is looked at first.
        """
        for column in ("sfdcContactId", "sfdcLeadId"):
            if column not in self._site.fields:
                continue
            found = self._site.database.value(
                f'SELECT id FROM leads WHERE "{column}" IS NOT NULL'  # noqa: S608 - one of two names
                f' AND substr("{column}", 1, 15) = ? ORDER BY id LIMIT 1',
                (sfdc_id[:15],),
            )
            if found is not None:
                return int(found)
        return None

    def get(self, lead_id: int) -> dict[str, Any]:
        """Return every field of a lead as reads show them. KeyError when there is none."""
        site = self._site
        plan = site.leads.plan([field.name for field in site.fields])
        row = site.database.row(f"SELECT {plan.columns} FROM leads WHERE id = ?", (lead_id,))  # noqa: S608
        if row is None:
            raise KeyError(f"there is no lead {lead_id}")
        return plan.row(row)

    def create(self, values: dict[str, Any]) -> int:
        """Create a lead (activity 12) and return its id. ValueError for a field or value that cannot be stored."""
        stored = self._stored(values, kind=values.get("sfdcType"), before={})
        with self._site.database.transaction():
            return self._site.leads.create(stored, origin=NATIVE_SYNC, details={"SFDC Type": stored.get("sfdcType")})

    def update(self, lead_id: int, values: dict[str, Any]) -> bool:
        """Write values: a 13 for each field that changes, a 23 too for the owner. False when nothing changed."""
        before = self.get(lead_id)
        stored = self._stored(values, kind=values.get("sfdcType", before.get("sfdcType")), before=before)
        with self._site.database.transaction():
            changed = self._site.leads.update(lead_id, stored, origin=NATIVE_SYNC)
            if OWNER in changed:
                self._site.recorder.add(lead_id, types.CHANGE_OWNER, attributes={"Old Owner": before.get(OWNER)})
        return bool(changed)

    def mark_deleted_in_crm(self, lead_id: int) -> None:
        """Note that the Salesforce record was deleted: `sfdcIsDeleted` true, a 13 and a 29; once."""
        with self._site.database.transaction():
            if self.update(lead_id, {"sfdcIsDeleted": True}):
                self._site.recorder.add(lead_id, types.DELETE_FROM_SFDC)

    def convert(self, lead_id: int, values: dict[str, Any]) -> None:
        """Turn a Salesforce lead into a contact: 13s for the values that change, and a 21."""
        with self._site.database.transaction():
            self.update(lead_id, values)
            self._site.recorder.add(
                lead_id,
                types.CONVERT_LEAD,
                asset=values.get(OWNER),
                attributes={"Send Notification Email": False},
            )

    def merge(self, winner_id: int, loser_ids: list[int]) -> None:
        """Merge leads that were merged in Salesforce (activity 32 on the winner). LookupError for an unknown id."""
        with self._site.database.transaction():
            merge_leads(self._site, winner_id, loser_ids, in_crm=True, source=NATIVE_SYNC.source)

    def unsubscribed_changes_since(self, cursor: int) -> tuple[list[tuple[int, bool]], int]:
        """Return changes of `unsubscribed` that did not come from Salesforce, oldest first, and the next cursor.

        Cursor 0 is the beginning.
        """
        rows = self._site.database.rows(
            "SELECT id, lead_id, attributes FROM activities WHERE type_id = 13 AND asset_id = 79 AND id > ?"
            " ORDER BY id",
            (cursor,),
        )
        changes = []
        for row in rows:
            attributes = orjson.loads(row["attributes"])
            if attributes.get("Source") != NATIVE_SYNC.source:
                changes.append((int(row["lead_id"]), attributes.get("New Value") == "True"))
        return changes, int(rows[-1]["id"]) if rows else cursor

    def put_company(self, values: dict[str, Any]) -> bool:
        """Add or change the company of an account, and its people; False when nothing changed."""
        with self._site.database.transaction():
            return from_crm_objects.put(self._site, COMPANY, values)

    def put_opportunity(self, values: dict[str, Any]) -> bool:
        """Add or change an opportunity; False when nothing changed."""
        with self._site.database.transaction():
            return from_crm_objects.put(self._site, OPPORTUNITY, values)

    def take_away_opportunity(self, sfdc_id: str) -> bool:
        """Remove an opportunity with its roles; False when it was not there."""
        with self._site.database.transaction():
            return from_crm_objects.take_away_opportunity(self._site, sfdc_id)

    def set_roles(self, sfdc_id: str, roles: list[dict[str, Any]]) -> bool:
        """Let an opportunity have exactly these roles of people; False when it had them already."""
        with self._site.database.transaction():
            return from_crm_objects.set_roles(self._site, sfdc_id, roles)

    def _stored(self, values: Mapping[str, Any], *, kind: Any, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values in stored form, with those of an account that the person joins or leaves.

        Only the switch `contact_owner` keeps an owner from a contact.
        """
        site = self._site
        stored: dict[str, Any] = {}
        for name, value in values.items():
            field = site.fields.get(name)
            if field is None or field.read_only or name in ("id", COOKIES):
                raise ValueError(f"the Salesforce sync cannot write the field {name!r}")
            if name == OWNER and kind == "Contact" and site.switches.contact_owner == "empty":
                value = None
            stored[name] = from_crm(field, value)
        return membership.with_account(site, stored, before=before.get(membership.ACCOUNT))
