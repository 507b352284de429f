import datetime

from actionsync.v1 import common_pb2 as _common_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PeopleSettings(_message.Message):
    __slots__ = ("person_limit", "linkedin_field", "lead_changes_interval", "other_feeds_interval", "pace")
    class Pace(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PACE_UNSPECIFIED: _ClassVar[PeopleSettings.Pace]
        PACE_POLITE: _ClassVar[PeopleSettings.Pace]
        PACE_FULL: _ClassVar[PeopleSettings.Pace]
    PACE_UNSPECIFIED: PeopleSettings.Pace
    PACE_POLITE: PeopleSettings.Pace
    PACE_FULL: PeopleSettings.Pace
    PERSON_LIMIT_FIELD_NUMBER: _ClassVar[int]
    LINKEDIN_FIELD_FIELD_NUMBER: _ClassVar[int]
    LEAD_CHANGES_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    OTHER_FEEDS_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    PACE_FIELD_NUMBER: _ClassVar[int]
    person_limit: int
    linkedin_field: str
    lead_changes_interval: _duration_pb2.Duration
    other_feeds_interval: _duration_pb2.Duration
    pace: PeopleSettings.Pace
    def __init__(self, person_limit: _Optional[int] = ..., linkedin_field: _Optional[str] = ..., lead_changes_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., other_feeds_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., pace: _Optional[_Union[PeopleSettings.Pace, str]] = ...) -> None: ...

class MarketoSettings(_message.Message):
    __slots__ = ("stop_activities", "daily_call_limit")
    STOP_ACTIVITIES_FIELD_NUMBER: _ClassVar[int]
    DAILY_CALL_LIMIT_FIELD_NUMBER: _ClassVar[int]
    stop_activities: bool
    daily_call_limit: int
    def __init__(self, stop_activities: _Optional[bool] = ..., daily_call_limit: _Optional[int] = ...) -> None: ...

class LoggingSettings(_message.Message):
    __slots__ = ("log_emails", "log_replies", "log_calls", "log_as", "duplicate_rule", "no_match_rule", "log_to_leads", "log_to_contacts", "subject_template", "roll_ups")
    class LogAs(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        LOG_AS_UNSPECIFIED: _ClassVar[LoggingSettings.LogAs]
        LOG_AS_SELLER: _ClassVar[LoggingSettings.LogAs]
        LOG_AS_INTEGRATION_USER: _ClassVar[LoggingSettings.LogAs]
    LOG_AS_UNSPECIFIED: LoggingSettings.LogAs
    LOG_AS_SELLER: LoggingSettings.LogAs
    LOG_AS_INTEGRATION_USER: LoggingSettings.LogAs
    class DuplicateRule(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        DUPLICATE_RULE_UNSPECIFIED: _ClassVar[LoggingSettings.DuplicateRule]
        DUPLICATE_RULE_MOST_RECENTLY_UPDATED: _ClassVar[LoggingSettings.DuplicateRule]
        DUPLICATE_RULE_OLDEST: _ClassVar[LoggingSettings.DuplicateRule]
        DUPLICATE_RULE_CONTACT_FIRST: _ClassVar[LoggingSettings.DuplicateRule]
        DUPLICATE_RULE_ALL: _ClassVar[LoggingSettings.DuplicateRule]
    DUPLICATE_RULE_UNSPECIFIED: LoggingSettings.DuplicateRule
    DUPLICATE_RULE_MOST_RECENTLY_UPDATED: LoggingSettings.DuplicateRule
    DUPLICATE_RULE_OLDEST: LoggingSettings.DuplicateRule
    DUPLICATE_RULE_CONTACT_FIRST: LoggingSettings.DuplicateRule
    DUPLICATE_RULE_ALL: LoggingSettings.DuplicateRule
    class NoMatchRule(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        NO_MATCH_RULE_UNSPECIFIED: _ClassVar[LoggingSettings.NoMatchRule]
        NO_MATCH_RULE_SKIP_AND_REPORT: _ClassVar[LoggingSettings.NoMatchRule]
        NO_MATCH_RULE_CREATE_LEAD: _ClassVar[LoggingSettings.NoMatchRule]
    NO_MATCH_RULE_UNSPECIFIED: LoggingSettings.NoMatchRule
    NO_MATCH_RULE_SKIP_AND_REPORT: LoggingSettings.NoMatchRule
    NO_MATCH_RULE_CREATE_LEAD: LoggingSettings.NoMatchRule
    LOG_EMAILS_FIELD_NUMBER: _ClassVar[int]
    LOG_REPLIES_FIELD_NUMBER: _ClassVar[int]
    LOG_CALLS_FIELD_NUMBER: _ClassVar[int]
    LOG_AS_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_RULE_FIELD_NUMBER: _ClassVar[int]
    NO_MATCH_RULE_FIELD_NUMBER: _ClassVar[int]
    LOG_TO_LEADS_FIELD_NUMBER: _ClassVar[int]
    LOG_TO_CONTACTS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    ROLL_UPS_FIELD_NUMBER: _ClassVar[int]
    log_emails: bool
    log_replies: bool
    log_calls: bool
    log_as: LoggingSettings.LogAs
    duplicate_rule: LoggingSettings.DuplicateRule
    no_match_rule: LoggingSettings.NoMatchRule
    log_to_leads: bool
    log_to_contacts: bool
    subject_template: str
    roll_ups: bool
    def __init__(self, log_emails: _Optional[bool] = ..., log_replies: _Optional[bool] = ..., log_calls: _Optional[bool] = ..., log_as: _Optional[_Union[LoggingSettings.LogAs, str]] = ..., duplicate_rule: _Optional[_Union[LoggingSettings.DuplicateRule, str]] = ..., no_match_rule: _Optional[_Union[LoggingSettings.NoMatchRule, str]] = ..., log_to_leads: _Optional[bool] = ..., log_to_contacts: _Optional[bool] = ..., subject_template: _Optional[str] = ..., roll_ups: _Optional[bool] = ...) -> None: ...

class ReminderSettings(_message.Message):
    __slots__ = ("mode", "poll_interval", "merge_with_activity")
    class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        MODE_UNSPECIFIED: _ClassVar[ReminderSettings.Mode]
        MODE_OFF: _ClassVar[ReminderSettings.Mode]
        MODE_TWO_WAY: _ClassVar[ReminderSettings.Mode]
    MODE_UNSPECIFIED: ReminderSettings.Mode
    MODE_OFF: ReminderSettings.Mode
    MODE_TWO_WAY: ReminderSettings.Mode
    MODE_FIELD_NUMBER: _ClassVar[int]
    POLL_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    MERGE_WITH_ACTIVITY_FIELD_NUMBER: _ClassVar[int]
    mode: ReminderSettings.Mode
    poll_interval: _duration_pb2.Duration
    merge_with_activity: bool
    def __init__(self, mode: _Optional[_Union[ReminderSettings.Mode, str]] = ..., poll_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., merge_with_activity: _Optional[bool] = ...) -> None: ...

class UnsubscribeSettings(_message.Message):
    __slots__ = ("nightly_sync", "nightly_time", "nightly_time_zone", "opt_out_field", "sales_opt_out_field", "hourly_sync", "unsubscribe_on_hard_bounce")
    class OptOutField(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OPT_OUT_FIELD_UNSPECIFIED: _ClassVar[UnsubscribeSettings.OptOutField]
        OPT_OUT_FIELD_EMAIL_OPT_OUT: _ClassVar[UnsubscribeSettings.OptOutField]
        OPT_OUT_FIELD_SALES_OPT_OUT: _ClassVar[UnsubscribeSettings.OptOutField]
    OPT_OUT_FIELD_UNSPECIFIED: UnsubscribeSettings.OptOutField
    OPT_OUT_FIELD_EMAIL_OPT_OUT: UnsubscribeSettings.OptOutField
    OPT_OUT_FIELD_SALES_OPT_OUT: UnsubscribeSettings.OptOutField
    NIGHTLY_SYNC_FIELD_NUMBER: _ClassVar[int]
    NIGHTLY_TIME_FIELD_NUMBER: _ClassVar[int]
    NIGHTLY_TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    OPT_OUT_FIELD_FIELD_NUMBER: _ClassVar[int]
    SALES_OPT_OUT_FIELD_FIELD_NUMBER: _ClassVar[int]
    HOURLY_SYNC_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBE_ON_HARD_BOUNCE_FIELD_NUMBER: _ClassVar[int]
    nightly_sync: bool
    nightly_time: str
    nightly_time_zone: str
    opt_out_field: UnsubscribeSettings.OptOutField
    sales_opt_out_field: str
    hourly_sync: bool
    unsubscribe_on_hard_bounce: bool
    def __init__(self, nightly_sync: _Optional[bool] = ..., nightly_time: _Optional[str] = ..., nightly_time_zone: _Optional[str] = ..., opt_out_field: _Optional[_Union[UnsubscribeSettings.OptOutField, str]] = ..., sales_opt_out_field: _Optional[str] = ..., hourly_sync: _Optional[bool] = ..., unsubscribe_on_hard_bounce: _Optional[bool] = ...) -> None: ...

class CheckSettings(_message.Message):
    __slots__ = ("enabled", "on_unavailable", "hold_limit", "answer_cache", "block_email_invalid", "block_marketing_suspended", "block_black_listed", "check_copy_recipients", "blocked_domains")
    class OnUnavailable(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ON_UNAVAILABLE_UNSPECIFIED: _ClassVar[CheckSettings.OnUnavailable]
        ON_UNAVAILABLE_FAIL_CLOSED: _ClassVar[CheckSettings.OnUnavailable]
        ON_UNAVAILABLE_FAIL_OPEN: _ClassVar[CheckSettings.OnUnavailable]
    ON_UNAVAILABLE_UNSPECIFIED: CheckSettings.OnUnavailable
    ON_UNAVAILABLE_FAIL_CLOSED: CheckSettings.OnUnavailable
    ON_UNAVAILABLE_FAIL_OPEN: CheckSettings.OnUnavailable
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    ON_UNAVAILABLE_FIELD_NUMBER: _ClassVar[int]
    HOLD_LIMIT_FIELD_NUMBER: _ClassVar[int]
    ANSWER_CACHE_FIELD_NUMBER: _ClassVar[int]
    BLOCK_EMAIL_INVALID_FIELD_NUMBER: _ClassVar[int]
    BLOCK_MARKETING_SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    BLOCK_BLACK_LISTED_FIELD_NUMBER: _ClassVar[int]
    CHECK_COPY_RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_DOMAINS_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    on_unavailable: CheckSettings.OnUnavailable
    hold_limit: _duration_pb2.Duration
    answer_cache: _duration_pb2.Duration
    block_email_invalid: bool
    block_marketing_suspended: bool
    block_black_listed: bool
    check_copy_recipients: bool
    blocked_domains: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, enabled: _Optional[bool] = ..., on_unavailable: _Optional[_Union[CheckSettings.OnUnavailable, str]] = ..., hold_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., answer_cache: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., block_email_invalid: _Optional[bool] = ..., block_marketing_suspended: _Optional[bool] = ..., block_black_listed: _Optional[bool] = ..., check_copy_recipients: _Optional[bool] = ..., blocked_domains: _Optional[_Iterable[str]] = ...) -> None: ...

class RetentionSettings(_message.Message):
    __slots__ = ("deliveries", "changes")
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    deliveries: _duration_pb2.Duration
    changes: _duration_pb2.Duration
    def __init__(self, deliveries: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., changes: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Settings(_message.Message):
    __slots__ = ("people", "marketo", "logging", "reminders", "unsubscribes", "check", "retention", "etag")
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    MARKETO_FIELD_NUMBER: _ClassVar[int]
    LOGGING_FIELD_NUMBER: _ClassVar[int]
    REMINDERS_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBES_FIELD_NUMBER: _ClassVar[int]
    CHECK_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    people: PeopleSettings
    marketo: MarketoSettings
    logging: LoggingSettings
    reminders: ReminderSettings
    unsubscribes: UnsubscribeSettings
    check: CheckSettings
    retention: RetentionSettings
    etag: str
    def __init__(self, people: _Optional[_Union[PeopleSettings, _Mapping]] = ..., marketo: _Optional[_Union[MarketoSettings, _Mapping]] = ..., logging: _Optional[_Union[LoggingSettings, _Mapping]] = ..., reminders: _Optional[_Union[ReminderSettings, _Mapping]] = ..., unsubscribes: _Optional[_Union[UnsubscribeSettings, _Mapping]] = ..., check: _Optional[_Union[CheckSettings, _Mapping]] = ..., retention: _Optional[_Union[RetentionSettings, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class GetSettingsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSettingsResponse(_message.Message):
    __slots__ = ("settings",)
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    settings: Settings
    def __init__(self, settings: _Optional[_Union[Settings, _Mapping]] = ...) -> None: ...

class UpdateSettingsRequest(_message.Message):
    __slots__ = ("settings", "update_mask", "validate_only")
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    settings: Settings
    update_mask: _field_mask_pb2.FieldMask
    validate_only: bool
    def __init__(self, settings: _Optional[_Union[Settings, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UpdateSettingsResponse(_message.Message):
    __slots__ = ("settings",)
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    settings: Settings
    def __init__(self, settings: _Optional[_Union[Settings, _Mapping]] = ...) -> None: ...

class ListSettingsChangesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class SettingsChange(_message.Message):
    __slots__ = ("path", "old_value", "new_value", "user_id", "change_time")
    PATH_FIELD_NUMBER: _ClassVar[int]
    OLD_VALUE_FIELD_NUMBER: _ClassVar[int]
    NEW_VALUE_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    path: str
    old_value: str
    new_value: str
    user_id: str
    change_time: _timestamp_pb2.Timestamp
    def __init__(self, path: _Optional[str] = ..., old_value: _Optional[str] = ..., new_value: _Optional[str] = ..., user_id: _Optional[str] = ..., change_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListSettingsChangesResponse(_message.Message):
    __slots__ = ("changes", "next_page_token")
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[SettingsChange]
    next_page_token: str
    def __init__(self, changes: _Optional[_Iterable[_Union[SettingsChange, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListAlertsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Alert(_message.Message):
    __slots__ = ("name", "message", "next_step", "owner", "start_time", "system")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    NEXT_STEP_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    name: str
    message: str
    next_step: str
    owner: _common_pb2.ActionOwner
    start_time: _timestamp_pb2.Timestamp
    system: _common_pb2.System
    def __init__(self, name: _Optional[str] = ..., message: _Optional[str] = ..., next_step: _Optional[str] = ..., owner: _Optional[_Union[_common_pb2.ActionOwner, str]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., system: _Optional[_Union[_common_pb2.System, str]] = ...) -> None: ...

class ListAlertsResponse(_message.Message):
    __slots__ = ("alerts",)
    ALERTS_FIELD_NUMBER: _ClassVar[int]
    alerts: _containers.RepeatedCompositeFieldContainer[Alert]
    def __init__(self, alerts: _Optional[_Iterable[_Union[Alert, _Mapping]]] = ...) -> None: ...
