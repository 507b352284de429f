"""Flows that tell of what they did, so that workers start and clients are renewed at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from actionsync_server.clock import Clock
from actionsync_server.flows.directory import DirectoryFlow
from actionsync_server.flows.settings import SettingsFlow, VersionedSettings
from actionsync_server.model.directory import Instance
from actionsync_server.model.ids import Ids
from actionsync_server.model.settings import Settings
from actionsync_server.store.database import Database


class AnnouncingDirectory(DirectoryFlow):
    """Tells of every new instance, so that its workers start at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self._listeners: list[Callable[[str], None]] = []

    def subscribe(self, listener: Callable[[str], None]) -> None:
        """Call `listener(instance_id)` after every instance created."""
        self._listeners.append(listener)

    async def create_instance(self, instance_id: str, display_name: str) -> Instance:
        """Create an instance; raises AlreadyExists when the id is taken."""
        instance = await super().create_instance(instance_id, display_name)
        for listener in self._listeners:
            listener(instance.instance_id)
        return instance


class AnnouncingSettings(SettingsFlow):
    """Tells of every change, so that what keeps something of the settings takes the new ones."""

    def __init__(self, database: Database, clock: Clock, ids: Ids) -> None:
        super().__init__(database, clock, ids)
        self._listeners: list[Callable[[str], Awaitable[None]]] = []

    def subscribe(self, listener: Callable[[str], Awaitable[None]]) -> None:
        """Await `listener(instance_id)` after every change."""
        self._listeners.append(listener)

    async def update(
        self,
        instance_id: str,
        wanted: Settings,
        mask: Sequence[str],
        *,
        etag: str,
        user_id: str,
        validate_only: bool,
    ) -> VersionedSettings:
        """Change settings as SettingsFlow does, then tell."""
        before = self.generation
        result = await super().update(
            instance_id, wanted, mask, etag=etag, user_id=user_id, validate_only=validate_only
        )
        if self.generation != before:
            for listener in self._listeners:
                await listener(instance_id)
        return result
