"""Smart lists in the asset API: browse, by id with rules, by name, clone, delete."""

from __future__ import annotations

from typing import Any

import pytest

LISTS = "/rest/asset/v1/smartLists.json"
NAMED = "/rest/asset/v1/smartList/byName.json"
NOTHING = ["No assets found for the given search criteria."]
HERE = '{"id":13,"type":"Folder"}'
RULED = {
    "name": "Ruled",
    "description": "with a rule",
    "rule": "1 and (2 or 3)",
    "filters": [
        {"field": "unsubscribed", "operator": "is", "value": False},
        {
            "activity": "Clicked Link in Email",
            "not": True,
            "atLeast": 2,
            "constraints": [
                {"attribute": "Mailing ID", "operator": "is", "values": ["A.B", "C.D"]},
                {"attribute": "Is Mobile Device", "operator": "is", "value": True},
            ],
            "date": {"operator": "in past", "value": "7 days"},
        },
        {"program": 1001, "status": "Member"},
    ],
}


def one(list_id: int, call: str = "") -> str:
    return f"/rest/asset/v1/smartList/{list_id}{call}.json"


async def defined(api: Any, **changes: Any) -> int:
    answer = await api.control("POST", "smart-lists", {**RULED, **changes})
    assert answer.status == 200, answer.json
    list_id: int = answer.json["id"]
    return list_id


@pytest.mark.asyncio
@pytest.mark.behaviour("smart-lists-browse")
async def test_browsing_pages_by_offset(seeded: Any) -> None:
    rows = (await seeded.get(LISTS)).result
    assert [row["id"] for row in rows] == [2001, 2002, 2003, 2004]
    assert rows[0] == {
        "id": 2001,
        "name": "Visited Web Page in Past 7 Days",
        "description": "Who looked at a page lately",
        "createdAt": rows[0]["createdAt"],
        "updatedAt": rows[0]["createdAt"],
        "url": "https://app.simulator.example/#SL2001A1LA1",
        "folder": {"id": 13, "type": "Folder"},
        "workspace": "Default",
    }
    assert rows[0]["createdAt"].endswith("Z+0000")
    assert (await seeded.get(LISTS, offset=1, maxReturn=2)).result == rows[1:3]
    past = await seeded.get(LISTS, offset=4)
    assert (past.json["success"], past.json["warnings"], "result" in past.json) == (True, NOTHING, False)
    assert (await seeded.get(LISTS, folder='{"id":13,"type":"Folder"}')).result == rows
    assert (await seeded.get(LISTS, folder='{"id":12,"type":"Folder"}')).json["warnings"] == NOTHING
    assert (await seeded.get(LISTS, earliestUpdatedAt="2026-11-24T00:00:00Z")).json["warnings"] == NOTHING
    assert (await seeded.get(LISTS, latestUpdatedAt="2026-11-24T00:00:00Z")).result == rows


@pytest.mark.asyncio
async def test_what_browsing_refuses(seeded: Any) -> None:
    for code, params in (
        ("704", {"earliestUpdatedAt": "soon"}),
        ("709", {"earliestUpdatedAt": "2026-11-02", "latestUpdatedAt": "2026-11-01"}),
        ("1001", {"maxReturn": "x"}),
    ):
        assert (await seeded.get(LISTS, **params)).code == code


@pytest.mark.asyncio
@pytest.mark.behaviour("smart-list-rules")
async def test_rules_come_when_asked_for(seeded: Any) -> None:
    list_id = await defined(seeded)
    plain = (await seeded.get(one(list_id))).result[0]
    assert "rules" not in plain
    (row,) = (await seeded.get(one(list_id), includeRules="True")).result
    rules = row.pop("rules")
    assert row == plain
    assert (rules["filterMatchType"], rules["filterCustomRules"], rules["triggers"]) == (
        "advanced",
        "1 and (2 or 3)",
        [],
    )
    flag, click, member = rules["filters"]
    assert flag == {
        "id": 1,
        "name": "Unsubscribed",
        "ruleTypeId": 79,
        "ruleType": "Person Attribute",
        "operator": "is",
        "conditions": [
            {
                "activityAttributeId": 79,
                "activityAttributeName": "Unsubscribed",
                "isPrimary": True,
                "operator": "is",
                "values": ["false"],
            }
        ],
    }
    assert (click["name"], click["ruleTypeId"], click["operator"]) == ("Not Clicked Link in Email", 11, "not occurs")
    assert [
        (each["activityAttributeName"], each["operator"], each["values"], each["isPrimary"])
        for each in click["conditions"]
    ] == [
        ("Mailing ID", "is", ["A.B", "C.D"], True),
        ("Is Mobile Device", "is", ["true"], False),
        ("Date of Activity", "in past", ["7 days"], False),
        ("Min. Number of Times", "at least", ["2"], False),
    ]
    assert [(each["activityAttributeName"], each["values"]) for each in member["conditions"]] == [
        ("Program Name", ["Monthly Newsletter"]),
        ("Program Status", ["Member"]),
    ]


@pytest.mark.asyncio
@pytest.mark.behaviour("smart-list-by-name")
async def test_by_name(seeded: Any) -> None:
    (row,) = (await seeded.get(NAMED, name="Owned by a Seller")).result
    assert row["id"] == 2004
    assert (await seeded.get(NAMED, name="Owned by")).json["warnings"] == NOTHING
    assert (await seeded.get(NAMED)).code == "701"


@pytest.mark.asyncio
@pytest.mark.behaviour("smart-list-clone")
async def test_a_clone_finds_the_same_people(seeded: Any) -> None:
    lists = seeded.simulator.subscription.smart_lists
    (row,) = (await seeded.form(one(2001, "/clone"), name="Copy", folder=HERE)).result
    assert (row["name"], row["description"], row["folder"]["id"]) == ("Copy", "Who looked at a page lately", 13)
    assert lists.members(row["id"]) == lists.members(2001)
    program = {"name": "Other", "folder": '{"id":1001,"type":"Program"}', "description": "mine"}
    (row,) = (await seeded.form(one(2001, "/clone"), **program)).result
    assert (row["folder"], row["description"]) == ({"id": 1001, "type": "Program"}, "mine")
    for code, changes in (
        ("701", {"name": " "}),
        ("701", {"folder": ""}),
        ("709", {"name": "copy"}),
        ("710", {"folder": '{"id":9999,"type":"Folder"}'}),
        ("711", {"folder": '{"id":12,"type":"Folder"}'}),
        ("1001", {"folder": "somewhere"}),
    ):
        refused = await seeded.form(one(2001, "/clone"), **{"name": "New", "folder": HERE, **changes})
        assert refused.code == code, changes
    assert len(lists.every()) == 6


@pytest.mark.asyncio
@pytest.mark.behaviour("smart-list-in-use")
async def test_a_list_in_use_is_kept(seeded: Any) -> None:
    await defined(seeded, rule="1 and 2", filters=[{"smartList": 2001}, {"smartList": 2002}])
    assert (await seeded.form(one(2001, "/delete"))).code == "709"
    body = {"fields": ["id"], "filter": {"smartListId": 2003}}
    (job,) = (await seeded.post("/bulk/v1/leads/export/create.json", body)).result
    assert (await seeded.form(one(2003, "/delete"))).code == "709"
    await seeded.post(f"/bulk/v1/leads/export/{job['exportId']}/cancel.json")
    audience = {"smartListId": 2003}
    campaign = {"name": "For the list", "type": "batch", "flow": [], "audience": audience}
    made = await seeded.control("POST", "campaigns", campaign)
    assert made.status == 200, made.json
    assert (await seeded.form(one(2003, "/delete"))).code == "709"
    assert (await seeded.control("DELETE", "smart-lists?id=2003")).status == 400
    await seeded.form(f"/rest/asset/v1/smartCampaign/{made.json['id']}/delete.json")
    assert (await seeded.form(one(2003, "/delete"))).result == [{"id": 2003}]
    assert (await seeded.get(one(2003))).code == "702"


@pytest.mark.asyncio
@pytest.mark.parametrize("call", ["", "/clone", "/delete"])
async def test_an_id_that_is_none(make_api: Any, call: str) -> None:
    for switch, code in (("702", "702"), ("warning", None)):
        api = make_api(missing_asset=switch)
        for path, expected in ((one(9, call), code), (f"/rest/asset/v1/smartList/x{call}.json", "1001")):
            fields = {"name": "New", "folder": HERE}
            answer = await (api.form(path, **fields) if call else api.get(path))
            assert answer.code == expected
            if expected is None:
                assert answer.json["warnings"] == NOTHING


@pytest.mark.asyncio
async def test_a_folder_tells_of_its_smart_lists(seeded: Any) -> None:
    held = (await seeded.get("/rest/asset/v1/folder/13/content.json")).result
    assert {"id": 2001, "type": "Smart List"} in held


@pytest.mark.asyncio
@pytest.mark.behaviour("campaign-smart-list")
async def test_the_list_of_a_campaign_shows_trigger_and_audience(seeded: Any) -> None:
    path = "/rest/asset/v1/smartCampaign/{}/smartList.json"
    (plain,) = (await seeded.get(path.format(1130))).result
    assert (plain["id"], plain["name"], "rules" in plain) == (3130, "Ask For A Call", False)
    (asked,) = (await seeded.get(path.format(1130), includeRules="true")).result
    (trigger,) = asked["rules"]["triggers"]
    assert (trigger["name"], trigger["conditions"][0]["values"]) == ("Campaign is Requested", ["Web Service API"])
    assert asked["rules"]["filters"] == []
    (batch,) = (await seeded.get(path.format(1100), includeRules="true")).result
    assert batch["rules"]["triggers"] == []
    assert batch["rules"]["filters"][0]["conditions"][0]["values"] == ["Newsletter"]
    assert (await seeded.get(path.format(9))).code == "702"
    assert (await seeded.get(path.format("x"))).code == "1001"
