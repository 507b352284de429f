"""A sales activity as a row of its custom activity type: the primary value, and the attributes that are not empty."""

from __future__ import annotations

from actionsync_server.model.activities import (
    Activity,
    AddToSalesCampaign,
    CallStatus,
    ClickSalesEmail,
    Detail,
    EmailDetail,
    ReceivedSalesCall,
    RemovedFromSalesCampaign,
    RepliedToSalesEmail,
    SalesCampaign,
    SalesEmail,
    SalesEmailBounced,
    SalesTemplate,
)
from actionsync_server.model.activity_types import ACTIVITY_ID, TYPES, UNKNOWN
from actionsync_server.model.directory import User
from actionsync_server.model.persons import Person

#: What Marketo calls the origin of every activity of this product.
SOURCE = "Sales App"
#: Most characters of a Marketo string.
STRING_LENGTH = 255
#: Most bytes of a bounce message: a row's attributes must stay below 65,536 bytes, also when much of it is escaped.
DETAILS_BYTES = 30_000

_CALL_STATUS = {
    CallStatus.COMPLETED: "completed",
    CallStatus.NO_ANSWER: "no answer",
    CallStatus.CANCELLED: "cancelled",
    CallStatus.FAILED: "failed",
}

Values = dict[str, str | int]


def marketo_row(activity: Activity, person: Person, seller: User) -> tuple[str, list[tuple[str, str | int]]]:
    """Return the primary value and the attributes by apiName, empty ones left out.

    The activity's mail must be filled from its Send before (model/activities.filled).
    """
    spec = TYPES[activity.type]
    values: Values = {
        "Source": SOURCE,
        "Sent By": seller.email,
        "Marketo Sales Person ID": person.person_id,
        ACTIVITY_ID: activity.activity_id,
        **_values(activity.content.detail, seller),
    }
    primary = values.get(spec.primary.name, "")
    attributes = [(one.api_name, values[one.name]) for one in spec.attributes if values.get(one.name, "") != ""]
    return str(primary) or UNKNOWN, attributes


def email_subject(email: SalesEmail) -> str:
    """Return the subject as Marketo shows it: it ends in the mail's number, also when it must be cut for that."""
    ending = f"(SIA-{email.email_id})"
    return f"{email.subject[: STRING_LENGTH - len(ending) - 1]} {ending}"


def _values(detail: Detail, seller: User) -> Values:
    """Return what the kind of activity knows, by attribute name; more than its type has is ignored."""
    if isinstance(detail, EmailDetail):
        mail: Values = {"Email Subject": email_subject(detail.email)}
        return mail | _template(detail.email.template) | _campaign(detail.email.sales_campaign) | _mail(detail, seller)
    if isinstance(detail, ReceivedSalesCall):
        return _campaign(detail.sales_campaign) | _call(detail, seller)
    if isinstance(detail, AddToSalesCampaign | RemovedFromSalesCampaign):
        return _campaign(detail.sales_campaign)
    raise TypeError(f"no row for {type(detail).__name__}")


def _mail(detail: EmailDetail, seller: User) -> Values:
    if isinstance(detail, ClickSalesEmail):
        return {"Link": detail.link}
    if isinstance(detail, RepliedToSalesEmail):
        return {"Received By": seller.email}
    if isinstance(detail, SalesEmailBounced):
        return {"Email": detail.address, "Details": cut_bytes(detail.details, DETAILS_BYTES)}
    return {}


def _template(template: SalesTemplate | None) -> Values:
    if template is None:
        return {}
    return {
        "Template ID": template.template_id,
        "Sales Template Name": template.name,
        "Sales Template URL": template.url,
    }


def _campaign(campaign: SalesCampaign | None) -> Values:
    if campaign is None:
        return {}
    return {
        "Sales Campaign ID": campaign.sales_campaign_id,
        "Sales Campaign Name": campaign.name,
        "Sales Campaign URL": campaign.url,
    }


def _call(call: ReceivedSalesCall, seller: User) -> Values:
    return {
        "Sales Call Made By": seller.email,
        "Sales Call Status": _CALL_STATUS[call.call_status],
        "Sales Call Subject": call.outcome,
        "Sales Phone Number Called": call.phone_number,
        "Sales Call Duration": "" if call.duration is None else call.duration,
        "Sales Call Recording URL": call.recording_url,
        "Sales Call Answered By": call.answered_by,
    }


def cut_bytes(text: str, count: int) -> str:
    """Return the longest start of `text` that takes at most `count` bytes of UTF-8."""
    return text.encode()[:count].decode(errors="ignore")
