"""What was answered before each send: so that "was it checked before it was sent?" has an answer in the data.

Addresses are kept as digests bound to the instance: the question is always asked with the address at hand.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import send_checks
from actionsync_server.store.statement import Statement

_INSERT = Statement(insert(send_checks))
_GET = Statement(
    select(send_checks).where(
        send_checks.c.instance_id == bindparam("instance_id"), send_checks.c.check_id == bindparam("check_id")
    )
)


@dataclass(frozen=True, slots=True)
class SendCheck:
    """One answered AuthorizeSend. `verdicts` maps address digests to (decision, reason) numbers."""

    check_id: str
    user_id: str
    channel: int
    check_time: Micros
    expire_time: Micros
    verdicts: dict[str, tuple[int, int]]


def address_digest(instance_id: str, email_key: str) -> str:
    """Return the digest under which an address is kept."""
    return hashlib.blake2b(email_key.encode(), key=instance_id.encode()[:64], digest_size=12).hexdigest()


class SendChecks:
    """The checks of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def get(self, check_id: str) -> SendCheck | None:
        """Return one check."""
        row = await self._reader.row(_GET, {"instance_id": self._instance_id, "check_id": check_id})
        if row is None:
            return None
        return SendCheck(
            check_id=row["check_id"],
            user_id=row["user_id"],
            channel=row["channel"],
            check_time=row["check_time"],
            expire_time=row["expire_time"],
            verdicts={digest: (pair[0], pair[1]) for digest, pair in json.loads(row["verdicts"]).items()},
        )


class SendCheckWrites(SendChecks):
    """New checks of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, check: SendCheck) -> None:
        """Store a check."""
        await self._transaction.execute(
            _INSERT,
            {
                "instance_id": self._instance_id,
                "check_id": check.check_id,
                "user_id": check.user_id,
                "channel": check.channel,
                "check_time": check.check_time,
                "expire_time": check.expire_time,
                "verdicts": json.dumps(check.verdicts),
            },
        )
