"""Serves SyncSettings."""

from __future__ import annotations

from actionsync.v1.sync_settings_pb2 import (
    GetSettingsRequest,
    GetSettingsResponse,
    ListAlertsRequest,
    ListAlertsResponse,
    ListSettingsChangesRequest,
    ListSettingsChangesResponse,
    UpdateSettingsRequest,
    UpdateSettingsResponse,
)

from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.errors import InvalidInput
from actionsync_server.model.settings_paths import SECTIONS
from actionsync_server.rpc import convert_admin, pages, validation
from actionsync_server.rpc.call import Call


class SyncSettingsService:
    """Handlers of actionsync.v1.SyncSettings."""

    service = "actionsync.v1.SyncSettings"

    def __init__(self, settings: SettingsFlow, alerts: AlertsFlow) -> None:
        self._settings = settings
        self._alerts = alerts

    async def get_settings(self, request: GetSettingsRequest, call: Call) -> GetSettingsResponse:
        """Return the settings in force."""
        stored = await self._settings.versioned(call.instance_id)
        return GetSettingsResponse(settings=convert_admin.settings_message(stored))

    async def update_settings(self, request: UpdateSettingsRequest, call: Call) -> UpdateSettingsResponse:
        """Change the masked settings, all or none."""
        paths = convert_admin.mask_paths(request.update_mask.paths)
        # Only what the mask names is input; the rest of the message may be empty.
        violations = validation.violations(request.settings, paths=[p for p in paths if p.split(".")[0] in SECTIONS])
        if violations:
            raise InvalidInput(violations)
        stored = await self._settings.update(
            call.instance_id,
            convert_admin.settings(request.settings),
            paths,
            etag=request.settings.etag,
            user_id=call.actor.user_id,
            validate_only=request.validate_only,
        )
        return UpdateSettingsResponse(settings=convert_admin.settings_message(stored))

    async def list_settings_changes(
        self, request: ListSettingsChangesRequest, call: Call
    ) -> ListSettingsChangesResponse:
        """List what was changed, by whom and when, newest first."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="settings_changes", filters=request)
        before = str(position[0]) if position else ""
        found = await self._settings.history(call.instance_id, before=before, count=size + 1)
        page = found[:size]
        token = ""
        if len(found) > size:
            token = pages.encode([page[-1].change.change_id], listing="settings_changes", filters=request)
        return ListSettingsChangesResponse(
            changes=[convert_admin.settings_change_message(one) for one in page], next_page_token=token
        )

    async def list_alerts(self, request: ListAlertsRequest, call: Call) -> ListAlertsResponse:
        """List what needs a person, oldest first."""
        return ListAlertsResponse(
            alerts=[convert_admin.alert_message(one) for one in await self._alerts.list(call.instance_id)]
        )
