"""Instances, users, roles, and the actor of a call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from actionsync_server.clock import Micros


class Role(Enum):
    """What a token allows; the numbers are the contract's."""

    OPERATOR = 1
    ADMIN = 2
    USER = 3
    SERVICE = 4


@dataclass(frozen=True, slots=True)
class Actor:
    """Who calls: verified from the token. `instance_id` is empty for operators only."""

    user_id: str
    instance_id: str
    role: Role


@dataclass(frozen=True, slots=True)
class Instance:
    """One customer: the wall of isolation."""

    instance_id: str
    display_name: str
    create_time: Micros


@dataclass(frozen=True, slots=True)
class User:
    """One user of an instance."""

    user_id: str
    email: str
    display_name: str
    salesforce_user_id: str
    role: Role
    time_zone: str
    bcc_logging: bool
    create_time: Micros
