"""Layouts, tabs and themes, read off the schema."""

from __future__ import annotations

from typing import Any

import pytest

MASTER = "012000000000000AAA"


def shown(section: dict[str, Any]) -> list[str]:
    items = [item for row in section["layoutRows"] for item in row["layoutItems"]]
    return [item["layoutComponents"][0]["value"] for item in items]


@pytest.mark.asyncio
@pytest.mark.behaviour("layout-fields")
async def test_a_layout_shows_the_fields_that_the_caller_sees(api: Any) -> None:
    answer = await api("GET", "sobjects/lead/describe/layouts")
    layout, mapping = answer.body["layouts"][0], answer.body["recordTypeMappings"][0]
    assert (mapping["recordTypeId"], mapping["layoutId"]) == (MASTER, layout["id"])
    assert answer.body["recordTypeSelectorRequired"] == [False]
    section, written = layout["detailLayoutSections"][0], layout["editLayoutSections"][0]
    assert {"Name", "Company", "CreatedDate", "HasOptedOutOfEmail"} <= set(shown(section))
    assert "HasOptedOutOfEmail" in shown(written)
    assert not {"Name", "CreatedDate", "Id", "FirstName"} & set(shown(written))
    assert section["rows"] == len(section["layoutRows"])
    company = next(item for row in written["layoutRows"] for item in row["layoutItems"] if item["label"] == "Company")
    assert (company["required"], company["editableForNew"]) == (True, True)
    assert company["layoutComponents"][0]["details"]["length"] == 255
    assert (await api("GET", mapping["urls"]["layout"])).body == layout
    assert (await api("GET", f"sobjects/Lead/describe/layouts/{MASTER[:15]}")).body == layout
    await api.control("POST", "profile", object="Lead", field="HasOptedOutOfEmail", state="hidden")
    hidden = (await api("GET", "sobjects/Lead/describe/layouts")).body["layouts"][0]
    assert "HasOptedOutOfEmail" not in shown(hidden["detailLayoutSections"][0])


@pytest.mark.asyncio
async def test_compact_and_approval_layouts(api: Any) -> None:
    compact = (await api("GET", "sobjects/Task/describe/compactLayouts")).body
    assert [each["name"] for each in compact["compactLayouts"]] == ["SYSTEM"]
    assert shown({"layoutRows": [{"layoutItems": compact["compactLayouts"][0]["fieldItems"]}]}) == ["Subject"]
    assert compact["recordTypeCompactLayoutMappings"][0]["recordTypeId"] == MASTER
    assert (await api("GET", "sobjects/Task/describe/approvalLayouts")).body == {"approvalLayouts": []}
    for path in ("sobjects/Task/quickActions", "quickActions"):
        assert (await api("GET", path)).body == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "sobjects/Nope/describe/layouts",
        "sobjects/TaskStatus/describe/layouts",
        "sobjects/TaskStatus/describe/compactLayouts",
        "sobjects/Lead/describe/layouts/012000000000001",
        "sobjects/Nope/describe/approvalLayouts",
        "sobjects/Nope/quickActions",
    ],
)
async def test_what_has_no_layout(api: Any, path: str) -> None:
    answer = await api("GET", path)
    assert (answer.status, answer.code) == (404, "NOT_FOUND")


@pytest.mark.asyncio
async def test_tabs_and_theme(api: Any) -> None:
    tabs = {tab["sobjectName"]: tab for tab in (await api("GET", "tabs")).body}
    assert tabs["Lead"]["name"] == "standard-Lead"
    assert tabs["Lead"]["url"].endswith("/00Q/o")
    assert "TaskStatus" not in tabs
    theme = (await api("GET", "theme")).body["themeItems"]
    assert {"Account", "Lead", "Task"} <= {item["name"] for item in theme}
