"""Schemas and bitmaps: the recorded vectors, and bitmaps that decode to the names they were made of."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from actionsync_simulators.salesforce.events.bitmaps import field_bitmaps
from actionsync_simulators.salesforce.events.event_schema import change_event_name, change_event_schema, schema_id_of
from actionsync_simulators.salesforce.events.selection import can_publish
from actionsync_simulators.salesforce.schema import org_schema
from hypothesis import given
from hypothesis import strategies as st

SCHEMAS = {each.name: change_event_schema(each) for each in org_schema() if can_publish(each)}


def names_of(schema: dict[str, Any]) -> list[str]:
    """Every name that a header can speak of."""
    records: dict[str, list[str]] = {}
    names: list[str] = []
    for field in schema["fields"][1:]:
        parts: list[str] = []
        for branch in field["type"]:
            if isinstance(branch, dict):
                parts = records[branch["name"]] = [part["name"] for part in branch["fields"]]
            elif branch in records:
                parts = records[branch]
        names += [f"{field['name']}.{part}" for part in parts] or [field["name"]]
    return names


def decoded(schema: dict[str, Any], bitmaps: list[str]) -> set[str]:
    """As the clients in the field do it: bit i of one big-endian number is field i."""
    records: dict[str, list[str]] = {}
    for field in schema["fields"]:
        for branch in field["type"] if isinstance(field["type"], list) else []:
            if isinstance(branch, dict):
                records[branch["name"]] = [part["name"] for part in branch["fields"]]
    found: set[str] = set()
    for element in bitmaps:
        parent, _, bits = element.rpartition("-")
        assert bits.startswith("0x")
        assert bits[2:] == bits[2:].upper()
        assert len(bits) % 2 == 0
        number = int(bits[2:], 16)
        positions = [bit for bit in range(number.bit_length()) if number >> bit & 1]
        if not parent:
            found |= {schema["fields"][position]["name"] for position in positions}
            continue
        field = schema["fields"][int(parent)]
        record = next(
            branch["name"] if isinstance(branch, dict) else branch
            for branch in field["type"]
            if isinstance(branch, dict) or branch in records
        )
        found |= {f"{field['name']}.{records[record][position]}" for position in positions}
    return found


@pytest.mark.parametrize(
    ("names", "bitmaps"),
    [
        (["HasOptedOutOfEmail", "LastModifiedDate"], ["0x04200000"]),
        (["IsPersonAccount", "MailingAddress.City", "LastModifiedDate"], ["0x04000004", "5-0x02"]),
        (["Name.FirstName", "LastModifiedDate"], ["0x04000000", "3-0x02"]),
        (["MailingAddress.Street", "Name.LastName", "OtherAddress.City"], ["3-0x04", "4-0x02", "5-0x01"]),
        ([], []),
    ],
)
def test_contact_vectors(names: list[str], bitmaps: list[str]) -> None:
    assert field_bitmaps(SCHEMAS["Contact"], names) == bitmaps


def test_the_contact_schema_is_that_of_a_real_org() -> None:
    names = [field["name"] for field in SCHEMAS["Contact"]["fields"]]
    assert names[:4] == ["ChangeEventHeader", "AccountId", "IsPersonAccount", "Name"]
    assert names.index("LastModifiedDate") == 26
    assert names[39] == "BuyerAttributes"
    docs = {field["name"]: field["doc"] for field in SCHEMAS["Contact"]["fields"]}
    assert docs["ChangeEventHeader"] == "Data:ComplexValueType"
    assert docs["Birthdate"] == "Data:DateOnly"
    assert docs["CreatedDate"] == "CreatedDate:DateTime"
    assert docs["LastModifiedDate"] == "Data:DateTime"
    assert docs["JigsawContactId"] == "ExternalForeignKey:ExternalId"
    assert docs["LinkedIn_Profile__c"].startswith("Data:Url:00N")
    assert SCHEMAS["Contact"]["fields"][5]["type"] == ["null", "Address"]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_avro_and_leaves_out_what_is_never_published(name: str) -> None:
    import fastavro

    schema = SCHEMAS[name]
    fastavro.parse_schema(orjson.loads(orjson.dumps(schema)), named_schemas={})
    names = {field["name"] for field in schema["fields"]}
    assert not names & {"Id", "IsDeleted", "SystemModstamp", "LastActivityDate", "PhotoUrl", "MasterRecordId"}
    assert {"CreatedDate", "LastModifiedDate", "LastModifiedById"} <= names
    assert len(schema_id_of(orjson.dumps(schema).decode())) == 22


@pytest.mark.parametrize(("name", "event"), [("Task", "TaskChangeEvent"), ("Thing__c", "Thing__ChangeEvent")])
def test_names_of_events(name: str, event: str) -> None:
    assert change_event_name(name) == event


@given(st.data())
def test_bitmaps_decode_to_the_names_they_were_made_of(data: st.DataObject) -> None:
    schema = SCHEMAS[data.draw(st.sampled_from(sorted(SCHEMAS)))]
    names = data.draw(st.sets(st.sampled_from(names_of(schema))))
    assert decoded(schema, field_bitmaps(schema, sorted(names))) == names
