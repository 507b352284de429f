"""The schema a fresh simulated org starts with."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.account import account
from actionsync_simulators.salesforce.schema.campaign import campaign, campaign_member
from actionsync_simulators.salesforce.schema.contact import contact
from actionsync_simulators.salesforce.schema.event import event
from actionsync_simulators.salesforce.schema.lead import lead
from actionsync_simulators.salesforce.schema.model import Schema
from actionsync_simulators.salesforce.schema.opportunity import opportunity, opportunity_contact_role
from actionsync_simulators.salesforce.schema.setup import (
    individual,
    lead_status,
    organization,
    record_type,
    task_priority,
    task_status,
)
from actionsync_simulators.salesforce.schema.task import task
from actionsync_simulators.salesforce.schema.user import group, profile, user, user_role


def org_schema(*, activity_fields: bool = True) -> Schema:
    """Every object of the simulated org. `activity_fields`: with the external id and the sales fields of activities."""
    return Schema(
        [
            account(),
            campaign(),
            campaign_member(),
            contact(),
            event(custom_fields=activity_fields),
            group(),
            individual(),
            lead(),
            lead_status(),
            opportunity(),
            opportunity_contact_role(),
            organization(),
            profile(),
            record_type(),
            task(custom_fields=activity_fields),
            task_priority(),
            task_status(),
            user(),
            user_role(),
        ]
    )
