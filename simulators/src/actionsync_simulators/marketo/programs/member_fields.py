"""The fields of a program member, as describe names them and as SQL finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription


@dataclass(frozen=True, slots=True)
class MemberField:
    """One field of a program member.

    `sql` is an expression over `program_members` joined with `programs`; writes go to the column of that name.
    """

    name: str
    data_type: str
    sql: str
    length: int | None = None
    updateable: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the row of describe."""
        row: dict[str, Any] = {"name": self.name, "displayName": self.name, "dataType": self.data_type}
        if self.length is not None:
            row["length"] = self.length
        return row | {"updateable": self.updateable, "crmManaged": False}


_FIELDS = (
    MemberField("acquiredBy", "boolean", "program_members.acquired_by"),
    MemberField("attendanceLikelihood", "integer", "NULL"),
    MemberField("createdAt", "datetime", "program_members.created_at"),
    MemberField("isExhausted", "boolean", "program_members.is_exhausted"),
    MemberField("leadId", "integer", "program_members.lead_id"),
    MemberField("membershipDate", "datetime", "program_members.membership_date"),
    MemberField("nurtureCadence", "string", "program_members.nurture_cadence", 4),
    MemberField("program", "string", "programs.name", 255),
    MemberField("programId", "integer", "program_members.program_id"),
    MemberField("reachedSuccess", "boolean", "program_members.reached_success"),
    MemberField("reachedSuccessDate", "datetime", "program_members.reached_success_at"),
    MemberField("registrationLikelihood", "integer", "NULL"),
    MemberField("statusName", "string", "program_members.status", 255),
    MemberField("statusReason", "string", "program_members.status_reason", 255),
    MemberField("trackName", "string", "program_members.track_name", 255),
    MemberField("updatedAt", "datetime", "program_members.updated_at"),
    MemberField("waitlistPriority", "integer", "NULL"),
    MemberField("registrationCode", "string", "program_members.registration_code", 100, updateable=True),
    MemberField("webinarUrl", "string", "program_members.webinar_url", 2000, updateable=True),
)
MEMBER_FIELDS: dict[str, MemberField] = {field.name: field for field in _FIELDS}
"""By name. The likelihoods and the waitlist belong to features that the subscription has not: they read null."""
DEFAULT_FIELDS = ("acquiredBy", "leadId", "membershipDate", "programId", "reachedSuccess")
SEARCHABLE = ("leadId", "reachedSuccess", "statusName")
MEMBERS_AND_PROGRAMS = "program_members JOIN programs ON programs.id = program_members.program_id"
"""The tables that the expressions of the fields are about."""


def requested(names: Sequence[str]) -> list[MemberField]:
    """Return fields by name; 1006 for an unknown one."""
    for name in names:
        if name not in MEMBER_FIELDS:
            raise api_error("1006", name)
    return [MEMBER_FIELDS[name] for name in names]


def columns(fields: Iterable[MemberField]) -> str:
    """Return the SQL columns of fields."""
    return ", ".join(field.sql for field in fields)


def as_json(fields: Sequence[MemberField], values: Sequence[Any]) -> dict[str, Any]:
    """Return the values of one row by field name."""
    return {
        field.name: bool(value) if field.data_type == "boolean" else value
        for field, value in zip(fields, values, strict=True)
    }


def describe(site: Subscription, _: Call) -> Members:
    """GET programs/members/describe: fields, keys, and what can be searched for."""
    made = site.database.value("SELECT min(created_at) FROM channels")
    return {
        "result": [
            {
                "name": "API Program Membership",
                "description": "Map for API program membership fields",
                "createdAt": made,
                "updatedAt": made,
                "dedupeFields": ["leadId", "programId"],
                "searchableFields": [[name] for name in SEARCHABLE],
                "fields": [field.as_json() for field in _FIELDS],
            }
        ]
    }


def describe_as_before(_: Subscription, __: Call) -> Members:
    """GET program/members/describe: the older call, which tells of fields only."""
    return {"result": [{"name": "API Program Membership", "fields": [field.as_json() for field in _FIELDS]}]}
