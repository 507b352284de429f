"""Drops what is older than it is kept, some rows at a time, so that nobody waits for the writer meanwhile."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import DeliveryState
from actionsync_server.store.database import Transaction
from actionsync_server.store.schema import deliveries, delivery_attempts, send_checks
from actionsync_server.store.statement import Statement, any_of

#: What is over for good. FAILED is not: it waits for somebody who tries it again or gives it up.
FINISHED = (DeliveryState.DELIVERED, DeliveryState.SKIPPED, DeliveryState.DISCARDED)

# In order of creation: the old ones come first, so that few others are looked at in vain.
_OLDEST_DELIVERIES = Statement(
    select(deliveries.c.delivery_id, deliveries.c.update_time)
    .where(deliveries.c.instance_id == bindparam("instance_id"), deliveries.c.state == bindparam("state"))
    .order_by(deliveries.c.sequence)
    .limit(bindparam("count"))
)
_DROP_DELIVERIES = Statement(
    delete(deliveries).where(
        deliveries.c.instance_id == bindparam("of_instance"), any_of(deliveries.c.delivery_id, "of_keys")
    )
)
_DROP_ATTEMPTS = Statement(
    delete(delivery_attempts).where(
        delivery_attempts.c.instance_id == bindparam("of_instance"),
        any_of(delivery_attempts.c.delivery_id, "of_keys"),
    )
)
_OLD_CHECKS = Statement(
    select(send_checks.c.check_id)
    .where(send_checks.c.instance_id == bindparam("instance_id"), send_checks.c.check_time < bindparam("before"))
    .order_by(send_checks.c.check_time)
    .limit(bindparam("count"))
)
_DROP_CHECKS = Statement(
    delete(send_checks).where(
        send_checks.c.instance_id == bindparam("of_instance"), any_of(send_checks.c.check_id, "of_keys")
    )
)


async def retire_deliveries(transaction: Transaction, instance_id: str, *, before: Micros, count: int) -> int:
    """Drop up to `count` deliveries of each finished state that ended before an instant, with their attempts.

    Looks at the `count` oldest ones only: one that took long to end holds younger ones back until its own time is over.
    """
    dropped = 0
    for state in FINISHED:
        rows = await transaction.rows(
            _OLDEST_DELIVERIES, {"instance_id": instance_id, "state": state.value, "count": count}
        )
        old = [row["delivery_id"] for row in rows if row["update_time"] < before]
        if old:
            await transaction.execute(_DROP_ATTEMPTS, {"of_instance": instance_id, "of_keys": old})
            dropped += await transaction.execute(_DROP_DELIVERIES, {"of_instance": instance_id, "of_keys": old})
    return dropped


async def retire_checks(transaction: Transaction, instance_id: str, *, before: Micros, count: int) -> int:
    """Drop up to `count` send checks from before an instant; return how many went."""
    rows = await transaction.rows(_OLD_CHECKS, {"instance_id": instance_id, "before": before, "count": count})
    old = [row["check_id"] for row in rows]
    return await transaction.execute(_DROP_CHECKS, {"of_instance": instance_id, "of_keys": old}) if old else 0
