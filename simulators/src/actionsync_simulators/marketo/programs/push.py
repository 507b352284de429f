"""Push lead: an upsert on behalf of a program, which the people become members of."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.activities.types import PUSH_LEAD
from actionsync_simulators.marketo.gateway.call import skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.leads.partitions import find_partition
from actionsync_simulators.marketo.leads.records import UPDATE_ONLY, UPSERT, RecordWriter, lookup_field
from actionsync_simulators.marketo.programs import members

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.programs.members import Status
    from actionsync_simulators.marketo.subscription import Subscription

MAIL_TOKEN = "mktToken"  # noqa: S105 - the name of a member
SEAL_BYTES = 9


def push(site: Subscription, call: Call) -> Members:
    """POST leads/push: `result[i]` answers `input[i]`, as in sync leads; each person gets a 145 for the program."""
    job = _Push.of(site, call)
    result = []
    for record in call.input_records():
        try:
            result.append(job.record(record))
        except ApiError as error:
            result.append(skipped(error))
    return {"result": result}


@dataclass(frozen=True, slots=True)
class _Push:
    """What one call says beside its records."""

    site: Subscription
    program: sqlite3.Row
    status: Status | None
    writer: RecordWriter
    by_mail_token: bool
    attributes: dict[str, Any]

    @classmethod
    def of(cls, site: Subscription, call: Call) -> _Push:
        """Check the members beside `input`; what is wrong with them fails the whole call."""
        body = call.json_object()
        name = body.get("programName")
        if not name:
            raise api_error("1002", "programName")
        program = members.program_named(site, str(name).strip())
        status = body.get("programStatus")
        partition = body.get("partitionName")
        if partition is not None:
            find_partition(site, partition)
        by_mail_token = body.get("lookupField") == MAIL_TOKEN
        action = UPDATE_ONLY if by_mail_token else UPSERT
        lookup = lookup_field(site, "id" if by_mail_token else body.get("lookupField") or "email", action)
        origin = Origin(method="pushLead", user=call.user, request_id=call.request_id)
        return cls(
            site,
            program,
            members.status_named(site, program, status) if status else None,
            RecordWriter(site=site, call=call, action=action, lookup=lookup, partition=partition, origin=origin),
            by_mail_token,
            {"Reason": body.get("reason"), "Source": body.get("source"), **origin.trail()},
        )

    def record(self, record: dict[str, Any]) -> dict[str, Any]:
        """Write one record, its activity and its membership; ApiError when it is to be skipped."""
        if self.by_mail_token:
            record = dict(record)
            record["id"] = lead_of_token(self.site, record.pop(MAIL_TOKEN, None))
        row = self.writer.write(record)
        lead_id, created = row["id"], row["status"] == "created"
        if created:
            # Part of the creation, so that it leaves no activity of its own.
            self.site.database.execute(
                'UPDATE leads SET "acquisitionProgramId" = ? WHERE id = ?', (self.program["id"], lead_id)
            )
        self.site.recorder.add(
            lead_id,
            PUSH_LEAD,
            asset_id=self.program["id"],
            asset=self.program["name"],
            attributes=self.attributes,
        )
        self._join(lead_id, acquired=created)
        return row

    def _join(self, lead_id: int, *, acquired: bool) -> None:
        """Make the lead a member, with the given status or the first one; who is further on stays there."""
        status = self.status
        if status is None:
            if members.member(self.site, self.program["id"], lead_id) is not None:
                return
            status = members.first_status(self.site, self.program)
        try:
            members.advance(self.site, self.program, lead_id, status, reason="Pushed to Marketo", acquired=acquired)
        except ApiError as error:
            if error.code != "1037":
                raise


def mail_token(site: Subscription, lead_id: int) -> str:
    """Return the `mkt_tok` that links in a mail to this lead carry."""
    number = lead_id.to_bytes(8, "big")
    return base64.urlsafe_b64encode(_seal(site, number) + number).decode().rstrip("=")


def lead_of_token(site: Subscription, token: Any) -> int:
    """Return the lead that a `mkt_tok` was made for; 1003 when it is none."""
    if not token:
        raise invalid_data(f"Value for lookup field '{MAIL_TOKEN}' not found")
    try:
        sealed = base64.urlsafe_b64decode(f"{token}===")
    except ValueError:
        sealed = b""
    seal, number = sealed[:SEAL_BYTES], sealed[SEAL_BYTES:]
    if len(number) != 8 or not hmac.compare_digest(seal, _seal(site, number)):
        raise invalid_data(f"Invalid {MAIL_TOKEN} '{token}'")
    return int.from_bytes(number, "big")


def _seal(site: Subscription, number: bytes) -> bytes:
    return hmac.digest(f"{site.seed}:{MAIL_TOKEN}".encode(), number, "sha256")[:SEAL_BYTES]
