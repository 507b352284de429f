"""The error codes of the Marketo REST API and the exception that carries one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the vendor's table: its message with `%s` placeholders, and whether it costs no call."""

    message: str
    free: bool = False


CODES: dict[str, Code] = {
    "500": Code("Internal Server Error"),
    "502": Code("Bad Gateway"),
    "600": Code("Access token not specified", free=True),
    "601": Code("Access token invalid", free=True),
    "602": Code("Access token expired", free=True),
    "603": Code("Access denied"),
    "604": Code("Request timed out", free=True),
    "605": Code("HTTP Method '%s' not supported", free=True),
    "606": Code("Max rate limit '%s' exceeded with in '%s' secs"),
    "607": Code("Daily quota reached"),
    "608": Code("API Temporarily Unavailable", free=True),
    "609": Code("Invalid JSON"),
    "610": Code("Requested resource not found"),
    "611": Code("System error", free=True),
    "612": Code("Invalid Content Type"),
    "613": Code("Invalid Multipart Request"),
    "614": Code("Invalid Subscription"),
    "615": Code("Concurrent access limit '%s' reached"),
    "616": Code("Invalid subscription type"),
    "701": Code("%s cannot be blank"),
    "702": Code("Record not found"),
    "703": Code("The feature is not enabled for the subscription"),
    "704": Code("Invalid date format"),
    "709": Code("Business Rule Violation"),
    "710": Code("Parent Folder Not Found"),
    "711": Code("Incompatible Folder Type"),
    "712": Code("Merge to person Account operation is invalid"),
    "713": Code("Transient Error"),
    "714": Code("Unable to find the default record type"),
    "718": Code("ExternalSalesPersonID not found"),
    "719": Code("Lock wait timeout exception"),
    "1001": Code("Invalid value '%s'. Required of type '%s'"),
    "1002": Code("Missing value for the required parameter '%s'"),
    "1003": Code("Invalid data"),
    "1004": Code("Lead not found"),
    "1005": Code("Lead already exists"),
    "1006": Code("Field '%s' not found"),
    "1007": Code("Multiple lead match lookup criteria"),
    "1008": Code("Access denied to partition '%s'"),
    "1009": Code("Partition name must be specified"),
    "1010": Code("Partition update not allowed"),
    "1011": Code("Field '%s' not supported"),
    "1012": Code("Invalid cookie value '%s'"),
    "1013": Code("Object not found"),
    "1014": Code("Failed to create Object"),
    "1015": Code("Lead not in list"),
    "1016": Code("Too many imports"),
    "1017": Code("Object already exists"),
    "1018": Code("CRM Enabled"),
    "1019": Code("Import in progress"),
    "1020": Code("Too many clones to program"),
    "1021": Code("Company update not allowed"),
    "1022": Code("Object in use"),
    "1025": Code("Program status not found"),
    "1026": Code("Custom object not enabled"),
    "1027": Code("Max Activity Type Limit Reached"),
    "1028": Code("Max field limit reached"),
    "1029": Code("Too many jobs in queue"),
    "1035": Code("Unsupported filter type for target subscription: %s"),
    "1036": Code("Duplicate object found in input"),
    "1037": Code("Lead was skipped"),
    "1042": Code("Invalid runAt date"),
    "1048": Code("Custom Object Discard Draft Failed"),
    "1049": Code("Failed to Create Activity"),
    "1076": Code("Merge in CRM: duplicate record"),
    "1077": Code("Merge failed due to SFDC field length"),
    "1078": Code("Merge failed: deleted entity"),
    "1079": Code("Merge failed: Personalized URL conflict"),
    "1080": Code("Too many leads to merge: at most %s"),
}


class ApiError(Exception):
    """A call, or one record of a call, refused with a vendor code. `http_status` is 200 except at the gateway."""

    field: str | None = None
    """Display name of the field whose value it is about, where there is one."""

    def __init__(self, code: str, message: str, *, http_status: int = 200) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.http_status = http_status

    def as_json(self) -> dict[str, str]:
        """Return the `{code, message}` object of the wire."""
        return {"code": self.code, "message": self.message}


def api_error(code: str, *values: object) -> ApiError:
    """Build the error of `code` with the vendor's own message, its placeholders filled in."""
    message = CODES[code].message
    return ApiError(code, message % values if values else message)


def invalid_data(message: str) -> ApiError:
    """Build a 1003, whose message is free text."""
    return ApiError("1003", message)


def is_free(code: str) -> bool:
    """Tell whether an outcome with this code costs no call (unknown codes cost one)."""
    known = CODES.get(code)
    return known is not None and known.free
