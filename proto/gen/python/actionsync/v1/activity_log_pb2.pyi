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

class ActivityType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTIVITY_TYPE_UNSPECIFIED: _ClassVar[ActivityType]
    ACTIVITY_TYPE_SEND_SALES_EMAIL: _ClassVar[ActivityType]
    ACTIVITY_TYPE_OPEN_SALES_EMAIL: _ClassVar[ActivityType]
    ACTIVITY_TYPE_CLICK_SALES_EMAIL: _ClassVar[ActivityType]
    ACTIVITY_TYPE_REPLIED_TO_SALES_EMAIL: _ClassVar[ActivityType]
    ACTIVITY_TYPE_SALES_EMAIL_BOUNCED: _ClassVar[ActivityType]
    ACTIVITY_TYPE_RECEIVED_SALES_CALL: _ClassVar[ActivityType]
    ACTIVITY_TYPE_ADD_TO_SALES_CAMPAIGN: _ClassVar[ActivityType]
    ACTIVITY_TYPE_REMOVED_FROM_SALES_CAMPAIGN: _ClassVar[ActivityType]

class PermitState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERMIT_STATE_UNSPECIFIED: _ClassVar[PermitState]
    PERMIT_STATE_NONE: _ClassVar[PermitState]
    PERMIT_STATE_VALID: _ClassVar[PermitState]
    PERMIT_STATE_EXPIRED: _ClassVar[PermitState]

class GridColumn(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRID_COLUMN_UNSPECIFIED: _ClassVar[GridColumn]
    GRID_COLUMN_EMAIL: _ClassVar[GridColumn]
    GRID_COLUMN_CALL: _ClassVar[GridColumn]
    GRID_COLUMN_INTERESTING_MOMENT: _ClassVar[GridColumn]
    GRID_COLUMN_WEB: _ClassVar[GridColumn]
    GRID_COLUMN_SALES_CAMPAIGN: _ClassVar[GridColumn]
ACTIVITY_TYPE_UNSPECIFIED: ActivityType
ACTIVITY_TYPE_SEND_SALES_EMAIL: ActivityType
ACTIVITY_TYPE_OPEN_SALES_EMAIL: ActivityType
ACTIVITY_TYPE_CLICK_SALES_EMAIL: ActivityType
ACTIVITY_TYPE_REPLIED_TO_SALES_EMAIL: ActivityType
ACTIVITY_TYPE_SALES_EMAIL_BOUNCED: ActivityType
ACTIVITY_TYPE_RECEIVED_SALES_CALL: ActivityType
ACTIVITY_TYPE_ADD_TO_SALES_CAMPAIGN: ActivityType
ACTIVITY_TYPE_REMOVED_FROM_SALES_CAMPAIGN: ActivityType
PERMIT_STATE_UNSPECIFIED: PermitState
PERMIT_STATE_NONE: PermitState
PERMIT_STATE_VALID: PermitState
PERMIT_STATE_EXPIRED: PermitState
GRID_COLUMN_UNSPECIFIED: GridColumn
GRID_COLUMN_EMAIL: GridColumn
GRID_COLUMN_CALL: GridColumn
GRID_COLUMN_INTERESTING_MOMENT: GridColumn
GRID_COLUMN_WEB: GridColumn
GRID_COLUMN_SALES_CAMPAIGN: GridColumn

class SalesTemplate(_message.Message):
    __slots__ = ("template_id", "name", "url")
    TEMPLATE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    template_id: str
    name: str
    url: str
    def __init__(self, template_id: _Optional[str] = ..., name: _Optional[str] = ..., url: _Optional[str] = ...) -> None: ...

class SalesCampaign(_message.Message):
    __slots__ = ("sales_campaign_id", "name", "url", "day", "step")
    SALES_CAMPAIGN_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    sales_campaign_id: str
    name: str
    url: str
    day: int
    step: int
    def __init__(self, sales_campaign_id: _Optional[str] = ..., name: _Optional[str] = ..., url: _Optional[str] = ..., day: _Optional[int] = ..., step: _Optional[int] = ...) -> None: ...

class SalesEmail(_message.Message):
    __slots__ = ("email_id", "subject", "template", "sales_campaign", "url")
    EMAIL_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    SALES_CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    email_id: str
    subject: str
    template: SalesTemplate
    sales_campaign: SalesCampaign
    url: str
    def __init__(self, email_id: _Optional[str] = ..., subject: _Optional[str] = ..., template: _Optional[_Union[SalesTemplate, _Mapping]] = ..., sales_campaign: _Optional[_Union[SalesCampaign, _Mapping]] = ..., url: _Optional[str] = ...) -> None: ...

class SendSalesEmail(_message.Message):
    __slots__ = ("email", "body")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    email: SalesEmail
    body: str
    def __init__(self, email: _Optional[_Union[SalesEmail, _Mapping]] = ..., body: _Optional[str] = ...) -> None: ...

class OpenSalesEmail(_message.Message):
    __slots__ = ("email",)
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    email: SalesEmail
    def __init__(self, email: _Optional[_Union[SalesEmail, _Mapping]] = ...) -> None: ...

class ClickSalesEmail(_message.Message):
    __slots__ = ("email", "link")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    LINK_FIELD_NUMBER: _ClassVar[int]
    email: SalesEmail
    link: str
    def __init__(self, email: _Optional[_Union[SalesEmail, _Mapping]] = ..., link: _Optional[str] = ...) -> None: ...

class RepliedToSalesEmail(_message.Message):
    __slots__ = ("email", "body")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    email: SalesEmail
    body: str
    def __init__(self, email: _Optional[_Union[SalesEmail, _Mapping]] = ..., body: _Optional[str] = ...) -> None: ...

class SalesEmailBounced(_message.Message):
    __slots__ = ("email", "address", "details", "hard")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    HARD_FIELD_NUMBER: _ClassVar[int]
    email: SalesEmail
    address: str
    details: str
    hard: bool
    def __init__(self, email: _Optional[_Union[SalesEmail, _Mapping]] = ..., address: _Optional[str] = ..., details: _Optional[str] = ..., hard: _Optional[bool] = ...) -> None: ...

class ReceivedSalesCall(_message.Message):
    __slots__ = ("call_status", "outcome", "reason", "duration", "phone_number", "answered_by", "recording_url", "notes", "local_presence_id", "task_name", "sales_campaign")
    class CallStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        CALL_STATUS_UNSPECIFIED: _ClassVar[ReceivedSalesCall.CallStatus]
        CALL_STATUS_COMPLETED: _ClassVar[ReceivedSalesCall.CallStatus]
        CALL_STATUS_NO_ANSWER: _ClassVar[ReceivedSalesCall.CallStatus]
        CALL_STATUS_CANCELLED: _ClassVar[ReceivedSalesCall.CallStatus]
        CALL_STATUS_FAILED: _ClassVar[ReceivedSalesCall.CallStatus]
    CALL_STATUS_UNSPECIFIED: ReceivedSalesCall.CallStatus
    CALL_STATUS_COMPLETED: ReceivedSalesCall.CallStatus
    CALL_STATUS_NO_ANSWER: ReceivedSalesCall.CallStatus
    CALL_STATUS_CANCELLED: ReceivedSalesCall.CallStatus
    CALL_STATUS_FAILED: ReceivedSalesCall.CallStatus
    CALL_STATUS_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_BY_FIELD_NUMBER: _ClassVar[int]
    RECORDING_URL_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    LOCAL_PRESENCE_ID_FIELD_NUMBER: _ClassVar[int]
    TASK_NAME_FIELD_NUMBER: _ClassVar[int]
    SALES_CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    call_status: ReceivedSalesCall.CallStatus
    outcome: str
    reason: str
    duration: _duration_pb2.Duration
    phone_number: str
    answered_by: str
    recording_url: str
    notes: str
    local_presence_id: str
    task_name: str
    sales_campaign: SalesCampaign
    def __init__(self, call_status: _Optional[_Union[ReceivedSalesCall.CallStatus, str]] = ..., outcome: _Optional[str] = ..., reason: _Optional[str] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., phone_number: _Optional[str] = ..., answered_by: _Optional[str] = ..., recording_url: _Optional[str] = ..., notes: _Optional[str] = ..., local_presence_id: _Optional[str] = ..., task_name: _Optional[str] = ..., sales_campaign: _Optional[_Union[SalesCampaign, _Mapping]] = ...) -> None: ...

class AddToSalesCampaign(_message.Message):
    __slots__ = ("sales_campaign",)
    SALES_CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    sales_campaign: SalesCampaign
    def __init__(self, sales_campaign: _Optional[_Union[SalesCampaign, _Mapping]] = ...) -> None: ...

class RemovedFromSalesCampaign(_message.Message):
    __slots__ = ("sales_campaign",)
    SALES_CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    sales_campaign: SalesCampaign
    def __init__(self, sales_campaign: _Optional[_Union[SalesCampaign, _Mapping]] = ...) -> None: ...

class ActivityContent(_message.Message):
    __slots__ = ("idempotency_key", "person_id", "user_id", "activity_time", "send_permit", "send_sales_email", "open_sales_email", "click_sales_email", "replied_to_sales_email", "sales_email_bounced", "received_sales_call", "add_to_sales_campaign", "removed_from_sales_campaign", "reminder_task_id")
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ACTIVITY_TIME_FIELD_NUMBER: _ClassVar[int]
    SEND_PERMIT_FIELD_NUMBER: _ClassVar[int]
    SEND_SALES_EMAIL_FIELD_NUMBER: _ClassVar[int]
    OPEN_SALES_EMAIL_FIELD_NUMBER: _ClassVar[int]
    CLICK_SALES_EMAIL_FIELD_NUMBER: _ClassVar[int]
    REPLIED_TO_SALES_EMAIL_FIELD_NUMBER: _ClassVar[int]
    SALES_EMAIL_BOUNCED_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_SALES_CALL_FIELD_NUMBER: _ClassVar[int]
    ADD_TO_SALES_CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FROM_SALES_CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    REMINDER_TASK_ID_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    person_id: str
    user_id: str
    activity_time: _timestamp_pb2.Timestamp
    send_permit: str
    send_sales_email: SendSalesEmail
    open_sales_email: OpenSalesEmail
    click_sales_email: ClickSalesEmail
    replied_to_sales_email: RepliedToSalesEmail
    sales_email_bounced: SalesEmailBounced
    received_sales_call: ReceivedSalesCall
    add_to_sales_campaign: AddToSalesCampaign
    removed_from_sales_campaign: RemovedFromSalesCampaign
    reminder_task_id: str
    def __init__(self, idempotency_key: _Optional[str] = ..., person_id: _Optional[str] = ..., user_id: _Optional[str] = ..., activity_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., send_permit: _Optional[str] = ..., send_sales_email: _Optional[_Union[SendSalesEmail, _Mapping]] = ..., open_sales_email: _Optional[_Union[OpenSalesEmail, _Mapping]] = ..., click_sales_email: _Optional[_Union[ClickSalesEmail, _Mapping]] = ..., replied_to_sales_email: _Optional[_Union[RepliedToSalesEmail, _Mapping]] = ..., sales_email_bounced: _Optional[_Union[SalesEmailBounced, _Mapping]] = ..., received_sales_call: _Optional[_Union[ReceivedSalesCall, _Mapping]] = ..., add_to_sales_campaign: _Optional[_Union[AddToSalesCampaign, _Mapping]] = ..., removed_from_sales_campaign: _Optional[_Union[RemovedFromSalesCampaign, _Mapping]] = ..., reminder_task_id: _Optional[str] = ...) -> None: ...

class Activity(_message.Message):
    __slots__ = ("activity_id", "type", "content", "permit_state", "deliveries", "create_time")
    ACTIVITY_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    PERMIT_STATE_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    activity_id: str
    type: ActivityType
    content: ActivityContent
    permit_state: PermitState
    deliveries: _containers.RepeatedCompositeFieldContainer[_common_pb2.Delivery]
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, activity_id: _Optional[str] = ..., type: _Optional[_Union[ActivityType, str]] = ..., content: _Optional[_Union[ActivityContent, _Mapping]] = ..., permit_state: _Optional[_Union[PermitState, str]] = ..., deliveries: _Optional[_Iterable[_Union[_common_pb2.Delivery, _Mapping]]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class LogActivityRequest(_message.Message):
    __slots__ = ("content",)
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    content: ActivityContent
    def __init__(self, content: _Optional[_Union[ActivityContent, _Mapping]] = ...) -> None: ...

class LogActivityResponse(_message.Message):
    __slots__ = ("activity", "already_logged")
    ACTIVITY_FIELD_NUMBER: _ClassVar[int]
    ALREADY_LOGGED_FIELD_NUMBER: _ClassVar[int]
    activity: Activity
    already_logged: bool
    def __init__(self, activity: _Optional[_Union[Activity, _Mapping]] = ..., already_logged: _Optional[bool] = ...) -> None: ...

class BatchLogActivitiesRequest(_message.Message):
    __slots__ = ("contents",)
    CONTENTS_FIELD_NUMBER: _ClassVar[int]
    contents: _containers.RepeatedCompositeFieldContainer[ActivityContent]
    def __init__(self, contents: _Optional[_Iterable[_Union[ActivityContent, _Mapping]]] = ...) -> None: ...

class LogActivityResult(_message.Message):
    __slots__ = ("logged", "error")
    LOGGED_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    logged: LogActivityResponse
    error: _common_pb2.ItemError
    def __init__(self, logged: _Optional[_Union[LogActivityResponse, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.ItemError, _Mapping]] = ...) -> None: ...

class BatchLogActivitiesResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[LogActivityResult]
    def __init__(self, results: _Optional[_Iterable[_Union[LogActivityResult, _Mapping]]] = ...) -> None: ...

class GetActivityRequest(_message.Message):
    __slots__ = ("activity_id",)
    ACTIVITY_ID_FIELD_NUMBER: _ClassVar[int]
    activity_id: str
    def __init__(self, activity_id: _Optional[str] = ...) -> None: ...

class GetActivityResponse(_message.Message):
    __slots__ = ("activity",)
    ACTIVITY_FIELD_NUMBER: _ClassVar[int]
    activity: Activity
    def __init__(self, activity: _Optional[_Union[Activity, _Mapping]] = ...) -> None: ...

class ListActivitiesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "person_ids", "user_ids", "types", "start_time", "end_time", "order")
    class Order(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ORDER_UNSPECIFIED: _ClassVar[ListActivitiesRequest.Order]
        ORDER_ACTIVITY_TIME_DESCENDING: _ClassVar[ListActivitiesRequest.Order]
        ORDER_ACTIVITY_TIME: _ClassVar[ListActivitiesRequest.Order]
    ORDER_UNSPECIFIED: ListActivitiesRequest.Order
    ORDER_ACTIVITY_TIME_DESCENDING: ListActivitiesRequest.Order
    ORDER_ACTIVITY_TIME: ListActivitiesRequest.Order
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PERSON_IDS_FIELD_NUMBER: _ClassVar[int]
    USER_IDS_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    person_ids: _containers.RepeatedScalarFieldContainer[str]
    user_ids: _containers.RepeatedScalarFieldContainer[str]
    types: _containers.RepeatedScalarFieldContainer[ActivityType]
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    order: ListActivitiesRequest.Order
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., person_ids: _Optional[_Iterable[str]] = ..., user_ids: _Optional[_Iterable[str]] = ..., types: _Optional[_Iterable[_Union[ActivityType, str]]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., order: _Optional[_Union[ListActivitiesRequest.Order, str]] = ...) -> None: ...

class ListActivitiesResponse(_message.Message):
    __slots__ = ("activities", "next_page_token")
    ACTIVITIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    activities: _containers.RepeatedCompositeFieldContainer[Activity]
    next_page_token: str
    def __init__(self, activities: _Optional[_Iterable[_Union[Activity, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListActivityTypesRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ActivityAttribute(_message.Message):
    __slots__ = ("name", "api_name", "data_type", "primary")
    NAME_FIELD_NUMBER: _ClassVar[int]
    API_NAME_FIELD_NUMBER: _ClassVar[int]
    DATA_TYPE_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_FIELD_NUMBER: _ClassVar[int]
    name: str
    api_name: str
    data_type: str
    primary: bool
    def __init__(self, name: _Optional[str] = ..., api_name: _Optional[str] = ..., data_type: _Optional[str] = ..., primary: _Optional[bool] = ...) -> None: ...

class ActivityTypeInfo(_message.Message):
    __slots__ = ("type", "name", "aliases", "api_name", "attributes", "marketo_type_id")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ALIASES_FIELD_NUMBER: _ClassVar[int]
    API_NAME_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    MARKETO_TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    type: ActivityType
    name: str
    aliases: _containers.RepeatedScalarFieldContainer[str]
    api_name: str
    attributes: _containers.RepeatedCompositeFieldContainer[ActivityAttribute]
    marketo_type_id: int
    def __init__(self, type: _Optional[_Union[ActivityType, str]] = ..., name: _Optional[str] = ..., aliases: _Optional[_Iterable[str]] = ..., api_name: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[ActivityAttribute, _Mapping]]] = ..., marketo_type_id: _Optional[int] = ...) -> None: ...

class ListActivityTypesResponse(_message.Message):
    __slots__ = ("types",)
    TYPES_FIELD_NUMBER: _ClassVar[int]
    types: _containers.RepeatedCompositeFieldContainer[ActivityTypeInfo]
    def __init__(self, types: _Optional[_Iterable[_Union[ActivityTypeInfo, _Mapping]]] = ...) -> None: ...

class LoadSmartGridRequest(_message.Message):
    __slots__ = ("person_id", "salesforce_account_id", "salesforce_opportunity_id", "freshness", "row_limit", "compatible_above_800")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    SALESFORCE_OPPORTUNITY_ID_FIELD_NUMBER: _ClassVar[int]
    FRESHNESS_FIELD_NUMBER: _ClassVar[int]
    ROW_LIMIT_FIELD_NUMBER: _ClassVar[int]
    COMPATIBLE_ABOVE_800_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    salesforce_account_id: str
    salesforce_opportunity_id: str
    freshness: _common_pb2.Freshness
    row_limit: int
    compatible_above_800: bool
    def __init__(self, person_id: _Optional[str] = ..., salesforce_account_id: _Optional[str] = ..., salesforce_opportunity_id: _Optional[str] = ..., freshness: _Optional[_Union[_common_pb2.Freshness, _Mapping]] = ..., row_limit: _Optional[int] = ..., compatible_above_800: _Optional[bool] = ...) -> None: ...

class GridRow(_message.Message):
    __slots__ = ("person_id", "column", "type_name", "activity_time", "title", "attributes")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    TYPE_NAME_FIELD_NUMBER: _ClassVar[int]
    ACTIVITY_TIME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    column: GridColumn
    type_name: str
    activity_time: _timestamp_pb2.Timestamp
    title: str
    attributes: _containers.ScalarMap[str, str]
    def __init__(self, person_id: _Optional[str] = ..., column: _Optional[_Union[GridColumn, str]] = ..., type_name: _Optional[str] = ..., activity_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., title: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ...) -> None: ...

class GridWeek(_message.Message):
    __slots__ = ("start_time", "row_counts", "selected")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNTS_FIELD_NUMBER: _ClassVar[int]
    SELECTED_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    row_counts: _containers.RepeatedScalarFieldContainer[int]
    selected: bool
    def __init__(self, start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., row_counts: _Optional[_Iterable[int]] = ..., selected: _Optional[bool] = ...) -> None: ...

class LoadSmartGridResponse(_message.Message):
    __slots__ = ("rows", "weeks", "fresh_time", "truncated")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    WEEKS_FIELD_NUMBER: _ClassVar[int]
    FRESH_TIME_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[GridRow]
    weeks: _containers.RepeatedCompositeFieldContainer[GridWeek]
    fresh_time: _timestamp_pb2.Timestamp
    truncated: bool
    def __init__(self, rows: _Optional[_Iterable[_Union[GridRow, _Mapping]]] = ..., weeks: _Optional[_Iterable[_Union[GridWeek, _Mapping]]] = ..., fresh_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., truncated: _Optional[bool] = ...) -> None: ...

class ListDeliveriesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "system", "states", "person_id", "activity_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    ACTIVITY_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    system: _common_pb2.System
    states: _containers.RepeatedScalarFieldContainer[_common_pb2.DeliveryState]
    person_id: str
    activity_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., system: _Optional[_Union[_common_pb2.System, str]] = ..., states: _Optional[_Iterable[_Union[_common_pb2.DeliveryState, str]]] = ..., person_id: _Optional[str] = ..., activity_id: _Optional[str] = ...) -> None: ...

class ListDeliveriesResponse(_message.Message):
    __slots__ = ("deliveries", "next_page_token")
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    deliveries: _containers.RepeatedCompositeFieldContainer[_common_pb2.Delivery]
    next_page_token: str
    def __init__(self, deliveries: _Optional[_Iterable[_Union[_common_pb2.Delivery, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetDeliveryRequest(_message.Message):
    __slots__ = ("delivery_id",)
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    delivery_id: str
    def __init__(self, delivery_id: _Optional[str] = ...) -> None: ...

class GetDeliveryResponse(_message.Message):
    __slots__ = ("delivery",)
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    delivery: _common_pb2.Delivery
    def __init__(self, delivery: _Optional[_Union[_common_pb2.Delivery, _Mapping]] = ...) -> None: ...

class RetryDeliveriesRequest(_message.Message):
    __slots__ = ("delivery_ids",)
    DELIVERY_IDS_FIELD_NUMBER: _ClassVar[int]
    delivery_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, delivery_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class DeliveryResult(_message.Message):
    __slots__ = ("delivery", "error")
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    delivery: _common_pb2.Delivery
    error: _common_pb2.ItemError
    def __init__(self, delivery: _Optional[_Union[_common_pb2.Delivery, _Mapping]] = ..., error: _Optional[_Union[_common_pb2.ItemError, _Mapping]] = ...) -> None: ...

class RetryDeliveriesResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DeliveryResult]
    def __init__(self, results: _Optional[_Iterable[_Union[DeliveryResult, _Mapping]]] = ...) -> None: ...

class DiscardDeliveriesRequest(_message.Message):
    __slots__ = ("delivery_ids", "reason")
    DELIVERY_IDS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    delivery_ids: _containers.RepeatedScalarFieldContainer[str]
    reason: str
    def __init__(self, delivery_ids: _Optional[_Iterable[str]] = ..., reason: _Optional[str] = ...) -> None: ...

class DiscardDeliveriesResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DeliveryResult]
    def __init__(self, results: _Optional[_Iterable[_Union[DeliveryResult, _Mapping]]] = ...) -> None: ...
