"""Expressions and conditions as SQL.

SQL's third truth value does not exist in SOQL: a test of an empty field is simply false, and its negation true.
Hence `IS NOT TRUE` for NOT.

Text compares without regard to case unless the field is case-sensitive. With text that is all ASCII that is what
NOCASE does, and an index that collates NOCASE (as text columns do) serves it; no other letter turns into an ASCII
one. Other text, and text that is sorted or grouped by, compares folded: SQLite folds ASCII, a function the rest.
Ids, dates and numbers compare as they lie in the table.
"""

from __future__ import annotations

import orjson

from actionsync_simulators.salesforce.schema.ddl import needs_index
from actionsync_simulators.salesforce.schema.model import TEXT_TYPES, SObject
from actionsync_simulators.salesforce.soql import functions, plan
from actionsync_simulators.salesforce.soql.sql_functions import FINDS, FOLDED, LOCAL_MOMENT, TEXT_ORDER, folded
from actionsync_simulators.salesforce.soql.tables import Binder, Tables


def deleted_filter(sobject: SObject, alias: str, *, include_deleted: bool) -> list[str]:
    """What keeps deleted rows and archived activities out, unless they are asked for."""
    if include_deleted:
        return []
    terms = [f'{alias}."IsDeleted" = 0']
    if sobject.activity and "IsArchived" in sobject.fields:
        terms.append(f'{alias}."IsArchived" = 0')
    return terms


def in_list(value: str, parameter: str) -> str:
    """Whether a value is in the JSON array that a parameter holds; an index on the value serves it."""
    return f"{value} IN (SELECT value FROM json_each({parameter}))"  # noqa: S608 - made here, values are bound


def led_by_index(node: plan.Condition) -> bool:
    """Whether an index of a column other than Id leads to all rows for which a condition can be true."""
    match node:
        case plan.AllOf(terms):
            return any(led_by_index(term) for term in terms)
        case plan.Compare(left, operator, _) if operator != "!=":
            return _indexed(left)
        case plan.Within(left) | plan.OneOf(left) | plan.InSelect(left):
            return _indexed(left)
        case _:
            return False


def _indexed(expression: plan.Expression) -> bool:
    return isinstance(expression, plan.Column) and not expression.steps and needs_index(expression.field)


class SqlWriter:
    """Writes the expressions and conditions of one statement over its tables.

    `absent` are the keys of the groups that the rows are totals of: they are null, and GROUPING() of them is 1.
    """

    def __init__(
        self,
        tables: Tables,
        binder: Binder,
        *,
        zone: str,
        include_deleted: bool,
        absent: frozenset[str] = frozenset(),
    ) -> None:
        self.tables = tables
        self.absent = absent
        self._binder = binder
        self._zone = zone
        self._include_deleted = include_deleted
        self.sql_functions: set[str] = set()

    def expression(self, expression: plan.Expression) -> str:
        """The value of an expression."""
        if expression.key in self.absent:
            return "NULL"
        if isinstance(expression, plan.Column):
            return self.tables.column(expression)
        name = expression.name
        if name == functions.GROUPING:
            return str(int(expression.argument.key in self.absent))
        if name in functions.AGGREGATES:
            return self._aggregate(name, expression.argument)
        argument = self.expression(expression.argument)
        if name in functions.DATE_FUNCTIONS:
            return functions.DATE_FUNCTIONS[name].sql.format(x=argument)
        if name == functions.CONVERT_TIMEZONE:
            return self._call(LOCAL_MOMENT, argument, self._binder.bind(self._zone))
        if name == functions.TO_LABEL:
            return self._label(expression, argument)
        return argument

    def comparable(self, expression: plan.Expression) -> str:
        """What an expression sorts, groups and is told apart by."""
        sql = self.expression(expression)
        return self._folded(sql) if _ignores_case(expression) and sql != "NULL" else sql

    def _aggregate(self, name: str, argument: plan.Expression) -> str:
        if name == functions.COUNT_DISTINCT:
            return f"COUNT(DISTINCT {self.comparable(argument)})"
        sql = self.expression(argument)
        if name in ("MIN", "MAX") and _ignores_case(argument):
            self.sql_functions.add(TEXT_ORDER)
            sql = f"{sql} COLLATE {TEXT_ORDER}"
        return f"{name}({sql})"

    def _folded(self, sql: str) -> str:
        return f"CASE WHEN {sql} GLOB '*[^ -~]*' THEN {self._call(FOLDED, sql)} ELSE lower({sql}) END"

    def _compared(self, left: plan.Expression, value: plan.Scalar) -> tuple[str, plan.Scalar]:
        """Both sides of a comparison of an expression with a value."""
        sql = self.expression(left)
        if not isinstance(value, str) or not _ignores_case(left):
            return sql, value
        return (f"{sql} COLLATE NOCASE", value) if value.isascii() else (self._folded(sql), folded(value))

    def condition(self, node: plan.Condition) -> str:
        """A condition, in parentheses where it needs them."""
        match node:
            case plan.Compare(left, operator, value):
                sql, other = self._compared(left, value)
                return f"({sql} {'IS NOT' if operator == '!=' else operator} {self._binder.bind(other)})"
            case plan.Like(left, pattern):
                sql = self.expression(left)
                if not pattern.isascii():
                    sql, pattern = self._folded(sql), folded(pattern)
                return f"({sql} LIKE {self._binder.bind(pattern)} ESCAPE '\\')"
            case plan.IsNull(left):
                return f"({self.expression(left)} IS NULL)"
            case plan.Within(left, start, end):
                sql = self.expression(left)
                return f"({sql} >= {self._binder.bind(start)} AND {sql} < {self._binder.bind(end)})"
            case plan.OneOf(left, values):
                return self._one_of(left, values)
            case plan.Includes(left, sets):
                return self._includes(left, sets)
            case plan.InSelect():
                return self._in_select(node)
            case plan.Matches(left, pattern, likely):
                sql = self.expression(left)
                found = self._call(FINDS, sql, self._binder.bind(pattern))
                return f"({sql} LIKE {self._binder.bind(likely)} ESCAPE '\\' AND {found})"
            case plan.Not(term):
                return f"({self.condition(term)} IS NOT TRUE)"
            case plan.AllOf(terms):
                return _balanced("AND", [self.condition(term) for term in terms])
            case plan.AnyOf(terms):
                return _balanced("OR", [self.condition(term) for term in terms]) if terms else "(0)"

    def _one_of(self, left: plan.Expression, values: tuple[plan.Scalar, ...]) -> str:
        lists: dict[str, list[plan.Scalar]] = {}
        for value in values:
            sql, other = self._compared(left, value)
            lists.setdefault(sql, []).append(other)
        terms = [in_list(sql, self._binder.bind(orjson.dumps(some).decode())) for sql, some in lists.items()]
        return f"({' OR '.join(terms)})"

    def _call(self, function: str, *arguments: str) -> str:
        self.sql_functions.add(function)
        return f"{function}({', '.join(arguments)})"

    def _label(self, expression: plan.Function, argument: str) -> str:
        renamed = [entry for entry in expression.field.picklist if entry.label != entry.value]
        if not renamed:
            return argument
        cases = " ".join(
            f"WHEN {self._binder.bind(entry.value)} THEN {self._binder.bind(entry.label)}" for entry in renamed
        )
        return f"CASE {argument} {cases} ELSE {argument} END"

    def _includes(self, left: plan.Expression, sets: tuple[tuple[str, ...], ...]) -> str:
        sql = self.expression(left)

        def has(entry: str) -> str:
            own = f"lower({sql})" if entry.isascii() else self._folded(sql)
            return f"instr(';' || {own} || ';', ';' || {self._binder.bind(folded(entry))} || ';') > 0"

        alternatives = [_balanced("AND", [has(entry) for entry in each]) for each in sets]
        return _balanced("OR", alternatives) if alternatives else "(0)"

    def _in_select(self, node: plan.InSelect) -> str:
        tables = Tables(node.source, self._binder, self.tables.access)
        inner = SqlWriter(tables, self._binder, zone=self._zone, include_deleted=self._include_deleted)
        selected = inner.expression(node.selected)
        terms = deleted_filter(node.source, tables.alias, include_deleted=self._include_deleted)
        # A null in the list would make SQL's IN unknown where SOQL's is false.
        terms.append(f"{selected} IS NOT NULL")
        if node.where is not None:
            terms.append(inner.condition(node.where))
        self.sql_functions |= inner.sql_functions
        where = " AND ".join(terms)
        return f"({self.expression(node.left)} IN (SELECT {selected} {tables.from_sql()} WHERE {where}))"


def _ignores_case(expression: plan.Expression) -> bool:
    return expression.type in TEXT_TYPES and not expression.field.case_sensitive


def _balanced(operator: str, terms: list[str]) -> str:
    """The terms joined as a balanced tree: SQLite limits how deep an expression may be, not how wide."""
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    return f"({_balanced(operator, terms[:middle])} {operator} {_balanced(operator, terms[middle:])})"
