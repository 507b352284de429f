"""The unmodified third-party client `marketorestpython`: folders, tokens, lists, programs, e-mails as assets."""

from __future__ import annotations

from typing import Any

import pytest
from marketorestpython.helper.exceptions import MarketoException

NEWSLETTER, CONFERENCE = 1001, 1004
PROGRAMS_FOLDER = 401


def test_folders(client: Any) -> None:
    (made,) = client.execute(
        method="create_folder", name="Client Folder", parentId=PROGRAMS_FOLDER, parentType="Folder", description="Made"
    )
    folder = made["id"]
    assert client.execute(method="get_folder_by_id", id=folder, type="Folder")[0]["name"] == "Client Folder"
    assert client.execute(method="get_folder_by_name", name="Client Folder", type="Folder")[0]["id"] == folder
    (changed,) = client.execute(method="update_folder", id=folder, name="Client's Folder", description="Changed")
    assert (changed["name"], changed["description"]) == ("Client's Folder", "Changed")
    contents = client.execute(method="get_folder_contents", id=PROGRAMS_FOLDER, type="Folder")
    assert NEWSLETTER in [row["id"] for row in contents if row["type"] == "Program"]
    everything = client.execute(method="browse_folders", root=14, maxDepth=5)
    assert folder in [row["id"] for row in everything]
    pages = list(client.execute(method="browse_folders_yield", root=14, maxDepth=5, maxReturn=2))
    assert [row["id"] for page in pages for row in page] == [row["id"] for row in everything]
    assert client.execute(method="delete_folder", id=folder) == [{"id": folder}]


def test_tokens(client: Any) -> None:
    for name, kind, value in (("Client Text", "text", "a"), ("Client Number", "number", "5")):
        client.execute(method="create_token", id=NEWSLETTER, folderType="Program", type=kind, name=name, value=value)
    (folder,) = client.execute(method="get_tokens", id=NEWSLETTER, folderType="Program")
    values = {token["name"]: token["value"] for token in folder["tokens"]}
    assert {"Client Text": "a", "Client Number": "5"}.items() <= values.items()
    client.execute(method="delete_tokens", id=NEWSLETTER, folderType="Program", name="Client Text", type="text")
    (folder,) = client.execute(method="get_tokens", id=NEWSLETTER, folderType="Program")
    names = {token["name"] for token in folder["tokens"]}
    assert "Client Text" not in names
    assert "Client Number" in names


def test_static_lists(client: Any) -> None:
    (made,) = client.execute(
        method="create_list", name="Client List", folderId=12, folderType="Folder", description="x"
    )
    list_id = made["id"]
    assert client.execute(method="get_list_by_id", id=list_id)[0]["name"] == "Client List"
    assert client.execute(method="get_list_by_name", name="Client List")[0]["id"] == list_id
    (changed,) = client.execute(method="update_list", id=list_id, name="Clients", description="y")
    assert (changed["name"], changed["description"]) == ("Clients", "y")
    client.execute(method="add_leads_to_list", listId=list_id, id=[1001])
    assert list_id in [row["id"] for row in client.execute(method="browse_lists", folderId=12, folderType="Folder")]
    pages = list(client.execute(method="browse_lists_yield", maxReturn=2))
    assert [len(page) for page in pages[:1]] == [2]
    assert list_id in [row["id"] for page in pages for row in page]
    assert client.execute(method="get_multiple_lists", id=[list_id])[0]["name"] == "Clients"
    assert client.execute(method="delete_list", id=list_id) == [{"id": list_id}]
    assert client.execute(method="get_multiple_lists", id=[list_id]) == []


def test_programs(client: Any) -> None:
    (made,) = client.execute(
        method="create_program",
        folderId=PROGRAMS_FOLDER,
        folderType="Folder",
        name="Client Program",
        type="Default",
        channel="Web Content",
        description="Made by a client",
        tags={"Region": "Europe"},
        costs=[{"startDate": "2026-01-01", "cost": 2000}],
    )
    program = made["id"]
    assert client.execute(method="get_program_by_id", id=program)[0]["channel"] == "Web Content"
    assert client.execute(method="get_program_by_name", name="Client Program")[0]["id"] == program
    (changed,) = client.execute(method="update_program", id=program, name="Client's Program", description="Changed")
    assert (changed["name"], changed["description"]) == ("Client's Program", "Changed")
    tagged = client.execute(method="get_program_by_tag_type", tagType="Region", tagValue="Europe")
    assert {program, CONFERENCE} <= {row["id"] for row in tagged}
    known = [row["id"] for row in client.execute(method="browse_programs", maxReturn=3)]
    assert {NEWSLETTER, CONFERENCE, program} <= set(known)
    pages = list(client.execute(method="get_programs_yield", maxReturn=3))
    assert [row["id"] for page in pages for row in page] == known
    (clone,) = client.execute(
        method="clone_program", id=program, name="Client Clone", folderId=PROGRAMS_FOLDER, folderType="Folder"
    )
    assert clone["name"] == "Client Clone"
    for gone in (clone["id"], program):
        assert client.execute(method="delete_program", id=gone) == [{"id": gone}]


def test_an_email_program_without_dates_is_not_approved(client: Any) -> None:
    (launch,) = client.execute(method="get_program_by_name", name="Spring Launch")
    with pytest.raises(MarketoException) as refused:
        # The client cannot set the dates that an e-mail program needs before it is approved.
        client.approve_program(id=launch["id"])
    assert refused.value.code == "709"
    with pytest.raises(MarketoException) as refused:
        client.unapprove_program(id=launch["id"])
    assert refused.value.code == "709"


def test_channels_and_tags(client: Any) -> None:
    channels = client.execute(method="get_channels")
    assert {"Webinar", "Trade Show"} <= {row["name"] for row in channels}
    (webinar,) = client.execute(method="get_channel_by_name", name="Webinar")
    assert "Attended" in [status["name"] for status in webinar["progressionStatuses"]]
    assert [row["tagType"] for row in client.execute(method="get_tags")] == ["Region"]
    assert client.execute(method="get_tag_by_name", name="Region")[0]["tagType"] == "Region"


def test_emails_and_segmentations(client: Any) -> None:
    emails = client.execute(method="get_emails", maxReturn=2)
    assert len(emails) == len({row["id"] for row in emails}) > 2
    pages = list(client.execute(method="get_emails_yield", maxReturn=2))
    assert [row["id"] for page in pages for row in page] == [row["id"] for row in emails]
    assert client.execute(method="get_email_by_id", id=emails[0]["id"]) == [emails[0]]
    assert client.execute(method="get_email_by_name", name=emails[0]["name"])[0]["id"] == emails[0]["id"]
    drafts = client.execute(method="get_emails", status="draft")
    assert 0 < len(drafts) < len(emails)
    segmentations = client.execute(method="get_segmentations")
    segments = client.execute(method="get_segments", id=segmentations[0]["id"])
    assert len(segments) > 1


def test_smart_lists(client: Any) -> None:
    everything = [row for page in client.execute(method="get_smart_lists") for row in page]
    first = everything[0]
    pages = list(client.execute(method="get_smart_lists", maxReturn=1))
    assert [row["id"] for page in pages for row in page] == [row["id"] for row in everything]
    assert client.execute(method="get_smart_list_by_id", id=first["id"])[0]["name"] == first["name"]
    assert "rules" in client.execute(method="get_smart_list_by_id", id=first["id"], includeRules=True)[0]
    assert client.execute(method="get_smart_list_by_name", name=first["name"])[0]["id"] == first["id"]
    (clone,) = client.execute(
        method="clone_smart_list", id=first["id"], name="Client's List", folderId=13, folderType="Folder"
    )
    assert client.execute(method="delete_smart_list", id=clone["id"]) == [{"id": clone["id"]}]


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("create_list", {"name": "Newsletter", "folderId": 12, "folderType": "Folder"}, "709"),
        ("create_list", {"name": "Nowhere", "folderId": 999, "folderType": "Folder"}, "710"),
        ("get_list_by_id", {"id": 999}, "702"),
        ("get_program_by_id", {"id": 999}, "702"),
        ("get_landing_pages", {}, "703"),
    ],
)
def test_what_is_refused_is_told(client: Any, method: str, arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(MarketoException) as refused:
        getattr(client, method)(**arguments)
    assert refused.value.code == code


def test_campaigns_are_read_requested_and_scheduled(client: Any) -> None:
    campaigns = {row["name"]: row for row in client.execute(method="get_multiple_campaigns")}
    request, send = campaigns["Ask For A Call"], campaigns["Send Newsletter"]
    assert (request["type"], send["type"]) == ("trigger", "batch")
    found = client.execute(method="get_multiple_campaigns", id=[request["id"], send["id"]], batchSize=1)
    assert [row["id"] for row in found] == sorted([request["id"], send["id"]])
    assert [row["id"] for row in client.execute(method="get_multiple_campaigns", name="Send Newsletter")] == [
        send["id"]
    ]
    assert client.execute(method="get_campaign_by_id", id=send["id"])[0]["name"] == "Send Newsletter"
    tokens = {"my.message": "Hello"}
    assert client.execute(method="request_campaign", id=request["id"], leads=[1001, 1002], tokens=tokens) is True
    run_at = "2026-11-25T12:00:00Z"
    assert client.execute(method="schedule_campaign", id=send["id"], runAt=run_at, tokens=tokens) is True
    with pytest.raises(MarketoException) as refused:
        client.request_campaign(id=send["id"], leads=[1001])
    assert refused.value.code == "1003"


def test_smart_campaigns(client: Any) -> None:
    everything = [row for page in client.execute(method="get_smart_campaigns") for row in page]
    pages = list(client.execute(method="get_smart_campaigns", maxReturn=1))
    assert [row["id"] for page in pages for row in page] == [row["id"] for row in everything]
    (made,) = client.execute(
        method="create_smart_campaign",
        name="Client Campaign",
        folderId=NEWSLETTER,
        folderType="Program",
        description="x",
    )
    campaign = made["id"]
    assert client.execute(method="get_smart_campaign_by_id", id=campaign)[0]["name"] == "Client Campaign"
    assert client.execute(method="get_smart_campaign_by_name", name="Client Campaign")[0]["id"] == campaign
    (changed,) = client.execute(method="update_smart_campaign", id=campaign, name="Client's Campaign", description="y")
    assert (changed["name"], changed["description"]) == ("Client's Campaign", "y")
    (clone,) = client.execute(
        method="clone_smart_campaign", id=1130, folderId=NEWSLETTER, folderType="Program", name="Client Clone"
    )
    for method, active in (("activate_smart_campaign", True), ("deactivate_smart_campaign", False)):
        client.execute(method=method, id=clone["id"])
        assert client.execute(method="get_smart_campaign_by_id", id=clone["id"])[0]["isActive"] is active
    for gone in (campaign, clone["id"]):
        assert client.execute(method="delete_smart_campaign", id=gone) == [{"id": gone}]
