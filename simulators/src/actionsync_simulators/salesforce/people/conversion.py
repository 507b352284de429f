"""Lead conversion: account, contact and opportunity come of a lead, and its activities move on to them."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from actionsync_simulators.salesforce.gateway.errors import api_error, no_such_row, wrong_id_type
from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.people.memberships import drop_second_memberships
from actionsync_simulators.salesforce.rows.write import create, live_row, may_write, touch
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.rules import last_activity
from actionsync_simulators.salesforce.rules.activity import account_of
from actionsync_simulators.salesforce.rules.org_rules import check_locks
from actionsync_simulators.salesforce.schema import Access, SObject
from actionsync_simulators.salesforce.state import Org, Row

CONVERSION_FIELDS = frozenset(
    {"Status", "IsConverted", "ConvertedDate", "ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId"}
)
OPT_OUTS = ("HasOptedOutOfEmail", "DoNotCall", "HasOptedOutOfFax")
_ADDRESS = ("Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude", "GeocodeAccuracy")
TO_ACCOUNT = {
    "Company": "Name",
    "Phone": "Phone",
    "Fax": "Fax",
    "Website": "Website",
    "Industry": "Industry",
    "AnnualRevenue": "AnnualRevenue",
    "NumberOfEmployees": "NumberOfEmployees",
    "Rating": "Rating",
    "LeadSource": "AccountSource",
    **{part: f"Billing{part}" for part in _ADDRESS},
}
TO_CONTACT = {
    **{name: name for name in ("FirstName", "LastName", "Salutation", "Title", "Email", "Phone", "MobilePhone")},
    **{name: name for name in ("Fax", "LeadSource", "Description", "IndividualId")},
    **{name: name for name in ("EmailBouncedReason", "EmailBouncedDate")},
    **{part: f"Mailing{part}" for part in _ADDRESS},
}


@dataclass(frozen=True, slots=True)
class LeadConvert:
    """What is asked for; ids in any form. Without an id a new row is made."""

    lead_id: str
    converted_status: str
    account_id: str | None = None
    contact_id: str | None = None
    opportunity_id: str | None = None
    opportunity_name: str | None = None
    owner_id: str | None = None
    create_opportunity: bool = True
    overwrite_lead_source: bool = False


@dataclass(frozen=True, slots=True)
class Converted:
    """What came of a lead."""

    lead_id: str
    account_id: str
    contact_id: str
    opportunity_id: str | None


def convert_lead(org: Org, write: Write, order: LeadConvert) -> Converted:
    """Convert a lead, in one transaction. Raises ApiError and changes nothing when it cannot be done."""
    may_write(write, org.sobject("Lead"))
    # The platform writes here, not the caller's field-level security.
    platform = _as_platform(write)
    with org.database.transaction():
        lead = _lead(org, order)
        owner_id = _owner(org, order, lead)
        contact = _existing(org, "Contact", order.contact_id)
        account = _existing(org, "Account", order.account_id or (contact or {}).get("AccountId"))
        check_locks(org, {row["Id"] for row in (lead, contact, account) if row is not None})
        _check_belongs(contact, account)
        account_id = _account(org, platform, lead, account, owner_id)
        contact_id = _contact(org, platform, lead, contact, account_id=account_id, owner_id=owner_id, order=order)
        opportunity_id = _opportunity(
            org, platform, lead, order, account_id=account_id, contact_id=contact_id, owner_id=owner_id
        )
        _close_lead(org, platform, lead, order, (account_id, contact_id, opportunity_id))
        _move_activities(org, platform, lead["Id"], contact_id=contact_id, what_id=opportunity_id or account_id)
        drop_second_memberships(org, platform, kept=contact_id, given_up=lead["Id"])
        org.database.execute(
            'UPDATE "CampaignMember" SET ContactId = ?, LeadOrContactId = ? WHERE LeadId = ? AND IsDeleted = 0',
            (contact_id, contact_id, lead["Id"]),
        )
        touched = [lead["Id"], contact_id, account_id, opportunity_id]
        last_activity.recompute(org, [each for each in touched if each is not None])
    return Converted(lead["Id"], account_id, contact_id, opportunity_id)


def _as_platform(write: Write) -> Write:
    caller = write.caller
    return replace(write, caller=replace(caller, access=Access()), body=b"", allow_duplicates=True)


def _lead(org: Org, order: LeadConvert) -> Row:
    sobject = org.sobject("Lead")
    lead_id = full_id(order.lead_id)
    if lead_id is None or not lead_id.startswith(sobject.key_prefix):
        raise wrong_id_type("Lead ID", order.lead_id, "leadId")
    lead = live_row(org, sobject, lead_id, missing_status=400)
    if lead["IsConverted"]:
        raise api_error("CANNOT_UPDATE_CONVERTED_LEAD", fields=())
    allowed = org.database.value('SELECT IsConverted FROM "LeadStatus" WHERE ApiName = ?', (order.converted_status,))
    if not allowed:
        raise api_error(
            "INVALID_STATUS", f"invalid convertedStatus: {order.converted_status}", fields=["convertedStatus"]
        )
    return lead


def _owner(org: Org, order: LeadConvert, lead: Row) -> str:
    owner_id = full_id(order.owner_id) if order.owner_id else lead["OwnerId"]
    user = None if owner_id is None else org.row(org.sobject("User"), owner_id)
    if user is None:
        raise api_error(
            "FIELD_INTEGRITY_EXCEPTION",
            "Converted objects can only be owned by users. If the lead is not owned by a user, you must specify"
            " a user for the Owner field.",
            fields=["OwnerId"],
        )
    if not user["IsActive"]:
        raise api_error(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{owner_id}] as owner of contact",
            fields=["OwnerId"],
        )
    return str(owner_id)


def _existing(org: Org, object_name: str, given: str | None) -> Row | None:
    if given is None:
        return None
    sobject = org.sobject(object_name)
    record_id = full_id(given)
    if record_id is None or not record_id.startswith(sobject.key_prefix):
        raise wrong_id_type(f"{sobject.label} ID", given, sobject.fields["Id"].name)
    return live_row(org, sobject, record_id, missing_status=400)


def _check_belongs(contact: Row | None, account: Row | None) -> None:
    if contact is None or account is None or contact["AccountId"] in (None, account["Id"]):
        return
    raise no_such_row(status=400)


def _account(org: Org, write: Write, lead: Row, account: Row | None, owner_id: str) -> str:
    sobject = org.sobject("Account")
    values = _mapped(lead, TO_ACCOUNT)
    if account is None:
        return create(org, write, sobject, {**values, "OwnerId": owner_id})
    _fill_empty(org, write, sobject, account, values)
    return str(account["Id"])


def _contact(
    org: Org,
    write: Write,
    lead: Row,
    contact: Row | None,
    *,
    account_id: str,
    owner_id: str,
    order: LeadConvert,
) -> str:
    sobject = org.sobject("Contact")
    values = _mapped(lead, TO_CONTACT) | _custom_values(org, lead, sobject)
    if contact is None:
        opt_outs = {name: bool(lead[name]) for name in OPT_OUTS}
        row = {**values, **opt_outs, "AccountId": account_id, "OwnerId": owner_id}
        return create(org, write, sobject, row)
    changes: dict[str, Any] = {}
    if contact["AccountId"] is None:
        changes["AccountId"] = account_id
    if order.overwrite_lead_source and lead["LeadSource"] is not None:
        changes["LeadSource"] = lead["LeadSource"]
    if org.switches.copy_opt_out_to_existing_contact:
        changes |= {name: 1 for name in OPT_OUTS if lead[name] and not contact[name]}
    _fill_empty(org, write, sobject, contact, values, also=changes)
    return str(contact["Id"])


def _opportunity(
    org: Org,
    write: Write,
    lead: Row,
    order: LeadConvert,
    *,
    account_id: str,
    contact_id: str,
    owner_id: str,
) -> str | None:
    existing = _existing(org, "Opportunity", order.opportunity_id)
    if existing is not None:
        return str(existing["Id"])
    if not order.create_opportunity:
        return None
    opportunity_id = create(
        org,
        write,
        org.sobject("Opportunity"),
        {
            "Name": order.opportunity_name or f"{lead['Company']}-",
            "AccountId": account_id,
            "StageName": "Prospecting",
            "CloseDate": _end_of_quarter(_today(org)).isoformat(),
            "LeadSource": lead["LeadSource"],
            "OwnerId": owner_id,
        },
    )
    role = {"OpportunityId": opportunity_id, "ContactId": contact_id, "IsPrimary": True}
    create(org, write, org.sobject("OpportunityContactRole"), role)
    return opportunity_id


def _close_lead(org: Org, write: Write, lead: Row, order: LeadConvert, ids: tuple[str, str, str | None]) -> None:
    account_id, contact_id, opportunity_id = ids
    changes = {
        "IsConverted": 1,
        "Status": order.converted_status,
        "ConvertedDate": _today(org).isoformat(),
        "ConvertedAccountId": account_id,
        "ConvertedContactId": contact_id,
        "ConvertedOpportunityId": opportunity_id,
        "IsUnreadByOwner": 0,
    }
    sobject = org.sobject("Lead")
    # The event of a conversion names these fields only, not even who did it when.
    org.changes.changing(write, sobject, lead["Id"], before=lead, only=CONVERSION_FIELDS)
    touch(org, write, sobject, lead["Id"], changes, before=lead)


def _move_activities(org: Org, write: Write, lead_id: str, *, contact_id: str, what_id: str) -> None:
    account_id = account_of(org, contact_id, what_id)
    for name in ("Task", "Event"):
        sobject = org.sobject(name)
        for row in org.database.rows(f'SELECT * FROM "{name}" WHERE WhoId = ? AND IsDeleted = 0', (lead_id,)):
            changes = {"WhoId": contact_id, "WhatId": what_id, "AccountId": account_id}
            published = org.switches.change_events_of_moved_activities
            touch(org, write, sobject, row["Id"], changes, before=dict(row), published=published)


def _mapped(lead: Row, mapping: Mapping[str, str]) -> dict[str, Any]:
    return {target: lead[source] for source, target in mapping.items() if lead[source] is not None}


def _custom_values(org: Org, lead: Row, target: SObject) -> dict[str, Any]:
    """Custom fields of the same name and type are mapped by default; unique ones would clash and are not."""
    values: dict[str, Any] = {}
    for field in org.sobject("Lead").stored_fields:
        other = target.fields.get(field.name)
        if field.custom and other is not None and other.type == field.type and not other.unique:
            value = lead[field.name]
            if value is not None:
                values[field.name] = bool(value) if field.type == "boolean" else value
    return values


def _fill_empty(
    org: Org,
    write: Write,
    sobject: SObject,
    row: Row,
    values: Mapping[str, Any],
    *,
    also: Mapping[str, Any] | None = None,
) -> None:
    changes = {name: value for name, value in values.items() if row[name] is None} | dict(also or {})
    if not changes:
        return
    if {"FirstName", "LastName"} & changes.keys():
        merged = {**row, **changes}
        changes["Name"] = " ".join(part for part in (merged["FirstName"], merged["LastName"]) if part)
    touch(org, write, sobject, row["Id"], changes, before=row)


def _today(org: Org) -> date:
    return org.clock.now().astimezone(ZoneInfo(org.switches.time_zone)).date()


def _end_of_quarter(day: date) -> date:
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year, month, 31 if month in (3, 12) else 30)
