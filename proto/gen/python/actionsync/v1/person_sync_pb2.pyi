import datetime

from actionsync.v1 import common_pb2 as _common_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Qualification(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUALIFICATION_UNSPECIFIED: _ClassVar[Qualification]
    QUALIFICATION_QUALIFIED: _ClassVar[Qualification]
    QUALIFICATION_NOT_QUALIFIED: _ClassVar[Qualification]
    QUALIFICATION_DELETED: _ClassVar[Qualification]

class SkipReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SKIP_REASON_UNSPECIFIED: _ClassVar[SkipReason]
    SKIP_REASON_NOT_IN_SALESFORCE: _ClassVar[SkipReason]
    SKIP_REASON_NO_OWNER: _ClassVar[SkipReason]
    SKIP_REASON_OWNED_BY_QUEUE: _ClassVar[SkipReason]
    SKIP_REASON_DELETED_IN_SALESFORCE: _ClassVar[SkipReason]
    SKIP_REASON_OVER_LIMIT: _ClassVar[SkipReason]
    SKIP_REASON_DELETED_IN_MARKETO: _ClassVar[SkipReason]

class PersonView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERSON_VIEW_UNSPECIFIED: _ClassVar[PersonView]
    PERSON_VIEW_ALL: _ClassVar[PersonView]
    PERSON_VIEW_FAQ: _ClassVar[PersonView]

class InitialSyncState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INITIAL_SYNC_STATE_UNSPECIFIED: _ClassVar[InitialSyncState]
    INITIAL_SYNC_STATE_RUNNING: _ClassVar[InitialSyncState]
    INITIAL_SYNC_STATE_PAUSED: _ClassVar[InitialSyncState]
    INITIAL_SYNC_STATE_WAITING: _ClassVar[InitialSyncState]
    INITIAL_SYNC_STATE_SUCCEEDED: _ClassVar[InitialSyncState]
    INITIAL_SYNC_STATE_FAILED: _ClassVar[InitialSyncState]
    INITIAL_SYNC_STATE_CANCELLED: _ClassVar[InitialSyncState]

class InitialSyncMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INITIAL_SYNC_METHOD_UNSPECIFIED: _ClassVar[InitialSyncMethod]
    INITIAL_SYNC_METHOD_BULK_EXTRACT: _ClassVar[InitialSyncMethod]
    INITIAL_SYNC_METHOD_REST_PAGES: _ClassVar[InitialSyncMethod]
QUALIFICATION_UNSPECIFIED: Qualification
QUALIFICATION_QUALIFIED: Qualification
QUALIFICATION_NOT_QUALIFIED: Qualification
QUALIFICATION_DELETED: Qualification
SKIP_REASON_UNSPECIFIED: SkipReason
SKIP_REASON_NOT_IN_SALESFORCE: SkipReason
SKIP_REASON_NO_OWNER: SkipReason
SKIP_REASON_OWNED_BY_QUEUE: SkipReason
SKIP_REASON_DELETED_IN_SALESFORCE: SkipReason
SKIP_REASON_OVER_LIMIT: SkipReason
SKIP_REASON_DELETED_IN_MARKETO: SkipReason
PERSON_VIEW_UNSPECIFIED: PersonView
PERSON_VIEW_ALL: PersonView
PERSON_VIEW_FAQ: PersonView
INITIAL_SYNC_STATE_UNSPECIFIED: InitialSyncState
INITIAL_SYNC_STATE_RUNNING: InitialSyncState
INITIAL_SYNC_STATE_PAUSED: InitialSyncState
INITIAL_SYNC_STATE_WAITING: InitialSyncState
INITIAL_SYNC_STATE_SUCCEEDED: InitialSyncState
INITIAL_SYNC_STATE_FAILED: InitialSyncState
INITIAL_SYNC_STATE_CANCELLED: InitialSyncState
INITIAL_SYNC_METHOD_UNSPECIFIED: InitialSyncMethod
INITIAL_SYNC_METHOD_BULK_EXTRACT: InitialSyncMethod
INITIAL_SYNC_METHOD_REST_PAGES: InitialSyncMethod

class Person(_message.Message):
    __slots__ = ("person_id", "marketo_id", "first_name", "last_name", "email", "company", "title", "phone", "linkedin_url", "source", "salesforce_lead_id", "salesforce_contact_id", "salesforce_account_id", "salesforce_opportunity_id", "qualification", "qualification_reason", "revision", "unsubscribed", "create_time", "update_time")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    MARKETO_ID_FIELD_NUMBER: _ClassVar[int]
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    LINKEDIN_URL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_LEAD_ID_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_OPPORTUNITY_ID_FIELD_NUMBER: _ClassVar[int]
    QUALIFICATION_FIELD_NUMBER: _ClassVar[int]
    QUALIFICATION_REASON_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBED_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    marketo_id: int
    first_name: str
    last_name: str
    email: str
    company: str
    title: str
    phone: str
    linkedin_url: str
    source: str
    salesforce_lead_id: str
    salesforce_contact_id: str
    salesforce_account_id: str
    salesforce_opportunity_id: str
    qualification: Qualification
    qualification_reason: SkipReason
    revision: int
    unsubscribed: bool
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, person_id: _Optional[str] = ..., marketo_id: _Optional[int] = ..., first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., email: _Optional[str] = ..., company: _Optional[str] = ..., title: _Optional[str] = ..., phone: _Optional[str] = ..., linkedin_url: _Optional[str] = ..., source: _Optional[str] = ..., salesforce_lead_id: _Optional[str] = ..., salesforce_contact_id: _Optional[str] = ..., salesforce_account_id: _Optional[str] = ..., salesforce_opportunity_id: _Optional[str] = ..., qualification: _Optional[_Union[Qualification, str]] = ..., qualification_reason: _Optional[_Union[SkipReason, str]] = ..., revision: _Optional[int] = ..., unsubscribed: _Optional[bool] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PersonKey(_message.Message):
    __slots__ = ("person_id", "marketo_id", "salesforce_id")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    MARKETO_ID_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    marketo_id: int
    salesforce_id: str
    def __init__(self, person_id: _Optional[str] = ..., marketo_id: _Optional[int] = ..., salesforce_id: _Optional[str] = ...) -> None: ...

class SkipCount(_message.Message):
    __slots__ = ("reason", "person_count")
    REASON_FIELD_NUMBER: _ClassVar[int]
    PERSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    reason: SkipReason
    person_count: int
    def __init__(self, reason: _Optional[_Union[SkipReason, str]] = ..., person_count: _Optional[int] = ...) -> None: ...

class InitialSync(_message.Message):
    __slots__ = ("initial_sync_id", "state", "method", "processed_count", "expected_count", "created_count", "updated_count", "unchanged_count", "skipped", "call_count", "finished_chunk_count", "chunk_count", "wait_reason", "wait_until_time", "error", "start_user_id", "start_time", "end_time")
    INITIAL_SYNC_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    PROCESSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    CALL_COUNT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    WAIT_REASON_FIELD_NUMBER: _ClassVar[int]
    WAIT_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    START_USER_ID_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    initial_sync_id: str
    state: InitialSyncState
    method: InitialSyncMethod
    processed_count: int
    expected_count: int
    created_count: int
    updated_count: int
    unchanged_count: int
    skipped: _containers.RepeatedCompositeFieldContainer[SkipCount]
    call_count: int
    finished_chunk_count: int
    chunk_count: int
    wait_reason: str
    wait_until_time: _timestamp_pb2.Timestamp
    error: _common_pb2.ItemError
    start_user_id: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, initial_sync_id: _Optional[str] = ..., state: _Optional[_Union[InitialSyncState, str]] = ..., method: _Optional[_Union[InitialSyncMethod, str]] = ..., processed_count: _Optional[int] = ..., expected_count: _Optional[int] = ..., created_count: _Optional[int] = ..., updated_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., skipped: _Optional[_Iterable[_Union[SkipCount, _Mapping]]] = ..., call_count: _Optional[int] = ..., finished_chunk_count: _Optional[int] = ..., chunk_count: _Optional[int] = ..., wait_reason: _Optional[str] = ..., wait_until_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.ItemError, _Mapping]] = ..., start_user_id: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SyncedField(_message.Message):
    __slots__ = ("name", "label", "marketo_name", "salesforce_lead_field", "salesforce_contact_field", "in_faq")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    MARKETO_NAME_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_LEAD_FIELD_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    IN_FAQ_FIELD_NUMBER: _ClassVar[int]
    name: str
    label: str
    marketo_name: str
    salesforce_lead_field: str
    salesforce_contact_field: str
    in_faq: bool
    def __init__(self, name: _Optional[str] = ..., label: _Optional[str] = ..., marketo_name: _Optional[str] = ..., salesforce_lead_field: _Optional[str] = ..., salesforce_contact_field: _Optional[str] = ..., in_faq: _Optional[bool] = ...) -> None: ...

class PreviewInitialSyncRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PreviewInitialSyncResponse(_message.Message):
    __slots__ = ("fields", "estimated_person_count", "estimated_call_count", "estimated_export_megabytes", "method", "used_call_count", "earliest_create_time", "missing_marketo_names")
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_PERSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_CALL_COUNT_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_EXPORT_MEGABYTES_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    USED_CALL_COUNT_FIELD_NUMBER: _ClassVar[int]
    EARLIEST_CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    MISSING_MARKETO_NAMES_FIELD_NUMBER: _ClassVar[int]
    fields: _containers.RepeatedCompositeFieldContainer[SyncedField]
    estimated_person_count: int
    estimated_call_count: int
    estimated_export_megabytes: float
    method: InitialSyncMethod
    used_call_count: int
    earliest_create_time: _timestamp_pb2.Timestamp
    missing_marketo_names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, fields: _Optional[_Iterable[_Union[SyncedField, _Mapping]]] = ..., estimated_person_count: _Optional[int] = ..., estimated_call_count: _Optional[int] = ..., estimated_export_megabytes: _Optional[float] = ..., method: _Optional[_Union[InitialSyncMethod, str]] = ..., used_call_count: _Optional[int] = ..., earliest_create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., missing_marketo_names: _Optional[_Iterable[str]] = ...) -> None: ...

class StartInitialSyncRequest(_message.Message):
    __slots__ = ("request_id", "conflict_policy", "method")
    class ConflictPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        CONFLICT_POLICY_UNSPECIFIED: _ClassVar[StartInitialSyncRequest.ConflictPolicy]
        CONFLICT_POLICY_USE_RUNNING: _ClassVar[StartInitialSyncRequest.ConflictPolicy]
        CONFLICT_POLICY_FAIL: _ClassVar[StartInitialSyncRequest.ConflictPolicy]
        CONFLICT_POLICY_RESTART: _ClassVar[StartInitialSyncRequest.ConflictPolicy]
    CONFLICT_POLICY_UNSPECIFIED: StartInitialSyncRequest.ConflictPolicy
    CONFLICT_POLICY_USE_RUNNING: StartInitialSyncRequest.ConflictPolicy
    CONFLICT_POLICY_FAIL: StartInitialSyncRequest.ConflictPolicy
    CONFLICT_POLICY_RESTART: StartInitialSyncRequest.ConflictPolicy
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_POLICY_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    conflict_policy: StartInitialSyncRequest.ConflictPolicy
    method: InitialSyncMethod
    def __init__(self, request_id: _Optional[str] = ..., conflict_policy: _Optional[_Union[StartInitialSyncRequest.ConflictPolicy, str]] = ..., method: _Optional[_Union[InitialSyncMethod, str]] = ...) -> None: ...

class StartInitialSyncResponse(_message.Message):
    __slots__ = ("initial_sync",)
    INITIAL_SYNC_FIELD_NUMBER: _ClassVar[int]
    initial_sync: InitialSync
    def __init__(self, initial_sync: _Optional[_Union[InitialSync, _Mapping]] = ...) -> None: ...

class GetInitialSyncRequest(_message.Message):
    __slots__ = ("initial_sync_id",)
    INITIAL_SYNC_ID_FIELD_NUMBER: _ClassVar[int]
    initial_sync_id: str
    def __init__(self, initial_sync_id: _Optional[str] = ...) -> None: ...

class GetInitialSyncResponse(_message.Message):
    __slots__ = ("initial_sync",)
    INITIAL_SYNC_FIELD_NUMBER: _ClassVar[int]
    initial_sync: InitialSync
    def __init__(self, initial_sync: _Optional[_Union[InitialSync, _Mapping]] = ...) -> None: ...

class ListInitialSyncsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListInitialSyncsResponse(_message.Message):
    __slots__ = ("initial_syncs", "next_page_token")
    INITIAL_SYNCS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    initial_syncs: _containers.RepeatedCompositeFieldContainer[InitialSync]
    next_page_token: str
    def __init__(self, initial_syncs: _Optional[_Iterable[_Union[InitialSync, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class PauseInitialSyncRequest(_message.Message):
    __slots__ = ("initial_sync_id",)
    INITIAL_SYNC_ID_FIELD_NUMBER: _ClassVar[int]
    initial_sync_id: str
    def __init__(self, initial_sync_id: _Optional[str] = ...) -> None: ...

class PauseInitialSyncResponse(_message.Message):
    __slots__ = ("initial_sync",)
    INITIAL_SYNC_FIELD_NUMBER: _ClassVar[int]
    initial_sync: InitialSync
    def __init__(self, initial_sync: _Optional[_Union[InitialSync, _Mapping]] = ...) -> None: ...

class ResumeInitialSyncRequest(_message.Message):
    __slots__ = ("initial_sync_id",)
    INITIAL_SYNC_ID_FIELD_NUMBER: _ClassVar[int]
    initial_sync_id: str
    def __init__(self, initial_sync_id: _Optional[str] = ...) -> None: ...

class ResumeInitialSyncResponse(_message.Message):
    __slots__ = ("initial_sync",)
    INITIAL_SYNC_FIELD_NUMBER: _ClassVar[int]
    initial_sync: InitialSync
    def __init__(self, initial_sync: _Optional[_Union[InitialSync, _Mapping]] = ...) -> None: ...

class CancelInitialSyncRequest(_message.Message):
    __slots__ = ("initial_sync_id",)
    INITIAL_SYNC_ID_FIELD_NUMBER: _ClassVar[int]
    initial_sync_id: str
    def __init__(self, initial_sync_id: _Optional[str] = ...) -> None: ...

class CancelInitialSyncResponse(_message.Message):
    __slots__ = ("initial_sync",)
    INITIAL_SYNC_FIELD_NUMBER: _ClassVar[int]
    initial_sync: InitialSync
    def __init__(self, initial_sync: _Optional[_Union[InitialSync, _Mapping]] = ...) -> None: ...

class WatchInitialSyncRequest(_message.Message):
    __slots__ = ("initial_sync_id",)
    INITIAL_SYNC_ID_FIELD_NUMBER: _ClassVar[int]
    initial_sync_id: str
    def __init__(self, initial_sync_id: _Optional[str] = ...) -> None: ...

class WatchInitialSyncResponse(_message.Message):
    __slots__ = ("initial_sync",)
    INITIAL_SYNC_FIELD_NUMBER: _ClassVar[int]
    initial_sync: InitialSync
    def __init__(self, initial_sync: _Optional[_Union[InitialSync, _Mapping]] = ...) -> None: ...

class GetSyncStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FeedStatus(_message.Message):
    __slots__ = ("feed", "cursor_time", "lag", "last_poll_time", "error")
    class Feed(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        FEED_UNSPECIFIED: _ClassVar[FeedStatus.Feed]
        FEED_LEAD_CHANGES: _ClassVar[FeedStatus.Feed]
        FEED_DELETED_LEADS: _ClassVar[FeedStatus.Feed]
        FEED_OWNER_CHANGES_AND_MERGES: _ClassVar[FeedStatus.Feed]
    FEED_UNSPECIFIED: FeedStatus.Feed
    FEED_LEAD_CHANGES: FeedStatus.Feed
    FEED_DELETED_LEADS: FeedStatus.Feed
    FEED_OWNER_CHANGES_AND_MERGES: FeedStatus.Feed
    FEED_FIELD_NUMBER: _ClassVar[int]
    CURSOR_TIME_FIELD_NUMBER: _ClassVar[int]
    LAG_FIELD_NUMBER: _ClassVar[int]
    LAST_POLL_TIME_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    feed: FeedStatus.Feed
    cursor_time: _timestamp_pb2.Timestamp
    lag: _duration_pb2.Duration
    last_poll_time: _timestamp_pb2.Timestamp
    error: _common_pb2.ItemError
    def __init__(self, feed: _Optional[_Union[FeedStatus.Feed, str]] = ..., cursor_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., lag: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., last_poll_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.ItemError, _Mapping]] = ...) -> None: ...

class QualificationCount(_message.Message):
    __slots__ = ("qualification", "person_count")
    QUALIFICATION_FIELD_NUMBER: _ClassVar[int]
    PERSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    qualification: Qualification
    person_count: int
    def __init__(self, qualification: _Optional[_Union[Qualification, str]] = ..., person_count: _Optional[int] = ...) -> None: ...

class FlowCalls(_message.Message):
    __slots__ = ("flow", "call_count", "held_back")
    FLOW_FIELD_NUMBER: _ClassVar[int]
    CALL_COUNT_FIELD_NUMBER: _ClassVar[int]
    HELD_BACK_FIELD_NUMBER: _ClassVar[int]
    flow: str
    call_count: int
    held_back: bool
    def __init__(self, flow: _Optional[str] = ..., call_count: _Optional[int] = ..., held_back: _Optional[bool] = ...) -> None: ...

class QuotaUsage(_message.Message):
    __slots__ = ("system", "own_call_count", "used_call_count", "limit_call_count", "flows", "spent_time")
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    OWN_CALL_COUNT_FIELD_NUMBER: _ClassVar[int]
    USED_CALL_COUNT_FIELD_NUMBER: _ClassVar[int]
    LIMIT_CALL_COUNT_FIELD_NUMBER: _ClassVar[int]
    FLOWS_FIELD_NUMBER: _ClassVar[int]
    SPENT_TIME_FIELD_NUMBER: _ClassVar[int]
    system: _common_pb2.System
    own_call_count: int
    used_call_count: int
    limit_call_count: int
    flows: _containers.RepeatedCompositeFieldContainer[FlowCalls]
    spent_time: _timestamp_pb2.Timestamp
    def __init__(self, system: _Optional[_Union[_common_pb2.System, str]] = ..., own_call_count: _Optional[int] = ..., used_call_count: _Optional[int] = ..., limit_call_count: _Optional[int] = ..., flows: _Optional[_Iterable[_Union[FlowCalls, _Mapping]]] = ..., spent_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetSyncStatusResponse(_message.Message):
    __slots__ = ("initial_sync", "feeds", "counts", "over_limit_count", "quotas", "incremental_running")
    INITIAL_SYNC_FIELD_NUMBER: _ClassVar[int]
    FEEDS_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    OVER_LIMIT_COUNT_FIELD_NUMBER: _ClassVar[int]
    QUOTAS_FIELD_NUMBER: _ClassVar[int]
    INCREMENTAL_RUNNING_FIELD_NUMBER: _ClassVar[int]
    initial_sync: InitialSync
    feeds: _containers.RepeatedCompositeFieldContainer[FeedStatus]
    counts: _containers.RepeatedCompositeFieldContainer[QualificationCount]
    over_limit_count: int
    quotas: _containers.RepeatedCompositeFieldContainer[QuotaUsage]
    incremental_running: bool
    def __init__(self, initial_sync: _Optional[_Union[InitialSync, _Mapping]] = ..., feeds: _Optional[_Iterable[_Union[FeedStatus, _Mapping]]] = ..., counts: _Optional[_Iterable[_Union[QualificationCount, _Mapping]]] = ..., over_limit_count: _Optional[int] = ..., quotas: _Optional[_Iterable[_Union[QuotaUsage, _Mapping]]] = ..., incremental_running: _Optional[bool] = ...) -> None: ...

class GetPersonRequest(_message.Message):
    __slots__ = ("key", "view")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    key: PersonKey
    view: PersonView
    def __init__(self, key: _Optional[_Union[PersonKey, _Mapping]] = ..., view: _Optional[_Union[PersonView, str]] = ...) -> None: ...

class GetPersonResponse(_message.Message):
    __slots__ = ("person",)
    PERSON_FIELD_NUMBER: _ClassVar[int]
    person: Person
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ...) -> None: ...

class BatchGetPersonsRequest(_message.Message):
    __slots__ = ("keys", "view")
    KEYS_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[PersonKey]
    view: PersonView
    def __init__(self, keys: _Optional[_Iterable[_Union[PersonKey, _Mapping]]] = ..., view: _Optional[_Union[PersonView, str]] = ...) -> None: ...

class PersonResult(_message.Message):
    __slots__ = ("person", "error")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    person: Person
    error: _common_pb2.ItemError
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.ItemError, _Mapping]] = ...) -> None: ...

class BatchGetPersonsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[PersonResult]
    def __init__(self, results: _Optional[_Iterable[_Union[PersonResult, _Mapping]]] = ...) -> None: ...

class ListPersonsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "query", "email", "qualification", "view", "order")
    class Order(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ORDER_UNSPECIFIED: _ClassVar[ListPersonsRequest.Order]
        ORDER_PERSON_ID: _ClassVar[ListPersonsRequest.Order]
        ORDER_UPDATE_TIME_DESCENDING: _ClassVar[ListPersonsRequest.Order]
    ORDER_UNSPECIFIED: ListPersonsRequest.Order
    ORDER_PERSON_ID: ListPersonsRequest.Order
    ORDER_UPDATE_TIME_DESCENDING: ListPersonsRequest.Order
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    QUALIFICATION_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    query: str
    email: str
    qualification: Qualification
    view: PersonView
    order: ListPersonsRequest.Order
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., query: _Optional[str] = ..., email: _Optional[str] = ..., qualification: _Optional[_Union[Qualification, str]] = ..., view: _Optional[_Union[PersonView, str]] = ..., order: _Optional[_Union[ListPersonsRequest.Order, str]] = ...) -> None: ...

class ListPersonsResponse(_message.Message):
    __slots__ = ("persons", "next_page_token")
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    persons: _containers.RepeatedCompositeFieldContainer[Person]
    next_page_token: str
    def __init__(self, persons: _Optional[_Iterable[_Union[Person, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchPersonsRequest(_message.Message):
    __slots__ = ("resume_token",)
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    def __init__(self, resume_token: _Optional[str] = ...) -> None: ...

class PersonChange(_message.Message):
    __slots__ = ("type", "person", "merged_into_person_id", "change_time")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TYPE_UNSPECIFIED: _ClassVar[PersonChange.Type]
        TYPE_CREATED: _ClassVar[PersonChange.Type]
        TYPE_UPDATED: _ClassVar[PersonChange.Type]
        TYPE_DELETED: _ClassVar[PersonChange.Type]
        TYPE_MERGED: _ClassVar[PersonChange.Type]
        TYPE_ERASED: _ClassVar[PersonChange.Type]
    TYPE_UNSPECIFIED: PersonChange.Type
    TYPE_CREATED: PersonChange.Type
    TYPE_UPDATED: PersonChange.Type
    TYPE_DELETED: PersonChange.Type
    TYPE_MERGED: PersonChange.Type
    TYPE_ERASED: PersonChange.Type
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    type: PersonChange.Type
    person: Person
    merged_into_person_id: str
    change_time: _timestamp_pb2.Timestamp
    def __init__(self, type: _Optional[_Union[PersonChange.Type, str]] = ..., person: _Optional[_Union[Person, _Mapping]] = ..., merged_into_person_id: _Optional[str] = ..., change_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WatchPersonsResponse(_message.Message):
    __slots__ = ("changes", "resume_token")
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[PersonChange]
    resume_token: str
    def __init__(self, changes: _Optional[_Iterable[_Union[PersonChange, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class ListSyncedFieldsRequest(_message.Message):
    __slots__ = ("view",)
    VIEW_FIELD_NUMBER: _ClassVar[int]
    view: PersonView
    def __init__(self, view: _Optional[_Union[PersonView, str]] = ...) -> None: ...

class ListSyncedFieldsResponse(_message.Message):
    __slots__ = ("fields",)
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    fields: _containers.RepeatedCompositeFieldContainer[SyncedField]
    def __init__(self, fields: _Optional[_Iterable[_Union[SyncedField, _Mapping]]] = ...) -> None: ...

class ExplainPersonRequest(_message.Message):
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: PersonKey
    def __init__(self, key: _Optional[_Union[PersonKey, _Mapping]] = ...) -> None: ...

class PersonEvent(_message.Message):
    __slots__ = ("event_time", "description", "origin")
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    event_time: _timestamp_pb2.Timestamp
    description: str
    origin: _common_pb2.System
    def __init__(self, event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., description: _Optional[str] = ..., origin: _Optional[_Union[_common_pb2.System, str]] = ...) -> None: ...

class ExplainPersonResponse(_message.Message):
    __slots__ = ("person", "qualification", "reason", "explanation", "events")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    QUALIFICATION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    person: Person
    qualification: Qualification
    reason: SkipReason
    explanation: str
    events: _containers.RepeatedCompositeFieldContainer[PersonEvent]
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ..., qualification: _Optional[_Union[Qualification, str]] = ..., reason: _Optional[_Union[SkipReason, str]] = ..., explanation: _Optional[str] = ..., events: _Optional[_Iterable[_Union[PersonEvent, _Mapping]]] = ...) -> None: ...

class ErasePersonRequest(_message.Message):
    __slots__ = ("person_id", "reason", "request_id")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    reason: str
    request_id: str
    def __init__(self, person_id: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ErasePersonResponse(_message.Message):
    __slots__ = ("erased_activity_count", "suppression_kept")
    ERASED_ACTIVITY_COUNT_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_KEPT_FIELD_NUMBER: _ClassVar[int]
    erased_activity_count: int
    suppression_kept: bool
    def __init__(self, erased_activity_count: _Optional[int] = ..., suppression_kept: _Optional[bool] = ...) -> None: ...
