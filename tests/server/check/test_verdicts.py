"""The gates before a send, as pure rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from actionsync_server.clock import HOUR
from actionsync_server.model.settings import CheckSettings, OnUnavailable
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeSource
from actionsync_server.model.verdicts import (
    Decision,
    MarketoAnswer,
    NoAnswer,
    RecipientKind,
    VerdictNote,
    VerdictReason,
    is_blocked,
    local_verdict,
    marketo_verdict,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_000_000_000
ADDRESS = "ann@example.com"
HERE = Unsubscribe("u-1", ADDRESS, UnsubscribeSource.MANUAL, "asked", "u1", NOW - HOUR)
CLEAN = MarketoAnswer(NOW, NOW, 1, unsubscribed=False)


@pytest.mark.parametrize(
    ("address", "blocked", "expected"),
    [
        ("a@example.com", ["example.com"], True),
        ("a@EXAMPLE.com ", ["Example.Com"], True),
        ("a@mail.example.com", ["example.com"], True),
        ("a@notexample.com", ["example.com"], False),
        ("a@example.com", ["@example.com"], True),
        ("a@example.com.evil.test", ["example.com"], False),
        ("a@example.com", [], False),
    ],
)
def test_blocked_domains_cover_their_subdomains(address: str, blocked: list[str], expected: bool) -> None:
    assert is_blocked(address, blocked) is expected


def test_a_blocked_domain_stands_before_everything_else() -> None:
    settings = CheckSettings(blocked_domains=("example.com",))
    verdict = local_verdict(ADDRESS, settings=settings, now=NOW, unsubscribe=None, non_commercial=True)
    assert verdict is not None
    assert (verdict.decision, verdict.reason) == (Decision.MUST_NOT_SEND, VerdictReason.BLOCKED_DOMAIN)


def test_non_commercial_mail_passes_an_unsubscribe() -> None:
    verdict = local_verdict(ADDRESS, settings=CheckSettings(), now=NOW, unsubscribe=HERE, non_commercial=True)
    assert verdict is not None
    assert verdict.decision is Decision.MAY_SEND
    assert verdict.notes == (VerdictNote.NON_COMMERCIAL,)


def test_a_local_unsubscribe_carries_its_record_as_evidence() -> None:
    verdict = local_verdict(ADDRESS, settings=CheckSettings(), now=NOW, unsubscribe=HERE)
    assert verdict is not None
    assert verdict.reason is VerdictReason.BLOCKED_SALES_UNSUBSCRIBE
    assert verdict.evidence[0].unsubscribe_id == "u-1"
    assert verdict.evidence[0].evidence_time == NOW - HOUR


def test_a_person_without_owner_is_refused_whatever_the_mail() -> None:
    verdict = local_verdict(
        ADDRESS, settings=CheckSettings(), now=NOW, unsubscribe=None, non_commercial=True, qualified=False
    )
    assert verdict is not None
    assert verdict.reason is VerdictReason.BLOCKED_NOT_QUALIFIED


def test_nobody_local_leaves_it_to_marketo() -> None:
    assert local_verdict(ADDRESS, settings=CheckSettings(), now=NOW, unsubscribe=None) is None


def test_unknown_in_marketo_may_be_sent_to_with_a_note() -> None:
    verdict = marketo_verdict(MarketoAnswer(NOW, NOW, 0, unsubscribed=False), settings=CheckSettings(), now=NOW)
    assert verdict.decision is Decision.MAY_SEND
    assert verdict.notes == (VerdictNote.UNKNOWN_IN_MARKETO,)


@pytest.mark.parametrize(
    ("flag", "setting", "reason"),
    [
        ("email_invalid", "block_email_invalid", VerdictReason.BLOCKED_EMAIL_INVALID),
        ("marketing_suspended", "block_marketing_suspended", VerdictReason.BLOCKED_MARKETING_SUSPENDED),
        ("black_listed", "block_black_listed", VerdictReason.BLOCKED_BLACK_LISTED),
    ],
)
def test_other_flags_block_only_where_the_settings_ask_for_it(flag: str, setting: str, reason: VerdictReason) -> None:
    flags: dict[str, Any] = {flag: True}
    answer = replace(CLEAN, **flags)
    assert marketo_verdict(answer, settings=CheckSettings(), now=NOW).decision is Decision.MAY_SEND
    changes: dict[str, Any] = {setting: True}
    strict = replace(CheckSettings(), **changes)
    verdict = marketo_verdict(answer, settings=strict, now=NOW)
    assert (verdict.decision, verdict.reason) == (Decision.MUST_NOT_SEND, reason)


def test_no_answer_holds_the_mail_until_the_limit() -> None:
    verdict = marketo_verdict(NoAnswer("Marketo is down.", 30.0), settings=CheckSettings(), now=NOW)
    assert verdict.decision is Decision.CHECK_UNAVAILABLE
    assert verdict.retry_after == 30.0
    assert verdict.give_up_time == NOW + 4 * HOUR


def test_no_answer_is_sent_unchecked_where_the_settings_fail_open() -> None:
    settings = CheckSettings(on_unavailable=OnUnavailable.FAIL_OPEN)
    verdict = marketo_verdict(NoAnswer("Marketo is down.", 30.0), settings=settings, now=NOW)
    assert verdict.decision is Decision.MAY_SEND
    assert verdict.notes == (VerdictNote.UNCHECKED,)


@pytest.mark.parametrize("kind", [RecipientKind.COPY, RecipientKind.BLIND_COPY])
def test_a_copy_recipient_is_let_through_with_a_warning(kind: RecipientKind) -> None:
    answer = replace(CLEAN, unsubscribed=True)
    verdict = marketo_verdict(answer, settings=CheckSettings(), now=NOW, kind=kind)
    assert verdict.decision is Decision.MAY_SEND
    assert verdict.notes == (VerdictNote.COPY_RECIPIENT_WARNING,)
    assert verdict.reason is VerdictReason.BLOCKED_MARKETO_UNSUBSCRIBE


settings_strategy = st.builds(
    CheckSettings,
    enabled=st.booleans(),
    block_email_invalid=st.booleans(),
    block_marketing_suspended=st.booleans(),
    block_black_listed=st.booleans(),
    blocked_domains=st.sampled_from([(), ("example.com",), ("other.test",)]),
)
answers = st.one_of(
    st.builds(NoAnswer, st.just("down"), st.just(1.0)),
    st.builds(
        MarketoAnswer,
        ask_time=st.just(NOW),
        answer_time=st.just(NOW),
        person_count=st.integers(0, 3),
        unsubscribed=st.booleans(),
        email_invalid=st.booleans(),
        marketing_suspended=st.booleans(),
        black_listed=st.booleans(),
    ),
)


@given(settings=settings_strategy, answer=answers)
def test_failing_closed_a_to_recipient_is_never_let_through_without_a_clean_answer(
    settings: CheckSettings, answer: MarketoAnswer | NoAnswer
) -> None:
    verdict = marketo_verdict(answer, settings=settings, now=NOW)
    if isinstance(answer, NoAnswer):
        assert verdict.decision is Decision.CHECK_UNAVAILABLE
    elif answer.person_count and answer.unsubscribed:
        assert verdict.decision is Decision.MUST_NOT_SEND


@given(settings=settings_strategy, non_commercial=st.booleans(), qualified=st.booleans())
def test_a_local_unsubscribe_is_never_passed_by_commercial_mail(
    settings: CheckSettings, non_commercial: bool, qualified: bool
) -> None:
    verdict = local_verdict(
        ADDRESS, settings=settings, now=NOW, unsubscribe=HERE, non_commercial=non_commercial, qualified=qualified
    )
    assert verdict is not None
    if not non_commercial:
        assert verdict.decision is Decision.MUST_NOT_SEND
