"""Limits of Directory."""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_server.rpc.limits.shared import ADDRESS, ID, NAME, PAGING, SALESFORCE_ID_FORM, TIME_ZONE_FORM, pattern
from actionsync_server.rpc.rules import Flag, Ignored, Named, Nested, Rule, Text

_INSTANCE_ID_FORM = pattern("lower-case letters, digits and hyphens", r"[a-z0-9-]+")
#: Operators belong to no instance, so no user of one can be an operator.
_NO_USER_ROLES = frozenset({"ROLE_OPERATOR"})

LIMITS: Mapping[str, Mapping[str, Rule]] = {
    "User": {
        "user_id": ID,
        "email": ADDRESS,
        "display_name": NAME,
        "salesforce_user_id": Text(0, 18, SALESFORCE_ID_FORM),
        "role": Named(required=True, without=_NO_USER_ROLES),
        "time_zone": Text(0, 64, TIME_ZONE_FORM),
        "bcc_logging": Flag(),
        "create_time": Ignored(),
    },
    "CreateInstanceRequest": {"instance_id": Text(1, 64, _INSTANCE_ID_FORM), "display_name": NAME},
    "ListInstancesRequest": PAGING,
    "UpsertUserRequest": {"user": Nested(required=True)},
    "RemoveUserRequest": {"user_id": ID},
    "ListUsersRequest": PAGING,
}
