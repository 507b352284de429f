"""Which fields of Lead and Contact become which fields of a Marketo person."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.marketo.crm_sync.salesforce_api import Record

COMMON_FIELDS = {
    "FirstName": "firstName",
    "LastName": "lastName",
    "Email": "email",
    "Phone": "phone",
    "MobilePhone": "mobilePhone",
    "Title": "title",
    "LeadSource": "leadSource",
    "HasOptedOutOfEmail": "unsubscribed",
    "OwnerId": "sfdcLeadOwnerId",
}
LINKEDIN_FIELDS = ("LinkedIn_Profile__c", "LinkedIn__c", "LinkedInProfile__c", "LinkedIn_URL__c")
"""Custom fields that hold a LinkedIn address, the first one that the org has counts."""
MARKETO_LINKEDIN = "linkedInProfileURL"
KEYS = ("Id", "IsDeleted", "MasterRecordId", "SystemModstamp")
LEAD_KEYS = (*KEYS, "IsConverted", "ConvertedContactId", "Company")
CONTACT_KEYS = (*KEYS, "AccountId", "Account.Name")
OPT_OUT = "HasOptedOutOfEmail"


class FieldMap:
    """The fields of one object that are read and where they go.

    `visible` are the fields of the object that the sync's user can see; what it cannot see is left alone in
    Marketo. `linkedin` tells whether Marketo has a field for LinkedIn addresses.
    """

    def __init__(self, sobject: str, visible: frozenset[str], *, linkedin: bool) -> None:
        self.sobject = sobject
        self._is_lead = sobject == "Lead"
        self._targets = {source: target for source, target in COMMON_FIELDS.items() if source in visible}
        address = next((name for name in LINKEDIN_FIELDS if name in visible), None) if linkedin else None
        if address is not None:
            self._targets[address] = MARKETO_LINKEDIN
        self.selected = ", ".join((*(LEAD_KEYS if self._is_lead else CONTACT_KEYS), *self._targets))
        self.sees_opt_out = OPT_OUT in visible

    def values(self, record: Record) -> dict[str, Any]:
        """Return the Marketo values of a live record."""
        values = {target: record.get(source) for source, target in self._targets.items()}
        values["sfdcId"] = record["Id"]
        values["sfdcIsDeleted"] = False
        if self._is_lead:
            values |= {"sfdcLeadId": record["Id"], "sfdcType": "Lead", "company": record.get("Company")}
        else:
            account = record.get("Account") or {}
            values |= {
                "sfdcContactId": record["Id"],
                "sfdcType": "Contact",
                "sfdcAccountId": record.get("AccountId"),
                "company": account.get("Name"),
            }
        return values
