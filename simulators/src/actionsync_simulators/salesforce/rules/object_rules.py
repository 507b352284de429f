"""The hooks through which an object adds its own rules to the writing of rows."""

from __future__ import annotations

from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.state import Org, Row


class ObjectRules:
    """Rules of one object; every hook does nothing unless the object says otherwise.

    A hook refuses by raising ApiError, and computes derived values by changing `row`.
    """

    def default(self, org: Org, write: Write, row: Row) -> None:
        """Fill in defaults of a new row that depend on other values."""

    def before_change(self, old: Row) -> None:
        """Refuse any change of a row in its present state."""

    def before_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Check the row as it would be saved and compute what is derived from it."""

    def after_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Carry the change on to other rows."""

    def locks(self, old: Row | None, row: Row) -> set[str]:
        """The ids of the rows that saving (`old` is None for a new row) or deleting this row locks."""
        return set() if old is None else {row["Id"]}

    def before_delete(self, org: Org, row: Row) -> None:
        """Refuse the deletion of a row."""

    def after_delete(self, org: Org, write: Write, row: Row) -> None:
        """Carry the deletion on to other rows."""
