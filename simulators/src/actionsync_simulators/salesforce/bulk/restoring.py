"""Bulk jobs after a restore of the database."""

from __future__ import annotations

from actionsync_simulators.salesforce.bulk.v1.running import take_up_batches
from actionsync_simulators.salesforce.bulk.v2.running import take_up_jobs
from actionsync_simulators.salesforce.state import Org


def take_up_bulk_work(org: Org) -> None:
    """Stop what was going on, and go on with the jobs and batches of the restored state."""
    org.bulk.stop_all()
    take_up_jobs(org)
    take_up_batches(org)
