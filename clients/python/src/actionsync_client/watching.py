"""Reads a watch for ever: a broken connection is opened again at the last resume token."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import grpc
from google.protobuf.message import Message

from actionsync_client.errors import from_rpc

FIRST_PAUSE_SECONDS = 0.1
LAST_PAUSE_SECONDS = 10.0
_PASSING = frozenset({grpc.StatusCode.UNAVAILABLE})


async def watch(
    method: Callable[..., Any], request: Message, *, metadata: Sequence[tuple[str, str]]
) -> AsyncGenerator[Any, None]:
    """Yield the messages of a watch until the server ends it; raises ActionsyncError for what does not pass."""
    asked = type(request)()
    asked.CopyFrom(request)
    pause = FIRST_PAUSE_SECONDS
    while True:
        call = method(asked, metadata=metadata)
        try:
            async for message in call:
                pause = FIRST_PAUSE_SECONDS
                token = getattr(message, "resume_token", "")
                if token:
                    asked.resume_token = token  # type: ignore[attr-defined]  # a watch without tokens starts anew
                yield message
            return
        except grpc.aio.AioRpcError as error:
            if error.code() not in _PASSING:
                raise from_rpc(error) from error
        finally:
            call.cancel()
        # Jitter, so that all watchers of a restarted server do not come back in one moment.
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
        pause = min(LAST_PAUSE_SECONDS, pause * 2)
