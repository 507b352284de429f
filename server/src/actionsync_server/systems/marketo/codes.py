"""Every code that Marketo answers with, and what it means for us. Source: Marketo's error-codes page.

The same table is read by the calls (what to do) and by the delivery desk (what to tell people).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from actionsync_server.clock import Micros, from_datetime, to_datetime
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.systems.failures import CodeMeaning, CodeTable, FailureKind

_NOBODY, _US, _ADMIN, _THEIRS = (
    ActionOwner.NOBODY,
    ActionOwner.ACTIONSYNC,
    ActionOwner.ADMIN,
    ActionOwner.MARKETO_ADMIN,
)
_TOKEN, _BUSY, _QUOTA, _UNKNOWN, _LOGIN, _REFUSED, _PREPARE = (
    FailureKind.TOKEN,
    FailureKind.BUSY,
    FailureKind.QUOTA,
    FailureKind.UNKNOWN,
    FailureKind.LOGIN,
    FailureKind.REFUSED,
    FailureKind.NOT_PREPARED,
)

#: Waits that are too long to hold a call open: the caller comes back.
LONG_WAIT = 60.0

#: Not charged to the daily quota nor to the 20-second window (the asterisk of the error-codes page, and 600).
FREE_CODES = frozenset({"600", "601", "602", "604", "605", "608", "611"})

#: Every call of the connection waits when one of these comes: the limits are the subscription's, not the call's.
SLOWING_CODES = frozenset({"606", "615"})

_WAIT = "Nothing to do; it is repeated by itself."
_REPORT = "Report it to the makers of actionsync with the request that failed."
_CONNECT = "Check client id and secret of the LaunchPoint service and connect Marketo again."

_ENTRIES = (
    # HTTP statuses and the identity service
    CodeMeaning(
        "400", _LOGIN, "Marketo does not understand our login", _ADMIN, "Check the base URL and connect Marketo again."
    ),
    CodeMeaning("401", _LOGIN, "Marketo does not accept the login", _ADMIN, _CONNECT),
    CodeMeaning("invalid_client", _LOGIN, "Marketo does not accept the client secret", _ADMIN, _CONNECT),
    CodeMeaning("unauthorized", _LOGIN, "Marketo does not know the client id", _ADMIN, _CONNECT),
    CodeMeaning("unsupported_grant_type", _LOGIN, "Marketo does not offer this way to log in", _US, _REPORT),
    CodeMeaning(
        "404", _REFUSED, "There is nothing at this address", _ADMIN, "Check that the base URL is that of Marketo."
    ),
    CodeMeaning("413", _REFUSED, "The request is larger than 1 MB", _US, _REPORT),
    CodeMeaning("414", _REFUSED, "The address of the request is longer than 8 KB", _US, _REPORT),
    CodeMeaning("416", _REFUSED, "The export file has no such part", _US, _REPORT),
    CodeMeaning("500", _UNKNOWN, "Marketo had an internal error", _NOBODY, _WAIT),
    CodeMeaning("502", _UNKNOWN, "Marketo's gateway had no answer", _NOBODY, _WAIT),
    CodeMeaning("503", _UNKNOWN, "Marketo is not available", _NOBODY, _WAIT),
    CodeMeaning("504", _UNKNOWN, "Marketo's gateway waited in vain", _NOBODY, _WAIT),
    # Response level, 6xx and 7xx
    CodeMeaning("600", _TOKEN, "The request carried no token", _US, _REPORT),
    CodeMeaning("601", _TOKEN, "Marketo does not accept the token", _ADMIN, _CONNECT),
    CodeMeaning("602", _TOKEN, "The token is too old", _ADMIN, _CONNECT),
    CodeMeaning(
        "603",
        _PREPARE,
        "The API-only user may not do this, or our address is not on the allow-list",
        _THEIRS,
        "Give the API-only user's role the permission, and check the IP allow-list.",
    ),
    CodeMeaning("604", _UNKNOWN, "Marketo took too long", _NOBODY, _WAIT),
    CodeMeaning("605", _REFUSED, "Marketo does not offer this call with this method", _US, _REPORT),
    CodeMeaning(
        "606", _BUSY, "Too many calls within 20 seconds, by all integrations together", _NOBODY, _WAIT, retry_after=2.0
    ),
    CodeMeaning(
        "607",
        _QUOTA,
        "The subscription's calls of the day are spent",
        _THEIRS,
        "It goes on at midnight US Central time; ask Adobe for more calls if this happens often.",
    ),
    CodeMeaning("608", _BUSY, "The API is not available for the moment", _NOBODY, _WAIT),
    CodeMeaning("609", _REFUSED, "Marketo could not read our request", _US, _REPORT),
    CodeMeaning(
        "610", _REFUSED, "Marketo does not have this call", _ADMIN, "Check that the base URL is that of Marketo."
    ),
    CodeMeaning("611", _BUSY, "Marketo had a system error", _NOBODY, _WAIT),
    CodeMeaning("612", _REFUSED, "Marketo did not like the type of our request", _US, _REPORT),
    CodeMeaning("613", _REFUSED, "Marketo could not read our upload", _US, _REPORT),
    CodeMeaning(
        "614",
        _LOGIN,
        "The subscription is not valid",
        _THEIRS,
        "Check that the subscription is active and connect Marketo again.",
    ),
    CodeMeaning("615", _BUSY, "Too many calls at once, by all integrations together", _NOBODY, _WAIT, retry_after=0.2),
    CodeMeaning("616", _REFUSED, "The subscription is of a type that lacks this call", _THEIRS, "Ask Adobe for it."),
    CodeMeaning("701", _REFUSED, "A required value is blank", _US, _REPORT),
    CodeMeaning("702", _REFUSED, "There is no such record", _NOBODY, "Check that it still exists in Marketo."),
    CodeMeaning("703", _PREPARE, "The feature is not enabled", _THEIRS, "Ask Adobe to enable it."),
    CodeMeaning("704", _REFUSED, "A date is not valid", _US, _REPORT),
    CodeMeaning("709", _REFUSED, "A rule of Marketo forbids this", _THEIRS, "Read the message; mend it in Marketo."),
    CodeMeaning("710", _REFUSED, "The parent folder does not exist", _THEIRS, "Create the folder in Marketo."),
    CodeMeaning("711", _REFUSED, "The folder is of the wrong type", _THEIRS, "Choose another folder in Marketo."),
    CodeMeaning("712", _REFUSED, "A person account cannot be merged so", _THEIRS, "Merge the people in Marketo."),
    CodeMeaning("713", _BUSY, "Marketo had a passing error", _NOBODY, _WAIT),
    CodeMeaning("714", _REFUSED, "The CRM has no default record type", _THEIRS, "Set a default record type."),
    CodeMeaning("718", _REFUSED, "The sales person is not known", _THEIRS, "Create the sales person in Marketo."),
    CodeMeaning("719", _BUSY, "Another change holds the record", _NOBODY, _WAIT),
    # 1xxx, of a response or of one row
    CodeMeaning("1001", _REFUSED, "A value has the wrong type", _US, _REPORT),
    CodeMeaning("1002", _REFUSED, "A required value is missing", _US, _REPORT),
    CodeMeaning(
        "1003",
        _REFUSED,
        "More than 1,000 people match",
        _THEIRS,
        "Merge the duplicates in Marketo.",
        when="too many results",
    ),
    CodeMeaning(
        "1003",
        _PREPARE,
        "The activity type is native, unknown or not approved",
        _ADMIN,
        "Run CheckConnection for Marketo: it creates and approves the activity types.",
        when="activity type",
    ),
    CodeMeaning("1003", _REFUSED, "Marketo says that the data is not valid", _US, _REPORT),
    CodeMeaning(
        "1004",
        _REFUSED,
        "The person is no longer in Marketo: deleted, or merged into another",
        _NOBODY,
        "Nothing to do; what is logged from now on goes to the person that is left.",
    ),
    CodeMeaning("1005", _REFUSED, "The person exists already", _NOBODY, "Nothing to do."),
    CodeMeaning(
        "1006",
        _PREPARE,
        "Marketo does not have this field",
        _ADMIN,
        "Run CheckConnection for Marketo: it says which fields are missing.",
    ),
    CodeMeaning("1007", _REFUSED, "Several people match", _THEIRS, "Merge the duplicates in Marketo."),
    CodeMeaning(
        "1008",
        _PREPARE,
        "The API-only user may not enter this partition",
        _THEIRS,
        "Give the API-only user's role access to the workspace and partition.",
    ),
    CodeMeaning("1009", _REFUSED, "The partition must be named", _US, _REPORT),
    CodeMeaning("1010", _REFUSED, "The person is in another partition", _THEIRS, "Move the person in Marketo."),
    CodeMeaning("1011", _REFUSED, "Marketo does not search by this field", _US, _REPORT),
    CodeMeaning("1012", _REFUSED, "The cookie is not valid", _US, _REPORT),
    CodeMeaning("1013", _REFUSED, "There is no such object", _NOBODY, "Check that it still exists in Marketo."),
    CodeMeaning("1014", _BUSY, "Marketo failed to create the object", _NOBODY, _WAIT),
    CodeMeaning("1015", _REFUSED, "The person is not in the list", _NOBODY, "Nothing to do."),
    CodeMeaning("1016", _BUSY, "Too many imports are under way", _NOBODY, _WAIT, retry_after=LONG_WAIT),
    CodeMeaning(
        "1017",
        _REFUSED,
        "The name is taken",
        _THEIRS,
        "Rename what bears the name in Marketo, then run CheckConnection for Marketo.",
    ),
    CodeMeaning("1018", _REFUSED, "The CRM keeps these records", _NOBODY, "Make the change in the CRM."),
    CodeMeaning("1019", _BUSY, "An import into this list is under way", _NOBODY, _WAIT, retry_after=LONG_WAIT),
    CodeMeaning("1020", _REFUSED, "The program was cloned too often today", _THEIRS, "Try again tomorrow."),
    CodeMeaning("1021", _REFUSED, "The company cannot be changed here", _THEIRS, "Change it in the CRM."),
    CodeMeaning("1022", _REFUSED, "The object is in use", _THEIRS, "Free it in Marketo."),
    CodeMeaning("1025", _REFUSED, "The program has no such status", _THEIRS, "Check the program's channel."),
    CodeMeaning("1026", _PREPARE, "Custom objects are not enabled", _THEIRS, "Ask Adobe to enable them."),
    CodeMeaning(
        "1027",
        _PREPARE,
        "The subscription has no room for another activity type (ten are allowed)",
        _THEIRS,
        "Delete custom activity types that are no longer used, then run CheckConnection for Marketo.",
    ),
    CodeMeaning(
        "1028",
        _PREPARE,
        "The activity type has no room for another attribute (twenty are allowed)",
        _THEIRS,
        "Delete attributes that are no longer used, then run CheckConnection for Marketo.",
    ),
    CodeMeaning(
        "1029",
        _QUOTA,
        "The day's export volume is spent, by all integrations together",
        _THEIRS,
        "It goes on at midnight US Central time; ask Adobe for more volume if this happens often.",
        when="export daily quota",
    ),
    CodeMeaning("1029", _REFUSED, "The export is in the queue already", _NOBODY, "Nothing to do.", when="already"),
    CodeMeaning("1029", _BUSY, "Ten exports are waiting", _NOBODY, _WAIT, retry_after=LONG_WAIT),
    CodeMeaning("1035", _PREPARE, "The subscription cannot export by this filter", _THEIRS, "Ask Adobe to enable it."),
    CodeMeaning("1036", _REFUSED, "The same record stands in the request twice", _US, _REPORT),
    CodeMeaning("1037", _REFUSED, "The person has passed this status already", _NOBODY, "Nothing to do."),
    CodeMeaning("1042", _REFUSED, "The date is too far ahead", _US, _REPORT),
    CodeMeaning("1048", _REFUSED, "The draft could not be discarded", _THEIRS, "Discard it in Marketo."),
    CodeMeaning("1049", _REFUSED, "The attributes of the activity are larger than 65,536 bytes", _US, _REPORT),
    CodeMeaning("1076", _REFUSED, "The CRM sees a duplicate record", _THEIRS, "Merge the people in the CRM."),
    CodeMeaning("1077", _REFUSED, "A value is too long for the CRM", _THEIRS, "Shorten it in Marketo."),
    CodeMeaning("1078", _REFUSED, "The CRM cannot merge these records", _THEIRS, "Merge the people in the CRM."),
    CodeMeaning("1079", _REFUSED, "The personalized URLs conflict", _THEIRS, "Change one of them in Marketo."),
    CodeMeaning("1080", _REFUSED, "More than 25 people cannot be merged at once", _US, _REPORT),
)


def _unknown(code: str) -> CodeMeaning:
    """6xx says that the request was not carried out, so an unknown one is worth repeating; anything else is not."""
    if len(code) == 3 and code.startswith("6"):
        return CodeMeaning(code, _BUSY, "Marketo could not carry out the request", _NOBODY, _WAIT)
    return CodeMeaning(code, _REFUSED, "Marketo refused the request", _US, _REPORT)


TABLE = CodeTable(_ENTRIES, unknown=_unknown)

#: Marketo's days, for quotas, begin here (its pages say "CST"; the zone is taken with its summer time).
_CENTRAL = ZoneInfo("America/Chicago")


def next_central_midnight(now: Micros) -> Micros:
    """Return when Marketo's next day begins: daily quotas come back then."""
    today = to_datetime(now).astimezone(_CENTRAL).date()
    return from_datetime(datetime.combine(today + timedelta(days=1), time(), _CENTRAL))
