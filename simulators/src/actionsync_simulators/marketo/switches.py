"""Every point on which Marketo's documentation is silent or contradicts itself, as a switch with a default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

OnOff = Literal["on", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketoSwitches:
    """Behaviour of one simulated subscription. Times are seconds of simulator time. ValueError for what cannot be.

    Each comment names the open question, and why the default is what it is.
    """

    # --- gateway -----------------------------------------------------------------------------------------------
    collapse_double_slash: OnOff = "off"
    """`//rest/v1/…`: announced as unsupported by the gateway, so 610; `on` treats it as one slash."""

    query_token: Literal["dated", "reject", "accept"] = "dated"  # noqa: S105 - no secret
    """`access_token` as a parameter. Its end was moved from 30 Jun 2025 to 31 Jan 2026 to 31 Aug 2026; default:
    accepted before the newest of these days on the simulator's clock, rejected from then on."""

    unknown_token: Literal["Access token invalid", "Unauthorized"] = "Access token invalid"  # noqa: S105 - a text
    """The text of 601, which two pages word differently; default: that of the error table."""

    charge_limit_errors: OnOff = "off"
    """Whether 606, 607 and 615 cost a call. They bear no asterisk in the error table, which implies that they do, but a
    refused call that prolongs its own refusal would never clear; default: free."""

    central_time: Literal["America/Chicago", "CST"] = "America/Chicago"
    """Zone of the daily reset. The documentation says "CST"; default: the zone with summer time."""

    time_zone: str = "UTC"
    """Zone of the subscription's own days: of "today", or of a day without a time, in a smart list. A setting of each
    subscription; default: UTC."""

    ip_allow_list: tuple[str, ...] = ()
    """Client addresses that may call; empty: everyone. Another address is answered 603 as if the role lacked it."""

    paging_token_life: int = 86_400
    """Life of a position token. Undocumented; date tokens never expire."""

    # --- leads -------------------------------------------------------------------------------------------------
    crm: Literal["salesforce", "none"] = "salesforce"
    """Whether the native Salesforce sync is on: it decides if the `sfdc*` fields exist at all."""

    crm_objects: Literal["read-only", "off"] = "read-only"
    """Companies, opportunities and sales persons beside a native CRM sync. Two pages call them read-only, two others
    call the whole API off; default: reads work. Writes answer 1018 either way; without a CRM everything works."""

    social: OnOff = "on"
    """Whether Marketo Social fields exist (`linkedInProfileURL` …). They depend on the subscription."""

    contact_owner: Literal["filled", "empty"] = "filled"
    """Content of `sfdcLeadOwnerId` for a person that is a Salesforce contact: undocumented. Default: its owner."""

    partitions: tuple[str, ...] = ("Default",)
    """Lead partitions of the subscription, ids from 1; the first is the default one."""

    read_lag: float = 0.0
    """How long reads still show the old values of a changed lead. Read-your-writes is not promised; default: not."""

    sync_race: float = 0.0
    """A lead that another call created less than this many seconds ago is not matched, so that concurrent upserts
    create duplicates as the documentation warns. Default 0: matching is exact."""

    merge_limit: Literal["2026-03-31", "2026-07-31", "on", "off"] = "2026-03-31"
    """More than 25 losers in one merge are refused (1080) from this day on. The page of the call says 31 Mar 2026, the
    release notes of August 2026 say 31 July; default: the page, on the simulator's clock."""

    merge_deletes: OnOff = "off"
    """Whether merged-away leads are among the deleted leads, with a Delete Lead row of their own. No page says so;
    default: only the winner's Merge Leads row tells of them."""

    updated_at_divergence: OnOff = "on"
    """The visible `updatedAt` moves for standard fields only, the export filter `updatedAt` for any field."""

    # --- activities --------------------------------------------------------------------------------------------
    activity_commit_lag: float = 0.0
    """Upper bound of the random delay after which a new activity row becomes visible. Default: at once."""

    sparse_pages: int = 0
    """Rows scanned for one page of activities before the filters apply; 0 fills pages. A positive number gives the
    short and empty pages with `moreResult:true` that the real service is known for."""

    omit_activity_id: OnOff = "off"
    """Leave the deprecated numeric `id` out of activity rows; `marketoGUID` is the key."""

    retention: OnOff = "on"
    """Hide activities past their documented retention (14 days, 90 days or 25 months by type; New Lead for ever)."""

    large_list_ban: Literal["2026-12-30", "2026-09-30", "on", "off"] = "2026-12-30"
    """Refuse `listId` of 10,000 members or more on activity feeds: two pages name two days for the beginning; default:
    the later one, on the simulator's clock."""

    campaign_run_id: Literal["number", "dated", "quoted"] = "number"
    """The attribute Campaign Run ID came as text in quotes "in certain cases" before the release of 14 Aug 2026, which
    cases is not said; default: always a number. `dated` has the quotes before that day."""

    first_activity_id: int = 100_001
    """Id of the first activity row. Ids may exceed 32 bits: a large number shows what a client makes of it."""

    # --- assets ------------------------------------------------------------------------------------------------
    missing_asset: Literal["702", "warning"] = "702"
    """Reading one asset by an id that is none: the error table names 702 for it, pages of single endpoints show a
    success with a warning and no result. Searches by name and browsing always warn."""

    # --- bulk extract ------------------------------------------------------------------------------------------
    corona: OnOff = "on"
    """Whether `updatedAt` and smart list filters of lead extracts exist in the subscription (else 1035)."""

    export_queue_delay: float = 0.0
    """Time a job stays Queued at least. The real service takes minutes; default: none."""

    export_run_time: float = 0.0
    """Time a job stays Processing at least. Default: as long as the work takes."""

    export_status_refresh: float = 0.0
    """Longest age of the status a poll may see (60 on the real service). Default: always fresh."""

    cancel_spelling: Literal["Cancelled", "Canceled"] = "Cancelled"
    """The status of a cancelled job, spelt in both ways; default: as the samples of the calls have it. A status that is
    given may be spelt either way."""

    export_file_days: int = 7
    """Days a finished file is kept. Two paragraphs disagree (7 and 10); default: the shorter one."""

    ssv_separator: Literal[";", " "] = ";"
    """Separator of the SSV format: documented as semicolon and as space."""

    # --- bulk import -------------------------------------------------------------------------------------------
    import_queue_delay: float = 0.0
    """Time an import stays Queued at least. The real service takes seconds to minutes; default: none."""

    import_run_time: float = 0.0
    """Time an import stays Importing at least. Default: as long as the work takes."""

    import_empty: Literal["keep", "clear"] = "keep"
    """What an empty cell does to a value that is there. Undocumented for the API; imports by hand keep the value."""

    import_null: Literal["clear", "text"] = "clear"
    """What the word `null` in a cell means. Undocumented for the API; imports by hand clear the value with it, and
    export files say it for empty."""

    import_members: Literal["everybody", "nobody"] = "everybody"
    """Members that the message of an import without a list tells of. They are additions to the list, yet the vendor's
    own sample, which has no list, counts everybody imported."""

    def __post_init__(self) -> None:
        if not self.partitions:
            raise ValueError("partitions cannot be empty: every lead is in one")
        try:
            ZoneInfo(self.time_zone)
        except (LookupError, ValueError):
            raise ValueError(f"{self.time_zone!r} is not a time zone") from None
