"""A definition as one SQL query over people, activities and memberships. Every value is bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actionsync_simulators.marketo.activities.query import EVER, kept_since
from actionsync_simulators.marketo.leads.rows import COOKIES
from actionsync_simulators.marketo.smart_lists.conditions import Query, TimeForm, condition_sql
from actionsync_simulators.marketo.smart_lists.definition import (
    CAMPAIGN_ID,
    PRIMARY,
    PRIMARY_ID,
    ActivityFilter,
    Constraint,
    Definition,
    FieldFilter,
    Filter,
    MemberFilter,
)
from actionsync_simulators.marketo.smart_lists.periods import period
from actionsync_simulators.marketo.smart_lists.rule import Rule, Word, joined, parse_rule

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

_COLUMNS = {PRIMARY: "asset", PRIMARY_ID: "asset_id", CAMPAIGN_ID: "campaign_id"}
COOKIES_OF_LEAD = "(SELECT group_concat(cookie) FROM lead_cookies WHERE lead_id = leads.id)"


@dataclass(frozen=True, slots=True)
class Compiler:
    """Turns definitions into SQL conditions on the table `leads`. `find` returns another smart list's definition."""

    site: Subscription
    query: Query
    find: Callable[[int], Definition]

    def condition(self, definition: Definition) -> str:
        """Return the SQL condition that a person of the list meets."""
        word: Word = "or" if definition.match == "any" else "and"
        count = len(definition.filters)
        rule = parse_rule(definition.rule, filters=count) if definition.rule else joined(word, count)
        parts = [self._filter(one) for one in definition.filters]
        return _join(rule, parts)

    def _filter(self, one: Filter) -> str:
        if isinstance(one, FieldFilter):
            return self._field(one)
        return self._activity(one) if isinstance(one, ActivityFilter) else self._member(one)

    def _field(self, one: FieldFilter) -> str:
        field = self.site.fields[one.field]
        expression = COOKIES_OF_LEAD if one.field == COOKIES else f"leads.{field.column}"
        return condition_sql(self.query, expression, one.kind, one.condition, form=_form(one))

    def _activity(self, one: ActivityFilter) -> str:
        query, bind = self.query, self.query.bind
        parts = [f"type_id = {bind(one.type_id)}"]
        first = kept_since(self.site, one.type_id)
        end = None
        if one.date is not None and one.date.operator != "is not":
            start, end = period(one.date, now=query.now, zone=query.zone).seconds()
            first = max(first, EVER if start is None else start)
        elif one.date is not None:
            parts.append(condition_sql(query, "at", "datetime", one.date, form="seconds"))
        if first > EVER:
            parts.append(f"at >= {bind(first)}")
        if end is not None:
            parts.append(f"at < {bind(end)}")
        parts.append(f"(visible_at IS NULL OR visible_at <= {bind(query.now.timestamp())})")
        parts += [self._constraint(constraint) for constraint in one.constraints]
        people = f"SELECT lead_id FROM activities WHERE {' AND '.join(parts)}"  # noqa: S608 - every value is bound
        if one.at_least > 1:
            people += f" GROUP BY lead_id HAVING count(*) >= {bind(one.at_least)}"
        return f"leads.id {'NOT ' if one.negated else ''}IN ({people})"

    def _constraint(self, one: Constraint) -> str:
        column = _COLUMNS.get(one.attribute)
        if column is None:
            # A plain name is taken as a key; one with a dollar sign in front would be taken as a path.
            column = f"""json_extract(attributes, '$."' || {self.query.bind(one.attribute)} || '"')"""
        if one.kind == "text":
            expression = f"CAST({column} AS TEXT) COLLATE NOCASE"
        elif one.kind == "number":
            expression = f"CAST({column} AS REAL)"
        elif one.kind == "datetime":
            expression = f"unixepoch({column})"
        else:
            expression = column
        form: TimeForm = "day" if one.kind == "date" else "seconds"
        return condition_sql(self.query, expression, one.kind, one.condition, form=form)

    def _member(self, one: MemberFilter) -> str:
        if one.group == "smart list":
            found = " OR ".join(f"({self.condition(self.find(list_id))})" for list_id in one.ids)
        elif one.group == "list":
            lists = self.query.each(one.ids)
            found = f"leads.id IN (SELECT lead_id FROM list_members WHERE list_id IN {lists})"  # noqa: S608
        else:
            programs = self.query.each(one.ids)
            found = f"leads.id IN (SELECT lead_id FROM program_members WHERE program_id IN {programs}"  # noqa: S608
            found += f" AND status COLLATE NOCASE IN {self.query.each(one.statuses)})" if one.statuses else ")"
        return f"NOT ifnull({found}, FALSE)" if one.negated else f"({found})"


def _form(one: FieldFilter) -> TimeForm:
    return "day" if one.kind == "date" else "wire"


def _join(rule: Rule, parts: list[str]) -> str:
    if isinstance(rule, int):
        return parts[rule - 1]
    return "(" + f" {rule.word.upper()} ".join(_join(part, parts) for part in rule.parts) + ")"
