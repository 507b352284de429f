"""The unmodified third-party client `marketorestpython`: people, lists, activities, statistics."""

from __future__ import annotations

from typing import Any

import pytest
from harness.live_marketo import LiveMarketo
from marketorestpython.client import MarketoClient
from marketorestpython.helper.exceptions import MarketoException


def test_people_are_read_by_id_filter_and_list(client: Any) -> None:
    (lead,) = client.execute(method="get_lead_by_id", id=1001, fields=["email", "sfdcLeadOwnerId"])
    assert set(lead) == {"id", "email", "sfdcLeadOwnerId"}
    found = client.execute(
        method="get_multiple_leads_by_filter_type",
        filterType="id",
        filterValues=["1001", "1002"],
        fields=["firstName", "email"],
    )
    assert [row["id"] for row in found] == [1001, 1002]
    by_email = client.execute(
        method="get_multiple_leads_by_filter_type", filterType="email", filterValues=[lead["email"]]
    )
    assert 1001 in [row["id"] for row in by_email]
    members = client.execute(method="get_multiple_leads_by_list_id", listId="1001", fields=["email"], batchSize=100)
    assert len(members) == 340
    pages = list(client.execute(method="get_multiple_leads_by_list_id_yield", listId="1001", batchSize=100))
    assert sum(len(page) for page in pages) == 340


def test_people_are_written_merged_and_deleted(client: Any) -> None:
    records = [{"email": f"mrp{number}@example.com", "firstName": "M"} for number in range(3)]
    made = client.execute(method="create_update_leads", leads=records, action="createOnly", lookupField="email")
    assert [row["status"] for row in made] == ["created"] * 3
    again = client.execute(method="create_update_leads", leads=records[:1], action="createOnly", lookupField="email")
    assert again[0]["reasons"][0]["code"] == "1005"
    ids = [row["id"] for row in made]
    cookie = f"id:123-ABC-456&token:_mch-example.com-1396310362214-{ids[0]}"
    assert client.execute(method="associate_lead", id=ids[0], cookie=cookie) is True
    assert client.execute(method="merge_lead", id=ids[0], leadIds=ids[1:2], mergeInCRM=False) is True
    gone = client.execute(method="delete_lead", id=[ids[2], ids[1]])
    assert [row["status"] for row in gone] == ["deleted", "skipped"]
    assert client.execute(method="get_lead_partitions")[0]["name"] == "Default"
    moved = client.execute(method="update_leads_partition", input=[{"id": ids[0], "partitionName": "Default"}])
    assert moved == [{"id": ids[0], "status": "updated"}]


def test_lists_are_found_and_changed(client: Any) -> None:
    assert [row["id"] for row in client.execute(method="get_multiple_lists")] == [1001, 1002, 1003]
    assert [row["name"] for row in client.execute(method="get_multiple_lists", id=[1003])] == ["Empty List"]
    statuses = [
        [row["status"] for row in client.execute(method=method, listId=1003, id=[1001, 1002])]
        for method in ("add_leads_to_list", "member_of_list", "remove_leads_from_list", "member_of_list")
    ]
    assert statuses == [["added"] * 2, ["memberof"] * 2, ["removed"] * 2, ["notmemberof"] * 2]


def test_fields_and_types_are_described(client: Any) -> None:
    names = {row["rest"]["name"] for row in client.execute(method="describe")}
    assert {"email", "linkedInProfileURL", "sfdcLeadId"} <= names
    (described,) = client.execute(method="describe2")
    assert ["sfdcLeadOwnerId"] in described["searchableFields"]
    types = client.execute(method="get_activity_types")
    assert {1, 6, 12, 13, 46} <= {row["id"] for row in types}


def test_activities_changes_and_deletions_are_read(client: Any) -> None:
    token = client.execute(method="get_paging_token", sinceDatetime="2026-11-24")
    (made,) = client.execute(
        method="create_update_leads",
        leads=[{"email": "feed@example.com", "firstName": "A"}],
        action="createOrUpdate",
        lookupField="email",
    )
    client.execute(
        method="create_update_leads",
        leads=[{"email": "feed@example.com", "firstName": "B"}],
        action="updateOnly",
        lookupField="email",
    )
    rows = client.execute(
        method="get_lead_activities", activityTypeIds=["12", "13"], nextPageToken=token, leadIds=[made["id"], 1001]
    )
    assert [row["activityTypeId"] for row in rows if row["leadId"] == made["id"]] == [12, 13]
    pages = list(
        client.execute(
            method="get_lead_activities_yield", activityTypeIds=["12", "13"], sinceDatetime="2026-11-24", batchSize=1
        )
    )
    assert all(len(page) <= 1 for page in pages)
    changes = client.execute(
        method="get_lead_changes",
        fields=["firstName", "title"],
        sinceDatetime="2026-11-24",
        untilDatetime="2031-01-01T00:00:00Z",
    )
    assert ("A", "B") in [(f["oldValue"], f["newValue"]) for row in changes for f in row["fields"]]
    client.execute(method="delete_lead", id=[made["id"]])
    deleted = client.execute(method="get_deleted_leads", nextPageToken=token)
    assert made["id"] in [row["leadId"] for row in deleted]
    with pytest.raises(MarketoException) as refused:
        client.get_paging_token(sinceDatetime="2015-04-0113")
    assert refused.value.code == "1001"


def test_custom_activities_are_defined_and_written(client: Any) -> None:
    (made,) = client.execute(
        method="create_custom_activity_type",
        apiName="clientVisit",
        name="Client Visit",
        triggerName="Visits Client",
        filterName="Visited Client",
        primaryAttributeApiName="place",
        primaryAttributeName="Place",
        primaryAttributeDescription="Where",
        description="A visit",
    )
    assert made["status"] == "draft"
    client.execute(
        method="create_custom_activity_type_attribute",
        apiName="clientVisit",
        attributes=[{"apiName": "hours", "name": "Hours", "dataType": "integer", "description": "How long"}],
    )
    (row,) = client.execute(
        method="update_custom_activity_type_attribute",
        apiName="clientVisit",
        attributes=[{"apiName": "hours", "name": "Hours Spent", "dataType": "integer"}],
    )
    assert row["attributes"][0]["name"] == "Hours Spent"
    (row,) = client.execute(method="approve_custom_activity_type", apiName="clientVisit")
    assert row["status"] == "approved"
    (row,) = client.execute(method="get_custom_activity_types")
    assert row["apiName"] == "clientVisit"
    (row,) = client.execute(method="describe_custom_activity_type", apiName="clientVisit")
    assert row["primaryAttribute"]["apiName"] == "place"
    added = client.execute(
        method="add_custom_activities",
        input=[
            {
                "leadId": 1001,
                "activityDate": "2026-11-24T12:00:00Z",
                "activityTypeId": row["id"],
                "primaryAttributeValue": "Office",
                "attributes": [{"apiName": "hours", "value": 2}],
            }
        ],
    )
    assert added[0]["status"] == "added"
    client.execute(
        method="update_custom_activity_type",
        apiName="clientVisit",
        description="Another visit",
    )
    assert client.execute(method="discard_custom_activity_type_draft", apiName="clientVisit")[0]["status"] == "approved"
    client.execute(
        method="delete_custom_activity_type_attribute", apiName="clientVisit", attributes=[{"apiName": "hours"}]
    )
    assert client.execute(method="delete_custom_activity_type", apiName="clientVisit")[0]["status"] == "deleted"


def test_statistics_are_read(client: Any) -> None:
    client.execute(method="describe")
    (usage,) = client.execute(method="get_daily_usage")
    assert usage["total"] > 0
    assert usage["users"][0]["userId"] == "api-user@simulator.example"
    assert len(client.execute(method="get_last_7_days_usage")) == 7
    assert client.execute(method="get_daily_errors")[0]["date"] == usage["date"]
    assert len(client.execute(method="get_last_7_days_errors")) == 7


def test_refused_credentials_raise(served: LiveMarketo) -> None:
    wrong = MarketoClient("123-ABC-456", "simulator-client", "wrong", max_retry_time=1)
    wrong.host = served.url
    with pytest.raises(Exception, match="Bad client credentials"):
        wrong.execute(method="describe")
