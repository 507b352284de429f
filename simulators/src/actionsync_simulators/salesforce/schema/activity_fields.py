"""Custom fields of activities, shared by Task and Event: the external id and the 15 sales fields."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.fields import boolean, external_id, text, url
from actionsync_simulators.salesforce.schema.model import Field


def activity_custom_fields() -> list[Field]:
    """What an admin of this org has added to Activity."""
    return [
        external_id("ActionSync_Id__c", 100, label="ActionSync Id"),
        text("mktosales_call_outcome__c", 50, label="Call Outcomes"),
        text("mktosales_call_reason__c", 50, label="Call Reasons"),
        text("MSE_Call_Local_Presence_ID__c", 255, label="Marketo Sales Call Local Presence ID"),
        url("MSE_Call_Recording__c", label="Marketo Sales Call Recording URL"),
        text("MSE_Campaign__c", 255, label="Marketo Sales Campaign"),
        text("MSE_Current_Campaign_Step__c", 255, label="Marketo Sales Campaign Current Step"),
        url("MSE_Campaign_Details_Link__c", label="Marketo Sales Campaign URL"),
        boolean("MSE_Presentation_Viewed__c", label="Marketo Sales Email Attachment Viewed"),
        boolean("MSE_Clicked__c", label="Marketo Sales Email Clicked"),
        boolean("MSE_Replied__c", label="Marketo Sales Email Replied"),
        text("MSE_Email_Status__c", 255, label="Marketo Sales Email Status"),
        text("MSE_Template__c", 255, label="Marketo Sales Email Template"),
        url("MSE_Template_Details__c", label="Marketo Sales Email Template URL"),
        url("MSE_Details__c", label="Marketo Sales Email URL"),
        boolean("MSE_Viewed__c", label="Marketo Sales Email Viewed"),
    ]
