"""The eight activity types as Marketo shows them: names and every alias, our custom types, their attributes.

Marketo's public API writes rows of custom activity types only, so each of the eight is one, under a fixed apiName. The
primary attribute is the thing acted on; it is required on every row, so an empty one reads `unknown`.
"""

from __future__ import annotations

from dataclasses import dataclass

from actionsync_server.model.activities import ActivityType

#: The attribute by which a row is found again when the answer to writing it was lost.
ACTIVITY_ID = "Actions Activity ID"
#: Value of a primary attribute that would be empty.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """One attribute of a custom activity type. `data_type` is Marketo's word."""

    name: str
    api_name: str
    data_type: str


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """One of the eight. `attributes` are the secondary ones, `aliases` every other name that means the same type."""

    type: ActivityType
    name: str
    aliases: tuple[str, ...]
    api_name: str
    trigger_name: str
    filter_name: str
    primary: AttributeSpec
    attributes: tuple[AttributeSpec, ...]


def _attributes() -> dict[str, AttributeSpec]:
    # Addresses and phone numbers are plain strings: Marketo refuses rows whose value does not look like its data type,
    # and what bounced or was dialled is a fact whatever it looks like.
    table = (
        ("Sent By", "sentBy", "string"),
        ("Received By", "receivedBy", "string"),
        ("Source", "source", "string"),
        ("Template ID", "templateId", "string"),
        ("Sales Template Name", "salesTemplateName", "string"),
        ("Sales Template URL", "salesTemplateUrl", "link"),
        ("Sales Campaign Name", "salesCampaignName", "string"),
        ("Sales Campaign URL", "salesCampaignUrl", "link"),
        ("Sales Campaign ID", "salesCampaignId", "string"),
        ("Email Subject", "emailSubject", "string"),
        ("Link", "link", "link"),
        ("Marketo Sales Person ID", "marketoSalesPersonId", "string"),
        ("Details", "details", "text"),
        ("Email", "email", "string"),
        ("Sales Call Made By", "salesCallMadeBy", "string"),
        ("Sales Call Status", "salesCallStatus", "string"),
        ("Sales Call Subject", "salesCallSubject", "string"),
        ("Sales Phone Number Called", "salesPhoneNumberCalled", "string"),
        ("Sales Call Duration", "salesCallDuration", "integer"),
        ("Sales Call Recording URL", "salesCallRecordingUrl", "link"),
        ("Sales Call Answered By", "salesCallAnsweredBy", "string"),
        (ACTIVITY_ID, "actionsActivityId", "string"),
    )
    return {name: AttributeSpec(name, api_name, data_type) for name, api_name, data_type in table}


ATTRIBUTES: dict[str, AttributeSpec] = _attributes()

_MAIL = (
    "Sent By",
    "Source",
    "Template ID",
    "Sales Template URL",
    "Sales Template Name",
    "Sales Campaign URL",
    "Sales Campaign Name",
    "Marketo Sales Person ID",
)
# The vendor's glossary lists a call status here too. It looks like a slip; the attribute is kept and stays empty.
_CAMPAIGN = ("Sent By", "Source", "Sales Campaign URL", "Sales Campaign ID", "Sales Call Status")


def _spec(
    kind: ActivityType,
    name: str,
    api_name: str,
    *,
    trigger: str,
    filter_name: str,
    primary: str,
    attributes: tuple[str, ...],
    aliases: tuple[str, ...],
) -> TypeSpec:
    return TypeSpec(
        type=kind,
        name=name,
        aliases=tuple(dict.fromkeys(alias for alias in (*aliases, trigger, filter_name) if alias != name)),
        api_name=api_name,
        # Marketo's own sales activities, where a subscription has them, own the plain trigger and filter names.
        trigger_name=f"Actionsync {trigger}",
        filter_name=f"Actionsync {filter_name}",
        primary=ATTRIBUTES[primary],
        attributes=tuple(ATTRIBUTES[attribute] for attribute in (*attributes, ACTIVITY_ID)),
    )


TYPES: dict[ActivityType, TypeSpec] = {
    spec.type: spec
    for spec in (
        _spec(
            ActivityType.SEND_SALES_EMAIL,
            "Send Sales Email",
            "asSendSalesEmail",
            trigger="Is Sent Sales Email",
            filter_name="Was Sent Sales Email",
            primary="Email Subject",
            attributes=_MAIL,
            aliases=(),
        ),
        _spec(
            ActivityType.OPEN_SALES_EMAIL,
            "Open Sales Email",
            "asOpenSalesEmail",
            trigger="Opens Sales Email",
            filter_name="Opened Sales Email",
            primary="Email Subject",
            attributes=_MAIL,
            aliases=(),
        ),
        _spec(
            ActivityType.CLICK_SALES_EMAIL,
            "Click Sales Email",
            "asClickSalesEmail",
            trigger="Clicks Link in Sales Email",
            filter_name="Clicked Link in Sales Email",
            primary="Link",
            attributes=(*_MAIL, "Email Subject"),
            aliases=("Clicked Sales Email",),
        ),
        _spec(
            ActivityType.REPLIED_TO_SALES_EMAIL,
            "Replied to Sales Email",
            "asRepliedToSalesEmail",
            trigger="Replies to Sales Email",
            filter_name="Replied to Sales Email",
            primary="Received By",
            attributes=("Source", "Marketo Sales Person ID"),
            aliases=("Replied Sales Email",),
        ),
        _spec(
            ActivityType.SALES_EMAIL_BOUNCED,
            "Sales Email Bounced",
            "asSalesEmailBounced",
            trigger="Sales Email Bounces",
            filter_name="Sales Email Bounced",
            primary="Email",
            attributes=("Sent By", "Template ID", "Marketo Sales Person ID", "Details"),
            aliases=("Sales Email Bounce",),
        ),
        _spec(
            ActivityType.RECEIVED_SALES_CALL,
            "Received Sales Call",
            "asReceivedSalesCall",
            trigger="Receives Sales Call",
            filter_name="Received Sales Call",
            primary="Sales Call Subject",
            attributes=(
                "Sales Call Made By",
                "Sales Call Status",
                "Sales Phone Number Called",
                "Sales Call Duration",
                "Sales Call Recording URL",
                "Sales Call Answered By",
                "Sales Campaign URL",
                "Sales Campaign Name",
                "Source",
                "Marketo Sales Person ID",
            ),
            aliases=("Sales Call Received", "Receive Sales Call"),
        ),
        _spec(
            ActivityType.ADD_TO_SALES_CAMPAIGN,
            "Add to Sales Campaign",
            "asAddToSalesCampaign",
            trigger="Is Added to Sales Campaign",
            filter_name="Added to Sales Campaign",
            primary="Sales Campaign Name",
            attributes=_CAMPAIGN,
            aliases=(),
        ),
        _spec(
            ActivityType.REMOVED_FROM_SALES_CAMPAIGN,
            "Removed from Sales Campaign",
            "asRemovedFromSalesCampaign",
            trigger="Is Removed from Sales Campaign",
            filter_name="Removed from Sales Campaign",
            primary="Sales Campaign Name",
            attributes=_CAMPAIGN,
            aliases=("Remove from Sales Campaign",),
        ),
    )
}


def _key(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


_BY_NAME = {
    _key(name): spec for spec in TYPES.values() for name in (spec.name, *spec.aliases, spec.api_name, spec.type.name)
}


def find(name: str) -> TypeSpec | None:
    """Return the type with a name, an alias, an apiName or a contract name, in any case; None when there is none."""
    return _BY_NAME.get(_key(name))
