"""From rows to wire records, as a page's shape says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from actionsync_simulators.database import Database
from actionsync_simulators.salesforce.soql import sql_functions
from actionsync_simulators.salesforce.soql.compile import ChildPage, GroupPage, Page, Shape, Statement

Record = dict[str, Any]


def run(db: Database, statement: Statement, *leading: str) -> list[Any]:
    """The rows of a statement; `leading` are the parameters before its own."""
    if statement.calls:
        sql_functions.register(db, statement.calls)
    return db.rows(statement.sql, (*leading, *statement.params))


def read_page(db: Database, page: Page, keys: Sequence[str], *, base: str) -> list[Record]:
    """The records of these keys, in their order; a row that is gone is left out.

    `base` is the URL path of the objects, such as `/services/data/v60.0/sobjects/`.
    """
    rows = {row[0]: row for row in run(db, page.statement, _json(keys))}
    found = [key for key in keys if key in rows]
    records = [_record(page.shape, rows[key], base) for key in found]
    for child in page.children:
        _add_children(db, child, found, records, base=base)
    return records


def read_groups(db: Database, page: GroupPage) -> list[Record]:
    """The records of an aggregate query."""
    records = []
    for row in run(db, page.statement):
        record: Record = {"attributes": {"type": "AggregateResult"}}
        record.update(zip(page.names, row, strict=True))
        for name in page.booleans:
            record[name] = bool(record[name])
        for name, render in page.rendered:
            if record[name] is not None:
                record[name] = render(record[name])
        records.append(record)
    return records


def _add_children(db: Database, child: ChildPage, parents: Sequence[str], records: list[Record], *, base: str) -> None:
    rows_of: dict[str, list[Any]] = {}
    for row in run(db, child.page.statement, _json(parents)):
        rows_of.setdefault(row[-1], []).append(row)
    end = None if child.limit is None else child.offset + child.limit
    keys: list[str] = []
    children: list[Record] = []
    for parent, record in zip(parents, records, strict=True):
        rows = rows_of.get(parent, [])[child.offset : end]
        if rows:
            own = [_record(child.page.shape, row, base) for row in rows]
            record[child.name] = {"totalSize": len(own), "done": True, "records": own}
            keys += [row[0] for row in rows]
            children += own
    for grandchild in child.page.children:
        _add_children(db, grandchild, keys, children, base=base)


def _record(shape: Shape, row: Any, base: str) -> Record:
    names, start = shape.names, shape.start
    values = row[start : start + len(names)] if start else row
    record: Record = dict(zip(names, values, strict=False))
    record_id = record["attributes"]
    types = shape.types
    if isinstance(types, str):
        record["attributes"] = {"type": types, "url": f"{base}{types}/{record_id}"}
    else:
        record["attributes"] = {"type": "Name", "url": f"{base}{types[record_id[:3]]}/{record_id}"}
    for name in shape.booleans:
        record[name] = record[name] == 1
    for name, render in shape.rendered:
        if record[name] is not None:
            record[name] = render(record[name])
    for name, parent in shape.parents:
        if record[name] is not None:
            record[name] = _record(parent, row, base)
    return record


def _json(keys: Sequence[str]) -> str:
    return orjson.dumps(list(keys)).decode()
