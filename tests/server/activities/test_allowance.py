"""Who gives way when the calls of the day run out."""

from __future__ import annotations

from actionsync_server.clock import HOUR, MINUTE
from actionsync_server.flows.delivery.allowance import BELIEVED, TURN, Allowance, Rank


def open_to(allowance: Allowance, now: int) -> list[Rank]:
    return [rank for rank in Rank if allowance.blocked_until(rank, now) is None]


def test_at_first_everybody_may_call() -> None:
    assert open_to(Allowance(), 0) == list(Rank)


def test_when_calls_may_have_come_back_one_kind_after_the_other_tries() -> None:
    allowance = Allowance()
    allowance.spent(HOUR)
    assert open_to(allowance, HOUR - 1) == []
    for rank in Rank:
        assert open_to(allowance, HOUR + rank * TURN) == list(Rank)[: rank + 1]
    # Whoever tries in vain closes it for the others too.
    allowance.spent(2 * HOUR)
    assert open_to(allowance, HOUR + 10 * MINUTE) == []
    allowance.returned()
    assert open_to(allowance, HOUR + 10 * MINUTE) == list(Rank)


def test_optional_traffic_stops_before_the_calls_are_spent() -> None:
    allowance = Allowance()
    allowance.heard((899, 1_000), now=0)
    assert open_to(allowance, 1) == list(Rank)
    allowance.heard((900, 1_000), now=0)
    assert open_to(allowance, 1) == list(Rank)[:-1]
    allowance.heard((950, 1_000), now=0)
    assert open_to(allowance, 1) == list(Rank)[:-2]
    # An old count is not believed: somebody has to ask again.
    assert open_to(allowance, BELIEVED) == list(Rank)
    allowance.heard(None, now=BELIEVED)
    allowance.forget()
    assert open_to(allowance, 1) == list(Rank)
