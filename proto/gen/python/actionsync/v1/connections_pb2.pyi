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

class Connection(_message.Message):
    __slots__ = ("system", "user_id", "base_url", "client_id", "account_id", "connect_user_id", "connect_time", "login_refused")
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    CONNECT_USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONNECT_TIME_FIELD_NUMBER: _ClassVar[int]
    LOGIN_REFUSED_FIELD_NUMBER: _ClassVar[int]
    system: _common_pb2.System
    user_id: str
    base_url: str
    client_id: str
    account_id: str
    connect_user_id: str
    connect_time: _timestamp_pb2.Timestamp
    login_refused: bool
    def __init__(self, system: _Optional[_Union[_common_pb2.System, str]] = ..., user_id: _Optional[str] = ..., base_url: _Optional[str] = ..., client_id: _Optional[str] = ..., account_id: _Optional[str] = ..., connect_user_id: _Optional[str] = ..., connect_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., login_refused: _Optional[bool] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("severity", "subject", "message", "next_step", "owner")
    class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SEVERITY_UNSPECIFIED: _ClassVar[Finding.Severity]
        SEVERITY_OK: _ClassVar[Finding.Severity]
        SEVERITY_WARNING: _ClassVar[Finding.Severity]
        SEVERITY_ERROR: _ClassVar[Finding.Severity]
    SEVERITY_UNSPECIFIED: Finding.Severity
    SEVERITY_OK: Finding.Severity
    SEVERITY_WARNING: Finding.Severity
    SEVERITY_ERROR: Finding.Severity
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    NEXT_STEP_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    severity: Finding.Severity
    subject: str
    message: str
    next_step: str
    owner: _common_pb2.ActionOwner
    def __init__(self, severity: _Optional[_Union[Finding.Severity, str]] = ..., subject: _Optional[str] = ..., message: _Optional[str] = ..., next_step: _Optional[str] = ..., owner: _Optional[_Union[_common_pb2.ActionOwner, str]] = ...) -> None: ...

class ConnectMarketoRequest(_message.Message):
    __slots__ = ("munchkin_id", "client_id", "client_secret", "base_url")
    MUNCHKIN_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_SECRET_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    munchkin_id: str
    client_id: str
    client_secret: str
    base_url: str
    def __init__(self, munchkin_id: _Optional[str] = ..., client_id: _Optional[str] = ..., client_secret: _Optional[str] = ..., base_url: _Optional[str] = ...) -> None: ...

class ConnectMarketoResponse(_message.Message):
    __slots__ = ("connection", "findings")
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    connection: Connection
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    def __init__(self, connection: _Optional[_Union[Connection, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ...) -> None: ...

class ConnectSalesforceRequest(_message.Message):
    __slots__ = ("user_id", "base_url", "client_id", "client_secret", "refresh_token", "pubsub_address")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_SECRET_FIELD_NUMBER: _ClassVar[int]
    REFRESH_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PUBSUB_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    base_url: str
    client_id: str
    client_secret: str
    refresh_token: str
    pubsub_address: str
    def __init__(self, user_id: _Optional[str] = ..., base_url: _Optional[str] = ..., client_id: _Optional[str] = ..., client_secret: _Optional[str] = ..., refresh_token: _Optional[str] = ..., pubsub_address: _Optional[str] = ...) -> None: ...

class ConnectSalesforceResponse(_message.Message):
    __slots__ = ("connection", "findings")
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    connection: Connection
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    def __init__(self, connection: _Optional[_Union[Connection, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ...) -> None: ...

class CheckConnectionRequest(_message.Message):
    __slots__ = ("system", "user_id")
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    system: _common_pb2.System
    user_id: str
    def __init__(self, system: _Optional[_Union[_common_pb2.System, str]] = ..., user_id: _Optional[str] = ...) -> None: ...

class CheckConnectionResponse(_message.Message):
    __slots__ = ("working", "error", "round_trip", "findings")
    WORKING_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    working: bool
    error: _common_pb2.ItemError
    round_trip: _duration_pb2.Duration
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    def __init__(self, working: _Optional[bool] = ..., error: _Optional[_Union[_common_pb2.ItemError, _Mapping]] = ..., round_trip: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ...) -> None: ...

class ListConnectionsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListConnectionsResponse(_message.Message):
    __slots__ = ("connections",)
    CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    connections: _containers.RepeatedCompositeFieldContainer[Connection]
    def __init__(self, connections: _Optional[_Iterable[_Union[Connection, _Mapping]]] = ...) -> None: ...

class DisconnectRequest(_message.Message):
    __slots__ = ("system", "user_id")
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    system: _common_pb2.System
    user_id: str
    def __init__(self, system: _Optional[_Union[_common_pb2.System, str]] = ..., user_id: _Optional[str] = ...) -> None: ...

class DisconnectResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
