"""The command as it is started by others: ready line, both systems answering, faults on real sockets, the end."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

RunCommand = Callable[..., subprocess.CompletedProcess[str]]
Launch = Callable[..., Any]


def marketo_token(ready: dict[str, Any]) -> dict[str, str]:
    answer = requests.get(
        f"{ready['marketo']}/identity/oauth/token",
        params={
            "grant_type": "client_credentials",
            "client_id": ready["client_id"],
            "client_secret": ready["client_secret"],
        },
        timeout=10,
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def salesforce_token(ready: dict[str, Any], **form: str) -> dict[str, str]:
    form = form or {"grant_type": "client_credentials"}
    answer = requests.post(
        f"{ready['salesforce']}/services/oauth2/token",
        data={"client_id": ready["client_id"], "client_secret": ready["client_secret"], **form},
        timeout=10,
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def soql(ready: dict[str, Any], headers: dict[str, str], query: str) -> dict[str, Any]:
    answer = requests.get(
        f"{ready['salesforce']}/services/data/v60.0/query", params={"q": query}, headers=headers, timeout=10
    )
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


def test_ready_means_that_both_systems_answer_and_sigterm_ends_it_cleanly(launch: Launch) -> None:
    launched = launch("--people", "200")
    ready = launched.ready
    assert ready["marketo"].startswith("http://127.0.0.1:")
    assert ready["salesforce"].startswith("http://127.0.0.1:")
    assert ready["pubsub"].startswith("127.0.0.1:")
    assert {name: value for name, value in ready.items() if name not in ("marketo", "salesforce", "pubsub")} == {
        **dict.fromkeys(("marketo_tls", "salesforce_tls", "pubsub_tls", "proxy", "ca")),
        "client_id": "simulator-client",
        "client_secret": "simulator-secret",
        "salesforce_username": "admin@simulator.example",
        "salesforce_password": "simulator-password",
        "salesforce_refresh_token": ready["salesforce_refresh_token"],
        "munchkin_id": "123-ABC-456",
    }
    leads = requests.get(
        f"{ready['marketo']}/rest/v1/leads.json",
        params={"filterType": "id", "filterValues": "1001", "fields": "id,email"},
        headers=marketo_token(ready),
        timeout=10,
    ).json()
    assert leads["success"] is True
    assert [lead["id"] for lead in leads["result"]] == [1001]
    counted = soql(ready, salesforce_token(ready), "SELECT COUNT() FROM Lead WHERE OwnerId != null")
    assert counted["totalSize"] == 200 * 56 // 100
    assert launched.stop() == (0, "", "")


def test_every_announced_way_into_salesforce_opens(launch: Launch) -> None:
    ready = launch("--people", "10").ready
    for form in (
        {
            "grant_type": "password",
            "username": ready["salesforce_username"],
            "password": ready["salesforce_password"],
        },
        {"grant_type": "refresh_token", "refresh_token": ready["salesforce_refresh_token"]},
    ):
        users = soql(ready, salesforce_token(ready, **form), "SELECT COUNT() FROM User")
        assert users["totalSize"] == 25


def test_ctrl_c_ends_it_cleanly_with_a_connection_open(launch: Launch) -> None:
    launched = launch("--people", "0")
    with requests.Session() as session:
        session.get(f"{launched.ready['marketo']}/_sim", timeout=10)
        code, _, _ = launched.stop(signal.SIGINT)
    assert code == 0


def test_a_dropped_connection_is_a_dropped_socket(launch: Launch) -> None:
    launched = launch("--people", "10")
    ready = launched.ready
    headers = marketo_token(ready)
    for base, path in ((ready["marketo"], "/rest/v1/stats/usage.json"), (ready["salesforce"], "/services/data")):
        requests.post(f"{base}/_sim/faults", json={"match": {"path": path}, "action": "drop_before"}, timeout=10)
        with pytest.raises(requests.ConnectionError):
            requests.get(base + path, headers=headers, timeout=10)
        assert requests.get(base + path, headers=headers, timeout=10).status_code == 200
    assert launched.stop() == (0, "", "")


def test_a_committed_change_whose_answer_is_lost_stays(launch: Launch) -> None:
    ready = launch("--people", "10").ready
    headers = marketo_token(ready)
    requests.post(
        f"{ready['marketo']}/_sim/faults",
        json={"match": {"method": "POST", "path": "/rest/v1/leads.json"}, "action": "commit_then_drop"},
        timeout=10,
    )
    with pytest.raises(requests.ConnectionError):
        requests.post(
            f"{ready['marketo']}/rest/v1/leads.json",
            json={"input": [{"email": "lost@answer.example"}]},
            headers=headers,
            timeout=10,
        )
    found = requests.get(
        f"{ready['marketo']}/rest/v1/leads.json",
        params={"filterType": "email", "filterValues": "lost@answer.example"},
        headers=headers,
        timeout=10,
    ).json()
    assert len(found["result"]) == 1


def test_native_sync_runs_between_the_two_servers(launch: Launch) -> None:
    ready = launch("--people", "50", "--native-sync-seconds", "3600").ready
    headers = salesforce_token(ready)
    lead = soql(ready, headers, "SELECT Id FROM Lead LIMIT 1")["records"][0]["Id"]
    changed = requests.patch(
        f"{ready['salesforce']}/services/data/v60.0/sobjects/Lead/{lead}",
        json={"Title": "Changed by hand"},
        headers=headers,
        timeout=10,
    )
    assert changed.status_code == 204
    cycle = requests.post(f"{ready['marketo']}/_sim/native-sync/run", timeout=30).json()
    assert cycle["ok"] is True
    assert cycle["updated"] == 1
    person = requests.get(
        f"{ready['marketo']}/rest/v1/leads.json",
        params={"filterType": "sfdcLeadId", "filterValues": lead, "fields": "title"},
        headers=marketo_token(ready),
        timeout=10,
    ).json()
    assert [one["title"] for one in person["result"]] == ["Changed by hand"]


def test_the_cycle_comes_by_itself_on_the_simulators_clock(launch: Launch) -> None:
    ready = launch("--people", "20", "--native-sync-seconds", "600").ready
    requests.post(f"{ready['marketo']}/_sim/clock", json={"freeze": True}, timeout=10)
    for _ in range(2):
        requests.post(f"{ready['salesforce']}/_sim/clock", json={"advance": "PT10M"}, timeout=30)
    status = requests.get(f"{ready['marketo']}/_sim/native-sync", timeout=10).json()
    assert status["cycles"] == {"ok": 2, "failed": 0}


def test_as_of_sets_where_the_clock_starts(launch: Launch) -> None:
    ready = launch("--people", "0", "--as-of", "2025-03-01").ready
    now = requests.get(f"{ready['salesforce']}/_sim/clock", timeout=10).json()
    assert now["now"].startswith("2025-03-01T00:0")
    assert now["frozen"] is False
    answer = requests.get(f"{ready['salesforce']}/services/data", timeout=10)
    assert answer.headers["Date"].startswith("Sat, 01 Mar 2025 00:0")


def test_the_same_seed_and_date_give_the_same_people(launch: Launch) -> None:
    answers = []
    for _ in range(2):
        ready = launch("--people", "30", "--seed", "7", "--as-of", "2026-01-01T00:00:00Z").ready
        query = "SELECT Id, Name, Email, OwnerId, CreatedDate FROM Lead ORDER BY Id"
        answers.append(soql(ready, salesforce_token(ready), query)["records"])
    assert answers[0] == answers[1]
    assert answers[0]


def test_own_people_from_csv(launch: Launch, tmp_path: Path) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text(
        "LastName,Company,Email,OwnerId\n"
        "Good,Engines,good@engines.example,\n"
        "Bad,Engines,bad@engines.example,0058d000000ZZZZ\n"
    )
    launched = launch("--csv-leads", str(leads))
    ready = launched.ready
    records = soql(ready, salesforce_token(ready), "SELECT LastName FROM Lead")["records"]
    assert [record["LastName"] for record in records] == ["Good"]
    found = requests.get(
        f"{ready['marketo']}/rest/v1/leads.json",
        params={
            "filterType": "email",
            "filterValues": "good@engines.example,bad@engines.example",
            "fields": "email,sfdcType",
        },
        headers=marketo_token(ready),
        timeout=10,
    ).json()["result"]
    assert [(person["email"], person["sfdcType"]) for person in found] == [("good@engines.example", "Lead")]
    code, _, errors = launched.stop()
    assert code == 0
    assert f"{leads}:3: skipped: OwnerId 0058d000000ZZZZ" in errors


def test_a_port_in_use_is_a_clear_error(run_command: RunCommand) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run_command("serve", "--marketo-port", port, "--salesforce-port", "0", "--people", "0")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"error: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_an_unusable_csv_file_is_a_clear_error(run_command: RunCommand, tmp_path: Path) -> None:
    ports = ("--marketo-port", "0", "--salesforce-port", "0")
    done = run_command("serve", *ports, "--csv-contacts", str(tmp_path / "none.csv"))
    assert done.returncode == 2
    assert done.stderr == f"error: {tmp_path}/none.csv: cannot be read: No such file or directory\n"
    headless = tmp_path / "headless.csv"
    headless.write_text("FirstName\nAda\n")
    done = run_command("serve", *ports, "--csv-leads", str(headless))
    assert done.returncode == 2
    assert done.stderr == f"error: {headless}: the header has no column LastName (needed: LastName, Company)\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "COMMAND"),
        (("serve", "--people", "many"), "'many' is not a whole number"),
        (("serve", "--people", "-1"), "'-1' is not a whole number"),
        (("serve", "--marketo-port", "70000"), "70000 is not a port"),
        (("serve", "--proxy-port", "-1"), "'-1' is not a whole number"),
        (("serve", "--limits", "some"), "invalid choice: 'some'"),
        (("serve", "--as-of", "tomorrow"), "'tomorrow' is not an ISO 8601 date or time"),
        (("serve", "--native-sync-seconds", "0"), "'0' is not a number of seconds greater than 0"),
    ],
)
def test_wrong_arguments_are_refused(run_command: RunCommand, arguments: tuple[str, ...], why: str) -> None:
    done = run_command(*arguments)
    assert done.returncode == 2
    assert why in done.stderr


def test_every_flag_of_the_launch_interface_is_accepted(launch: Launch) -> None:
    launched = launch(
        *("--host", "127.0.0.1", "--pubsub-port", "off", "--people", "5", "--seed", "2", "--limits", "off"),
        *("--as-of", "2026-01-31", "--native-sync-seconds", "0.5", "--adobe-actions"),
    )
    limits = requests.get(f"{launched.ready['marketo']}/_sim/limits", timeout=10).json()
    assert limits["enforce"] is False
    assert launched.stop()[0] == 0
