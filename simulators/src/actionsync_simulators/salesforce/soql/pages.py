"""What the compiler makes: statements, and how their rows become wire records."""

from __future__ import annotations

from dataclasses import dataclass

from actionsync_simulators.salesforce.soql import plan
from actionsync_simulators.salesforce.soql.formats import Renderer


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, its parameters, and the functions of `sql_functions` that it calls."""

    sql: str
    params: tuple[plan.Scalar, ...]
    calls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shape:
    """How one row becomes one wire record.

    From column `start` on, the row has one column per name. The first is the record's id, from which its attributes
    are made; that of a parent is the parent's id, and that of a child query is null.
    """

    types: dict[str, str] | str
    """The record's object; for a polymorphic parent the objects by key prefix."""
    start: int
    names: tuple[str, ...]
    booleans: tuple[str, ...]
    rendered: tuple[tuple[str, Renderer], ...]
    parents: tuple[tuple[str, Shape], ...]
    variants: tuple[tuple[str, tuple[Shape, ...]], ...] = ()
    """Parents that are the first of some shapes whose id is not null (TYPEOF)."""


@dataclass(frozen=True, slots=True)
class Page:
    """The statement that reads records by their keys (?1: a JSON array of ids), and what belongs to each record."""

    statement: Statement
    shape: Shape
    children: tuple[ChildPage, ...]


@dataclass(frozen=True, slots=True)
class ChildPage:
    """A page of child rows: ?1 holds the parents' ids, and the last column says which parent a row belongs to."""

    name: str
    page: Page
    limit: int | None
    offset: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    """The statement of an aggregate query, and the keys of its columns."""

    statement: Statement
    names: tuple[str, ...]
    booleans: tuple[str, ...]
    rendered: tuple[tuple[str, Renderer], ...]
