"""What one transaction changes, and the change events that come of it when it commits.

Whoever writes rows notes each record before it is changed. When the outermost transaction commits, the record as it
was is compared with the record as it is: one event for each record, however often it was written. What is rolled
back, in whole or to a savepoint, is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class _Note:
    """One change of a record: as it was (None: it is new) and as it is now (None: to be read when that is needed)."""

    sobject: SObject
    record_id: str
    before: Row | None
    after: Row | None
    write: Write
    only: frozenset[str] | None


@dataclass(slots=True)
class _Change:
    """One event in the making."""

    kind: str
    note: _Note
    changed: Changed
    record_ids: list[str]
    encoded: bytes = b"{}"
    place: int = 0


_NOTHING = Changed({}, (), ())


class Changes:
    """Collects the notes of the running transaction and publishes when it commits."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._notes: list[_Note] = []
        self._shapes: dict[str, tuple[SObject, Shape]] = {}

    def created(self, write: Write, sobject: SObject, row: Row) -> None:
        """Note that a record has been created, as this row."""
        if can_publish(sobject):
            self._notes.append(_Note(sobject, row["Id"], None, row, write, None))

    def changing(
        self,
        write: Write,
        sobject: SObject,
        record_id: str,
        *,
        before: Row | None,
        after: Row | None = None,
        only: frozenset[str] | None = None,
    ) -> None:
        """Note that a record is about to be changed, deleted or undeleted, from `before` to `after`.

        Without `after` it is only announced, for its place among the others. With `only`, an update speaks of none but
        these fields, and not of its stamps.
        """
        if before is not None and can_publish(sobject):
            self._notes.append(_Note(sobject, record_id, before, after, write, only))

    # What the database tells

    def mark(self) -> int:
        """How much has been noted: where a savepoint stands."""
        return len(self._notes)

    def undo(self, mark: int) -> None:
        """Forget what was noted since."""
        del self._notes[mark:]
        self._org.events.reload()

    def committing(self) -> None:
        """Publish what was noted: the transaction is about to commit."""
        notes, self._notes = self._notes, []
        captured = self._org.selection.captured
        if not any(note.sobject.name in captured for note in notes):
            return
        first: dict[str, _Note] = {}
        after: dict[str, Row] = {}
        for note in notes:
            first.setdefault(note.record_id, note)
            if note.after is not None:
                after[note.record_id] = note.after
        changes = self._merged(self._changes_of(first, after))
        if changes:
            self._publish(changes)

    # From notes to changes

    def _changes_of(self, notes: Mapping[str, _Note], rows: Mapping[str, Row]) -> Iterator[_Change]:
        for record_id, note in notes.items():
            after = rows.get(record_id)
            was_there = note.before is not None and not note.before["IsDeleted"]
            is_there = after is not None and not after["IsDeleted"]
            change: _Change | None = None
            if was_there and not is_there:
                change = _Change("DELETE", note, _NOTHING, [record_id])
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
            if note.sobject.name not in captured:
                place += 1
                continue
            if changed.fields:
                change.encoded = orjson.dumps(changed.fields)
            if merge:
                who = (note.write.origin, note.write.caller.user_id)
                other = same.setdefault((note.sobject.name, change.kind, change.encoded, changed.changed, *who), change)
                if other is not change:
                    other.record_ids += change.record_ids
                    continue
            place += 1
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
                    yield self._gap(change, "GAP_OVERFLOW", [OVERFLOW_RECORD], stamps)
            elif len(change.encoded) > switches.largest_event:
                yield self._gap(change, f"GAP_{change.kind}", change.record_ids, stamps)
            else:
                yield self._event(change, stamps)

    def _event(self, change: _Change, stamps: dict[str, Any]) -> NewEvent:
        header = {
            "entityName": change.note.sobject.name,
            "recordIds": change.record_ids,
            "changeType": change.kind,
            "changeOrigin": change.note.write.origin,
            **stamps,
            "sequenceNumber": change.place,
            "commitUser": change.note.write.caller.user_id,
            "nulledFields": change.changed.nulled,
            "diffFields": (),
            "changedFields": change.changed.changed,
        }
        return self.new_event(change.note.sobject, header, change.encoded)

    def _gap(self, change: _Change, kind: str, record_ids: list[str], stamps: dict[str, Any]) -> NewEvent:
        bare = _Change(kind, change.note, _NOTHING, record_ids, place=1)
        return self._event(bare, stamps)

    def new_event(self, sobject: SObject, header: dict[str, Any], fields: bytes) -> NewEvent:
        """An event of an object, with its fields as JSON; its schema is kept for whoever asks."""
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
