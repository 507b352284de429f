"""Who qualifies and what a reading does to a copy, as rules that hold for every case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from actionsync_server.model.persons import (
    MarketoPerson,
    Person,
    PersonFields,
    Qualification,
    SkipReason,
    email_key,
    salesforce_id,
    search_text,
)
from actionsync_server.model.qualification import Outcome, decide, judge, tombstone
from actionsync_server.model.synced_fields import SYNCED_FIELDS, FieldMap, synced_fields
from hypothesis import given
from hypothesis import strategies as st

USER, QUEUE = "005000000000009AAA", "00G000000000001AAA"
NOBODY = MarketoPerson(7, PersonFields(), "", "", deleted_in_salesforce=False)
NAMES = [field.marketo_name for field in SYNCED_FIELDS]
PRESENT = [*NAMES, "sfdcLeadOwnerId", "sfdcType", "sfdcIsDeleted"]

text = st.text(max_size=5)
fields = st.builds(PersonFields, **dict.fromkeys(PersonFields.__slots__, text))
leads = st.builds(
    MarketoPerson,
    marketo_id=st.just(7),
    fields=fields,
    owner_id=st.sampled_from([USER, QUEUE, "", None]),
    record_type=st.sampled_from(["Lead", "Contact", ""]),
    deleted_in_salesforce=st.booleans(),
)
persons = st.builds(
    Person,
    person_id=st.just("p-1"),
    marketo_id=st.just(7),
    fields=fields,
    qualification=st.sampled_from(Qualification),
    qualification_reason=st.sampled_from(SkipReason),
    revision=st.integers(1, 9),
    create_time=st.just(1),
    update_time=st.just(2),
)


def after(existing: Person | None, lead: MarketoPerson, *, room: bool = True) -> Person | None:
    return decide(existing, lead, person_id="p-1", room=room, at=9).person


@pytest.mark.parametrize(
    ("lead", "reason"),
    [
        (replace(NOBODY, owner_id=USER, record_type="Lead"), SkipReason.NONE),
        (replace(NOBODY, owner_id=USER, record_type="Contact"), SkipReason.NONE),
        (replace(NOBODY, owner_id=QUEUE, record_type="Lead"), SkipReason.OWNED_BY_QUEUE),
        (NOBODY, SkipReason.NOT_IN_SALESFORCE),
        (replace(NOBODY, record_type="Lead"), SkipReason.NO_OWNER),
        (replace(NOBODY, fields=PersonFields(salesforce_lead_id="00Q1")), SkipReason.NO_OWNER),
        (replace(NOBODY, owner_id=USER, deleted_in_salesforce=True), SkipReason.DELETED_IN_SALESFORCE),
    ],
)
def test_owner_decides(lead: MarketoPerson, reason: SkipReason) -> None:
    verdict = judge(lead)
    assert verdict is not None
    assert verdict.reason is reason
    assert (verdict.qualification is Qualification.QUALIFIED) == (reason is SkipReason.NONE)


def test_unknown_owner_is_no_verdict() -> None:
    assert judge(replace(NOBODY, owner_id=None, record_type="Contact")) is None


@given(leads, st.booleans())
def test_who_never_qualified_has_no_copy(lead: MarketoPerson, room: bool) -> None:
    decision = decide(None, lead, person_id="p-1", room=room, at=9)
    verdict = judge(lead)
    qualifies = verdict is not None and verdict.qualification is Qualification.QUALIFIED
    assert (decision.person is not None) == (qualifies and room)
    assert (decision.outcome is Outcome.CREATE) == (qualifies and room)
    if decision.person is None:
        assert decision.reason is not SkipReason.NONE
    else:
        assert (decision.person.fields, decision.person.revision) == (lead.fields, 1)
    if qualifies and not room:
        assert decision.reason is SkipReason.OVER_LIMIT


@given(persons, leads, st.booleans())
def test_same_reading_twice_changes_once(existing: Person, lead: MarketoPerson, room: bool) -> None:
    once = after(existing, lead, room=room)
    assert once is not None
    again = decide(once, lead, person_id="p-2", room=room, at=10)
    assert (again.outcome, again.person) == (Outcome.NOTHING, once)


@given(persons, leads)
def test_revision_moves_by_one_exactly_when_something_differs(existing: Person, lead: MarketoPerson) -> None:
    changed = after(existing, lead)
    assert changed is not None
    same = replace(changed, revision=existing.revision, update_time=existing.update_time) == existing
    assert changed.revision == existing.revision + (not same)
    assert (changed.update_time == existing.update_time) == same
    assert (changed.person_id, changed.marketo_id, changed.create_time) == ("p-1", 7, 1)


@given(persons, leads)
def test_frozen_copies_keep_their_fields_and_tombstones_stay(existing: Person, lead: MarketoPerson) -> None:
    changed = after(existing, lead)
    assert changed is not None
    if changed.qualification is Qualification.QUALIFIED:
        assert changed.fields == lead.fields
    else:
        assert changed.fields == existing.fields
    if existing.qualification is Qualification.DELETED:
        assert changed == existing


@given(persons)
def test_unknown_owner_leaves_the_qualification_alone(existing: Person) -> None:
    lead = replace(NOBODY, owner_id=None, record_type="Contact")
    changed = after(existing, lead)
    assert changed is not None
    assert changed.qualification is existing.qualification


@given(persons)
def test_tombstone_keeps_what_was_known(existing: Person) -> None:
    gone = tombstone(existing, at=9)
    assert (gone.qualification, gone.fields, gone.revision) == (
        Qualification.DELETED,
        existing.fields,
        existing.revision + 1,
    )


def test_thirteen_fields_eleven_of_the_faq() -> None:
    assert len(SYNCED_FIELDS) == 13
    assert [field.name for field in SYNCED_FIELDS if not field.in_faq] == [
        "salesforce_account_id",
        "salesforce_opportunity_id",
    ]
    assert {field.name for field in SYNCED_FIELDS} == {*PersonFields.__slots__, "marketo_id"}


def test_reading_takes_null_and_absent_alike() -> None:
    known = FieldMap.of(PRESENT, linkedin_field="linkedInProfileURL")
    assert known.read({"id": 7, "title": None}) == known.read({"id": "7"}) == NOBODY


@pytest.mark.parametrize(
    ("value", "deleted"),
    [(True, True), ("true", True), ("True", True), (False, False), ("false", False), (None, False)],
)
def test_reading_takes_booleans_of_rest_and_files(value: object, deleted: bool) -> None:
    known = FieldMap.of(PRESENT, linkedin_field="linkedInProfileURL")
    assert known.read({"id": 7, "sfdcIsDeleted": value}).deleted_in_salesforce is deleted


def test_wish_list_meets_what_is_there() -> None:
    present = [name for name in PRESENT if name not in ("linkedInProfileURL", "sfdcOpptyId")]
    known = FieldMap.of(present, linkedin_field="LinkedIn__c")
    assert known.names[0] == "id"
    assert set(known.names) == set(present)
    assert known.missing == ("LinkedIn__c", "sfdcOpptyId")
    assert "id" not in known.watched
    assert known.knows_owner
    assert not FieldMap.of(NAMES, linkedin_field="x").knows_owner


def test_linkedin_field_is_the_one_that_is_set() -> None:
    assert [field.marketo_name for field in synced_fields("LinkedIn__c") if field.name == "linkedin_url"] == [
        "LinkedIn__c"
    ]
    known = FieldMap.of([*PRESENT, "LinkedIn__c"], linkedin_field="LinkedIn__c")
    lead = {"id": 7, "LinkedIn__c": "https://x", "linkedInProfileURL": "https://y"}
    assert known.read(lead).fields.linkedin_url == "https://x"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("00Q000000000001", "00Q000000000001EAA"),
        ("001D000000IqhSL", "001D000000IqhSLIAZ"),
        ("a0x000000000ABc", "a0x000000000ABcAAM"),
        ("", ""),
        ("00Q000000000001EAA", "00Q000000000001EAA"),
    ],
)
def test_salesforce_ids_have_18_characters(short: str, long: str) -> None:
    assert salesforce_id(short) == long


def test_addresses_and_words_are_compared_without_case() -> None:
    assert email_key("  Ann.Lee+x@Example.COM ") == "ann.lee+x@example.com"
    assert search_text("Ann", "LEE", "Acme  Rockets") == " ann lee acme rockets"
    assert search_text("", "") == ""
