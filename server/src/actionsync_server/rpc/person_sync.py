"""Serves PersonSync: people are looked at here, never made or edited."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from actionsync.v1 import person_sync_pb2 as pb

from actionsync_server.clock import Clock
from actionsync_server.flows.people.explaining import PeopleExplanation
from actionsync_server.flows.people.loading import InitialLoad
from actionsync_server.flows.people.lookups import PeopleLookup
from actionsync_server.flows.people.status import PeopleStatus
from actionsync_server.flows.people.sync_control import InitialSyncControl
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.upkeep.erasing import PersonEraser
from actionsync_server.model.errors import NotFound
from actionsync_server.model.initial_syncs import FINAL_STATES, ConflictPolicy, InitialSync, InitialSyncMethod
from actionsync_server.model.persons import ListOrder, Qualification
from actionsync_server.model.synced_fields import synced_fields
from actionsync_server.rpc import convert, convert_persons, pages
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.change_feed import change_feed
from actionsync_server.rpc.requests import Remember, answered
from actionsync_server.rpc.watch import ticks
from actionsync_server.store.changes import ChangeKind
from actionsync_server.store.database import Database
from actionsync_server.store.persons import PagePosition, PersonFilter


class PersonSyncService:
    """Handlers of actionsync.v1.PersonSync."""

    service = "actionsync.v1.PersonSync"

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        control: InitialSyncControl,
        load: InitialLoad,
        status: PeopleStatus,
        lookup: PeopleLookup,
        settings: SettingsFlow,
        explanation: PeopleExplanation,
        eraser: PersonEraser,
    ) -> None:
        self._database = database
        self._clock = clock
        self._control = control
        self._load = load
        self._status = status
        self._lookup = lookup
        self._settings = settings
        self._explanation = explanation
        self._eraser = eraser

    async def preview_initial_sync(
        self, request: pb.PreviewInitialSyncRequest, call: Call
    ) -> pb.PreviewInitialSyncResponse:
        """Tell what an initial sync would read and cost."""
        preview = await self._load.preview(call.instance_id)
        settings = await self._settings.get(call.instance_id)
        return pb.PreviewInitialSyncResponse(
            fields=convert_persons.field_messages(synced_fields(settings.people.linkedin_field)),
            estimated_person_count=preview.plan.person_count,
            estimated_call_count=preview.plan.call_count,
            estimated_export_megabytes=preview.plan.export_megabytes,
            method=convert.number(preview.plan.method),
            used_call_count=preview.used_call_count,
            earliest_create_time=convert.timestamp(preview.census.earliest_time),
            missing_marketo_names=preview.missing_fields,
        )

    async def start_initial_sync(self, request: pb.StartInitialSyncRequest, call: Call) -> pb.StartInitialSyncResponse:
        """Start an initial sync."""

        async def work() -> pb.StartInitialSyncResponse:
            sync = await self._control.start(
                call.instance_id,
                user_id=call.actor.user_id,
                policy=convert.enum(ConflictPolicy, request.conflict_policy, unspecified=ConflictPolicy.USE_RUNNING),
                method=InitialSyncMethod(request.method) if request.method else None,
            )
            return pb.StartInitialSyncResponse(initial_sync=convert_persons.initial_sync_message(sync))

        return await call.once(request, work)

    async def get_initial_sync(self, request: pb.GetInitialSyncRequest, call: Call) -> pb.GetInitialSyncResponse:
        """Return one initial sync."""
        sync = await self._control.get(call.instance_id, request.initial_sync_id)
        return pb.GetInitialSyncResponse(initial_sync=convert_persons.initial_sync_message(sync))

    async def list_initial_syncs(self, request: pb.ListInitialSyncsRequest, call: Call) -> pb.ListInitialSyncsResponse:
        """List initial syncs, newest first."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="initial_syncs", filters=request)
        before = str(position[0]) if position else None
        found = await self._control.list(call.instance_id, before=before, count=size + 1)
        shown = found[:size]
        token = ""
        if len(found) > size:
            token = pages.encode([shown[-1].initial_sync_id], listing="initial_syncs", filters=request)
        return pb.ListInitialSyncsResponse(
            initial_syncs=[convert_persons.initial_sync_message(sync) for sync in shown], next_page_token=token
        )

    async def pause_initial_sync(self, request: pb.PauseInitialSyncRequest, call: Call) -> pb.PauseInitialSyncResponse:
        """Pause an initial sync."""
        sync = await self._control.pause(call.instance_id, request.initial_sync_id)
        return pb.PauseInitialSyncResponse(initial_sync=convert_persons.initial_sync_message(sync))

    async def resume_initial_sync(
        self, request: pb.ResumeInitialSyncRequest, call: Call
    ) -> pb.ResumeInitialSyncResponse:
        """Resume a paused initial sync."""
        sync = await self._control.resume(call.instance_id, request.initial_sync_id)
        return pb.ResumeInitialSyncResponse(initial_sync=convert_persons.initial_sync_message(sync))

    async def cancel_initial_sync(
        self, request: pb.CancelInitialSyncRequest, call: Call
    ) -> pb.CancelInitialSyncResponse:
        """End an initial sync."""
        sync = await self._control.cancel(call.instance_id, request.initial_sync_id)
        return pb.CancelInitialSyncResponse(initial_sync=convert_persons.initial_sync_message(sync))

    async def watch_initial_sync(
        self, request: pb.WatchInitialSyncRequest, call: Call
    ) -> AsyncGenerator[pb.WatchInitialSyncResponse, None]:
        """Stream the progress of an initial sync until it is over."""
        last: InitialSync | None = None
        async with aclosing(ticks(call, self._database, self._clock)) as looks:
            async for due in looks:
                sync = await self._control.get(call.instance_id, request.initial_sync_id)
                if due or sync != last:
                    last = sync
                    yield pb.WatchInitialSyncResponse(initial_sync=convert_persons.initial_sync_message(sync))
                if sync.state in FINAL_STATES:
                    return

    async def get_sync_status(self, request: pb.GetSyncStatusRequest, call: Call) -> pb.GetSyncStatusResponse:
        """Tell how current the copy is."""
        return convert_persons.status_message(await self._status.get(call.instance_id))

    async def get_person(self, request: pb.GetPersonRequest, call: Call) -> pb.GetPersonResponse:
        """Return one person."""
        shown = await self._lookup.get(call.instance_id, convert_persons.key(request.key))
        return pb.GetPersonResponse(person=convert_persons.person_message(shown, request.view))

    async def batch_get_persons(self, request: pb.BatchGetPersonsRequest, call: Call) -> pb.BatchGetPersonsResponse:
        """Return many people, each in its place."""
        keys = [convert_persons.key(one) for one in request.keys]
        response = pb.BatchGetPersonsResponse()
        for key, shown in zip(keys, await self._lookup.many(call.instance_id, keys), strict=True):
            if shown is None:
                response.results.add(error=convert.item_error(NotFound("person", str(key))))
            else:
                response.results.add(person=convert_persons.person_message(shown, request.view))
        return response

    async def list_persons(self, request: pb.ListPersonsRequest, call: Call) -> pb.ListPersonsResponse:
        """List people."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="persons", filters=request)
        after = PagePosition(str(position[0]), int(position[1])) if position else None
        wanted = PersonFilter(
            qualification=convert.enum(Qualification, request.qualification, unspecified=Qualification.QUALIFIED),
            email=request.email,
            query=request.query,
            order=convert.enum(ListOrder, request.order, unspecified=ListOrder.PERSON_ID),
        )
        found = await self._lookup.page(call.instance_id, wanted, after=after, count=size + 1)
        shown = found[:size]
        token = ""
        if len(found) > size:
            last = shown[-1].person
            token = pages.encode([last.person_id, last.update_time], listing="persons", filters=request)
        return pb.ListPersonsResponse(
            persons=[convert_persons.person_message(one, request.view) for one in shown], next_page_token=token
        )

    async def watch_persons(
        self, request: pb.WatchPersonsRequest, call: Call
    ) -> AsyncGenerator[pb.WatchPersonsResponse, None]:
        """Stream the changes of people."""
        feed = change_feed(call, self._database, self._clock, ChangeKind.PERSON, request.resume_token)
        async with aclosing(feed) as news:
            async for one in news:
                ids = {change.subject_id for change in one.changes}
                shown = await self._lookup.by_id(call.instance_id, ids)
                yield pb.WatchPersonsResponse(
                    changes=[
                        convert_persons.change_message(change, shown.get(change.subject_id)) for change in one.changes
                    ],
                    resume_token=one.resume_token,
                )

    async def list_synced_fields(self, request: pb.ListSyncedFieldsRequest, call: Call) -> pb.ListSyncedFieldsResponse:
        """List the synced fields of a view."""
        settings = await self._settings.get(call.instance_id)
        fields = [
            field
            for field in synced_fields(settings.people.linkedin_field)
            if field.in_faq or request.view != pb.PERSON_VIEW_FAQ
        ]
        return pb.ListSyncedFieldsResponse(fields=convert_persons.field_messages(fields))

    async def explain_person(self, request: pb.ExplainPersonRequest, call: Call) -> pb.ExplainPersonResponse:
        """Tell why a person is or is not here."""
        explanation = await self._explanation.explain(call.instance_id, convert_persons.key(request.key))
        return convert_persons.explanation_message(explanation)

    async def erase_person(self, request: pb.ErasePersonRequest, call: Call) -> pb.ErasePersonResponse:
        """Erase a person."""

        async def work(remember: Remember) -> pb.ErasePersonResponse:
            erased = await self._eraser.erase(
                call.instance_id,
                request.person_id,
                reason=request.reason,
                user_id=call.actor.user_id,
                keep=answered(remember, convert_persons.erased_message),
            )
            return convert_persons.erased_message(erased)

        return await call.once_remembered(request, work)
