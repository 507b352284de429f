"""Control calls for smart campaigns: defining what the vendor's user interface would, and seeing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.control import ControlError, ControlRoute
from actionsync_simulators.marketo.assets.request import FOLDER, PROGRAM, Place
from actionsync_simulators.marketo.assets.seeding import MARKETING_DEFAULT
from actionsync_simulators.marketo.campaigns.assets import home, insert
from actionsync_simulators.marketo.campaigns.flow import FlowError, check_flow
from actionsync_simulators.marketo.campaigns.rest import API_SOURCE
from actionsync_simulators.marketo.gateway.errors import ApiError
from actionsync_simulators.marketo.gateway.times import wire_seconds

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

HINT = (
    '{"name": "Call me", "type": "trigger", "program": "Contact Us", "active": true, "qualification": "once",'
    ' "trigger": {"type": "campaignIsRequested", "source": "Web Service API"},'
    ' "flow": [{"type": "interestingMoment", "moment": "Web", "description": "Hello {{my.Name}}"}]},'
    ' or {"name": "Mail", "type": "batch", "audience": {"staticListId": 1002}, "flow": […]}'
)
MEMBERS = {"name", "description", "type", "program", "active", "qualification", "trigger", "audience", "flow"}
SOURCES = (API_SOURCE, "Marketo Flow Action")
RUNS_SHOWN = 100


class CampaignControls:
    """The control calls of this package for one subscription."""

    def __init__(self, site: Subscription) -> None:
        self._site = site

    def routes(self) -> dict[tuple[str, str], ControlRoute]:
        """Return the calls by method and path."""
        return {("POST", "campaigns"): self.define, ("GET", "campaigns"): self.campaigns}

    def define(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Add a campaign with trigger or audience and flow."""
        unknown = sorted(set(arguments) - MEMBERS)
        if unknown:
            raise ControlError(f"{unknown[0]!r} is no member of a campaign", hint=HINT)
        name, kind = arguments.get("name"), arguments.get("type", "batch")
        if not isinstance(name, str) or not name.strip():
            raise ControlError("name is missing", hint=HINT)
        if kind not in ("batch", "trigger"):
            raise ControlError(f"type is {kind!r}", hint=HINT)
        qualification = arguments.get("qualification", "any")
        if qualification not in ("once", "any"):
            raise ControlError(f"qualification is {qualification!r}, not once or any", hint=HINT)
        trigger = self._trigger(arguments.get("trigger"), kind)
        audience = self._audience(arguments.get("audience"), kind)
        with self._site.database.transaction():
            try:
                flow = check_flow(self._site, arguments.get("flow", []))
                at = self._place(arguments.get("program"))
                campaign_id = insert(
                    self._site,
                    name=name.strip(),
                    description=arguments.get("description"),
                    at=at,
                    program_id=home(self._site, at, name.strip()),
                )
            except (ApiError, FlowError) as problem:
                raise ControlError(str(problem), hint=HINT) from None
            self._site.database.execute(
                "UPDATE campaigns SET type = ?, is_active = ?, qualification = ?, trigger = ?, audience = ?, flow = ?"
                " WHERE id = ?",
                (
                    kind,
                    int(kind == "trigger" and bool(arguments.get("active", True))),
                    qualification,
                    None if trigger is None else orjson.dumps(trigger).decode(),
                    None if audience is None else orjson.dumps(audience).decode(),
                    orjson.dumps(flow).decode(),
                    campaign_id,
                ),
            )
        return {"id": campaign_id, "name": name.strip()}

    def campaigns(self, _: dict[str, Any]) -> dict[str, Any]:
        """Return every campaign with its flow, and the latest runs, done or planned."""
        database = self._site.database
        runs = database.rows("SELECT * FROM campaign_runs ORDER BY id DESC LIMIT ?", (RUNS_SHOWN,))
        return {
            "campaigns": [
                {
                    "id": row["id"],
                    "name": row["name"],
                    "type": row["type"],
                    "active": bool(row["is_active"]),
                    "qualification": row["qualification"],
                    "trigger": orjson.loads(row["trigger"] or "null"),
                    "audience": orjson.loads(row["audience"] or "null"),
                    "flow": orjson.loads(row["flow"]),
                }
                for row in database.rows("SELECT * FROM campaigns ORDER BY id")
            ],
            "runs": [
                {
                    "id": row["id"],
                    "campaign": row["campaign_id"],
                    "runAt": wire_seconds(int(row["run_at"])),
                    "done": row["done_at"] is not None,
                    "leads": row["leads"],
                }
                for row in runs
            ],
        }

    def _trigger(self, given: Any, kind: str) -> dict[str, str] | None:
        if kind == "batch":
            if given is not None:
                raise ControlError("a batch campaign has no trigger", hint=HINT)
            return None
        if given is None:
            return {"type": "campaignIsRequested", "source": API_SOURCE}
        wanted = isinstance(given, dict) and given.get("type") == "campaignIsRequested"
        if not wanted or given.get("source") not in SOURCES:
            raise ControlError(f"trigger is {given!r}", hint=HINT)
        return {"type": "campaignIsRequested", "source": given["source"]}

    def _audience(self, given: Any, kind: str) -> dict[str, int] | None:
        if given is None:
            return None
        if kind == "trigger":
            raise ControlError("a trigger campaign has no audience", hint=HINT)
        if not isinstance(given, dict) or len(given) != 1:
            raise ControlError(f"audience is {given!r}", hint=HINT)
        ((name, list_id),) = given.items()
        known = isinstance(list_id, int) and (
            (name == "smartListId" and self._site.smart_lists.get(list_id) is not None)
            or (
                name == "staticListId"
                and self._site.database.row("SELECT 1 FROM static_lists WHERE id = ?", (list_id,)) is not None
            )
        )
        if not known:
            raise ControlError(f"audience is {given!r}: there is no such list", hint=HINT)
        return {name: list_id}

    def _place(self, program: Any) -> Place:
        """Return where a campaign lies: in a program of this name, or beside the programs."""
        if program is None:
            return Place(MARKETING_DEFAULT, FOLDER)
        program_id = self._site.database.value("SELECT id FROM programs WHERE name = ?", (str(program),))
        if program_id is None:
            raise FlowError(f"there is no program {program!r}")
        return Place(program_id, PROGRAM)
