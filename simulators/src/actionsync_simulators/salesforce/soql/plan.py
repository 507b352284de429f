"""The checked query: every name resolved to the schema, every literal in storage form, nothing left to refuse.

`check` makes these values and `compile` turns them into SQL; nothing here knows query text or SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from actionsync_simulators.salesforce.schema.model import Field, SObject

Scalar: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One walk up a parent relationship: the lookup on the object below, and the objects it may lead to."""

    lookup: Field
    targets: tuple[SObject, ...]

    @property
    def name(self) -> str:
        """The relationship's name in schema casing."""
        assert self.lookup.relationship_name is not None
        return self.lookup.relationship_name


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A field of the queried object, or of a parent reached by `steps` (owner: the object that has the field)."""

    steps: tuple[Step, ...]
    owner: SObject
    field: Field

    @property
    def type(self) -> str:
        """The field's type."""
        return self.field.type

    @property
    def column(self) -> Column:
        """The column itself (a function answers with the one it is computed from)."""
        return self

    @property
    def key(self) -> str:
        """The path in schema casing; two columns with the same key are the same value."""
        return ".".join([*(step.name for step in self.steps), self.field.name])


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function (name in upper case) of a column or of another function, and the type of its result."""

    name: str
    argument: Expression
    type: str

    @property
    def column(self) -> Column:
        """The column it is computed from."""
        return self.argument.column

    @property
    def field(self) -> Field:
        """The field it is computed from."""
        return self.argument.column.field

    @property
    def key(self) -> str:
        """The call in one way of writing; two functions with the same key are the same value."""
        return f"{self.name}({self.argument.key})"


Expression: TypeAlias = Column | Function


@dataclass(frozen=True, slots=True, eq=False)
class Compare:
    """`left operator value`, one of = != < <= > >=; a null matches only !=."""

    left: Expression
    operator: str
    value: Scalar


@dataclass(frozen=True, slots=True, eq=False)
class Like:
    """`left LIKE pattern`; the pattern escapes with a backslash."""

    left: Expression
    pattern: str


@dataclass(frozen=True, slots=True, eq=False)
class IsNull:
    """`left = null`."""

    left: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """`start <= left < end`."""

    left: Expression
    start: str
    end: str


@dataclass(frozen=True, slots=True, eq=False)
class OneOf:
    """`left IN (values)`, never true for null."""

    left: Expression
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Includes:
    """A multi-select field has all the entries of one of the sets."""

    left: Expression
    sets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class InSelect:
    """`left IN (SELECT column FROM …)`, never true for null."""

    left: Expression
    selected: Column
    source: SObject
    where: Condition | None


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """A search finds the regular expression in a column; `likely` is a LIKE pattern that such a value fits."""

    left: Column
    pattern: str
    likely: str


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """True exactly where the term is not."""

    term: Condition


@dataclass(frozen=True, slots=True, eq=False)
class AllOf:
    """Every term holds."""

    terms: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf:
    """A term holds (none, when there are no terms)."""

    terms: tuple[Condition, ...]


Condition: TypeAlias = Compare | Like | IsNull | Within | OneOf | Includes | InSelect | Matches | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A selected expression: its key in the record, and the parents under which that record lies."""

    key: str
    expression: Expression
    steps: tuple[Step, ...] = ()

    @property
    def path(self) -> str:
        """Where the value lies in the record of the query."""
        return ".".join([*(step.name for step in self.steps), self.key])


@dataclass(frozen=True, slots=True, eq=False)
class Children:
    """A child query: the rows of another object whose `lookup` points at the record."""

    key: str
    lookup: Field
    plan: QueryPlan


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """What TYPEOF selects of a parent that is one of `step.targets`; `named`: of the Name object, not of its own."""

    step: Step
    values: tuple[Value, ...]
    named: bool


@dataclass(frozen=True, slots=True, eq=False)
class TypeOf:
    """A parent whose fields depend on which object it is; null where no variant fits."""

    key: str
    lookup: Field
    variants: tuple[Variant, ...]

    @property
    def path(self) -> str:
        """Where the parent lies in the record of the query."""
        return self.key


Output: TypeAlias = Value | TypeOf | Children


@dataclass(frozen=True, slots=True, eq=False)
class Sort:
    """One key of the order."""

    expression: Expression
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True, eq=False)
class QueryPlan:
    """A whole query. `groups` is None for a query of rows, and empty for one total over all of them.

    `group_sets` are the positions of the groups of each kind of total, for ROLLUP and CUBE.
    """

    source: SObject
    outputs: tuple[Output, ...]
    where: Condition | None = None
    order: tuple[Sort, ...] = ()
    limit: int | None = None
    offset: int | None = None
    groups: tuple[Expression, ...] | None = None
    group_sets: tuple[frozenset[int], ...] | None = None
    having: Condition | None = None
    locks: bool = False
    counts_rows: bool = False
    include_deleted: bool = False
