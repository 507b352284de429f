"""People and tools at work in Marketo and Salesforce, through the systems' own APIs."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

_LOGIN = {
    "grant_type": "client_credentials",
    "client_id": "simulator-client",
    "client_secret": "simulator-secret",
}


class MarketoUser:
    """Works in Marketo through its REST API."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def call(self, method: str, path: str, body: Any = None, **params: str) -> dict[str, Any]:
        """Return the answer of one call; an application error fails the test."""
        url, headers = self._url + path, await self._token()
        async with self._session.request(method, url, json=body, params=params, headers=headers) as response:
            answer: dict[str, Any] = await response.json()
        assert answer.get("success", True), answer
        return answer

    async def _token(self) -> dict[str, str]:
        async with self._session.get(f"{self._url}/identity/oauth/token", params=_LOGIN) as response:
            return {"Authorization": f"Bearer {(await response.json())['access_token']}"}

    async def leads(self, filter_type: str, value: object, *fields: str) -> list[dict[str, Any]]:
        """Return the people with this value."""
        answer = await self.call(
            "GET",
            "/rest/v1/leads.json",
            filterType=filter_type,
            filterValues=str(value),
            fields=",".join(("id", *fields)),
        )
        result: list[dict[str, Any]] = answer["result"]
        return result

    async def create(self, **values: Any) -> int:
        """Create a person whatever others there are, and return its id."""
        answer = await self.call(
            "POST", "/rest/v1/leads.json", {"action": "createDuplicate", "lookupField": "email", "input": [values]}
        )
        assert answer["result"][0]["status"] == "created", answer
        return int(answer["result"][0]["id"])

    async def update(self, marketo_id: int, **values: Any) -> None:
        """Change a person's fields."""
        body = {"action": "updateOnly", "lookupField": "id", "input": [{"id": marketo_id, **values}]}
        answer = await self.call("POST", "/rest/v1/leads.json", body)
        assert answer["result"][0]["status"] == "updated", answer

    async def delete(self, marketo_id: int) -> None:
        """Delete a person."""
        answer = await self.call("POST", "/rest/v1/leads/delete.json", {"input": [{"id": marketo_id}]})
        assert answer["result"][0]["status"] == "deleted", answer

    async def merge(self, winner: int, loser: int) -> None:
        """Merge one person into another."""
        await self.call("POST", f"/rest/v1/leads/{winner}/merge.json", leadIds=str(loser))

    async def export(self, chosen: dict[str, Any]) -> list[dict[str, str]]:
        """Return the people (`id`, `email`) whom a filter of bulk extract chooses."""
        export = "/bulk/v1/leads/export"
        made = await self.call("POST", f"{export}/create.json", {"fields": ["id", "email"], "filter": chosen})
        job = f"{export}/{made['result'][0]['exportId']}"
        await self.call("POST", f"{job}/enqueue.json")
        status = "Queued"
        for _ in range(1_000):
            status = (await self.call("GET", f"{job}/status.json"))["result"][0]["status"]
            if status not in ("Queued", "Processing"):
                break
        assert status == "Completed", status
        headers = await self._token()
        async with self._session.get(f"{self._url}{job}/file.json", headers=headers) as response:
            return list(csv.DictReader(io.StringIO(await response.text())))

    async def custom_activities(self, api_name: str, *, since: str = "2026-01-01T00:00:00Z") -> list[dict[str, Any]]:
        """Return the rows of one of the custom activity types, attributes as a mapping."""
        types = (await self.call("GET", "/rest/v1/activities/external/types.json"))["result"]
        number = next((row["id"] for row in types if row["apiName"] == api_name), None)
        assert number is not None, f"there is no custom activity type {api_name}"
        token = (await self.call("GET", "/rest/v1/activities/pagingtoken.json", sinceDatetime=since))["nextPageToken"]
        rows: list[dict[str, Any]] = []
        more = True
        while more:
            page = await self.call("GET", "/rest/v1/activities.json", nextPageToken=token, activityTypeIds=str(number))
            rows += page.get("result", [])
            token, more = page["nextPageToken"], page["moreResult"]
        return [{**row, "attributes": {one["name"]: one["value"] for one in row["attributes"]}} for row in rows]

    async def control(self, method: str, path: str, /, body: Any = None, **params: str) -> Any:
        """Call the control plane."""
        async with self._session.request(method, f"{self._url}/_sim/{path}", json=body, params=params) as response:
            assert response.status < 300, await response.text()
            return await response.json()

    async def fault(self, path: str, action: str, *, times: int = 1, method: str | None = None, **more: Any) -> None:
        """Arrange for the next calls of a path to go wrong."""
        match = {"path": path} | ({"method": method} if method else {})
        await self.control("POST", "faults", {"match": match, "action": action, "times": times, **more})

    async def calls(self, path: str) -> int:
        """Return how many calls of a path the simulator has seen."""
        return len((await self.control("GET", "journal", path=path, limit="1000"))["entries"])


class SalesforceUser:
    """Works in Salesforce through its REST API."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self._base = f"{url}/services/data/v60.0"

    async def call(self, method: str, url: str, body: Any = None, **params: str) -> Any:
        """Return the answer of one call; a refusal fails the test."""
        async with self._session.post(f"{self._url}/services/oauth2/token", data=_LOGIN) as response:
            headers = {"Authorization": f"Bearer {(await response.json())['access_token']}"}
        async with self._session.request(method, url, json=body, params=params, headers=headers) as response:
            assert response.status < 300, f"{method} {url}: {response.status} {await response.text()}"
            return None if response.status == 204 else await response.json()

    async def refresh_token(self, user_id: str) -> str:
        """Log in as one user on the page that an app sends them to, and return the refresh token that the app gets."""
        found = await self.query(f"SELECT Username FROM User WHERE Id = '{user_id}'")
        back = "http://localhost:1717/OauthRedirect"
        form = {
            "response_type": "code",
            "client_id": _LOGIN["client_id"],
            "redirect_uri": back,
            "scope": "api refresh_token",
            "username": found[0]["Username"],
            "password": "simulator-password",
            "action": "allow",
        }
        authorize = f"{self._url}/services/oauth2/authorize"
        async with self._session.post(authorize, data=form, allow_redirects=False) as response:
            assert response.status == 302, await response.text()
            code = parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
        exchange = _LOGIN | {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        async with self._session.post(f"{self._url}/services/oauth2/token", data=exchange) as response:
            return str((await response.json())["refresh_token"])

    async def query(self, soql: str, *, deleted: bool = False) -> list[dict[str, Any]]:
        """Return the first page of a query."""
        answer = await self.call("GET", f"{self._base}/{'queryAll' if deleted else 'query'}", q=soql)
        records: list[dict[str, Any]] = answer["records"]
        return records

    async def create(self, sobject: str, **values: Any) -> str:
        """Create a record and return its id."""
        return str((await self.call("POST", f"{self._base}/sobjects/{sobject}", values))["id"])

    async def update(self, sobject: str, record_id: str, **values: Any) -> None:
        """Change a record."""
        await self.call("PATCH", f"{self._base}/sobjects/{sobject}/{record_id}", values)

    async def delete(self, sobject: str, record_id: str) -> None:
        """Delete a record."""
        await self.call("DELETE", f"{self._base}/sobjects/{sobject}/{record_id}")

    async def control(self, method: str, path: str, /, body: Any = None, **params: str) -> Any:
        """Call the control plane."""
        async with self._session.request(method, f"{self._url}/_sim/{path}", json=body, params=params) as response:
            assert response.status < 300, await response.text()
            return await response.json()

    async def fault(self, path: str, action: str, *, times: int = 1, method: str | None = None, **more: Any) -> None:
        """Arrange for the next calls of a path to go wrong."""
        match = {"path": path} | ({"method": method} if method else {})
        await self.control("POST", "faults", {"match": match, "action": action, "times": times, **more})
