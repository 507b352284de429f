"""What the Salesforce client takes and returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class SalesforceLogin:
    """How to reach one Salesforce org. `base_url` is the My Domain origin.

    With a `refresh_token` the client acts as the user who gave it; without one as the app's own run-as user.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """One field that the connected user may see. `picklist` holds the active values."""

    name: str
    type: str
    length: int
    createable: bool
    updateable: bool
    picklist: frozenset[str]
    external_id: bool
    unique: bool
    label: str = ""
    restricted: bool = False
    filterable: bool = True


@dataclass(frozen=True, slots=True)
class ObjectDescription:
    """One object as the connected user sees it. A field hidden from the user is absent, which never means `false`."""

    name: str
    createable: bool
    updateable: bool
    queryable: bool
    fields: Mapping[str, FieldDescription]


class RowError(NamedTuple):
    """Why one row was refused."""

    status_code: str
    message: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one record of a collection; `created` is None where Salesforce does not say."""

    id: str
    created: bool | None
    success: bool
    errors: tuple[RowError, ...]
