"""Both systems over https: certificates, any host name, what the command announces, and how it ends."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from actionsync_simulators.certificates import Authority, covers

Launch = Callable[..., Any]
RunCommand = Callable[..., "subprocess.CompletedProcess[str]"]


def trusting(ca: str, proxy: str | None = None) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = ca
    if proxy is not None:
        session.proxies = {"https": proxy}
    return session


def names_shown(at: tuple[str, int], *, ca: str, name: str) -> set[str]:
    """Connect, verify the certificate for this name as browsers do, and return the names in it."""
    context = ssl.create_default_context(cafile=ca)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_connection(at, timeout=10) as plain, context.wrap_socket(plain, server_hostname=name) as secure:
        certificate = secure.getpeercert()
    assert certificate is not None
    names: Any = certificate["subjectAltName"]
    return {value for _, value in names}


def place(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("https://").rpartition(":")
    return host, int(port)


def test_nothing_is_encrypted_unless_asked_for(launch: Launch) -> None:
    ready = launch("--people", "0").ready
    assert {ready[name] for name in ("marketo_tls", "salesforce_tls", "proxy", "ca")} == {None}


def test_the_same_system_answers_on_both_ports(launch: Launch, tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    launched = launch("--people", "10", "--marketo-tls-port", "0", "--salesforce-tls-port", "0", "--ca-out", str(ca))
    ready = launched.ready
    assert ready["ca"] == str(ca)
    assert ready["proxy"] is None
    with trusting(ready["ca"]) as session:
        for name in ("marketo", "salesforce"):
            url = ready[f"{name}_tls"]
            assert url.startswith("https://127.0.0.1:")
            session.post(f"{ready[name]}/_sim/faults", json={"match": {"path": "/x"}, "action": "drop_before"})
            shown = session.get(f"{url}/_sim").json()
            assert (shown["simulator"], shown["faults"]) == (name, 1)
        instance = session.post(
            f"{ready['salesforce_tls']}/services/oauth2/token",
            data={
                "grant_type": "client_credentials",
                "client_id": ready["client_id"],
                "client_secret": ready["client_secret"],
            },
        ).json()["instance_url"]
        assert instance == ready["salesforce_tls"]
        # Connections are open here: the end must neither wait for these clients nor complain of them.
        assert launched.stop() == (0, "", "")


def test_one_system_alone_may_be_encrypted(launch: Launch) -> None:
    ready = launch("--people", "0", "--salesforce-tls-port", "0").ready
    assert ready["marketo_tls"] is None
    assert ready["ca"] is None
    with requests.Session() as session:
        session.trust_env = False
        with pytest.raises(requests.exceptions.SSLError, match="self-signed certificate"):
            session.get(f"{ready['salesforce_tls']}/_sim", timeout=10)


def test_certificates_hold_for_every_name_a_client_asks_for(launch: Launch, tmp_path: Path) -> None:
    ca = str(tmp_path / "ca.pem")
    ready = launch("--people", "0", "--marketo-tls-port", "0", "--ca-out", ca).ready
    at = place(ready["marketo_tls"])
    documented = {
        *("*.mktorest.com", "login.salesforce.com", "test.salesforce.com", "*.salesforce.com", "*.my.salesforce.com"),
        *("*.sandbox.my.salesforce.com", "*.develop.my.salesforce.com", "api.pubsub.salesforce.com", "*.my.site.com"),
        *("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"),
    }
    for name in ("123-abc-456.mktorest.com", "acme--dev.sandbox.my.salesforce.com", "localhost", "127.0.0.1"):
        assert names_shown(at, ca=ca, name=name) == documented
    assert names_shown(at, ca=ca, name="simulators.qa.example") == {"simulators.qa.example"}
    assert names_shown(at, ca=ca, name="a.b.mktorest.com") == {"a.b.mktorest.com"}


def test_a_client_that_does_not_speak_tls_does_no_harm(launch: Launch, tmp_path: Path) -> None:
    launched = launch("--people", "0", "--marketo-tls-port", "0", "--ca-out", str(tmp_path / "ca.pem"))
    at = place(launched.ready["marketo_tls"])
    with socket.create_connection(at, timeout=10) as plain:
        plain.sendall(b"GET /_sim HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in plain.recv(1000)
    with trusting(launched.ready["ca"]) as session:
        assert session.get(f"{launched.ready['marketo_tls']}/_sim").status_code == 200
    assert launched.stop() == (0, "", "")


def test_a_dropped_connection_is_dropped_over_tls_too(launch: Launch, tmp_path: Path) -> None:
    ready = launch("--people", "0", "--proxy-port", "0", "--ca-out", str(tmp_path / "ca.pem")).ready
    with trusting(ready["ca"], ready["proxy"]) as session:
        for host, path in (
            ("123-abc-456.mktorest.com", "/identity/oauth/token?grant_type=client_credentials"),
            ("login.salesforce.com", "/services/data"),
        ):
            fault = {"match": {"path": path.partition("?")[0]}, "action": "drop_before"}
            session.post(f"https://{host}/_sim/faults", json=fault)
            with pytest.raises(requests.ConnectionError):
                session.get(f"https://{host}{path}")
            assert session.get(f"https://{host}{path}").status_code in (200, 401)


def test_the_proxy_opens_the_tls_ports_it_leads_to(launch: Launch, tmp_path: Path) -> None:
    launched = launch("--people", "0", "--proxy-port", "0", "--ca-out", str(tmp_path / "ca.pem"))
    ready = launched.ready
    with trusting(ready["ca"], ready["proxy"]) as session:
        for host, name in (
            ("123-ABC-456.mktorest.com", "marketo"),
            ("login.salesforce.com", "salesforce"),
            ("test.salesforce.com", "salesforce"),
            ("acme.my.salesforce.com", "salesforce"),
            ("acme--dev.sandbox.my.salesforce.com", "salesforce"),
            ("acme.my.site.com", "salesforce"),
        ):
            assert session.get(f"https://{host}/_sim").json()["simulator"] == name
        with pytest.raises(requests.exceptions.ProxyError, match="403 Forbidden"):
            session.get("https://www.example.com/")
        assert ready["marketo_tls"].startswith("https://127.0.0.1:")
        assert launched.stop() == (0, "", "")


def test_the_authority_hands_out_its_certificate_and_never_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, elsewhere = tmp_path / "keys", tmp_path / "elsewhere"
    keys.mkdir()
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(keys))
    modes: list[int] = []
    load = ssl.SSLContext.load_cert_chain

    def watched(context: ssl.SSLContext, path: str) -> None:
        modes.append(Path(path).stat().st_mode & 0o777)
        load(context, path)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    authority = Authority()
    authority.server_context()
    authority.write(elsewhere / "ca.pem")
    assert modes == [0o600]
    assert list(keys.iterdir()) == []
    assert [file.name for file in elsewhere.iterdir()] == ["ca.pem"]
    assert (elsewhere / "ca.pem").read_bytes() == authority.pem()
    assert authority.pem().count(b"-----BEGIN ") == authority.pem().count(b"-----BEGIN CERTIFICATE-----") == 1


def test_every_run_has_an_authority_of_its_own() -> None:
    assert Authority().pem() != Authority().pem()


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("*.mktorest.com", "123-ABC-456.mktorest.com", True),
        ("*.mktorest.com", "a.b.mktorest.com", False),
        ("*.mktorest.com", "mktorest.com", False),
        ("*.mktorest.com", ".mktorest.com", False),
        ("login.salesforce.com", "LOGIN.salesforce.com", True),
        ("login.salesforce.com", "test.salesforce.com", False),
    ],
)
def test_a_star_stands_for_one_label(pattern: str, name: str, covered: bool) -> None:
    assert covers(pattern, name) is covered


def test_a_certificate_for_nobody_is_a_mistake(run_command: RunCommand, tmp_path: Path) -> None:
    done = run_command("serve", "--ca-out", str(tmp_path / "ca.pem"))
    assert done.returncode == 2
    assert "--ca-out needs --marketo-tls-port, --salesforce-tls-port or --proxy-port" in done.stderr


def test_a_file_that_cannot_be_written_is_a_clear_error(run_command: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "none" / "ca.pem"
    ports = ("--marketo-port", "0", "--salesforce-port", "0", "--proxy-port", "0", "--people", "0")
    done = run_command("serve", *ports, "--ca-out", str(file))
    assert done.returncode == 1
    assert done.stderr == f"error: cannot write {file}: No such file or directory\n"
