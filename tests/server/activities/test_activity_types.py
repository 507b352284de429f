"""The eight types: names, attributes, and getting a subscription ready for them. Scenario 18."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from actionsync_server.flows.activity_types import prepare
from actionsync_server.model.activities import ActivityType
from actionsync_server.model.activity_types import ACTIVITY_ID, TYPES, find
from actionsync_server.model.connections import Severity
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System
from actionsync_server.systems.clients import MarketoLogin, SystemClients

API_NAMES = [
    "asSendSalesEmail",
    "asOpenSalesEmail",
    "asClickSalesEmail",
    "asRepliedToSalesEmail",
    "asSalesEmailBounced",
    "asReceivedSalesCall",
    "asAddToSalesCampaign",
    "asRemovedFromSalesCampaign",
]
#: How many attributes the vendor's glossary lists, in the order of the types.
ATTRIBUTE_COUNTS = (9, 9, 10, 3, 5, 11, 6, 6)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Sales Call Received", "Received Sales Call", "receive sales call"], ActivityType.RECEIVED_SALES_CALL),
        (["Click Sales Email", "Clicked Sales Email", "Clicked Link in Sales Email"], ActivityType.CLICK_SALES_EMAIL),
        (
            ["Removed from Sales Campaign", "Remove from Sales Campaign", "REMOVED_FROM_SALES_CAMPAIGN"],
            ActivityType.REMOVED_FROM_SALES_CAMPAIGN,
        ),
        (["Sales Email Bounced", "Sales Email Bounce", "Sales Email Bounces"], ActivityType.SALES_EMAIL_BOUNCED),
        (["Send Sales Email", "Was Sent Sales Email", "Is Sent Sales Email"], ActivityType.SEND_SALES_EMAIL),
        (["Opened Sales Email", "Opens Sales Email", "  open   sales email "], ActivityType.OPEN_SALES_EMAIL),
        (["Replied Sales Email", "Replies to Sales Email"], ActivityType.REPLIED_TO_SALES_EMAIL),
        (["Added to Sales Campaign", "asAddToSalesCampaign"], ActivityType.ADD_TO_SALES_CAMPAIGN),
    ],
)
def test_scenario_18_every_name_means_its_type(names: list[str], expected: ActivityType) -> None:
    for name in names:
        found = find(name)
        assert found is not None
        assert found.type is expected


def test_scenario_18_there_are_exactly_eight_and_no_name_means_two() -> None:
    assert [spec.type for spec in TYPES.values()] == list(ActivityType)
    assert [spec.api_name for spec in TYPES.values()] == API_NAMES
    every = [name.casefold() for spec in TYPES.values() for name in (spec.name, *spec.aliases)]
    assert len(every) == len(set(every))
    assert find("Change Status in Sales Campaign") is None
    assert find("") is None


def test_each_type_has_the_attributes_of_the_glossary_and_our_id() -> None:
    for spec, count in zip(TYPES.values(), ATTRIBUTE_COUNTS, strict=True):
        names = [spec.primary.name, *(attribute.name for attribute in spec.attributes)]
        assert ACTIVITY_ID in names
        assert len(names) == len(set(names)) == count + 1
        assert len(spec.attributes) <= 20


def test_names_are_what_marketo_allows_and_free_of_clashes() -> None:
    names = [(spec.trigger_name, spec.filter_name, spec.name) for spec in TYPES.values()]
    for column in zip(*names, strict=True):
        assert len({name.casefold() for name in column}) == len(column)
    for spec in TYPES.values():
        for name in (spec.name, spec.trigger_name, spec.filter_name):
            assert re.fullmatch(r"[A-Za-z0-9 _]{1,255}", name)
        for attribute in (spec.primary, *spec.attributes):
            assert re.fullmatch(r"[A-Za-z0-9]+", attribute.api_name)


@pytest.mark.asyncio
async def test_connecting_makes_all_eight_and_again_makes_none(open_rig: Any) -> None:
    rig = await open_rig(work=False)
    ids = (await rig.process.registry.details("acme", System.MARKETO))["activity_types"]
    assert sorted(ids) == sorted(API_NAMES)
    posts = len(rig.marketo_simulator.journal.entries(path="/rest/v1/activities/external/type*", method="POST"))
    again = await prepare(await rig.process.registry.marketo("acme"))
    assert again.ids == ids
    assert [finding.severity for finding in again.findings] == [Severity.OK]
    entries = rig.marketo_simulator.journal.entries(path="/rest/v1/activities/external/type*", method="POST")
    assert len(entries) == posts
    for api_name in API_NAMES:
        path = f"/rest/v1/activities/external/type/{api_name}/describe.json"
        assert (await rig.marketo.call("GET", path))["result"][0]["status"] == "approved"


@pytest.mark.asyncio
async def test_an_interrupted_preparation_is_completed(open_rig: Any) -> None:
    rig = await open_rig(work=False)
    marketo = await rig.process.registry.marketo("acme")
    path = "/rest/v1/activities/external/type"
    await rig.marketo.call("POST", f"{path}/asOpenSalesEmail/delete.json")
    spec = TYPES[ActivityType.OPEN_SALES_EMAIL]
    await rig.marketo.call(
        "POST",
        f"{path}.json",
        {
            "apiName": spec.api_name,
            "name": spec.name,
            "triggerName": spec.trigger_name,
            "filterName": spec.filter_name,
            "primaryAttribute": {"apiName": spec.primary.api_name, "name": spec.primary.name, "dataType": "string"},
        },
    )  # created, but neither completed nor approved
    await rig.marketo.call(
        "POST", f"{path}/asSendSalesEmail/attributes/delete.json", {"attributes": [{"apiName": "actionsActivityId"}]}
    )
    await rig.marketo.call("POST", f"{path}/asSendSalesEmail/approve.json")
    only_look = await prepare(marketo, create=False)
    assert [finding.severity for finding in only_look.findings] == [Severity.WARNING]
    assert "Send Sales Email, Open Sales Email" in only_look.findings[0].message
    prepared = await prepare(marketo)
    assert [finding.severity for finding in prepared.findings] == [Severity.OK]
    for kind in (ActivityType.SEND_SALES_EMAIL, ActivityType.OPEN_SALES_EMAIL):
        api_name = TYPES[kind].api_name
        row = (await rig.marketo.call("GET", f"{path}/{api_name}/describe.json"))["result"][0]
        assert {one["name"] for one in row["attributes"]} == {one.name for one in TYPES[kind].attributes}


@pytest.mark.asyncio
async def test_a_login_without_the_permission_is_told_so_and_loses_nothing(open_rig: Any) -> None:
    rig = await open_rig(work=False)
    before = (await rig.process.registry.details("acme", System.MARKETO))["activity_types"]
    body = {
        "client_id": "limited",
        "client_secret": "limited-secret",
        "user": "limited@example.com",
        "permissions": ["Read-Only Lead", "Read-Only Activity", "Read-Write Activity"],
    }
    await rig.marketo.control("POST", "users", body)
    clients = SystemClients(rig.session, rig.clock, random.Random(1), allow_plain_http=True)
    limited = clients.marketo(MarketoLogin("http://127.0.0.1:8081", "limited", "limited-secret"))
    prepared = await prepare(limited)
    assert prepared.ids == before
    await rig.marketo.call("POST", "/rest/v1/activities/external/type/asSendSalesEmail/delete.json")
    prepared = await prepare(limited)
    assert len(prepared.ids) == 7
    (finding,) = prepared.findings
    assert (finding.severity, finding.owner) == (Severity.ERROR, ActionOwner.MARKETO_ADMIN)
