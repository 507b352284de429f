"""The actionsync client: the generated stubs on a channel that knows tokens, deadlines, retries, pages and watches.

Messages stay protobuf; nothing here is a second model of them.

    async with connect("127.0.0.1:50051", token) as client:
        async for person in client.pages(client.persons.ListPersons, ListPersonsRequest()):
            print(person.email)
"""

from __future__ import annotations

from actionsync_client.client import Client, connect
from actionsync_client.errors import (
    ActionsyncError,
    ConsentRequiredError,
    DeadlineError,
    EtagMismatchError,
    IdempotencyKeyReusedError,
    InitialSyncRunningError,
    InstanceUnknownError,
    InternalError,
    InvalidFieldError,
    LoggingModesConflictError,
    LoginRefusedError,
    NotConnectedError,
    NotYetServedError,
    PageTokenInvalidError,
    PersonNotQualifiedError,
    RequestIdReusedError,
    ResourceExistsError,
    ResourceNotFoundError,
    ResumeTokenExpiredError,
    RoleNotAllowedError,
    ShuttingDownError,
    StoreUnavailableError,
    SystemNotPreparedError,
    SystemQuotaExhaustedError,
    SystemRefusedError,
    SystemUnavailableError,
    TemplateFieldUnknownError,
    TokenExpiredError,
    TokenForeignError,
    TokenInvalidError,
    TooManyCallsError,
    UnreachableError,
    Violation,
    WrongStateError,
)

__all__ = [
    "ActionsyncError",
    "Client",
    "ConsentRequiredError",
    "DeadlineError",
    "EtagMismatchError",
    "IdempotencyKeyReusedError",
    "InitialSyncRunningError",
    "InstanceUnknownError",
    "InternalError",
    "InvalidFieldError",
    "LoggingModesConflictError",
    "LoginRefusedError",
    "NotConnectedError",
    "NotYetServedError",
    "PageTokenInvalidError",
    "PersonNotQualifiedError",
    "RequestIdReusedError",
    "ResourceExistsError",
    "ResourceNotFoundError",
    "ResumeTokenExpiredError",
    "RoleNotAllowedError",
    "ShuttingDownError",
    "StoreUnavailableError",
    "SystemNotPreparedError",
    "SystemQuotaExhaustedError",
    "SystemRefusedError",
    "SystemUnavailableError",
    "TemplateFieldUnknownError",
    "TokenExpiredError",
    "TokenForeignError",
    "TokenInvalidError",
    "TooManyCallsError",
    "UnreachableError",
    "Violation",
    "WrongStateError",
    "connect",
]
