"""The Marketo client."""

from __future__ import annotations

from actionsync_server.systems.marketo.client import Marketo
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
    "ExportState",
    "ExportStatus",
    "FeedPage",
    "FeedRow",
    "FieldChange",
    "Lead",
    "Marketo",
    "MarketoLogin",
    "RowResult",
]
