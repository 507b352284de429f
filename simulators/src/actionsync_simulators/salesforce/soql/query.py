"""The compiled query: what the endpoints ask of SOQL.

The tables are those of `schema.ddl`: one per object, wire-form values, primary key Id. For the compiled statements
to be served by indexes they need: ids, references, dates and moments indexed as they are (BINARY); text columns that
are looked up (Email, external ids) indexed with NOCASE, which the column's own collation gives. An index that leaves
out nulls (`WHERE x IS NOT NULL`) serves as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from actionsync_simulators.database import Database
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.schema.model import Schema
from actionsync_simulators.salesforce.soql import columns, errors, explain, plan, results
from actionsync_simulators.salesforce.soql.check import Checker
from actionsync_simulators.salesforce.soql.compile import Compiler
from actionsync_simulators.salesforce.soql.compile_groups import MAX_GROUPS, group_page
from actionsync_simulators.salesforce.soql.dates import Calendar, utc, zone_named
from actionsync_simulators.salesforce.soql.errors import SoqlError
from actionsync_simulators.salesforce.soql.pages import GroupPage, Page, Statement

Record = dict[str, Any]


def compile_query(
    text: str,
    *,
    schema: Schema,
    access: Access,
    include_deleted: bool,
    now: datetime,
    timezone: str,
    user_id: str,
) -> Query:
    """Compile a query text for one user at one moment.

    `include_deleted` is what queryAll asks for; `now` (aware) and `timezone` (IANA name) give relative dates their
    meaning; `user_id` (18 characters) is the running user. Raises SoqlError with the vendor's code and message for a
    query the platform refuses, and ValueError for a naive `now` or an unknown zone.
    """
    # The parser generator is imported by the first query, not by the start of the process.
    from actionsync_simulators.salesforce.soql.parse import parse

    calendar = Calendar(utc(now), zone_named(timezone))
    checker = Checker(
        text, schema=schema, access=access, calendar=calendar, include_deleted=include_deleted, user_id=user_id
    )
    checked = checker.query(parse(text))
    query = Query(text, checked, Compiler(access=access, zone=timezone))
    query.prepare()
    return query


class Query:
    """One compiled query. Reading it twice reads the rows twice; the SQL is made once."""

    def __init__(self, text: str, checked: plan.QueryPlan, compiler: Compiler) -> None:
        self.text = text
        self._plan = checked
        self._compiler = compiler

    @property
    def plan(self) -> plan.QueryPlan:
        """The checked query, for those who allow only some queries."""
        return self._plan

    @property
    def object_name(self) -> str:
        """The queried object."""
        return self._plan.source.name

    @property
    def is_count(self) -> bool:
        """Whether it is `SELECT COUNT()`: ask `count`, there are no records."""
        return self._plan.counts_rows

    @property
    def is_aggregate(self) -> bool:
        """Whether its records are groups: ask `aggregate_records`."""
        return self._plan.groups is not None

    def prepare(self) -> None:
        """Make the SQL now. Raises SoqlError (QUERY_TOO_COMPLICATED) for a query that joins too much."""
        if self.is_count:
            _ = self.count_statement
        elif self.is_aggregate:
            _ = self.groups
        else:
            _ = self.keys_statement, self.page

    @cached_property
    def count_statement(self) -> Statement:
        """The SQL that counts the matching rows."""
        return self._compiler.count(self._plan)

    @cached_property
    def keys_statement(self) -> Statement:
        """The SQL that finds the keys of all matching rows."""
        return self._compiler.keys(self._plan)

    @cached_property
    def page(self) -> Page:
        """The SQL that reads records by their keys, with the shape of the records."""
        return self._compiler.page(self._plan)

    @cached_property
    def groups(self) -> GroupPage:
        """The SQL of an aggregate query."""
        return group_page(self._plan, self._compiler.access, self._compiler.zone)

    def ids(self, db: Database) -> list[str]:
        """The keys of all matching rows in order: the snapshot behind a cursor."""
        return [row[0] for row in results.run(db, self.keys_statement)]

    def records(self, db: Database, keys: Sequence[str], *, version: str) -> list[Record]:
        """The wire records of these keys in their order, with the values the rows have now.

        `version` is the URL segment of the API version (`v60.0`). A row that has vanished since is left out.
        """
        return results.read_page(db, self.page, keys, base=f"/services/data/{version}/sobjects/")

    def count(self, db: Database) -> int:
        """How many rows match (with LIMIT and OFFSET)."""
        return int(results.run(db, self.count_statement)[0][0])

    def aggregate_records(self, db: Database) -> list[Record]:
        """The wire records of an aggregate query. Raises SoqlError (EXCEEDED_ID_LIMIT) above 2,000 groups."""
        records = results.read_groups(db, self.groups)
        if len(records) > MAX_GROUPS:
            raise SoqlError(
                errors.EXCEEDED_ID_LIMIT,
                "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch",
            )
        return records

    def columns(self) -> Record:
        """The answer to `columns=true`: a description of the selected columns instead of records."""
        return {"columnMetadata": columns.describe(self._plan.outputs)}

    def explain(self, db: Database) -> Record:
        """The answer to `explain`: how the rows would be found."""
        return explain.explain(db, self.text, self._plan, self._compiler)
