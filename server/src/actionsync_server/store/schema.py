"""The tables. Every one of an instance's is keyed by instance_id first, so that it can be partitioned by it.

Instants are INTEGER microseconds, enums INTEGER numbers of the contract, booleans 0 or 1, documents JSON TEXT.
Change them here and in a new migration together; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _integer(name: str, *, key: bool = False, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=nullable, autoincrement=False)


instances = Table("instances", metadata, _text("instance_id", key=True), _text("display_name"), _integer("create_time"))

users = Table(
    "users",
    metadata,
    _text("instance_id", key=True),
    _text("user_id", key=True),
    _text("email"),
    _text("display_name"),
    _text("salesforce_user_id"),
    _integer("role"),
    _text("time_zone"),
    _integer("bcc_logging"),
    _integer("create_time"),
    _integer("remove_time", nullable=True),  # removed users stay as the sellers of their activities
)

connections = Table(
    "connections",
    metadata,
    _text("instance_id", key=True),
    _integer("system", key=True),
    _text("user_id", key=True),  # "" for the instance's own
    _text("base_url"),
    _text("client_id"),
    _text("account_id"),
    Column("secret", LargeBinary, nullable=False),  # encrypted
    _text("details"),  # JSON: what the preflight learned, such as the ids of the custom activity types
    _text("connect_user_id"),
    _integer("connect_time"),
    _integer("login_refused"),
)

settings = Table(
    "settings",
    metadata,
    _text("instance_id", key=True),
    _text("document"),  # JSON of what differs from the defaults
    _integer("revision"),
    _integer("update_time"),
)

settings_changes = Table(
    "settings_changes",
    metadata,
    _text("instance_id", key=True),
    _text("change_id", key=True),
    _text("path"),
    _text("old_value"),
    _text("new_value"),
    _text("user_id"),
    _integer("change_time"),
)

persons = Table(
    "persons",
    metadata,
    _text("instance_id", key=True),
    _text("person_id", key=True),
    _integer("marketo_id"),
    _text("first_name"),
    _text("last_name"),
    _text("email"),
    _text("company"),
    _text("title"),
    _text("phone"),
    _text("linkedin_url"),
    _text("source"),
    _text("salesforce_lead_id"),
    _text("salesforce_contact_id"),
    _text("salesforce_account_id"),
    _text("salesforce_opportunity_id"),
    _text("email_key"),  # normalised address; opt-outs are held by it
    _text("search_text"),  # the words of names, company and address, in small letters, each after a space
    _integer("qualification"),
    _integer("qualification_reason"),
    _integer("revision"),
    _integer("create_time"),
    _integer("update_time"),
    UniqueConstraint("instance_id", "marketo_id", name="persons_by_marketo_id"),
    Index("persons_by_email", "instance_id", "email_key"),
    Index("persons_by_lead", "instance_id", "salesforce_lead_id"),
    Index("persons_by_contact", "instance_id", "salesforce_contact_id"),
    Index("persons_by_update_time", "instance_id", "update_time", "person_id"),
)

person_counts = Table(  # kept in the transactions that change persons: counting a million rows takes too long
    "person_counts",
    metadata,
    _text("instance_id", key=True),
    _integer("qualification", key=True),
    _integer("person_count"),
)

over_limit_persons = Table(
    "over_limit_persons",
    metadata,
    _text("instance_id", key=True),
    _integer("marketo_id", key=True),
    _integer("skip_time"),
)

initial_syncs = Table(
    "initial_syncs",
    metadata,
    _text("instance_id", key=True),
    _text("initial_sync_id", key=True),
    _integer("state"),
    _integer("method", nullable=True),  # unknown until it is planned
    _integer("processed_count"),
    _integer("expected_count", nullable=True),
    _integer("created_count"),
    _integer("updated_count"),
    _integer("unchanged_count"),
    _text("skipped"),  # JSON: {skip reason number: count}
    _integer("call_count"),
    _text("wait_reason"),
    _integer("wait_until_time", nullable=True),
    _text("error"),  # JSON, or ""
    _text("start_user_id"),
    _integer("start_time"),
    _integer("end_time", nullable=True),
)

initial_sync_chunks = Table(
    "initial_sync_chunks",
    metadata,
    _text("instance_id", key=True),
    _text("initial_sync_id", key=True),
    _integer("chunk_number", key=True),
    _integer("start_position"),  # BULK_EXTRACT: createdAt in microseconds; REST_PAGES: first lead id
    _integer("end_position"),  # last one, inclusive
    _text("export_id"),  # BULK_EXTRACT: the job, so that a restart takes it up again
    _integer("committed_rows"),  # BULK_EXTRACT: rows of the file, REST_PAGES: ids, that are applied; the checkpoint
    _text("tally"),  # JSON: what became of the committed rows
    _integer("recounted"),  # rows counted before a lost file had to be read anew
    _integer("finished"),
)

touched_leads = Table(  # during an initial sync: whom the incremental sync looked at; older files say nothing on them
    "touched_leads",
    metadata,
    _text("instance_id", key=True),
    _integer("marketo_id", key=True),
)

sync_cursors = Table(
    "sync_cursors",
    metadata,
    _text("instance_id", key=True),
    _integer("feed", key=True),
    _text("marks"),  # JSON: [[instant, paging token], …], oldest first: places to go on from
    _text("progress_token"),  # where a reading of many pages stands, or ""
    _integer("progress_time", nullable=True),  # when that reading began
    _integer("cursor_time"),  # everything visible before this is applied
    _integer("last_poll_time", nullable=True),
    _text("error"),  # JSON, or ""
)

seen_marketo_activities = Table(
    "seen_marketo_activities",
    metadata,
    _text("instance_id", key=True),
    _text("marketo_guid", key=True),
    _integer("seen_time"),
    Index("seen_by_time", "instance_id", "seen_time"),
)

activities = Table(
    "activities",
    metadata,
    _text("instance_id", key=True),
    _text("activity_id", key=True),
    _text("idempotency_key"),
    Column("fingerprint", LargeBinary, nullable=False),  # of the content: tells a repeat from a reuse
    _integer("type"),
    _text("person_id"),
    _text("user_id"),
    _text("email_id"),  # of the mail, or ""
    _integer("activity_time"),
    _text("content"),  # JSON
    _integer("permit_state"),
    _integer("create_time"),
    UniqueConstraint("instance_id", "idempotency_key", name="activities_by_idempotency_key"),
    Index("activities_by_time", "instance_id", "activity_time", "activity_id"),
    Index("activities_by_person", "instance_id", "person_id", "activity_time", "activity_id"),
    Index("activities_by_mail", "instance_id", "email_id", "person_id", "type"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _text("instance_id", key=True),
    _text("delivery_id", key=True),
    _integer("system"),
    _integer("subject_kind"),
    _text("subject_id"),
    _text("person_id"),
    _integer("state"),
    _integer("reason"),
    _integer("attempt_count"),
    _integer("due_time", nullable=True),
    _text("error"),  # JSON, or ""
    _text("external_id"),
    _text("warnings"),  # JSON list
    _integer("sequence"),  # grows with creation; orders the deliveries of one person to one system
    _integer("create_time"),
    _integer("update_time"),
    Index("deliveries_by_subject", "instance_id", "subject_kind", "subject_id"),
    Index("deliveries_due", "instance_id", "system", "state", "due_time"),
    Index("deliveries_by_person", "instance_id", "person_id", "system", "state", "sequence"),
    Index("deliveries_by_state", "instance_id", "state", "sequence"),
    Index("deliveries_by_sequence", "instance_id", "sequence"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    _text("instance_id", key=True),
    _text("delivery_id", key=True),
    _integer("attempt_number", key=True),
    _integer("start_time"),
    _integer("end_time"),
    _integer("outcome"),
    _text("error"),  # JSON, or ""
)

unsubscribes = Table(
    "unsubscribes",
    metadata,
    _text("instance_id", key=True),
    _text("email_key", key=True),
    _text("unsubscribe_id"),
    _integer("source"),
    _text("reason"),
    _text("user_id"),
    _integer("unsubscribe_time"),
    UniqueConstraint("instance_id", "unsubscribe_id", name="unsubscribes_by_id"),
)

unsubscribe_events = Table(
    "unsubscribe_events",
    metadata,
    _text("instance_id", key=True),
    _text("event_id", key=True),
    _text("email_key"),
    _integer("unsubscribed"),
    _integer("source"),
    _text("reason"),
    _text("consent"),
    _text("user_id"),
    _integer("event_time"),
    Index("unsubscribe_events_by_address", "instance_id", "email_key", "event_id"),
)

send_checks = Table(
    "send_checks",
    metadata,
    _text("instance_id", key=True),
    _text("check_id", key=True),
    _text("user_id"),
    _integer("channel"),
    _integer("check_time"),
    _integer("expire_time"),
    _text("verdicts"),  # JSON: [[email_key hash, decision, reason], …]
    Index("send_checks_by_time", "instance_id", "check_time"),
)

requests = Table(
    "requests",
    metadata,
    _text("instance_id", key=True),
    _text("method", key=True),
    _text("request_id", key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("response", LargeBinary, nullable=False),
    _integer("create_time"),
    Index("requests_by_time", "create_time"),
)

quota_usage = Table(
    "quota_usage",
    metadata,
    _text("instance_id", key=True),
    _integer("system", key=True),
    _text("day", key=True),  # YYYY-MM-DD as the system's day goes
    _integer("own_call_count"),
    _integer("used_call_count", nullable=True),
    _integer("limit_call_count", nullable=True),
)

alerts = Table(
    "alerts",
    metadata,
    _text("instance_id", key=True),
    _text("name", key=True),
    _text("subject", key=True),  # what exactly, for example a user id; "" for the instance
    _integer("system"),
    _text("message"),
    _text("next_step"),
    _integer("owner"),
    _integer("start_time"),
)

changes = Table(
    "changes",
    metadata,
    Column("change_number", Integer, primary_key=True, autoincrement=True),  # the position of every watch
    _text("instance_id"),
    _integer("kind"),  # of the subject: see store/changes
    _text("subject_id"),
    _integer("type"),
    _text("detail"),  # JSON, or ""
    _integer("change_time"),
    Index("changes_by_kind", "instance_id", "kind", "change_number"),
    sqlite_autoincrement=True,  # a number is never given twice, also after compaction
)
