"""Limits of Connections."""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_server.rpc.limits.shared import OPTIONAL_ID, pattern
from actionsync_server.rpc.rules import Named, Rule, Text

_MUNCHKIN_FORM = pattern("a Munchkin account id, such as 123-ABC-456", r"[0-9]{3}-[A-Za-z]{3}-[0-9]{3}")
_ADDRESS_FORM = pattern("a host and a port, such as api.pubsub.salesforce.com:7443", r"[^\s/?#@:]+:[0-9]{1,5}")
_BASE_URL_FORM = pattern("a URL with https:// and a host", r"https?://[^\s/?#@]+/?")
#: We connect to the two systems; ourselves we are already.
_OUTSIDE = Named(required=True, without=frozenset({"SYSTEM_ACTIONSYNC"}))
_WHICH: Mapping[str, Rule] = {"system": _OUTSIDE, "user_id": OPTIONAL_ID}

LIMITS: Mapping[str, Mapping[str, Rule]] = {
    "ConnectMarketoRequest": {
        "munchkin_id": Text(11, 11, _MUNCHKIN_FORM),
        "client_id": Text(1, 255),
        "client_secret": Text(1, 255),
        "base_url": Text(0, 500, _BASE_URL_FORM),
    },
    "ConnectSalesforceRequest": {
        "user_id": OPTIONAL_ID,
        "base_url": Text(1, 500, _BASE_URL_FORM),
        "client_id": Text(1, 255),
        "client_secret": Text(0, 255),
        "refresh_token": Text(0, 2000),
        "pubsub_address": Text(0, 300, _ADDRESS_FORM),
    },
    "CheckConnectionRequest": _WHICH,
    "ListConnectionsRequest": {},
    "DisconnectRequest": _WHICH,
}
