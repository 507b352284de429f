"""The objects opportunity and opportunity role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.activities.record import log_text
from actionsync_simulators.marketo.crm_objects.definition import ROW, ObjectKind, Rules, fields_of
from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.activities.record import Origin
    from actionsync_simulators.marketo.subscription import Subscription

OPPORTUNITY_FIELDS = """
marketoGUID string36 key Marketo GUID
createdAt datetime key Created At
updatedAt datetime key Updated At
externalOpportunityId string50 key External Opportunity Id
name string255 - Name
description string2000 - Description
type string255 - Type
stage string255 - Stage
amount currency - Amount
closeDate date - Close Date
expectedRevenue currency - Expected Revenue
externalCompanyId string100 - External Company Id
externalCreatedDate datetime - External Created Date
externalSalesPersonId string255 - External Sales Person Id
fiscal string255 - Fiscal
fiscalQuarter string255 - Fiscal Quarter
fiscalYear string255 - Fiscal Year
forecastCategoryName string255 - Forecast Category Name
isClosed boolean - Is Closed
isWon boolean - Is Won
lastActivityDate date - Last Activity Date
nextStep string255 - Next Step
probability percent - Probability
quantity float - Quantity
source string255 - Source
"""

ROLE_FIELDS = """
marketoGUID string36 key Marketo GUID
externalOpportunityId string50 key External Opportunity Id
leadId integer key Lead Id
role string50 key Role
isPrimary boolean - Is Primary
externalCreatedDate datetime - External Created Date
createdAt datetime key Created At
updatedAt datetime key Updated At
"""


class OpportunityRules(Rules):
    """An opportunity's owner must be a sales person; its changes show on the people who have a role in it."""

    def check(self, site: Subscription, values: Mapping[str, Any], old: sqlite3.Row | None) -> None:
        """Refuse (718) an owner that is no sales person."""
        owner = values.get("externalSalesPersonId")
        if owner is not None:
            found = site.database.row('SELECT 1 FROM sales_persons WHERE "externalSalesPersonId" = ?', (owner,))
            if found is None:
                raise api_error("718")

    def updated(self, site: Subscription, *, old: sqlite3.Row, new: sqlite3.Row, origin: Origin) -> None:
        """Record an Update Opportunity on everybody who has a role in it."""
        changes = {
            one.display_name: {"Old Value": log_text(one, old[one.name]), "New Value": log_text(one, new[one.name])}
            for one in OPPORTUNITY.changes(old, new)
        }
        told = {"Data Value Changes": orjson.dumps(changes).decode()}
        for (lead_id,) in site.database.rows(
            'SELECT DISTINCT "leadId" FROM opportunity_roles WHERE "externalOpportunityId" = ? ORDER BY 1',
            (new["externalOpportunityId"],),
        ):
            site.recorder.add(lead_id, types.UPDATE_OPPORTUNITY, asset_id=new[ROW], asset=new["name"], attributes=told)

    def deleted(self, site: Subscription, old: sqlite3.Row, *, origin: Origin) -> None:
        """Take everybody out of it first: its roles go with it."""
        key = (old["externalOpportunityId"],)
        for role in site.database.rows('SELECT * FROM opportunity_roles WHERE "externalOpportunityId" = ?', key):
            _record_role(site, types.REMOVE_FROM_OPPORTUNITY, role=role, opportunity=old)
        site.database.execute('DELETE FROM opportunity_roles WHERE "externalOpportunityId" = ?', key)


class RoleRules(Rules):
    """A role links a lead and an opportunity that are both there."""

    def check(self, site: Subscription, values: Mapping[str, Any], old: sqlite3.Row | None) -> None:
        """Refuse a new role of an unknown lead (1004) or opportunity (1013)."""
        if old is not None:
            return
        if not site.leads.exists(values["leadId"]):
            raise api_error("1004")
        if _opportunity(site, values["externalOpportunityId"]) is None:
            raise api_error("1013")

    def created(self, site: Subscription, new: sqlite3.Row, *, origin: Origin) -> None:
        """Record an Add to Opportunity."""
        _record_role(site, types.ADD_TO_OPPORTUNITY, role=new)

    def deleted(self, site: Subscription, old: sqlite3.Row, *, origin: Origin) -> None:
        """Record a Remove from Opportunity."""
        _record_role(site, types.REMOVE_FROM_OPPORTUNITY, role=old)


def _opportunity(site: Subscription, external_id: str) -> sqlite3.Row | None:
    return OPPORTUNITY.find(site, {"externalOpportunityId": external_id})


def _record_role(
    site: Subscription, type_id: int, *, role: sqlite3.Row, opportunity: sqlite3.Row | None = None
) -> None:
    opportunity = opportunity or _opportunity(site, role["externalOpportunityId"])
    site.recorder.add(
        role["leadId"],
        type_id,
        asset_id=None if opportunity is None else opportunity[ROW],
        asset=None if opportunity is None else opportunity["name"],
        attributes={"Is Primary": bool(role["isPrimary"]), "Role": role["role"]},
    )


OPPORTUNITY = ObjectKind(
    name="opportunity",
    about={"displayName": "Opportunity"},
    table="opportunities",
    api_method="syncOpportunities",
    id_field="marketoGUID",
    dedupe_fields=("externalOpportunityId",),
    searchable=(("externalOpportunityId",), ("marketoGUID",)),
    fields=fields_of(OPPORTUNITY_FIELDS.strip().splitlines()),
    rules=OpportunityRules(),
    needed=("name",),
)
"""Opportunities."""

ROLE = ObjectKind(
    name="opportunityRole",
    about={"displayName": "Opportunity Role"},
    table="opportunity_roles",
    api_method="syncOpportunityRoles",
    id_field="marketoGUID",
    dedupe_fields=("externalOpportunityId", "leadId", "role"),
    searchable=(
        ("externalOpportunityId", "leadId", "role"),
        ("marketoGUID",),
        ("leadId",),
        ("externalOpportunityId",),
    ),
    fields=fields_of(ROLE_FIELDS.strip().splitlines()),
    rules=RoleRules(),
)
"""Opportunity roles."""
