"""Lead: a person who is not yet a contact of an account."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.fields import (
    address,
    audit,
    boolean,
    date,
    datetime,
    email,
    integer,
    is_deleted,
    named,
    number,
    owner,
    person_name,
    phone,
    picklist,
    read_only,
    record_id,
    reference,
    text,
    textarea,
    url,
)
from actionsync_simulators.salesforce.schema.model import SObject
from actionsync_simulators.salesforce.schema.picklist_values import INDUSTRIES, LEAD_SOURCES, RATINGS

STATUSES = ("Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted")


def lead() -> SObject:
    """The Lead object."""
    fields = [
        record_id("Lead ID"),
        is_deleted(),
        read_only(reference("MasterRecordId", "Lead", label="Master Record ID")),
        *person_name(),
        text("Title", 128),
        text("Company", 255, required=True),
        *address(),
        phone("Phone"),
        phone("MobilePhone"),
        phone("Fax"),
        email(),
        url("Website"),
        read_only(url("PhotoUrl", label="Photo URL")),
        textarea("Description", 32000),
        picklist("LeadSource", LEAD_SOURCES),
        picklist("Status", STATUSES, default="Open - Not Contacted", required=True),
        picklist("Industry", INDUSTRIES),
        picklist("Rating", RATINGS),
        number("AnnualRevenue", "currency"),
        integer("NumberOfEmployees", label="Employees"),
        owner("Group", "User"),
        boolean("HasOptedOutOfEmail", label="Email Opt Out"),
        read_only(boolean("IsConverted", label="Converted")),
        read_only(date("ConvertedDate")),
        read_only(reference("ConvertedAccountId", "Account", label="Converted Account ID")),
        read_only(reference("ConvertedContactId", "Contact", label="Converted Contact ID")),
        read_only(reference("ConvertedOpportunityId", "Opportunity", label="Converted Opportunity ID")),
        boolean("IsUnreadByOwner", label="Unread By Owner", permissionable=False, default=1),
        *audit(),
        read_only(date("LastActivityDate", label="Last Activity")),
        boolean("DoNotCall", label="Do Not Call"),
        boolean("HasOptedOutOfFax", label="Fax Opt Out"),
        read_only(datetime("LastViewedDate")),
        read_only(datetime("LastReferencedDate")),
        text("Jigsaw", 20, label="Data.com Key"),
        read_only(text("JigsawContactId", 20, label="Jigsaw Contact ID")),
        text("EmailBouncedReason", 255),
        datetime("EmailBouncedDate"),
        reference("IndividualId", "Individual", label="Individual ID", child="Leads"),
        url("LinkedIn_Profile__c", label="LinkedIn Profile"),
    ]
    return SObject(
        name="Lead",
        label="Lead",
        label_plural="Leads",
        key_prefix="00Q",
        fields=named(fields),
        mergeable=True,
        feed_enabled=True,
        mru_enabled=True,
    )
