"""The world the simulators start with: generated from a seed, or read from the user's own CSV files."""

from __future__ import annotations
