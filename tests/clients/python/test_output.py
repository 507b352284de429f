"""Tables: they fit a terminal, ids stay whole, pipes get one line a row, and data is never taken for markup."""

from __future__ import annotations

import io
import json

import pytest
from actionsync.v1 import person_sync_pb2 as contract
from actionsync_client.cli import output
from actionsync_client.cli.output import Column, coloured, print_fields, print_json, print_table
from rich.console import Console

ID = "p-01m867qb8cf1g9yqjz6pp83bc9"


def terminal(monkeypatch: pytest.MonkeyPatch, *, width: int) -> io.StringIO:
    """Let tables be printed to a terminal of that width, without colours; return what is printed."""
    screen = io.StringIO()
    console = Console(file=screen, width=width, force_terminal=True, color_system=None, markup=False, highlight=False)
    monkeypatch.setattr(output, "console", console)
    return screen


def test_in_a_terminal_sentences_fold_and_ids_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch, width=60)
    sentence = "a long sentence that says in many words what is wrong with this delivery"
    print_table((Column("delivery", whole=True), "problem"), [(ID, sentence)])
    lines = screen.getvalue().splitlines()
    assert all(len(line) <= 60 for line in lines)
    assert lines[2].startswith(f"{ID}  a long sentence")
    folded = [line.removeprefix(ID).strip() for line in lines[2:]]
    assert len(folded) > 1
    assert " ".join(folded) == sentence


def test_what_does_not_fit_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = (Column("id", whole=True), "name", Column("Marketo", optional=True), Column("title", optional=True))
    rows = [(ID, "Anders Kim", "1001", "Chief Technology Officer")]
    screen = terminal(monkeypatch, width=52)
    print_table(columns, rows)
    assert "1001" in screen.getvalue()
    assert "Officer" not in screen.getvalue()
    assert screen.getvalue().splitlines()[-1].startswith("(too narrow for: title;")
    screen = terminal(monkeypatch, width=120)
    print_table(columns, rows)
    assert "Chief Technology Officer" in screen.getvalue()
    assert "too narrow" not in screen.getvalue()


def test_an_id_is_whole_even_where_it_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch, width=20)
    print_table((Column("id", whole=True), Column("other", whole=True)), [(ID, ID)])
    assert screen.getvalue().splitlines()[2].split() == [ID, ID]


def test_a_pipe_gets_one_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "problem"), [(ID, "word " * 100), ("p-1", "")])
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["id", "problem"]
    assert first == f"{ID}  {('word ' * 100).strip()}"
    assert second == "p-1"


def test_columns_line_up_with_wide_characters(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("name", "n"), [("李雷", "1"), ("Anna", "2")])
    assert capsys.readouterr().out.splitlines() == ["name  n", "李雷  1", "Anna  2"]


@pytest.mark.parametrize("name", ["[Acme] GmbH", "[/red]", "[link=x]y[/link]", ":smile:"])
def test_brackets_of_a_name_are_no_markup(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    print_table(("company",), [(name,)])
    assert name in capsys.readouterr().out
    screen = terminal(monkeypatch, width=80)
    print_table(("company",), [(name,)])
    print_fields(contract.Person(company=name))
    assert screen.getvalue().count(name) == 2


def test_control_characters_of_a_name_do_not_reach_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch, width=80)
    name = "a\x1b]0;owned\x07\x1b[2Jb\nc\u202ed"
    print_table(("company",), [(name,)])
    print_fields(contract.Person(company=name))
    assert not {"\x1b", "\x07", "\u202e"} & set(screen.getvalue())
    assert "a ]0;owned  [2Jb c d" in screen.getvalue()


def test_a_colour_is_for_terminals_only(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("decision",), [(coloured("may_send", "green"),)])
    assert capsys.readouterr().out.splitlines() == ["decision", "may_send"]


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id",), [], nothing="nobody")
    assert capsys.readouterr().out == "nobody\n"


def test_fields_leave_out_what_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    print_fields(
        contract.Person(person_id=ID, marketo_id=7, qualification=contract.QUALIFICATION_QUALIFIED),
        without=["marketo_id"],
    )
    assert capsys.readouterr().out.splitlines() == [f"person_id      {ID}", "qualification  qualified"]


def test_json_has_the_names_of_the_contract_and_the_empty_fields(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([contract.Person(person_id=ID, company="Jürgen & 李\x1b")])
    text = capsys.readouterr().out
    assert "Jürgen & 李" in text
    assert "\x1b" not in text
    (person,) = json.loads(text)
    assert person["person_id"] == ID
    assert person["title"] == ""


def test_an_enum_is_shown_without_its_prefix_and_an_unset_one_as_nothing() -> None:
    person = contract.Person(qualification=contract.QUALIFICATION_NOT_QUALIFIED)
    assert output.enum_name(person, "qualification") == "not_qualified"
    assert output.enum_name(contract.Person(), "qualification") == ""
