import datetime

from actionsync.v1 import common_pb2 as _common_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReminderTask(_message.Message):
    __slots__ = ("reminder_task_id", "user_id", "person_id", "kind", "name", "details", "due_date", "priority", "state", "origin", "salesforce_subject", "salesforce_task_id", "delivery", "etag", "create_time", "update_time")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[ReminderTask.Kind]
        KIND_EMAIL: _ClassVar[ReminderTask.Kind]
        KIND_CALL: _ClassVar[ReminderTask.Kind]
        KIND_IN_MAIL: _ClassVar[ReminderTask.Kind]
        KIND_CUSTOM: _ClassVar[ReminderTask.Kind]
    KIND_UNSPECIFIED: ReminderTask.Kind
    KIND_EMAIL: ReminderTask.Kind
    KIND_CALL: ReminderTask.Kind
    KIND_IN_MAIL: ReminderTask.Kind
    KIND_CUSTOM: ReminderTask.Kind
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[ReminderTask.State]
        STATE_OPEN: _ClassVar[ReminderTask.State]
        STATE_COMPLETED: _ClassVar[ReminderTask.State]
        STATE_DELETED: _ClassVar[ReminderTask.State]
    STATE_UNSPECIFIED: ReminderTask.State
    STATE_OPEN: ReminderTask.State
    STATE_COMPLETED: ReminderTask.State
    STATE_DELETED: ReminderTask.State
    class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PRIORITY_UNSPECIFIED: _ClassVar[ReminderTask.Priority]
        PRIORITY_NORMAL: _ClassVar[ReminderTask.Priority]
        PRIORITY_HIGH: _ClassVar[ReminderTask.Priority]
    PRIORITY_UNSPECIFIED: ReminderTask.Priority
    PRIORITY_NORMAL: ReminderTask.Priority
    PRIORITY_HIGH: ReminderTask.Priority
    REMINDER_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    reminder_task_id: str
    user_id: str
    person_id: str
    kind: ReminderTask.Kind
    name: str
    details: str
    due_date: str
    priority: ReminderTask.Priority
    state: ReminderTask.State
    origin: _common_pb2.System
    salesforce_subject: str
    salesforce_task_id: str
    delivery: _common_pb2.Delivery
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, reminder_task_id: _Optional[str] = ..., user_id: _Optional[str] = ..., person_id: _Optional[str] = ..., kind: _Optional[_Union[ReminderTask.Kind, str]] = ..., name: _Optional[str] = ..., details: _Optional[str] = ..., due_date: _Optional[str] = ..., priority: _Optional[_Union[ReminderTask.Priority, str]] = ..., state: _Optional[_Union[ReminderTask.State, str]] = ..., origin: _Optional[_Union[_common_pb2.System, str]] = ..., salesforce_subject: _Optional[str] = ..., salesforce_task_id: _Optional[str] = ..., delivery: _Optional[_Union[_common_pb2.Delivery, _Mapping]] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateReminderTaskRequest(_message.Message):
    __slots__ = ("reminder_task", "request_id")
    REMINDER_TASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    reminder_task: ReminderTask
    request_id: str
    def __init__(self, reminder_task: _Optional[_Union[ReminderTask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateReminderTaskResponse(_message.Message):
    __slots__ = ("reminder_task",)
    REMINDER_TASK_FIELD_NUMBER: _ClassVar[int]
    reminder_task: ReminderTask
    def __init__(self, reminder_task: _Optional[_Union[ReminderTask, _Mapping]] = ...) -> None: ...

class GetReminderTaskRequest(_message.Message):
    __slots__ = ("reminder_task_id",)
    REMINDER_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    reminder_task_id: str
    def __init__(self, reminder_task_id: _Optional[str] = ...) -> None: ...

class GetReminderTaskResponse(_message.Message):
    __slots__ = ("reminder_task",)
    REMINDER_TASK_FIELD_NUMBER: _ClassVar[int]
    reminder_task: ReminderTask
    def __init__(self, reminder_task: _Optional[_Union[ReminderTask, _Mapping]] = ...) -> None: ...

class ListReminderTasksRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "user_id", "person_id", "state", "due_soon")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DUE_SOON_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    user_id: str
    person_id: str
    state: ReminderTask.State
    due_soon: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., user_id: _Optional[str] = ..., person_id: _Optional[str] = ..., state: _Optional[_Union[ReminderTask.State, str]] = ..., due_soon: _Optional[bool] = ...) -> None: ...

class ListReminderTasksResponse(_message.Message):
    __slots__ = ("reminder_tasks", "next_page_token")
    REMINDER_TASKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    reminder_tasks: _containers.RepeatedCompositeFieldContainer[ReminderTask]
    next_page_token: str
    def __init__(self, reminder_tasks: _Optional[_Iterable[_Union[ReminderTask, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateReminderTaskRequest(_message.Message):
    __slots__ = ("reminder_task", "update_mask")
    REMINDER_TASK_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    reminder_task: ReminderTask
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, reminder_task: _Optional[_Union[ReminderTask, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateReminderTaskResponse(_message.Message):
    __slots__ = ("reminder_task",)
    REMINDER_TASK_FIELD_NUMBER: _ClassVar[int]
    reminder_task: ReminderTask
    def __init__(self, reminder_task: _Optional[_Union[ReminderTask, _Mapping]] = ...) -> None: ...

class CompleteReminderTaskRequest(_message.Message):
    __slots__ = ("reminder_task_id", "etag")
    REMINDER_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    reminder_task_id: str
    etag: str
    def __init__(self, reminder_task_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CompleteReminderTaskResponse(_message.Message):
    __slots__ = ("reminder_task",)
    REMINDER_TASK_FIELD_NUMBER: _ClassVar[int]
    reminder_task: ReminderTask
    def __init__(self, reminder_task: _Optional[_Union[ReminderTask, _Mapping]] = ...) -> None: ...

class ReopenReminderTaskRequest(_message.Message):
    __slots__ = ("reminder_task_id", "etag")
    REMINDER_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    reminder_task_id: str
    etag: str
    def __init__(self, reminder_task_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class ReopenReminderTaskResponse(_message.Message):
    __slots__ = ("reminder_task",)
    REMINDER_TASK_FIELD_NUMBER: _ClassVar[int]
    reminder_task: ReminderTask
    def __init__(self, reminder_task: _Optional[_Union[ReminderTask, _Mapping]] = ...) -> None: ...

class DeleteReminderTaskRequest(_message.Message):
    __slots__ = ("reminder_task_id", "etag")
    REMINDER_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    reminder_task_id: str
    etag: str
    def __init__(self, reminder_task_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteReminderTaskResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WatchReminderTasksRequest(_message.Message):
    __slots__ = ("resume_token", "user_id")
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    user_id: str
    def __init__(self, resume_token: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class WatchReminderTasksResponse(_message.Message):
    __slots__ = ("reminder_tasks", "resume_token")
    REMINDER_TASKS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    reminder_tasks: _containers.RepeatedCompositeFieldContainer[ReminderTask]
    resume_token: str
    def __init__(self, reminder_tasks: _Optional[_Iterable[_Union[ReminderTask, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...
