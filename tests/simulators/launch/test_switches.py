"""Switches from the command line, listed by the command, and read at runtime."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Literal

import pytest
import requests
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.salesforce.switches import SalesforceSwitches
from actionsync_simulators.switches import Switch, SwitchError, describe, switched

RunCommand = Callable[..., "subprocess.CompletedProcess[str]"]
Launch = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """One switch of every type."""

    choice: Literal["on", "off"] = "on"
    """What is chosen,
    and why."""
    separator: Literal[";", " "] = ";"
    """A blank is a choice."""
    number: int = 3
    """Whole."""
    share: float = 0.5
    """Broken."""
    flag: bool = False
    """Yes or no."""
    text: str = "a"
    """Anything."""
    key: str | None = None
    """Anything or nothing."""
    most: int | None = 5
    """A number or nothing."""
    names: tuple[str, ...] = ("a", "b")
    """Several."""
    life: timedelta = timedelta(minutes=2)
    """Seconds."""

    def __post_init__(self) -> None:
        if self.text == "bad":
            raise ValueError("text cannot be bad")


def test_a_switch_says_what_it_is() -> None:
    assert describe(Everything) == [
        Switch("choice", "on | off", "on", "What is chosen, and why."),
        Switch("separator", "; | ' '", ";", "A blank is a choice."),
        Switch("number", "a whole number from 0 up", "3", "Whole."),
        Switch("share", "a number from 0 up", "0.5", "Broken."),
        Switch("flag", "true | false", "false", "Yes or no."),
        Switch("text", "text", "a", "Anything."),
        Switch("key", "text | none", "none", "Anything or nothing."),
        Switch("most", "a whole number from 0 up | none", "5", "A number or nothing."),
        Switch("names", "names separated by commas, or nothing", "a,b", "Several."),
        Switch("life", "seconds", "120", "Seconds."),
    ]


def test_a_value_is_read_as_what_the_switch_is() -> None:
    given = ["choice=off", "separator= ", "number=10", "share=2", "flag=true", "text=x=y", "key=pem", "most=none"]
    assert switched(Everything, [*given, "names=c, d,", "life=90.5"]) == Everything(
        choice="off",
        separator=" ",
        number=10,
        share=2.0,
        flag=True,
        text="x=y",
        key="pem",
        most=None,
        names=("c", "d"),
        life=timedelta(seconds=90.5),
    )
    assert switched(Everything, ["names=", "key=none"]) == Everything(names=())
    assert switched(Everything, []) == Everything()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["choice=maybe"], "choice cannot be 'maybe': on | off"),
        (["number=-1"], "number cannot be '-1': a whole number from 0 up"),
        (["number=1.5"], "number cannot be '1.5'"),
        (["share=nan"], "share cannot be 'nan': a number from 0 up"),
        (["life=-3"], "life cannot be '-3': seconds"),
        (["flag=yes"], "flag cannot be 'yes': true | false"),
        (["most=many"], "most cannot be 'many': a whole number from 0 up | none"),
        (["choices=on"], "there is no switch 'choices': choice, separator, number"),
        (["choice"], "'choice' is not NAME=VALUE"),
        (["flag=true", "flag=false"], "flag is given twice"),
        (["text=bad"], "text cannot be bad"),
    ],
)
def test_what_cannot_be_is_refused_and_what_can_be_is_told(given: list[str], why: str) -> None:
    with pytest.raises(SwitchError) as refused:
        switched(Everything, given)
    assert why in str(refused.value)


@pytest.mark.parametrize("kind", [MarketoSwitches, SalesforceSwitches])
def test_every_switch_has_a_reason_and_a_default_that_can_be_given(kind: type[Any]) -> None:
    listed = describe(kind)
    assert [one.name for one in listed] == [one.name for one in fields(kind)]
    assert all(one.reason.endswith(".") for one in listed)
    assert switched(kind, [f"{one.name}={one.default}" for one in listed]) == kind()


@pytest.mark.parametrize(
    ("kind", "given"),
    [(MarketoSwitches, "partitions="), (MarketoSwitches, "time_zone=Mars"), (SalesforceSwitches, "time_zone=/etc")],
)
def test_values_that_no_system_could_have_are_refused(kind: type[Any], given: str) -> None:
    with pytest.raises(SwitchError, match=r"partitions cannot be empty|is not a time zone"):
        switched(kind, [given])


def test_switches_of_the_command_are_in_force_and_can_be_read(launch: Launch) -> None:
    arguments = ("--marketo-switch", "crm=none", "--marketo-switch", "partitions=Default,East")
    ready = launch("--people", "0", *arguments, "--salesforce-switch", "deleted_row_status=410").ready
    shown = {
        name: {one["name"]: one for one in requests.get(f"{ready[name]}/_sim/switches", timeout=10).json()["switches"]}
        for name in ("marketo", "salesforce")
    }
    assert shown["marketo"]["crm"]["value"] == "none"
    assert shown["marketo"]["crm"]["default"] == "salesforce"
    assert shown["marketo"]["crm"]["choices"] == "salesforce | none"
    assert shown["marketo"]["crm"]["reason"].startswith("Whether the native Salesforce sync is on")
    assert shown["marketo"]["partitions"]["value"] == "Default,East"
    assert shown["salesforce"]["deleted_row_status"]["value"] == "410"
    assert shown["salesforce"]["first_version"]["value"] == shown["salesforce"]["first_version"]["default"]
    token = requests.get(
        f"{ready['marketo']}/identity/oauth/token",
        params={
            "grant_type": "client_credentials",
            "client_id": ready["client_id"],
            "client_secret": ready["client_secret"],
        },
        timeout=10,
    ).json()["access_token"]
    partitions = requests.get(
        f"{ready['marketo']}/rest/v1/leads/partitions.json", headers={"Authorization": f"Bearer {token}"}, timeout=10
    ).json()
    assert [one["name"] for one in partitions["result"]] == ["Default", "East"]


def test_the_command_lists_every_switch(run_command: RunCommand) -> None:
    done = run_command("switches")
    assert done.returncode == 0
    for system, kind in (("marketo", MarketoSwitches), ("salesforce", SalesforceSwitches)):
        for one in fields(kind):
            assert f"--{system}-switch {one.name}=" in done.stdout
    assert "--marketo-switch crm=salesforce    (salesforce | none)" in done.stdout


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("--marketo-switch=crm=perhaps", "crm cannot be 'perhaps': salesforce | none"),
        ("--salesforce-switch=crm=none", "there is no switch 'crm': profile,"),
    ],
)
def test_a_wrong_switch_ends_the_start(run_command: RunCommand, argument: str, why: str) -> None:
    done = run_command("serve", argument)
    assert done.returncode == 2
    assert why in done.stderr
