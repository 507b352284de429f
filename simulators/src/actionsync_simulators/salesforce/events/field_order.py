"""The order of fields in change events whose order is known, and the fields that no event carries."""

from __future__ import annotations

FIELD_ORDER: dict[str, tuple[str, ...]] = {
    name: tuple(fields.split())
    for name, fields in {
        "Contact": """
            AccountId IsPersonAccount Name OtherAddress MailingAddress Phone Fax MobilePhone HomePhone OtherPhone
            AssistantPhone ReportsToId Email Title Department AssistantName LeadSource Birthdate Description OwnerId
            HasOptedOutOfEmail HasOptedOutOfFax DoNotCall CreatedDate CreatedById LastModifiedDate LastModifiedById
            LastCURequestDate LastCUUpdateDate EmailBouncedReason EmailBouncedDate Jigsaw JigsawContactId CleanStatus
            IndividualId Pronouns GenderIdentity ContactSource BuyerAttributes
            """,
        "Lead": """
            Name Title Company Address Phone MobilePhone Fax Email Website Description LeadSource Status Industry Rating
            AnnualRevenue NumberOfEmployees OwnerId HasOptedOutOfEmail IsConverted ConvertedDate ConvertedAccountId
            ConvertedContactId ConvertedOpportunityId IsUnreadByOwner CreatedDate CreatedById LastModifiedDate
            LastModifiedById DoNotCall HasOptedOutOfFax Jigsaw JigsawContactId EmailBouncedReason EmailBouncedDate
            IndividualId
            """,
        "Task": """
            WhoId WhatId Subject ActivityDate Status Priority OwnerId Description Type AccountId IsClosed CreatedDate
            CreatedById LastModifiedDate LastModifiedById CallDurationInSeconds CallType CallDisposition CallObject
            ReminderDateTime IsReminderSet RecurrenceActivityId IsRecurrence RecurrenceStartDateOnly
            RecurrenceEndDateOnly RecurrenceTimeZoneSidKey RecurrenceType RecurrenceInterval RecurrenceDayOfWeekMask
            RecurrenceDayOfMonth RecurrenceInstance RecurrenceMonthOfYear RecurrenceRegeneratedType TaskSubtype
            CompletedDateTime
            """,
    }.items()
}
"""Without the header (first) and custom fields (last). Other objects keep their describe order."""

UNMODELLED: dict[str, tuple[str, str]] = {
    "IsPersonAccount": ("boolean", "Data:Boolean"),
    "CleanStatus": ("string", "Data:StaticEnum"),
    "Pronouns": ("string", "Data:DynamicEnum"),
    "GenderIdentity": ("string", "Data:DynamicEnum"),
    "ContactSource": ("string", "Data:StaticEnum"),
    "BuyerAttributes": ("string", "Data:MultiEnum"),
}
"""Fields that the event of a contact lists although the simulated object has none of them: always null."""

NEVER_PUBLISHED = frozenset(
    {
        "Id",
        "IsDeleted",
        "SystemModstamp",
        "LastActivityDate",
        "LastViewedDate",
        "LastReferencedDate",
        "LastLoginDate",
        "MasterRecordId",
        "PhotoUrl",
        "IsArchived",
        "IsHighPriority",
        "IsEmailBounced",
    }
)
"""System, derived and bookkeeping fields."""
