"""The 13 synced fields: what they are called in Marketo and Salesforce, and how a lead that Marketo gave is read.

List and mapping are fixed. The one exception is where a subscription keeps its LinkedIn URL: there is no standard
field for it, so its Marketo name is a setting.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from actionsync_server.model.persons import MarketoPerson, PersonFields, salesforce_id


@dataclass(frozen=True, slots=True)
class SyncedField:
    """One synced field. `name` is its name in Person; the Salesforce fields are "" where there is none."""

    name: str
    label: str
    marketo_name: str
    salesforce_lead_field: str
    salesforce_contact_field: str
    in_faq: bool


_DEFAULT_LINKEDIN_FIELD = "linkedInProfileURL"

#: The 13, in the order of the product's list; the last two joined it after the FAQ was written.
SYNCED_FIELDS: tuple[SyncedField, ...] = (
    SyncedField("first_name", "First name", "firstName", "FirstName", "FirstName", in_faq=True),
    SyncedField("last_name", "Last name", "lastName", "LastName", "LastName", in_faq=True),
    SyncedField("salesforce_contact_id", "Salesforce contact ID", "sfdcContactId", "", "Id", in_faq=True),
    SyncedField("salesforce_lead_id", "Salesforce lead ID", "sfdcLeadId", "Id", "", in_faq=True),
    SyncedField("marketo_id", "Marketo ID", "id", "", "", in_faq=True),
    SyncedField("company", "Company", "company", "Company", "Account.Name", in_faq=True),
    SyncedField("title", "Title", "title", "Title", "Title", in_faq=True),
    SyncedField("email", "Email", "email", "Email", "Email", in_faq=True),
    SyncedField("phone", "Phone number", "phone", "Phone", "Phone", in_faq=True),
    SyncedField("linkedin_url", "LinkedIn URL", _DEFAULT_LINKEDIN_FIELD, "", "", in_faq=True),
    SyncedField("source", "Source", "leadSource", "LeadSource", "LeadSource", in_faq=True),
    SyncedField("salesforce_account_id", "Salesforce account ID", "sfdcAccountId", "", "AccountId", in_faq=False),
    SyncedField(
        "salesforce_opportunity_id",
        "Salesforce opportunity ID",
        "sfdcOpptyId",
        "",
        "OpportunityContactRole.OpportunityId",
        in_faq=False,
    ),
)

#: What decides whether a person is a sales lead. Watched and read, never stored.
OWNER_FIELD, TYPE_FIELD, DELETED_FIELD = OWNERSHIP_FIELDS = ("sfdcLeadOwnerId", "sfdcType", "sfdcIsDeleted")


def synced_fields(linkedin_field: str) -> tuple[SyncedField, ...]:
    """Return the 13 fields with the subscription's own name for the LinkedIn URL."""
    return tuple(
        replace(field, marketo_name=linkedin_field) if field.name == "linkedin_url" else field
        for field in SYNCED_FIELDS
    )


@dataclass(frozen=True, slots=True)
class FieldMap:
    """The fields to ask one subscription for, and how its answer is read."""

    names: tuple[str, ...]  # Marketo names that exist there: "id" first, then synced fields, then ownership
    missing: tuple[str, ...]  # synced fields that do not exist there; they stay empty
    knows_owner: bool  # without the owner nobody qualifies: Marketo's Salesforce sync is off
    linkedin_field: str

    @classmethod
    def of(cls, present: Collection[str], *, linkedin_field: str) -> FieldMap:
        """Intersect the wish list with what the subscription has: asking for an unknown field fails the whole call."""
        wanted = [field.marketo_name for field in synced_fields(linkedin_field) if field.name != "marketo_id"]
        names = [name for name in (*wanted, *OWNERSHIP_FIELDS) if name in present]
        missing = [name for name in wanted if name not in present]
        return cls(
            names=tuple(dict.fromkeys(("id", *names))),
            missing=tuple(missing),
            knows_owner=OWNER_FIELD in present,
            linkedin_field=linkedin_field,
        )

    @property
    def watched(self) -> tuple[str, ...]:
        """The fields whose changes matter: all but the id, which never changes."""
        return tuple(name for name in self.names if name != "id")

    def read(self, lead: Mapping[str, Any]) -> MarketoPerson:
        """Read a lead as Marketo gave it, by REST or in a file; a value that is absent counts as null."""
        get = lead.get
        return MarketoPerson(
            marketo_id=int(lead["id"]),
            fields=PersonFields(
                _text(get("firstName")),
                _text(get("lastName")),
                _text(get("email")),
                _text(get("company")),
                _text(get("title")),
                _text(get("phone")),
                _text(get(self.linkedin_field)),
                _text(get("leadSource")),
                salesforce_id(_text(get("sfdcLeadId"))),
                salesforce_id(_text(get("sfdcContactId"))),
                salesforce_id(_text(get("sfdcAccountId"))),
                salesforce_id(_text(get("sfdcOpptyId"))),
            ),
            owner_id=salesforce_id(_text(get(OWNER_FIELD))),
            record_type=_text(get(TYPE_FIELD)),
            deleted_in_salesforce=_true(get(DELETED_FIELD)),
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)


def _true(value: Any) -> bool:
    # REST sends a boolean, a file the word.
    return value is True or (isinstance(value, str) and value.strip().casefold() in {"true", "1"})
