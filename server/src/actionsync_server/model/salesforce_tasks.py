"""A sales activity as a Salesforce Task: what it should say, and what of that one org lets us write.

    wanted(...) ──▶ every field we know a value for ──fit(description)──▶ the record, and warnings for what was left out

Only emails, replies and calls become Tasks; they are completed when they are logged. What else happens to a mail marks
the Task that it has (model/engagements).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actionsync_server.clock import to_datetime
from actionsync_server.model.activities import (
    Activity,
    ActivityType,
    ReceivedSalesCall,
    RepliedToSalesEmail,
    SalesCampaign,
    SendSalesEmail,
    sales_campaign,
)
from actionsync_server.model.directory import User
from actionsync_server.model.persons import Person
from actionsync_server.model.subject_template import SubjectValues, one_line, render

#: The field on Activity by which a Task is written once and found again (Text, External ID, Unique).
EXTERNAL_ID_FIELD = "ActionSync_Id__c"
#: Where an org without that field keeps the id: a standard text field that can be filtered by.
MARKER_FIELD = "CallObject"

Record = dict[str, Any]


class Field(Protocol):
    """What a description tells of one field."""

    @property
    def type(self) -> str: ...  # noqa: D102
    @property
    def length(self) -> int: ...  # noqa: D102
    @property
    def createable(self) -> bool: ...  # noqa: D102
    @property
    def updateable(self) -> bool: ...  # noqa: D102
    @property
    def picklist(self) -> frozenset[str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A record fit for one org, and what was left out or changed for it."""

    fields: Record
    warnings: tuple[str, ...]

    def without(self, names: frozenset[str]) -> TaskRecord:
        """Return the record without fields that Salesforce refused after all."""
        dropped = sorted(names & self.fields.keys())
        kept = {name: value for name, value in self.fields.items() if name not in names}
        told = [f"{name} is not writable and was left out" for name in dropped if name not in _CREATE_ONLY]
        return replace(self, fields=kept, warnings=(*self.warnings, *told))


#: Fields without which there is no sense in a Task: what refuses them refuses the Task.
ESSENTIAL = frozenset({"Subject", "Status", "WhoId", EXTERNAL_ID_FIELD, MARKER_FIELD})
_SALES_PREFIXES = ("MSE_", "mktosales_")
#: Fields that an org may have or not; only what is there and closed to us is worth a word.
_OPTIONAL_SUFFIX = "__c"
#: Fields that are set once; that a change leaves them out is no news.
_CREATE_ONLY = frozenset({"TaskSubtype"})
#: Picklists that may lack a value: then the field stays empty. Elsewhere a Task would say something else.
_LENIENT_PICKLISTS = frozenset({"Type", "TaskSubtype", "CallType"})

_WORDS = {
    ActivityType.SEND_SALES_EMAIL: ("Email", "Email"),
    ActivityType.REPLIED_TO_SALES_EMAIL: ("Reply", "Email"),
    ActivityType.RECEIVED_SALES_CALL: ("Call", "Call"),
}


def wanted(
    activity: Activity,
    *,
    seller: User,
    template: str,
    who_id: str,
    owner_id: str,
    what_id: str = "",
    reminder_name: str = "",
) -> Record:
    """Return every field with a value, as an org that lacks nothing would hold it.

    The activity's mail must be filled from its Send before (model/activities.filled). An empty `owner_id` leaves the
    Task to whoever writes it. `reminder_name` is of the reminder that the activity does, if any.
    """
    kind, subtype = _WORDS[activity.type]
    detail = activity.content.detail
    record: Record = {
        "Subject": subject(activity, template, reminder_name=reminder_name),
        "Type": kind,
        "TaskSubtype": subtype,
        "Status": "Completed",
        "Priority": "Normal",
        "ActivityDate": local_date(activity, seller),
        "WhoId": who_id,
        "WhatId": what_id,
        "OwnerId": owner_id,
        **_campaign(sales_campaign(detail)),
    }
    if isinstance(detail, SendSalesEmail | RepliedToSalesEmail):
        mail = detail.email
        record |= {"Description": detail.body, "MSE_Details__c": mail.url}
        if mail.template is not None:
            record |= {"MSE_Template__c": mail.template.name, "MSE_Template_Details__c": mail.template.url}
        if isinstance(detail, SendSalesEmail):
            record["MSE_Email_Status__c"] = "sent"
    elif isinstance(detail, ReceivedSalesCall):
        record |= _call(detail)
    return {name: value for name, value in record.items() if value not in ("", None)}


def opportunity_of(person: Person, record_id: str) -> str:
    """Return the opportunity that a Task on a record also belongs to, "" for none.

    A person's opportunity is one in which their contact has a role; a Task of a lead cannot have any. The account needs
    no word of ours: Salesforce takes it from the contact.
    """
    own = person.fields
    return own.salesforce_opportunity_id if record_id and record_id == own.salesforce_contact_id else ""


def subject(activity: Activity, template: str, *, reminder_name: str = "") -> str:
    """Return the Subject: from the template, but for replies, which always read `Reply: ` and the mail's subject."""
    detail = activity.content.detail
    if isinstance(detail, RepliedToSalesEmail):
        return one_line(f"Reply: {detail.email.subject}")
    campaign = sales_campaign(detail)
    values = SubjectValues(
        activity_type=_WORDS[activity.type][0],
        sales_campaign_name=campaign.name if campaign else "",
        sales_campaign_day=str(campaign.day) if campaign and campaign.day else "",
        sales_campaign_step=str(campaign.step) if campaign and campaign.step else "",
    )
    if isinstance(detail, SendSalesEmail):
        values = replace(values, activity_subject=detail.email.subject)
    elif isinstance(detail, ReceivedSalesCall):
        values = replace(
            values,
            activity_subject=detail.task_name or reminder_name,
            call_outcome=detail.outcome,
            call_reason=detail.reason,
        )
    return render(template, values)


def local_date(activity: Activity, seller: User) -> str:
    """Return the day of the activity, YYYY-MM-DD, where the seller is; UTC where that is not known."""
    moment = to_datetime(activity.content.activity_time)
    try:
        zone = ZoneInfo(seller.time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return moment.astimezone(zone).date().isoformat()


def fit(record: Record, description: Mapping[str, Field], *, update: bool = False) -> TaskRecord:
    """Return what of a record an org takes: known writable fields, values of its picklists, texts of its lengths.

    With `update` a field must be open to changes instead of to new records.
    """
    kept: Record = {}
    warnings = []
    for name, value in record.items():
        field = description.get(name)
        if field is None or not (field.updateable if update else field.createable):
            if update and name in _CREATE_ONLY:
                continue
            if field is not None or not name.endswith(_OPTIONAL_SUFFIX):
                state = "does not exist or is hidden" if field is None else "is not writable"
                warnings.append(f"{name} {state} and was left out")
        elif name in _LENIENT_PICKLISTS and value not in field.picklist:
            warnings.append(f"the picklist {name} has no value {value}; it was left empty")
        elif field.type == "url" and len(value) > field.length:
            # Half a URL leads nowhere.
            warnings.append(f"{name} is longer than {field.length} characters and was left out")
        else:
            kept[name] = _cut(value, field)
    return TaskRecord(kept, tuple(warnings))


def closed_fields(description: Mapping[str, Field]) -> list[str]:
    """Return the sales fields of Task that exist, but are not open to the user."""
    return sorted(
        name
        for name, field in description.items()
        if name.startswith(_SALES_PREFIXES) and not (field.createable and field.updateable)
    )


def _cut(value: Any, field: Field) -> Any:
    return value[: field.length] if isinstance(value, str) and 0 < field.length < len(value) else value


def _campaign(campaign: SalesCampaign | None) -> Record:
    if campaign is None:
        return {}
    return {
        "MSE_Campaign__c": campaign.name,
        "MSE_Campaign_Details_Link__c": campaign.url,
        "MSE_Current_Campaign_Step__c": str(campaign.step) if campaign.step else "",
    }


def _call(call: ReceivedSalesCall) -> Record:
    return {
        "Description": call.notes,
        "CallDurationInSeconds": call.duration,
        "CallDisposition": call.outcome,
        "CallType": "Outbound",
        "mktosales_call_outcome__c": call.outcome,
        "mktosales_call_reason__c": call.reason,
        "MSE_Call_Recording__c": call.recording_url,
        "MSE_Call_Local_Presence_ID__c": call.local_presence_id,
    }
