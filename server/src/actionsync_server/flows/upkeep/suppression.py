"""Lets the opt-out of an erased person stand: a keyed digest of the address says so, and nobody can read it back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection

from actionsync_server.clock import Micros
from actionsync_server.flows.people.applying import PeopleChange, PeopleMerge
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.model.persons import email_key
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeSource
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.suppressions import Suppressions, SuppressionWrites
from actionsync_server.store.unsubscribes import Unsubscribes

#: What an unsubscribe says that came from a suppression.
REASON = "opted out before an erasure"


class Suppression:
    """The suppressed addresses of every instance. `key` never leaves the data folder."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def digest(self, instance_id: str, key: str) -> str:
        """Return under which digest a normalised address is kept; another instance's is another one."""
        return hmac.new(self._key, f"{instance_id}\0{key}".encode(), hashlib.sha256).hexdigest()

    async def standing(self, reader: Reader, instance_id: str, email_keys: Collection[str]) -> dict[str, Unsubscribe]:
        """Return all that speaks against sending to normalised addresses: unsubscribes, and suppressions."""
        suppressed = await self._suppressed(reader, instance_id, email_keys)
        found = {key: _as_unsubscribe(key, since) for key, since in suppressed.items()}
        return found | await Unsubscribes(reader, instance_id).find(email_keys)

    async def keep(
        self, transaction: Transaction, instance_id: str, email_keys: Collection[str], *, at: Micros
    ) -> None:
        """Suppress addresses."""
        digests = {self.digest(instance_id, key) for key in email_keys}
        await SuppressionWrites(transaction, instance_id).add(digests, at=at)

    async def lift(self, transaction: Transaction, instance_id: str, key: str) -> None:
        """Suppress an address no more: its owner wants mail again."""
        await SuppressionWrites(transaction, instance_id).remove(self.digest(instance_id, key))

    async def among(self, reader: Reader, instance_id: str, email_keys: Collection[str]) -> set[str]:
        """Return which of these normalised addresses are suppressed."""
        return set(await self._suppressed(reader, instance_id, email_keys))

    async def _suppressed(self, reader: Reader, instance_id: str, email_keys: Collection[str]) -> dict[str, Micros]:
        digests = {self.digest(instance_id, key): key for key in set(email_keys) - {""}}
        found = await Suppressions(reader, instance_id).among(digests)
        return {digests[digest]: since for digest, since in found.items()}


class SuppressionFollowsPeople:
    """Unsubscribes addresses that come back: Marketo may still have somebody who was erased here."""

    def __init__(self, suppression: Suppression, recorder: UnsubscribeRecorder) -> None:
        self._suppression = suppression
        self._recorder = recorder

    async def people_changed(self, transaction: Transaction, change: PeopleChange) -> None:
        """Turn the suppression of a new address into an unsubscribe that is listed, pushed, and can be removed."""
        moved = [after for before, after in change.changed if before.fields.email != after.fields.email]
        keys = {email_key(person.fields.email) for person in (*change.created, *moved)}
        for key in sorted(await self._suppression.among(transaction, change.instance_id, keys)):
            await self._recorder.unsubscribe(
                transaction,
                change.instance_id,
                key,
                source=UnsubscribeSource.MANUAL,
                reason=REASON,
                user_id="",
                at=change.at,
            )

    async def people_merged(self, transaction: Transaction, merge: PeopleMerge) -> None:
        """Do nothing: every address of theirs was seen when it came."""


def _as_unsubscribe(key: str, since: Micros) -> Unsubscribe:
    return Unsubscribe("", key, UnsubscribeSource.MANUAL, REASON, "", since)
