"""What every export of leads shares: the columns of fields in a file, the partitions that its user may reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.fields.values import csv_expression
from actionsync_simulators.marketo.leads.rows import COOKIES

if TYPE_CHECKING:
    from actionsync_simulators.marketo.fields.catalogue import LeadField

STEP = 5_000
"""Rows looked at in one step, so that a million of them never block the loop."""


def lead_column(field: LeadField) -> str:
    """Return the SQL of a lead field in a file."""
    if field.name == COOKIES:
        return "ifnull((SELECT group_concat(cookie) FROM lead_cookies WHERE lead_id = leads.id), 'null')"
    return csv_expression(field)


def within_partitions(names: Iterable[str] | None) -> tuple[str, dict[str, Any]]:
    """Return the SQL condition on leads, and its parameters, that keeps an export inside these partitions."""
    if names is None:
        return "TRUE", {}
    found = "SELECT id FROM partitions WHERE name IN (SELECT value FROM json_each(:names))"
    return f'"leadPartitionId" IN ({found})', {"names": orjson.dumps(list(names)).decode()}
