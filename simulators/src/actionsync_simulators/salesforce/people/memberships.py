"""Campaign memberships of people who become one: a person is in each campaign once."""

from __future__ import annotations

from actionsync_simulators.salesforce.rows.write import delete
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.state import Org


def drop_second_memberships(org: Org, write: Write, *, kept: str, given_up: str) -> None:
    """Delete the memberships of the lead or contact `given_up` in campaigns that `kept` is in, too."""
    for row in org.database.rows(
        'SELECT Id FROM "CampaignMember" WHERE LeadOrContactId = ?1 AND IsDeleted = 0 AND CampaignId IN'
        ' (SELECT CampaignId FROM "CampaignMember" WHERE LeadOrContactId = ?2 AND IsDeleted = 0)',
        (given_up, kept),
    ):
        delete(org, write, org.sobject("CampaignMember"), row["Id"], missing_status=400)
