"""The tables of one SQL statement: the queried object and the parents joined to it, and their columns.

Every parent is a LEFT JOIN on its primary key. A polymorphic lookup joins each object it may lead to; a field of
the Name object is then the one of whichever row is there.
"""

from __future__ import annotations

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.schema.model import Field, SObject
from actionsync_simulators.salesforce.soql.errors import QUERY_TOO_COMPLICATED, SoqlError
from actionsync_simulators.salesforce.soql.paths import NAME, concrete_field
from actionsync_simulators.salesforce.soql.plan import Column, Scalar, Step

MAX_TABLES = 60
"""Tables in one statement (SQLite joins at most 64)."""

QUEUE = "Queue"
"""What `Owner.Type` says of a Group: only queues own records."""


class Binder:
    """The parameters and table aliases of one statement, shared by its sub-selects."""

    def __init__(self, *, reserved: int = 0) -> None:
        self.values: list[Scalar] = []
        self._reserved = reserved
        self._aliases = 0

    def bind(self, value: Scalar) -> str:
        """The placeholder of a new parameter."""
        self.values.append(value)
        return f"?{self._reserved + len(self.values)}"

    def alias(self) -> str:
        """A table alias not used before. Raises SoqlError when there are too many tables."""
        self._aliases += 1
        if self._aliases > MAX_TABLES:
            raise SoqlError(
                QUERY_TOO_COMPLICATED,
                "Query is either selecting too many fields or the filter conditions are too complicated.",
            )
        return f"t{self._aliases}"


class Tables:
    """The FROM of a statement; it grows as columns are asked for."""

    def __init__(self, source: SObject, binder: Binder, access: Access) -> None:
        self.alias = binder.alias()
        self._source = source
        self._binder = binder
        self.access = access
        self._joins: list[str] = []
        self._parents: dict[str, list[tuple[SObject, str]]] = {}

    def from_sql(self) -> str:
        """FROM with all joins asked for so far."""
        return " ".join([f"FROM {quoted(self._source.name)} AS {self.alias}", *self._joins])

    def column(self, column: Column) -> str:
        """The SQL of a column; booleans of a parent that is not there are false."""
        sql = self.field(column.steps, column.field, polymorphic=column.owner.name == NAME)
        return f"COALESCE({sql}, 0)" if column.type == "boolean" and column.steps else sql

    def record_id(self, steps: tuple[Step, ...]) -> str:
        """The id of the row at the end of the steps, null where there is none."""
        return _first_of([f'{alias}."Id"' for _, alias in self._rows(steps)])

    def field(self, steps: tuple[Step, ...], field: Field, *, polymorphic: bool = False) -> str:
        """The SQL of a field of the row at the end of the steps."""
        rows = self._rows(steps)
        if not polymorphic:
            return f"{rows[0][1]}.{quoted(field.name)}"
        if field.name == "Type":
            return self._type_of(rows)
        concrete = [(alias, concrete_field(target, field, self.access)) for target, alias in rows]
        return _first_of([f"{alias}.{quoted(found.name)}" for alias, found in concrete if found])

    def _type_of(self, rows: list[tuple[SObject, str]]) -> str:
        cases = []
        for target, alias in rows:
            name = self._binder.bind(QUEUE if target.name == "Group" else target.name)
            cases.append(f'WHEN {alias}."Id" IS NOT NULL THEN {name}')
        return f"CASE {' '.join(cases)} END"

    def _rows(self, steps: tuple[Step, ...]) -> list[tuple[SObject, str]]:
        if not steps:
            return [(self._source, self.alias)]
        # TYPEOF walks one lookup to some of its objects only.
        key = ".".join(f"{step.name}({','.join(target.name for target in step.targets)})" for step in steps)
        rows = self._parents.get(key)
        if rows is None:
            below = self._rows(steps[:-1])
            step = steps[-1]
            lookup = self._lookup(below, step.lookup)
            rows = self._parents[key] = [(target, self._join(target, lookup)) for target in step.targets]
        return rows

    def _lookup(self, below: list[tuple[SObject, str]], lookup: Field) -> str:
        having = [f"{alias}.{quoted(lookup.name)}" for target, alias in below if target.field(lookup.name)]
        return _first_of(having)

    def _join(self, target: SObject, lookup: str) -> str:
        alias = self._binder.alias()
        self._joins.append(f'LEFT JOIN {quoted(target.name)} AS {alias} ON {alias}."Id" = {lookup}')
        return alias


def _first_of(alternatives: list[str]) -> str:
    if not alternatives:
        return "NULL"
    return alternatives[0] if len(alternatives) == 1 else f"COALESCE({', '.join(alternatives)})"
