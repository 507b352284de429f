"""Scenarios 1 to 4, 6, 7 and 11: who is copied by the initial sync and with which fields.

Records are made in Salesforce; Marketo's own sync carries them over before ours reads them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import directory_pb2, sync_settings_pb2
from actionsync.v1 import person_sync_pb2 as contract
from actionsync.v1.error_reason_pb2 import ERROR_REASON_RESOURCE_NOT_FOUND
from actionsync_client import InvalidFieldError, RoleNotAllowedError
from actionsync_server.rpc.methods import METHODS
from harness.world import INSTANCE, World, open_world

pytestmark = pytest.mark.asyncio
Person = contract.Person

#: A little more than one cycle of Marketo's own sync, and of ours.
NATIVE_CYCLE, CYCLE = 301, 91
#: What a person carries beside the synced fields.
OUR_OWN = {
    "person_id",
    "qualification",
    "qualification_reason",
    "revision",
    "unsubscribed",
    "create_time",
    "update_time",
}
FAQ_ONLY_LACKS = ("salesforce_account_id", "salesforce_opportunity_id")
MOBILE = "+46 70 555 01 77"
LINKEDIN = "https://linkedin.example/in/ann-scenario"
ANN = {
    "FirstName": "Ann",
    "LastName": "Scenario",
    "Email": "ann@scenario.example",
    "Phone": "+46 8 555 01 00",
    "Title": "Head of Proof",
    "LeadSource": "Web",
}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance in a small world."""
    async with open_world(tmp_path, people=100) as opened:
        await opened.connect()
        await opened.add_seller()
        yield opened


@pytest_asyncio.fixture
async def owner(world: World) -> str:
    """A Salesforce user who neither uses actionsync nor runs Marketo's own sync."""
    users = await world.salesforce.query(
        "SELECT Id FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Id DESC LIMIT 1"
    )
    found: str = users[0]["Id"]
    known = (await world.admin.directory.ListUsers(directory_pb2.ListUsersRequest())).users
    assert found not in {user.salesforce_user_id for user in known}
    assert found not in {user.id for user in world.simulators.world.users if user.role in ("api", "marketo_sync")}
    return found


async def add_lead(world: World, owner: str, **values: str) -> str:
    return await world.salesforce.create("Lead", **{**ANN, "Company": "Proofs Ltd", "OwnerId": owner, **values})


async def marketo_id_of(world: World, salesforce_id: str) -> int:
    """Return the Marketo id that Marketo's own sync has given to a lead or contact."""
    filter_type = "sfdcLeadId" if salesforce_id.startswith("00Q") else "sfdcContactId"
    (found,) = await world.marketo.leads(filter_type, salesforce_id)
    return int(found["id"])


async def get(world: World, view: contract.PersonView = contract.PERSON_VIEW_ALL, **key: Any) -> Person:
    request = contract.GetPersonRequest(key=contract.PersonKey(**key), view=view)
    return (await world.user.persons.GetPerson(request)).person


async def listed(world: World, **wanted: Any) -> list[Person]:
    page = await world.user.persons.ListPersons(contract.ListPersonsRequest(page_size=1000, **wanted))
    return list(page.persons)


async def is_absent(world: World, marketo_id: int) -> bool:
    """Tell whether there is no copy of a Marketo person, in whatever state."""
    request = contract.BatchGetPersonsRequest(keys=[contract.PersonKey(marketo_id=marketo_id)])
    (result,) = (await world.user.persons.BatchGetPersons(request)).results
    return result.WhichOneof("outcome") == "error" and result.error.reason == ERROR_REASON_RESOURCE_NOT_FOUND


def skipped(sync: contract.InitialSync) -> dict[int, int]:
    return {count.reason: count.person_count for count in sync.skipped}


def synced_values(person: Person) -> dict[str, Any]:
    """Return everything that a person carries and that is not our own."""
    return {field.name: getattr(person, field.name) for field in Person.DESCRIPTOR.fields if field.name not in OUR_OWN}


async def synced_fields(world: World, view: contract.PersonView) -> list[contract.SyncedField]:
    return list((await world.user.persons.ListSyncedFields(contract.ListSyncedFieldsRequest(view=view))).fields)


@pytest_asyncio.fixture
async def filled(world: World, owner: str) -> dict[str, Any]:
    """The 13 values of a person of whom Marketo knows all of them, a mobile number and a score; not yet synced."""
    lead = await add_lead(world, owner)
    await world.advance(NATIVE_CYCLE)
    marketo_id = await marketo_id_of(world, lead)
    converted = await world.salesforce.control("POST", "convert", {"lead": lead, "create_opportunity": True})
    await world.advance(NATIVE_CYCLE)
    await world.marketo.update(marketo_id, linkedInProfileURL=LINKEDIN, mobilePhone=MOBILE, leadScore=4321)
    return {
        "marketo_id": marketo_id,
        "first_name": ANN["FirstName"],
        "last_name": ANN["LastName"],
        "email": ANN["Email"],
        "company": "Proofs Ltd",
        "title": ANN["Title"],
        "phone": ANN["Phone"],
        "linkedin_url": LINKEDIN,
        "source": ANN["LeadSource"],
        "salesforce_lead_id": lead,
        "salesforce_contact_id": converted["contact"],
        "salesforce_account_id": converted["account"],
        "salesforce_opportunity_id": converted["opportunity"],
    }


async def test_scenario_01_an_owned_lead_is_copied_once_with_all_its_fields(world: World, owner: str) -> None:
    lead = await add_lead(world, owner)
    await world.advance(NATIVE_CYCLE)
    marketo_id = await marketo_id_of(world, lead)
    await world.marketo.update(marketo_id, linkedInProfileURL=LINKEDIN)
    sync = await world.sync_people()
    assert sync.state == contract.INITIAL_SYNC_STATE_SUCCEEDED
    (person,) = [one for one in await listed(world) if one.marketo_id == marketo_id]
    assert person.qualification == contract.QUALIFICATION_QUALIFIED
    assert {name: value for name, value in synced_values(person).items() if value} == {
        "marketo_id": marketo_id,
        "first_name": ANN["FirstName"],
        "last_name": ANN["LastName"],
        "email": ANN["Email"],
        "company": "Proofs Ltd",
        "title": ANN["Title"],
        "phone": ANN["Phone"],
        "linkedin_url": LINKEDIN,
        "source": ANN["LeadSource"],
        "salesforce_lead_id": lead,
    }


async def test_scenario_02_an_owned_contact_has_its_account_and_no_lead_id(world: World, owner: str) -> None:
    account = await world.salesforce.create("Account", Name="Accounted Ltd")
    contact = await world.salesforce.create("Contact", **ANN, AccountId=account, OwnerId=owner)
    await world.advance(NATIVE_CYCLE)
    await world.sync_people()
    person = await get(world, salesforce_id=contact)
    assert person.marketo_id == await marketo_id_of(world, contact)
    assert person.salesforce_contact_id == contact
    assert person.salesforce_account_id == account
    assert person.company == "Accounted Ltd"
    assert person.salesforce_lead_id == ""


async def test_scenario_03a_a_person_of_marketo_alone_is_absent_and_counted(world: World) -> None:
    before = skipped(await world.sync_people())[contract.SKIP_REASON_NOT_IN_SALESFORCE]
    marketo_id = await world.marketo.create(email="alone@scenario.example", lastName="Alone")
    sync = await world.sync_people()
    assert skipped(sync)[contract.SKIP_REASON_NOT_IN_SALESFORCE] == before + 1
    assert await is_absent(world, marketo_id)


async def test_scenario_03b_a_lead_of_a_queue_appears_when_a_user_owns_it(world: World, owner: str) -> None:
    before = skipped(await world.sync_people())[contract.SKIP_REASON_OWNED_BY_QUEUE]
    (queue,) = await world.salesforce.query("SELECT Id FROM Group WHERE Type = 'Queue' ORDER BY Id LIMIT 1")
    lead = await add_lead(world, queue["Id"])
    await world.advance(NATIVE_CYCLE)
    marketo_id = await marketo_id_of(world, lead)
    sync = await world.sync_people()
    assert skipped(sync)[contract.SKIP_REASON_OWNED_BY_QUEUE] == before + 1
    assert await is_absent(world, marketo_id)
    await world.salesforce.update("Lead", lead, OwnerId=owner)
    await world.advance(NATIVE_CYCLE + CYCLE)
    person = await get(world, marketo_id=marketo_id)
    assert (person.qualification, person.salesforce_lead_id) == (contract.QUALIFICATION_QUALIFIED, lead)


async def test_scenario_04a_exactly_the_13_fields_are_stored(world: World, filled: dict[str, Any]) -> None:
    await world.sync_people()
    assert synced_values(await get(world, marketo_id=filled["marketo_id"])) == filled
    fields = await synced_fields(world, contract.PERSON_VIEW_ALL)
    assert sorted(field.name for field in fields) == sorted(filled)
    assert len(fields) == 13
    stored = b"".join(path.read_bytes() for path in world.config.data.rglob("*") if path.is_file())
    assert ANN["Phone"].encode() in stored
    assert MOBILE.encode() not in stored


async def test_scenario_04b_the_view_of_11_fields_has_the_first_11_only(world: World, filled: dict[str, Any]) -> None:
    await world.sync_people()
    faq = await get(world, contract.PERSON_VIEW_FAQ, marketo_id=filled["marketo_id"])
    assert synced_values(faq) == {**filled, **dict.fromkeys(FAQ_ONLY_LACKS, "")}
    fields = await synced_fields(world, contract.PERSON_VIEW_FAQ)
    assert sorted(field.name for field in fields) == sorted(filled.keys() - set(FAQ_ONLY_LACKS))


async def test_scenario_04c_nobody_can_change_the_list_or_the_mapping(world: World) -> None:
    def inside(message: Any, seen: set[str]) -> Iterator[str]:
        if message.full_name not in seen:
            seen.add(message.full_name)
            yield message.full_name
            for field in message.fields:
                if field.message_type is not None:
                    yield from inside(field.message_type, seen)

    name = contract.SyncedField.DESCRIPTOR.full_name
    taking = {path for path, method in METHODS.items() if name in inside(method.request_type.DESCRIPTOR, set())}
    giving = {method.name for method in METHODS.values() if name in inside(method.response_type.DESCRIPTOR, set())}
    assert (taking, giving) == (set(), {"ListSyncedFields", "PreviewInitialSync"})
    request = contract.ListSyncedFieldsRequest()
    lists = [await one.persons.ListSyncedFields(request) for one in (world.user, world.service, world.admin)]
    assert lists[0] == lists[1] == lists[2]
    with pytest.raises(RoleNotAllowedError):
        await world.operator.persons.ListSyncedFields(request)
    with pytest.raises(InvalidFieldError):
        await world.set(sync_settings_pb2.Settings(), "people.synced_fields")


async def test_scenario_06_two_records_with_one_address_are_two_people(world: World, owner: str) -> None:
    leads = [await add_lead(world, owner), await add_lead(world, owner)]
    await world.advance(NATIVE_CYCLE)
    marketo_ids = {await marketo_id_of(world, lead) for lead in leads}
    await world.sync_people()
    people = await listed(world, email=ANN["Email"].upper())
    assert len(people) == len({person.person_id for person in people}) == 2
    assert {person.marketo_id for person in people} == marketo_ids


async def test_scenario_07b_a_change_of_a_loaded_person_during_the_load_is_not_lost(world: World) -> None:
    # By export, as the world is too small for more than one page.
    started = await world.admin.persons.StartInitialSync(
        contract.StartInitialSyncRequest(method=contract.INITIAL_SYNC_METHOD_BULK_EXTRACT)
    )
    request = contract.GetInitialSyncRequest(initial_sync_id=started.initial_sync.initial_sync_id)

    async def sync() -> contract.InitialSync:
        return (await world.admin.persons.GetInitialSync(request)).initial_sync

    async def begun() -> bool:
        return (await sync()).finished_chunk_count >= 1

    async def ended() -> bool:
        return (await sync()).HasField("end_time")

    await world.until(begun)
    loaded = (await listed(world))[0]
    await world.marketo.update(loaded.marketo_id, title="Changed meanwhile")
    during = await sync()
    assert not during.HasField("end_time")
    assert during.finished_chunk_count < during.chunk_count
    await world.until(ended)
    assert (await sync()).state == contract.INITIAL_SYNC_STATE_SUCCEEDED
    await world.advance(CYCLE)
    person = await get(world, marketo_id=loaded.marketo_id)
    assert (person.person_id, person.title) == (loaded.person_id, "Changed meanwhile")


async def test_scenario_11_at_the_ceiling_the_others_stay_out_and_somebody_is_told(tmp_path: Path) -> None:
    async with open_world(tmp_path, people=8) as world:
        await world.connect()
        await world.add_seller()
        await world.set(
            sync_settings_pb2.Settings(people=sync_settings_pb2.PeopleSettings(person_limit=5)), "people.person_limit"
        )
        sync = await world.sync_people()
        assert (sync.state, sync.created_count) == (contract.INITIAL_SYNC_STATE_SUCCEEDED, 5)
        assert skipped(sync)[contract.SKIP_REASON_OVER_LIMIT] == 2
        people = await listed(world)
        assert len(people) == 5
        await world.marketo.update(people[0].marketo_id, title="Still current")
        await world.advance(CYCLE)
        assert (await get(world, person_id=people[0].person_id)).title == "Still current"
        status = await world.admin.persons.GetSyncStatus(contract.GetSyncStatusRequest())
        assert status.over_limit_count == 2
        assert len(await listed(world)) == 5
        assert "person_limit_reached" in {alert.name for alert in await world.app.alerts.list(INSTANCE)}
