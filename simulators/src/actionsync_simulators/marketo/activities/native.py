"""The native activity types: id, name, primary attribute, attributes.

One line per type (an indented line continues it), `|` between the parts. An attribute's data type follows its name
after `:`; without one it is a string.
Which types exist depends on the subscription; the sales types of Sales Insight Actions come with a switch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_MAIL = "Campaign Run ID:integer, Choice Number:integer, Has Predictive:boolean, Step ID:integer, Test Variant:integer"
_OPEN = (
    "Bot Activity Pattern, Campaign Run ID:integer, Choice Number:integer, Device, {predictive} Predictive:boolean,"
    " Is Bot Activity:boolean, Is Mobile Device:boolean, Platform, Step ID:integer, Test Variant:integer, User Agent"
)
_BOUNCE = (
    "Campaign Run ID:integer, Category, Choice Number:integer, Details, Email, Has Predictive:boolean, Step ID:integer,"
    " Subcategory, Test Variant:integer"
)
_API = "API Method Name, Modifying User, Request Id"
_SFDC_ACTIVITY = "Activity Owner, Description, Due Date:date, Is Task:boolean, Priority, Status"
_SALES_MAIL = (
    "Sent By, Source, Template ID:integer, Sales Template Name, Sales Template URL, Email Subject, Sales Campaign Name,"
    " Sales Campaign URL, Marketo Sales Person ID:integer"
)

_NATIVE = f"""
1|Visit Webpage|Webpage ID:integer|Client IP Address, Query Parameters, Referrer URL, Search Engine,
  Search Query, User Agent, Webpage URL
2|Fill Out Form|Webform ID:integer|Client IP Address, Form Fields:text, Query Parameters, Referrer URL,
  User Agent, Webpage ID:integer
3|Click Link|Link ID:integer|Client IP Address, Query Parameters, Referrer URL, User Agent, Webpage ID:integer
6|Send Email|Mailing ID:integer|{_MAIL}
7|Email Delivered|Mailing ID:integer|{_MAIL}
8|Email Bounced|Mailing ID:integer|{_BOUNCE}
9|Unsubscribe Email|Mailing ID:integer|Campaign Run ID:integer, Client IP Address, Form Fields:text,
  Has Predictive:boolean, Query Parameters, Referrer URL, Test Variant:integer, User Agent,
  Webform ID:integer, Webpage ID:integer
10|Open Email|Mailing ID:integer|{_OPEN.format(predictive="Has")}
11|Click Email|Mailing ID:integer|{_OPEN.format(predictive="Is")}, Link, Link ID
12|New Lead||Created Date:date, Form Name, Lead Source, List Name, SFDC Type, Source Type, {_API}
13|Change Data Value|Attribute Name:integer|New Value:text, Old Value:text, Reason, Source, {_API}
19|Sync Lead to SFDC||
21|Convert Lead|Assign To|Converted Status, Send Notification Email:boolean
22|Change Score|Attribute Name:integer|Change Value, New Value:integer, Old Value:integer, Priority:integer,
  Reason, Relative Score:integer, Relative Urgency:integer, Urgency:float
23|Change Owner||Old Owner
24|Add to List|List ID:integer|Source
25|Remove from List|List ID:integer|Source
26|SFDC Activity|Subject|{_SFDC_ACTIVITY}
27|Email Bounced Soft|Mailing ID:integer|{_BOUNCE}
29|Delete Lead from SFDC||
30|SFDC Activity Updated|Subject|{_SFDC_ACTIVITY}
32|Merge Leads|Lead ID:integer|Master Updated:boolean, Merge IDs, Merge Source, Merged in Sales:boolean
34|Add to Opportunity|Opportunity:integer|Is Primary:boolean, Role
35|Remove from Opportunity|Opportunity:integer|Is Primary:boolean, Role
36|Update Opportunity|Opportunity:integer|Data Value Changes:text
37|Delete Lead|Lead ID:integer|
38|Send Alert|Mailing ID:integer|Send To List, Send To Owner
42|Add to SFDC Campaign|SFDC Campaign:integer|Status
43|Remove from SFDC Campaign|SFDC Campaign:integer|Status
44|Change Status in SFDC Campaign|SFDC Campaign:integer|New Status, Old Status
45|Receive Sales Email|Artifact ID:integer|Marketo Sales Person ID:integer, Received By, Source
46|Interesting Moment|Moment Type|Date:datetime, Description:text, Source
47|Request Campaign|Campaign ID:integer|Source
100|Change Lead Partition|Lead Partition ID:integer|Old Partition ID:integer, Reason
101|Change Revenue Stage|Revenue Stage ID:integer|New Stage, Old Stage, Reason
102|Change Revenue Stage Manually|Revenue Stage ID:integer|New Stage, Old Stage, Reason
104|Change Status in Progression|Program ID:integer|Acquired By:boolean, New Status, New Status ID:integer,
  Old Status, Old Status ID:integer, Program Member ID:integer, Reason, Success:boolean
108|Change Segment|Segmentation ID:integer|New Segment ID:integer
110|Call Webhook|Webhook:integer|Error Type, Response:text
113|Add to Nurture|Program ID:integer|Track ID:integer, Track Name
114|Change Nurture Track|Program ID:integer|New Track ID:integer, Previous Track ID:integer,
  Previous Track Name, Track Name
115|Change Nurture Cadence|Program ID:integer|New Nurture Cadence, Previous Nurture Cadence
123|Change Program Member Data|Program ID:integer|Attribute Name, New Value, Old Value, Reason, Source
145|Push Lead to Marketo|Program ID:integer|Reason, Source, {_API}
155|Execute Campaign|Campaign ID:integer|Qualified:boolean, Used Parent Campaign Token Context:boolean
"""

_ADOBE_ACTIONS = f"""
39|Send Sales Email|Artifact ID:integer|{_SALES_MAIL}
40|Open Sales Email|Artifact ID:integer|{_SALES_MAIL}
41|Click Sales Email|Artifact ID:integer|{_SALES_MAIL}, Link
48|Sales Email Bounced|Artifact ID:integer|Category, Details, Email, Sent By, Subcategory,
  Template ID:integer, Marketo Sales Person ID:integer
"""


@dataclass(frozen=True, slots=True)
class NativeType:
    """A type that Marketo itself defines."""

    id: int
    name: str
    description: str
    primary: tuple[str, str] | None
    attributes: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the row of the types call; New Lead and a few others have no primary attribute."""
        row: dict[str, Any] = {"id": self.id, "name": self.name, "description": self.description}
        if self.primary is not None:
            row["primaryAttribute"] = {"name": self.primary[0], "dataType": self.primary[1]}
        row["attributes"] = [{"name": name, "dataType": kind} for name, kind in self.attributes]
        return row


def native_types(*, adobe_actions: bool) -> list[NativeType]:
    """Return the native types of a subscription, with or without those that Sales Insight Actions adds."""
    table = _NATIVE + (_ADOBE_ACTIONS if adobe_actions else "")
    return sorted(
        (_parse(line) for line in table.replace("\n  ", " ").split("\n") if line), key=lambda native: native.id
    )


def _parse(line: str) -> NativeType:
    type_id, name, primary, attributes = line.split("|")
    return NativeType(
        int(type_id),
        name,
        f"{name} (native activity)",
        _attribute(primary) if primary else None,
        tuple(_attribute(one) for one in attributes.split(",") if one.strip()),
    )


def _attribute(text: str) -> tuple[str, str]:
    name, _, data_type = text.strip().partition(":")
    return name, data_type or "string"
