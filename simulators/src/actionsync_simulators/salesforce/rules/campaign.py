"""Campaign members: one person each, with copies of the person's address and opt-outs."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.errors import api_error, duplicate_value, required_missing
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.rules.object_rules import ObjectRules
from actionsync_simulators.salesforce.state import Org, Row

COPIED_FIELDS = ("Email", "HasOptedOutOfEmail", "DoNotCall")
"""What a member shows of its person."""


def copy_to_memberships(org: Org, old: Row, row: Row) -> None:
    """A lead or contact was changed: its memberships show what they copy of it."""
    if any(old[name] != row[name] for name in COPIED_FIELDS):
        org.database.execute(
            'UPDATE "CampaignMember" SET Email = ?, HasOptedOutOfEmail = ?, DoNotCall = ? WHERE LeadOrContactId = ?',
            (*(row[name] for name in COPIED_FIELDS), row["Id"]),
        )


class CampaignMemberRules(ObjectRules):
    """A member is exactly one lead or contact, once per campaign."""

    def before_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Check the person and copy its values."""
        lead_id, contact_id = row["LeadId"], row["ContactId"]
        if lead_id is None and contact_id is None:
            raise required_missing(["LeadId"])
        if old is None and lead_id is not None and contact_id is not None:
            raise api_error(
                "FIELD_INTEGRITY_EXCEPTION",
                "A campaign member is either a lead or a contact, not both",
                fields=["LeadId", "ContactId"],
            )
        # Whoever was converted is the contact now.
        person_id = contact_id or lead_id
        row["LeadOrContactId"] = person_id
        self._check_once(org, old, row)
        sobject = org.schema.object_for_prefix(person_id)
        person = None if sobject is None else org.row(sobject, person_id)
        if person is not None:
            for name in COPIED_FIELDS:
                row[name] = person[name]
        row["HasResponded"] = int(row["Status"] == "Responded")

    def _check_once(self, org: Org, old: Row | None, row: Row) -> None:
        if old is not None:
            return
        other = org.database.value(
            'SELECT Id FROM "CampaignMember" WHERE CampaignId = ? AND LeadOrContactId = ? AND IsDeleted = 0',
            (row["CampaignId"], row["LeadOrContactId"]),
        )
        if other is not None:
            raise duplicate_value("CampaignId, LeadOrContactId", other)
