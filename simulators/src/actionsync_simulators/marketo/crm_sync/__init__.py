"""Marketo's native sync with Salesforce."""

from __future__ import annotations

from actionsync_simulators.marketo.crm_sync.connect import connect_native_sync
from actionsync_simulators.marketo.crm_sync.salesforce_api import SalesforceApi, SalesforceFailure
from actionsync_simulators.marketo.crm_sync.state import StateStore
from actionsync_simulators.marketo.crm_sync.sync import DEFAULT_INTERVAL_SECONDS, NativeSync

__all__ = [
    "DEFAULT_INTERVAL_SECONDS",
    "NativeSync",
    "SalesforceApi",
    "SalesforceFailure",
    "StateStore",
    "connect_native_sync",
]
