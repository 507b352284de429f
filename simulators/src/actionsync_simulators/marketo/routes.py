"""Every call of the API in one table, from the tables of the packages. What is known but not served answers 703."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.routes import ROUTES as ACTIVITIES
from actionsync_simulators.marketo.assets.routes import ROUTES as ASSETS
from actionsync_simulators.marketo.bulk.routes import ROUTES as BULK
from actionsync_simulators.marketo.campaigns.routes import ROUTES as CAMPAIGNS
from actionsync_simulators.marketo.companies.routes import ROUTES as COMPANIES
from actionsync_simulators.marketo.custom_activities.routes import ROUTES as CUSTOM_ACTIVITIES
from actionsync_simulators.marketo.fields.routes import ROUTES as FIELDS
from actionsync_simulators.marketo.gateway.errors import api_error
from actionsync_simulators.marketo.gateway.route import Route
from actionsync_simulators.marketo.gateway.unserved import UNSERVED
from actionsync_simulators.marketo.leads.routes import ROUTES as LEADS
from actionsync_simulators.marketo.lists.routes import ROUTES as LISTS
from actionsync_simulators.marketo.opportunities.routes import ROUTES as OPPORTUNITIES
from actionsync_simulators.marketo.programs.routes import ROUTES as PROGRAMS
from actionsync_simulators.marketo.sales_persons.routes import ROUTES as SALES_PERSONS
from actionsync_simulators.marketo.smart_lists.routes import ROUTES as SMART_LISTS
from actionsync_simulators.marketo.stats.routes import ROUTES as STATS

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.subscription import Subscription


def _not_served(_: Subscription, __: Call) -> Any:
    raise api_error("703")


SERVED: tuple[Route, ...] = (
    *LEADS,
    *FIELDS,
    *LISTS,
    *ACTIVITIES,
    *CUSTOM_ACTIVITIES,
    *BULK,
    *SMART_LISTS,
    *STATS,
    *ASSETS,
    *PROGRAMS,
    *CAMPAIGNS,
    *COMPANIES,
    *OPPORTUNITIES,
    *SALES_PERSONS,
)
ROUTES: tuple[Route, ...] = (
    *SERVED,
    *(Route(method=method, path=path, handler=_not_served, served=False) for method, path in UNSERVED),
)
"""The whole table."""
