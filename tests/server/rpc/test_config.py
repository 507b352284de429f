"""Settings of the process: where they come from, and which cannot stand."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest
from actionsync_server.config import Config, ConfigError, is_loopback, load, split_address
from actionsync_server.keys import SECRETS_KEY_FILE, secrets_key
from pydantic import SecretStr


def test_flags_win_over_environment_over_file_over_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "server.toml"
    file.write_text('listen = "127.0.0.1:1"\ngrace = 1.5\nopen_watches = 5\n')
    monkeypatch.setenv("ACTIONSYNC_SERVER_GRACE", "2.5")
    monkeypatch.setenv("ACTIONSYNC_SERVER_LISTEN", "127.0.0.1:2")
    config = load(file, {"listen": "127.0.0.1:3", "data": None, "metrics": None})
    assert (config.listen, config.grace, config.open_watches, config.longest_call) == ("127.0.0.1:3", 2.5, 5, 30.0)


def test_json_is_read_by_its_ending(tmp_path: Path) -> None:
    file = tmp_path / "server.json"
    file.write_text(json.dumps({"data": str(tmp_path), "workers": False}))
    config = load(file, {})
    assert (config.data, config.workers) == (tmp_path, False)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"listen": "0.0.0.0:50051"}, "needs tls_cert"),
        ({"listen": "example.com:50051"}, "needs tls_cert"),
        ({"listen": "[::]:50051"}, "needs tls_cert"),
        ({"listen": "nowhere"}, "host:port"),
        ({"listen": "127.0.0.1:70000"}, "host:port"),
        ({"metrics": "0.0.0.0:9464"}, "loopback"),
        ({"tls_cert": "a.pem"}, "go together"),
        ({"tls_client_ca": "a.pem"}, "needs tls_cert"),
        ({"grace": -1}, "grace"),
        ({"no_such_setting": 1}, "no_such_setting"),
        ({"secret_key": ["topsecret"]}, "secret_key"),
    ],
)
def test_settings_that_cannot_stand(tmp_path: Path, values: dict[str, object], told: str) -> None:
    file = tmp_path / "server.json"
    file.write_text(json.dumps(values))
    with pytest.raises(ConfigError, match=told) as raised:
        load(file, {})
    assert "topsecret" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "text"), [("a.toml", "listen = "), ("a.json", "[1]"), ("a.json", "{"), ("gone", None)]
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, text: str | None) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError):
        load(tmp_path / name, {})


def test_off_loopback_with_tls_is_fine() -> None:
    config = load(None, {"listen": "0.0.0.0:50051", "tls_cert": "a.pem", "tls_key": "b.pem"})
    assert not is_loopback(config.listen)


def test_addresses() -> None:
    assert split_address("[::1]:50051") == ("::1", 50051)
    assert all(is_loopback(address) for address in ("127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"))


def test_a_key_never_shows(tmp_path: Path) -> None:
    config = Config(secret_key=SecretStr("c2VjcmV0"))
    assert "c2VjcmV0" not in repr(config)


def test_the_secrets_key_is_the_folders_own_or_the_given_one(tmp_path: Path) -> None:
    made = secrets_key(tmp_path)
    assert len(made) == 32
    assert secrets_key(tmp_path) == made
    assert stat.S_IMODE((tmp_path / SECRETS_KEY_FILE).stat().st_mode) == 0o600
    given = bytes(range(32))
    assert secrets_key(tmp_path, base64.b64encode(given).decode()) == given
    for wrong in ("short", base64.b64encode(b"x" * 31).decode(), "not base64!"):
        with pytest.raises(ValueError, match="secret key"):
            secrets_key(tmp_path, wrong)
