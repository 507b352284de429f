"""The settings of an instance, typed, with their defaults. The configuration matrix in the README is made from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from actionsync_server.clock import DAY, HOUR, MINUTE, SECOND, Micros


class Pace(Enum):
    """How hard Marketo is asked; the numbers are the contract's."""

    POLITE = 1
    FULL = 2


class LogAs(Enum):
    """In whose name Tasks are written."""

    SELLER = 1
    INTEGRATION_USER = 2


class DuplicateRule(Enum):
    """Which record gets the Task when an address has several."""

    MOST_RECENTLY_UPDATED = 1
    OLDEST = 2
    CONTACT_FIRST = 3
    ALL = 4


class NoMatchRule(Enum):
    """What happens when no record has the address."""

    SKIP_AND_REPORT = 1
    CREATE_LEAD = 2


class ReminderMode(Enum):
    """Whether reminder tasks meet Salesforce."""

    OFF = 1
    TWO_WAY = 2


class OptOutField(Enum):
    """Which Salesforce field holds the opt-out."""

    EMAIL_OPT_OUT = 1
    SALES_OPT_OUT = 2


class OnUnavailable(Enum):
    """What happens to mail that cannot be checked."""

    FAIL_CLOSED = 1
    FAIL_OPEN = 2


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """How the people are kept current."""

    person_limit: int = 1_500_000
    linkedin_field: str = "linkedInProfileURL"
    lead_changes_interval: Micros = 90 * SECOND
    other_feeds_interval: Micros = 10 * MINUTE
    pace: Pace = Pace.POLITE


@dataclass(frozen=True, slots=True)
class MarketoSettings:
    """What is written to Marketo."""

    stop_activities: bool = False
    daily_call_limit: int = 50_000


@dataclass(frozen=True, slots=True)
class LoggingSettings:
    """What is logged as Salesforce Tasks. Writing into somebody's CRM is opted into, so everything is off at first."""

    log_emails: bool = False
    log_replies: bool = False
    log_calls: bool = False
    log_as: LogAs = LogAs.SELLER
    duplicate_rule: DuplicateRule = DuplicateRule.MOST_RECENTLY_UPDATED
    no_match_rule: NoMatchRule = NoMatchRule.SKIP_AND_REPORT
    log_to_leads: bool = True
    log_to_contacts: bool = True
    subject_template: str = "{{activity_type}}: {{activity_subject}}"
    roll_ups: bool = False


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """How reminder tasks meet Salesforce."""

    mode: ReminderMode = ReminderMode.OFF
    poll_interval: Micros = 60 * SECOND
    merge_with_activity: bool = True


@dataclass(frozen=True, slots=True)
class UnsubscribeSettings:
    """How unsubscribes meet Salesforce. The push of a new one is not a setting: it always happens."""

    nightly_sync: bool = False
    nightly_time: str = "20:00"
    nightly_time_zone: str = "America/Los_Angeles"
    opt_out_field: OptOutField = OptOutField.EMAIL_OPT_OUT
    sales_opt_out_field: str = ""
    hourly_sync: bool = False
    unsubscribe_on_hard_bounce: bool = True


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """How a send is checked."""

    enabled: bool = False
    on_unavailable: OnUnavailable = OnUnavailable.FAIL_CLOSED
    hold_limit: Micros = 4 * HOUR
    answer_cache: Micros = 0
    block_email_invalid: bool = False
    block_marketing_suspended: bool = False
    block_black_listed: bool = False
    check_copy_recipients: bool = True
    blocked_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long things are kept."""

    deliveries: Micros = 400 * DAY
    changes: Micros = 30 * DAY


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of an instance."""

    people: PeopleSettings = field(default_factory=PeopleSettings)
    marketo: MarketoSettings = field(default_factory=MarketoSettings)
    logging: LoggingSettings = field(default_factory=LoggingSettings)
    reminders: ReminderSettings = field(default_factory=ReminderSettings)
    unsubscribes: UnsubscribeSettings = field(default_factory=UnsubscribeSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
