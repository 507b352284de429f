"""The Avro schema of an object's change event, made from the object's fields, and the id clients ask for it by."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import orjson

from actionsync_simulators.salesforce.events.field_order import FIELD_ORDER, NEVER_PUBLISHED, UNMODELLED
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.seed.salesforce_ids import MAX_SERIAL, salesforce_id

NAMESPACE = "com.sforce.eventbus"
CHANGE_TYPES = (
    "CREATE",
    "UPDATE",
    "DELETE",
    "UNDELETE",
    "GAP_CREATE",
    "GAP_UPDATE",
    "GAP_DELETE",
    "GAP_UNDELETE",
    "GAP_OVERFLOW",
    "SNAPSHOT",
)
NAME_PARTS = ("Salutation", "FirstName", "LastName")
ADDRESS_PARTS = (
    "Street",
    "City",
    "State",
    "PostalCode",
    "Country",
    "StateCode",
    "CountryCode",
    "Latitude",
    "Longitude",
    "GeocodeAccuracy",
)
DATE, DATETIME = "Data:DateOnly", ("Data:DateTime", "CreatedDate:DateTime")
"""The `doc` of fields that hold a day, and of those that hold a moment; both are epoch milliseconds."""

_STRING, _LONG, _DOUBLE = "string", "long", "double"
_TYPES: dict[str, tuple[str, str]] = {
    "string": (_STRING, "Data:Text"),
    "combobox": (_STRING, "Data:Text"),
    "encryptedstring": (_STRING, "Data:Text"),
    "time": (_STRING, "Data:Text"),
    "textarea": (_STRING, "Data:StringPlusClob"),
    "picklist": (_STRING, "Data:DynamicEnum"),
    "multipicklist": (_STRING, "Data:MultiEnum"),
    "reference": (_STRING, "ForeignKey:EntityId"),
    "phone": (_STRING, "Data:Phone"),
    "email": (_STRING, "Data:Email"),
    "url": (_STRING, "Data:Url"),
    "boolean": ("boolean", "Data:Boolean"),
    "int": ("int", "Data:Integer"),
    "double": (_DOUBLE, "Data:Double"),
    "currency": (_DOUBLE, "Data:Currency"),
    "percent": (_DOUBLE, "Data:Percent"),
    "date": (_LONG, DATE),
    "datetime": (_LONG, DATETIME[0]),
}
_DOC_OF_NAME = {"CreatedDate": DATETIME[1], "JigsawContactId": "ExternalForeignKey:ExternalId"}


def change_event_name(object_name: str) -> str:
    """The name of an object's change event: `TaskChangeEvent`, `Thing__ChangeEvent`."""
    return f"{object_name.removesuffix('c')}ChangeEvent" if object_name.endswith("__c") else f"{object_name}ChangeEvent"


def change_event_schema(sobject: SObject) -> dict[str, Any]:
    """The Avro schema of an object's change event; its first field is the header."""
    fields: list[dict[str, Any]] = [{"name": "ChangeEventHeader", "type": _header(), "doc": "Data:ComplexValueType"}]
    known: set[str] = set()
    for name in _published(sobject):
        avro, doc = _type_of(sobject, name, known)
        union = [*avro] if isinstance(avro, list) else [avro]
        fields.append({"name": name, "type": ["null", *union], "doc": doc, "default": None})
    return {
        "type": "record",
        "name": change_event_name(sobject.name),
        "namespace": NAMESPACE,
        "fields": fields,
    }


def schema_text(schema: dict[str, Any]) -> str:
    """The schema as JSON."""
    return orjson.dumps(schema).decode()


def schema_id_of(text: str) -> str:
    """The id of a schema: a fingerprint of its text in 22 characters."""
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _header() -> dict[str, Any]:
    texts = {"type": "array", "items": _STRING}
    types: dict[str, Any] = {
        "entityName": _STRING,
        "recordIds": texts,
        "changeType": {"type": "enum", "name": "ChangeType", "symbols": list(CHANGE_TYPES)},
        "changeOrigin": _STRING,
        "transactionKey": _STRING,
        "sequenceNumber": "int",
        "commitTimestamp": _LONG,
        "commitNumber": _LONG,
        "commitUser": _STRING,
        "nulledFields": texts,
        "diffFields": texts,
        "changedFields": texts,
    }
    fields = [{"name": name, "type": kind} for name, kind in types.items()]
    return {"type": "record", "name": "ChangeEventHeader", "fields": fields}


def _published(sobject: SObject) -> Iterator[str]:
    """The fields of the event in order; a compound field stands for its parts."""
    listed = FIELD_ORDER.get(sobject.name)
    if listed is not None:
        yield from listed
        yield from (field.name for field in sobject.fields.values() if field.custom and not field.calculated)
        return
    for field in sobject.fields.values():
        if field.name in NEVER_PUBLISHED or field.calculated or field.compound_field_name is not None:
            continue
        yield field.name


def _type_of(sobject: SObject, name: str, known: set[str]) -> tuple[Any, str]:
    field = sobject.fields.get(name)
    if field is None:
        kind, doc = UNMODELLED[name]
        return kind, doc
    if field.extra_type_info == "personname":
        return _record("PersonName", NAME_PARTS, known), "Data:PersonName"
    if sobject.name == "Account" and name == "Name":
        return [_STRING, _record("Switchable_PersonName", NAME_PARTS, known)], "Data:SwitchablePersonName"
    if field.type == "address":
        return _record("Address", ADDRESS_PARTS, known), "Data:Address"
    avro, doc = _TYPES[field.type]
    if field.type == "picklist" and field.restricted_picklist:
        doc = "Data:StaticEnum"
    doc = _DOC_OF_NAME.get(name, doc)
    if not field.custom:
        return avro, doc
    # Activities share their custom fields, and so the ids of these.
    return avro, f"{doc}:{field_id('Activity' if sobject.activity else sobject.name, name)}"


def _record(name: str, parts: tuple[str, ...], known: set[str]) -> Any:
    if name in known:
        return name
    known.add(name)
    fields = [{"name": part, "type": ["null", _part_type(part)], "default": None} for part in parts]
    return {"type": "record", "name": name, "fields": fields}


def _part_type(part: str) -> str:
    return _DOUBLE if part in ("Latitude", "Longitude") else _STRING


def field_id(owner: str, name: str) -> str:
    """A stable id of a custom field; `owner` is what it is defined on."""
    digest = hashlib.blake2b(f"{owner}.{name}".encode(), digest_size=5).digest()
    return salesforce_id("00N", int.from_bytes(digest) % MAX_SERIAL + 1)[:15]
