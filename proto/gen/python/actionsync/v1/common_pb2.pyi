import datetime

from actionsync.v1 import error_reason_pb2 as _error_reason_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class System(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SYSTEM_UNSPECIFIED: _ClassVar[System]
    SYSTEM_MARKETO: _ClassVar[System]
    SYSTEM_SALESFORCE: _ClassVar[System]
    SYSTEM_ACTIONSYNC: _ClassVar[System]

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_OPERATOR: _ClassVar[Role]
    ROLE_ADMIN: _ClassVar[Role]
    ROLE_USER: _ClassVar[Role]
    ROLE_SERVICE: _ClassVar[Role]

class DeliveryState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_STATE_UNSPECIFIED: _ClassVar[DeliveryState]
    DELIVERY_STATE_PENDING: _ClassVar[DeliveryState]
    DELIVERY_STATE_DELIVERING: _ClassVar[DeliveryState]
    DELIVERY_STATE_UNKNOWN: _ClassVar[DeliveryState]
    DELIVERY_STATE_RETRYING: _ClassVar[DeliveryState]
    DELIVERY_STATE_WAITING: _ClassVar[DeliveryState]
    DELIVERY_STATE_DELIVERED: _ClassVar[DeliveryState]
    DELIVERY_STATE_SKIPPED: _ClassVar[DeliveryState]
    DELIVERY_STATE_FAILED: _ClassVar[DeliveryState]
    DELIVERY_STATE_DISCARDED: _ClassVar[DeliveryState]

class DeliveryReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_REASON_UNSPECIFIED: _ClassVar[DeliveryReason]
    DELIVERY_REASON_TURNED_OFF: _ClassVar[DeliveryReason]
    DELIVERY_REASON_NO_RECORD_FOR_TYPE: _ClassVar[DeliveryReason]
    DELIVERY_REASON_NO_SALESFORCE_ID: _ClassVar[DeliveryReason]
    DELIVERY_REASON_NO_MATCHING_RECORD: _ClassVar[DeliveryReason]
    DELIVERY_REASON_USER_NOT_CONNECTED: _ClassVar[DeliveryReason]
    DELIVERY_REASON_NOT_CONNECTED: _ClassVar[DeliveryReason]
    DELIVERY_REASON_QUOTA_EXHAUSTED: _ClassVar[DeliveryReason]
    DELIVERY_REASON_EARLIER_DELIVERY: _ClassVar[DeliveryReason]
    DELIVERY_REASON_PERSON_GONE: _ClassVar[DeliveryReason]
    DELIVERY_REASON_NOT_QUALIFIED: _ClassVar[DeliveryReason]
    DELIVERY_REASON_REFUSED: _ClassVar[DeliveryReason]
    DELIVERY_REASON_RETRIES_EXHAUSTED: _ClassVar[DeliveryReason]
    DELIVERY_REASON_LOGIN_INVALID: _ClassVar[DeliveryReason]
    DELIVERY_REASON_SYSTEM_NOT_PREPARED: _ClassVar[DeliveryReason]
    DELIVERY_REASON_STOPPED: _ClassVar[DeliveryReason]

class ActionOwner(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTION_OWNER_UNSPECIFIED: _ClassVar[ActionOwner]
    ACTION_OWNER_ACTIONSYNC: _ClassVar[ActionOwner]
    ACTION_OWNER_USER: _ClassVar[ActionOwner]
    ACTION_OWNER_ADMIN: _ClassVar[ActionOwner]
    ACTION_OWNER_MARKETO_ADMIN: _ClassVar[ActionOwner]
    ACTION_OWNER_SALESFORCE_ADMIN: _ClassVar[ActionOwner]
SYSTEM_UNSPECIFIED: System
SYSTEM_MARKETO: System
SYSTEM_SALESFORCE: System
SYSTEM_ACTIONSYNC: System
ROLE_UNSPECIFIED: Role
ROLE_OPERATOR: Role
ROLE_ADMIN: Role
ROLE_USER: Role
ROLE_SERVICE: Role
DELIVERY_STATE_UNSPECIFIED: DeliveryState
DELIVERY_STATE_PENDING: DeliveryState
DELIVERY_STATE_DELIVERING: DeliveryState
DELIVERY_STATE_UNKNOWN: DeliveryState
DELIVERY_STATE_RETRYING: DeliveryState
DELIVERY_STATE_WAITING: DeliveryState
DELIVERY_STATE_DELIVERED: DeliveryState
DELIVERY_STATE_SKIPPED: DeliveryState
DELIVERY_STATE_FAILED: DeliveryState
DELIVERY_STATE_DISCARDED: DeliveryState
DELIVERY_REASON_UNSPECIFIED: DeliveryReason
DELIVERY_REASON_TURNED_OFF: DeliveryReason
DELIVERY_REASON_NO_RECORD_FOR_TYPE: DeliveryReason
DELIVERY_REASON_NO_SALESFORCE_ID: DeliveryReason
DELIVERY_REASON_NO_MATCHING_RECORD: DeliveryReason
DELIVERY_REASON_USER_NOT_CONNECTED: DeliveryReason
DELIVERY_REASON_NOT_CONNECTED: DeliveryReason
DELIVERY_REASON_QUOTA_EXHAUSTED: DeliveryReason
DELIVERY_REASON_EARLIER_DELIVERY: DeliveryReason
DELIVERY_REASON_PERSON_GONE: DeliveryReason
DELIVERY_REASON_NOT_QUALIFIED: DeliveryReason
DELIVERY_REASON_REFUSED: DeliveryReason
DELIVERY_REASON_RETRIES_EXHAUSTED: DeliveryReason
DELIVERY_REASON_LOGIN_INVALID: DeliveryReason
DELIVERY_REASON_SYSTEM_NOT_PREPARED: DeliveryReason
DELIVERY_REASON_STOPPED: DeliveryReason
ACTION_OWNER_UNSPECIFIED: ActionOwner
ACTION_OWNER_ACTIONSYNC: ActionOwner
ACTION_OWNER_USER: ActionOwner
ACTION_OWNER_ADMIN: ActionOwner
ACTION_OWNER_MARKETO_ADMIN: ActionOwner
ACTION_OWNER_SALESFORCE_ADMIN: ActionOwner

class FieldViolation(_message.Message):
    __slots__ = ("field", "description")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    field: str
    description: str
    def __init__(self, field: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class ItemError(_message.Message):
    __slots__ = ("code", "reason", "message", "violations")
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    code: int
    reason: _error_reason_pb2.ErrorReason
    message: str
    violations: _containers.RepeatedCompositeFieldContainer[FieldViolation]
    def __init__(self, code: _Optional[int] = ..., reason: _Optional[_Union[_error_reason_pb2.ErrorReason, str]] = ..., message: _Optional[str] = ..., violations: _Optional[_Iterable[_Union[FieldViolation, _Mapping]]] = ...) -> None: ...

class Freshness(_message.Message):
    __slots__ = ("stored", "max_age", "live")
    STORED_FIELD_NUMBER: _ClassVar[int]
    MAX_AGE_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    stored: bool
    max_age: _duration_pb2.Duration
    live: bool
    def __init__(self, stored: _Optional[bool] = ..., max_age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., live: _Optional[bool] = ...) -> None: ...

class DeliveryError(_message.Message):
    __slots__ = ("code", "message", "meaning", "owner", "next_step")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    MEANING_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    NEXT_STEP_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    meaning: str
    owner: ActionOwner
    next_step: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., meaning: _Optional[str] = ..., owner: _Optional[_Union[ActionOwner, str]] = ..., next_step: _Optional[str] = ...) -> None: ...

class Delivery(_message.Message):
    __slots__ = ("delivery_id", "system", "activity_id", "unsubscribe_id", "reminder_task_id", "state", "reason", "attempt_count", "next_attempt_time", "last_error", "external_id", "person_id", "warnings", "create_time", "update_time", "attempts")
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    ACTIVITY_ID_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBE_ID_FIELD_NUMBER: _ClassVar[int]
    REMINDER_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    NEXT_ATTEMPT_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    delivery_id: str
    system: System
    activity_id: str
    unsubscribe_id: str
    reminder_task_id: str
    state: DeliveryState
    reason: DeliveryReason
    attempt_count: int
    next_attempt_time: _timestamp_pb2.Timestamp
    last_error: DeliveryError
    external_id: str
    person_id: str
    warnings: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    attempts: _containers.RepeatedCompositeFieldContainer[DeliveryAttempt]
    def __init__(self, delivery_id: _Optional[str] = ..., system: _Optional[_Union[System, str]] = ..., activity_id: _Optional[str] = ..., unsubscribe_id: _Optional[str] = ..., reminder_task_id: _Optional[str] = ..., state: _Optional[_Union[DeliveryState, str]] = ..., reason: _Optional[_Union[DeliveryReason, str]] = ..., attempt_count: _Optional[int] = ..., next_attempt_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_error: _Optional[_Union[DeliveryError, _Mapping]] = ..., external_id: _Optional[str] = ..., person_id: _Optional[str] = ..., warnings: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., attempts: _Optional[_Iterable[_Union[DeliveryAttempt, _Mapping]]] = ...) -> None: ...

class DeliveryAttempt(_message.Message):
    __slots__ = ("start_time", "end_time", "outcome", "error")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    outcome: DeliveryState
    error: DeliveryError
    def __init__(self, start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., outcome: _Optional[_Union[DeliveryState, str]] = ..., error: _Optional[_Union[DeliveryError, _Mapping]] = ...) -> None: ...
