"""Connections: a login to one system, and what a look at that system found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System

#: Where a connection's details keep the address of the Pub/Sub API that was given for it.
PUBSUB_ADDRESS = "pubsub_address"


class Severity(Enum):
    """How bad a finding is; the numbers are the contract's."""

    OK = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a system lacks, or has as it should."""

    severity: Severity
    subject: str  # stable name, for example "activity_types"
    message: str
    next_step: str = ""
    owner: ActionOwner = ActionOwner.NOBODY


@dataclass(frozen=True, slots=True)
class Connection:
    """A login without its secrets. `user_id` is empty for the instance's own."""

    system: System
    user_id: str
    base_url: str
    client_id: str
    account_id: str  # munchkin id or Salesforce user id
    connect_user_id: str
    connect_time: Micros
    login_refused: bool
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """The secret part of a login. Never printed: no repr."""

    client_secret: str
    refresh_token: str = ""
