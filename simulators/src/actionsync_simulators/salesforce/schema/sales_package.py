"""What the vendor's sales package and an admin add to an org for sales activities, as specs of custom fields.

An admin makes the fields of activities by hand; the package brings the roll-ups, among them the sales opt-out.
"""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]

EXTERNAL_ID = "ActionSync_Id__c"


def _text(name: str, label: str, length: int = 255) -> Spec:
    return {"name": name, "label": label, "type": "text", "length": length}


def _of(kind: str, name: str, label: str) -> Spec:
    return {"name": name, "label": label, "type": kind}


EXTERNAL_ID_FIELD: Spec = {**_text(EXTERNAL_ID, "ActionSync Id", 100), "external_id": True, "unique": True}

SALES_FIELDS: tuple[Spec, ...] = (
    _text("mktosales_call_outcome__c", "Call Outcomes", 50),
    _text("mktosales_call_reason__c", "Call Reasons", 50),
    _text("MSE_Call_Local_Presence_ID__c", "Marketo Sales Call Local Presence ID"),
    _of("url", "MSE_Call_Recording__c", "Marketo Sales Call Recording URL"),
    _text("MSE_Campaign__c", "Marketo Sales Campaign"),
    _text("MSE_Current_Campaign_Step__c", "Marketo Sales Campaign Current Step"),
    _of("url", "MSE_Campaign_Details_Link__c", "Marketo Sales Campaign URL"),
    _of("checkbox", "MSE_Presentation_Viewed__c", "Marketo Sales Email Attachment Viewed"),
    _of("checkbox", "MSE_Clicked__c", "Marketo Sales Email Clicked"),
    _of("checkbox", "MSE_Replied__c", "Marketo Sales Email Replied"),
    _text("MSE_Email_Status__c", "Marketo Sales Email Status"),
    _text("MSE_Template__c", "Marketo Sales Email Template"),
    _of("url", "MSE_Template_Details__c", "Marketo Sales Email Template URL"),
    _of("url", "MSE_Details__c", "Marketo Sales Email URL"),
    _of("checkbox", "MSE_Viewed__c", "Marketo Sales Email Viewed"),
)
"""The 15 fields of activities. Their API names are documented."""

SALES_OPT_OUT = "MSE_Opt_Out__c"
ROLL_UP_FIELDS: tuple[Spec, ...] = (
    _of("datetime", "MSE_Last_Marketing_Engagement__c", "Last Marketing Engagement"),
    _of("datetime", "MSE_Last_Marketing_Engagement_Date__c", "Last Marketing Engagement Date"),
    _text("MSE_Last_Marketing_Engagement_Desc__c", "Last Marketing Engagement Desc"),
    _text("MSE_Last_Marketing_Engagement_Source__c", "Last Marketing Engagement Source"),
    _text("MSE_Last_Marketing_Engagement_Type__c", "Last Marketing Engagement Type"),
    _of("datetime", "MSE_Last_Activity_by_Sales__c", "Last Activity by Sales"),
    _of("datetime", "MSE_Last_Sales_Engagement__c", "Last Sales Engagement"),
    _of("datetime", "MSE_Last_Replied__c", "Last Replied"),
    _text("MSE_Current_Sales_Campaign__c", "Current Sales Campaign"),
    _of("checkbox", SALES_OPT_OUT, "Marketo Sales Opt Out"),
)
"""The ten roll-ups. Only their labels are documented; the API names are made up here."""

ROLL_UP_OBJECTS = ("Lead", "Contact", "Account", "Opportunity")
REPLY_TYPE = "Reply"
"""The value of Task.Type that replies are logged with."""
