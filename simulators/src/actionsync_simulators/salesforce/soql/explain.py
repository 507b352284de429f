"""What `explain` answers: the plan by which the rows of a query would be found, told from SQLite's own plan."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actionsync_simulators.database import Database, quoted
from actionsync_simulators.salesforce.soql import results
from actionsync_simulators.salesforce.soql.compile import Compiler
from actionsync_simulators.salesforce.soql.pages import Statement
from actionsync_simulators.salesforce.soql.plan import QueryPlan

_SEARCHED = re.compile(r"SEARCH t1 USING .*INDEX \S+ \((\w+)")


def explain(db: Database, text: str, query: QueryPlan, compiler: Compiler) -> dict[str, Any]:
    """The answer to `explain`: one plan, with the field whose index leads to the rows, if one does."""
    found = replace(query, limit=None, offset=None)
    statement = compiler.keys(found)
    steps = results.run(db, Statement(f"EXPLAIN QUERY PLAN {statement.sql}", statement.params, statement.calls))
    searched = next((match[1] for row in steps if (match := _SEARCHED.match(row[-1]))), None)
    total = db.value(f"SELECT COUNT(*) FROM {quoted(query.source.name)}")  # noqa: S608 - a name of the schema
    matching = int(results.run(db, compiler.count(found))[0][0])
    return {
        "plans": [
            {
                "cardinality": matching,
                "fields": [] if searched is None else [searched],
                "leadingOperationType": "TableScan" if searched is None else "Index",
                "notes": [],
                "relativeCost": round(matching / total, 3) if searched is not None and total else 1.0,
                "sobjectCardinality": total,
                "sobjectType": query.source.name,
            }
        ],
        "sourceQuery": text,
    }
