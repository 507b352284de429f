"""Opportunity: a possible sale, and the contacts who play a part in it."""

from __future__ import annotations

from dataclasses import replace

from actionsync_simulators.salesforce.schema.fields import (
    audit,
    boolean,
    date,
    datetime,
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
from actionsync_simulators.salesforce.schema.picklist_values import LEAD_SOURCES

STAGES: dict[str, tuple[float, str, bool, bool]] = {
    "Prospecting": (10.0, "Pipeline", False, False),
    "Qualification": (10.0, "Pipeline", False, False),
    "Needs Analysis": (20.0, "Pipeline", False, False),
    "Value Proposition": (50.0, "Pipeline", False, False),
    "Id. Decision Makers": (60.0, "Pipeline", False, False),
    "Perception Analysis": (70.0, "Pipeline", False, False),
    "Proposal/Price Quote": (75.0, "Pipeline", False, False),
    "Negotiation/Review": (90.0, "Pipeline", False, False),
    "Closed Won": (100.0, "Closed", True, True),
    "Closed Lost": (0.0, "Omitted", True, False),
}
"""Stage → probability in percent, forecast category, closed, won."""

ROLES = (
    "Business User",
    "Decision Maker",
    "Economic Buyer",
    "Economic Decision Maker",
    "Evaluator",
    "Executive Sponsor",
    "Influencer",
    "Technical Buyer",
    "Other",
)


def opportunity() -> SObject:
    """The Opportunity object."""
    stage = picklist("StageName", tuple(STAGES), label="Stage")
    fields = [
        record_id("Opportunity ID"),
        is_deleted(),
        reference("AccountId", "Account", child="Opportunities", cascade_delete=True),
        boolean("IsPrivate", label="Private"),
        text("Name", 120, required=True, name_field=True, id_lookup=True),
        textarea("Description", 32000),
        replace(stage, nillable=False, permissionable=False),
        number("Amount", "currency", scale=2),
        number("Probability", "percent", precision=3, label="Probability (%)", defaulted_on_create=True),
        date("CloseDate", nillable=False, permissionable=False),
        picklist("Type", ("Existing Business", "New Business"), label="Opportunity Type"),
        text("NextStep", 255),
        picklist("LeadSource", LEAD_SOURCES),
        read_only(boolean("IsClosed", label="Closed")),
        read_only(boolean("IsWon", label="Won")),
        read_only(
            picklist(
                "ForecastCategory",
                ("Omitted", "Pipeline", "BestCase", "MostLikely", "Forecast", "Closed"),
                length=40,
            ),
            nillable=False,
            defaulted_on_create=True,
        ),
        reference("CampaignId", "Campaign", child="Opportunities"),
        owner("User"),
        *audit(),
        read_only(date("LastActivityDate", label="Last Activity")),
        read_only(datetime("LastViewedDate")),
        read_only(datetime("LastReferencedDate")),
        read_only(boolean("HasOpenActivity")),
        read_only(boolean("HasOverdueTask")),
    ]
    return SObject(
        name="Opportunity",
        label="Opportunity",
        label_plural="Opportunities",
        key_prefix="006",
        fields=named(fields),
        feed_enabled=True,
        mru_enabled=True,
    )


def opportunity_contact_role() -> SObject:
    """Which contact plays which part in an opportunity."""
    opportunity_lookup = reference(
        "OpportunityId", "Opportunity", child="OpportunityContactRoles", required=True, cascade_delete=True
    )
    contact_lookup = reference(
        "ContactId", "Contact", child="OpportunityContactRoles", required=True, cascade_delete=True
    )
    fields = [
        record_id("Contact Role ID"),
        replace(opportunity_lookup, updateable=False),
        contact_lookup,
        picklist("Role", ROLES),
        boolean("IsPrimary", label="Primary"),
        *audit(),
        is_deleted(),
    ]
    return SObject(
        name="OpportunityContactRole",
        label="Opportunity Contact Role",
        label_plural="Opportunity Contact Roles",
        key_prefix="00K",
        fields=named(fields),
        undeletable=False,
        searchable=False,
        layoutable=False,
    )
