"""PersonSync as callers see it, below gRPC: what goes in and comes out of the handlers."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import error_reason_pb2 as reasons
from actionsync.v1 import person_sync_pb2 as pb
from actionsync.v1.common_pb2 import SYSTEM_MARKETO
from actionsync_server.model.directory import Actor, Role
from actionsync_server.model.errors import AlreadyExists, InvalidInput, NotFound
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeSource
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.person_sync import PersonSyncService
from actionsync_server.rpc.requests import Requests
from actionsync_server.store.unsubscribes import UnsubscribeWrites

pytestmark = pytest.mark.asyncio
INSTANCE = "acme"


@pytest_asyncio.fixture
async def service(rig: Any) -> PersonSyncService:
    process = rig.process
    return PersonSyncService(
        rig.database,
        rig.clock,
        control=process.control,
        load=process.load,
        status=process.status,
        lookup=process.lookup,
        settings=process.settings,
        explanation=process.explanation,
        eraser=process.eraser,
    )


@pytest.fixture
def call(rig: Any) -> Call:
    return Call(Actor("admin-1", INSTANCE, Role.ADMIN), method="m", requests=Requests(rig.database, rig.clock))


async def test_scenario_04b_faq_view_has_rows_1_to_11_only(rig: Any, service: Any, call: Call) -> None:
    marketo_id = rig.contact(sfdcOpptyId="006000000000001")
    await rig.load()
    key = pb.PersonKey(marketo_id=marketo_id)
    whole = (await service.get_person(pb.GetPersonRequest(key=key), call)).person
    assert (whole.salesforce_account_id, whole.salesforce_opportunity_id) == (
        "001000000000003AAA",
        "006000000000001AAA",
    )
    faq = (await service.get_person(pb.GetPersonRequest(key=key, view=pb.PERSON_VIEW_FAQ), call)).person
    assert (faq.salesforce_account_id, faq.salesforce_opportunity_id) == ("", "")
    whole.ClearField("salesforce_account_id")
    whole.ClearField("salesforce_opportunity_id")
    assert faq == whole
    fields = (await service.list_synced_fields(pb.ListSyncedFieldsRequest(), call)).fields
    of_faq = (await service.list_synced_fields(pb.ListSyncedFieldsRequest(view=pb.PERSON_VIEW_FAQ), call)).fields
    assert [len(fields), len(of_faq)] == [13, 11]
    assert list(of_faq) == [field for field in fields if field.in_faq]


async def test_scenario_04c_nothing_changes_list_or_mapping() -> None:
    names = {method.name for method in pb.DESCRIPTOR.services_by_name["PersonSync"].methods}
    assert {name for name in names if "Field" in name} == {"ListSyncedFields"}
    assert not {name for name in names if name.startswith(("Create", "Update", "Set", "Import", "Upsert"))}


async def test_person_is_found_by_each_key(rig: Any, service: Any, call: Call) -> None:
    marketo_id = rig.lead(sfdcLeadId="00Q000000000001")
    await rig.load()
    person = (await service.get_person(pb.GetPersonRequest(key=pb.PersonKey(marketo_id=marketo_id)), call)).person
    assert person.qualification == pb.QUALIFICATION_QUALIFIED
    assert person.qualification_reason == pb.SKIP_REASON_UNSPECIFIED
    assert person.create_time.ToMicroseconds() == (await rig.copy(marketo_id)).create_time
    for key in (pb.PersonKey(person_id=person.person_id), pb.PersonKey(salesforce_id="00Q000000000001")):
        assert (await service.get_person(pb.GetPersonRequest(key=key), call)).person == person
    with pytest.raises(NotFound) as caught:
        await service.get_person(pb.GetPersonRequest(key=pb.PersonKey(marketo_id=404)), call)
    assert caught.value.metadata == {"resource": "person", "id": "404"}
    stranger = Call(Actor("x", "other", Role.USER))
    with pytest.raises(NotFound):
        await service.get_person(pb.GetPersonRequest(key=pb.PersonKey(marketo_id=marketo_id)), stranger)


async def test_batch_answers_each_key_in_its_place(rig: Any, service: Any, call: Call) -> None:
    first, second = rig.lead(), rig.lead()
    await rig.load()
    keys = [pb.PersonKey(marketo_id=one) for one in (second, 404, first, second)]
    results = (await service.batch_get_persons(pb.BatchGetPersonsRequest(keys=keys), call)).results
    assert [result.person.marketo_id for result in results] == [second, 0, first, second]
    assert results[1].error.reason == reasons.ERROR_REASON_RESOURCE_NOT_FOUND
    assert results[1].error.code == 5


async def test_list_pages_and_refuses_foreign_tokens(rig: Any, service: Any, call: Call) -> None:
    ids = [rig.lead(lastName=f"Name {number}") for number in range(7)]
    await rig.load()
    found: list[int] = []
    token = ""
    while True:
        request = pb.ListPersonsRequest(page_size=3, page_token=token)
        page = await service.list_persons(request, call)
        found += [person.marketo_id for person in page.persons]
        token = page.next_page_token
        if not token:
            break
    assert found == ids
    first = await service.list_persons(pb.ListPersonsRequest(page_size=3), call)
    with pytest.raises(InvalidInput) as caught:
        await service.list_persons(pb.ListPersonsRequest(page_token=first.next_page_token, query="ann"), call)
    assert caught.value.reason == "PAGE_TOKEN_INVALID"
    latest = await service.list_persons(
        pb.ListPersonsRequest(order=pb.ListPersonsRequest.ORDER_UPDATE_TIME_DESCENDING, page_size=2), call
    )
    assert [person.marketo_id for person in latest.persons] == ids[:-3:-1]


async def test_list_shows_qualified_people_unless_asked(rig: Any, service: Any, call: Call) -> None:
    kept, lost = rig.lead(), rig.lead()
    await rig.load()
    rig.change(lost, sfdcLeadOwnerId=None)
    await rig.cycle()
    assert [one.marketo_id for one in (await service.list_persons(pb.ListPersonsRequest(), call)).persons] == [kept]
    request = pb.ListPersonsRequest(qualification=pb.QUALIFICATION_NOT_QUALIFIED)
    person = (await service.list_persons(request, call)).persons[0]
    assert (person.marketo_id, person.qualification_reason) == (lost, pb.SKIP_REASON_NO_OWNER)


async def test_unsubscribed_addresses_are_marked(rig: Any, service: Any, call: Call) -> None:
    twins = [rig.lead(email="Twin@example.com"), rig.lead(email="twin@example.com")]
    other = rig.lead()
    await rig.load()

    async def work(transaction: Any) -> None:
        gone = Unsubscribe("u-1", "twin@example.com", UnsubscribeSource.MANUAL, "", "admin-1", rig.clock.now())
        await UnsubscribeWrites(transaction, INSTANCE).add(gone)

    await rig.database.write(work)
    people = (await service.list_persons(pb.ListPersonsRequest(), call)).persons
    assert {one.marketo_id: one.unsubscribed for one in people} == {**dict.fromkeys(twins, True), other: False}


async def test_start_is_repeated_by_request_id(rig: Any, service: Any, call: Call) -> None:
    rig.lead()
    request = pb.StartInitialSyncRequest(
        request_id="r-1", conflict_policy=pb.StartInitialSyncRequest.CONFLICT_POLICY_RESTART
    )
    first = await service.start_initial_sync(request, call)
    assert first.initial_sync.state == pb.INITIAL_SYNC_STATE_RUNNING
    assert first.initial_sync.method == pb.INITIAL_SYNC_METHOD_UNSPECIFIED
    assert not first.initial_sync.HasField("expected_count")
    assert await service.start_initial_sync(request, call) == first
    other = pb.StartInitialSyncRequest(request_id="r-1", method=pb.INITIAL_SYNC_METHOD_BULK_EXTRACT)
    with pytest.raises(AlreadyExists) as caught:
        await service.start_initial_sync(other, call)
    assert caught.value.reason == "REQUEST_ID_REUSED"
    assert len((await service.list_initial_syncs(pb.ListInitialSyncsRequest(), call)).initial_syncs) == 1


async def test_syncs_are_listed_in_pages_newest_first(rig: Any, service: Any, call: Call) -> None:
    rig.lead()
    made = [(await rig.load()).initial_sync_id for _ in range(3)]
    first = await service.list_initial_syncs(pb.ListInitialSyncsRequest(page_size=2), call)
    second = await service.list_initial_syncs(
        pb.ListInitialSyncsRequest(page_size=2, page_token=first.next_page_token), call
    )
    assert [one.initial_sync_id for one in (*first.initial_syncs, *second.initial_syncs)] == made[::-1]
    assert second.next_page_token == ""


async def test_watch_shows_progress_and_ends_with_the_sync(open_rig: Any) -> None:
    rig = await open_rig(2_000)
    process = rig.process
    service = PersonSyncService(
        rig.database,
        rig.clock,
        control=process.control,
        load=process.load,
        status=process.status,
        lookup=process.lookup,
        settings=process.settings,
        explanation=process.explanation,
        eraser=process.eraser,
    )
    call = Call(Actor("admin-1", INSTANCE, Role.ADMIN))
    started = await rig.start()
    rig.process.work(incremental=False)
    request = pb.WatchInitialSyncRequest(initial_sync_id=started.initial_sync_id)
    states = [one.initial_sync async for one in service.watch_initial_sync(request, call)]
    counts = [state.processed_count for state in states]
    assert counts == sorted(counts)
    assert counts[0] < 2_000
    assert len(set(counts)) > 2
    assert (states[-1].state, counts[-1]) == (pb.INITIAL_SYNC_STATE_SUCCEEDED, 2_000)
    assert all(state.state != pb.INITIAL_SYNC_STATE_SUCCEEDED for state in states[:-1])
    with pytest.raises(NotFound):
        await anext(service.watch_initial_sync(pb.WatchInitialSyncRequest(initial_sync_id="s-0"), call))


async def test_preview_changes_nothing_and_status_counts_calls(rig: Any, service: Any, call: Call) -> None:
    for _ in range(4):
        rig.lead()
    preview = await service.preview_initial_sync(pb.PreviewInitialSyncRequest(), call)
    assert (preview.estimated_person_count, len(preview.fields)) == (4, 13)
    assert preview.method == pb.INITIAL_SYNC_METHOD_REST_PAGES
    assert preview.estimated_export_megabytes == 0
    assert preview.HasField("earliest_create_time")
    assert await rig.everybody() == []
    status = await service.get_sync_status(pb.GetSyncStatusRequest(), call)
    assert not status.HasField("initial_sync")
    assert not status.incremental_running
    marketo = next(quota for quota in status.quotas if quota.system == SYSTEM_MARKETO)
    assert marketo.own_call_count == marketo.used_call_count == preview.used_call_count
    await rig.load()
    status = await service.get_sync_status(pb.GetSyncStatusRequest(), call)
    assert status.initial_sync.created_count == 4
    assert {one.qualification: one.person_count for one in status.counts} == {
        pb.QUALIFICATION_QUALIFIED: 4,
        pb.QUALIFICATION_NOT_QUALIFIED: 0,
        pb.QUALIFICATION_DELETED: 0,
    }
    assert status.incremental_running
    assert [feed.feed for feed in status.feeds] == [1, 2, 3]
