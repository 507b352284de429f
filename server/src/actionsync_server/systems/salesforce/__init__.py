"""The Salesforce client."""

from __future__ import annotations

from actionsync_server.systems.salesforce.client import Salesforce
from actionsync_server.systems.salesforce.soql import quote
from actionsync_server.systems.salesforce.types import (
    FieldDescription,
    ObjectDescription,
    RowError,
    RowResult,
    SalesforceLogin,
)

__all__ = [
    "FieldDescription",
    "ObjectDescription",
    "RowError",
    "RowResult",
    "Salesforce",
    "SalesforceLogin",
    "quote",
]
