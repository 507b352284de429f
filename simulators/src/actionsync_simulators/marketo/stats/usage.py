"""The four statistics calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.gateway.quota import Day
    from actionsync_simulators.marketo.subscription import Subscription


def usage_today(site: Subscription, call: Call) -> Members:
    """GET stats/usage: calls of this Central day, this one included."""
    return {"result": [_usage(site.quota.today(), call.user)]}


def usage_last_7_days(site: Subscription, call: Call) -> Members:
    """GET stats/usage/last7days: seven days, oldest first."""
    return {"result": [_usage(day, call.user) for day in site.quota.last_days(7)]}


def errors_today(site: Subscription, _: Call) -> Members:
    """GET stats/errors: error codes of this Central day."""
    return {"result": [_errors(site.quota.today())]}


def errors_last_7_days(site: Subscription, _: Call) -> Members:
    """GET stats/errors/last7days: seven days, oldest first."""
    return {"result": [_errors(day) for day in site.quota.last_days(7)]}


def _usage(day: Day, caller: str) -> dict[str, Any]:
    # Clients read users[0] unguarded, so a day without calls still names the caller.
    counts = dict(day.users) or {caller: 0}
    users = [{"userId": user, "count": count} for user, count in counts.items()]
    return {"date": day.date.isoformat(), "total": day.total, "users": users}


def _errors(day: Day) -> dict[str, Any]:
    errors = [{"errorCode": code, "count": count} for code, count in sorted(day.errors.items())]
    return {"date": day.date.isoformat(), "total": sum(day.errors.values()), "errors": errors}
