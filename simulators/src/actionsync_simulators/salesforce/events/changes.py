"""What one transaction changes, and the change events that come of it when it commits.

Whoever writes rows notes each record before it is changed. When the outermost transaction commits, the record as it
was is compared with the record as it is: one event for each record, however often it was written. What is rolled
back, in whole or to a savepoint, is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.salesforce.events.log import NewEvent
from actionsync_simulators.salesforce.events.selection import can_publish
from actionsync_simulators.salesforce.events.shape import Changed, Shape, shape_of
from actionsync_simulators.salesforce.schema import SObject

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.rows.write_options import Write
    from actionsync_simulators.salesforce.state import Org, Row

STAMPS = frozenset({"LastModifiedDate", "LastModifiedById"})
OVERFLOW_RECORD = "000000000000000AAA"
READ_AT_ONCE = 500
"""Rows that are read by one statement when a transaction commits."""


@dataclass(frozen=True, slots=True)
class _Note:
    """A record that is about to be changed; `before` is None for a new one."""

    sobject: SObject
    record_id: str
    before: Row | None
    write: Write
    only: frozenset[str] | None


@dataclass(slots=True)
class _Change:
    """One event in the making."""

    kind: str
    note: _Note
    changed: Changed
    record_ids: list[str]
    place: int = 0


_NOTHING = Changed({}, (), ())


class Changes:
    """Collects the notes of the running transaction and publishes when it commits."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._notes: list[_Note] = []
        self._shapes: dict[str, tuple[SObject, Shape]] = {}

    def created(self, write: Write, sobject: SObject, record_id: str) -> None:
        """Note that a record has been created."""
        if can_publish(sobject):
            self._notes.append(_Note(sobject, record_id, None, write, None))

    def changing(
        self,
        write: Write,
        sobject: SObject,
        record_id: str,
        *,
        before: Row | None = None,
        only: frozenset[str] | None = None,
    ) -> None:
        """Note that a record is about to be changed, deleted or undeleted.

        `before` is the record as it still is, where the caller has it. With `only`, an update speaks of none but these
        fields, and not of its stamps.
        """
        if not can_publish(sobject):
            return
        before = before or self._org.row(sobject, record_id)
        if before is not None:
            self._notes.append(_Note(sobject, record_id, before, write, only))

    # What the database tells

    def mark(self) -> int:
        """How much has been noted: where a savepoint stands."""
        return len(self._notes)

    def undo(self, mark: int) -> None:
        """Forget what was noted since."""
        del self._notes[mark:]

    def committing(self) -> None:
        """Publish what was noted: the transaction is about to commit."""
        notes, self._notes = self._notes, []
        captured = self._org.selection.captured
        if not any(note.sobject.name in captured for note in notes):
            return
        first: dict[str, _Note] = {}
        for note in notes:
            first.setdefault(note.record_id, note)
        changes = self._merged(self._changes_of(list(first.values())))
        if changes:
            self._publish(changes)

    # From notes to changes

    def _changes_of(self, notes: list[_Note]) -> Iterator[_Change]:
        rows = self._rows_now(notes)
        for note in notes:
            after = rows.get(note.record_id)
            was_there = note.before is not None and not note.before["IsDeleted"]
            is_there = after is not None and not after["IsDeleted"]
            change: _Change | None = None
            if was_there and not is_there:
                change = _Change("DELETE", note, _NOTHING, [note.record_id])
            elif is_there and after is not None:
                change = self._written(note, after, was_there=was_there)
            if change is not None:
                yield change

    def _written(self, note: _Note, after: Row, *, was_there: bool) -> _Change | None:
        shape = self.shape(note.sobject)
        if not was_there:
            kind = "CREATE" if note.before is None else "UNDELETE"
            fields = shape.values(after, false_too=kind == "UNDELETE")
            return _Change(kind, note, Changed(fields, (), ()), [note.record_id])
        if note.before is None:
            return None
        changed = shape.changes(note.before, after)
        if note.only is not None:
            changed = Changed.of(shape.named(set(changed.changed) & note.only), after)
        elif set(changed.changed) <= STAMPS:
            return None
        elif "LastModifiedDate" not in changed.changed:
            changed = Changed.of(shape.named({*changed.changed, "LastModifiedDate"}), after)
        return _Change("UPDATE", note, changed, [note.record_id]) if changed.changed else None

    def _rows_now(self, notes: list[_Note]) -> dict[str, Row]:
        by_object: dict[str, list[_Note]] = {}
        for note in notes:
            by_object.setdefault(note.sobject.name, []).append(note)
        rows: dict[str, Row] = {}
        for same in by_object.values():
            for start in range(0, len(same), READ_AT_ONCE):
                ids = [note.record_id for note in same[start : start + READ_AT_ONCE]]
                rows |= self._org.rows(same[0].sobject, ids)
        return rows

    def _merged(self, changes: Iterator[_Change]) -> list[_Change]:
        """The changes to publish, each with its place in the transaction; the same change of several records is one.

        Changes of objects that are not selected leave gaps in the numbering.
        """
        captured = self._org.selection.captured
        merge = self._org.switches.merge_same_changes
        kept: list[_Change] = []
        same: dict[Any, _Change] = {}
        place = 0
        for change in changes:
            note, changed = change.note, change.changed
            if note.sobject.name in captured and merge:
                what = orjson.dumps([changed.fields, changed.changed])
                key = (note.sobject.name, change.kind, what, note.write.origin, note.write.caller.user_id)
                other = same.setdefault(key, change)
                if other is not change:
                    other.record_ids += change.record_ids
                    continue
            place += 1
            if note.sobject.name in captured:
                change.place = place
                kept.append(change)
        return kept

    # From changes to events

    def _publish(self, changes: list[_Change]) -> None:
        log = self._org.events
        key, commit_number = log.next_transaction()
        stamps = {"transactionKey": key, "commitTimestamp": log.now(), "commitNumber": commit_number}
        log.append(self._events(changes, stamps))

    def _events(self, changes: list[_Change], stamps: dict[str, Any]) -> Iterator[NewEvent]:
        switches = self._org.switches
        overflowed: set[str] = set()
        published = 0
        for change in changes:
            name = change.note.sobject.name
            published += len(change.record_ids)
            if published > switches.transaction_change_limit:
                if name not in overflowed:
                    overflowed.add(name)
                    yield self._event(change, "GAP_OVERFLOW", [OVERFLOW_RECORD], _NOTHING, stamps=stamps)
            elif len(orjson.dumps(change.changed.fields)) > switches.largest_event:
                yield self._event(change, f"GAP_{change.kind}", change.record_ids, _NOTHING, stamps=stamps)
            else:
                yield self._event(change, change.kind, change.record_ids, change.changed, stamps=stamps)

    def _event(
        self, change: _Change, kind: str, record_ids: list[str], changed: Changed, *, stamps: dict[str, Any]
    ) -> NewEvent:
        note = change.note
        header = {
            "entityName": note.sobject.name,
            "recordIds": record_ids,
            "changeType": kind,
            "changeOrigin": note.write.origin,
            **stamps,
            "sequenceNumber": 1 if kind.startswith("GAP") else change.place,
            "commitUser": note.write.caller.user_id,
            "nulledFields": changed.nulled,
            "diffFields": (),
            "changedFields": changed.changed,
        }
        return self.new_event(note.sobject, header, changed.fields)

    def new_event(self, sobject: SObject, header: dict[str, Any], fields: Any) -> NewEvent:
        """An event of an object, its schema kept for whoever asks."""
        shape = self.shape(sobject)
        self._org.events.keep_schema(shape.schema_id, sobject.name, shape.schema_text)
        standard = sobject.name in self._org.selection.selected
        return NewEvent(sobject.name, shape.schema_id, header, fields, standard=standard)

    def shape(self, sobject: SObject) -> Shape:
        """The event of an object as the object is now."""
        known = self._shapes.get(sobject.name)
        if known is not None and known[0] is sobject:
            return known[1]
        shape = shape_of(sobject)
        self._shapes[sobject.name] = (sobject, shape)
        return shape
