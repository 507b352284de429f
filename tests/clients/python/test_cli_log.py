"""Logging, deliveries and connections by the command line, against real processes."""

from __future__ import annotations

from typing import Any

import pytest
from clients.python.command_line import CommandLine, rows, wait_for
from demo.sample_activities import API_NAMES
from demo.service import SELLER
from demo.systems import Marketo, Salesforce

pytestmark = pytest.mark.slow
MAIL = ["--email-id", "4711"]
#: The words of all eight, in the order of API_NAMES.
EIGHT: tuple[list[str], ...] = (
    ["send", *MAIL, "--subject", "Hello", "--body", "Hi", "--template", "77:First contact", "--campaign", "12:Spring"],
    ["open", *MAIL],
    ["click", *MAIL, "--link", "https://example.com/pricing"],
    ["reply", *MAIL, "--body", "Yes, please."],
    ["bounce", *MAIL, "--address", "gone@example.com", "--details", "550 no such user", "--hard"],
    ["call", "--status", "no_answer", "--outcome", "Left a message", "--seconds", "65", "--notes", "Wants a quote."],
    ["add", "--campaign", "12:Spring"],
    ["remove", "--campaign", "12"],
)


@pytest.fixture(scope="module")
def person(cli: CommandLine) -> dict[str, Any]:
    """Return somebody to act on."""
    (found,) = cli.json("people", "list", "--limit", "1")
    return dict(found)


def arrived(cli: CommandLine, person_id: str) -> bool:
    """Tell whether every delivery of a person to Marketo has arrived."""
    deliveries = cli.json("deliveries", "list", "--person", person_id, "--system", "marketo")
    return {one["state"] for one in deliveries} == {"DELIVERY_STATE_DELIVERED"}


def test_all_eight_kinds_reach_marketo_and_the_same_key_logs_once(cli: CommandLine, person: dict[str, Any]) -> None:
    whom = ["--person", person["person_id"], "--user", SELLER]
    ids = []
    for place, (command, *words) in enumerate(EIGHT):
        same = ["log", command, *words, *whom, "--key", f"key-{place}"]
        first = cli.json(*same)
        # Seconds later by the clock of the next process: the same key and words are the same activity all the same.
        second = cli.json(*same)
        assert (first["already_logged"], second["already_logged"]) == (False, True)
        assert second["activity"]["activity_id"] == first["activity"]["activity_id"]
        ids.append(first["activity"]["activity_id"])
    assert len(set(ids)) == 8
    wait_for("all to arrive", lambda: arrived(cli, person["person_id"]))
    marketo = Marketo(cli.running.simulators)
    types = marketo.custom_types()
    found = {
        (row["activityTypeId"], attribute["value"])
        for row in marketo.activities([types[name] for name in API_NAMES], "2026-01-01T00:00:00Z")
        for attribute in row["attributes"]
        if attribute["name"] == "Actions Activity ID" and row["leadId"] == int(person["marketo_id"])
    }
    assert {(types[name], one) for name, one in zip(API_NAMES, ids, strict=True)} <= found


def test_a_logged_activity_shows_its_id_and_its_deliveries(cli: CommandLine, person: dict[str, Any]) -> None:
    words = ["log", "call", "--person", person["person_id"], "--user", SELLER, "--key", "shown"]
    title, header, *lines = cli.say(*words).splitlines()
    assert title.startswith("logged: a-")
    assert header.split() == ["to", "state", "reason", "delivery"]
    assert [line.split()[0] for line in lines] == ["marketo", "salesforce"]
    assert cli.say(*words).splitlines()[0] == title.replace("logged: ", "was logged before: ")


def test_a_key_of_another_activity_is_refused(cli: CommandLine, person: dict[str, Any]) -> None:
    words = ["log", "call", "--person", person["person_id"], "--user", SELLER, "--key", "taken"]
    cli.say(*words)
    for other in (["--notes", "other words"], ["--at", "2026-05-04T09:30:00Z"]):
        refused = cli.run(*words, *other)
        assert (refused.code, refused.out) == (1, "")
        assert refused.err.startswith("IDEMPOTENCY_KEY_REUSED: ")


def test_a_time_given_is_the_time_logged(cli: CommandLine, person: dict[str, Any]) -> None:
    words = ["log", "call", "--person", person["person_id"], "--user", SELLER]
    for given in ("2026-05-04T11:30:00+02:00", "2026-05-04T09:30:00", "2026-05-04T09:30:00Z"):
        logged = cli.json(*words, "--at", given)
        assert logged["activity"]["content"]["activity_time"] == "2026-05-04T09:30:00Z"
        assert logged["already_logged"] is False


def test_the_types_and_one_by_another_name(cli: CommandLine) -> None:
    types = cli.json("log", "types")
    assert [one["api_name"] for one in types] == list(API_NAMES)
    assert len(rows(cli.say("log", "types"))) == 8
    (found,) = cli.json("log", "types", types[2]["aliases"][0])
    assert found["name"] == types[2]["name"]


def test_what_cannot_go_out_is_tried_again_given_up_or_waits_for_a_connection(
    cli: CommandLine, person: dict[str, Any]
) -> None:
    on_their_way = [word for state in ("pending", "delivering", "retrying", "unknown") for word in ("--state", state)]
    # What other tests logged must have arrived, or it would wait for the connection too.
    wait_for("the earlier ones to arrive", lambda: not cli.json("deliveries", "list", *on_their_way))
    assert cli.say("connections", "disconnect", "salesforce") == "disconnected\n"
    assert [one["system"] for one in cli.json("connections", "list")] == ["SYSTEM_MARKETO"]
    ids = []
    for _ in range(2):
        logged = cli.json("log", "call", "--person", person["person_id"], "--user", SELLER)
        ids += [d["delivery_id"] for d in logged["activity"]["deliveries"] if d["system"] == "SYSTEM_SALESFORCE"]
    waiting = ["deliveries", "list", "--state", "waiting", "--system", "salesforce"]
    wait_for("both to wait", lambda: {one["delivery_id"] for one in cli.json(*waiting)} == set(ids))
    assert [line[:3] for line in rows(cli.say(*waiting))] == [[one, "salesforce", "waiting"] for one in ids]
    assert cli.json("deliveries", "retry", *ids)[0]["delivery"]["state"] == "DELIVERY_STATE_PENDING"
    wait_for("both to wait again", lambda: {one["delivery_id"] for one in cli.json(*waiting)} == set(ids))
    given_up = cli.say("deliveries", "discard", ids[0], "--reason", "a test")
    assert rows(given_up) == [[ids[0], "discarded"]]
    shown = cli.json("deliveries", "get", ids[0])
    assert (shown["state"], shown["warnings"]) == ("DELIVERY_STATE_DISCARDED", ["given up by admin-1: a test"])
    some = cli.run("deliveries", "retry", ids[0], ids[1])
    assert (some.code, some.err) == (1, "")
    assert "DISCARDED, which does not allow this" in some.out
    connect_salesforce(cli)
    wait_for("the other", lambda: cli.json("deliveries", "get", ids[1])["state"] == "DELIVERY_STATE_DELIVERED")
    soql = f"SELECT Id FROM Task WHERE Id = '{cli.json('deliveries', 'get', ids[1])['external_id']}'"
    assert Salesforce(cli.running.simulators).count(soql.replace("SELECT Id", "SELECT COUNT()")) == 1
    text = cli.say("deliveries", "get", ids[1])
    assert ["state", "delivered"] in rows(text)
    assert text.splitlines()[-1].split()[-1] == "delivered"


def test_discarding_needs_a_reason(cli: CommandLine) -> None:
    refused = cli.run("deliveries", "discard", "d-1")
    assert refused.code == 2
    assert "--reason" in refused.err


def connect_salesforce(cli: CommandLine) -> None:
    """Connect Salesforce again, as a person would."""
    ready = cli.running.simulators
    words = ["connections", "salesforce", "--base-url", ready["salesforce"], "--client-id", ready["client_id"]]
    done = cli.run(*words, ACTIONSYNC_CLIENT_SECRET=ready["client_secret"])
    assert (done.code, done.err) == (0, "")
    assert ["ok", "task.external_id"] in [line[:2] for line in rows(done.out)]


def test_the_connections_are_listed_and_checked(cli: CommandLine) -> None:
    ready = cli.running.simulators
    listed = rows(cli.say("connections", "list"))
    assert [line[0] for line in listed] == ["marketo", "salesforce"]
    assert all(ready["client_id"] in line for line in listed)
    assert ready["client_secret"] not in cli.say("connections", "list", "--json")
    assert cli.json("connections", "check", "marketo")["working"] is True
    assert ["warning", "task.type"] in [line[:2] for line in rows(cli.say("connections", "check", "Salesforce"))]


def test_marketo_is_connected_with_the_secret_from_the_environment(cli: CommandLine) -> None:
    ready = cli.running.simulators
    words = ["connections", "marketo", "--munchkin-id", ready["munchkin_id"], "--client-id", ready["client_id"]]
    words += ["--base-url", ready["marketo"]]
    refused = cli.run(*words, ACTIONSYNC_CLIENT_SECRET="wrong")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("LOGIN_REFUSED: ")
    assert "wrong" not in refused.err
    done = cli.run(*words, "--json", ACTIONSYNC_CLIENT_SECRET=ready["client_secret"])
    assert (done.code, done.err) == (0, "")
    nobody_to_ask = cli.run(*words)
    assert (nobody_to_ask.code, nobody_to_ask.out) == (2, "")
    assert "ACTIONSYNC_CLIENT_SECRET can hold it" in nobody_to_ask.err
    assert cli.json("connections", "check", "marketo")["working"] is True
