"""The vendor's table of codes, message by message: the simulator has these, all of them, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.marketo.gateway.errors import CODES

TABLE = """
500|Internal Server Error
502|Bad Gateway
600|Access token not specified
601|Access token invalid
602|Access token expired
603|Access denied
604|Request timed out
605|HTTP Method '%s' not supported
606|Max rate limit '%s' exceeded with in '%s' secs
607|Daily quota reached
608|API Temporarily Unavailable
609|Invalid JSON
610|Requested resource not found
611|System error
612|Invalid Content Type
613|Invalid Multipart Request
614|Invalid Subscription
615|Concurrent access limit '%s' reached
616|Invalid subscription type
701|%s cannot be blank
702|Record not found
703|The feature is not enabled for the subscription
704|Invalid date format
709|Business Rule Violation
710|Parent Folder Not Found
711|Incompatible Folder Type
712|Merge to person Account operation is invalid
713|Transient Error
714|Unable to find the default record type
718|ExternalSalesPersonID not found
719|Lock wait timeout exception
1001|Invalid value '%s'. Required of type '%s'
1002|Missing value for the required parameter '%s'
1003|Invalid data
1004|Lead not found
1005|Lead already exists
1006|Field '%s' not found
1007|Multiple lead match lookup criteria
1008|Access denied to partition '%s'
1009|Partition name must be specified
1010|Partition update not allowed
1011|Field '%s' not supported
1012|Invalid cookie value '%s'
1013|Object not found
1014|Failed to create Object
1015|Lead not in list
1016|Too many imports
1017|Object already exists
1018|CRM Enabled
1019|Import in progress
1020|Too many clones to program
1021|Company update not allowed
1022|Object in use
1025|Program status not found
1026|Custom object not enabled
1027|Max Activity Type Limit Reached
1028|Max field limit reached
1029|Too many jobs in queue
1035|Unsupported filter type for target subscription: %s
1036|Duplicate object found in input
1037|Lead was skipped
1042|Invalid runAt date
1048|Custom Object Discard Draft Failed
1049|Failed to Create Activity
1076|Merge in CRM: duplicate record
1077|Merge failed due to SFDC field length
1078|Merge failed: deleted entity
1079|Merge failed: Personalized URL conflict
"""
UNWORDED = {"1080"}
"""Codes whose wording no page gives."""


def test_the_table_is_the_vendors() -> None:
    table = dict(line.split("|") for line in TABLE.strip().splitlines())
    assert set(CODES) == set(table) | UNWORDED
    for code, message in table.items():
        assert CODES[code].message.casefold() == message.casefold(), code


@pytest.mark.asyncio
async def test_messages_name_the_limits_in_force(api: Any) -> None:
    api.simulator.set_limits({"calls_per_window": 7, "window_seconds": 3, "calls_at_once": 2})
    for code, message in (
        ("606", "Max rate limit '7' exceeded with in '3' secs"),
        ("615", "Concurrent access limit '2' reached"),
        ("605", "HTTP Method 'GET' not supported"),
        ("1080", "Too many leads to merge: at most 25"),
        ("1011", "Field 'injected' not supported"),
    ):
        await api.fault("error", error={"code": code})
        assert (await api.get("/rest/v1/activities/types.json")).message == message
