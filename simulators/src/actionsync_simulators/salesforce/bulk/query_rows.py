"""What a bulk query may ask, and its rows as CSV or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from actionsync_simulators.salesforce.bulk.csv_format import Dialect
from actionsync_simulators.salesforce.gateway.messages import Caller
from actionsync_simulators.salesforce.gateway.times import parse_wire
from actionsync_simulators.salesforce.query.query import time_zone_of
from actionsync_simulators.salesforce.schema.model import COMPOUND_TYPES
from actionsync_simulators.salesforce.soql import Query, SoqlError, compile_query, plan
from actionsync_simulators.salesforce.state import Org

PAGE = 2_000
"""Records read at once."""
NOT_SERVED = frozenset({"TaskPriority", "TaskStatus", "TaskWhoRelation", "EventWhoRelation"})
"""Objects that the Bulk API does not query."""
MILLISECONDS = 1000

Record = dict[str, Any]


class NotForBulk(Exception):
    """A query that is right, but not for a bulk job; code (in words) and message as the vendor has them."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class BulkQuery:
    """A compiled query of a bulk job. Raises SoqlError for a wrong query and NotForBulk for one that is not allowed."""

    def __init__(self, org: Org, caller: Caller, text: str, *, include_deleted: bool) -> None:
        self._org = org
        self.compiled = _compiled(org, caller, text, include_deleted=include_deleted)
        self.plan = self.compiled.plan
        _check(self.plan, self.compiled.object_name)
        self._values = [output for output in self.plan.outputs if isinstance(output, plan.Value)]
        self.names = tuple(value.path for value in self._values)
        self._cells = [(tuple(value.path.split(".")), _cell_of(value.expression.type)) for value in self._values]
        moments = [value for value in self._values if value.expression.type in ("date", "datetime")]
        self._moments = [(tuple(value.path.split(".")), value.expression.type) for value in moments]

    @property
    def splittable(self) -> bool:
        """Whether the rows can be split into chunks by their ids."""
        return not self.plan.order and self.plan.limit is None and not self.compiled.is_aggregate

    def keys(self) -> list[str] | None:
        """The keys of all matching rows, None for an aggregate query."""
        return None if self.compiled.is_aggregate else self.compiled.ids(self._org.database)

    def pages(self, keys: list[str] | None, *, version: str) -> Iterator[list[Record]]:
        """The records, page by page (at least one page, which may be empty)."""
        if keys is None:
            yield self.compiled.aggregate_records(self._org.database)
            return
        for start in range(0, max(len(keys), 1), PAGE):
            yield self.compiled.records(self._org.database, keys[start : start + PAGE], version=f"v{version}")

    def csv_rows(self, records: list[Record], dialect: Dialect) -> list[bytes]:
        """Records as lines of CSV."""
        line = dialect.line
        return [line([cell(_at(record, path)) for path, cell in self._cells]).encode() for record in records]

    def with_epochs(self, record: Record) -> Record:
        """A record whose dates and moments are milliseconds since 1970."""
        for path, kind in self._moments:
            holder = _at(record, path[:-1])
            # Records share a parent; its dates are turned once.
            if isinstance(holder, dict) and isinstance(holder.get(path[-1]), str):
                holder[path[-1]] = _epoch(holder[path[-1]], kind)
        return record


def _compiled(org: Org, caller: Caller, text: str, *, include_deleted: bool) -> Query:
    if not text.strip():
        raise SoqlError("MALFORMED_QUERY", "SOQL statements cannot be empty or null")
    return compile_query(
        text,
        schema=org.schema,
        access=caller.access,
        include_deleted=include_deleted,
        now=org.clock.now(),
        timezone=time_zone_of(org, caller),
        user_id=caller.user_id,
    )


def _check(query: plan.QueryPlan, object_name: str) -> None:
    if object_name in NOT_SERVED:
        raise NotForBulk("InvalidEntity", f"Entity '{object_name}' is not supported by the Bulk API.")
    if query.counts_rows:
        raise NotForBulk("ApiError", "COUNT() not supported in Bulk Query")
    if query.groups:
        raise NotForBulk("ApiError", "GROUP BY not supported in Bulk Query")
    if query.offset is not None:
        raise NotForBulk("ApiError", "OFFSET not supported in Bulk Query")
    for output in query.outputs:
        if not isinstance(output, plan.Value):
            raise NotForBulk("ApiError", "Nested queries and TYPEOF not supported in Bulk Query")
        if output.expression.type in COMPOUND_TYPES:
            raise NotForBulk("ApiError", "Selecting compound data not supported in Bulk Query")


def _at(record: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(record, Mapping):
            return None
        record = record.get(name)
    return record


def _cell_of(kind: str) -> Callable[[Any], str]:
    return _moment if kind == "datetime" else _boolean if kind == "boolean" else _plain


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _boolean(value: Any) -> str:
    return "true" if value else "false"


def _moment(value: Any) -> str:
    return "" if value is None else str(value).removesuffix("+0000") + "Z"


def _epoch(value: str, kind: str) -> int:
    moment = datetime.fromisoformat(value).replace(tzinfo=UTC) if kind == "date" else parse_wire(value)
    return int(moment.timestamp() * MILLISECONDS)
