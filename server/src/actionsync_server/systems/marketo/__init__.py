"""The Marketo client: `Marketo`, what it takes and returns, and how to cut rows into portions it takes."""

from __future__ import annotations

from actionsync_server.systems.marketo.client import Marketo
from actionsync_server.systems.marketo.custom_activities import row_batches
from actionsync_server.systems.marketo.export_file import ExportDamaged
from actionsync_server.systems.marketo.types import (
    ActivityTypeInfo,
    AttributeInfo,
    CustomActivityRow,
    CustomActivityType,
    CustomActivityTypeSpec,
    CustomAttribute,
    ExportState,
    ExportStatus,
    FeedPage,
    FeedRow,
    FieldChange,
    Lead,
    MarketoLogin,
    RowResult,
)

__all__ = [
    "ActivityTypeInfo",
    "AttributeInfo",
    "CustomActivityRow",
    "CustomActivityType",
    "CustomActivityTypeSpec",
    "CustomAttribute",
    "ExportDamaged",
    "ExportState",
    "ExportStatus",
    "FeedPage",
    "FeedRow",
    "FieldChange",
    "Lead",
    "Marketo",
    "MarketoLogin",
    "RowResult",
    "row_batches",
]
