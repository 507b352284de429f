"""Runs of smart campaigns: those requested for some people at once, and batch runs when their time comes."""

from __future__ import annotations

import asyncio
import logging
from contextvars import Context
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.assets.request import Place
from actionsync_simulators.marketo.assets.tokens import values_for
from actionsync_simulators.marketo.campaigns.flow import Run, run_steps
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from actionsync_simulators.marketo.subscription import Subscription

log = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 200
"""A batch run lets other calls in after so many people."""


class CampaignRuns:
    """Everything that runs in the campaigns of one subscription."""

    def __init__(self, site: Subscription) -> None:
        self._site = site
        self._tasks: set[asyncio.Task[None]] = set()

    def schedule(self, campaign_id: int, run_at: float, tokens: Mapping[str, str]) -> int:
        """Plan a run of a batch campaign at an epoch second and return its number."""
        cursor = self._site.database.execute(
            "INSERT INTO campaign_runs (campaign_id, run_at, tokens, requested_at) VALUES (?, ?, ?, ?)",
            (campaign_id, run_at, orjson.dumps(tokens).decode(), self._site.clock.now().timestamp()),
        )
        number = int(cursor.lastrowid or 0)
        self._start(number)
        return number

    def request(self, campaign: sqlite3.Row, lead_ids: list[int], tokens: Mapping[str, str]) -> None:
        """Let people go through a trigger campaign now."""
        now = self._site.clock.now().timestamp()
        cursor = self._site.database.execute(
            "INSERT INTO campaign_runs (campaign_id, run_at, tokens, requested_at, done_at, leads)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (campaign["id"], now, orjson.dumps(tokens).decode(), now, now, len(lead_ids)),
        )
        run = self._run(campaign, tokens, number=int(cursor.lastrowid or 0))
        self._let_through(run, lead_ids)

    def close(self) -> None:
        """Stop all work; what is planned stays in the table."""
        for task in self._tasks:
            task.cancel()

    def resume(self) -> None:
        """Take up the planned runs of a restored state."""
        self.close()
        for row in self._site.database.rows("SELECT id FROM campaign_runs WHERE done_at IS NULL ORDER BY run_at, id"):
            self._start(row["id"])

    # -------------------------------------------------------------------------------------------------- the work

    def _start(self, number: int) -> None:
        # A context of its own: the run outlives the request that planned it, and the request's busy block.
        task = asyncio.get_running_loop().create_task(self._when_due(number), context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _when_due(self, number: int) -> None:
        database, clock = self._site.database, self._site.clock
        with clock.busy():
            run_at = database.value("SELECT run_at FROM campaign_runs WHERE id = ?", (number,))
            if run_at is None:
                # The call that planned it was rolled back.
                return
            await clock.sleep(run_at - clock.now().timestamp())
            try:
                await self._batch(number)
            except Exception:
                log.exception("run %s of a smart campaign failed", number)

    async def _batch(self, number: int) -> None:
        """Run a batch campaign on the people who are in its audience by now."""
        database = self._site.database
        planned = database.row("SELECT * FROM campaign_runs WHERE id = ? AND done_at IS NULL", (number,))
        if planned is None:
            return
        campaign = database.row("SELECT * FROM campaigns WHERE id = ?", (planned["campaign_id"],))
        leads: list[int] = []
        if campaign is not None:
            leads = audience(self._site, orjson.loads(campaign["audience"] or "null"))
            run = self._run(campaign, orjson.loads(planned["tokens"]), number=number)
            for first in range(0, len(leads), PEOPLE_AT_ONCE):
                with database.transaction():
                    self._let_through(run, leads[first : first + PEOPLE_AT_ONCE])
                await asyncio.sleep(0)
        with database.transaction():
            now = self._site.clock.now()
            database.execute(
                "UPDATE campaign_runs SET done_at = ?, leads = ? WHERE id = ?", (now.timestamp(), len(leads), number)
            )
            database.execute("UPDATE campaigns SET has_run = 1 WHERE id = ?", (planned["campaign_id"],))

    def _run(self, campaign: sqlite3.Row, tokens: Mapping[str, str], *, number: int) -> Run:
        place = Place(campaign["folder_id"], campaign["folder_type"])
        return Run(self._site, campaign, values_for(self._site, place, tokens), number)

    def _let_through(self, run: Run, lead_ids: Iterable[int]) -> None:
        """Run the flow on everybody who is there and qualifies: with rule `once`, not a second time."""
        site = self._site
        steps: list[dict[str, Any]] = orjson.loads(run.campaign["flow"])
        now = wire(site.clock.now())
        for lead_id in lead_ids:
            if not site.leads.exists(lead_id):
                continue
            known = site.database.row(
                "SELECT 1 FROM campaign_members WHERE lead_id = ? AND campaign_id = ?", (lead_id, run.campaign_id)
            )
            if known is not None and run.campaign["qualification"] == "once":
                continue
            site.database.execute(
                "INSERT INTO campaign_members (campaign_id, lead_id, created_at, updated_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (lead_id, campaign_id) DO UPDATE SET updated_at = excluded.updated_at",
                (run.campaign_id, lead_id, now, now),
            )
            run_steps(run, steps, lead_id)


def audience(site: Subscription, definition: Mapping[str, Any] | None) -> list[int]:
    """Return the ids of the people whom a batch campaign is for now: of a static list or a smart list, or nobody."""
    if definition is None:
        return []
    if "smartListId" in definition:
        if site.smart_lists.get(definition["smartListId"]) is None:
            log.warning(
                "the smart list %s of a campaign's audience is gone: nobody is in it", definition["smartListId"]
            )
            return []
        return site.smart_lists.members(definition["smartListId"])
    rows = site.database.rows(
        "SELECT lead_id FROM list_members WHERE list_id = ? ORDER BY lead_id", (definition["staticListId"],)
    )
    return [row["lead_id"] for row in rows]
