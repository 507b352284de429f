"""Sales activities and the deliveries of everything that leaves us."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint
from sqlalchemy import text as text_clause

from actionsync_server.store.schema.columns import integer, metadata, text

activities = Table(
    "activities",
    metadata,
    text("instance_id", key=True),
    text("activity_id", key=True),
    text("idempotency_key"),
    Column("fingerprint", LargeBinary, nullable=False),  # of the content: tells a repeat from a reuse
    integer("type"),
    text("person_id"),
    text("user_id"),
    text("email_id"),  # of the mail, or ""
    integer("activity_time"),
    text("content"),  # JSON
    integer("permit_state"),
    integer("create_time"),
    UniqueConstraint("instance_id", "idempotency_key", name="activities_by_idempotency_key"),
    Index("activities_by_time", "instance_id", "activity_time", "activity_id"),
    Index("activities_by_person", "instance_id", "person_id", "activity_time", "activity_id"),
    Index("activities_by_mail", "instance_id", "email_id", "person_id", "type"),
)

deliveries = Table(
    "deliveries",
    metadata,
    text("instance_id", key=True),
    text("delivery_id", key=True),
    integer("system"),
    integer("subject_kind"),
    text("subject_id"),
    text("person_id"),
    integer("state"),
    integer("reason"),
    integer("attempt_count"),
    integer("due_time", nullable=True),
    text("error"),  # JSON, or ""
    text("external_id"),
    text("warnings"),  # JSON list
    integer("sequence"),  # grows with creation; orders the deliveries of one person to one system
    integer("create_time"),
    integer("update_time"),
    Index("deliveries_by_subject", "instance_id", "subject_kind", "subject_id"),
    Index("deliveries_due", "instance_id", "system", "state", "due_time"),
    Index("deliveries_by_person", "instance_id", "person_id", "system", "state", "sequence"),
    Index("deliveries_by_state", "instance_id", "state", "sequence"),
    Index("deliveries_by_sequence", "instance_id", "sequence"),
    Index("deliveries_by_external_id", "instance_id", "external_id", sqlite_where=text_clause("external_id != ''")),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    text("instance_id", key=True),
    text("delivery_id", key=True),
    integer("attempt_number", key=True),
    integer("start_time"),
    integer("end_time"),
    integer("outcome"),
    text("error"),  # JSON, or ""
)

grid_rows = Table(  # Marketo's activity of the people, for the Smart Grid; at most 90 days old
    "grid_rows",
    metadata,
    text("instance_id", key=True),
    text("marketo_guid", key=True),
    integer("marketo_id"),
    integer("type_id"),
    integer("activity_time"),
    text("title"),
    text("attributes"),  # JSON: what Marketo says, by name
    Index("grid_rows_by_person", "instance_id", "marketo_id", "activity_time"),
    Index("grid_rows_by_time", "instance_id", "activity_time"),
)

grid_reads = Table(  # when Marketo was last asked for the activity of one person
    "grid_reads",
    metadata,
    text("instance_id", key=True),
    integer("marketo_id", key=True),
    integer("read_time"),
)

roll_ups = Table(  # what the most-recent-activity fields of one Salesforce record shall say, and say
    "roll_ups",
    metadata,
    text("instance_id", key=True),
    text("record_id", key=True),
    text("user_id"),  # in whose name
    text("wanted"),  # JSON: roll-up -> value
    text("written"),  # JSON: the same as last written
    integer("due_time", nullable=True),
    integer("attempt_count"),
    text("error"),  # JSON, or ""
    Index("roll_ups_due", "instance_id", "due_time"),
)
