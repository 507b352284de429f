"""The examples in the documents work as they are written, on a simulator that has just started."""

from __future__ import annotations

import json
import shlex
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

SIMULATORS = Path(__file__).parents[3] / "simulators"
DOCUMENTS = ("README.md", "docs/marketo-setup.md", "docs/salesforce-setup.md")
TO_FILL_IN = "…"


class Example(NamedTuple):
    """One call of the control plane."""

    method: str
    url: str
    body: str | None


def _commands(text: str) -> list[str]:
    """Return the commands of the indented blocks; a quote that is open goes on in the next line."""
    commands: list[str] = []
    unfinished = ""
    for line in text.splitlines():
        if line.startswith("    ") and (unfinished or line.startswith("    curl ")):
            unfinished = f"{unfinished}\n{line[4:]}" if unfinished else line[4:]
            if unfinished.count("'") % 2 == 0:
                commands.append(unfinished)
                unfinished = ""
    return commands


def _examples(document: str) -> list[Example]:
    """Return the calls of the control plane that need nothing filled in."""
    examples = []
    for command in _commands((SIMULATORS / document).read_text(encoding="utf-8")):
        words = iter(shlex.split(command, comments=True))
        method, url, body = None, "", None
        for word in words:
            if word == "-X":
                method = next(words)
            elif word == "-d":
                body = next(words)
            elif "/_sim" in word:
                url = word
        if url.startswith("localhost:") and TO_FILL_IN not in (body or ""):
            examples.append(Example(method or ("POST" if body else "GET"), url, body))
    return examples


def _call(example: Example, ready: dict[str, Any]) -> tuple[int, Any]:
    host, _, path = example.url.partition("/")
    base = ready[{"localhost:8081": "marketo", "localhost:8082": "salesforce"}[host]]
    data = None if example.body is None else example.body.encode()
    request = urllib.request.Request(f"{base}/{path}", data, method=example.method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def test_every_example_of_a_control_call_is_taken(launch: Any) -> None:
    ready = launch("--people", "200").ready
    examples = [example for document in DOCUMENTS for example in _examples(document)]
    assert len(examples) > 25
    refused = {example: answer for example in examples for status, answer in [_call(example, ready)] if status != 200}
    assert refused == {}
