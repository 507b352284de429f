"""Brings a database file to the present schema, with Alembic. Run at every start; a current file is left alone."""

from __future__ import annotations

import secrets
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert, select

from actionsync_server.store.schema import store_identity
from actionsync_server.store.statistics import set_statistics


def migrate(path: Path) -> None:
    """Create the database file or bring it up to date. Blocking; call before the Database is opened."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if connection.execute(select(store_identity.c.store_id)).first() is None:
                connection.execute(insert(store_identity), {"store_id": secrets.token_hex(8)})
            set_statistics(connection)
    finally:
        engine.dispose()
