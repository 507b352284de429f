"""JSON or XML: who asks for XML gets it, errors included; everybody else gets JSON."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

ASKS = [
    {"Accept": "application/xml"},
    {"Accept": "text/xml"},
    {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
]
NO_ASKS = [
    {},
    {"Accept": "*/*"},
    {"Accept": "application/json, application/xml"},
    {"Accept": "application/json;q=0.9, application/xml;q=0.5"},
    {"Accept": "application/xml;q=none"},
]


@pytest.mark.asyncio
@pytest.mark.parametrize("headers", ASKS)
async def test_errors_in_xml(api: Any, headers: dict[str, str]) -> None:
    answer = await api("POST", "sobjects/Lead", {"FirstName": "<A>"}, headers=headers)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/xml;charset=UTF-8")
    assert "api-usage" in answer.headers["Sforce-Limit-Info"]
    [error] = ElementTree.fromstring(answer.body)
    assert (error.tag, error.findtext("errorCode")) == ("Error", "REQUIRED_FIELD_MISSING")
    assert [each.text for each in error.findall("fields")] == ["LastName", "Company"]
    missing = await api("GET", "sobjects/Lead/describe", headers={**headers, "Authorization": ""})
    assert (missing.status, "<errorCode>INVALID_AUTH_HEADER</errorCode>" in missing.body) == (401, True)


@pytest.mark.asyncio
@pytest.mark.parametrize("headers", NO_ASKS)
async def test_json_unless_xml_is_wanted_more(api: Any, headers: dict[str, str]) -> None:
    answer = await api("GET", "limits", headers=headers)
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"


@pytest.mark.asyncio
async def test_rows_and_queries_in_xml(api: Any) -> None:
    account = await api.create("Account", Name="A & <B>")
    contact = await api.create("Contact", LastName="C", AccountId=account)
    by_suffix = await api("GET", f"sobjects/Contact/{contact}.xml?fields=LastName,Title")
    row = ElementTree.fromstring(by_suffix.body)
    assert (row.tag, row.get("type"), row.findtext("LastName"), row.findtext("Title")) == (
        "Contact",
        "Contact",
        "C",
        "",
    )
    asked = {"q": f"SELECT Id, Account.Name FROM Contact WHERE Id = '{contact}'"}
    found = ElementTree.fromstring((await api("GET", "query.xml", params=asked)).body)
    assert (found.tag, found.findtext("totalSize"), found.findtext("done")) == ("QueryResult", "1", "true")
    [record] = found.findall("records")
    assert (record.get("type"), record.findtext("Account/Name")) == ("Contact", "A & <B>")
    assert (await api("GET", f"sobjects/Contact/{contact}.json")).body["LastName"] == "C"
    made = await api("POST", "sobjects/Account", {"Name": "X"}, headers=ASKS[0])
    assert ElementTree.fromstring(made.body).findtext("success") == "true"
    gone = await api("DELETE", f"sobjects/Contact/{contact}", headers=ASKS[0])
    assert (gone.status, gone.body, "Content-Type" in gone.headers) == (204, "", False)


@pytest.mark.asyncio
async def test_versions_in_xml(anonymous: Any) -> None:
    versions = ElementTree.fromstring((await anonymous("GET", "/services/data", headers=ASKS[0])).body)
    assert (versions.tag, versions[-1].tag, versions[-1].findtext("version")) == ("Versions", "Version", "66.0")


@pytest.mark.asyncio
async def test_planned_errors_in_xml(api: Any) -> None:
    fault = {"match": {"path": "/services/data/*"}, "action": "error", "error": {"code": "SERVER_UNAVAILABLE"}}
    await api.control("POST", "faults", **fault)
    answer = await api("GET", "limits", headers=ASKS[0])
    assert (answer.status, "<errorCode>SERVER_UNAVAILABLE</errorCode>" in answer.body) == (503, True)
