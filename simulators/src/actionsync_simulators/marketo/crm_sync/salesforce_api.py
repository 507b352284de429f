"""The sync's own client of Salesforce: token, SOQL with all pages, collections update. It is charged there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import aiohttp

API_VERSION = "v60.0"
RECORDS_PER_UPDATE = 200
IDS_PER_QUERY = 200
TIMEOUT_SECONDS = 60

Record = dict[str, Any]


class SalesforceFailure(Exception):
    """Salesforce refused or could not be reached; `code` is its error code or what happened to the call."""

    def __init__(self, code: str, message: str, *, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status


class SalesforceApi:
    """Calls Salesforce as one user. `base_url` is any host of the org.

    `open_session` is called for the first call only: a simulator whose sync has nothing to do yet starts faster
    without an HTTP client. `close` closes that session.
    """

    def __init__(
        self,
        open_session: Callable[[], aiohttp.ClientSession],
        base_url: str,
        *,
        client_id: str,
        client_secret: str,
    ) -> None:
        self._open_session = open_session
        self._session: aiohttp.ClientSession | None = None
        self._base_url = base_url.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._token: str | None = None
        self.calls = 0
        self.token_refreshes = 0

    async def close(self) -> None:
        """Close the session; the next call would open another one."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def query(self, soql: str, *, deleted_too: bool = False) -> AsyncIterator[list[Record]]:
        """Yield the rows of a query page by page; `deleted_too` also returns what is in the recycle bin."""
        resource = "queryAll" if deleted_too else "query"
        path = f"/services/data/{API_VERSION}/{resource}"
        page = await self._call("GET", path, params={"q": soql})
        while True:
            yield page["records"]
            if page["done"]:
                return
            page = await self._call("GET", page["nextRecordsUrl"])

    async def fields(self, sobject: str) -> frozenset[str]:
        """Return the names of the fields of an object that the sync's user can see."""
        described = await self._call("GET", f"/services/data/{API_VERSION}/sobjects/{sobject}/describe")
        return frozenset(field["name"] for field in described["fields"])

    async def update(self, sobject: str, records: list[Record]) -> list[Record]:
        """Update up to 200 records (each with its Id) and return the results in the same order."""
        body = {
            "allOrNone": False,
            "records": [{"attributes": {"type": sobject}, **record} for record in records],
        }
        results: list[Record] = await self._call("PATCH", f"/services/data/{API_VERSION}/composite/sobjects", body=body)
        return results

    async def _call(self, method: str, path: str, *, params: dict[str, str] | None = None, body: Any = None) -> Any:
        for fresh_token in (False, True):
            if self._token is None:
                await self._authenticate()
            headers = {"Authorization": f"Bearer {self._token}"}
            if body is not None:
                headers["Content-Type"] = "application/json"
            data = None if body is None else orjson.dumps(body)
            status, answer = await self._send(method, path, params=params, headers=headers, data=data)
            if status == 401 and not fresh_token:
                self._token = None
                self.token_refreshes += 1
                continue
            break
        if status >= 300:
            raise _failure(status, answer)
        return answer

    async def _authenticate(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        status, answer = await self._send("POST", "/services/oauth2/token", data=form)
        if status != 200 or "access_token" not in answer:
            raise _failure(status, answer)
        self._token = answer["access_token"]

    async def _send(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        import aiohttp

        self.calls += 1
        if self._session is None:
            self._session = self._open_session()
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        url = self._base_url + path
        try:
            async with self._session.request(method, url, timeout=timeout, **options) as response:
                text = await response.read()
                status = response.status
        except TimeoutError:
            raise SalesforceFailure("TIMEOUT", f"no answer to {method} {path}") from None
        except aiohttp.ClientError as problem:
            raise SalesforceFailure("CONNECTION_FAILED", f"{method} {path}: {problem}") from None
        if not text:
            return status, None
        try:
            return status, orjson.loads(text)
        except orjson.JSONDecodeError:
            raise SalesforceFailure("NOT_JSON", f"{method} {path} answered {status}", status=status) from None


def soql(fields: str, sobject: str, condition: str) -> str:
    """Return a query; its parts are the sync's own words, values in it come from `literal` or `id_chunks`."""
    return f"SELECT {fields} FROM {sobject} WHERE {condition}"  # noqa: S608


def literal(value: str) -> str:
    """Return a text as a SOQL string literal."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def id_chunks(ids: Iterable[str]) -> Iterator[str]:
    """Yield the ids as SOQL lists, so many at a time as a query takes comfortably."""
    ordered = list(dict.fromkeys(ids))
    for start in range(0, len(ordered), IDS_PER_QUERY):
        yield "(" + ",".join(literal(one) for one in ordered[start : start + IDS_PER_QUERY]) + ")"


def _failure(status: int, answer: Any) -> SalesforceFailure:
    first = answer[0] if isinstance(answer, list) and answer else answer
    if isinstance(first, dict):
        code = first.get("errorCode") or first.get("error") or f"HTTP_{status}"
        message = first.get("message") or first.get("error_description") or ""
        return SalesforceFailure(str(code), str(message), status=status)
    return SalesforceFailure(f"HTTP_{status}", "an answer of unknown form", status=status)
