"""Checks fields and function calls, and says where each may stand."""

from __future__ import annotations

from enum import Enum

from actionsync_simulators.salesforce.schema.model import COMPOUND_TYPES, SObject
from actionsync_simulators.salesforce.soql import errors, functions, tree
from actionsync_simulators.salesforce.soql.errors import SoqlError
from actionsync_simulators.salesforce.soql.paths import Aliases, Paths
from actionsync_simulators.salesforce.soql.plan import Column, Expression, Function, Step

MAX_PARENT_PATHS = 55
"""Different parent relationships one query may follow."""


class Place(Enum):
    """The clause an expression stands in; the value is the word the vendor uses for what it does to a field."""

    SELECT = "selected"
    WHERE = "filtered"
    GROUP = "grouped"
    HAVING = "filtered in HAVING"
    ORDER = "sorted"


class Expressions:
    """Resolves the expressions of one query, or of one query inside it."""

    def __init__(self, text: str, paths: Paths, source: SObject, node: tree.Statement) -> None:
        self._text = text
        self._paths = paths
        self._source = source
        self._aliases = Aliases(source, node)
        self._parents: set[str] = set()

    def inside(self, source: SObject, node: tree.Statement) -> Expressions:
        """The same for an inner query over another object; its parent paths count for the whole query."""
        inner = Expressions(self._text, self._paths, source, node)
        inner._parents = self._parents
        return inner

    def resolve(self, node: tree.Expression, place: Place) -> Expression:
        """What an expression means. Raises SoqlError for unknown names and for what may not stand here."""
        if isinstance(node, tree.Path):
            return self.column(node, place)
        name = node.name.text.upper()
        if name in functions.AGGREGATES and place not in (Place.WHERE, Place.GROUP):
            return self._aggregate(node, name)
        if name in functions.DATE_FUNCTIONS:
            return self._date_function(node, name)
        if name == functions.GROUPING and place not in (Place.WHERE, Place.GROUP):
            if node.argument is None:
                raise self._unexpected_parenthesis(node)
            return Function(name, self.resolve(node.argument, Place.GROUP), "int")
        if name == functions.FORMAT and place is Place.SELECT:
            return self._format(node)
        if name == functions.TO_LABEL and place in (Place.SELECT, Place.WHERE):
            return Function(name, self._field_of(node), "string")
        if name == functions.CONVERT_CURRENCY and place is Place.SELECT:
            return self._convert_currency(node)
        raise self._unexpected_parenthesis(node)

    def column(self, path: tree.Path, place: Place) -> Column:
        """The column of a path. Raises SoqlError where this kind of field may not stand."""
        column = self._paths.column(path, self._source, self._aliases)
        self._count(column, path)
        field = column.field
        if place is Place.WHERE and field.type in COMPOUND_TYPES:
            reason = f"{field.type.capitalize()} fields can only be filtered using Distance expressions"
            raise self.error(path.at, reason, errors.INVALID_FIELD)
        allowed = {Place.WHERE: field.filterable, Place.GROUP: field.groupable, Place.ORDER: field.sortable}
        if not allowed.get(place, True):
            reason = f"field '{field.name}' can not be {place.value} in a query call"
            raise self.error(path.at, reason, errors.INVALID_FIELD)
        return column

    def parent(self, path: tree.Path) -> Step:
        """The parent relationship of the queried object that a path means."""
        return self._paths.parent(path, self._source, self._aliases)

    def column_of(self, path: tree.Path, step: Step, target: SObject) -> Column:
        """The column that a path means on the object at the end of a step."""
        found = self._paths.column(path, target, Aliases(target))
        column = Column((step, *found.steps), found.owner, found.field)
        self._count(column, path)
        return column

    def _count(self, column: Column, path: tree.Path) -> None:
        if not column.steps:
            return
        self._parents.add(".".join(step.name for step in column.steps))
        if len(self._parents) > MAX_PARENT_PATHS:
            raise self.error(path.at, f"Maximum number of child-to-parent relationships is {MAX_PARENT_PATHS}")

    def error(self, at: int, reason: str, code: str = errors.MALFORMED_QUERY) -> SoqlError:
        """An error at an offset of the query text."""
        return SoqlError.at(self._text, at, code, reason)

    def _field_of(self, call: tree.Call) -> Column:
        if not isinstance(call.argument, tree.Path):
            raise self._unexpected_parenthesis(call.argument or call)
        return self.column(call.argument, Place.SELECT)

    def _aggregate(self, call: tree.Call, name: str) -> Function:
        column = self._field_of(call)
        result = functions.aggregate_type(name, column.field)
        if result is None:
            reason = f"field {column.field.name} does not support aggregate operator {name}"
            raise self.error(call.at, reason)
        return Function(name, column, result)

    def _date_function(self, call: tree.Call, name: str) -> Function:
        argument: Expression
        inner = call.argument
        if isinstance(inner, tree.Call) and inner.name.text.upper() == functions.CONVERT_TIMEZONE:
            converted = self._field_of(inner)
            if converted.type != "datetime":
                raise self._wrong_argument(inner, converted)
            argument = Function(functions.CONVERT_TIMEZONE, converted, "datetime")
        else:
            argument = self._field_of(call)
        definition = functions.DATE_FUNCTIONS[name]
        if not definition.accepts(argument.field):
            raise self._wrong_argument(call, argument)
        return Function(name, argument, definition.type)

    def _format(self, call: tree.Call) -> Function:
        inner = call.argument
        argument: Expression
        if isinstance(inner, tree.Call) and inner.name.text.upper() in functions.AGGREGATES:
            argument = self._aggregate(inner, inner.name.text.upper())
        elif isinstance(inner, tree.Call) and inner.name.text.upper() == functions.CONVERT_CURRENCY:
            argument = self._convert_currency(inner)
        else:
            argument = self._field_of(call)
        return Function(functions.FORMAT, argument, "string")

    def _convert_currency(self, call: tree.Call) -> Function:
        column = self._field_of(call)
        if column.type != "currency":
            raise self._wrong_argument(call, column)
        return Function(functions.CONVERT_CURRENCY, column, column.type)

    def _wrong_argument(self, call: tree.Call, argument: Expression) -> SoqlError:
        reason = f"field {argument.field.name} of type {argument.field.type} cannot be used with {call.name.text}"
        return self.error(call.at, reason, errors.INVALID_FIELD)

    def _unexpected_parenthesis(self, node: tree.Expression) -> SoqlError:
        opening = self._text.index("(", node.at)
        return self.error(opening, "unexpected token: '('")


def is_aggregate(expression: Expression) -> bool:
    """Whether the expression is computed over a group of rows."""
    if isinstance(expression, Column):
        return False
    return expression.name in functions.AGGREGATES or is_aggregate(expression.argument)


def calls_aggregate(node: tree.Expression) -> bool:
    """Whether an expression, as it is written, calls an aggregate function."""
    while isinstance(node, tree.Call):
        if node.name.text.upper() in functions.AGGREGATES:
            return True
        if node.argument is None:
            return False
        node = node.argument
    return False
