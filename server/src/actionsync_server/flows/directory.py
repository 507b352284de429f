"""Who there is: instances and their users."""

from __future__ import annotations

from collections.abc import Callable

from actionsync_server.clock import Clock
from actionsync_server.model.directory import Instance, User
from actionsync_server.model.errors import AlreadyExists, FailedPrecondition, NotFound
from actionsync_server.model.settings import Settings
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.directory import Directory, DirectoryWrites, Instances, add_instance


class DirectoryFlow:
    """Creates instances, keeps users."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._listeners: list[Callable[[str], None]] = []

    def subscribe(self, listener: Callable[[str], None]) -> None:
        """Call `listener(instance_id)` after every instance created, so that its workers start at once."""
        self._listeners.append(listener)

    async def create_instance(self, instance_id: str, display_name: str) -> Instance:
        """Create an instance; raises AlreadyExists when the id is taken."""
        instance = Instance(instance_id, display_name, self._clock.now())

        async def work(transaction: Transaction) -> None:
            if await Instances(transaction).get(instance_id) is not None:
                raise AlreadyExists(
                    f"instance {instance_id!r} exists already; choose another id",
                    reason="RESOURCE_EXISTS",
                    metadata={"resource": "instance", "id": instance_id},
                )
            await add_instance(transaction, instance)

        await self._database.write(work)
        for listener in self._listeners:
            listener(instance_id)
        return instance

    async def instances(self, *, after: str, count: int) -> list[Instance]:
        """Return a page of instances, by id."""
        return await Instances(self._database).page(after=after, count=count)

    async def upsert_user(self, instance_id: str, user: User, settings: Settings) -> User:
        """Create or replace a user; raises FailedPrecondition for BCC filing beside logging by API (both log twice)."""
        if user.bcc_logging and settings.logging.log_emails:
            raise FailedPrecondition(
                f"emails of user {user.user_id!r} are logged by API; turn logging.log_emails off before filing by BCC",
                reason="LOGGING_MODES_CONFLICT",
                metadata={"userId": user.user_id},
            )

        async def work(transaction: Transaction) -> User:
            writes = DirectoryWrites(transaction, instance_id)
            await writes.upsert(user)
            stored = await writes.user(user.user_id)
            assert stored is not None
            return stored

        return await self._database.write(work)

    async def remove_user(self, instance_id: str, user_id: str) -> None:
        """Remove a user; raises NotFound. Syncs and connections belong to the instance and go on."""
        at = self._clock.now()

        async def work(transaction: Transaction) -> bool:
            return await DirectoryWrites(transaction, instance_id).remove(user_id, at=at)

        if not await self._database.write(work):
            raise NotFound("user", user_id)

    async def users(self, instance_id: str, *, after: str, count: int) -> list[User]:
        """Return a page of users, by id."""
        return await Directory(self._database, instance_id).page(after=after, count=count)
