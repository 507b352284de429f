"""Serves UnsubscribeCheck."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from actionsync.v1.unsubscribe_check_pb2 import (
    AuthorizeSendRequest,
    AuthorizeSendResponse,
    BatchCheckUnsubscribesRequest,
    BatchCheckUnsubscribesResponse,
    CheckUnsubscribeRequest,
    CheckUnsubscribeResponse,
    ListUnsubscribeHistoryRequest,
    ListUnsubscribeHistoryResponse,
    ListUnsubscribesRequest,
    ListUnsubscribesResponse,
    RecordUnsubscribeRequest,
    RecordUnsubscribeResponse,
    RemoveUnsubscribeRequest,
    RemoveUnsubscribeResponse,
    VerdictResult,
    WatchUnsubscribesRequest,
    WatchUnsubscribesResponse,
)
from actionsync.v1.unsubscribe_check_pb2 import Unsubscribe as UnsubscribeMessage
from google.protobuf.message import Message

from actionsync_server.clock import Clock
from actionsync_server.flows.check import CheckFlow, Send
from actionsync_server.flows.unsubscribes.recording import Recorded
from actionsync_server.flows.unsubscribes.registry import Removed, UnsubscribesFlow
from actionsync_server.model.errors import InvalidInput, Violation
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeSource
from actionsync_server.model.verdicts import Channel, Verdict
from actionsync_server.rpc import convert, convert_check, pages, validation
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.change_feed import change_feed
from actionsync_server.rpc.requests import Remember, answered
from actionsync_server.store.changes import ChangeKind
from actionsync_server.store.database import Database, Reader, Transaction


class UnsubscribeCheckService:
    """Handlers of actionsync.v1.UnsubscribeCheck."""

    service = "actionsync.v1.UnsubscribeCheck"

    def __init__(self, database: Database, clock: Clock, check: CheckFlow, unsubscribes: UnsubscribesFlow) -> None:
        self._database = database
        self._clock = clock
        self._check = check
        self._unsubscribes = unsubscribes

    async def check_unsubscribe(self, request: CheckUnsubscribeRequest, call: Call) -> CheckUnsubscribeResponse:
        """Answer for one address."""
        _require_address(request.email)
        verdicts = await self._check.check(
            call.instance_id,
            [request.email],
            convert_check.freshness(request.freshness),
            seconds=call.seconds_left(),
        )
        return CheckUnsubscribeResponse(verdict=convert_check.verdict_message(verdicts[0]))

    async def batch_check_unsubscribes(
        self, request: BatchCheckUnsubscribesRequest, call: Call
    ) -> BatchCheckUnsubscribesResponse:
        """Answer for many addresses; a malformed one is that item's error."""
        faults = [_item_faults(request, "emails", index, address) for index, address in enumerate(request.emails)]
        good = [address for address, fault in zip(request.emails, faults, strict=True) if not fault]
        verdicts = await self._check.check(
            call.instance_id, good, convert_check.freshness(request.freshness), seconds=call.seconds_left()
        )
        return BatchCheckUnsubscribesResponse(results=_results(faults, verdicts))

    async def authorize_send(self, request: AuthorizeSendRequest, call: Call) -> AuthorizeSendResponse:
        """Run every gate for one send."""
        faults = [
            _item_faults(request, "recipients", index, recipient.email)
            for index, recipient in enumerate(request.recipients)
        ]

        async def work() -> AuthorizeSendResponse:
            send = Send(
                recipients=[
                    convert_check.recipient(recipient)
                    for recipient, fault in zip(request.recipients, faults, strict=True)
                    if not fault
                ],
                user_id=request.user_id,
                channel=Channel(request.channel),
                non_commercial=request.non_commercial,
            )
            answer = await self._check.authorize(
                call.instance_id, send, convert_check.freshness(request.freshness), seconds=call.seconds_left()
            )
            return AuthorizeSendResponse(
                results=_results(faults, answer.verdicts),
                summary=convert_check.summary_messages(answer),
                send_permit=answer.permit,
                permit_expire_time=convert.timestamp(answer.expire_time) if answer.permit else None,
            )

        return await call.once(request, work)

    async def record_unsubscribe(self, request: RecordUnsubscribeRequest, call: Call) -> RecordUnsubscribeResponse:
        """Record an unsubscribe for an address, or for a person's present one."""
        source = UnsubscribeSource(request.source)
        if source is UnsubscribeSource.SALESFORCE_SYNC:
            raise InvalidInput([Violation("source", "SALESFORCE_SYNC is set by the sync only; name what happened")])
        if request.WhichOneof("subject") == "email":
            _require_address(request.email)
            address = request.email
        else:
            address = await self._unsubscribes.address_of(call.instance_id, request.person_id)

        async def work(remember: Remember) -> RecordUnsubscribeResponse:
            response = RecordUnsubscribeResponse()

            async def keep(transaction: Transaction, recorded: Recorded) -> None:
                message = await self._message(call.instance_id, recorded.unsubscribe, transaction)
                response.CopyFrom(RecordUnsubscribeResponse(unsubscribe=message, already_recorded=recorded.known))
                await remember(transaction, response)

            by_person = source is UnsubscribeSource.MANUAL
            await self._unsubscribes.record(
                call.instance_id,
                address,
                source=source,
                reason=request.reason,
                user_id=call.actor.user_id if by_person else "",
                keep=keep,
            )
            return response

        return await call.once_remembered(request, work)

    async def list_unsubscribes(self, request: ListUnsubscribesRequest, call: Call) -> ListUnsubscribesResponse:
        """List the unsubscribed addresses, oldest first."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="unsubscribes", filters=request)
        found = await self._unsubscribes.page(
            call.instance_id, prefix=request.query, after=str(position[0]) if position else "", count=size + 1
        )
        page = found[:size]
        token = ""
        if len(found) > size:
            token = pages.encode([page[-1].unsubscribe_id], listing="unsubscribes", filters=request)
        pushes = await self._unsubscribes.pushes(call.instance_id, page)
        return ListUnsubscribesResponse(
            unsubscribes=[convert_check.unsubscribe_message(one, pushes.get(one.unsubscribe_id, [])) for one in page],
            next_page_token=token,
        )

    async def remove_unsubscribe(self, request: RemoveUnsubscribeRequest, call: Call) -> RemoveUnsubscribeResponse:
        """Remove an unsubscribe with its evidence, here or everywhere."""
        _require_address(request.email)

        def answer(removed: Removed) -> RemoveUnsubscribeResponse:
            return RemoveUnsubscribeResponse(
                opted_out_in_salesforce=removed.opted_out_in_salesforce,
                deliveries=[convert.delivery(one) for one in removed.deliveries],
            )

        async def work(remember: Remember) -> RemoveUnsubscribeResponse:
            removed = await self._unsubscribes.remove(
                call.instance_id,
                request.email,
                reason=request.reason,
                consent=request.consent,
                user_id=call.actor.user_id,
                everywhere=request.scope == RemoveUnsubscribeRequest.SCOPE_EVERYWHERE,
                keep=answered(remember, answer),
            )
            return answer(removed)

        return await call.once_remembered(request, work)

    async def list_unsubscribe_history(
        self, request: ListUnsubscribeHistoryRequest, call: Call
    ) -> ListUnsubscribeHistoryResponse:
        """List what happened to one address, oldest first."""
        _require_address(request.email)
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="unsubscribe_history", filters=request)
        after = str(position[0]) if position else ""
        found = await self._unsubscribes.history(call.instance_id, request.email, after=after, count=size + 1)
        page = found[:size]
        token = ""
        if len(found) > size:
            token = pages.encode([page[-1].event_id], listing="unsubscribe_history", filters=request)
        return ListUnsubscribeHistoryResponse(
            events=[convert_check.event_message(one) for one in page], next_page_token=token
        )

    async def watch_unsubscribes(
        self, request: WatchUnsubscribesRequest, call: Call
    ) -> AsyncGenerator[WatchUnsubscribesResponse, None]:
        """Stream what happens to addresses."""
        feed = change_feed(call, self._database, self._clock, ChangeKind.UNSUBSCRIBE, request.resume_token)
        async with aclosing(feed) as news:
            async for one in news:
                # Changes of earlier releases name their event in the detail.
                ids = [change.detail.get("event_id", change.subject_id) for change in one.changes]
                events = await self._unsubscribes.events(call.instance_id, ids)
                yield WatchUnsubscribesResponse(
                    changes=[convert_check.change_message(events[event_id]) for event_id in ids if event_id in events],
                    resume_token=one.resume_token,
                )

    async def _message(self, instance_id: str, stored: Unsubscribe, reader: Reader) -> UnsubscribeMessage:
        pushes = await self._unsubscribes.pushes(instance_id, [stored], reader=reader)
        return convert_check.unsubscribe_message(stored, pushes.get(stored.unsubscribe_id, []))


def _results(faults: Sequence[list[Violation]], verdicts: Sequence[Verdict]) -> list[VerdictResult]:
    """Put the verdicts back where the good items stood."""
    remaining = iter(verdicts)
    return [
        VerdictResult(error=convert.item_error(InvalidInput(fault)))
        if fault
        else VerdictResult(verdict=convert_check.verdict_message(next(remaining)))
        for fault in faults
    ]


def _item_faults(request: Message, field: str, index: int, address: str) -> list[Violation]:
    found = validation.item_violations(request, field, index)
    return found or _address_faults(address, f"{field}[{index}]")


def _require_address(address: str) -> None:
    faults = _address_faults(address, "email")
    if faults:
        raise InvalidInput(faults)


def _address_faults(address: str, field: str) -> list[Violation]:
    local, at, domain = address.strip().rpartition("@")
    # A comma cannot be asked of Marketo, and no mail goes to an address with white space in it.
    if at and local and domain and not any(character.isspace() or character == "," for character in address.strip()):
        return []
    return [Violation(field, "is not an email address: give local part, @ and domain")]
