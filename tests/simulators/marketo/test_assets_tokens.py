"""My Tokens of folders and programs."""

from __future__ import annotations

from typing import Any

import pytest

TOKENS = "/rest/asset/v1/folder/{}/tokens.json"
DELETE = "/rest/asset/v1/folder/{}/tokens/delete.json"
TEXT = {"name": "Greeting", "type": "text", "value": "Hello", "folderType": "Folder"}


@pytest.mark.asyncio
@pytest.mark.behaviour("tokens-own-only")
async def test_a_place_lists_its_own_tokens(seeded: Any) -> None:
    (row,) = (await seeded.get(TOKENS.format(1001), folderType="Program")).result
    assert row["folder"] == {"type": "Program", "value": 1001}
    assert row["tokens"] == [
        {"name": "Issue", "type": "number", "value": "7", "computedUrl": "https://app.simulator.example/#PG1001C3"},
        {
            "name": "Headline",
            "type": "rich text",
            "value": "<p>What is new</p>",
            "computedUrl": "https://app.simulator.example/#PG1001C3",
        },
    ]
    (row,) = (await seeded.get(TOKENS.format(401))).result
    assert [token["name"] for token in row["tokens"]] == ["Company Name"]


@pytest.mark.asyncio
@pytest.mark.behaviour("token-upsert")
async def test_create_change_and_delete_a_token(seeded: Any) -> None:
    path = TOKENS.format(402)
    assert (await seeded.form(path, **TEXT)).result[0]["tokens"][0]["value"] == "Hello"
    (row,) = (await seeded.form(path, **TEXT | {"type": "date", "value": "2026-12-24"})).result
    assert [(token["type"], token["value"]) for token in row["tokens"]] == [("date", "2026-12-24")]
    named = {"name": "Greeting", "type": "date", "folderType": "Folder"}
    assert (await seeded.form(DELETE.format(402), **named)).result == [{"id": 402}]
    assert "result" not in (await seeded.get(path)).json
    assert (await seeded.form(DELETE.format(402), **named)).code == "702"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", ""),
        ("number", "-1.5"),
        ("score", "-5"),
        ("sfdc campaign", "x"),
        ("rich text", "<b>"),
        ("date", "2026-02-28"),
    ],
)
async def test_values_of_every_type(api: Any, kind: str, value: str) -> None:
    (row,) = (await api.form(TOKENS.format(15), **TEXT | {"type": kind, "value": value})).result
    assert (row["tokens"][0]["type"], row["tokens"][0]["value"]) == (kind, value)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "changes", "code"),
    [
        (TOKENS.format(15), {"name": ""}, "701"),
        (TOKENS.format(15), {"type": ""}, "701"),
        (TOKENS.format(15), {"folderType": ""}, "701"),
        (TOKENS.format(15), {"folderType": "Zone"}, "1001"),
        (TOKENS.format(15), {"type": "boolean"}, "709"),
        (TOKENS.format(15), {"name": "n" * 51}, "709"),
        (TOKENS.format(15), {"type": "date", "value": "tomorrow"}, "704"),
        (TOKENS.format(15), {"type": "number", "value": "many"}, "709"),
        (TOKENS.format(15), {"type": "score", "value": "1.5"}, "709"),
        (TOKENS.format(15), {"type": "score", "value": "2147483648"}, "709"),
        (TOKENS.format(999), {}, "702"),
        (DELETE.format(999), {}, "702"),
        (DELETE.format(15), {"name": ""}, "701"),
        (DELETE.format(15), {"folderType": "Zone"}, "1001"),
    ],
)
async def test_refused_tokens(api: Any, path: str, changes: dict[str, str], code: str) -> None:
    assert (await api.form(path, **TEXT | changes)).code == code


@pytest.mark.asyncio
async def test_a_token_without_a_value_is_refused(api: Any) -> None:
    form = {name: value for name, value in TEXT.items() if name != "value"}
    answer = await api.form(TOKENS.format(15), **form)
    assert (answer.code, answer.message) == ("701", "value cannot be blank")
