"""Limits of SyncSettings. Of the settings themselves only those are checked that the mask of an update names."""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_server.rpc.limits.shared import OPTIONAL_ID, PAGING, TIME_ZONE_FORM, pattern
from actionsync_server.rpc.rules import Flag, Items, Mask, Named, Nested, Rule, Span, Text, Whole

_INTERVAL = Span(5, 86400)
_RETENTION = Span(86400, 315360000)
_TIME_OF_DAY_FORM = pattern("a time of day, such as 20:00", r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_FIELD_NAME_FORM = pattern("the API name of a field", r"[A-Za-z][A-Za-z0-9_]*")
_DOMAIN_FORM = pattern("a domain, such as example.com", r"[^\s@/]+")

LIMITS: Mapping[str, Mapping[str, Rule]] = {
    "PeopleSettings": {
        "person_limit": Whole(1, 1_500_000),
        "linkedin_field": Text(1, 255, _FIELD_NAME_FORM),
        "lead_changes_interval": _INTERVAL,
        "other_feeds_interval": _INTERVAL,
        "pace": Named(),
    },
    "MarketoSettings": {"stop_activities": Flag(), "daily_call_limit": Whole(0, 100_000_000)},
    "LoggingSettings": {
        "log_emails": Flag(),
        "log_replies": Flag(),
        "log_calls": Flag(),
        "log_as": Named(),
        "duplicate_rule": Named(),
        "no_match_rule": Named(),
        "log_to_leads": Flag(),
        "log_to_contacts": Flag(),
        "subject_template": Text(1, 1000),
        "roll_ups": Flag(),
    },
    "ReminderSettings": {"mode": Named(), "poll_interval": _INTERVAL, "merge_with_activity": Flag()},
    "UnsubscribeSettings": {
        "nightly_sync": Flag(),
        "nightly_time": Text(5, 5, _TIME_OF_DAY_FORM),
        "nightly_time_zone": Text(1, 64, TIME_ZONE_FORM),
        "opt_out_field": Named(),
        "sales_opt_out_field": Text(0, 80, _FIELD_NAME_FORM),
        "hourly_sync": Flag(),
        "unsubscribe_on_hard_bounce": Flag(),
    },
    "CheckSettings": {
        "enabled": Flag(),
        "on_unavailable": Named(),
        "hold_limit": Span(60, 86400),
        "answer_cache": Span(0, 300),
        "block_email_invalid": Flag(),
        "block_marketing_suspended": Flag(),
        "block_black_listed": Flag(),
        "check_copy_recipients": Flag(),
        "blocked_domains": Items(0, 1000, Text(1, 253, _DOMAIN_FORM)),
    },
    "RetentionSettings": {"deliveries": _RETENTION, "changes": _RETENTION},
    "Settings": {
        "people": Nested(),
        "marketo": Nested(),
        "logging": Nested(),
        "reminders": Nested(),
        "unsubscribes": Nested(),
        "check": Nested(),
        "retention": Nested(),
        "etag": OPTIONAL_ID,
    },
    "GetSettingsRequest": {},
    "UpdateSettingsRequest": {
        "settings": Nested(required=True, masked_by="update_mask", always={"etag": OPTIONAL_ID}),
        "update_mask": Mask(of="settings", never=frozenset({"etag"})),
        "validate_only": Flag(),
    },
    "ListSettingsChangesRequest": PAGING,
    "ListAlertsRequest": {},
}
