"""Submit form: what a person filling out a form on a web page does, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.record import Origin
from actionsync_simulators.marketo.activities.types import FILL_OUT_FORM
from actionsync_simulators.marketo.gateway.call import as_integer, skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.leads.forms import Form, find_form
from actionsync_simulators.marketo.leads.read import cookie_of
from actionsync_simulators.marketo.leads.records import UPSERT, RecordWriter
from actionsync_simulators.marketo.programs import members

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

SOURCE = "Web form fillout"
FILLED_OUT = "Filled-out Form"
"""The status that members of a web program have from a form."""
VISIT = {
    "leadClientIpAddress": "Client IP Address",
    "pageURL": "Referrer URL",
    "queryString": "Query Parameters",
    "userAgentString": "User Agent",
}
"""Members of `visitorData`, and the attributes of the activity that take them."""


def submit_form(site: Subscription, call: Call) -> Members:
    """POST leads/submitForm: an upsert by email, a Fill Out Form activity, a place in the named program."""
    body = call.json_object()
    if body.get("formId") is None:
        raise api_error("1002", "formId")
    form = find_form(site.database, as_integer(body["formId"]))
    program = None
    if body.get("programId") is not None:
        program = members.find_program(site, as_integer(body["programId"]))
    records = call.input_records()
    if len(records) != 1:
        raise invalid_data("input must hold a single record")
    try:
        return {"result": [_submit(site, call, records[0], form=form, program=program)]}
    except ApiError as error:
        return {"result": [skipped(error)]}


def _submit(
    site: Subscription, call: Call, record: dict[str, Any], *, form: Form, program: sqlite3.Row | None
) -> dict[str, Any]:
    fields = _object(record, "leadFormFields", needed=True)
    visit = _object(record, "visitorData")
    cookie = record.get("cookie")
    bare_cookie = cookie_of(str(cookie)) if cookie else None
    for name in fields:
        if name not in form.fields:
            raise api_error("1006", name)
    if not fields.get("email"):
        raise api_error("1002", "email")
    origin = Origin(SOURCE, f"Filled out form {form.name}", "submitForm", call.user, call.request_id)
    row = RecordWriter(
        site=site,
        call=call,
        action=UPSERT,
        lookup=site.fields["email"],
        partition=None,
        origin=origin,
        details={"Form Name": form.name},
    ).write(fields)
    lead_id = row["id"]
    if bare_cookie:
        site.leads.add_cookie(lead_id, bare_cookie)
    told = {attribute: visit.get(name) for name, attribute in VISIT.items()}
    site.recorder.add(
        lead_id,
        FILL_OUT_FORM,
        asset_id=form.id,
        asset=form.name,
        attributes=told | {"Form Fields": _serialised(fields)},
    )
    if program is not None:
        _join(site, program, lead_id, acquired=row["status"] == "created")
    return row


def _object(record: dict[str, Any], name: str, *, needed: bool = False) -> dict[str, Any]:
    value = record.get(name)
    if value is None:
        if needed:
            raise api_error("1002", name)
        return {}
    if not isinstance(value, dict):
        raise api_error("1001", value, "object")
    return value


def _join(site: Subscription, program: sqlite3.Row, lead_id: int, *, acquired: bool) -> None:
    """Make the lead a member, by the status for forms where the channel has it; who is further on stays there."""
    known = members.statuses(site, program)
    status = next((one for one in known if one.name == FILLED_OUT), members.first_status(site, program))
    try:
        members.advance(site, program, lead_id, status, reason=FILLED_OUT, acquired=acquired)
    except ApiError as error:
        if error.code != "1037":
            raise


def _serialised(fields: dict[str, Any]) -> str:
    """Return the fields as the activity prints them: the way PHP serialises an array of texts."""

    def text(value: Any) -> str:
        words = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        return f's:{len(words.encode())}:"{words}";'

    return f"a:{len(fields)}:{{{''.join(text(name) + text(value) for name, value in fields.items())}}}"
