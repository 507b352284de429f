"""Model to contract and back, for the Smart Grid."""

from __future__ import annotations

from actionsync.v1 import activity_log_pb2 as pb

from actionsync_server.flows.grid.loading import GridTarget, LoadedGrid
from actionsync_server.rpc import convert

_TARGETS = {
    "person_id": GridTarget.PERSON,
    "salesforce_account_id": GridTarget.ACCOUNT,
    "salesforce_opportunity_id": GridTarget.OPPORTUNITY,
}


def target(request: pb.LoadSmartGridRequest) -> tuple[GridTarget, str]:
    """Read whose grid is wanted; the limits have made sure that one is named."""
    name = request.WhichOneof("target")
    assert name is not None
    return _TARGETS[name], getattr(request, name)


def grid_message(loaded: LoadedGrid) -> pb.LoadSmartGridResponse:
    """Write a grid."""
    return pb.LoadSmartGridResponse(
        rows=[
            pb.GridRow(
                person_id=row.person_id,
                column=convert.number(row.column),
                type_name=row.type_name,
                activity_time=convert.timestamp(row.activity_time),
                title=row.title,
                attributes=dict(row.attributes),
            )
            for row in loaded.rows
        ],
        weeks=[
            pb.GridWeek(
                start_time=convert.timestamp(week.start_time), row_counts=week.row_counts, selected=week.selected
            )
            for week in loaded.weeks
        ],
        fresh_time=convert.timestamp(loaded.fresh_time),
        truncated=loaded.truncated,
    )
