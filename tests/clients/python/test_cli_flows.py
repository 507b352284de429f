"""The commands of reminders, settings, alerts, unsubscribes and the grid, as a user types them."""

from __future__ import annotations

import pytest
from clients.python.command_line import CommandLine, rows
from demo.service import SELLER

pytestmark = pytest.mark.slow


def a_person(cli: CommandLine) -> str:
    (person,) = cli.json("people", "list", "--limit", "1")
    return str(person["person_id"])


class TestReminders:
    def test_one_is_made_changed_done_opened_and_deleted(self, cli: CommandLine) -> None:
        user = SELLER
        made = cli.json(
            "reminders", "add", "Call Ann", "--user", user, "--kind", "call", "--due", "2030-01-02", "--high"
        )
        one = made["reminder_task_id"]
        assert (made["priority"], made["state"]) == ("PRIORITY_HIGH", "STATE_OPEN")
        assert one in cli.say("reminders", "list", "--user", user)
        edited = cli.json("reminders", "edit", one, "--name", "Call Bob", "--due", "", "--normal")
        assert (edited["name"], edited["priority"]) == ("Call Bob", "PRIORITY_NORMAL")
        assert edited["due_date"] == ""
        assert cli.json("reminders", "done", one)["state"] == "STATE_COMPLETED"
        assert one not in cli.say("reminders", "list", "--user", user)
        assert one in cli.say("reminders", "list", "--completed")
        assert cli.json("reminders", "reopen", one)["state"] == "STATE_OPEN"
        assert "Call Bob" in cli.say("reminders", "get", one)
        assert cli.say("reminders", "delete", one) == "deleted\n"
        gone = cli.run("reminders", "get", one)
        assert gone.code == 1
        assert gone.err.startswith("RESOURCE_NOT_FOUND: ")

    @pytest.mark.parametrize(
        "words", [("add", "x", "--user", "u", "--kind", "letter"), ("edit", "t-1")], ids=["kind", "nothing"]
    )
    def test_words_that_are_off_are_told(self, cli: CommandLine, words: tuple[str, ...]) -> None:
        assert cli.run("reminders", *words).code == 2


class TestSettings:
    def test_they_are_shown_changed_and_their_history_is_kept(self, cli: CommandLine) -> None:
        shown = {row[0]: " ".join(row[1:]) for row in rows(cli.say("settings", "show"))}
        assert shown["unsubscribes.nightly_time"] == "20:00"
        assert shown["reminders.mode"] == "two_way"  # as the demo has it
        assert ["check.hold_limit", "2h"] in rows(cli.say("settings", "set", "check.hold_limit", "2h"))
        assert ["check.blocked_domains", "a.example,", "b.example"] in rows(
            cli.say("settings", "set", "check.blocked_domains", "a.example, b.example")
        )
        assert ["logging.duplicate_rule", "oldest"] in rows(
            cli.say("settings", "set", "logging.duplicate_rule", "oldest")
        )
        first, *_ = cli.json("settings", "history", "--limit", "1")
        assert first["path"] == "logging.duplicate_rule"
        assert ["people.person_limit", "7"] in rows(cli.say("settings", "set", "people.person_limit", "7", "--check"))
        assert cli.json("settings", "show")["people"]["person_limit"] != "7"
        for path, value in (
            ("logging.duplicate_rule", "most_recently_updated"),
            ("check.blocked_domains", ""),
            ("check.hold_limit", "4h"),
        ):
            cli.say("settings", "set", path, value)

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("logging.nothing", "1"),
            ("logging.log_emails", "yes"),
            ("check.hold_limit", "soon"),
            ("reminders.mode", "sometimes"),
            ("people.person_limit", "many"),
        ],
    )
    def test_a_value_that_fits_no_setting_is_told(self, cli: CommandLine, path: str, value: str) -> None:
        assert cli.run("settings", "set", path, value).code == 2


class TestUnsubscribes:
    def test_one_is_recorded_removed_with_evidence_and_its_history_kept(self, cli: CommandLine) -> None:
        address = "gone@flows.example"
        assert cli.say("unsubscribe", address, "--reason", "too many") == "unsubscribed\n"
        assert address in cli.say("unsubscribes", "gone@")
        assert cli.say("resubscribe", address, "--reason", "asked", "--consent", "mail of 3 May") == "resubscribed\n"
        assert [row[2] for row in rows(cli.say("history", address))] == ["unsubscribed", "resubscribed"]
        refused = cli.run("resubscribe", address, "--reason", "asked", "--consent", "mail")
        assert (refused.code, refused.err.split(":")[0]) == (1, "RESOURCE_NOT_FOUND")


class TestGrid:
    def test_what_somebody_did_is_shown_with_its_age(self, cli: CommandLine) -> None:
        text = cli.say("grid", a_person(cli), "--live")
        assert "as Marketo said at" in text.splitlines()[-1] or "there is more" in text.splitlines()[-1]
        assert cli.run("grid", "p-unknown").code == 1


class TestPeople:
    def test_somebody_is_explained(self, cli: CommandLine) -> None:
        assert cli.say("people", "explain", a_person(cli)).splitlines()[0]


class TestAlerts:
    def test_they_are_a_list_with_cures_and_an_exit_code(self, cli: CommandLine) -> None:
        found = cli.run("alerts", "--json")
        assert found.code == int(found.out.strip() != "[]")
