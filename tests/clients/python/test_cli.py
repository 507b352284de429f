"""Every command of `actionsync` as a user types it: its own process, real simulators, a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

import pytest
from clients.python.command_line import PEOPLE, CommandLine, rows
from demo.systems import Marketo, Salesforce

pytestmark = pytest.mark.slow
BUSY = {"match": {"path": "/rest/v1/leads.json"}, "action": "error", "error": {"code": "608"}, "times": None}


@contextmanager
def fault(url: str, wanted: dict[str, Any]) -> Iterator[None]:
    """Let a simulator fail while the block runs."""
    with urlopen(Request(f"{url}/_sim/faults", data=json.dumps(wanted).encode())):
        pass
    try:
        yield
    finally:
        with urlopen(Request(f"{url}/_sim/faults", method="DELETE")):
            pass


def a_person(cli: CommandLine) -> dict[str, Any]:
    """Return the first person of the listing."""
    (person,) = cli.json("people", "list", "--limit", "1")
    return dict(person)


class TestSync:
    def test_a_preview_names_the_fields_and_the_cost(self, cli: CommandLine) -> None:
        preview = cli.json("sync", "preview")
        assert int(preview["estimated_person_count"]) == PEOPLE
        assert sum(field["in_faq"] for field in preview["fields"]) == 11
        text = cli.say("sync", "preview")
        assert "linkedInProfileURL" in text
        assert text.splitlines()[-1].startswith(f"about {PEOPLE} Marketo people by ")

    def test_a_watched_start_ends_with_the_result(self, cli: CommandLine) -> None:
        figures = dict(line.split("  ", 1) for line in cli.say("sync", "start", "--watch").splitlines()[1:])
        figures = {name: value.strip() for name, value in figures.items()}
        assert figures["state"] == "succeeded"
        assert figures["read"] == str(PEOPLE)
        assert "owned_by_queue" in figures["left out"]
        again = cli.json("sync", "watch", figures["id"])
        assert again["initial_sync_id"] == figures["id"]
        assert again["state"] == "INITIAL_SYNC_STATE_SUCCEEDED"

    def test_status_shows_people_feeds_and_calls(self, cli: CommandLine) -> None:
        status = cli.json("sync", "status")
        qualified = next(row for row in status["counts"] if row["qualification"] == "QUALIFICATION_QUALIFIED")
        assert 0 < int(qualified["person_count"]) < PEOPLE
        text = cli.say("sync", "status")
        found = rows(text)
        assert ["qualified", qualified["person_count"]] in found
        assert status["initial_sync"]["initial_sync_id"] in text.splitlines()[0]
        assert "incremental sync  running" in text
        assert {"lead_changes", "deleted_leads", "owner_changes_and_merges", "marketo", "salesforce"} <= {
            line[0] for line in found if line
        }

    def test_a_running_one_is_paused_resumed_and_cancelled(self, cli: CommandLine) -> None:
        with fault(cli.running.simulators["marketo"], BUSY):
            sync = cli.json("sync", "start")["initial_sync_id"]
            joined = cli.json("sync", "start")
            assert joined["initial_sync_id"] == sync
            assert cli.json("sync", "pause", sync)["state"] == "INITIAL_SYNC_STATE_PAUSED"
            assert ["state", "running"] in rows(cli.say("sync", "resume", sync))
            assert ["state", "cancelled"] in rows(cli.say("sync", "cancel", sync))
        refused = cli.run("sync", "resume", sync)
        assert (refused.code, refused.out) == (1, "")
        assert refused.err.startswith("WRONG_STATE: ")


class TestPeople:
    def test_a_person_is_found_by_each_of_its_ids(self, cli: CommandLine) -> None:
        person = a_person(cli)
        salesforce_id = person["salesforce_contact_id"] or person["salesforce_lead_id"]
        keys = (person["person_id"], person["marketo_id"], salesforce_id, salesforce_id[:15])
        assert [cli.json("people", "get", key)["person_id"] for key in keys] == [person["person_id"]] * 4
        assert ["email", person["email"]] in rows(cli.say("people", "get", person["person_id"]))

    def test_the_listing_has_whole_ids_on_one_line_each(self, cli: CommandLine) -> None:
        people = cli.json("people", "list", "--limit", "7")
        lines = cli.say("people", "list", "--limit", "7").splitlines()
        assert len(people) == 7
        assert len(lines) == 8
        for person, line in zip(people, lines[1:], strict=True):
            words = line.split()
            assert words[0] == person["person_id"]
            assert {person["marketo_id"], person["salesforce_contact_id"] or person["salesforce_lead_id"]} <= set(words)
            assert person["email"] in words

    def test_words_and_an_address_narrow_the_listing(self, cli: CommandLine) -> None:
        person = a_person(cli)
        by_name = cli.json("people", "list", person["last_name"])
        assert person["person_id"] in {one["person_id"] for one in by_name}
        assert len(by_name) < PEOPLE / 4
        by_email = cli.json("people", "list", "--email", person["email"])
        assert {one["email"] for one in by_email} == {person["email"]}
        assert cli.json("people", "list", "--not-qualified") == []
        assert cli.say("people", "list", "nobody-is-called-so") == "nobody\n"

    def test_more_people_than_a_page_are_all_listed(self, cli: CommandLine) -> None:
        status = cli.json("sync", "status")
        qualified = next(row for row in status["counts"] if row["qualification"] == "QUALIFICATION_QUALIFIED")
        assert len(cli.json("people", "list", "--limit", "100000")) == int(qualified["person_count"])

    def test_the_thirteen_fields(self, cli: CommandLine) -> None:
        fields = cli.json("people", "fields")
        assert len(fields) == 13
        assert [line[0] for line in rows(cli.say("people", "fields"))] == [field["name"] for field in fields]


class TestCheck:
    def test_one_who_may_get_mail(self, cli: CommandLine) -> None:
        email = an_address(cli, opted_out=False)
        (verdict,) = cli.json("check", email, "--live")
        assert verdict["verdict"]["decision"] == "DECISION_MAY_SEND"
        assert rows(cli.say("check", email))[0][:2] == [email, "may_send"]

    def test_one_who_may_not_makes_exit_code_1(self, cli: CommandLine) -> None:
        refused, allowed = an_address(cli, opted_out=True), an_address(cli, opted_out=False)
        outcome = cli.run("check", allowed, refused)
        assert (outcome.code, outcome.err) == (1, "")
        assert [line[:2] for line in rows(outcome.out)] == [[allowed, "may_send"], [refused, "must_not_send"]]
        verdicts = cli.json("check", allowed, refused, code=1)
        assert [one["verdict"]["decision"] for one in verdicts] == ["DECISION_MAY_SEND", "DECISION_MUST_NOT_SEND"]

    def test_no_verdict_counts_as_no(self, cli: CommandLine) -> None:
        outcome = cli.run("check", "no-address")
        assert (outcome.code, outcome.err) == (1, "")
        assert "no verdict" in outcome.out

    def test_an_unsubscribe_is_recorded_once_listed_and_enforced(self, cli: CommandLine) -> None:
        email = "stop-please@example.com"
        assert cli.json("check", email)
        assert cli.say("unsubscribe", email, "--reason", "asked on the phone") == "unsubscribed\n"
        assert cli.say("unsubscribe", email) == "was unsubscribed before\n"
        assert cli.json("unsubscribe", email)["already_recorded"] is True
        (listed,) = cli.json("unsubscribes", "stop-please")
        assert (listed["email"], listed["reason"], listed["user_id"]) == (email, "asked on the phone", "admin-1")
        assert rows(cli.say("unsubscribes", "stop-please"))[0][:2] == [email, "manual"]
        assert cli.json("check", email, code=1)[0]["verdict"]["reason"] == "VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE"
        assert cli.say("unsubscribes", "nobody-begins-so") == "nobody\n"


def an_address(cli: CommandLine, *, opted_out: bool) -> str:
    """Return a contact's address of which all people in Marketo are, or are not, unsubscribed."""
    flag = "true" if opted_out else "false"
    marketo = Marketo(cli.running.simulators)
    soql = f"SELECT Email FROM Contact WHERE HasOptedOutOfEmail = {flag} AND Email != null ORDER BY Id LIMIT 20"
    for contact in Salesforce(cli.running.simulators).query(soql):
        found = marketo.get(
            "/rest/v1/leads.json", filterType="email", filterValues=contact["Email"], fields="id,unsubscribed"
        )["result"]
        if found and {lead["unsubscribed"] for lead in found} == {opted_out}:
            return str(contact["Email"])
    raise AssertionError(f"no contact with HasOptedOutOfEmail = {flag} is known to Marketo")
