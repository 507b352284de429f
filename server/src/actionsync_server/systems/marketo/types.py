"""What the Marketo client takes and returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from actionsync_server.clock import Micros

#: One lead: REST name → value, None where Marketo has none; every field that was asked for is present; "id" is an int.
Lead = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MarketoLogin:
    """How to reach one Marketo subscription. `base_url` is its origin, for example https://123-ABC-456.mktorest.com."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    munchkin_id: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a change row. `name` is the REST name; values are Marketo's text forms, None for empty."""

    name: str
    new_value: str | None
    old_value: str | None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One activity as the three feeds give it. `marketo_guid` is its only unique key."""

    marketo_guid: str
    lead_id: int
    activity_time: Micros
    type_id: int
    fields: list[FieldChange]
    attributes: dict[str, Any]
    primary_value: str | None
    primary_id: int | None = None
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of a feed. A page may be empty although `more` is true; `next_token` is the cursor to keep, always."""

    rows: list[FeedRow]
    next_token: str
    more: bool


@dataclass(frozen=True, slots=True)
class AttributeInfo:
    """One attribute of an activity type. `api_name` is empty for native types."""

    name: str
    data_type: str
    api_name: str = ""


@dataclass(frozen=True, slots=True)
class ActivityTypeInfo:
    """One activity type of the subscription, native or custom (only those have an `api_name`)."""

    type_id: int
    name: str
    api_name: str
    primary_attribute: AttributeInfo | None
    attributes: tuple[AttributeInfo, ...]


class ExportState(StrEnum):
    """Where an export job stands, in Marketo's words."""

    CREATED = "Created"
    QUEUED = "Queued"
    PROCESSING = "Processing"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


@dataclass(frozen=True, slots=True)
class ExportStatus:
    """One export job. The numbers are None until the job is completed; `checksum` is `sha256:` and hex digits."""

    export_id: str
    state: ExportState
    record_count: int | None
    file_size: int | None
    checksum: str
    finish_time: Micros | None = None
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class CustomAttribute:
    """One attribute of a custom activity type."""

    api_name: str
    name: str
    data_type: str = "string"
    description: str = ""


@dataclass(frozen=True, slots=True)
class CustomActivityTypeSpec:
    """A custom activity type to be created. Names: letters, digits, space, underscore."""

    api_name: str
    name: str
    trigger_name: str
    filter_name: str
    primary_attribute: CustomAttribute
    description: str = ""


@dataclass(frozen=True, slots=True)
class CustomActivityType:
    """One custom activity type. `status` is draft, approved, `approved with draft` or deleted.

    `primary_attribute` and `attributes` are known only where one type was described: the list leaves them out.
    """

    type_id: int
    api_name: str
    name: str
    status: str
    primary_attribute: CustomAttribute | None = None
    attributes: tuple[CustomAttribute, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomActivityRow:
    """One row to write. Attributes are keyed by apiName; None values are left out."""

    lead_id: int
    activity_time: Micros
    type_id: int
    primary_value: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: `guid` when it was added, else Marketo's `code` and `message`."""

    guid: str | None
    code: str = ""
    message: str = ""
