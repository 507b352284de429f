"""Serves Directory: instances for operators, users for the admins of an instance."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actionsync.v1.directory_pb2 import (
    CreateInstanceRequest,
    CreateInstanceResponse,
    ListInstancesRequest,
    ListInstancesResponse,
    ListUsersRequest,
    ListUsersResponse,
    RemoveUserRequest,
    RemoveUserResponse,
    UpsertUserRequest,
    UpsertUserResponse,
)

from actionsync_server.clock import Clock
from actionsync_server.flows.directory import DirectoryFlow
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.directory import Role
from actionsync_server.model.errors import InvalidInput, Violation
from actionsync_server.rpc import convert_admin, pages
from actionsync_server.rpc.call import Call


class DirectoryService:
    """Handlers of actionsync.v1.Directory."""

    service = "actionsync.v1.Directory"

    def __init__(self, directory: DirectoryFlow, settings: SettingsFlow, clock: Clock) -> None:
        self._directory = directory
        self._settings = settings
        self._clock = clock

    async def create_instance(self, request: CreateInstanceRequest, call: Call) -> CreateInstanceResponse:
        """Create an instance."""
        instance = await self._directory.create_instance(request.instance_id, request.display_name)
        return CreateInstanceResponse(instance=convert_admin.instance_message(instance))

    async def list_instances(self, request: ListInstancesRequest, call: Call) -> ListInstancesResponse:
        """List instances by id."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="instances", filters=request)
        found = await self._directory.instances(after=str(position[0]) if position else "", count=size + 1)
        more = len(found) > size
        return ListInstancesResponse(
            instances=[convert_admin.instance_message(one) for one in found[:size]],
            next_page_token=pages.encode([found[size - 1].instance_id], listing="instances", filters=request)
            if more
            else "",
        )

    async def upsert_user(self, request: UpsertUserRequest, call: Call) -> UpsertUserResponse:
        """Create or replace a user of the caller's instance."""
        wanted = convert_admin.user(request.user, now=self._clock.now())
        _check(wanted.role, wanted.time_zone)
        settings = await self._settings.get(call.instance_id)
        stored = await self._directory.upsert_user(call.instance_id, wanted, settings)
        return UpsertUserResponse(user=convert_admin.user_message(stored))

    async def remove_user(self, request: RemoveUserRequest, call: Call) -> RemoveUserResponse:
        """Remove a user of the caller's instance."""
        await self._directory.remove_user(call.instance_id, request.user_id)
        return RemoveUserResponse()

    async def list_users(self, request: ListUsersRequest, call: Call) -> ListUsersResponse:
        """List the users of the caller's instance by id."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="users", filters=request)
        after = str(position[0]) if position else ""
        found = await self._directory.users(call.instance_id, after=after, count=size + 1)
        more = len(found) > size
        return ListUsersResponse(
            users=[convert_admin.user_message(one) for one in found[:size]],
            next_page_token=pages.encode([found[size - 1].user_id], listing="users", filters=request) if more else "",
        )


def _check(role: Role, time_zone: str) -> None:
    violations = []
    if role is Role.OPERATOR:
        violations.append(Violation("user.role", "operators belong to no instance; make a token for them instead"))
    if time_zone:
        try:
            ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            violations.append(Violation("user.time_zone", "give an IANA time zone such as Europe/Stockholm"))
    if violations:
        raise InvalidInput(violations)
