"""Rows and Tasks at their edges, as pure rules."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from actionsync_server.model.activities import SalesEmail
from actionsync_server.model.marketo_rows import cut_bytes, email_subject
from actionsync_server.model.record_choice import Candidate, choose
from actionsync_server.model.salesforce_tasks import fit
from actionsync_server.model.settings import DuplicateRule
from hypothesis import given
from hypothesis import strategies as st


@dataclass(frozen=True)
class Field:
    type: str = "string"
    length: int = 255
    createable: bool = True
    updateable: bool = True
    picklist: frozenset[str] = frozenset()


def test_a_record_is_fitted_into_the_org() -> None:
    wanted = {
        "Subject": "x" * 300,
        "Type": "Reply",
        "Priority": "Normal",
        "Missing": 1,
        "Missing__c": 1,
        "Closed__c": 1,
        "Url__c": "https://web.example/" + "x" * 300,
        "CallDurationInSeconds": 0,
        "Short__c": "é" * 60,
    }
    description = {
        "Subject": Field(),
        "Type": Field("picklist", picklist=frozenset({"Email"})),
        "Priority": Field("picklist", picklist=frozenset({"High"})),
        "Closed__c": Field(createable=False),
        "Url__c": Field("url"),
        "CallDurationInSeconds": Field("int", length=0),
        "Short__c": Field(length=50),
    }
    record = fit(wanted, description)
    assert record.fields == {
        "Subject": "x" * 255,
        "Priority": "Normal",  # what the org makes of it is the org's matter
        "CallDurationInSeconds": 0,
        "Short__c": "é" * 50,
    }
    assert [warning.split()[0] for warning in record.warnings] == ["the", "Missing", "Closed__c", "Url__c"]


def test_dropping_a_field_is_told_but_for_the_subtype() -> None:
    description = {"Subject": Field(), "Description": Field(), "TaskSubtype": Field(picklist=frozenset({"Email"}))}
    record = fit({"Subject": "a", "Description": "b", "TaskSubtype": "Email"}, description)
    left = record.without(frozenset({"Description", "TaskSubtype", "Other"}))
    assert left.fields == {"Subject": "a"}
    assert left.warnings == ("Description is not writable and was left out",)


@given(st.text(max_size=255), st.from_regex(r"\A[0-9]{1,20}\Z"))
def test_a_subject_always_ends_in_its_number_and_fits(subject: str, email_id: str) -> None:
    shown = email_subject(SalesEmail(email_id, subject))
    assert shown.endswith(f" (SIA-{email_id})")
    assert len(shown) <= 255
    assert subject.startswith(shown.removesuffix(f" (SIA-{email_id})"))


@given(st.text(), st.integers(0, 50))
def test_cutting_bytes_never_breaks_a_character(text: str, count: int) -> None:
    cut = cut_bytes(text, count)
    assert text.startswith(cut)
    assert len(cut.encode()) <= count
    if cut != text:
        assert len((cut + text[len(cut)]).encode()) > count


candidates = st.lists(
    st.builds(Candidate, st.uuids().map(str), st.booleans(), st.sampled_from("123"), st.sampled_from("123")),
    unique_by=lambda one: one.record_id,
)


@pytest.mark.parametrize("rule", list(DuplicateRule))
@given(found=candidates)
def test_the_choice_depends_on_the_rule_alone(rule: DuplicateRule, found: list[Candidate]) -> None:
    chosen = choose(found, rule)
    assert chosen == choose(found[::-1], rule)
    if not found:
        assert chosen == []
    elif rule is DuplicateRule.ALL:
        assert sorted(chosen) == sorted(one.record_id for one in found)
    else:
        (record_id,) = chosen
        best = next(one for one in found if one.record_id == record_id)
        if rule is DuplicateRule.OLDEST:
            assert best.created == min(one.created for one in found)
        if rule is DuplicateRule.MOST_RECENTLY_UPDATED:
            assert best.updated == max(one.updated for one in found)
        if rule is DuplicateRule.CONTACT_FIRST:
            assert best.is_contact or not any(one.is_contact for one in found)
