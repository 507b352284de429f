"""What one call of the API is: verb, path, permission, body, the endpoint, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from actionsync_simulators.endpoint import Answer, Behaviour, Param, Schema

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members, Reply
    from actionsync_simulators.marketo.subscription import Subscription

Handler = Callable[["Subscription", "Call"], "Members | Reply"]
Body = Literal["any", "json", "form", "multipart"]
"""`json`: a body must be JSON. `form`: form-encoded (parameters may stand in the query too). `multipart`: with a file.
`any`: the endpoint takes nothing from a body, whatever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One call. Any one of `permissions` suffices; none means that a valid token is enough.

    `errors` are the codes that input can provoke here beyond those of every call (600 to 603, 605 to 607, 610, 615, and
    609 and 612 where the body is JSON); `behaviours` what else a client can depend on.
    """

    method: str
    path: str
    handler: Handler
    permissions: tuple[str, ...] = ()
    body: Body = "any"
    params: tuple[Param, ...] = ()
    schema: Schema | None = None
    answer: Answer = "json"
    errors: tuple[str, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    served: bool = True


def get(
    path: str,
    permission: str | tuple[str, ...],
    handler: Handler,
    *,
    params: tuple[Param, ...] = (),
    answer: Answer = "json",
    errors: tuple[str, ...] = (),
    behaviours: tuple[Behaviour, ...] = (),
) -> Route:
    """A read; no permission is written as an empty text."""
    return Route(
        method="GET",
        path=path,
        handler=handler,
        permissions=_permissions(permission),
        params=params,
        answer=answer,
        errors=errors,
        behaviours=behaviours,
    )


def post(
    path: str,
    permission: str | tuple[str, ...],
    handler: Handler,
    *,
    body: Body = "json",
    params: tuple[Param, ...] = (),
    schema: Schema | None = None,
    errors: tuple[str, ...] = (),
    behaviours: tuple[Behaviour, ...] = (),
) -> Route:
    """A write."""
    return Route(
        method="POST",
        path=path,
        handler=handler,
        permissions=_permissions(permission),
        body=body,
        params=params,
        schema=schema,
        errors=errors,
        behaviours=behaviours,
    )


def delete(
    path: str,
    permission: str | tuple[str, ...],
    handler: Handler,
    *,
    params: tuple[Param, ...] = (),
    schema: Schema | None = None,
    errors: tuple[str, ...] = (),
    behaviours: tuple[Behaviour, ...] = (),
) -> Route:
    """A deletion, which may carry a JSON body."""
    return Route(
        method="DELETE",
        path=path,
        handler=handler,
        permissions=_permissions(permission),
        body="json",
        params=params,
        schema=schema,
        errors=errors,
        behaviours=behaviours,
    )


def _permissions(given: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(given, tuple):
        return given
    return (given,) if given else ()


READ_LEAD, WRITE_LEAD = "Read-Only Lead", "Read-Write Lead"
READ_ACTIVITY, WRITE_ACTIVITY = "Read-Only Activity", "Read-Write Activity"
READ_METADATA, WRITE_METADATA = "Read-Only Activity Metadata", "Read-Write Activity Metadata"
READ_ASSET, WRITE_ASSET = "Read-Only Asset", "Read-Write Asset"
READ_CAMPAIGN, WRITE_CAMPAIGN = "Read-Only Campaign", "Read-Write Campaign"
EXECUTE_CAMPAIGN = "Execute Campaign"
READ_SALES_PERSON, WRITE_SALES_PERSON = "Read-Only Sales Person", "Read-Write Sales Person"
READ_COMPANY, WRITE_COMPANY = "Read-Only Company", "Read-Write Company"
READ_OPPORTUNITY, WRITE_OPPORTUNITY = "Read-Only Opportunity", "Read-Write Opportunity"
STANDARD_SCHEMA, CUSTOM_SCHEMA = "Read-Write Schema Standard Field", "Read-Write Schema Custom Field"
