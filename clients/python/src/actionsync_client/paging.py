"""Reads a listing to its end: one item after the other, one page at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from google.protobuf.message import Message


async def pages(method: Callable[..., Any], request: Any) -> AsyncIterator[Any]:
    """Yield every item of a listing. `method` is a stub's List method; the request's page_size is the page's."""
    asked = type(request)()
    asked.CopyFrom(request)
    while True:
        answer = await method(asked)
        for item in getattr(answer, _items_field(answer)):
            yield item
        if not answer.next_page_token:
            return
        asked.page_token = answer.next_page_token


def _items_field(answer: Message) -> str:
    """Return the name of the one repeated field that a page has by convention."""
    return next(field.name for field in answer.DESCRIPTOR.fields if field.is_repeated)
