"""Limits of ActivityLog."""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_server.rpc.limits.shared import (
    ADDRESS,
    DIGITS_FORM,
    ID,
    LONG_TEXT,
    NAME,
    OPTIONAL_ID,
    PAGING,
    REASON,
    SALESFORCE_ID,
    URL,
)
from actionsync_server.rpc.rules import Flag, Instant, Items, Named, Nested, OneOf, Rule, Span, Text, Whole

_EMAIL = Nested(required=True)
_CAMPAIGN = {"sales_campaign": Nested(required=True)}
_SOME_IDS = Items(0, 100, ID)
_DELIVERY_IDS = Items(1, 300, ID)

LIMITS: Mapping[str, Mapping[str, Rule]] = {
    "SalesTemplate": {"template_id": ID, "name": NAME, "url": URL},
    "SalesCampaign": {
        "sales_campaign_id": ID,
        "name": NAME,
        "url": URL,
        "day": Whole(0, 3650),
        "step": Whole(0, 1000),
    },
    "SalesEmail": {
        "email_id": Text(1, 20, DIGITS_FORM),
        "subject": NAME,
        "template": Nested(),
        "sales_campaign": Nested(),
        "url": URL,
    },
    "SendSalesEmail": {"email": _EMAIL, "body": LONG_TEXT},
    "OpenSalesEmail": {"email": _EMAIL},
    "ClickSalesEmail": {"email": _EMAIL, "link": Text(1, 2000)},
    "RepliedToSalesEmail": {"email": _EMAIL, "body": LONG_TEXT},
    "SalesEmailBounced": {"email": _EMAIL, "address": ADDRESS, "details": LONG_TEXT, "hard": Flag()},
    "ReceivedSalesCall": {
        "call_status": Named(required=True),
        "outcome": NAME,
        "reason": NAME,
        "duration": Span(0, 86400),
        "phone_number": Text(0, 40),
        "answered_by": NAME,
        "recording_url": URL,
        "notes": LONG_TEXT,
        "local_presence_id": NAME,
        "task_name": NAME,
        "sales_campaign": Nested(),
    },
    "AddToSalesCampaign": _CAMPAIGN,
    "RemovedFromSalesCampaign": _CAMPAIGN,
    "ActivityContent": {
        "idempotency_key": Text(1, 255),
        "person_id": ID,
        "user_id": ID,
        "activity_time": Instant(required=True),
        "send_permit": Text(0, 2048),
        "reminder_task_id": OPTIONAL_ID,
        "detail": OneOf(required=True),
        "send_sales_email": Nested(),
        "open_sales_email": Nested(),
        "click_sales_email": Nested(),
        "replied_to_sales_email": Nested(),
        "sales_email_bounced": Nested(),
        "received_sales_call": Nested(),
        "add_to_sales_campaign": Nested(),
        "removed_from_sales_campaign": Nested(),
    },
    "LogActivityRequest": {"content": Nested(required=True)},
    "BatchLogActivitiesRequest": {"contents": Items(1, 300, Nested())},
    "GetActivityRequest": {"activity_id": ID},
    "ListActivitiesRequest": {
        **PAGING,
        "person_ids": _SOME_IDS,
        "user_ids": _SOME_IDS,
        "types": Items(0, 8, Named()),
        "start_time": Instant(),
        "end_time": Instant(),
        "order": Named(),
    },
    "ListActivityTypesRequest": {"name": Text(0, 64)},
    "LoadSmartGridRequest": {
        "target": OneOf(required=True),
        "person_id": ID,
        "salesforce_account_id": SALESFORCE_ID,
        "salesforce_opportunity_id": SALESFORCE_ID,
        "freshness": Nested(),
        "row_limit": Whole(0, 1000),
        "compatible_above_800": Flag(),
    },
    "ListDeliveriesRequest": {
        **PAGING,
        "system": Named(),
        "states": Items(0, 9, Named()),
        "person_id": OPTIONAL_ID,
        "activity_id": OPTIONAL_ID,
    },
    "GetDeliveryRequest": {"delivery_id": ID},
    "RetryDeliveriesRequest": {"delivery_ids": _DELIVERY_IDS},
    "DiscardDeliveriesRequest": {"delivery_ids": _DELIVERY_IDS, "reason": REASON},
}
