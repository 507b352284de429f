"""What every Marketo call can answer beside its own errors, and the token call, which is in no route table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from actionsync_simulators.endpoint import Behaviour, Param, StandingCall

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.route import Route

ERRORS: Mapping[str, str] = {
    "413": "HTTP status: the body is over 1 MiB (an import: 10 MiB)",
    "414": "HTTP status: the URI is over 8 KB",
    "600": "no token",
    "601": "an unknown token",
    "602": "a token past its life",
    "603": "the role lacks the permission, or the address is not allowed",
    "605": "the path has no such verb",
    "606": "more than 100 calls in 20 seconds",
    "607": "more than 50,000 calls in a day",
    "609": "the body is not a JSON object",
    "610": "no such path",
    "611": "the simulator itself failed; nothing was kept",
    "612": "the body is of another content type",
    "615": "more than 10 calls at once",
}
"""Codes (and two real HTTP statuses) that the gateway answers before a call is run, or around it."""

_PERMISSION, _BODY = frozenset({"603"}), frozenset({"609", "612"})

TOKEN_PARAMS = (
    Param("grant_type", required=True, description="always client_credentials", example="client_credentials"),
    Param("client_id", required=True, example="simulator-client"),
    Param("client_secret", required=True, example="simulator-secret"),
    Param("partner_id", description="accepted and ignored"),
)
TOKEN_ERRORS = ("unsupported_grant_type", "unauthorized", "invalid_client")

TOKEN_CALLS: tuple[StandingCall, ...] = (
    StandingCall(
        method="GET",
        path="/identity/oauth/token",
        params=TOKEN_PARAMS,
        errors=TOKEN_ERRORS,
        behaviours=(
            Behaviour("token-reuse", "asking again before the end gives the same token with the seconds that are left"),
        ),
    ),
    StandingCall(
        method="POST",
        path="/identity/oauth/token",
        params=TOKEN_PARAMS,
        errors=TOKEN_ERRORS,
        behaviours=(Behaviour("token-form", "parameters may stand in the query, in a form body, or in both"),),
    ),
)
"""Answered with real HTTP statuses, without the envelope, without cost."""


def errors_around(route: Route) -> tuple[str, ...]:
    """Return the codes of `ERRORS` that can befall this call."""
    hidden: frozenset[str] = frozenset()
    if not route.permissions:
        hidden |= _PERMISSION
    if route.body != "json":
        hidden |= _BODY
    return tuple(code for code in ERRORS if code not in hidden)
