"""Log lines are JSON with ids, and hold no address and no secret, whatever a foreign exception says."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from actionsync_server.telemetry import configure_logging


@pytest.fixture
def lines() -> Iterator[Any]:
    """What was logged, as objects; the process's own logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logging("INFO", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_one_json_object(lines: Any) -> None:
    structlog.get_logger("a").info("rpc", person_id="p-1")
    structlog.get_logger("a").debug("unseen")
    (line,) = lines()
    assert (line["event"], line["person_id"], line["level"]) == ("rpc", "p-1", "info")
    assert line["timestamp"].endswith("Z")


def test_a_traceback_has_places_but_no_people_and_no_secrets(lines: Any) -> None:
    address = "someone@example.com"
    try:
        raise ValueError(f"UNIQUE failed for {address} at https://x/?access_token=s3cret&a=b with Bearer abc.def")
    except ValueError:
        structlog.get_logger("a").exception("unexpected_error")
    (line,) = lines()
    text = json.dumps(line)
    assert "test_telemetry.py" in text
    assert "ValueError" in text
    for secret in (address, "s3cret", "abc.def"):
        assert secret not in text


def test_the_libraries_own_warnings_come_as_json_too(lines: Any) -> None:
    logging.getLogger("aiohttp").warning("no luck with %s", "someone@example.com")
    logging.getLogger("aiohttp").info("chatter")
    (line,) = lines()
    assert (line["logger"], line["event"]) == ("aiohttp", "no luck with <address>")
