"""The tables of companies, opportunities, their roles and sales persons."""

from __future__ import annotations

from actionsync_simulators.marketo.companies.kind import COMPANY
from actionsync_simulators.marketo.crm_objects.definition import table_of
from actionsync_simulators.marketo.opportunities.kinds import OPPORTUNITY, ROLE
from actionsync_simulators.marketo.sales_persons.kind import SALES_PERSON

CRM_OBJECT_TABLES = "".join(table_of(kind) for kind in (COMPANY, OPPORTUNITY, ROLE, SALES_PERSON)) + (
    'CREATE TABLE deleted_companies (id INTEGER PRIMARY KEY, "externalSalesPersonId" TEXT NOT NULL COLLATE NOCASE);\n'
)
"""`deleted_companies` has what keeps a sales person in use after its company is gone."""
