"""The README of the client names every command, and no others; every command has help and --json."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from actionsync_client.cli.__main__ import app
from typer.main import get_command

README = (Path(__file__).parents[3] / "clients" / "python" / "README.md").read_text(encoding="utf-8")
ROOT_README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def leaves(command: Any, words: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Return every command that does something, by its words."""
    if not hasattr(command, "commands"):
        return {words: command}
    found: dict[tuple[str, ...], Any] = {}
    for name, inner in command.commands.items():
        found |= leaves(inner, (*words, name))
    return found


COMMANDS = leaves(get_command(app))
GROUPS = {words[0] for words in COMMANDS if len(words) == 2}


def documented() -> dict[tuple[str, ...], list[str]]:
    """Return what the README's list says: the words of each command, and what follows them."""
    found: dict[tuple[str, ...], list[str]] = {}
    for line in re.findall(r"^    actionsync (.+)$", README, re.MULTILINE):
        group, _, rest = line.partition(" ")
        prefix, alternatives = ((group,), rest) if group in GROUPS else ((), line)
        for alternative in alternatives.split(" | "):
            name, *arguments = alternative.split()
            found[(*prefix, name)] = arguments
    return found


def test_the_readme_lists_exactly_the_commands_that_exist() -> None:
    assert set(documented()) == set(COMMANDS)
    assert len(COMMANDS) == 47


def test_the_readme_shows_the_arguments_and_options_that_exist() -> None:
    for words, shown in documented().items():
        parameters = COMMANDS[words].params
        arguments = [one for one in parameters if one.param_type_name == "argument"]
        options = {option for one in parameters for option in one.opts if option.startswith("--")}
        text = " ".join(shown)
        assert set(re.findall(r"--[a-z-]+", text)) <= options, words
        # An option's value is in capitals behind it; what is left in capitals are the arguments.
        positional = re.findall(r"[A-Z]+", re.sub(r"--[a-z-]+ [A-Z]+", "", text))
        assert len(positional) == len(arguments), words
        needed = re.findall(r"[A-Z]+", re.sub(r"--[a-z-]+ [A-Z]+|\[[^]]*\]", "", text))
        assert len(needed) == sum(one.required for one in arguments), words


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_json_and_a_help_text_for_everything(words: tuple[str, ...]) -> None:
    command = COMMANDS[words]
    assert command.help, words
    assert "--json" in {option for one in command.params for option in one.opts}
    assert all(getattr(one, "help", None) for one in command.params), [one.name for one in command.params]


def test_every_group_has_a_help_text() -> None:
    groups = {name: group for name, group in get_command(app).commands.items() if name in GROUPS}  # type: ignore[attr-defined]
    assert set(groups) == {"sync", "people", "log", "reminders", "deliveries", "connections", "settings"}
    assert all(group.help for group in groups.values())


def test_the_commands_of_the_root_readme_exist() -> None:
    shown = re.findall(r"^    \.venv/bin/actionsync (.+)$", ROOT_README, re.MULTILINE)
    assert shown
    for line in shown:
        words = line.split()
        known = next((key for key in (tuple(words[:2]), tuple(words[:1])) if key in COMMANDS), None)
        assert known is not None, line
        options = {option for one in COMMANDS[known].params for option in one.opts}
        assert {word for word in words if word.startswith("--")} <= options, line
