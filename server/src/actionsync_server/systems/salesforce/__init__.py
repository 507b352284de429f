"""The Salesforce client."""

from __future__ import annotations

from actionsync_server.systems.salesforce.client import Salesforce
from actionsync_server.systems.salesforce.connection import CLIENT_NAME
from actionsync_server.systems.salesforce.pubsub.change_event import ChangeEvent
from actionsync_server.systems.salesforce.pubsub.endpoint import Endpoint, endpoint_of
from actionsync_server.systems.salesforce.pubsub.subscription import Subscription
from actionsync_server.systems.salesforce.soql import quote
from actionsync_server.systems.salesforce.types import (
    FieldDescription,
    ObjectDescription,
    RowError,
    RowResult,
    SalesforceLogin,
)

__all__ = [
    "CLIENT_NAME",
    "ChangeEvent",
    "Endpoint",
    "FieldDescription",
    "ObjectDescription",
    "RowError",
    "RowResult",
    "Salesforce",
    "SalesforceLogin",
    "Subscription",
    "endpoint_of",
    "quote",
]
