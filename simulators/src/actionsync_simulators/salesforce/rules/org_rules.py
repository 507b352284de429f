"""Rules an admin has made for this org, and planned faults of single rows: the last checks before a row is stored.

Validation rules and duplicate rules are set through the control plane (`/_sim/rules`) and kept with the rows.
"""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from typing import Any

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.gateway.errors import ApiError, ErrorItem, api_error
from actionsync_simulators.salesforce.rows.read import attributes
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org, Row


def check_org_rules(
    org: Org,
    write: Write,
    *,
    sobject: SObject,
    row: Row,
    old: Row | None,
    locks: set[str],
    fault_key: str | None,
    deleting: bool = False,
) -> None:
    """Duplicate rules, then locks and planned row faults, then validation rules. Deletions know no rules.

    `locks` are the ids of the rows that the write needs to itself.
    """
    if not deleting:
        _duplicate_rules(org, write, sobject, row, old)
    check_locks(org, locks)
    _row_faults(org, write, sobject, row, fault_key)
    if not deleting:
        _validation_rules(org, sobject, row)


def check_locks(org: Org, needed: set[str]) -> None:
    """Refuse a write that needs a row which another transaction holds (set by a lock rule)."""
    held = sorted(needed & org.held_locks) if org.held_locks else ()
    if held:
        raise api_error(
            "UNABLE_TO_LOCK_ROW",
            f"unable to obtain exclusive access to this record or {len(held)} records: {','.join(held)}",
            fields=(),
        )


def _row_faults(org: Org, write: Write, sobject: SObject, row: Row, fault_key: str | None) -> None:
    if not org.faults.has_row_faults:
        return
    key = fault_key or row["Id"] or "new"
    fault = org.faults.take_row(write.method, f"/rows/{sobject.name}/{key}")
    if fault is not None and fault.error is not None:
        error = fault.error
        raise api_error(error.code, error.message, fields=(), status=error.http_status)


def _validation_rules(org: Org, sobject: SObject, row: Row) -> None:
    for rule in org.rules_for("validation", sobject.name):
        value = row.get(rule["field"])
        text = "" if value is None else str(value)
        refused = rule["contains"] in text if "contains" in rule else not text
        if refused:
            fields = [rule["error_field"]] if rule.get("error_field") else []
            raise api_error("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule["message"], fields=fields)


def _duplicate_rules(org: Org, write: Write, sobject: SObject, row: Row, old: Row | None) -> None:
    for rule in org.rules_for("duplicate", sobject.name):
        names: list[str] = rule["fields"]
        if any(row[name] is None for name in names):
            continue
        if old is not None and all(old[name] == row[name] for name in names):
            continue
        condition = " AND ".join(f"{quoted(name)} = ?" for name in names)
        matches = org.database.rows(
            f"SELECT Id FROM {quoted(sobject.name)} WHERE {condition} AND IsDeleted = 0 AND Id <> ? LIMIT 5",
            (*(row[name] for name in names), row["Id"]),
        )
        if matches and not (rule["allow_save"] and write.allow_duplicates):
            raise _duplicates_detected(sobject, rule, [match["Id"] for match in matches], write.version)


def _duplicates_detected(sobject: SObject, rule: dict[str, Any], ids: list[str], version: str) -> ApiError:
    records = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": {
                "attributes": attributes(sobject.name, i, version),
                "Id": i,
            },
        }
        for i in ids
    ]
    result = {
        "allowSave": rule["allow_save"],
        "duplicateRule": f"Standard_{sobject.name}_Duplicate_Rule",
        "duplicateRuleEntityType": sobject.name,
        "errorMessage": rule["message"],
        "matchResults": [
            {
                "entityType": sobject.name,
                "errors": [],
                "matchEngine": "FuzzyMatchEngine",
                "matchRecords": records,
                "rule": f"Standard_{sobject.name}_Match_Rule_v1_1",
                "size": len(records),
                "success": True,
            }
        ],
    }
    return ApiError(400, ErrorItem("DUPLICATES_DETECTED", rule["message"], extra={"duplicateResult": result}))
