"""Contact: a person of an account."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.fields import (
    address,
    audit,
    boolean,
    date,
    datetime,
    email,
    is_deleted,
    named,
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
from actionsync_simulators.salesforce.schema.picklist_values import LEAD_SOURCES


def contact() -> SObject:
    """The Contact object."""
    fields = [
        record_id("Contact ID"),
        is_deleted(),
        read_only(reference("MasterRecordId", "Contact", label="Master Record ID")),
        reference("AccountId", "Account", child="Contacts", cascade_delete=True),
        *person_name(),
        *address("Other"),
        *address("Mailing"),
        phone("Phone", label="Business Phone"),
        phone("Fax", label="Business Fax"),
        phone("MobilePhone"),
        phone("HomePhone"),
        phone("OtherPhone"),
        phone("AssistantPhone", label="Asst. Phone"),
        reference("ReportsToId", "Contact", label="Reports To ID", child="Contacts_ReportsTo"),
        email(),
        text("Title", 128),
        text("Department", 80),
        text("AssistantName", 40, label="Assistant's Name"),
        picklist("LeadSource", LEAD_SOURCES),
        date("Birthdate"),
        textarea("Description", 32000, label="Contact Description"),
        owner("User"),
        boolean("HasOptedOutOfEmail", label="Email Opt Out"),
        boolean("HasOptedOutOfFax", label="Fax Opt Out"),
        boolean("DoNotCall", label="Do Not Call"),
        *audit(),
        read_only(date("LastActivityDate", label="Last Activity")),
        read_only(datetime("LastCURequestDate", label="Last Stay-in-Touch Request Date")),
        read_only(datetime("LastCUUpdateDate", label="Last Stay-in-Touch Save Date")),
        read_only(datetime("LastViewedDate")),
        read_only(datetime("LastReferencedDate")),
        text("EmailBouncedReason", 255),
        datetime("EmailBouncedDate"),
        read_only(boolean("IsEmailBounced")),
        read_only(url("PhotoUrl", label="Photo URL")),
        text("Jigsaw", 20, label="Data.com Key"),
        read_only(text("JigsawContactId", 20, label="Jigsaw Contact ID")),
        reference("IndividualId", "Individual", label="Individual ID", child="Contacts"),
        url("LinkedIn_Profile__c", label="LinkedIn Profile"),
    ]
    return SObject(
        name="Contact",
        label="Contact",
        label_plural="Contacts",
        key_prefix="003",
        fields=named(fields),
        mergeable=True,
        feed_enabled=True,
        mru_enabled=True,
    )
