"""Gives the tests the script that writes the documents."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def writer() -> ModuleType:
    """The module `write.py`, which is a script and in no package."""
    spec = importlib.util.spec_from_file_location("write_documents", Path(__file__).with_name("write.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
