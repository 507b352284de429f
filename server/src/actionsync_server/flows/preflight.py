"""A look at a connected system: what it lacks for each flow, said before anything is lost for it."""

from __future__ import annotations

from typing import Any

from actionsync_server.flows.activity_types import prepare
from actionsync_server.model.connections import Finding, Severity
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import Refused
from actionsync_server.model.salesforce_tasks import EXTERNAL_ID_FIELD, closed_fields
from actionsync_server.model.synced_fields import OWNERSHIP_FIELDS, synced_fields
from actionsync_server.systems.marketo import Marketo
from actionsync_server.systems.salesforce import ObjectDescription, Salesforce

#: The fields that only Marketo's native Salesforce sync provides; without them nobody qualifies.
_CRM_FIELDS = frozenset({"sfdcLeadOwnerId", "sfdcLeadId", "sfdcContactId"})
_TASK_TYPES = ("Email", "Call", "Reply")
_OPT_OUT = "HasOptedOutOfEmail"


async def look_at_marketo(
    client: Marketo, *, linkedin_field: str, prepare_types: bool
) -> tuple[list[Finding], dict[str, Any]]:
    """Return the findings and what is to be remembered: ids of our activity types, fields that are missing.

    With `prepare_types` the custom activity types that are missing are created and approved.
    """
    present = await client.describe_fields()
    wanted = [field.marketo_name for field in synced_fields(linkedin_field)] + list(OWNERSHIP_FIELDS)
    missing = [name for name in wanted if name not in present]
    findings = [_people_finding(missing)]
    prepared = await prepare(client, create=prepare_types)
    findings += prepared.findings
    return findings, {"activity_types": prepared.ids, "missing_fields": missing}


def _people_finding(missing: list[str]) -> Finding:
    if any(name in _CRM_FIELDS for name in missing):
        return Finding(
            Severity.ERROR,
            "lead_fields",
            "this Marketo has no Salesforce fields on its people, so it cannot tell who has a sales owner",
            "turn Marketo's native Salesforce sync on",
            ActionOwner.MARKETO_ADMIN,
        )
    if missing:
        return Finding(
            Severity.WARNING,
            "lead_fields",
            f"these fields do not exist in this Marketo and stay empty: {', '.join(missing)}",
            "create them, or name another field in people.linkedin_field",
            ActionOwner.MARKETO_ADMIN,
        )
    return Finding(Severity.OK, "lead_fields", "all synced fields are there")


async def look_at_salesforce(client: Salesforce, *, for_user: bool) -> tuple[list[Finding], dict[str, Any]]:
    """Return the findings and what is to be remembered: whether Tasks have our external id.

    By the login of one user only Tasks are written, so nothing else is looked at then.
    """
    task = await client.describe("Task")
    findings = [_external_id_finding(task), _task_type_finding(task), _task_fields_finding(task)]
    if not for_user:
        findings += [await _opt_out_finding(client, name) for name in ("Lead", "Contact")]
    return findings, {"task_external_id": _has_external_id(task)}


def whose_login(known: str, found: str) -> Finding:
    """Return whether a user's login belongs to the Salesforce user that the directory names for them."""
    if known in ("", found):
        return Finding(Severity.OK, "user.salesforce_user", "the login belongs to the user's own Salesforce user")
    return Finding(
        Severity.WARNING,
        "user.salesforce_user",
        f"the login belongs to Salesforce user {found}, but the directory names {known}: Tasks are written by the"
        " first and owned by the second",
        "correct salesforce_user_id with UpsertUser, or connect with the other login",
        ActionOwner.ADMIN,
    )


def _has_external_id(task: ObjectDescription) -> bool:
    field = task.fields.get(EXTERNAL_ID_FIELD)
    return field is not None and field.external_id and field.createable


def _external_id_finding(task: ObjectDescription) -> Finding:
    if _has_external_id(task):
        return Finding(Severity.OK, "task.external_id", "Tasks carry our external id; a repeated write makes no second")
    return Finding(
        Severity.WARNING,
        "task.external_id",
        f"Tasks have no writable external id field {EXTERNAL_ID_FIELD}; uncertain writes are looked up instead",
        f"create {EXTERNAL_ID_FIELD} on Activity (Text 100, External ID, Unique) and make it writable",
        ActionOwner.SALESFORCE_ADMIN,
    )


def _task_type_finding(task: ObjectDescription) -> Finding:
    field = task.fields.get("Type")
    missing = [name for name in _TASK_TYPES if field is None or name not in field.picklist]
    if not missing:
        return Finding(Severity.OK, "task.type", "the Type picklist of Task has Email, Call and Reply")
    return Finding(
        Severity.WARNING,
        "task.type",
        f"the Type picklist of Task lacks {', '.join(missing)}; such Tasks get no Type",
        f"add {', '.join(missing)} to the picklist, spelt so",
        ActionOwner.SALESFORCE_ADMIN,
    )


def _task_fields_finding(task: ObjectDescription) -> Finding:
    closed = closed_fields(task.fields)
    if not closed:
        return Finding(Severity.OK, "task.fields", "the sales fields of Task that are there can be written")
    return Finding(
        Severity.WARNING,
        "task.fields",
        f"the login may not write these fields of Task, which stay empty: {', '.join(closed)}",
        "make them editable for the login (field-level security)",
        ActionOwner.SALESFORCE_ADMIN,
    )


async def _opt_out_finding(client: Salesforce, object_name: str) -> Finding:
    subject = f"{object_name.lower()}.opt_out"
    try:
        described = await client.describe(object_name)
    except Refused:
        return Finding(
            Severity.ERROR,
            subject,
            f"the login may not see {object_name} records",
            f"give the login read and edit rights on {object_name}",
            ActionOwner.SALESFORCE_ADMIN,
        )
    field = described.fields.get(_OPT_OUT)
    if field is not None and field.updateable:
        return Finding(Severity.OK, subject, f"Email Opt Out is visible and editable on {object_name}")
    state = "not editable" if field is not None else "not visible"
    return Finding(
        Severity.WARNING,
        subject,
        f"Email Opt Out ({_OPT_OUT}) is {state} on {object_name}; unsubscribes cannot be pushed there",
        f"grant the login edit access to {_OPT_OUT} on {object_name}",
        ActionOwner.SALESFORCE_ADMIN,
    )
