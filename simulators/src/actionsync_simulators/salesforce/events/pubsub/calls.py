"""Who makes a Pub/Sub call: the metadata that every call carries, and what of it must be right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from google.protobuf.json_format import MessageToJson

from actionsync_simulators.journal import Journal
from actionsync_simulators.salesforce.events.pubsub.errors import PREFIX, PubSubError, lost_connection
from actionsync_simulators.salesforce.events.pubsub.messages import SERVICE

if TYPE_CHECKING:
    from actionsync_simulators.faults import Fault
    from actionsync_simulators.salesforce.auth.sessions import Session
    from actionsync_simulators.salesforce.schema import Access
    from actionsync_simulators.salesforce.state import Org

NEEDED = ("accesstoken", "instanceurl", "tenantid")
SHOWN_BYTES = 4_096
"""Bytes of a request message that the journal keeps in words."""


@dataclass(slots=True)
class Call:
    """One call under way."""

    method: str
    rpc_id: str
    metadata: Mapping[str, str]
    session: Session | None = None
    username: str = ""

    @property
    def path(self) -> str:
        """How faults and the journal name the call."""
        return f"/{SERVICE}/{self.method}"


class Calls:
    """Begins calls, and keeps asking whether their sessions live."""

    def __init__(self, org: Org, journal: Journal, *, seed: int) -> None:
        self._org = org
        self._journal = journal
        self._seed = seed
        self._begun = 0

    def begin(self, method: str, metadata: Iterable[tuple[str, Any]]) -> Call:
        """A call comes in; nothing is checked yet."""
        self._begun += 1
        digest = hashlib.blake2b(f"{self._seed}:rpc:{self._begun}".encode(), digest_size=16).digest()
        given = {key.lower(): value for key, value in metadata if isinstance(value, str)}
        return Call(method, str(UUID(bytes=digest)), given)

    def authenticate(self, call: Call) -> None:
        """Check the metadata. Raises PubSubError."""
        if any(not call.metadata.get(name) for name in NEEDED):
            raise PubSubError("service.auth.headers.invalid")
        session = self._org.sessions.use(call.metadata["accesstoken"])
        if session is None:
            raise PubSubError("service.auth.error")
        tenant = call.metadata["tenantid"]
        if len(tenant) not in (15, 18) or tenant[:15] != self._org.organization_id[:15]:
            raise PubSubError("service.auth.headers.invalid")
        call.session = session
        self.check(call)
        call.username = self._org.database.value('SELECT Username FROM "User" WHERE Id = ?', (session.user_id,))

    def check(self, call: Call) -> None:
        """Whether the session still lives and its user is active. Raises PubSubError."""
        session = call.session
        if session is None or self._org.sessions.find(session.token) is not session:
            raise PubSubError("service.auth.error")
        if not self._org.database.value('SELECT IsActive FROM "User" WHERE Id = ?', (session.user_id,)):
            raise PubSubError("service.auth.error")

    def use(self, call: Call, request: Any) -> None:
        """Note a request message; it prolongs the session. Raises PubSubError when there is none any more."""
        self.note(call, request)
        self.check(call)
        if call.session is not None:
            self._org.sessions.use(call.session.token)

    def access(self, call: Call) -> Access:
        """What the caller may see at this moment."""
        return self._org.access_of("" if call.session is None else call.session.user_id)

    def note(self, call: Call, request: Any, *, code: str | None = None) -> None:
        """Write a request message, or how a call failed, into the journal."""
        body = b"" if request is None or request.ByteSize() > SHOWN_BYTES else MessageToJson(request).encode()
        self._journal.record(
            method="POST",
            path=call.path,
            query="",
            headers={name: value for name, value in call.metadata.items() if name != "accesstoken"},
            body=body,
            status=200,
            code=code,
            user=call.username or None,
            at=self._org.clock.now(),
        )

    def fault(self, call: Call, subject: str | None = None) -> Fault | None:
        """The planned fault that falls on this call, or on a message of it: an error is raised at once."""
        fault = self._org.faults.take_stream(call.path if subject is None else f"/{SERVICE}/{subject}")
        if fault is None:
            return None
        if fault.action == "drop_before":
            raise lost_connection()
        if fault.error is not None:
            raise planned_error(fault.error.code, fault.error.message)
        return fault


def planned_error(code: str, message: str | None) -> PubSubError:
    """The error of a planned fault, named with or without the common start of its code."""
    return PubSubError(code.removeprefix(PREFIX), message)
