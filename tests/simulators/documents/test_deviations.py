"""The switches of both simulators are told with their values, defaults and reasons."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Literal

import pytest
from actionsync_simulators.deviations import Switch, switches_of
from actionsync_simulators.marketo.deviations import CONTRADICTIONS as MARKETO
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.salesforce.deviations import CONTRADICTIONS as SALESFORCE
from actionsync_simulators.salesforce.switches import SalesforceSwitches


@dataclass(frozen=True)
class Small:
    color: Literal["red", "green"] = "red"
    """Two pages name
    two colors."""

    wait: timedelta = timedelta(minutes=5)
    """Undocumented."""


@dataclass(frozen=True)
class Silent:
    color: str = "red"


def test_a_switch_is_read_with_its_values_and_its_reason() -> None:
    assert switches_of(Small) == [
        Switch("color", "`red`, `green`", "`red`", "Two pages name two colors."),
        Switch("wait", "duration", "`0:05:00`", "Undocumented."),
    ]


def test_a_switch_without_a_reason_is_an_error() -> None:
    with pytest.raises(ValueError, match="color gives no reason"):
        switches_of(Silent)


@pytest.mark.parametrize("switches", [MarketoSwitches, SalesforceSwitches])
def test_every_switch_is_told(switches: type[Any]) -> None:
    assert [one.name for one in switches_of(switches)] == [one.name for one in fields(switches)]


@pytest.mark.parametrize("contradictions", [MARKETO, SALESFORCE], ids=["marketo", "salesforce"])
def test_every_contradiction_is_told_once_and_in_full(contradictions: tuple[Any, ...]) -> None:
    assert len({one.topic for one in contradictions}) == len(contradictions)
    assert all(part.strip() for one in contradictions for part in one)
