"""The README names every flag, every control call and every CSV column, and no others."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
from actionsync_simulators.__main__ import _parser
from actionsync_simulators.building import build, native_sync_of
from actionsync_simulators.control import Control
from actionsync_simulators.seed.csv_import import CONTACTS, LEADS, MARKETO_LEADS
from actionsync_simulators.seed.csv_rows import Layout
from actionsync_simulators.settings import Settings

README = (Path(__file__).parents[3] / "simulators" / "README.md").read_text(encoding="utf-8")


def test_every_flag_is_in_the_table_and_every_one_in_the_table_exists() -> None:
    commands = next(action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction))
    flags = {flag for action in commands.choices["serve"]._actions for flag in action.option_strings}
    table = README.split("| Flag |")[1].split("\n\n")[0]
    assert set(re.findall(r"`(--[a-z-]+)`", table)) == flags - {"-h", "--help"}


def test_the_defaults_in_the_table_are_the_defaults() -> None:
    defaults = Settings()
    table = README.split("| Flag |")[1].split("\n\n")[0]
    for flag, value in (
        ("--host", defaults.host),
        ("--people", defaults.people),
        ("--seed", defaults.seed),
        ("--limits", defaults.limits),
        ("--native-sync-seconds", f"{defaults.native_sync_seconds:g}"),
        ("--pubsub-port", defaults.pubsub_port),
    ):
        assert f"| `{flag}` | `{value}` |" in table
    assert f"`{defaults.marketo_port}`, `{defaults.salesforce_port}`" in table
    for secret in (defaults.client_id, defaults.client_secret, defaults.salesforce_refresh_token, defaults.munchkin_id):
        assert f'"{secret}"' in README


def test_every_control_call_is_in_the_table_and_every_one_in_the_table_exists() -> None:
    simulators = build(Settings(people=0), report=lambda line: None)
    native_sync_of(
        simulators, open_session=lambda: pytest.fail("no call is made"), salesforce_url="http://none.example"
    )
    table = README.split("| Call | On |")[1].split("\n\n")[0]
    documented = {
        (verb, path.strip("/"))
        for verbs, path in re.findall(r"`((?:[A-Z]+ )+)/_sim(/[a-z/.-]+)?`", table)
        for verb in verbs.split()
    }
    served = {*Control()._routes, *simulators.marketo.control_routes, *simulators.salesforce.control_routes}
    simulators.marketo.close()
    assert documented == served


@pytest.mark.parametrize(
    ("flag", "layout"), [("--csv-leads", LEADS), ("--csv-contacts", CONTACTS), ("--csv-marketo-leads", MARKETO_LEADS)]
)
def test_every_csv_column_is_in_the_table(flag: str, layout: Layout) -> None:
    table = README.split("| File | Needed |")[1].split("\n\n")[0]
    row = next(line for line in table.splitlines() if line.startswith(f"| `{flag}` |"))
    _, _, needed, read, _ = row.split("|")
    columns = re.compile(r"`([A-Za-z_.]+)`")
    assert tuple(columns.findall(needed)) == layout.required
    named = {*columns.findall(needed), *columns.findall(read)}
    if flag == "--csv-contacts":
        named |= set(LEADS.columns)
    assert named == set(layout.columns)
