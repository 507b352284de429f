"""The sales person object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.crm_objects.definition import ObjectKind, Rules, fields_of
from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

FIELDS = """
id integer key Marketo Id
createdAt datetime key Created At
updatedAt datetime key Updated At
email string255 key Email
externalSalesPersonId string255 key External Sales Person Id
fax phone255 - Fax Number
firstName string255 - First Name
lastName string255 - Last Name
mobilePhone phone255 - Mobile Phone Number
phone phone255 - Phone Number
title string255 - Job Title
"""

IN_USE = (
    'SELECT 1 FROM leads WHERE "externalSalesPersonId" = ?1'
    ' UNION ALL SELECT 1 FROM deleted_companies WHERE "externalSalesPersonId" = ?1 LIMIT 1'
)


class SalesPersonRules(Rules):
    """Sales persons stay as long as a lead or a deleted company names them."""

    def check_delete(self, site: Subscription, old: sqlite3.Row) -> None:
        """Refuse (1022) that a sales person in use is deleted."""
        if site.database.row(IN_USE, (old["externalSalesPersonId"],)) is not None:
            raise api_error("1022")


SALES_PERSON = ObjectKind(
    name="SalesPerson",
    about={},
    table="sales_persons",
    api_method="syncSalesPersons",
    id_field="id",
    dedupe_fields=("externalSalesPersonId",),
    searchable=(("email",), ("id",), ("externalSalesPersonId",)),
    fields=fields_of(FIELDS.strip().splitlines()),
    rules=SalesPersonRules(),
    shows_all=True,
)
"""Sales persons."""
