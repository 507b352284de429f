"""Fails when requirements.lock does not fit the members' dependencies, or names a host.

Resolving again would need the network and could find newer versions, so this only compares: each dependency that a
member or a group names must be locked, in a version that it allows.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
MEMBERS = ("proto", "server", "simulators", "clients/python")
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def wanted() -> list[Requirement]:
    """Return every requirement of the members and of the development groups."""
    root = tomllib.loads((ROOT / "pyproject.toml").read_text())
    texts = [text for group in root["dependency-groups"].values() for text in group]
    for member in MEMBERS:
        texts += tomllib.loads((ROOT / member / "pyproject.toml").read_text())["project"]["dependencies"]
    return [Requirement(text) for text in texts if not text.startswith("actionsync-")]


def main() -> None:
    """Compare and report."""
    text = (ROOT / "requirements.lock").read_text()
    locked = {canonicalize_name(name): version for name, version in LOCKED.findall(text)}
    problems = []
    for requirement in wanted():
        version = locked.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            problems.append(f"{requirement} is locked as {version}; run `make lock`")
    if "://" in text:
        problems.append("requirements.lock names a host; export it with `make lock`")
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
