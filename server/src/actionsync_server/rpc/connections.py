"""Serves Connections. Secrets go in and never come out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from typing import TypeVar

from actionsync.v1.connections_pb2 import (
    CheckConnectionRequest,
    CheckConnectionResponse,
    ConnectMarketoRequest,
    ConnectMarketoResponse,
    ConnectSalesforceRequest,
    ConnectSalesforceResponse,
    DisconnectRequest,
    DisconnectResponse,
    ListConnectionsRequest,
    ListConnectionsResponse,
)

from actionsync_server.flows.connections import ConnectionsFlow
from actionsync_server.model.directory import Role
from actionsync_server.model.errors import InvalidInput, NotAllowed, System, SystemBusy, SystemFailure, Violation
from actionsync_server.rpc import convert, convert_admin
from actionsync_server.rpc.call import Call

T = TypeVar("T")

#: A person waits for the answer: a system that is silent for so long counts as down, however patient its client is.
_PATIENCE_SECONDS = 25.0
_RESERVE_SECONDS = 1.0
_MUNCHKIN_ID = re.compile(r"\d{3}-[A-Z]{3}-\d{3}", re.IGNORECASE)


class ConnectionsService:
    """Handlers of actionsync.v1.Connections."""

    service = "actionsync.v1.Connections"

    def __init__(self, connections: ConnectionsFlow) -> None:
        self._connections = connections

    async def connect_marketo(self, request: ConnectMarketoRequest, call: Call) -> ConnectMarketoResponse:
        """Try and store the login to Marketo."""
        if not _MUNCHKIN_ID.fullmatch(request.munchkin_id):
            raise InvalidInput([Violation("munchkin_id", "give three digits, three letters, three digits")])
        connecting = self._connections.connect_marketo(
            call.instance_id,
            munchkin_id=request.munchkin_id.upper(),
            base_url=request.base_url,
            client_id=request.client_id,
            client_secret=request.client_secret,
            by=call.actor.user_id,
        )
        connection, findings = await _in_time(connecting, System.MARKETO, call)
        return ConnectMarketoResponse(
            connection=convert_admin.connection_message(connection), findings=convert_admin.finding_messages(findings)
        )

    async def connect_salesforce(self, request: ConnectSalesforceRequest, call: Call) -> ConnectSalesforceResponse:
        """Try and store the login to Salesforce, the instance's or one user's. A user connects themselves only."""
        _require_whose(System.SALESFORCE, request.user_id, call)
        if request.user_id and not request.refresh_token:
            text = "a user connects with a refresh token of their own: without one the app's run-as user would log in"
            raise InvalidInput([Violation("refresh_token", text)])
        if request.user_id and request.pubsub_address:
            raise InvalidInput([Violation("pubsub_address", "change events are listened to by the instance's login")])
        connecting = self._connections.connect_salesforce(
            call.instance_id,
            user_id=request.user_id,
            base_url=request.base_url,
            client_id=request.client_id,
            client_secret=request.client_secret,
            refresh_token=request.refresh_token,
            pubsub_address=request.pubsub_address,
            by=call.actor.user_id,
        )
        connection, findings = await _in_time(connecting, System.SALESFORCE, call)
        return ConnectSalesforceResponse(
            connection=convert_admin.connection_message(connection), findings=convert_admin.finding_messages(findings)
        )

    async def check_connection(self, request: CheckConnectionRequest, call: Call) -> CheckConnectionResponse:
        """Use a connection and tell what the system lacks; a refusal is the answer, not an error of the call."""
        system = _outside(request.system)
        _require_whose(system, request.user_id, call)
        try:
            checking = self._connections.check(call.instance_id, system, request.user_id)
            findings, took = await _in_time(checking, system, call)
        except SystemFailure as error:
            return CheckConnectionResponse(working=False, error=convert.item_error(error))
        return CheckConnectionResponse(
            working=True, round_trip=convert.duration(took), findings=convert_admin.finding_messages(findings)
        )

    async def list_connections(self, request: ListConnectionsRequest, call: Call) -> ListConnectionsResponse:
        """List the connections, without secrets."""
        found = await self._connections.list(call.instance_id)
        return ListConnectionsResponse(connections=[convert_admin.connection_message(one) for one in found])

    async def disconnect(self, request: DisconnectRequest, call: Call) -> DisconnectResponse:
        """Forget a connection."""
        system = _outside(request.system)
        _require_whose(system, request.user_id, call)
        await self._connections.disconnect(call.instance_id, system, request.user_id)
        return DisconnectResponse()


async def _in_time(work: Awaitable[T], system: System, call: Call) -> T:
    """Await `work`; a system that does not answer before the caller's patience ends is SystemBusy."""
    left = call.seconds_left()
    limit = _PATIENCE_SECONDS if left is None else min(left - _RESERVE_SECONDS, _PATIENCE_SECONDS)
    try:
        async with asyncio.timeout(max(limit, 0.0)):
            return await work
    except TimeoutError as error:
        text = (
            f"{system.name.title()} did not answer in time: it may be down, or busy with other calls of ours; try again"
        )
        raise SystemBusy(system, text, retry_after=30.0) from error


def _require_whose(system: System, user_id: str, call: Call) -> None:
    """Let users at their own connection to Salesforce, services at those of users, admins at all."""
    actor = call.actor
    if system is not System.SALESFORCE:
        user_id = ""
    if actor.role is Role.USER and user_id != actor.user_id:
        raise NotAllowed(
            "a user may connect nobody but themselves; ask an admin",
            reason="ROLE_NOT_ALLOWED",
            metadata={"role": "user"},
        )
    if actor.role is Role.SERVICE and not user_id:
        raise NotAllowed(
            "a service may connect users, but not the instance; ask an admin",
            reason="ROLE_NOT_ALLOWED",
            metadata={"role": "service"},
        )


def _outside(number: int) -> System:
    system = System(number)
    if system is System.ACTIONSYNC:
        raise InvalidInput([Violation("system", "name MARKETO or SALESFORCE")])
    return system
