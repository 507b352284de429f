"""The unmodified third-party client `marketorestpython`: program members, companies, opportunities, sales persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from actionsync_simulators.marketo.switches import MarketoSwitches
from harness.live_marketo import LiveMarketo
from marketorestpython.helper.exceptions import MarketoException

CONFERENCE = 1004


@pytest.fixture(scope="module")
def without_crm() -> Iterator[LiveMarketo]:
    """A subscription that is not connected to Salesforce: its companies and the like can be written."""
    server = LiveMarketo(switches=MarketoSwitches(crm="none"))
    yield server
    server.stop()


@pytest.fixture
def own(without_crm: LiveMarketo, make_client: Callable[[str], Any]) -> Any:
    """The client at the subscription without Salesforce."""
    return make_client(without_crm.url)


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


def test_companies(own: Any) -> None:
    assert own.execute(method="describe_company")[0]["idField"] == "id"
    made = own.execute(
        method="create_update_companies",
        input=[{"externalCompanyId": "c1", "company": "Acme"}],
        action="createOrUpdate",
    )
    assert made[0]["status"] == "created"
    found = own.execute(method="get_companies", filterType="externalCompanyId", filterValues=["c1"], fields=["company"])
    assert found[0]["company"] == "Acme"
    gone = own.execute(method="delete_companies", input=[{"externalCompanyId": "c1"}], deleteBy="dedupeFields")
    assert gone[0]["status"] == "deleted"


def test_sales_persons(own: Any) -> None:
    assert own.execute(method="describe_sales_person")[0]["idField"] == "id"
    person = {"externalSalesPersonId": "s1", "email": "seller@example.com"}
    assert own.execute(method="create_update_sales_persons", input=[person])[0]["status"] == "created"
    found = own.execute(
        method="get_sales_persons", filterType="externalSalesPersonId", filterValues=["s1"], fields=["email"]
    )
    assert found[0]["email"] == "seller@example.com"
    gone = own.execute(method="delete_sales_persons", input=[{"externalSalesPersonId": "s1"}], deleteBy="dedupeFields")
    assert gone[0]["status"] == "deleted"


def test_opportunities_and_roles(own: Any) -> None:
    assert own.execute(method="describe_opportunity")[0]["idField"] == "marketoGUID"
    (made,) = own.execute(
        method="create_update_opportunities", input=[{"externalOpportunityId": "o1", "name": "Deal", "amount": 5}]
    )
    assert made["status"] == "created"
    found = own.execute(
        method="get_opportunities", filterType="externalOpportunityId", filterValues=["o1"], fields=["name"]
    )
    assert found[0]["name"] == "Deal"
    assert own.execute(method="describe_opportunity_role")[0]["idField"] == "marketoGUID"
    role = {"externalOpportunityId": "o1", "leadId": 1001, "role": "Champion"}
    assert own.execute(method="create_update_opportunities_roles", input=[role])[0]["status"] == "created"
    roles = own.execute(method="get_opportunity_roles", filterType="leadId", filterValues=["1001"])
    assert [row["role"] for row in roles if row["externalOpportunityId"] == "o1"] == ["Champion"]
    assert (
        own.execute(method="delete_opportunity_roles", input=[role], deleteBy="dedupeFields")[0]["status"] == "deleted"
    )
    gone = own.execute(method="delete_opportunities", input=[{"externalOpportunityId": "o1"}], deleteBy="dedupeFields")
    assert gone[0]["status"] == "deleted"


@pytest.mark.parametrize(
    ("method", "record"),
    [
        ("create_update_companies", {"externalCompanyId": "c"}),
        ("create_update_opportunities", {"externalOpportunityId": "o"}),
        ("create_update_sales_persons", {"externalSalesPersonId": "s"}),
    ],
)
def test_with_salesforce_these_are_not_written(client: Any, method: str, record: dict[str, Any]) -> None:
    with pytest.raises(MarketoException) as refused:
        getattr(client, method)(input=[record])
    assert refused.value.code == "1018"
