"""What a job may be made for: its operation, its object, the key field of an upsert; the same for both APIs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from actionsync_simulators.salesforce.bulk.query_rows import NOT_SERVED
from actionsync_simulators.salesforce.bulk.saving import DELETE, HARD_DELETE, INSERT, UPDATE, UPSERT
from actionsync_simulators.salesforce.gateway.errors import ApiError
from actionsync_simulators.salesforce.gateway.messages import Caller
from actionsync_simulators.salesforce.rows.lookup import key_field
from actionsync_simulators.salesforce.schema import Field, SObject
from actionsync_simulators.salesforce.state import Org

INVALID_JOB, INVALID_ENTITY, NOT_ENABLED = "InvalidJob", "InvalidEntity", "FeatureNotEnabled"


class JobProblem(Exception):
    """A job that cannot be made. Bulk 1.0 has the code as it is, Bulk 2.0 in capitals."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} : {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Target:
    """What a job writes to: an object, and the key field of an upsert."""

    sobject: SObject
    key_field: Field | None


def check_operation(org: Org, operation: str | None, known: Collection[str]) -> str:
    """The operation of a job. Raises JobProblem for one that is missing, unknown, or not allowed to the user."""
    if operation is None:
        raise JobProblem(INVALID_JOB, "Operation not specified")
    if operation not in known:
        raise JobProblem(INVALID_JOB, f"Operation {operation} is not one of {', '.join(known)}")
    if operation == HARD_DELETE and not org.switches.bulk_hard_delete:
        raise JobProblem(
            NOT_ENABLED,
            "hardDelete operation requires special user profile permission, please contact your system administrator",
        )
    return operation


def check_object(org: Org, caller: Caller, name: str | None, operation: str, key_name: str | None) -> Target:
    """The object of an ingest job and its key field. Raises JobProblem for one that the operation does not fit."""
    if name is None:
        raise JobProblem(INVALID_JOB, "Object not specified")
    sobject = org.schema.object(name)
    if sobject is None:
        raise JobProblem(INVALID_JOB, f"Unable to find object: {name}")
    if sobject.name in NOT_SERVED or not _can(sobject, operation):
        raise JobProblem(INVALID_ENTITY, f"Entity '{sobject.name}' is not supported by the Bulk API.")
    if operation != UPSERT:
        return Target(sobject, None)
    if not key_name:
        raise JobProblem(
            INVALID_JOB,
            f"External ID was blank for {sobject.name}. An External ID must be specified for upsert.",
        )
    try:
        return Target(sobject, key_field(caller, sobject, key_name))
    except ApiError:
        raise JobProblem(
            INVALID_JOB,
            f"Field name provided, {key_name} does not match an External ID, Salesforce Id, or indexed field for"
            f" {sobject.name}",
        ) from None


def _can(sobject: SObject, operation: str) -> bool:
    possible = {
        INSERT: sobject.createable,
        UPDATE: sobject.updateable,
        UPSERT: sobject.createable and sobject.updateable,
        DELETE: sobject.deletable,
        HARD_DELETE: sobject.deletable,
    }
    return possible[operation]
