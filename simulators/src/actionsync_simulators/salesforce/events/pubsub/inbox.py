"""The requests of a stream, taken in as they come while the answers go out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any


class Inbox:
    """Reads a request iterator in a task of its own and rings the bell for each request, and at the end."""

    def __init__(self, requests: AsyncIterator[Any], bell: asyncio.Event) -> None:
        self._requests = requests
        self._bell = bell
        self._items: deque[Any] = deque()
        self.ended = False
        self._task = asyncio.create_task(self._read())

    def take(self) -> Any:
        """The oldest request that has not been taken, or None."""
        return self._items.popleft() if self._items else None

    @property
    def finished(self) -> bool:
        """Whether the client has closed its side and every request has been taken."""
        return self.ended and not self._items

    async def close(self) -> None:
        """Stop reading."""
        self._task.cancel()
        # How reading ended does not matter any more: the stream itself knows why it ended.
        await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for request in self._requests:
                self._items.append(request)
                self._bell.set()
        finally:
            self.ended = True
            self._bell.set()
