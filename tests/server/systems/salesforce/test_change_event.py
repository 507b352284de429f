"""Reading the header of change events: what fastavro wrote, and what nobody should have written."""

from __future__ import annotations

import io
import json
from typing import Any

import fastavro
import pytest
from actionsync_server.systems.salesforce.pubsub.change_event import (
    UNKNOWN_CHANGE,
    ChangeEvent,
    EventSchema,
    UnreadableEventError,
)
from hypothesis import given
from hypothesis import strategies as st

TEXTS = {"type": "array", "items": "string"}
CHANGE_TYPES = ["CREATE", "UPDATE", "DELETE"]
HEADER = {
    "entityName": "string",
    "recordIds": TEXTS,
    "changeType": {"type": "enum", "name": "ChangeType", "symbols": CHANGE_TYPES},
    "changeOrigin": "string",
    "transactionKey": "string",
    "sequenceNumber": "int",
    "commitTimestamp": "long",
    "commitNumber": "long",
    "commitUser": "string",
    "nulledFields": TEXTS,
    "diffFields": TEXTS,
    "changedFields": TEXTS,
}
#: As many fields as bits are asked for: those of a contact's event, so far as they matter here.
NAMES = ["ChangeEventHeader", "AccountId", "IsPersonAccount", "Name", *(f"Field{n}" for n in range(4, 21))]
NAMES += ["HasOptedOutOfEmail", "Field22", "Field23", "Field24", "Field25", "LastModifiedDate", "Opt_Out__c"]


def schema_of(header: dict[str, Any], names: list[str] = NAMES) -> dict[str, Any]:
    fields = [{"name": name, "type": kind} for name, kind in header.items()]
    record = {"type": "record", "name": "ChangeEventHeader", "fields": fields}
    rest = [{"name": name, "type": ["null", "string"], "default": None} for name in names[1:]]
    return {"type": "record", "name": "ContactChangeEvent", "fields": [{"name": names[0], "type": record}, *rest]}


SCHEMA = schema_of(HEADER)


def payload(schema: dict[str, Any] = SCHEMA, **header: Any) -> bytes:
    values = {
        "entityName": "Contact",
        "recordIds": ["0038d000003CntAAAS"],
        "changeType": "UPDATE",
        "changeOrigin": "",
        "transactionKey": "00065380-d1a9-a64a-9341-14f6f12f674c",
        "sequenceNumber": 1,
        "commitTimestamp": 1714170102000,
        "commitNumber": 1100823480049,
        "commitUser": "0058d000000Usr1AAC",
        "nulledFields": [],
        "diffFields": [],
        "changedFields": [],
    }
    output = io.BytesIO()
    record = {"ChangeEventHeader": values | header, "LastModifiedDate": "now"}
    fastavro.schemaless_writer(output, fastavro.parse_schema(schema), record)
    return output.getvalue()


def read(content: bytes, schema: dict[str, Any] = SCHEMA) -> ChangeEvent:
    return EventSchema(json.dumps(schema)).read(content)


@pytest.mark.parametrize(
    ("bitmaps", "changed"),
    [
        ([], set()),
        (["0x04200000"], {"hasoptedoutofemail", "lastmodifieddate"}),
        (["0x04000000", "3-0x02"], {"lastmodifieddate", "name"}),
        (["3-0x02"], {"name"}),
        (["0x08000000"], {"opt_out__c"}),
    ],
)
def test_which_fields_changed(bitmaps: list[str], changed: set[str]) -> None:
    event = read(payload(changedFields=bitmaps))
    assert event.changed == changed
    assert event.may_touch("HasOptedOutOfEmail") == (not changed or "hasoptedoutofemail" in changed)
    assert event.may_touch("Opt_out__C") == (not changed or "opt_out__c" in changed)


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("com/salesforce/api/rest/60.0;client=actionsync", True),
        ("com/salesforce/api/soap/60.0;client=actionsync", True),
        ("com/salesforce/api/rest/60.0;client=myactionsync", False),
        ("com/salesforce/api/rest/60.0;client=actionsync/2", False),
        ("com/salesforce/api/rest/60.0", False),
        ("", False),
    ],
)
def test_whose_change_it_is(origin: str, ours: bool) -> None:
    assert read(payload(changeOrigin=origin)).is_by("actionsync") is ours


@given(
    records=st.lists(st.text(max_size=18), max_size=200),
    origin=st.text(max_size=80),
    number=st.integers(-(2**63), 2**63 - 1),
    places=st.sets(st.integers(0, len(NAMES) - 1), min_size=1),
    kind=st.sampled_from(CHANGE_TYPES),
)
def test_whatever_a_header_holds_it_is_read(
    records: list[str], origin: str, number: int, places: set[int], kind: str
) -> None:
    bits = sum(1 << place for place in places)
    content = payload(
        recordIds=records, changeOrigin=origin, commitNumber=number, changedFields=[f"0x{bits:X}"], changeType=kind
    )
    assert read(content) == ChangeEvent(origin, frozenset(NAMES[place].lower() for place in places))


def test_a_header_in_another_order_and_with_unions_is_read_by_its_schema() -> None:
    turned = {name: ["null", kind] if name == "commitUser" else kind for name, kind in reversed(HEADER.items())}
    schema = schema_of(turned)
    event = read(payload(schema, changeOrigin="a;client=b", changedFields=["0x02"], commitUser=None), schema)
    assert event == ChangeEvent("a;client=b", frozenset({"accountid"}))


def test_an_array_in_blocks_with_their_sizes() -> None:
    plain = payload(recordIds=["ab", "cd"])
    head = b"\x0eContact"
    block = b"\x04\x04ab\x04cd\x00"
    assert plain.startswith(head + block)
    in_blocks = head + b"\x01\x06\x04ab" + b"\x01\x06\x04cd" + b"\x00" + plain[len(head + block) :]
    assert read(in_blocks) == read(plain)


@given(st.binary(max_size=300))
def test_no_payload_does_more_than_be_unreadable(content: bytes) -> None:
    schema = EventSchema(json.dumps(SCHEMA))
    try:
        event = schema.read(content)
    except UnreadableEventError:
        return
    assert event.changed <= {name.lower() for name in NAMES}


@given(st.data())
def test_a_payload_that_ends_early_is_unreadable(data: st.DataObject) -> None:
    whole = payload(changedFields=["0x04200000"])
    behind = (len(NAMES) - 2) + len(b"\x02\x06now")  # a byte for each field without a value, and the one with
    length = data.draw(st.integers(0, len(whole) - behind - 1))
    with pytest.raises(UnreadableEventError):
        read(whole[:length])


@pytest.mark.parametrize("bitmap", ["0xZZ", "", "99-0x01", "x-0x01", "0x" + "F" * 40])
def test_a_bitmap_that_is_none(bitmap: str) -> None:
    with pytest.raises(UnreadableEventError):
        read(payload(changedFields=[bitmap]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"fields": []}',
        '{"fields": [{"name": "Id", "type": {"fields": []}}]}',
        '{"fields": [{"name": "ChangeEventHeader", "type": {"fields": []}}]}',
        '{"fields": [{"name": "ChangeEventHeader", "type": "bytes"}]}',
    ],
)
def test_a_schema_that_is_none(text: str) -> None:
    with pytest.raises(UnreadableEventError):
        EventSchema(text)


def test_a_header_without_what_we_need_or_of_other_types() -> None:
    lacking = schema_of({"entityName": "string"})
    with pytest.raises(UnreadableEventError):
        EventSchema(json.dumps(lacking)).read(b"\x02a")
    other = schema_of(HEADER | {"commitUser": "double"})
    with pytest.raises(UnreadableEventError):
        EventSchema(json.dumps(other)).read(payload())


def test_what_is_unknown_may_touch_everything() -> None:
    assert UNKNOWN_CHANGE.may_touch("HasOptedOutOfEmail")
    assert not UNKNOWN_CHANGE.is_by("actionsync")
