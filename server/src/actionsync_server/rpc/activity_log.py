"""Serves ActivityLog."""

from __future__ import annotations

from collections.abc import Sequence

from actionsync.v1 import activity_log_pb2 as pb

from actionsync_server.flows.activities import ActivityFlow, LoggedActivity, LogResult
from actionsync_server.flows.delivery.desk import DeliveryDesk, DeskResult
from actionsync_server.flows.grid.loading import GridFlow
from actionsync_server.model.deliveries import DeliveryState
from actionsync_server.model.errors import ActionsyncError, InvalidInput, System, Violation
from actionsync_server.rpc import convert, convert_activities, convert_check, convert_grid, pages, validation
from actionsync_server.rpc.call import Call
from actionsync_server.store.activities import ActivityFilter
from actionsync_server.store.deliveries import DeliveryFilter


class ActivityLogService:
    """Handlers of actionsync.v1.ActivityLog."""

    service = "actionsync.v1.ActivityLog"

    def __init__(self, activities: ActivityFlow, desk: DeliveryDesk, grid: GridFlow) -> None:
        self._activities = activities
        self._desk = desk
        self._grid = grid

    async def log_activity(self, request: pb.LogActivityRequest, call: Call) -> pb.LogActivityResponse:
        """Store one activity; the answer means that it is durable."""
        results = await self._activities.log(call.instance_id, [convert_activities.content(request.content)])
        if isinstance(results[0], ActionsyncError):
            raise results[0]
        return _logged(results[0])

    async def batch_log_activities(
        self, request: pb.BatchLogActivitiesRequest, call: Call
    ) -> pb.BatchLogActivitiesResponse:
        """Store many; a malformed or refused one is that item's error."""
        faults = [validation.item_violations(request, "contents", index) for index in range(len(request.contents))]
        good = [
            convert_activities.content(message)
            for message, fault in zip(request.contents, faults, strict=True)
            if not fault
        ]
        results = iter(await self._activities.log(call.instance_id, good))
        outcomes = [InvalidInput(fault) if fault else next(results) for fault in faults]
        return pb.BatchLogActivitiesResponse(results=[_log_result(outcome) for outcome in outcomes])

    async def get_activity(self, request: pb.GetActivityRequest, call: Call) -> pb.GetActivityResponse:
        """Return one activity."""
        logged = await self._activities.get(call.instance_id, request.activity_id)
        return pb.GetActivityResponse(activity=convert_activities.activity_message(logged))

    async def list_activities(self, request: pb.ListActivitiesRequest, call: Call) -> pb.ListActivitiesResponse:
        """List activities by their time."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="activities", filters=request)
        wanted = ActivityFilter(
            person_ids=list(request.person_ids),
            user_ids=list(request.user_ids),
            types=convert_activities.types(list(request.types)),
            start_time=convert.micros(request.start_time) if request.HasField("start_time") else None,
            end_time=convert.micros(request.end_time) if request.HasField("end_time") else None,
            newest_first=request.order != pb.ListActivitiesRequest.ORDER_ACTIVITY_TIME,
        )
        after = (int(position[0]), str(position[1])) if position else None
        found = await self._activities.page(call.instance_id, wanted, after=after, count=size + 1)
        shown, token = found[:size], ""
        if len(found) > size:
            last = shown[-1].activity
            place = (last.content.activity_time, last.activity_id)
            token = pages.encode(place, listing="activities", filters=request)
        return pb.ListActivitiesResponse(
            activities=[convert_activities.activity_message(one) for one in shown], next_page_token=token
        )

    async def list_activity_types(
        self, request: pb.ListActivityTypesRequest, call: Call
    ) -> pb.ListActivityTypesResponse:
        """List the eight types, or the one with a name or alias."""
        specs, ids = await self._activities.types(call.instance_id, request.name.strip())
        return pb.ListActivityTypesResponse(
            types=[convert_activities.type_message(spec, ids.get(spec.api_name, 0)) for spec in specs]
        )

    async def load_smart_grid(self, request: pb.LoadSmartGridRequest, call: Call) -> pb.LoadSmartGridResponse:
        """Load the grid of a person, an account or an opportunity."""
        target, identifier = convert_grid.target(request)
        loaded = await self._grid.load(
            call.instance_id,
            target,
            identifier,
            convert_check.freshness(request.freshness),
            row_limit=request.row_limit,
            compatible=request.compatible_above_800,
        )
        return convert_grid.grid_message(loaded)

    async def list_deliveries(self, request: pb.ListDeliveriesRequest, call: Call) -> pb.ListDeliveriesResponse:
        """List deliveries, oldest first."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="deliveries", filters=request)
        wanted = DeliveryFilter(
            system=System(request.system) if request.system else None,
            states=[DeliveryState(number) for number in request.states if number],
            person_id=request.person_id,
            activity_id=request.activity_id,
        )
        found = await self._desk.page(
            call.instance_id, wanted, after=int(position[0]) if position else 0, count=size + 1
        )
        shown, token = found[:size], ""
        if len(found) > size:
            token = pages.encode([shown[-1].sequence], listing="deliveries", filters=request)
        return pb.ListDeliveriesResponse(deliveries=[convert.delivery(one) for one in shown], next_page_token=token)

    async def get_delivery(self, request: pb.GetDeliveryRequest, call: Call) -> pb.GetDeliveryResponse:
        """Return one delivery with its attempts."""
        found = await self._desk.get(call.instance_id, request.delivery_id)
        return pb.GetDeliveryResponse(delivery=convert.delivery(found))

    async def retry_deliveries(self, request: pb.RetryDeliveriesRequest, call: Call) -> pb.RetryDeliveriesResponse:
        """Make deliveries due now."""
        results = await self._desk.retry(call.instance_id, list(request.delivery_ids))
        return pb.RetryDeliveriesResponse(results=_desk_results(results))

    async def discard_deliveries(
        self, request: pb.DiscardDeliveriesRequest, call: Call
    ) -> pb.DiscardDeliveriesResponse:
        """Give deliveries up for good."""
        if not request.reason.strip():
            raise InvalidInput([Violation("reason", "say why the deliveries are given up")])
        results = await self._desk.discard(
            call.instance_id, list(request.delivery_ids), reason=request.reason, user_id=call.actor.user_id
        )
        return pb.DiscardDeliveriesResponse(results=_desk_results(results))


def _logged(one: LoggedActivity) -> pb.LogActivityResponse:
    return pb.LogActivityResponse(activity=convert_activities.activity_message(one), already_logged=one.already_logged)


def _log_result(outcome: LogResult) -> pb.LogActivityResult:
    if isinstance(outcome, ActionsyncError):
        return pb.LogActivityResult(error=convert.item_error(outcome))
    return pb.LogActivityResult(logged=_logged(outcome))


def _desk_results(results: Sequence[DeskResult]) -> list[pb.DeliveryResult]:
    return [
        pb.DeliveryResult(error=convert.item_error(one))
        if isinstance(one, ActionsyncError)
        else pb.DeliveryResult(delivery=convert.delivery(one))
        for one in results
    ]
