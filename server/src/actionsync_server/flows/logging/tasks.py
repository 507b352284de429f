"""Writes Tasks: by upsert on our external id, so that a repeated write meets the same Task again.

An org without that field gets the careful way: a Task is looked for by its marker before a write is repeated.

What Salesforce refuses for a reason that we can mend (a field that is closed after all, a lead that was converted) is
mended and sent once more within the same attempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actionsync_server.flows.logging.records import RecordFinder
from actionsync_server.model.persons import salesforce_id
from actionsync_server.model.salesforce_tasks import ESSENTIAL, EXTERNAL_ID_FIELD, MARKER_FIELD, TaskRecord, fit
from actionsync_server.systems.salesforce import ObjectDescription, RowError, RowResult, Salesforce, quote

MOST_RECORDS = 200
#: Repairs of one Task in one attempt: a closed field, a converted lead, and one more.
_MOST_REPAIRS = 3
_KEYS_PER_QUERY = 100
_COPIES_PER_QUERY = 50

_CLOSED_FIELD = frozenset(
    {"INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_FIELD", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"}
)
_MOVED_RECORD = frozenset({"CANNOT_UPDATE_CONVERTED_LEAD", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})
_CROSS_REFERENCE = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
_NO_SUCH_COLUMN = re.compile(r"No such column '(\w+)'")


@dataclass(frozen=True, slots=True)
class Task:
    """One Task to be written. `key` is our external id, `repeated` tells that an earlier write may have succeeded.

    With a `task_id` the Task is there already and is changed; then `key` only tells results apart.
    """

    key: str
    record: TaskRecord
    repeated: bool
    task_id: str = ""

    @property
    def who_id(self) -> str:
        """The contact or lead."""
        return str(self.record.fields.get("WhoId", ""))


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What became of one Task: its id, or why it was refused.

    `gone`: because its contact or lead is no more, or the Task itself where it was to be changed.
    """

    task: Task
    task_id: str = ""
    errors: tuple[RowError, ...] = ()
    gone: bool = False


class OrgNotPrepared(Exception):
    """The org has neither our external id field nor the standard field that stands in for it."""


class TaskWriter:
    """Writes Tasks in one user's name. `finder` uses the instance's login."""

    def __init__(self, client: Salesforce, finder: RecordFinder) -> None:
        self._client = client
        self._finder = finder

    async def describe(self) -> ObjectDescription:
        """Return Task as this user sees it; raises OrgNotPrepared."""
        described = await self._client.describe("Task")
        if not _can_upsert(described):
            marker = described.fields.get(MARKER_FIELD)
            if marker is None or not marker.createable:
                raise OrgNotPrepared
        return described

    def task(self, key: str, wanted: Mapping[str, Any], described: ObjectDescription, *, repeated: bool) -> Task:
        """Fit what is wanted into the org."""
        upsert = _can_upsert(described)
        record = fit({**wanted, EXTERNAL_ID_FIELD if upsert else MARKER_FIELD: key}, described.fields)
        if not upsert:
            text = f"the org has no writable external id field {EXTERNAL_ID_FIELD}; the Task is found by {MARKER_FIELD}"
            record = replace(record, warnings=(*record.warnings, text))
        return Task(key, record, repeated)

    def take_over(self, key: str, task_id: str, wanted: Mapping[str, Any], described: ObjectDescription) -> Task:
        """Return a Task that is there already as the one of our `key`: it is changed into what is wanted."""
        name = EXTERNAL_ID_FIELD if _can_upsert(described) else MARKER_FIELD
        return self.change(key, task_id, {**wanted, name: key}, described)

    @staticmethod
    def change(key: str, task_id: str, wanted: Mapping[str, Any], described: ObjectDescription) -> Task:
        """Fit what is wanted of a Task that is there into the org."""
        return Task(key, fit(dict(wanted), described.fields, update=True), repeated=False, task_id=task_id)

    async def copies(self, keys: Sequence[str]) -> dict[str, list[str]]:
        """Return the ids of all Tasks that an activity made, by its key: one on each record that has the address."""
        if not _can_upsert(await self._client.describe("Task")):
            return {}
        found: dict[str, list[str]] = {}
        for start in range(0, len(keys), _COPIES_PER_QUERY):
            some = keys[start : start + _COPIES_PER_QUERY]
            alike = " OR ".join(f"{EXTERNAL_ID_FIELD} LIKE {quote(f'{key}:%')}" for key in some)
            soql = f"SELECT Id, {EXTERNAL_ID_FIELD} FROM Task WHERE {alike}"  # noqa: S608 - quoted
            for row in await self._client.query(soql):
                found.setdefault(row[EXTERNAL_ID_FIELD].partition(":")[0], []).append(salesforce_id(row["Id"]))
        return found

    async def write(self, tasks: Sequence[Task], described: ObjectDescription) -> list[TaskResult]:
        """Write Tasks; one result each, in no particular order. Raises the SystemFailure family."""
        make = self._upsert if _can_upsert(described) else self._create
        results: list[TaskResult] = []
        open_tasks = list(tasks)
        for round_number in range(_MOST_REPAIRS + 1):
            refused: list[TaskResult] = []
            new = [task for task in open_tasks if not task.task_id]
            present = [task for task in open_tasks if task.task_id]
            for send, some in ((make, new), (self._update, present)):
                for portion in _portions(some):
                    for result in await send(portion):
                        (results if result.task_id else refused).append(result)
            if not refused:
                break
            open_tasks = await self._repair(refused, results, last=round_number == _MOST_REPAIRS)
        return results

    async def _upsert(self, tasks: Sequence[Task]) -> list[TaskResult]:
        rows = await self._client.upsert("Task", EXTERNAL_ID_FIELD, [task.record.fields for task in tasks])
        return [_result(task, row) for task, row in zip(tasks, rows, strict=True)]

    async def _create(self, tasks: Sequence[Task]) -> list[TaskResult]:
        there = await self._find_by_marker([task.key for task in tasks if task.repeated])
        results = [TaskResult(task, there[task.key]) for task in tasks if task.key in there]
        new = [task for task in tasks if task.key not in there]
        rows = await self._client.create("Task", [task.record.fields for task in new])
        return results + [_result(task, row) for task, row in zip(new, rows, strict=True)]

    async def _update(self, tasks: Sequence[Task]) -> list[TaskResult]:
        rows = await self._client.update("Task", [{"Id": task.task_id, **task.record.fields} for task in tasks])
        return [_result(task, row) for task, row in zip(tasks, rows, strict=True)]

    async def _find_by_marker(self, keys: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(keys), _KEYS_PER_QUERY):
            literals = ", ".join(quote(key) for key in keys[start : start + _KEYS_PER_QUERY])
            soql = f"SELECT Id, {MARKER_FIELD} FROM Task WHERE {MARKER_FIELD} IN ({literals})"  # noqa: S608 - quoted
            found |= {row[MARKER_FIELD]: row["Id"] for row in await self._client.query(soql)}
        return found

    async def _repair(self, refused: Sequence[TaskResult], results: list[TaskResult], *, last: bool) -> list[Task]:
        """Return the mended Tasks; what cannot be mended joins the results."""
        moved = {one.task.who_id for one in refused if _is_moved(one.errors)} - {""}
        successors = await self._finder.successors(moved) if moved and not last else {}
        mended: list[Task] = []
        for result in refused:
            task = None if last else _mended(result, successors)
            if task is not None:
                mended.append(task)
            else:
                results.append(replace(result, gone=_is_gone(result, successors)))
        return mended


def _is_gone(result: TaskResult, successors: Mapping[str, str]) -> bool:
    """Tell whether a refusal means that the contact or lead is no more, or the Task that was to be changed."""
    who_id = result.task.who_id
    standing = successors.get(who_id, who_id)
    return _is_moved(result.errors) and (not standing or (bool(result.task.task_id) and standing == who_id))


def _mended(result: TaskResult, successors: Mapping[str, str]) -> Task | None:
    task, record = result.task, result.task.record
    if "WhatId" in record.fields and _is_about_opportunity(result.errors, record.fields["WhatId"]):
        return replace(task, record=record.without(frozenset({"WhatId"})))
    if _is_moved(result.errors):
        successor = successors.get(task.who_id, "")
        if successor in ("", task.who_id):
            return None
        return replace(task, record=replace(record, fields={**record.fields, "WhoId": successor}))
    closed = frozenset(_closed_fields(result.errors)) & record.fields.keys()
    if not closed or closed & ESSENTIAL:
        return None
    return replace(task, record=record.without(closed))


def _is_moved(errors: Iterable[RowError]) -> bool:
    """Tell whether the refusal is about the contact or lead, not about another record that the Task names."""
    return any(error.status_code in _MOVED_RECORD and (not error.fields or "WhoId" in error.fields) for error in errors)


def _is_about_opportunity(errors: Iterable[RowError], what_id: str) -> bool:
    """Tell whether the Task is refused for the sake of the opportunity: it is logged to the contact alone then."""
    return any(
        "WhatId" in error.fields or what_id[:15] in error.message or error.status_code == _CROSS_REFERENCE
        for error in errors
    )


def _closed_fields(errors: Iterable[RowError]) -> Iterator[str]:
    for error in errors:
        if error.status_code in _CLOSED_FIELD:
            yield from error.fields
            yield from _NO_SUCH_COLUMN.findall(error.message)


def _can_upsert(described: ObjectDescription) -> bool:
    field = described.fields.get(EXTERNAL_ID_FIELD)
    return field is not None and field.external_id and field.createable


def _result(task: Task, row: RowResult) -> TaskResult:
    return TaskResult(task, row.id) if row.success else TaskResult(task, errors=row.errors)


def _portions(tasks: Sequence[Task]) -> Iterator[Sequence[Task]]:
    for start in range(0, len(tasks), MOST_RECORDS):
        yield tasks[start : start + MOST_RECORDS]
