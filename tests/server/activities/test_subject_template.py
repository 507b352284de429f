"""The subject template, as pure rules: scenario 28."""

from __future__ import annotations

import re

import pytest
from actionsync_server.model.subject_template import (
    DYNAMIC_FIELDS,
    SUBJECT_LENGTH,
    SubjectValues,
    one_line,
    render,
    unknown_names,
)
from hypothesis import given
from hypothesis import strategies as st

FULL = SubjectValues("Email", "Hello", "Spring", "2", "3", "Meeting booked", "Demo")

names = st.sampled_from(DYNAMIC_FIELDS)
spellings = st.builds(lambda name, upper: name.upper() if upper else name, names, st.booleans())
fields = st.builds(lambda name, pad: f"{{{{{pad}{name}{pad}}}}}", spellings, st.sampled_from(["", " ", "\n"]))
templates = st.lists(st.one_of(fields, st.text(max_size=40))).map("".join)
values = st.builds(SubjectValues, *[st.text(max_size=120) for _ in DYNAMIC_FIELDS])


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{activity_type}}: {{activity_subject}}", "Email: Hello"),
        ("{{Activity_Type}}", "Email"),
        ("{{ activity_type }}", "Email"),
        ("[SIA]  {{activity_type}}\r\n{{call_outcome}}\t!", "[SIA] Email Meeting booked !"),
        ("{{sales_campaign_name}} {{sales_campaign_day}}.{{sales_campaign_step}} {{call_reason}}", "Spring 2.3 Demo"),
        ("no fields", "no fields"),
        ("{{activity_type", "{{activity_type"),
        ("  x  ", "x"),
    ],
)
def test_rendering(template: str, expected: str) -> None:
    assert render(template, FULL) == expected


def test_scenario_28a_fields_without_a_value_render_as_nothing() -> None:
    template = "[SIA] {{activity_type}}\n{{sales_campaign_name}} {{call_outcome}}"
    assert render(template, SubjectValues(activity_type="Email")) == "[SIA] Email"


def test_scenario_28b_longer_subjects_are_cut() -> None:
    assert render("x" * 300, SubjectValues()) == "x" * 255


def test_scenario_28c_unknown_names_are_told_once_each() -> None:
    assert unknown_names("{{nope}} {{activity_type}} {{ Nope2 }} {{nope}} {{}}") == ["nope", "Nope2", ""]
    assert unknown_names("{{ACTIVITY_TYPE}} {{call_reason}}") == []


def test_a_value_that_looks_like_a_field_is_just_text() -> None:
    values = SubjectValues(activity_subject="{{activity_type}} {{nope}}", activity_type="Email")
    assert render("{{activity_subject}}", values) == "{{activity_type}} {{nope}}"


@given(templates, values)
def test_a_subject_is_one_trimmed_line_that_fits(template: str, given_values: SubjectValues) -> None:
    rendered = render(template, given_values)
    assert len(rendered) <= SUBJECT_LENGTH
    assert rendered == rendered.strip()
    assert not re.search(r"[\r\n\t]|  ", rendered)
    assert one_line(rendered) == rendered


@given(st.text(alphabet=st.characters(exclude_characters="{}")), values)
def test_free_text_is_constant(text: str, given_values: SubjectValues) -> None:
    assert unknown_names(text) == []
    assert render(text, given_values) == one_line(text)


@given(templates)
def test_known_templates_are_accepted_and_with_no_values_only_free_text_remains(template: str) -> None:
    if unknown_names(template):
        return  # free text happened to contain braces
    assert render(template, SubjectValues()) == one_line(re.sub(r"\{\{[^{}]*\}\}", "", template))


@given(st.text(alphabet=st.characters(exclude_characters="{}"), min_size=1))
def test_any_other_name_is_unknown(name: str) -> None:
    known = name.strip().casefold() in DYNAMIC_FIELDS
    assert unknown_names(f"{{{{{name}}}}}") == ([] if known else [name.strip()])
