"""What the change log says of one person."""

from __future__ import annotations

from sqlalchemy import bindparam, literal_column, select

from actionsync_server.store.changes import Change, ChangeKind, to_change
from actionsync_server.store.database import Reader
from actionsync_server.store.schema import changes
from actionsync_server.store.statement import Statement

_OF_PERSON = Statement(
    select(changes)
    .where(
        changes.c.instance_id == bindparam("instance_id"),
        # As a literal, so that the index of people's changes is used.
        changes.c.kind == literal_column(str(ChangeKind.PERSON.value)),
        changes.c.subject_id == bindparam("person_id"),
    )
    .order_by(changes.c.change_number.desc())
    .limit(bindparam("count"))
)


async def changes_of(reader: Reader, instance_id: str, person_id: str, *, count: int) -> list[Change]:
    """Return the newest `count` changes of a person that are still kept, oldest first."""
    parameters = {"instance_id": instance_id, "person_id": person_id, "count": count}
    return [to_change(row) for row in await reader.rows(_OF_PERSON, parameters)][::-1]
