"""What single objects demand and derive, beyond what their field definitions say."""

from __future__ import annotations

from actionsync_simulators.salesforce.rules.activity import EventRules, TaskRules
from actionsync_simulators.salesforce.rules.campaign import CampaignMemberRules
from actionsync_simulators.salesforce.rules.object_rules import ObjectRules
from actionsync_simulators.salesforce.rules.opportunity import AccountRules, OpportunityRules
from actionsync_simulators.salesforce.rules.person import LeadRules, PersonRules, ProspectRules, UserRules

_NONE = ObjectRules()
_RULES: dict[str, ObjectRules] = {
    "Account": AccountRules(),
    "CampaignMember": CampaignMemberRules(),
    "Contact": ProspectRules(),
    "Event": EventRules(),
    "Individual": PersonRules(),
    "Lead": LeadRules(),
    "Opportunity": OpportunityRules(),
    "Task": TaskRules(),
    "User": UserRules(),
}


def rules_of(object_name: str) -> ObjectRules:
    """The rules of an object (those of one without rules of its own do nothing)."""
    return _RULES.get(object_name, _NONE)
