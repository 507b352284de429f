"""Rows of a bulk job, saved by the code that saves single rows: up to 200 in one transaction, each with its outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actionsync_simulators.salesforce.gateway.errors import ApiError, ErrorItem, api_error
from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.rows.lookup import id_in_body
from actionsync_simulators.salesforce.rows.recycle_bin import purge
from actionsync_simulators.salesforce.rows.upsert import compared_key, upsert_one_of_many
from actionsync_simulators.salesforce.rows.write import create, delete, update
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.schema import Field, SObject
from actionsync_simulators.salesforce.state import Org

CHUNK = 200
"""Rows in one transaction."""
INSERT, UPDATE, UPSERT, DELETE, HARD_DELETE = "insert", "update", "upsert", "delete", "hardDelete"
OPERATIONS = (INSERT, UPDATE, UPSERT, DELETE, HARD_DELETE)
_NO_SUCH_ROW = frozenset({"INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID", "MISSING_ARGUMENT"})

Given = Mapping[str, Any] | ApiError
"""A record with API names, or why it could not be read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row. `id` is empty where there is no row; `error` is None for a row that was saved."""

    id: str
    created: bool = False
    error: ErrorItem | None = None

    @property
    def error_text(self) -> str:
        """The error as result files have it: `CODE:message:fields --`."""
        if self.error is None:
            return ""
        fields = ",".join(self.error.fields or ())
        return f"{self.error.code}:{self.error.message}:{fields}{' ' if fields else ''}--"


class Saver:
    """Saves the rows of one job: its object, its operation, and the key field of an upsert."""

    def __init__(self, org: Org, *, sobject: SObject, operation: str, key_field: Field | None) -> None:
        self._org = org
        self._sobject = sobject
        self._operation = operation
        self._key = key_field if operation == UPSERT else None
        self._key_name = "Id" if self._key is None else self._key.name

    def save(self, write: Write, chunk: Sequence[Given]) -> list[Outcome]:
        """Save rows, at most 200. The caller holds the transaction.

        At first all under one savepoint, since most files are right throughout. Planned faults are counted row by row,
        so with them nothing is tried twice.
        """
        repeated = self._repeated(chunk) if self._operation != INSERT else frozenset()
        if not self._org.faults.has_row_faults:
            try:
                with self._org.database.transaction():
                    return [self._saved(write, given, repeated, {}) for given in chunk]
            except ApiError:
                # One was refused, and nothing is left of the others. Each gets a savepoint of its own below.
                pass
        return [self._outcome(write, given, repeated) for given in chunk]

    def _saved(self, write: Write, given: Given, repeated: frozenset[str], known: dict[str, Any]) -> Outcome:
        if isinstance(given, ApiError):
            return Outcome("", error=given.items[0])
        return self._save(write, dict(given), repeated, known)

    def _outcome(self, write: Write, given: Given, repeated: frozenset[str]) -> Outcome:
        known: dict[str, Any] = {}
        try:
            with self._org.database.transaction():
                return self._saved(write, given, repeated, known)
        except ApiError as error:
            item = error.items[0]
            return Outcome("" if item.code in _NO_SUCH_ROW else known.get("id", ""), error=item)

    def _save(self, write: Write, record: dict[str, Any], repeated: frozenset[str], known: dict[str, Any]) -> Outcome:
        org, sobject = self._org, self._sobject
        if self._operation == INSERT:
            if "Id" in record:
                raise api_error("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", fields=["Id"])
            return Outcome(create(org, write, sobject, record), created=True)
        if self._key is not None:
            key = record.pop(self._key.name, None)
            twice = key is not None and compared_key(self._key, key) in repeated
            upserted = upsert_one_of_many(
                org, write, sobject, field=self._key, key=key, record=record, repeated=twice, known=known
            )
            return Outcome(upserted.id, created=upserted.created)
        record_id = known["id"] = self._row_id(record.pop("Id", None), repeated)
        if self._operation == UPDATE:
            update(org, write, sobject, record_id, record, fault_key=record_id, missing_status=400)
        else:
            delete(org, write, sobject, record_id, missing_status=400)
            if self._operation == HARD_DELETE:
                purge(org, sobject, record_id)
        return Outcome(record_id)

    def _row_id(self, given: object, repeated: frozenset[str]) -> str:
        if given is None:
            call = "update" if self._operation == UPDATE else "delete"
            raise api_error("MISSING_ARGUMENT", f"Id not specified in an {call} call", fields=["Id"])
        found, record_id = id_in_body(self._org, given)
        if found is not self._sobject:
            label = self._sobject.fields["Id"].label
            raise api_error("MALFORMED_ID", f"{label}: id value of incorrect type: {given}", fields=["Id"])
        if record_id in repeated:
            raise api_error("DUPLICATE_VALUE", f"Duplicate id specified: {record_id}", fields=["Id"])
        return record_id

    def _repeated(self, chunk: Sequence[Given]) -> frozenset[str]:
        """The keys that more than one row of the chunk has, in their compared form."""
        keys = [given.get(self._key_name) for given in chunk if not isinstance(given, ApiError)]
        if self._key is None:
            counted = Counter(full_id(key) for key in keys if isinstance(key, str))
        else:
            counted = Counter(compared_key(self._key, key) for key in keys if key is not None)
        return frozenset(key for key, times in counted.items() if key is not None and times > 1)
