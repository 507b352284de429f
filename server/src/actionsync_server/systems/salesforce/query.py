"""Queries: every record, however many pages."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import quote

import msgspec

from actionsync_server.model.errors import Refused, System
from actionsync_server.model.persons import salesforce_id
from actionsync_server.systems.salesforce.answers import Problem, by_code
from actionsync_server.systems.salesforce.connection import API, Connection

#: Salesforce takes 16,384 bytes of address and headers; a longer query travels inside a composite request.
LONGEST_QUERY = 14_000

Record = dict[str, Any]


class _Page(msgspec.Struct, rename="camel"):
    records: list[Record] = []
    done: bool = True
    next_records_url: str | None = None


class _Part(msgspec.Struct, rename="camel"):
    http_status_code: int
    body: msgspec.Raw


class _Composite(msgspec.Struct, rename="camel"):
    composite_response: list[_Part]


class Queries:
    """SOQL queries of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def query(self, soql: str, *, include_deleted: bool = False) -> list[Record]:
        """Return every record; with `include_deleted` also those in the recycle bin.

        Records are as Salesforce writes them, parents nested, `attributes` included; ids have 18 characters.
        """
        path = f"{API}/{'queryAll' if include_deleted else 'query'}"
        encoded = quote(soql, safe="")
        if len(encoded) <= LONGEST_QUERY:
            page = await self._connection.get(path, {"q": soql}, kind=_Page)
        else:
            page = await self._long(f"{path}?q={encoded}")
        records = page.records
        while page.next_records_url and not page.done:
            if not page.next_records_url.startswith("/services/data/"):
                raise Refused(System.SALESFORCE, "Salesforce: the next page of a query lies outside the API")
            page = await self._connection.get(page.next_records_url, kind=_Page)
            records += page.records
        for record in records:
            if isinstance(record.get("Id"), str):
                record["Id"] = salesforce_id(record["Id"])
        return records

    async def _long(self, url: str) -> _Page:
        body = {"compositeRequest": [{"method": "GET", "url": url, "referenceId": "query"}]}
        answer = await self._connection.send("POST", f"{API}/composite", body, kind=_Composite, repeatable=True)
        if len(answer.composite_response) != 1:
            raise self._connection.unreadable("one query, several results", repeatable=True)
        part = answer.composite_response[0]
        try:
            if part.http_status_code != 200:
                problem = msgspec.json.decode(part.body, type=list[Problem])[0]
                failure = by_code(problem.error_code, html.unescape(problem.message))
                raise self._connection.calls.error(failure, repeatable=True)
            page = msgspec.json.decode(part.body, type=_Page)
        except (msgspec.MsgspecError, IndexError) as problem:
            raise self._connection.unreadable("no result of the query", repeatable=True) from problem
        # Inside composite answers Salesforce writes quotes and ampersands in texts as HTML entities.
        page.records = [_unescaped(record) for record in page.records]
        return page


def _unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.unescape(value)
    if isinstance(value, dict):
        return {name: _unescaped(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_unescaped(inner) for inner in value]
    return value
