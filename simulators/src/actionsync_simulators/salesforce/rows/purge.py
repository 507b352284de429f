"""Removing rows for good: out of the recycle bin, with what went there with them."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.schema.ddl import quoted
from actionsync_simulators.salesforce.state import Org


def purge(org: Org, sobject: SObject, record_id: str) -> None:
    """Remove a row that is in the recycle bin, and the rows in the bin that cannot be without it."""
    for relation in sobject.child_relationships:
        if not relation.cascade_delete:
            continue
        child = org.sobject(relation.child_object)
        for found in org.database.rows(
            f"SELECT Id FROM {quoted(child.name)} WHERE {quoted(relation.field)} = ? AND IsDeleted = 1", (record_id,)
        ):
            purge(org, child, found["Id"])
    org.database.execute(f"DELETE FROM {quoted(sobject.name)} WHERE Id = ? AND IsDeleted = 1", (record_id,))
