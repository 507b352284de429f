"""What one call below /services/data/vXX.0 is: verb, path, the handler, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from actionsync_simulators.endpoint import Answer, Behaviour, Param, Schema
from actionsync_simulators.salesforce.gateway.messages import Response

Handler = Callable[..., Response]
"""Takes the org, the request and the variable segments of the path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One call. `path` is written without the version and a leading slash, with `{name}` for any one segment.

    `runs_calls`: the handler gets, after the request, the function that runs a call, since its body is made of calls.
    `errors` are the codes that input can provoke here beyond those of every call (INVALID_SESSION_ID,
    REQUEST_LIMIT_EXCEEDED, NOT_FOUND, METHOD_NOT_ALLOWED); `behaviours` what else a client can depend on.
    """

    method: str
    path: str
    handler: Handler
    runs_calls: bool = False
    params: tuple[Param, ...] = ()
    schema: Schema | None = None
    answer: Answer = "json"
    errors: tuple[str, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    served: bool = True


def route(
    method: str,
    path: str,
    handler: Handler,
    *,
    runs_calls: bool = False,
    params: tuple[Param, ...] = (),
    schema: Schema | None = None,
    answer: Answer = "json",
    errors: tuple[str, ...] = (),
    behaviours: tuple[Behaviour, ...] = (),
) -> Route:
    """Return a served call."""
    return Route(
        method=method,
        path=path,
        handler=handler,
        runs_calls=runs_calls,
        params=params,
        schema=schema,
        answer=answer,
        errors=errors,
        behaviours=behaviours,
    )
