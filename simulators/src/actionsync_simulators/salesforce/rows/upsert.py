"""Upsert by external id: insert where no live row has the value, update where one has, refuse where several have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actionsync_simulators.salesforce.rows.write import create, update
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.schema import Field, SObject
from actionsync_simulators.salesforce.state import Org


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of an upsert."""

    id: str
    created: bool


def upsert(
    org: Org,
    write: Write,
    sobject: SObject,
    *,
    field: Field,
    value: str,
    matches: list[str],
    record: Mapping[str, Any],
    missing_status: int = 404,
) -> Upserted:
    """Insert or update one row; `matches` are the ids of the rows that have the value (at most one)."""
    if matches:
        update(
            org,
            write,
            sobject,
            matches[0],
            record,
            tolerate_unchanged=not org.switches.strict_create_only,
            fault_key=value,
            missing_status=missing_status,
        )
        return Upserted(matches[0], created=False)
    record_id = create(org, write, sobject, {**record, field.name: value}, fault_key=value)
    return Upserted(record_id, created=True)
