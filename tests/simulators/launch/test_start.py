"""What a start does not wait for: libraries that few calls need are imported by the first of those calls."""

from __future__ import annotations

import subprocess
import sys

import pytest

AFTER_THE_START = ["aiohttp", "cryptography", "fastavro", "google.protobuf", "grpc", "jwt", "lark"]


@pytest.mark.parametrize("module", ["actionsync_simulators.serving", "actionsync_simulators.salesforce.app"])
def test_the_start_imports_no_library_that_few_need(module: str) -> None:
    report = f"import sys, {module}; print(*[name for name in {AFTER_THE_START} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []
