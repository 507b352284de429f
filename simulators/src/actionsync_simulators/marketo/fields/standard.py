"""The lead fields of a fresh subscription, as its describe call lists them.

One line per field: attribute id, REST name, data type with length, flags (`ro` = read-only), display name where
it is not the camel-case name spelt out. Attribute ids differ between real instances; clients look them up.
"""

from __future__ import annotations

STANDARD = """
4 company string255 - Company Name
5 site string255
6 billingStreet text
7 billingCity string255
8 billingState string255
9 billingCountry string255
10 billingPostalCode string255
11 website url255
12 mainPhone string255
15 annualRevenue currency
16 numberOfEmployees integer
17 industry string255
18 sicCode string40
20 mktoCompanyNotes text
41 externalCompanyId string50
44 id integer
45 mktoName string255 ro Full Name
46 personType string50
48 mktoIsPartner boolean
49 isLead boolean
50 mktoIsCustomer boolean
51 isAnonymous boolean
52 salutation string255
53 firstName string255
54 middleName string255
55 lastName string255
56 email email255 - Email Address
57 phone phone255 - Phone Number
58 mobilePhone phone255
59 fax phone255
60 title string255 - Job Title
61 contactCompany reference ro
62 dateOfBirth date
63 address text
64 city string255
65 state string255
66 country string255
67 postalCode string255
68 personTimeZone string255 ro
70 originalSourceType string255 ro
71 originalSourceInfo string2000 ro
72 registrationSourceType string255
73 registrationSourceInfo string2000
74 originalSearchEngine string255 ro
75 originalSearchPhrase string255 ro
76 originalReferrer url255 ro
77 emailInvalid boolean
78 emailInvalidCause string255
79 unsubscribed boolean
81 unsubscribedReason string2000
82 doNotCall boolean
83 mktoDoNotCallCause string255
84 doNotCallReason string2000
85 marketingSuspended boolean - Marketing Suspended
86 marketingSuspendedCause string255
87 blackListed boolean - Black Listed
88 blackListedCause string255
89 mktoPersonNotes text - Person Notes
103 anonymousIP string255
104 inferredCompany string255 ro
105 inferredCountry string255 ro
106 inferredCity string255 ro
107 inferredStateRegion string255 ro
108 inferredPostalCode string255 ro
109 inferredMetropolitanArea string255 ro
110 inferredPhoneAreaCode string255 ro
123 emailSuspended boolean
124 emailSuspendedCause string255
125 emailSuspendedAt datetime
126 department string255
130 createdAt datetime ro
131 updatedAt datetime ro
136 cookies string255
137 externalSalesPersonId string50
141 leadPerson reference ro
143 leadRole string50
144 leadSource string255 - Lead Source
145 leadStatus string255
146 leadScore integer
147 urgency float
148 priority integer
149 relativeScore integer
150 relativeUrgency integer
160 rating string255
181 personPrimaryLeadInterest reference ro
479 leadPartitionId reference
485 leadRevenueCycleModelId reference
487 leadRevenueStageId reference
625 acquisitionProgramId reference
627 mktoAcquisitionDate datetime
"""

SOCIAL = """
640 facebookId string255 - Marketo Social Facebook Id
641 twitterId string255 - Marketo Social Twitter Id
642 linkedInId string255 - Marketo Social LinkedIn Id
643 linkedInDisplayName string255 - Marketo Social LinkedIn Display Name
644 linkedInProfileURL url255 - Marketo Social LinkedIn Profile URL
645 linkedInPhotoURL url255 - Marketo Social LinkedIn Photo URL
646 linkedInReach integer - Marketo Social LinkedIn Reach
647 syndicationId string255 - Marketo Social Syndication Id
648 gender string255 - Marketo Social Gender
"""

SALESFORCE = """
700 sfdcAccountId string255 crm SFDC Account Id
701 sfdcContactId string255 crm SFDC Contact Id
702 sfdcId string255 crm SFDC Id
703 sfdcIsDeleted boolean crm SFDC Is Deleted
704 sfdcLeadId string255 crm SFDC Lead Id
705 sfdcLeadOwnerId string255 crm SFDC Lead Owner Id
706 sfdcOpptyId string255 crm SFDC Oppty Id
707 sfdcType string255 crm SFDC Type
"""

FIRST_CUSTOM_ID = 795
"""Custom fields are numbered from here."""

FILTER_TYPES = (
    "cookies",
    "email",
    "externalSalesPersonId",
    "facebookId",
    "id",
    "leadPartitionId",
    "linkedInId",
    "sfdcAccountId",
    "sfdcContactId",
    "sfdcLeadId",
    "sfdcLeadOwnerId",
    "sfdcOpptyId",
    "twitterId",
)
"""Standard fields that filter leads, where the subscription has them."""

LOOKUP_FIELDS = frozenset(FILTER_TYPES) - {"leadPartitionId", "externalSalesPersonId"}
"""Standard fields that sync can match on (`id` for updates only)."""

COMPANY_FIELDS = frozenset(
    [
        "company",
        "site",
        "billingStreet",
        "billingCity",
        "billingState",
        "billingCountry",
        "billingPostalCode",
        "website",
        "mainPhone",
        "annualRevenue",
        "numberOfEmployees",
        "industry",
        "sicCode",
        "mktoCompanyNotes",
    ]
)
"""Fields that live on the company object behind a lead."""

SCORE_FIELDS = frozenset({"leadScore"})
"""Fields whose change is also recorded as Change Score. Describe reports them as `integer`."""

DEFAULT_FIELDS = ("id", "email", "updatedAt", "createdAt", "firstName", "lastName")
"""What a lead read returns when no fields are asked for."""
