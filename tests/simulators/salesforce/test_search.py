"""Search over HTTP: SOSL and parameterized, with the envelope of each version."""

from __future__ import annotations

from typing import Any

import pytest


async def people(api: Any) -> tuple[str, str]:
    lead = await api.create("Lead", LastName="Quillfeather", Company="Engines", Email="q@engines.example")
    contact = await api.create("Contact", LastName="Quillfeather", Phone="+44 20 5550 9876")
    return lead, contact


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["search", "search/"])
async def test_sosl(api: Any, path: str) -> None:
    lead, contact = await people(api)
    text = "FIND {Quillf*} IN ALL FIELDS RETURNING Contact(Id, Name), Lead(Id, Name WHERE IsConverted = false LIMIT 5)"
    answer = await api("GET", path, params={"q": text})
    assert answer.body == {
        "searchRecords": [
            {
                "attributes": {"type": sobject, "url": f"/services/data/v60.0/sobjects/{sobject}/{record_id}"},
                "Id": record_id,
                "Name": "Quillfeather",
            }
            for sobject, record_id in (("Contact", contact), ("Lead", lead))
        ]
    }
    api.version = "36.0"
    assert len((await api("GET", path, params={"q": text})).body) == 2


@pytest.mark.asyncio
async def test_parameters_instead_of_sosl(api: Any) -> None:
    lead, contact = await people(api)
    params = {"q": "quillfeather", "sobject": "Contact,Lead", "Contact.fields": "Id,Phone", "Contact.limit": "10"}
    by_query = await api("GET", "parameterizedSearch/", params=params)
    assert [row["Id"] for row in by_query.body["searchRecords"]] == [contact, lead]
    assert by_query.body["searchRecords"][0]["Phone"] == "+44 20 5550 9876"
    body = {
        "q": "quillfeather",
        "fields": ["Id", "Email"],
        "sobjects": [{"name": "Lead", "limit": 10, "where": "Company = 'Engines'"}],
        "in": "NAME",
        "overallLimit": 100,
    }
    by_body = await api("POST", "parameterizedSearch", body)
    assert [row["Email"] for row in by_body.body["searchRecords"]] == ["q@engines.example"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("search", {}),
        ("search", {"q": "FIND Acme"}),
        ("parameterizedSearch", {}),
        ("parameterizedSearch", {"q": "x", "in": "NOWHERE"}),
        ("parameterizedSearch", {"q": "x", "sobject": "Lead)"}),
        ("parameterizedSearch", {"q": "x", "sobject": "Lead", "fields": "Id) x"}),
        ("parameterizedSearch", {"q": "x", "sobject": "Lead", "defaultLimit": "ten"}),
    ],
)
async def test_refusals(api: Any, path: str, params: dict[str, str]) -> None:
    answer = await api("GET", path, params=params)
    assert (answer.status, answer.code) == (400, "MALFORMED_SEARCH")


@pytest.mark.asyncio
async def test_reserved_characters_are_only_text(api: Any) -> None:
    answer = await api("GET", "parameterizedSearch", params={"q": "a}b {c", "sobject": "Lead"})
    assert answer.body == {"searchRecords": []}
