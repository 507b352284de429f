"""One activity of each of the eight types, for one person."""

from __future__ import annotations

from actionsync.v1.activity_log_pb2 import (
    ActivityContent,
    AddToSalesCampaign,
    ClickSalesEmail,
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
from demo.service import SELLER
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

#: apiName of the custom activity type that each of them becomes in Marketo, in the order in which they are made.
API_NAMES = (
    "asSendSalesEmail",
    "asOpenSalesEmail",
    "asClickSalesEmail",
    "asRepliedToSalesEmail",
    "asSalesEmailBounced",
    "asReceivedSalesCall",
    "asAddToSalesCampaign",
    "asRemovedFromSalesCampaign",
)
#: Which of them become a Task in Salesforce, with its Type.
TASK_TYPES = {"asSendSalesEmail": "Email", "asRepliedToSalesEmail": "Reply", "asReceivedSalesCall": "Call"}


def all_eight(person_id: str, *, permit: str, now: int) -> list[ActivityContent]:
    """Return the eight, in their order, all of them at `now` (seconds since 1970)."""
    campaign = SalesCampaign(sales_campaign_id="12", name="Spring outreach", url="https://web.example/campaigns/12")
    template = SalesTemplate(template_id="77", name="First contact", url="https://web.example/templates/77")
    email = SalesEmail(email_id="4711", subject="Hello from the demo", template=template, sales_campaign=campaign)
    same = SalesEmail(email_id="4711")  # the rest is known from the send
    call = ReceivedSalesCall(
        call_status=ReceivedSalesCall.CALL_STATUS_COMPLETED,
        outcome="Meeting booked",
        duration=Duration(seconds=65),
        phone_number="+1 555 0100",
        notes="Wants a quote.",
    )
    bounce = SalesEmailBounced(email=same, address="gone@example.com", details="550 no such user")
    details = [
        {"send_sales_email": SendSalesEmail(email=email, body="Would you like a demo?")},
        {"open_sales_email": OpenSalesEmail(email=same)},
        {"click_sales_email": ClickSalesEmail(email=same, link="https://example.com/pricing")},
        {"replied_to_sales_email": RepliedToSalesEmail(email=same, body="Yes, please.")},
        {"sales_email_bounced": bounce},
        {"received_sales_call": call},
        {"add_to_sales_campaign": AddToSalesCampaign(sales_campaign=campaign)},
        {"removed_from_sales_campaign": RemovedFromSalesCampaign(sales_campaign=campaign)},
    ]
    return [
        ActivityContent(
            idempotency_key=f"demo-{place}",
            person_id=person_id,
            user_id=SELLER,
            activity_time=Timestamp(seconds=now),
            send_permit=permit if place == 0 else "",
            **detail,  # type: ignore[arg-type]
        )
        for place, detail in enumerate(details)
    ]
