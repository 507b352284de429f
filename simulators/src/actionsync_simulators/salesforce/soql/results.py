"""From rows to wire records, as a page's shape says.

A page of thousands of rows passes here, so the work per row is small: what is the same for every row is worked out
once per page, and a parent that many rows share is made once. Records are therefore only ever read, never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import orjson

from actionsync_simulators.database import Database
from actionsync_simulators.salesforce.soql import sql_functions
from actionsync_simulators.salesforce.soql.pages import ChildPage, GroupPage, Page, Shape, Statement

Record = dict[str, Any]
Row: TypeAlias = tuple[Any, ...]
Maker: TypeAlias = Callable[[Row], Record]


def run(db: Database, statement: Statement, *leading: str) -> list[Row]:
    """The rows of a statement; `leading` are the parameters before its own."""
    if statement.calls:
        sql_functions.register(db, statement.calls)
    return db.tuples(statement.sql, (*leading, *statement.params))


def read_page(db: Database, page: Page, keys: Sequence[str], *, base: str) -> list[Record]:
    """The records of these keys, in their order; a row that is gone is left out.

    `base` is the URL path of the objects, such as `/services/data/v60.0/sobjects/`.
    """
    rows = {row[0]: row for row in run(db, page.statement, _json(keys))}
    found = [key for key in keys if key in rows]
    make = _maker(page.shape, base)
    records = [make(rows[key]) for key in found]
    for child in page.children:
        _add_children(db, child, found, records, base=base)
    return records


def read_groups(db: Database, page: GroupPage) -> list[Record]:
    """The records of an aggregate query."""
    records = []
    for row in run(db, page.statement):
        record: Record = {"attributes": {"type": "AggregateResult"}}
        record.update(zip(page.names, row, strict=False))
        for name in page.booleans:
            if record[name] is not None:
                record[name] = bool(record[name])
        for name, render in page.rendered:
            if record[name] is not None:
                record[name] = render(record[name])
        records.append(record)
    return records


def _add_children(db: Database, child: ChildPage, parents: Sequence[str], records: list[Record], *, base: str) -> None:
    rows_of: dict[str, list[Row]] = {}
    for row in run(db, child.page.statement, _json(parents)):
        rows_of.setdefault(row[-1], []).append(row)
    end = None if child.limit is None else child.offset + child.limit
    make = _maker(child.page.shape, base)
    keys: list[str] = []
    children: list[Record] = []
    for parent, record in zip(parents, records, strict=True):
        rows = rows_of.get(parent, [])[child.offset : end]
        if rows:
            own = [make(row) for row in rows]
            record[child.name] = {"totalSize": len(own), "done": True, "records": own}
            keys += [row[0] for row in rows]
            children += own
    for grandchild in child.page.children:
        _add_children(db, grandchild, keys, children, base=base)


def _maker(shape: Shape, base: str) -> Maker:
    """What makes the record of a row that has one."""
    names, start, types = shape.names, shape.start, shape.types
    end = start + len(names)
    booleans, rendered = shape.booleans, shape.rendered
    parents = [(name, _parent_maker(each, base)) for name, each in shape.parents]
    variants = [(name, [_parent_maker(each, base) for each in shapes]) for name, shapes in shape.variants]
    plain = not (booleans or rendered or parents or variants)
    kind = types if isinstance(types, str) else "Name"
    url = f"{base}{types}/"
    urls = {} if isinstance(types, str) else {prefix: f"{base}{name}/" for prefix, name in types.items()}

    def make(row: Row) -> Record:
        record: Record = dict(zip(names, row[start:end]))  # noqa: B905 - as long as each other, and checked slowly
        record_id = row[start]
        record["attributes"] = {"type": kind, "url": (urls[record_id[:3]] if urls else url) + record_id}
        if plain:
            return record
        for name in booleans:
            record[name] = record[name] == 1
        for name, render in rendered:
            if record[name] is not None:
                record[name] = render(record[name])
        for name, parent in parents:
            record[name] = parent(row)
        for name, branches in variants:
            record[name] = next((found for branch in branches if (found := branch(row)) is not None), None)
        return record

    return make


def _parent_maker(shape: Shape, base: str) -> Callable[[Row], Record | None]:
    """What makes the record of a row's parent, None without one; rows of one parent share its record."""
    start, make = shape.start, _maker(shape, base)
    made: dict[str, Record] = {}

    def parent(row: Row) -> Record | None:
        parent_id = row[start]
        if parent_id is None:
            return None
        record = made.get(parent_id)
        if record is None:
            record = made[parent_id] = make(row)
        return record

    return parent


def _json(keys: Sequence[str]) -> str:
    return orjson.dumps(list(keys)).decode()
