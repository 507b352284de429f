"""A SQL statement: written once with SQLAlchemy Core, compiled once per dialect, run on the bare driver.

A point lookup through SQLAlchemy's own async engine costs several times what the driver takes, so only its compiler is
used. Columns are INTEGER, TEXT and BLOB (instants in microseconds, enums by number, booleans 0 or 1), so that no result
needs processing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import NullType

#: Builds a statement from the dialect's own `insert`, which alone knows ON CONFLICT.
Build = Callable[[Any], ClauseElement]


class Statement:
    """One statement. Give a Core construct, or a function of the dialect's `insert` for an upsert.

    Parameters are the names of its `bindparam`s; an `insert(table)` without values takes every column by name.
    """

    def __init__(self, source: ClauseElement | Build) -> None:
        self._source = source
        self._compiled: dict[str, tuple[str, Mapping[str, Any]]] = {}

    def compile(self, dialect: Dialect) -> tuple[str, Mapping[str, Any]]:
        """Return the SQL text and the parameters that are constants of the statement."""
        known = self._compiled.get(dialect.name)
        if known is None:
            source = self._source
            clause = source if isinstance(source, ClauseElement) else source(_INSERTS[dialect.name])
            compiled = clause.compile(dialect=dialect)
            constants = {name: value for name, value in compiled.params.items() if value is not None}
            known = self._compiled[dialect.name] = (str(compiled), constants)
        return known


_INSERTS: dict[str, Any] = {"sqlite": sqlite_insert}


class any_of(FunctionElement[Any]):  # noqa: N801  (reads like an SQL operator)
    """`any_of(column, "ids")`: true where the column equals one of the values of the list parameter `ids`.

    Unlike `column.in_(...)` the text does not depend on how many values there are, so it is compiled once.
    """

    # Not Boolean: for SQLite SQLAlchemy would add "= 1", and no index is used for that.
    type = NullType()
    inherit_cache = True
    name = "any_of"

    def __init__(self, column: ColumnElement[Any], parameter: str) -> None:
        super().__init__(column, bindparam(parameter))


@compiles(any_of, "sqlite")
def _any_of_sqlite(element: any_of, compiler: Any, **options: Any) -> str:
    column, parameter = element.clauses
    values = compiler.process(parameter, **options)
    # Both parts are compiler output: a quoted column and a bound parameter.
    return f"{compiler.process(column, **options)} IN (SELECT value FROM json_each({values}))"  # noqa: S608
