"""Account: an organisation one sells to."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.fields import (
    address,
    audit,
    date,
    datetime,
    integer,
    is_deleted,
    named,
    number,
    owner,
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

TYPES = (
    "Prospect",
    "Customer - Direct",
    "Customer - Channel",
    "Channel Partner / Reseller",
    "Installation Partner",
    "Technology Partner",
    "Other",
)


def account() -> SObject:
    """The Account object."""
    fields = [
        record_id("Account ID"),
        is_deleted(),
        read_only(reference("MasterRecordId", "Account", label="Master Record ID")),
        text("Name", 255, label="Account Name", required=True, name_field=True, id_lookup=True),
        picklist("Type", TYPES, label="Account Type"),
        reference("ParentId", "Account", label="Parent Account ID", child="ChildAccounts"),
        *address("Billing"),
        *address("Shipping"),
        phone("Phone", label="Account Phone"),
        phone("Fax", label="Account Fax"),
        text("AccountNumber", 40),
        url("Website"),
        read_only(url("PhotoUrl", label="Photo URL")),
        text("Sic", 20, label="SIC Code"),
        picklist("Industry", INDUSTRIES),
        number("AnnualRevenue", "currency"),
        integer("NumberOfEmployees", label="Employees"),
        picklist("Ownership", ("Public", "Private", "Subsidiary", "Other")),
        textarea("Description", 32000, label="Account Description"),
        picklist("Rating", RATINGS, label="Account Rating"),
        text("Site", 80, label="Account Site"),
        owner("User"),
        *audit(),
        read_only(date("LastActivityDate", label="Last Activity")),
        read_only(datetime("LastViewedDate")),
        read_only(datetime("LastReferencedDate")),
        picklist("AccountSource", LEAD_SOURCES),
    ]
    return SObject(
        name="Account",
        label="Account",
        label_plural="Accounts",
        key_prefix="001",
        fields=named(fields),
        mergeable=True,
        feed_enabled=True,
        mru_enabled=True,
    )
