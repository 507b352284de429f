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

class Decision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECISION_UNSPECIFIED: _ClassVar[Decision]
    DECISION_MAY_SEND: _ClassVar[Decision]
    DECISION_MUST_NOT_SEND: _ClassVar[Decision]
    DECISION_CHECK_UNAVAILABLE: _ClassVar[Decision]

class VerdictReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_REASON_UNSPECIFIED: _ClassVar[VerdictReason]
    VERDICT_REASON_BLOCKED_DOMAIN: _ClassVar[VerdictReason]
    VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE: _ClassVar[VerdictReason]
    VERDICT_REASON_BLOCKED_MARKETO_UNSUBSCRIBE: _ClassVar[VerdictReason]
    VERDICT_REASON_BLOCKED_EMAIL_INVALID: _ClassVar[VerdictReason]
    VERDICT_REASON_BLOCKED_MARKETING_SUSPENDED: _ClassVar[VerdictReason]
    VERDICT_REASON_BLOCKED_BLACK_LISTED: _ClassVar[VerdictReason]
    VERDICT_REASON_BLOCKED_NOT_QUALIFIED: _ClassVar[VerdictReason]
    VERDICT_REASON_CHECK_UNAVAILABLE: _ClassVar[VerdictReason]

class VerdictNote(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_NOTE_UNSPECIFIED: _ClassVar[VerdictNote]
    VERDICT_NOTE_UNKNOWN_IN_MARKETO: _ClassVar[VerdictNote]
    VERDICT_NOTE_UNCHECKED: _ClassVar[VerdictNote]
    VERDICT_NOTE_CHECK_OFF: _ClassVar[VerdictNote]
    VERDICT_NOTE_NON_COMMERCIAL: _ClassVar[VerdictNote]
    VERDICT_NOTE_COPY_RECIPIENT_WARNING: _ClassVar[VerdictNote]

class Channel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_UNSPECIFIED: _ClassVar[Channel]
    CHANNEL_WEB_APP: _ClassVar[Channel]
    CHANNEL_PLUG_IN: _ClassVar[Channel]
    CHANNEL_SALESFORCE: _ClassVar[Channel]
    CHANNEL_CAMPAIGN: _ClassVar[Channel]
    CHANNEL_GROUP: _ClassVar[Channel]

class UnsubscribeSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UNSUBSCRIBE_SOURCE_UNSPECIFIED: _ClassVar[UnsubscribeSource]
    UNSUBSCRIBE_SOURCE_CLICKED_LINK: _ClassVar[UnsubscribeSource]
    UNSUBSCRIBE_SOURCE_MANUAL: _ClassVar[UnsubscribeSource]
    UNSUBSCRIBE_SOURCE_SALESFORCE_SYNC: _ClassVar[UnsubscribeSource]
    UNSUBSCRIBE_SOURCE_BOUNCE: _ClassVar[UnsubscribeSource]
DECISION_UNSPECIFIED: Decision
DECISION_MAY_SEND: Decision
DECISION_MUST_NOT_SEND: Decision
DECISION_CHECK_UNAVAILABLE: Decision
VERDICT_REASON_UNSPECIFIED: VerdictReason
VERDICT_REASON_BLOCKED_DOMAIN: VerdictReason
VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE: VerdictReason
VERDICT_REASON_BLOCKED_MARKETO_UNSUBSCRIBE: VerdictReason
VERDICT_REASON_BLOCKED_EMAIL_INVALID: VerdictReason
VERDICT_REASON_BLOCKED_MARKETING_SUSPENDED: VerdictReason
VERDICT_REASON_BLOCKED_BLACK_LISTED: VerdictReason
VERDICT_REASON_BLOCKED_NOT_QUALIFIED: VerdictReason
VERDICT_REASON_CHECK_UNAVAILABLE: VerdictReason
VERDICT_NOTE_UNSPECIFIED: VerdictNote
VERDICT_NOTE_UNKNOWN_IN_MARKETO: VerdictNote
VERDICT_NOTE_UNCHECKED: VerdictNote
VERDICT_NOTE_CHECK_OFF: VerdictNote
VERDICT_NOTE_NON_COMMERCIAL: VerdictNote
VERDICT_NOTE_COPY_RECIPIENT_WARNING: VerdictNote
CHANNEL_UNSPECIFIED: Channel
CHANNEL_WEB_APP: Channel
CHANNEL_PLUG_IN: Channel
CHANNEL_SALESFORCE: Channel
CHANNEL_CAMPAIGN: Channel
CHANNEL_GROUP: Channel
UNSUBSCRIBE_SOURCE_UNSPECIFIED: UnsubscribeSource
UNSUBSCRIBE_SOURCE_CLICKED_LINK: UnsubscribeSource
UNSUBSCRIBE_SOURCE_MANUAL: UnsubscribeSource
UNSUBSCRIBE_SOURCE_SALESFORCE_SYNC: UnsubscribeSource
UNSUBSCRIBE_SOURCE_BOUNCE: UnsubscribeSource

class Evidence(_message.Message):
    __slots__ = ("source", "evidence_time", "cached", "marketo_person_count", "unsubscribe_id")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_TIME_FIELD_NUMBER: _ClassVar[int]
    CACHED_FIELD_NUMBER: _ClassVar[int]
    MARKETO_PERSON_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBE_ID_FIELD_NUMBER: _ClassVar[int]
    source: _common_pb2.System
    evidence_time: _timestamp_pb2.Timestamp
    cached: bool
    marketo_person_count: int
    unsubscribe_id: str
    def __init__(self, source: _Optional[_Union[_common_pb2.System, str]] = ..., evidence_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cached: _Optional[bool] = ..., marketo_person_count: _Optional[int] = ..., unsubscribe_id: _Optional[str] = ...) -> None: ...

class Verdict(_message.Message):
    __slots__ = ("decision", "reason", "evidence", "notes", "retry_after", "give_up_time", "explanation")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    GIVE_UP_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    decision: Decision
    reason: VerdictReason
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    notes: _containers.RepeatedScalarFieldContainer[VerdictNote]
    retry_after: _duration_pb2.Duration
    give_up_time: _timestamp_pb2.Timestamp
    explanation: str
    def __init__(self, decision: _Optional[_Union[Decision, str]] = ..., reason: _Optional[_Union[VerdictReason, str]] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ..., notes: _Optional[_Iterable[_Union[VerdictNote, str]]] = ..., retry_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., give_up_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., explanation: _Optional[str] = ...) -> None: ...

class CheckUnsubscribeRequest(_message.Message):
    __slots__ = ("email", "freshness")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    FRESHNESS_FIELD_NUMBER: _ClassVar[int]
    email: str
    freshness: _common_pb2.Freshness
    def __init__(self, email: _Optional[str] = ..., freshness: _Optional[_Union[_common_pb2.Freshness, _Mapping]] = ...) -> None: ...

class CheckUnsubscribeResponse(_message.Message):
    __slots__ = ("verdict",)
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    verdict: Verdict
    def __init__(self, verdict: _Optional[_Union[Verdict, _Mapping]] = ...) -> None: ...

class BatchCheckUnsubscribesRequest(_message.Message):
    __slots__ = ("emails", "freshness")
    EMAILS_FIELD_NUMBER: _ClassVar[int]
    FRESHNESS_FIELD_NUMBER: _ClassVar[int]
    emails: _containers.RepeatedScalarFieldContainer[str]
    freshness: _common_pb2.Freshness
    def __init__(self, emails: _Optional[_Iterable[str]] = ..., freshness: _Optional[_Union[_common_pb2.Freshness, _Mapping]] = ...) -> None: ...

class VerdictResult(_message.Message):
    __slots__ = ("verdict", "error")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    verdict: Verdict
    error: _common_pb2.ItemError
    def __init__(self, verdict: _Optional[_Union[Verdict, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.ItemError, _Mapping]] = ...) -> None: ...

class BatchCheckUnsubscribesResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[VerdictResult]
    def __init__(self, results: _Optional[_Iterable[_Union[VerdictResult, _Mapping]]] = ...) -> None: ...

class Recipient(_message.Message):
    __slots__ = ("email", "person_id", "kind")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[Recipient.Kind]
        KIND_TO: _ClassVar[Recipient.Kind]
        KIND_COPY: _ClassVar[Recipient.Kind]
        KIND_BLIND_COPY: _ClassVar[Recipient.Kind]
    KIND_UNSPECIFIED: Recipient.Kind
    KIND_TO: Recipient.Kind
    KIND_COPY: Recipient.Kind
    KIND_BLIND_COPY: Recipient.Kind
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    email: str
    person_id: str
    kind: Recipient.Kind
    def __init__(self, email: _Optional[str] = ..., person_id: _Optional[str] = ..., kind: _Optional[_Union[Recipient.Kind, str]] = ...) -> None: ...

class AuthorizeSendRequest(_message.Message):
    __slots__ = ("recipients", "user_id", "channel", "non_commercial", "freshness", "request_id")
    RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NON_COMMERCIAL_FIELD_NUMBER: _ClassVar[int]
    FRESHNESS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    recipients: _containers.RepeatedCompositeFieldContainer[Recipient]
    user_id: str
    channel: Channel
    non_commercial: bool
    freshness: _common_pb2.Freshness
    request_id: str
    def __init__(self, recipients: _Optional[_Iterable[_Union[Recipient, _Mapping]]] = ..., user_id: _Optional[str] = ..., channel: _Optional[_Union[Channel, str]] = ..., non_commercial: _Optional[bool] = ..., freshness: _Optional[_Union[_common_pb2.Freshness, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class VerdictCount(_message.Message):
    __slots__ = ("decision", "reason", "recipient_count")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    decision: Decision
    reason: VerdictReason
    recipient_count: int
    def __init__(self, decision: _Optional[_Union[Decision, str]] = ..., reason: _Optional[_Union[VerdictReason, str]] = ..., recipient_count: _Optional[int] = ...) -> None: ...

class AuthorizeSendResponse(_message.Message):
    __slots__ = ("results", "summary", "send_permit", "permit_expire_time")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    SEND_PERMIT_FIELD_NUMBER: _ClassVar[int]
    PERMIT_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[VerdictResult]
    summary: _containers.RepeatedCompositeFieldContainer[VerdictCount]
    send_permit: str
    permit_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, results: _Optional[_Iterable[_Union[VerdictResult, _Mapping]]] = ..., summary: _Optional[_Iterable[_Union[VerdictCount, _Mapping]]] = ..., send_permit: _Optional[str] = ..., permit_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Unsubscribe(_message.Message):
    __slots__ = ("unsubscribe_id", "email", "source", "reason", "user_id", "unsubscribe_time", "deliveries")
    UNSUBSCRIBE_ID_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    unsubscribe_id: str
    email: str
    source: UnsubscribeSource
    reason: str
    user_id: str
    unsubscribe_time: _timestamp_pb2.Timestamp
    deliveries: _containers.RepeatedCompositeFieldContainer[_common_pb2.Delivery]
    def __init__(self, unsubscribe_id: _Optional[str] = ..., email: _Optional[str] = ..., source: _Optional[_Union[UnsubscribeSource, str]] = ..., reason: _Optional[str] = ..., user_id: _Optional[str] = ..., unsubscribe_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., deliveries: _Optional[_Iterable[_Union[_common_pb2.Delivery, _Mapping]]] = ...) -> None: ...

class RecordUnsubscribeRequest(_message.Message):
    __slots__ = ("email", "person_id", "source", "reason", "request_id")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    email: str
    person_id: str
    source: UnsubscribeSource
    reason: str
    request_id: str
    def __init__(self, email: _Optional[str] = ..., person_id: _Optional[str] = ..., source: _Optional[_Union[UnsubscribeSource, str]] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RecordUnsubscribeResponse(_message.Message):
    __slots__ = ("unsubscribe", "already_recorded")
    UNSUBSCRIBE_FIELD_NUMBER: _ClassVar[int]
    ALREADY_RECORDED_FIELD_NUMBER: _ClassVar[int]
    unsubscribe: Unsubscribe
    already_recorded: bool
    def __init__(self, unsubscribe: _Optional[_Union[Unsubscribe, _Mapping]] = ..., already_recorded: _Optional[bool] = ...) -> None: ...

class ListUnsubscribesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "query")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    query: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., query: _Optional[str] = ...) -> None: ...

class ListUnsubscribesResponse(_message.Message):
    __slots__ = ("unsubscribes", "next_page_token")
    UNSUBSCRIBES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    unsubscribes: _containers.RepeatedCompositeFieldContainer[Unsubscribe]
    next_page_token: str
    def __init__(self, unsubscribes: _Optional[_Iterable[_Union[Unsubscribe, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RemoveUnsubscribeRequest(_message.Message):
    __slots__ = ("email", "scope", "reason", "consent", "request_id")
    class Scope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SCOPE_UNSPECIFIED: _ClassVar[RemoveUnsubscribeRequest.Scope]
        SCOPE_HERE: _ClassVar[RemoveUnsubscribeRequest.Scope]
        SCOPE_EVERYWHERE: _ClassVar[RemoveUnsubscribeRequest.Scope]
    SCOPE_UNSPECIFIED: RemoveUnsubscribeRequest.Scope
    SCOPE_HERE: RemoveUnsubscribeRequest.Scope
    SCOPE_EVERYWHERE: RemoveUnsubscribeRequest.Scope
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    email: str
    scope: RemoveUnsubscribeRequest.Scope
    reason: str
    consent: str
    request_id: str
    def __init__(self, email: _Optional[str] = ..., scope: _Optional[_Union[RemoveUnsubscribeRequest.Scope, str]] = ..., reason: _Optional[str] = ..., consent: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RemoveUnsubscribeResponse(_message.Message):
    __slots__ = ("opted_out_in_salesforce", "deliveries")
    OPTED_OUT_IN_SALESFORCE_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    opted_out_in_salesforce: bool
    deliveries: _containers.RepeatedCompositeFieldContainer[_common_pb2.Delivery]
    def __init__(self, opted_out_in_salesforce: _Optional[bool] = ..., deliveries: _Optional[_Iterable[_Union[_common_pb2.Delivery, _Mapping]]] = ...) -> None: ...

class ListUnsubscribeHistoryRequest(_message.Message):
    __slots__ = ("email", "page_size", "page_token")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    email: str
    page_size: int
    page_token: str
    def __init__(self, email: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class UnsubscribeEvent(_message.Message):
    __slots__ = ("event_time", "unsubscribed", "source", "reason", "consent", "user_id")
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    UNSUBSCRIBED_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    event_time: _timestamp_pb2.Timestamp
    unsubscribed: bool
    source: UnsubscribeSource
    reason: str
    consent: str
    user_id: str
    def __init__(self, event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., unsubscribed: _Optional[bool] = ..., source: _Optional[_Union[UnsubscribeSource, str]] = ..., reason: _Optional[str] = ..., consent: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class ListUnsubscribeHistoryResponse(_message.Message):
    __slots__ = ("events", "next_page_token")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[UnsubscribeEvent]
    next_page_token: str
    def __init__(self, events: _Optional[_Iterable[_Union[UnsubscribeEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchUnsubscribesRequest(_message.Message):
    __slots__ = ("resume_token",)
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    def __init__(self, resume_token: _Optional[str] = ...) -> None: ...

class UnsubscribeChange(_message.Message):
    __slots__ = ("email", "event")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    email: str
    event: UnsubscribeEvent
    def __init__(self, email: _Optional[str] = ..., event: _Optional[_Union[UnsubscribeEvent, _Mapping]] = ...) -> None: ...

class WatchUnsubscribesResponse(_message.Message):
    __slots__ = ("changes", "resume_token")
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[UnsubscribeChange]
    resume_token: str
    def __init__(self, changes: _Optional[_Iterable[_Union[UnsubscribeChange, _Mapping]]] = ..., resume_token: _Optional[str] = ...) -> None: ...
