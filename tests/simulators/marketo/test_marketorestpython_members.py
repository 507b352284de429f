"""The unmodified third-party client `marketorestpython`: pushed leads, forms, program members."""

from __future__ import annotations

from typing import Any

CONFERENCE = 1004


def test_push_lead_and_submit_form(client: Any) -> None:
    (pushed,) = client.execute(
        method="push_lead",
        leads=[{"email": "pushed@example.com", "firstName": "P"}],
        programName="User Conference",
        programStatus="Registered",
        lookupField="email",
        source="Booth",
        reason="Scan",
    )
    assert pushed["status"] == "created"
    members = client.execute(method="get_multiple_leads_by_program_id", programId=CONFERENCE, fields=["email"])
    (row,) = [row for row in members if row["id"] == pushed["id"]]
    assert row["membership"]["progressionStatus"] == "Registered"
    pages = list(client.execute(method="get_multiple_leads_by_program_id_yield", programId=CONFERENCE, batchSize=5))
    assert sum(len(page) for page in pages) == len(members)
    form = {"leadFormFields": {"email": "form@example.com", "firstName": "F"}}
    (submitted,) = client.execute(method="submit_form", formId=1022, input=form)
    assert submitted["status"] == "created"


def test_members_of_a_program_move_on(client: Any) -> None:
    (described,) = client.execute(method="describe_program_member")
    assert {"leadId", "statusName"} <= {field["name"] for field in described["fields"]}
    program, lead = "User Conference", {"email": "member@example.com"}
    (made,) = client.execute(method="push_lead", leads=[lead], programName=program, programStatus="Invited")
    stranger = client.execute(method="change_lead_program_status", id=CONFERENCE, leadIds=[1002], status="Attended")
    assert stranger[0]["status"] == "skipped"
    (row,) = client.execute(method="change_lead_program_status", id=CONFERENCE, leadIds=[made["id"]], status="Attended")
    assert row["status"] == "updated"
    changed = client.execute(
        method="sync_program_member_data", id=CONFERENCE, input=[{"leadId": made["id"], "registrationCode": "c-1"}]
    )
    assert [row["status"] for row in changed] == ["updated"]
    assert client.execute(method="get_smart_campaigns_by_lead_id", lead_id=made["id"]) == []
