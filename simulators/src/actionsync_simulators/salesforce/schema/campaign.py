"""Campaign and the people in it."""

from __future__ import annotations

from dataclasses import replace

from actionsync_simulators.salesforce.schema.fields import (
    audit,
    boolean,
    date,
    email,
    is_deleted,
    named,
    number,
    owner,
    picklist,
    read_only,
    record_id,
    reference,
    text,
    textarea,
)
from actionsync_simulators.salesforce.schema.model import SObject


def campaign() -> SObject:
    """The Campaign object."""
    fields = [
        record_id("Campaign ID"),
        is_deleted(),
        text("Name", 80, required=True, name_field=True, id_lookup=True),
        reference("ParentId", "Campaign", label="Parent Campaign ID", child="ChildCampaigns"),
        picklist("Type", ("Conference", "Webinar", "Trade Show", "Email", "Other"), length=40),
        picklist("Status", ("Planned", "In Progress", "Completed", "Aborted"), default="Planned", length=40),
        date("StartDate"),
        date("EndDate"),
        number("BudgetedCost", "currency"),
        number("ActualCost", "currency"),
        boolean("IsActive", label="Active"),
        textarea("Description", 32000),
        owner("User"),
        *audit(),
        read_only(date("LastActivityDate", label="Last Activity")),
    ]
    return SObject(
        name="Campaign",
        label="Campaign",
        label_plural="Campaigns",
        key_prefix="701",
        fields=named(fields),
        feed_enabled=True,
        mru_enabled=True,
    )


def campaign_member() -> SObject:
    """A lead or contact in a campaign, with copies of the person's address and opt-outs."""
    campaign_lookup = reference("CampaignId", "Campaign", child="CampaignMembers", required=True, cascade_delete=True)
    fields = [
        record_id("Campaign Member ID"),
        is_deleted(),
        replace(campaign_lookup, updateable=False),
        replace(reference("LeadId", "Lead", child="CampaignMembers", cascade_delete=True), updateable=False),
        replace(reference("ContactId", "Contact", child="CampaignMembers", cascade_delete=True), updateable=False),
        picklist("Status", ("Sent", "Responded"), default="Sent", length=40),
        read_only(boolean("HasResponded", label="Responded")),
        *audit(),
        read_only(email("Email")),
        read_only(boolean("HasOptedOutOfEmail", label="Email Opt Out")),
        read_only(boolean("DoNotCall", label="Do Not Call")),
        read_only(reference("LeadOrContactId", "Contact", "Lead", label="Related Record ID", relationship_name=None)),
    ]
    return SObject(
        name="CampaignMember",
        label="Campaign Member",
        label_plural="Campaign Members",
        key_prefix="00v",
        fields=named(fields),
        undeletable=False,
        searchable=False,
    )
