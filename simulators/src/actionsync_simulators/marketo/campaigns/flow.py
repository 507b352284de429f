"""What a smart campaign does with a person: a list of steps, kept as data and run one after the other.

    {"type": "addToList", "listId": 1003}                       {"type": "removeFromList", "listId": 1003}
    {"type": "changeDataValue", "field": "leadStatus", "value": "Called by {{my.Seller}}"}
    {"type": "changeScore", "field": "leadScore", "change": 5}
    {"type": "changeProgramStatus", "programId": 1003, "status": "Visited"}
    {"type": "interestingMoment", "moment": "Web", "description": "Hello {{lead.First Name}}"}
    {"type": "sendEmail", "emailId": 1501}

Values and descriptions may hold tokens: `{{my.…}}` of the campaign's place, `{{lead.…}}` fields by display name.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.activities.types import EMAIL_DELIVERED, INTERESTING_MOMENT, SEND_EMAIL
from actionsync_simulators.marketo.fields.standard import SCORE_FIELDS
from actionsync_simulators.marketo.fields.values import to_json, to_stored
from actionsync_simulators.marketo.gateway.errors import ApiError
from actionsync_simulators.marketo.gateway.times import wire
from actionsync_simulators.marketo.lists.membership import find_list, put_on_list, take_off_list
from actionsync_simulators.marketo.programs import members

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

log = logging.getLogger(__name__)

FLOW_ACTION = "Marketo Flow Action"
"""Source of what a campaign does, in its activities."""
TOKEN = re.compile(r"\{\{(my|lead)\.([^{}]+)\}\}")
Step = Mapping[str, Any]


class FlowError(ValueError):
    """A flow that cannot be run, in words for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a campaign: its row, its My Tokens by name, and its number."""

    site: Subscription
    campaign: sqlite3.Row
    tokens: Mapping[str, str]
    number: int

    @property
    def campaign_id(self) -> int:
        """The id that its activities bear."""
        return int(self.campaign["id"])

    def reason(self, action: str) -> str:
        """Return why a value changed, as the activity log words it."""
        return f"Changed by Smart Campaign {self.campaign['name']} action {action}"

    def filled(self, text: Any, lead_id: int) -> Any:
        """Return a text with its tokens filled in; an unknown one stays as it is."""
        if not isinstance(text, str) or "{{" not in text:
            return text
        return TOKEN.sub(lambda match: self._value(match, lead_id), text)

    def _value(self, match: re.Match[str], lead_id: int) -> str:
        kind, name = match.groups()
        if kind == "my":
            return self.tokens.get(name, match.group())
        field = next((one for one in self.site.fields if one.display_name == name), None)
        row = self.site.leads.stored(lead_id)
        if field is None or row is None:
            return match.group()
        value = to_json(field, row[field.name])
        return "" if value is None else str(value)


def _add_to_list(run: Run, step: Step, lead_id: int, _: int) -> None:
    row = find_list(run.site, step["listId"])
    put_on_list(run.site, row, lead_id, source=FLOW_ACTION, campaign_id=run.campaign_id)


def _remove_from_list(run: Run, step: Step, lead_id: int, _: int) -> None:
    row = find_list(run.site, step["listId"])
    take_off_list(run.site, row, lead_id, source=FLOW_ACTION, campaign_id=run.campaign_id)


def _change_data_value(run: Run, step: Step, lead_id: int, _: int) -> None:
    field = run.site.fields[step["field"]]
    value = to_stored(field, run.filled(step["value"], lead_id))
    _write(run, lead_id, {field.name: value}, action="Change Data Value")


def _change_score(run: Run, step: Step, lead_id: int, _: int) -> None:
    name = step["field"]
    old = run.site.database.value(f'SELECT "{name}" FROM leads WHERE id = ?', (lead_id,))  # noqa: S608 - a score field
    _write(run, lead_id, {name: (old or 0) + step["change"]}, action="Change Score")


def _write(run: Run, lead_id: int, values: dict[str, Any], *, action: str) -> None:
    origin = Origin(source=FLOW_ACTION, reason=run.reason(action), campaign_id=run.campaign_id)
    run.site.leads.update(lead_id, values, origin=origin)


def _change_program_status(run: Run, step: Step, lead_id: int, _: int) -> None:
    program = members.find_program(run.site, step["programId"])
    status = members.status_named(run.site, program, step["status"])
    reason = run.reason("Change Program Status")
    try:
        members.advance(run.site, program, lead_id, status, reason=reason, campaign_id=run.campaign_id)
    except ApiError as error:
        # Whoever is further on stays there, and the flow goes on.
        if error.code != "1037":
            raise


def _interesting_moment(run: Run, step: Step, lead_id: int, _: int) -> None:
    run.site.recorder.add(
        lead_id,
        INTERESTING_MOMENT,
        asset=step["moment"],
        campaign_id=run.campaign_id,
        attributes={
            "Date": wire(run.site.clock.now()),
            "Description": run.filled(step["description"], lead_id),
            "Source": FLOW_ACTION,
        },
    )


def _send_email(run: Run, step: Step, lead_id: int, number: int) -> None:
    """Record a mail as sent and delivered; who has no address or is unsubscribed gets operational mails at most."""
    email = run.site.database.row("SELECT * FROM emails WHERE id = ?", (step["emailId"],))
    lead = run.site.leads.stored(lead_id)
    if email is None or lead is None or not lead["email"] or (lead["unsubscribed"] and not email["operational"]):
        return
    program = None
    if email["folder_type"] == "Program":
        program = run.site.database.value("SELECT name FROM programs WHERE id = ?", (email["folder_id"],))
    details = {"Campaign Run ID": run.number, "Choice Number": 0, "Has Predictive": False, "Step ID": number}
    for type_id in (SEND_EMAIL, EMAIL_DELIVERED):
        run.site.recorder.add(
            lead_id,
            type_id,
            asset_id=email["id"],
            asset=f"{program}.{email['name']}" if program else email["name"],
            campaign_id=run.campaign_id,
            attributes=details | {"Test Variant": 0},
        )


_ACTIONS: dict[str, tuple[Callable[[Run, Step, int, int], None], dict[str, type]]] = {
    "addToList": (_add_to_list, {"listId": int}),
    "removeFromList": (_remove_from_list, {"listId": int}),
    "changeDataValue": (_change_data_value, {"field": str, "value": object}),
    "changeScore": (_change_score, {"field": str, "change": int}),
    "changeProgramStatus": (_change_program_status, {"programId": int, "status": str}),
    "interestingMoment": (_interesting_moment, {"moment": str, "description": str}),
    "sendEmail": (_send_email, {"emailId": int}),
}


def run_steps(run: Run, steps: Sequence[Step], lead_id: int) -> None:
    """Let one person go through the flow. A step that cannot be done is left out, and the flow goes on."""
    for number, step in enumerate(steps, start=1):
        action = _ACTIONS[step["type"]][0]
        try:
            action(run, step, lead_id, number)
        except ApiError as error:
            log.warning("campaign %s, step %s, lead %s: %s", run.campaign_id, number, lead_id, error)


def check_flow(site: Subscription, steps: Any) -> list[dict[str, Any]]:
    """Return the steps of a flow; FlowError when one is unknown, incomplete or about what is not there."""
    if not isinstance(steps, list):
        raise FlowError("flow is no list of steps")
    for number, step in enumerate(steps, start=1):
        if not isinstance(step, dict) or step.get("type") not in _ACTIONS:
            raise FlowError(f"step {number}: type is none of {', '.join(_ACTIONS)}")
        wanted = _ACTIONS[step["type"]][1]
        if set(step) != {"type", *wanted}:
            raise FlowError(f"step {number}: {step['type']} has {', '.join(wanted)}")
        for name, kind in wanted.items():
            if not isinstance(step[name], kind) or (kind is int and isinstance(step[name], bool)):
                raise FlowError(f"step {number}: {name} is {step[name]!r}")
        try:
            _check_targets(site, step)
        except ApiError as error:
            raise FlowError(f"step {number}: {error.message}") from error
    return steps


def _check_targets(site: Subscription, step: Step) -> None:
    """Refuse (ApiError, FlowError) a step about a list, program, field, status or email that is not there."""
    if "listId" in step:
        find_list(site, step["listId"])
    if "programId" in step:
        members.status_named(site, members.find_program(site, step["programId"]), step["status"])
    if "emailId" in step and site.database.row("SELECT 1 FROM emails WHERE id = ?", (step["emailId"],)) is None:
        raise FlowError(f"there is no email {step['emailId']}")
    if step["type"] == "changeScore" and step["field"] not in SCORE_FIELDS:
        raise FlowError(f"{step['field']} is no score: {', '.join(sorted(SCORE_FIELDS))}")
    if step["type"] == "changeDataValue":
        field = site.fields.get(step["field"])
        if field is None or not field.updateable:
            raise FlowError(f"{step['field']} is no field that can be written")
        if "{{" not in str(step["value"]):
            to_stored(field, step["value"])
