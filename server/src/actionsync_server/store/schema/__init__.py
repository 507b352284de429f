"""The tables. Every one of an instance's is keyed by instance_id first, so that it can be partitioned by it.

Change them here and in a new migration together; a test compares the two.
"""

from __future__ import annotations

from actionsync_server.store.schema.activities import (
    activities,
    deliveries,
    delivery_attempts,
    grid_reads,
    grid_rows,
    roll_ups,
)
from actionsync_server.store.schema.changes import change_compactions, changes, store_identity
from actionsync_server.store.schema.columns import metadata
from actionsync_server.store.schema.directory import (
    alerts,
    connections,
    flow_usage,
    instances,
    quota_usage,
    requests,
    settings,
    settings_changes,
    users,
)
from actionsync_server.store.schema.people import (
    erasures,
    initial_sync_chunks,
    initial_syncs,
    over_limit_persons,
    person_counts,
    person_merges,
    persons,
    reconciles,
    seen_marketo_activities,
    suppressions,
    sync_cursors,
    touched_leads,
)
from actionsync_server.store.schema.reminders import (
    reminder_tasks,
    salesforce_cursors,
    task_links,
)
from actionsync_server.store.schema.unsubscribes import (
    carried_unsubscribes,
    send_checks,
    unsubscribe_events,
    unsubscribes,
)

__all__ = [
    "activities",
    "alerts",
    "carried_unsubscribes",
    "change_compactions",
    "changes",
    "connections",
    "deliveries",
    "delivery_attempts",
    "erasures",
    "flow_usage",
    "grid_reads",
    "grid_rows",
    "initial_sync_chunks",
    "initial_syncs",
    "instances",
    "metadata",
    "over_limit_persons",
    "person_counts",
    "person_merges",
    "persons",
    "quota_usage",
    "reconciles",
    "reminder_tasks",
    "requests",
    "roll_ups",
    "salesforce_cursors",
    "seen_marketo_activities",
    "send_checks",
    "settings",
    "settings_changes",
    "store_identity",
    "suppressions",
    "sync_cursors",
    "task_links",
    "touched_leads",
    "unsubscribe_events",
    "unsubscribes",
    "users",
]
