"""Watches of the change log: every change once, in stored order, from a position that the caller holds.

A resume token names a position in this database and the watch it is of. It is no secret: a position shows nothing that
the watch would not show.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from actionsync_server.clock import SECOND, Clock
from actionsync_server.model.errors import InvalidInput, OutOfRange, Violation
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.watch import ticks
from actionsync_server.store import changes
from actionsync_server.store.changes import Change, ChangeKind
from actionsync_server.store.database import Database

#: Changes in one message.
_LOT = 200


@dataclass(frozen=True, slots=True)
class News:
    """What happened since the message before; without changes it is a sign of life."""

    changes: Sequence[Change]
    resume_token: str


async def change_feed(
    call: Call, database: Database, clock: Clock, kind: ChangeKind, resume_token: str
) -> AsyncGenerator[News, None]:
    """Yield the changes of one kind after a token ("": from now on), and a sign of life at least every 20 s.

    Raises InvalidInput PAGE_TOKEN_INVALID or TOKEN_FOREIGN for a token that is none of ours, OutOfRange
    RESUME_TOKEN_EXPIRED when changes after it are gone already, and Unavailable SHUTTING_DOWN when the server stops.
    """
    store = await changes.store_id(database)
    position = await _start(database, call.instance_id, kind, store=store, token=resume_token)
    async with aclosing(ticks(call, database, clock)) as looks:
        async for due in looks:
            while True:
                ahead = await changes.latest(database)
                found = await changes.after(database, call.instance_id, kind, position=position, count=_LOT)
                full = len(found) == _LOT
                # Everything up to `ahead` was looked at, also where it was of another kind or instance.
                position = max([found[-1].change_number] if full else [position, ahead, *_last(found)])
                if found or (due and not full):
                    yield News(found, _encode(store, kind, position))
                if not full:
                    break


def _last(found: Sequence[Change]) -> list[int]:
    return [found[-1].change_number] if found else []


async def _start(database: Database, instance_id: str, kind: ChangeKind, *, store: str, token: str) -> int:
    if not token:
        return await changes.latest(database)
    position = _decode(token, store=store, kind=kind)
    if position < await changes.compacted_to(database, instance_id):
        earliest = await changes.earliest_time(database, instance_id)
        metadata = {} if earliest is None else {"earliestTime": _iso(earliest)}
        raise OutOfRange(
            "changes after this token are no longer kept; list everything anew, then watch with an empty token",
            reason="RESUME_TOKEN_EXPIRED",
            metadata=metadata,
        )
    return position


def _encode(store: str, kind: ChangeKind, position: int) -> str:
    body = json.dumps([store, kind.value, position], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode("ascii")


def _decode(token: str, *, store: str, kind: ChangeKind) -> int:
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        of_store, of_kind, position = json.loads(raw)
    except (UnicodeEncodeError, binascii.Error, ValueError, TypeError) as error:
        raise _invalid("PAGE_TOKEN_INVALID", "is not a resume token") from error
    if not isinstance(position, int) or of_kind != kind.value:
        raise _invalid("PAGE_TOKEN_INVALID", "is a resume token of another watch")
    if of_store != store:
        raise _invalid("TOKEN_FOREIGN", "is of another database; list everything anew, then watch with an empty token")
    return position


def _invalid(reason: str, description: str) -> InvalidInput:
    return InvalidInput([Violation("resume_token", description)], reason=reason, metadata={"field": "resume_token"})


def _iso(instant: int) -> str:
    return datetime.fromtimestamp(instant // SECOND, UTC).isoformat().replace("+00:00", "Z")
