"""Strict, stateful simulators of the Marketo Engage and Salesforce APIs."""

from __future__ import annotations
