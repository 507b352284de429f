"""The copies of Marketo's people, and how far the sync with Marketo is."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy import text as text_clause

from actionsync_server.store.schema.columns import integer, metadata, text

persons = Table(
    "persons",
    metadata,
    text("instance_id", key=True),
    text("person_id", key=True),
    integer("marketo_id"),
    text("first_name"),
    text("last_name"),
    text("email"),
    text("company"),
    text("title"),
    text("phone"),
    text("linkedin_url"),
    text("source"),
    text("salesforce_lead_id"),
    text("salesforce_contact_id"),
    text("salesforce_account_id"),
    text("salesforce_opportunity_id"),
    text("email_key"),  # normalised address; opt-outs are held by it
    text("search_text"),  # the words of names, company and address, in small letters, each after a space
    integer("qualification"),
    integer("qualification_reason"),
    integer("revision"),
    integer("create_time"),
    integer("update_time"),
    UniqueConstraint("instance_id", "marketo_id", name="persons_by_marketo_id"),
    Index("persons_by_email", "instance_id", "email_key"),
    Index("persons_by_lead", "instance_id", "salesforce_lead_id"),
    Index("persons_by_contact", "instance_id", "salesforce_contact_id"),
    Index("persons_by_update_time", "instance_id", "update_time", "person_id"),
    Index(
        "persons_by_account",
        "instance_id",
        "salesforce_account_id",
        "person_id",
        sqlite_where=text_clause("salesforce_account_id != ''"),
    ),
    Index(
        "persons_by_opportunity",
        "instance_id",
        "salesforce_opportunity_id",
        "person_id",
        sqlite_where=text_clause("salesforce_opportunity_id != ''"),
    ),
)

person_counts = Table(  # kept in the transactions that change persons: counting a million rows takes too long
    "person_counts",
    metadata,
    text("instance_id", key=True),
    integer("qualification", key=True),
    integer("person_count"),
)

over_limit_persons = Table(
    "over_limit_persons",
    metadata,
    text("instance_id", key=True),
    integer("marketo_id", key=True),
    integer("skip_time"),
)

initial_syncs = Table(
    "initial_syncs",
    metadata,
    text("instance_id", key=True),
    text("initial_sync_id", key=True),
    integer("state"),
    integer("method", nullable=True),  # unknown until it is planned
    integer("processed_count"),
    integer("expected_count", nullable=True),
    integer("created_count"),
    integer("updated_count"),
    integer("unchanged_count"),
    text("skipped"),  # JSON: {skip reason number: count}
    integer("call_count"),
    text("wait_reason"),
    integer("wait_until_time", nullable=True),
    text("error"),  # JSON, or ""
    text("start_user_id"),
    integer("start_time"),
    integer("end_time", nullable=True),
)

initial_sync_chunks = Table(
    "initial_sync_chunks",
    metadata,
    text("instance_id", key=True),
    text("initial_sync_id", key=True),
    integer("chunk_number", key=True),
    integer("start_position"),  # BULK_EXTRACT: createdAt in microseconds; REST_PAGES: first lead id
    integer("end_position"),  # last one, inclusive
    text("export_id"),  # BULK_EXTRACT: the job, so that a restart takes it up again
    integer("committed_rows"),  # BULK_EXTRACT: rows of the file, REST_PAGES: ids, that are applied; the checkpoint
    text("tally"),  # JSON: what became of the committed rows
    integer("recounted"),  # rows counted before a lost file had to be read anew
    integer("finished"),
)

touched_leads = Table(  # during an initial sync: whom the incremental sync looked at; older files say nothing on them
    "touched_leads",
    metadata,
    text("instance_id", key=True),
    integer("marketo_id", key=True),
)

sync_cursors = Table(
    "sync_cursors",
    metadata,
    text("instance_id", key=True),
    integer("feed", key=True),
    text("marks"),  # JSON: [[instant, paging token], …], oldest first: places to go on from
    text("progress_token"),  # where a reading of many pages stands, or ""
    integer("progress_time", nullable=True),  # when that reading began
    integer("cursor_time"),  # everything visible before this is applied
    integer("last_poll_time", nullable=True),
    text("error"),  # JSON, or ""
)

seen_marketo_activities = Table(
    "seen_marketo_activities",
    metadata,
    text("instance_id", key=True),
    text("marketo_guid", key=True),
    integer("seen_time"),
    Index("seen_by_time", "instance_id", "seen_time"),
)

person_merges = Table(  # into whom Marketo merged somebody; of a chain of merges every row names the last winner
    "person_merges",
    metadata,
    text("instance_id", key=True),
    integer("loser_marketo_id", key=True),
    integer("winner_marketo_id"),
    integer("merge_time"),
    Index("person_merges_by_winner", "instance_id", "winner_marketo_id"),
)

erasures = Table(  # that somebody was erased, never who
    "erasures",
    metadata,
    text("instance_id", key=True),
    text("erasure_id", key=True),
    text("person_id"),
    text("reason"),
    text("user_id"),
    integer("erased_activity_count"),
    integer("erase_time"),
)

suppressions = Table(  # keyed digests of erased addresses that had opted out
    "suppressions",
    metadata,
    text("instance_id", key=True),
    text("address_digest", key=True),
    integer("suppress_time"),
)

reconciles = Table(  # nightly comparisons with Marketo, and what they repaired
    "reconciles",
    metadata,
    text("instance_id", key=True),
    text("reconcile_id", key=True),
    integer("start_time"),
    integer("end_time", nullable=True),
    text("progress"),  # JSON: how far it is
    text("report"),  # JSON: what was compared and repaired
)
