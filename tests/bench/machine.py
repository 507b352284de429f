"""The machine that was measured on, and how a figure is printed."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import psutil


def machine() -> str:
    """Name the machine."""
    cores = os.cpu_count() or 0
    memory = psutil.virtual_memory().total / 2**30
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def show(name: str, value: str) -> None:
    """Print one line of the result."""
    print(f"  {name:<58} {value}", flush=True)


def _processor() -> str:
    """Return the processor's name where the system tells it, else its kind."""
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
