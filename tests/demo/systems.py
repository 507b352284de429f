"""Reads Marketo and Salesforce back over plain HTTP, with nothing of the service's own clients."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import Any


class Marketo:
    """The few Marketo calls that the demo reads its figures with."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self._url = ready["marketo"]
        query = {
            "grant_type": "client_credentials",
            "client_id": ready["client_id"],
            "client_secret": ready["client_secret"],
        }
        answer = _call(f"{self._url}/identity/oauth/token?{urllib.parse.urlencode(query)}")
        self._token = answer["access_token"]

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Return the answer of one GET; an application error raises."""
        url = f"{self._url}{path}?{urllib.parse.urlencode(query)}"
        answer = _call(url, headers={"Authorization": f"Bearer {self._token}"})
        if not answer["success"]:
            raise RuntimeError(f"Marketo refused {path}: {answer['errors']}")
        return answer

    def activities(self, type_ids: list[int], since: str) -> list[dict[str, Any]]:
        """Return all activities of some types since a datetime."""
        position = self.get("/rest/v1/activities/pagingtoken.json", sinceDatetime=since)["nextPageToken"]
        rows: list[dict[str, Any]] = []
        more = True
        while more:
            page = self.get(
                "/rest/v1/activities.json", nextPageToken=position, activityTypeIds=",".join(map(str, type_ids))
            )
            rows += page.get("result", [])
            position, more = page["nextPageToken"], page["moreResult"]
        return rows

    def custom_types(self) -> dict[str, int]:
        """Return the ids of the custom activity types by apiName."""
        answer = self.get("/rest/v1/activities/external/types.json")
        return {row["apiName"]: row["id"] for row in answer["result"]}

    def calls_today(self) -> int:
        """Return how many calls Marketo has counted today, from everybody."""
        return int(self.get("/rest/v1/stats/usage.json")["result"][0]["total"])


def install_package(ready: dict[str, Any]) -> None:
    """Prepare the org as its admin would: the fields on Task and people, and the Task Type Reply."""
    _call(
        f"{ready['salesforce']}/_sim/package", method="POST", data=b"{}", headers={"Content-Type": "application/json"}
    )


class Salesforce:
    """The few Salesforce calls that the demo reads its figures with."""

    def __init__(self, ready: dict[str, Any]) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": ready["client_id"],
            "client_secret": ready["client_secret"],
        }
        url = f"{ready['salesforce']}/services/oauth2/token"
        answer = _call(url, data=urllib.parse.urlencode(form).encode())
        self._base = f"{answer['instance_url']}/services/data/v60.0"
        self._root = answer["instance_url"]
        self._headers = {"Authorization": f"Bearer {answer['access_token']}"}

    def query(self, soql: str) -> list[dict[str, Any]]:
        """Return all records of a query."""
        answer = _call(f"{self._base}/query?{urllib.parse.urlencode({'q': soql})}", headers=self._headers)
        records: list[dict[str, Any]] = answer["records"]
        while not answer["done"]:
            answer = _call(self._root + answer["nextRecordsUrl"], headers=self._headers)
            records += answer["records"]
        return records

    def count(self, soql: str) -> int:
        """Return the total of a COUNT() query."""
        answer = _call(f"{self._base}/query?{urllib.parse.urlencode({'q': soql})}", headers=self._headers)
        return int(answer["totalSize"])

    def update(self, object_name: str, record_id: str, values: dict[str, Any]) -> None:
        """Change a record, as a person in Salesforce would."""
        _call(
            f"{self._base}/sobjects/{object_name}/{record_id}",
            method="PATCH",
            data=json.dumps(values).encode(),
            headers=self._headers | {"Content-Type": "application/json"},
        )

    def calls_today(self) -> int:
        """Return how many calls Salesforce has counted in the last 24 hours."""
        limit = _call(f"{self._base}/limits", headers=self._headers)["DailyApiRequests"]
        return int(limit["Max"]) - int(limit["Remaining"])


def _call(
    url: str, *, method: str | None = None, data: bytes | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    with urllib.request.urlopen(request, timeout=60) as answer:
        body = answer.read()
    return json.loads(body) if body else {}
