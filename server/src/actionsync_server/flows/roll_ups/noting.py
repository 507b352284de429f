"""Notes down what an activity changes in the roll-ups of its person's records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from actionsync_server.clock import MINUTE, Micros
from actionsync_server.model.activities import Activity
from actionsync_server.model.persons import Person
from actionsync_server.model.roll_ups import facts_of, merged, records_of
from actionsync_server.store.database import Transaction
from actionsync_server.store.roll_ups import RollUp, RollUpWrites

#: Between two writes of one record.
PACE: Micros = MINUTE


async def note_activities(
    transaction: Transaction,
    instance_id: str,
    activities: Iterable[Activity],
    persons: Mapping[str, Person],
    *,
    now: Micros,
) -> None:
    """Let the records of the people say what was done, in the next write that each may have."""
    told = [(one, facts_of(one), records_of(persons[one.content.person_id])) for one in activities]
    told = [(one, facts, ids) for one, facts, ids in told if facts and ids]
    if not told:
        return
    writes = RollUpWrites(transaction, instance_id)
    known = await writes.many({record_id for _, _, ids in told for record_id in ids})
    changed: dict[str, RollUp] = {}
    for activity, facts, ids in told:
        for record_id in ids:
            before = changed.get(record_id) or known.get(record_id) or RollUp(record_id, "")
            wanted = merged(before.wanted, facts)
            if wanted == before.wanted:
                continue
            due = before.due_time if before.due_time is not None else max(now, before.write_time + PACE)
            changed[record_id] = replace(
                before,
                user_id=activity.content.user_id,
                marketo_id=persons[activity.content.person_id].marketo_id,
                wanted=wanted,
                due_time=due,
            )
    await writes.put(list(changed.values()))
