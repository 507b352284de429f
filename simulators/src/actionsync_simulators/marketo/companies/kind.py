"""The company object: its fields are those that the people of a company share, and the keys."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from actionsync_simulators.marketo.companies import membership
from actionsync_simulators.marketo.crm_objects.definition import ObjectKind, Rules, fields_of

if TYPE_CHECKING:
    from actionsync_simulators.marketo.activities.record import Origin
    from actionsync_simulators.marketo.subscription import Subscription

FIELDS = """
createdAt datetime key Created At
externalCompanyId string100 key External Company Id
id integer key Id
updatedAt datetime key Updated At
annualRevenue currency - Annual Revenue
billingCity string255 - Billing City
billingCountry string255 - Billing Country
billingPostalCode string255 - Billing Postal Code
billingState string255 - Billing State
billingStreet text - Billing Address
company string255 - Company Name
externalSalesPersonId string255 - External Sales Person Id
industry string255 - Industry
mainPhone string255 - Main Phone
mktoCompanyNotes text - Company Notes
numberOfEmployees integer - Num Employees
sicCode string40 - SIC Code
site string255 - Site
website url255 - Website
"""


class CompanyRules(Rules):
    """People of a company have its values: what is written here changes them too."""

    def created(self, site: Subscription, new: sqlite3.Row, *, origin: Origin) -> None:
        """Give the values to the people who named this company before it was there."""
        membership.spread(site, new, origin=origin)

    def updated(self, site: Subscription, *, old: sqlite3.Row, new: sqlite3.Row, origin: Origin) -> None:
        """Give the values to the people of the company."""
        membership.spread(site, new, origin=origin)

    def deleted(self, site: Subscription, old: sqlite3.Row, *, origin: Origin) -> None:
        """Release the people, who keep the values; remember the sales person, whom a deleted company keeps in use."""
        if old["externalSalesPersonId"]:
            site.database.execute(
                "INSERT INTO deleted_companies VALUES (?, ?)", (old["id"], old["externalSalesPersonId"])
            )
        membership.release(site, old["externalCompanyId"], origin=origin)


COMPANY = ObjectKind(
    name="Company",
    about={"description": "Company object"},
    table="companies",
    api_method="syncCompanies",
    id_field="id",
    dedupe_fields=("externalCompanyId",),
    searchable=(("externalCompanyId",), ("id",), ("company",)),
    fields=fields_of(FIELDS.strip().splitlines()),
    rules=CompanyRules(),
)
"""Companies."""
