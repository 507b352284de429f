"""Answers of the asset API: its own envelope, its own times, and a warning where nothing was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.gateway.envelope import JSON_TYPE, Reply
from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.subscription import Subscription

NOTHING_FOUND = "No assets found for the given search criteria."
APP = "https://app.simulator.example/#"


def found(call: Call, rows: list[dict[str, Any]]) -> Reply:
    """Return rows in the asset envelope; without any, a warning and no `result`."""
    envelope: dict[str, Any] = {"success": True, "errors": [], "requestId": call.request_id, "warnings": []}
    if rows:
        envelope["result"] = rows
    else:
        envelope["warnings"] = [NOTHING_FOUND]
    return Reply(200, JSON_TYPE, orjson.dumps(envelope), compress=True)


def missing(site: Subscription, call: Call) -> Reply:
    """Answer a read of one asset that is not there: 702, or the warning (switch `missing_asset`)."""
    if site.switches.missing_asset == "warning":
        return found(call, [])
    raise api_error("702")


def asset_time(wire_text: str) -> str:
    """Return a wire time as the asset API prints it, with both suffixes: `2026-01-17T12:36:46Z+0000`."""
    return f"{wire_text}+0000"


def url(code: str, asset_id: int, suffix: str = "A1") -> str:
    """Return the address of an asset in the vendor's user interface."""
    return f"{APP}{code}{asset_id}{suffix}"
