"""Sales activities as callers report them: eight kinds of detail around one core.

    ActivityContent   who, whom, when, under which key ── detail ─▶ one of eight dataclasses
    Activity          the content as stored, with its id

An idempotency key belongs to one content for ever; `fingerprint` tells a repeat from a reuse.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import msgspec

from actionsync_server.clock import Micros


class ActivityType(Enum):
    """The eight sales activity types; the numbers are the contract's."""

    SEND_SALES_EMAIL = 1
    OPEN_SALES_EMAIL = 2
    CLICK_SALES_EMAIL = 3
    REPLIED_TO_SALES_EMAIL = 4
    SALES_EMAIL_BOUNCED = 5
    RECEIVED_SALES_CALL = 6
    ADD_TO_SALES_CAMPAIGN = 7
    REMOVED_FROM_SALES_CAMPAIGN = 8


class CallStatus(Enum):
    """How a call ended; the numbers are the contract's."""

    COMPLETED = 1
    NO_ANSWER = 2
    CANCELLED = 3
    FAILED = 4


class PermitState(Enum):
    """Whether a send was checked before it was sent; the numbers are the contract's."""

    NONE = 1
    VALID = 2
    EXPIRED = 3


@dataclass(frozen=True, slots=True)
class SalesTemplate:
    """The template a mail was made from."""

    template_id: str
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class SalesCampaign:
    """The sales campaign an activity came from. `day` and `step` are 0 when there is none."""

    sales_campaign_id: str
    name: str = ""
    url: str = ""
    day: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class SalesEmail:
    """A sales email. `subject` is without the ending that Marketo shows."""

    email_id: str
    subject: str = ""
    template: SalesTemplate | None = None
    sales_campaign: SalesCampaign | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class SendSalesEmail:
    """A mail was handed to the delivery channel for one recipient."""

    email: SalesEmail
    body: str = ""


@dataclass(frozen=True, slots=True)
class OpenSalesEmail:
    """The tracking pixel was fetched."""

    email: SalesEmail


@dataclass(frozen=True, slots=True)
class ClickSalesEmail:
    """A tracked link was followed."""

    email: SalesEmail
    link: str


@dataclass(frozen=True, slots=True)
class RepliedToSalesEmail:
    """A reply arrived."""

    email: SalesEmail
    body: str = ""


@dataclass(frozen=True, slots=True)
class SalesEmailBounced:
    """A bounce was detected. `hard`: the address is permanently undeliverable."""

    email: SalesEmail
    address: str
    details: str = ""
    hard: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedSalesCall:
    """A call ended. `duration` is in whole seconds, None when the caller told none."""

    call_status: CallStatus
    outcome: str = ""
    reason: str = ""
    duration: int | None = None
    phone_number: str = ""
    answered_by: str = ""
    recording_url: str = ""
    notes: str = ""
    local_presence_id: str = ""
    task_name: str = ""
    sales_campaign: SalesCampaign | None = None


@dataclass(frozen=True, slots=True)
class AddToSalesCampaign:
    """A person was put on a sales campaign."""

    sales_campaign: SalesCampaign


@dataclass(frozen=True, slots=True)
class RemovedFromSalesCampaign:
    """A person left a sales campaign before its end."""

    sales_campaign: SalesCampaign


EmailDetail = SendSalesEmail | OpenSalesEmail | ClickSalesEmail | RepliedToSalesEmail | SalesEmailBounced
Detail = EmailDetail | ReceivedSalesCall | AddToSalesCampaign | RemovedFromSalesCampaign

DETAIL_CLASSES: dict[ActivityType, type[Detail]] = {
    ActivityType.SEND_SALES_EMAIL: SendSalesEmail,
    ActivityType.OPEN_SALES_EMAIL: OpenSalesEmail,
    ActivityType.CLICK_SALES_EMAIL: ClickSalesEmail,
    ActivityType.REPLIED_TO_SALES_EMAIL: RepliedToSalesEmail,
    ActivityType.SALES_EMAIL_BOUNCED: SalesEmailBounced,
    ActivityType.RECEIVED_SALES_CALL: ReceivedSalesCall,
    ActivityType.ADD_TO_SALES_CAMPAIGN: AddToSalesCampaign,
    ActivityType.REMOVED_FROM_SALES_CAMPAIGN: RemovedFromSalesCampaign,
}
_TYPE_OF = {detail: kind for kind, detail in DETAIL_CLASSES.items()}


@dataclass(frozen=True, slots=True)
class ActivityContent:
    """What the caller knows of an activity. `reminder_task_id` is of the reminder that it does, "" for none."""

    idempotency_key: str
    person_id: str
    user_id: str
    activity_time: Micros
    detail: Detail
    send_permit: str = ""
    reminder_task_id: str = ""

    @property
    def type(self) -> ActivityType:
        """Which of the eight it is."""
        return _TYPE_OF[type(self.detail)]

    @property
    def email_id(self) -> str:
        """The mail's number, "" where there is no mail."""
        return self.detail.email.email_id if isinstance(self.detail, EmailDetail) else ""


@dataclass(frozen=True, slots=True)
class Activity:
    """A stored activity. `permit_state` is None for what is not a send."""

    activity_id: str
    content: ActivityContent
    permit_state: PermitState | None
    create_time: Micros

    @property
    def type(self) -> ActivityType:
        """Which of the eight it is."""
        return self.content.type


def filled(detail: Detail, sent: SalesEmail | None) -> Detail:
    """Return the detail with what its mail leaves empty taken from the mail as it was sent."""
    if sent is None or not isinstance(detail, EmailDetail):
        return detail
    mail = detail.email
    whole = SalesEmail(
        email_id=mail.email_id,
        subject=mail.subject or sent.subject,
        template=mail.template or sent.template,
        sales_campaign=mail.sales_campaign or sent.sales_campaign,
        url=mail.url or sent.url,
    )
    return replace(detail, email=whole)


def sales_campaign(detail: Detail) -> SalesCampaign | None:
    """Return the sales campaign that the activity came from, or None."""
    return detail.email.sales_campaign if isinstance(detail, EmailDetail) else detail.sales_campaign


def fingerprint(content: ActivityContent) -> bytes:
    """Return a digest of what happened.

    The key itself is no part of it; nor is the permit: it is no reason to refuse, and a repeat may bring a new one.
    """
    told = [
        content.type.value,
        content.person_id,
        content.user_id,
        content.activity_time,
        _without_empty(msgspec.to_builtins(content.detail)),
        *([content.reminder_task_id] if content.reminder_task_id else []),
    ]
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.blake2b(canonical.encode(), digest_size=16).digest()


def _without_empty(value: Any) -> Any:
    """Drop empty members, so that a member added by a later release changes no fingerprint while it is empty."""
    if isinstance(value, dict):
        kept = {name: _without_empty(member) for name, member in value.items()}
        return {name: member for name, member in kept.items() if member not in (None, "", 0, False)}
    return value


def to_document(content: ActivityContent) -> str:
    """Return the JSON in which the store keeps what has no column of its own."""
    kept: dict[str, Any] = {"detail": content.detail, "send_permit": content.send_permit}
    if content.reminder_task_id:
        kept["reminder_task_id"] = content.reminder_task_id
    return msgspec.json.encode(kept).decode()


def from_document(document: str, kind: ActivityType) -> tuple[Detail, str, str]:
    """Return detail, permit and reminder from the store's JSON."""
    raw = msgspec.json.decode(document)
    detail = msgspec.convert(raw["detail"], DETAIL_CLASSES[kind])
    return detail, raw["send_permit"], raw.get("reminder_task_id", "")
