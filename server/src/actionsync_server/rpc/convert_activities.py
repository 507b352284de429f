"""Activities: contract to model and back."""

from __future__ import annotations

from actionsync.v1 import activity_log_pb2 as pb

from actionsync_server.clock import SECOND
from actionsync_server.flows.activities import LoggedActivity
from actionsync_server.model.activities import (
    ActivityContent,
    ActivityType,
    AddToSalesCampaign,
    CallStatus,
    ClickSalesEmail,
    Detail,
    OpenSalesEmail,
    ReceivedSalesCall,
    RemovedFromSalesCampaign,
    RepliedToSalesEmail,
    SalesCampaign,
    SalesEmail,
    SalesEmailBounced,
    SalesTemplate,
    SendSalesEmail,
)
from actionsync_server.model.activity_types import AttributeSpec, TypeSpec
from actionsync_server.rpc import convert


def content(message: pb.ActivityContent) -> ActivityContent:
    """Return the content of a checked message."""
    return ActivityContent(
        idempotency_key=message.idempotency_key,
        person_id=message.person_id,
        user_id=message.user_id,
        activity_time=convert.micros(message.activity_time),
        detail=_detail(message),
        send_permit=message.send_permit,
        reminder_task_id=message.reminder_task_id,
    )


def activity_message(logged: LoggedActivity) -> pb.Activity:
    """Return a stored activity with its deliveries."""
    activity = logged.activity
    return pb.Activity(
        activity_id=activity.activity_id,
        type=convert.number(activity.type),
        content=_content_message(activity.content),
        permit_state=convert.number(activity.permit_state),
        deliveries=[convert.delivery(delivery) for delivery in logged.deliveries],
        create_time=convert.timestamp(activity.create_time),
    )


def type_message(spec: TypeSpec, type_id: int) -> pb.ActivityTypeInfo:
    """Return one of the eight types."""
    attributes = [_attribute(spec.primary, primary=True)]
    attributes += [_attribute(attribute, primary=False) for attribute in spec.attributes]
    return pb.ActivityTypeInfo(
        type=convert.number(spec.type),
        name=spec.name,
        aliases=spec.aliases,
        api_name=spec.api_name,
        attributes=attributes,
        marketo_type_id=type_id,
    )


def _attribute(spec: AttributeSpec, *, primary: bool) -> pb.ActivityAttribute:
    return pb.ActivityAttribute(name=spec.name, api_name=spec.api_name, data_type=spec.data_type, primary=primary)


def _detail(message: pb.ActivityContent) -> Detail:
    kind = message.WhichOneof("detail")
    match kind:
        case "send_sales_email":
            sent = message.send_sales_email
            return SendSalesEmail(_email(sent.email), sent.body)
        case "open_sales_email":
            return OpenSalesEmail(_email(message.open_sales_email.email))
        case "click_sales_email":
            click = message.click_sales_email
            return ClickSalesEmail(_email(click.email), click.link)
        case "replied_to_sales_email":
            reply = message.replied_to_sales_email
            return RepliedToSalesEmail(_email(reply.email), reply.body)
        case "sales_email_bounced":
            bounce = message.sales_email_bounced
            return SalesEmailBounced(_email(bounce.email), bounce.address, bounce.details, bounce.hard)
        case "received_sales_call":
            return _call(message.received_sales_call)
        case "add_to_sales_campaign":
            return AddToSalesCampaign(_campaign(message.add_to_sales_campaign.sales_campaign))
        case "removed_from_sales_campaign":
            return RemovedFromSalesCampaign(_campaign(message.removed_from_sales_campaign.sales_campaign))
        case _:
            raise ValueError("an unchecked message: it has no detail")


def _call(message: pb.ReceivedSalesCall) -> ReceivedSalesCall:
    return ReceivedSalesCall(
        call_status=CallStatus(message.call_status),
        outcome=message.outcome,
        reason=message.reason,
        duration=convert.micros(message.duration) // SECOND if message.HasField("duration") else None,
        phone_number=message.phone_number,
        answered_by=message.answered_by,
        recording_url=message.recording_url,
        notes=message.notes,
        local_presence_id=message.local_presence_id,
        task_name=message.task_name,
        sales_campaign=_campaign(message.sales_campaign) if message.HasField("sales_campaign") else None,
    )


def _email(message: pb.SalesEmail) -> SalesEmail:
    return SalesEmail(
        email_id=message.email_id,
        subject=message.subject,
        template=_template(message.template) if message.HasField("template") else None,
        sales_campaign=_campaign(message.sales_campaign) if message.HasField("sales_campaign") else None,
        url=message.url,
    )


def _template(message: pb.SalesTemplate) -> SalesTemplate:
    return SalesTemplate(message.template_id, message.name, message.url)


def _campaign(message: pb.SalesCampaign) -> SalesCampaign:
    return SalesCampaign(message.sales_campaign_id, message.name, message.url, message.day, message.step)


def _content_message(told: ActivityContent) -> pb.ActivityContent:
    message = pb.ActivityContent(
        idempotency_key=told.idempotency_key,
        person_id=told.person_id,
        user_id=told.user_id,
        activity_time=convert.timestamp(told.activity_time),
        send_permit=told.send_permit,
        reminder_task_id=told.reminder_task_id,
    )
    _set_detail(message, told.detail)
    return message


def _set_detail(message: pb.ActivityContent, detail: Detail) -> None:
    match detail:
        case SendSalesEmail():
            message.send_sales_email.CopyFrom(pb.SendSalesEmail(email=_email_message(detail.email), body=detail.body))
        case OpenSalesEmail():
            message.open_sales_email.CopyFrom(pb.OpenSalesEmail(email=_email_message(detail.email)))
        case ClickSalesEmail():
            message.click_sales_email.CopyFrom(pb.ClickSalesEmail(email=_email_message(detail.email), link=detail.link))
        case RepliedToSalesEmail():
            message.replied_to_sales_email.CopyFrom(
                pb.RepliedToSalesEmail(email=_email_message(detail.email), body=detail.body)
            )
        case SalesEmailBounced():
            message.sales_email_bounced.CopyFrom(
                pb.SalesEmailBounced(
                    email=_email_message(detail.email),
                    address=detail.address,
                    details=detail.details,
                    hard=detail.hard,
                )
            )
        case ReceivedSalesCall():
            message.received_sales_call.CopyFrom(_call_message(detail))
        case AddToSalesCampaign():
            message.add_to_sales_campaign.CopyFrom(
                pb.AddToSalesCampaign(sales_campaign=_campaign_message(detail.sales_campaign))
            )
        case RemovedFromSalesCampaign():
            message.removed_from_sales_campaign.CopyFrom(
                pb.RemovedFromSalesCampaign(sales_campaign=_campaign_message(detail.sales_campaign))
            )


def _call_message(call: ReceivedSalesCall) -> pb.ReceivedSalesCall:
    return pb.ReceivedSalesCall(
        call_status=convert.number(call.call_status),
        outcome=call.outcome,
        reason=call.reason,
        duration=convert.duration(None if call.duration is None else call.duration * SECOND),
        phone_number=call.phone_number,
        answered_by=call.answered_by,
        recording_url=call.recording_url,
        notes=call.notes,
        local_presence_id=call.local_presence_id,
        task_name=call.task_name,
        sales_campaign=_campaign_message(call.sales_campaign),
    )


def _email_message(email: SalesEmail) -> pb.SalesEmail:
    return pb.SalesEmail(
        email_id=email.email_id,
        subject=email.subject,
        template=_template_message(email.template),
        sales_campaign=_campaign_message(email.sales_campaign),
        url=email.url,
    )


def _template_message(template: SalesTemplate | None) -> pb.SalesTemplate | None:
    if template is None:
        return None
    return pb.SalesTemplate(template_id=template.template_id, name=template.name, url=template.url)


def _campaign_message(campaign: SalesCampaign | None) -> pb.SalesCampaign | None:
    if campaign is None:
        return None
    return pb.SalesCampaign(
        sales_campaign_id=campaign.sales_campaign_id,
        name=campaign.name,
        url=campaign.url,
        day=campaign.day,
        step=campaign.step,
    )


def types(numbers: list[int]) -> tuple[ActivityType, ...]:
    """Return the types of a filter; unspecified ones filter nothing."""
    return tuple(ActivityType(number) for number in dict.fromkeys(numbers) if number)
