"""The syntax tree of a SOQL query or a SOSL search: what was written, before anyone asked what it means.

Every node that an error can point at knows its offset in the query text (`at`, counted from 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Name:
    """One word: an object, a field, a relationship, an alias."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Path:
    """Words joined by dots: a field, or a field reached through parent relationships."""

    names: tuple[Name, ...]

    @property
    def at(self) -> int:
        """Where the path starts."""
        return self.names[0].at

    @property
    def text(self) -> str:
        """The path as it was written."""
        return ".".join(name.text for name in self.names)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with at most one argument, such as `COUNT()`, `MAX(Amount)` or `FIELDS(ALL)`."""

    name: Name
    argument: Expression | None

    @property
    def at(self) -> int:
        """Where the function's name starts."""
        return self.name.at

    @property
    def text(self) -> str:
        """The call in one way of writing, without blanks."""
        return f"{self.name.text}({'' if self.argument is None else self.argument.text})"


Expression: TypeAlias = Path | Call

LiteralKind: TypeAlias = OneOf["string", "number", "currency", "datetime", "date", "period", "boolean", "null", "bind"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it was written; strings still have their quotes and escapes."""

    kind: LiteralKind
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator value`; the operator is one of = != < <= > >= LIKE (`<>` is read as !=)."""

    left: Expression
    operator: str
    value: Literal


@dataclass(frozen=True, slots=True)
class Membership:
    """`left [NOT] IN (values)`."""

    left: Expression
    values: tuple[Literal, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Inclusion:
    """`left INCLUDES (values)` or, negated, `left EXCLUDES (values)`."""

    left: Expression
    values: tuple[Literal, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class SemiJoin:
    """`left [NOT] IN (SELECT …)`."""

    left: Expression
    query: Statement
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    term: Condition


@dataclass(frozen=True, slots=True)
class And:
    """Conditions that must all hold."""

    terms: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Conditions of which one must hold."""

    terms: tuple[Condition, ...]


Condition: TypeAlias = And | Or | Not | Comparison | Membership | Inclusion | SemiJoin


@dataclass(frozen=True, slots=True)
class Selection:
    """One item of a select list, with the alias that renames it in an aggregate result."""

    expression: Expression
    alias: Name | None


@dataclass(frozen=True, slots=True)
class Variant:
    """`WHEN object THEN fields` of a TYPEOF; without an object its ELSE."""

    object: Name | None
    fields: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class TypeOf:
    """`TYPEOF path WHEN … THEN … ELSE … END`: fields of a parent that depend on which object it is."""

    path: Path
    variants: tuple[Variant, ...]

    @property
    def at(self) -> int:
        """Where the path starts."""
        return self.path.at


@dataclass(frozen=True, slots=True)
class Ordering:
    """One item of ORDER BY."""

    expression: Expression
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Grouping:
    """GROUP BY and its HAVING; `subtotals` is ROLLUP or CUBE where it is written."""

    items: tuple[Expression, ...]
    having: Condition | None
    subtotals: str | None = None


@dataclass(frozen=True, slots=True)
class NamedParent:
    """A parent that FROM gives a name of its own: the `c.Account a` of `FROM Contact c, c.Account a`."""

    path: Path
    alias: Name


SelectItem: TypeAlias = "Selection | TypeOf | Statement"


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole query, a child query of the select list, or the inner query of a semi-join.

    `at` is where its SELECT list starts. `purposes` are the words after FOR, in upper case.
    """

    at: int
    select: tuple[SelectItem, ...]
    source: Name
    alias: Name | None
    parents: tuple[NamedParent, ...]
    scope: Name | None
    where: Condition | None
    access_mode: str | None
    grouping: Grouping | None
    order: tuple[Ordering, ...]
    limit: int | None
    offset: int | None
    offset_at: int
    purposes: tuple[str, ...]
    all_rows: bool


@dataclass(frozen=True, slots=True)
class Search:
    """A SOSL search: the text in the braces (starting at `at`), the group of fields to search, and what to return.

    Every returned object is a statement without FROM aliases, grouping and purposes.
    """

    terms: str
    at: int
    group: str
    returning: tuple[Statement, ...]
    limit: int | None
