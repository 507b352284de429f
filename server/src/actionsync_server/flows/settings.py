"""The settings of an instance: read by every flow, changed by its admins, checked as a whole before they are stored."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actionsync_server.clock import Clock
from actionsync_server.model.directory import User
from actionsync_server.model.errors import EtagMismatch, FailedPrecondition, InvalidInput, Violation
from actionsync_server.model.ids import Ids
from actionsync_server.model.settings import OptOutField, Settings
from actionsync_server.model.settings_paths import all_paths, expand, value_at, with_values
from actionsync_server.model.subject_template import unknown_names
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.directory import Directory
from actionsync_server.store.settings import (
    RecordedChange,
    SettingsChange,
    SettingsDocuments,
    SettingsWrites,
    StoredSettings,
)

_USER_PAGE = 1000


#: Looks at settings before and after a change of an instance, and raises where they cannot stand.
SettingsCheck = Callable[[str, Settings, Settings], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class VersionedSettings:
    """Settings with the etag that a change of them must show."""

    settings: Settings
    etag: str


class SettingsFlow:
    """Reads and changes settings, and tells of every change."""

    def __init__(self, database: Database, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._known: dict[str, VersionedSettings] = {}
        self._listeners: list[Callable[[str], Awaitable[None]]] = []
        self._checks: list[SettingsCheck] = []

    def subscribe(self, listener: Callable[[str], Awaitable[None]]) -> None:
        """Await `listener(instance_id)` after every change, so that what keeps something of the settings sees them."""
        self._listeners.append(listener)

    def require(self, check: SettingsCheck) -> None:
        """Await `check(instance_id, before, after)` before every change; what it raises refuses the change."""
        self._checks.append(check)

    async def get(self, instance_id: str) -> Settings:
        """Return the settings in force."""
        return (await self.versioned(instance_id)).settings

    async def versioned(self, instance_id: str) -> VersionedSettings:
        """Return the settings in force with their etag."""
        known = self._known.get(instance_id)
        if known is None:
            stored = await SettingsDocuments(self._database, instance_id).get()
            known = self._known[instance_id] = _read(stored)
        return known

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
        """Take over the masked settings of `wanted`, all or none.

        Raises InvalidInput for an unknown path or a value that cannot stand, EtagMismatch, FailedPrecondition.
        """
        try:
            paths = expand(mask)
        except KeyError as error:
            text = f"there is no setting {error.args[0]!r}; see GetSettings for their names"
            raise InvalidInput([Violation("update_mask", text)]) from error
        at = self._clock.now()
        values = {path: value_at(wanted, path) for path in paths}
        present = (await self.versioned(instance_id)).settings
        _check(with_values(present, values))
        for check in self._checks:  # before the transaction, as they may ask a system
            await check(instance_id, present, with_values(present, values))

        async def work(transaction: Transaction) -> VersionedSettings:
            writes = SettingsWrites(transaction, instance_id)
            stored = await writes.get()
            before = _read(stored)
            if etag and etag != before.etag:
                raise EtagMismatch("settings")
            after = with_values(before.settings, values)
            _check(after)
            if after.logging.log_emails and not before.settings.logging.log_emails:
                await _refuse_double_logging(Directory(transaction, instance_id))
            changes = self._changes(before.settings, after)
            if validate_only or not changes:
                return VersionedSettings(after, before.etag)
            renewed = StoredSettings(_document(after), stored.revision + 1)
            await writes.put(renewed, changes, user_id=user_id, at=at)
            return _read(renewed)

        result = await self._database.write(work)
        if not validate_only:
            self._known[instance_id] = result
            for listener in self._listeners:
                await listener(instance_id)
        return result

    async def history(self, instance_id: str, *, before: str, count: int) -> list[RecordedChange]:
        """Return up to `count` changes older than the change `before` ("": the newest), newest first."""
        return await SettingsDocuments(self._database, instance_id).history(before=before, count=count)

    def _changes(self, before: Settings, after: Settings) -> list[SettingsChange]:
        changed = [path for path in all_paths() if value_at(before, path) != value_at(after, path)]
        return [
            SettingsChange(
                self._ids.make("e"), path, json.dumps(value_at(before, path)), json.dumps(value_at(after, path))
            )
            for path in changed
        ]


def _read(stored: StoredSettings) -> VersionedSettings:
    return VersionedSettings(with_values(Settings(), json.loads(stored.document)), f"{stored.revision}")


def _document(settings: Settings) -> str:
    default = Settings()
    values = {path: value_at(settings, path) for path in all_paths()}
    return json.dumps({path: value for path, value in values.items() if value != value_at(default, path)})


def _check(settings: Settings) -> None:
    """Refuse values that cannot stand together or mean nothing."""
    unknown = unknown_names(settings.logging.subject_template)
    if unknown:
        text = f"{{{{{unknown[0]}}}}} is not a dynamic field; the seven fields are listed in the README"
        raise InvalidInput(
            [Violation("settings.logging.subject_template", text)],
            reason="TEMPLATE_FIELD_UNKNOWN",
            metadata={"name": unknown[0]},
        )
    violations = []
    if settings.logging.log_replies and not settings.logging.log_emails:
        violations.append(Violation("settings.logging.log_replies", "replies are logged only where emails are"))
    unsubscribes = settings.unsubscribes
    if unsubscribes.opt_out_field is OptOutField.SALES_OPT_OUT and not unsubscribes.sales_opt_out_field:
        text = "name the sales opt-out field before choosing it"
        violations.append(Violation("settings.unsubscribes.sales_opt_out_field", text))
    hours, _, minutes = unsubscribes.nightly_time.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        violations.append(Violation("settings.unsubscribes.nightly_time", "give a time of day such as 20:00"))
    try:
        ZoneInfo(unsubscribes.nightly_time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        text = "give an IANA time zone such as America/Los_Angeles"
        violations.append(Violation("settings.unsubscribes.nightly_time_zone", text))
    if violations:
        raise InvalidInput(violations)


async def _refuse_double_logging(directory: Directory) -> None:
    after = ""
    while users := await directory.page(after=after, count=_USER_PAGE):
        conflict: User | None = next((user for user in users if user.bcc_logging), None)
        if conflict is not None:
            raise FailedPrecondition(
                f"user {conflict.user_id!r} files mail by BCC; turn that off before logging emails by API",
                reason="LOGGING_MODES_CONFLICT",
                metadata={"userId": conflict.user_id},
            )
        after = users[-1].user_id
