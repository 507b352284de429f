"""What the whole subscription used today, by all its integrations."""

from __future__ import annotations

import msgspec

from actionsync_server.systems.marketo.connection import Connection


class _Day(msgspec.Struct):
    total: int = 0


class Usage:
    """Usage figures of one subscription."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def usage_today(self) -> int:
        """Return the calls charged to the subscription since midnight US Central time, this one included."""
        reply = await self._connection.get("/rest/v1/stats/usage.json", kind=_Day, permission="none")
        return reply.rows[-1].total if reply.rows else 0
