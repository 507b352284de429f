"""Alembic's entry point: uses the connection it is given, never one of its own."""

from __future__ import annotations

from alembic import context

from actionsync_server.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
