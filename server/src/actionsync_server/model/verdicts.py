"""The gates before a send, in their order, as one pure function.

    1  the domain is blocked                  MUST_NOT_SEND, whatever else
    2  the person named is not qualified      MUST_NOT_SEND
    3  non-commercial mail                    MAY_SEND, unsubscribes do not apply
    4  unsubscribed here                      MUST_NOT_SEND, Marketo is not asked
    5  the check is on: Marketo's answer      MUST_NOT_SEND | CHECK_UNAVAILABLE | MAY_SEND

`local_verdict` runs gates 1 to 4 and says None where Marketo decides; `marketo_verdict` is gate 5. Fail closed: an
answer that is missing is never a yes, unless the settings say FAIL_OPEN.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum

from actionsync_server.clock import Micros
from actionsync_server.model.errors import System
from actionsync_server.model.settings import CheckSettings, OnUnavailable
from actionsync_server.model.unsubscribes import Unsubscribe


class Decision(Enum):
    """The answer; the numbers are the contract's."""

    MAY_SEND = 1
    MUST_NOT_SEND = 2
    CHECK_UNAVAILABLE = 3


class VerdictReason(Enum):
    """Why; the numbers are the contract's."""

    NONE = 0
    BLOCKED_DOMAIN = 1
    BLOCKED_SALES_UNSUBSCRIBE = 2
    BLOCKED_MARKETO_UNSUBSCRIBE = 3
    BLOCKED_EMAIL_INVALID = 4
    BLOCKED_MARKETING_SUSPENDED = 5
    BLOCKED_BLACK_LISTED = 6
    BLOCKED_NOT_QUALIFIED = 7
    CHECK_UNAVAILABLE = 8


class VerdictNote(Enum):
    """What else to know; the numbers are the contract's."""

    UNKNOWN_IN_MARKETO = 1
    UNCHECKED = 2
    CHECK_OFF = 3
    NON_COMMERCIAL = 4
    COPY_RECIPIENT_WARNING = 5


class RecipientKind(Enum):
    """How a recipient is addressed; the numbers are the contract's."""

    TO = 1
    COPY = 2
    BLIND_COPY = 3


class Channel(Enum):
    """Where a mail is sent from; the numbers are the contract's."""

    WEB_APP = 1
    PLUG_IN = 2
    SALESFORCE = 3
    CAMPAIGN = 4
    GROUP = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that a verdict rests on."""

    source: System
    evidence_time: Micros
    cached: bool = False
    marketo_person_count: int = 0
    unsubscribe_id: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one address."""

    decision: Decision
    reason: VerdictReason = VerdictReason.NONE
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[VerdictNote, ...] = ()
    retry_after: float | None = None  # seconds
    give_up_time: Micros | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class MarketoAnswer:
    """What Marketo said of one address. Flags are true when any of its people with the address has them.

    It was true at some instant between `ask_time` and `answer_time`: how old it is, is counted from the former.
    """

    ask_time: Micros
    answer_time: Micros
    person_count: int
    unsubscribed: bool
    email_invalid: bool = False
    marketing_suspended: bool = False
    black_listed: bool = False
    cached: bool = False


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why Marketo could not be asked, in plain language, and when asking again may help (seconds)."""

    explanation: str
    retry_after: float


def domain_of(address: str) -> str:
    """Return the part after the last @, without case."""
    return address.rpartition("@")[2].strip().casefold()


def is_blocked(address: str, blocked_domains: Collection[str]) -> bool:
    """Tell whether the address's domain, or a domain above it, is blocked."""
    domain = domain_of(address)
    blocked = {one.strip().casefold().lstrip("@") for one in blocked_domains}
    parts = domain.split(".")
    return any(".".join(parts[start:]) in blocked for start in range(len(parts)))


def local_verdict(
    address: str,
    *,
    settings: CheckSettings,
    now: Micros,
    unsubscribe: Unsubscribe | None,
    non_commercial: bool = False,
    qualified: bool = True,
) -> Verdict | None:
    """Run the gates that need nobody else; None means that Marketo decides, where the check is on."""
    here = Evidence(System.ACTIONSYNC, now)
    if is_blocked(address, settings.blocked_domains):
        return _refusal(VerdictReason.BLOCKED_DOMAIN, here, "The recipient's domain is on the list of blocked domains.")
    if not qualified:
        text = "This person has no sales owner any more; assign one in Salesforce to send again."
        return _refusal(VerdictReason.BLOCKED_NOT_QUALIFIED, here, text)
    if non_commercial:
        return Verdict(Decision.MAY_SEND, evidence=(here,), notes=(VerdictNote.NON_COMMERCIAL,))
    if unsubscribe is not None:
        record = replace(here, evidence_time=unsubscribe.unsubscribe_time, unsubscribe_id=unsubscribe.unsubscribe_id)
        text = "The recipient has unsubscribed from sales email."
        return _refusal(VerdictReason.BLOCKED_SALES_UNSUBSCRIBE, record, text)
    return None


def unasked_verdict(now: Micros, *, check_on: bool) -> Verdict:
    """Return the verdict where nothing local speaks against the send and nobody else is asked.

    With `check_on` that is because the caller said that what is known here is enough.
    """
    note = VerdictNote.UNCHECKED if check_on else VerdictNote.CHECK_OFF
    return Verdict(Decision.MAY_SEND, evidence=(Evidence(System.ACTIONSYNC, now),), notes=(note,))


def marketo_verdict(
    answer: MarketoAnswer | NoAnswer, *, settings: CheckSettings, now: Micros, kind: RecipientKind = RecipientKind.TO
) -> Verdict:
    """Run the last gate. A refused copy recipient is let through with a warning."""
    here = Evidence(System.ACTIONSYNC, now)
    if isinstance(answer, NoAnswer):
        return _unavailable(answer, here, settings, now)
    evidence = (
        here,
        Evidence(System.MARKETO, answer.answer_time, cached=answer.cached, marketo_person_count=answer.person_count),
    )
    if answer.person_count == 0:
        return Verdict(Decision.MAY_SEND, evidence=evidence, notes=(VerdictNote.UNKNOWN_IN_MARKETO,))
    refused = _refused_by(answer, settings)
    if refused is None:
        return Verdict(Decision.MAY_SEND, evidence=evidence)
    reason, explanation = refused
    if kind is RecipientKind.TO:
        return Verdict(Decision.MUST_NOT_SEND, reason, evidence, explanation=explanation)
    return Verdict(Decision.MAY_SEND, reason, evidence, (VerdictNote.COPY_RECIPIENT_WARNING,), explanation=explanation)


def _refused_by(answer: MarketoAnswer, settings: CheckSettings) -> tuple[VerdictReason, str] | None:
    gates = (
        (
            answer.unsubscribed,
            VerdictReason.BLOCKED_MARKETO_UNSUBSCRIBE,
            "The recipient has unsubscribed from marketing email.",
        ),
        (
            answer.email_invalid and settings.block_email_invalid,
            VerdictReason.BLOCKED_EMAIL_INVALID,
            "Marketo knows this address as invalid.",
        ),
        (
            answer.marketing_suspended and settings.block_marketing_suspended,
            VerdictReason.BLOCKED_MARKETING_SUSPENDED,
            "Marketing to this person is suspended in Marketo.",
        ),
        (
            answer.black_listed and settings.block_black_listed,
            VerdictReason.BLOCKED_BLACK_LISTED,
            "This person is black-listed in Marketo.",
        ),
    )
    return next(((reason, text) for refused, reason, text in gates if refused), None)


def _unavailable(answer: NoAnswer, here: Evidence, settings: CheckSettings, now: Micros) -> Verdict:
    if settings.on_unavailable is OnUnavailable.FAIL_OPEN:
        return Verdict(
            Decision.MAY_SEND,
            VerdictReason.CHECK_UNAVAILABLE,
            (here,),
            (VerdictNote.UNCHECKED,),
            explanation=f"Sent unchecked: {answer.explanation}",
        )
    return Verdict(
        Decision.CHECK_UNAVAILABLE,
        VerdictReason.CHECK_UNAVAILABLE,
        (here,),
        retry_after=answer.retry_after,
        give_up_time=now + settings.hold_limit,
        explanation=f"Held until it can be checked: {answer.explanation}",
    )


def _refusal(reason: VerdictReason, evidence: Evidence, explanation: str) -> Verdict:
    return Verdict(Decision.MUST_NOT_SEND, reason, (evidence,), explanation=explanation)
