"""What a failed call means for the deliveries that it carried."""

from __future__ import annotations

from actionsync_server.flows.delivery.outcomes import of_failure
from actionsync_server.model.deliveries import ActionOwner, DeliveryReason, DeliveryState
from actionsync_server.model.errors import NotPrepared, System


def test_the_permission_that_marketo_misses_is_named_in_the_next_step() -> None:
    failure = NotPrepared(System.MARKETO, "Access denied", system_code="603")
    failure.metadata["permission"] = "Read-Write Activity"
    outcome = of_failure(failure, now=0)
    assert (outcome.state, outcome.reason) == (DeliveryState.WAITING, DeliveryReason.SYSTEM_NOT_PREPARED)
    assert outcome.error is not None
    assert outcome.error.owner is ActionOwner.MARKETO_ADMIN
    assert "Read-Write Activity" in outcome.error.next_step
