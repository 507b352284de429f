"""Reminder tasks, their links to Salesforce Tasks, and the places in Salesforce's feeds."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from actionsync_server.store.schema.columns import integer, metadata, text

reminder_tasks = Table(
    "reminder_tasks",
    metadata,
    text("instance_id", key=True),
    text("reminder_task_id", key=True),
    text("user_id"),
    text("person_id"),  # or ""
    integer("kind"),
    text("name"),
    text("details"),
    text("due_date"),  # YYYY-MM-DD, or "~", which sorts last
    integer("priority"),
    integer("state"),
    integer("origin"),  # the system where it was made
    text("activity_id"),  # of the activity by which it was done, or ""
    integer("synced"),  # whether it meets Salesforce: tasks from before the sync was turned on do not
    text("change_times"),  # JSON: field -> when it last changed, for the comparison with Salesforce
    integer("revision"),
    integer("create_time"),
    integer("update_time"),
    Index("reminder_tasks_by_due_date", "instance_id", "state", "due_date", "reminder_task_id"),
    Index("reminder_tasks_by_user", "instance_id", "user_id", "state", "due_date", "reminder_task_id"),
    Index("reminder_tasks_by_person", "instance_id", "person_id", "state", "due_date", "reminder_task_id"),
)

task_links = Table(  # a reminder task and its Salesforce Task, with what both said when they last met
    "task_links",
    metadata,
    text("instance_id", key=True),
    text("reminder_task_id", key=True),
    text("salesforce_task_id"),
    text("salesforce_subject"),
    text("synced_values"),  # JSON: field -> value on both sides
    integer("synced_modstamp"),  # of the Salesforce Task
    UniqueConstraint("instance_id", "salesforce_task_id", name="task_links_by_task"),
)

salesforce_cursors = Table(  # how far we have read what changed in Salesforce
    "salesforce_cursors",
    metadata,
    text("instance_id", key=True),
    integer("feed", key=True),
    integer("mark_time"),  # SystemModstamp up to which everything is read
    text("mark_ids"),  # JSON: ids already read with exactly that modstamp
    integer("last_poll_time", nullable=True),
    text("error"),  # JSON, or ""
)
