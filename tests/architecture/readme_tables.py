"""The tables of the server's README, made from the code. `python tests/architecture/readme_tables.py` writes them."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest does, for running this as a script

from actionsync.v1.sync_settings_pb2 import Settings as SettingsMessage
from actionsync_server import config
from actionsync_server.model import alerts, quotas
from actionsync_server.model.settings import Settings
from actionsync_server.model.settings_paths import all_paths, value_at
from actionsync_server.model.subject_template import DYNAMIC_FIELDS
from actionsync_server.rpc import permissions
from actionsync_server.rpc.limits import LIMITS
from actionsync_server.telemetry import Metrics
from architecture.contract_comments import read_comments

README = Path(__file__).parents[2] / "server" / "README.md"
_LIMIT = re.compile(r" ?Limit: .+?\.(?= |$)")


def tables() -> dict[str, str]:
    """Return every generated part of the README by its name."""
    with tempfile.TemporaryDirectory() as folder:
        comments = read_comments(Path(folder))
    return {
        "alerts": alerts.readme_table(),
        "config": config.table(),
        "methods": permissions.readme_table(),
        "metrics": _metrics(),
        "quotas": quotas.readme_table(),
        "settings": _settings(comments),
        "subject fields": ", ".join(f"`{{{{{name}}}}}`" for name in DYNAMIC_FIELDS),
    }


def part(text: str, name: str) -> str:
    """Return one generated part as the README has it. Raises ValueError when it has none."""
    begin, end = _marks(name)
    start = text.index(begin) + len(begin)
    return text[start : text.index(end, start)].strip()


def written(text: str) -> str:
    """Return the README with every generated part as it should be."""
    for name, table in tables().items():
        begin, end = _marks(name)
        start = text.index(begin) + len(begin)
        text = f"{text[:start]}\n{table}\n{text[text.index(end, start) :]}"
    return text


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- from the code: {name} -->", f"<!-- end: {name} -->"


def _metrics() -> str:
    lines = ["| Metric | Labels | Meaning |", "| --- | --- | --- |"]
    for family in Metrics().families():
        labels = ", ".join(f"`{label}`" for label in family.labels)
        lines.append(f"| `{family.name}` | {labels} | {family.meaning} |")
    return "\n".join(lines)


def _settings(comments: dict[str, str]) -> str:
    lines = ["| Setting | Default | Values | Meaning |", "| --- | --- | --- | --- |"]
    default = Settings()
    for path in all_paths():
        section, name = path.split(".")
        kind: Any = SettingsMessage.DESCRIPTOR.fields_by_name[section].message_type
        message = kind.full_name
        meaning = _LIMIT.sub("", comments[f"{message}.{name}"]).strip()
        shown = _shown(value_at(default, path), message, name)
        lines.append(f"| `{path}` | {shown} | {_values(default, path, message, name)} | {meaning} |")
    return "\n".join(lines)


def _shown(value: Any, message: str, name: str) -> str:
    if "s to" in LIMITS[message][name].sentence:
        value = f"{value // 1_000_000} s"
    if isinstance(value, bool):
        value = str(value).lower()
    return "" if value in ("", []) else f"`{value}`"


def _values(settings: Settings, path: str, message: str, name: str) -> str:
    section, member = path.split(".")
    value = getattr(getattr(settings, section), member)
    if hasattr(type(value), "__members__"):
        return ", ".join(f"`{one.name.lower()}`" for one in type(value))
    return "`true`, `false`" if isinstance(value, bool) else LIMITS[message][name].sentence


if __name__ == "__main__":
    README.write_text(written(README.read_text()))
