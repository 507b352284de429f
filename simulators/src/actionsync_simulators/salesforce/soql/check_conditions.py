"""Checks WHERE and HAVING: operators against types, literals against fields, where semi-joins may stand."""

from __future__ import annotations

from collections.abc import Callable

from actionsync_simulators.salesforce.soql import errors, plan, tree
from actionsync_simulators.salesforce.soql.check_values import ID_TYPES, Values
from actionsync_simulators.salesforce.soql.dates import Period
from actionsync_simulators.salesforce.soql.errors import SoqlError

MAX_NESTING = 20
"""Deeper conditions are refused; SQLite's parser reaches its own end at some thirty levels."""
"""Levels of parentheses and NOTs; a deeper query is refused as too complicated."""

RANGE_OPERATORS = frozenset({"<", "<=", ">", ">="})

SEMI_JOIN_UNDER_OR = "Semi join sub-selects are not allowed with the 'OR' operator"
SEMI_JOIN_NESTED = (
    "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions"
)

SemiJoinCheck = Callable[[tree.SemiJoin, plan.Expression], plan.InSelect]


class Conditions:
    """Checks the conditions of one WHERE or HAVING.

    `resolve` finds what a left side means there; without `semi_join` sub-selects are refused.
    """

    def __init__(
        self,
        text: str,
        values: Values,
        *,
        resolve: Callable[[tree.Expression], plan.Expression],
        semi_join: SemiJoinCheck | None = None,
    ) -> None:
        self._text = text
        self._values = values
        self._resolve = resolve
        self._semi_join = semi_join

    def check(self, node: tree.Condition) -> plan.Condition:
        """The checked condition. Raises SoqlError for what the platform refuses."""
        return self._check(node, depth=0, semi_joins_refused=None)

    def _check(self, node: tree.Condition, *, depth: int, semi_joins_refused: str | None) -> plan.Condition:
        if depth > MAX_NESTING:
            raise SoqlError(
                errors.QUERY_TOO_COMPLICATED,
                "Query is either selecting too many fields or the filter conditions are too complicated.",
            )
        if isinstance(node, (tree.And, tree.Or, tree.Not)):
            refused = semi_joins_refused
            if isinstance(node, tree.Or) and depth == 0:
                refused = SEMI_JOIN_UNDER_OR
            elif refused or not isinstance(node, tree.And):
                refused = SEMI_JOIN_NESTED
            written = (node.term,) if isinstance(node, tree.Not) else node.terms
            terms = tuple(self._check(term, depth=depth + 1, semi_joins_refused=refused) for term in written)
            if isinstance(node, tree.Not):
                return plan.Not(terms[0])
            return plan.AllOf(terms) if isinstance(node, tree.And) else plan.AnyOf(terms)
        if isinstance(node, tree.SemiJoin) and semi_joins_refused:
            raise self._error(node.left, semi_joins_refused)
        left = self._resolve(node.left)
        if isinstance(node, tree.Comparison):
            return self._comparison(node, left)
        condition = self._set_test(node, left)
        return plan.Not(condition) if node.negated else condition

    def _set_test(
        self, node: tree.Membership | tree.Inclusion | tree.SemiJoin, left: plan.Expression
    ) -> plan.Condition:
        if isinstance(node, tree.Membership):
            return self._membership(node, left)
        if isinstance(node, tree.Inclusion):
            return self._inclusion(node, left)
        if self._semi_join is None:
            raise self._error(node.left, "Semi-joins are only supported in WHERE clauses")
        return self._semi_join(node, left)

    def _comparison(self, node: tree.Comparison, left: plan.Expression) -> plan.Condition:
        operator = node.operator
        self._check_operator(node, left)
        if operator == "LIKE":
            return plan.Like(left, self._values.pattern(left, node.left.at, node.value))
        value = self._values.value(left, node.left.at, node.value)
        if value is None:
            if operator in RANGE_OPERATORS:
                return plan.AnyOf(())
            return plan.IsNull(left) if operator == "=" else plan.Not(plan.IsNull(left))
        if not isinstance(value, Period):
            return plan.Compare(left, operator, value)
        match operator:
            case "=":
                return plan.Within(left, value.start, value.end)
            case "!=":
                return plan.Not(plan.Within(left, value.start, value.end))
            case "<" | ">=":
                return plan.Compare(left, operator, value.start)
            case _:
                return plan.Compare(left, "<" if operator == "<=" else ">=", value.end)

    def _membership(self, node: tree.Membership, left: plan.Expression) -> plan.Condition:
        scalars: list[plan.Scalar] = []
        ranges: list[plan.Condition] = []
        has_null = False
        for literal in node.values:
            value = self._values.value(left, node.left.at, literal)
            if value is None:
                has_null = True
            elif isinstance(value, Period):
                ranges.append(plan.Within(left, value.start, value.end))
            else:
                scalars.append(value)
        terms: list[plan.Condition] = [*ranges]
        if scalars:
            terms.append(plan.OneOf(left, tuple(scalars)))
        if has_null:
            terms.append(plan.IsNull(left))
        return terms[0] if len(terms) == 1 else plan.AnyOf(tuple(terms))

    def _inclusion(self, node: tree.Inclusion, left: plan.Expression) -> plan.Condition:
        if left.type != "multipicklist":
            word = "excludes" if node.negated else "includes"
            raise self._bad_operator(node.left, f"{word} operator only valid on multipicklist field")
        written = (self._values.value(left, node.left.at, literal) for literal in node.values)
        sets = tuple(tuple(str(value).split(";")) for value in written if value is not None)
        includes = plan.Includes(left, sets)
        if len(sets) < len(node.values):
            return plan.AnyOf((includes, plan.IsNull(left)))
        return includes

    def _check_operator(self, node: tree.Comparison, left: plan.Expression) -> None:
        operator = node.operator
        kind = "id" if left.type in ID_TYPES else left.type
        textual = kind not in ("id", "int", "double", "currency", "percent", "boolean", "date", "datetime")
        if operator == "LIKE" and (not textual or kind == "multipicklist"):
            raise self._bad_operator(node.left, f"invalid operator on {kind} field")
        if operator in RANGE_OPERATORS and kind in ("boolean", "multipicklist"):
            raise self._bad_operator(node.left, f"invalid operator on {kind} field")

    def _bad_operator(self, left: tree.Expression, reason: str) -> SoqlError:
        return self._error(left, reason, errors.INVALID_QUERY_FILTER_OPERATOR)

    def _error(self, left: tree.Expression, reason: str, code: str = errors.MALFORMED_QUERY) -> SoqlError:
        return SoqlError.at(self._text, left.at, code, reason)
