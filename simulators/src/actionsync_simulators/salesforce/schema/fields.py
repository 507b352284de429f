"""Short ways to write down fields: one function per kind, each filling what follows from the kind.

The derivations (what is groupable, permissionable, an id lookup …) follow the patterns of recorded describes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actionsync_simulators.salesforce.schema.model import Field, PicklistValue

LONG_TEXT = 256
"""From this length on a textarea is a long one: not filterable, sortable, groupable or aggregatable."""


def label_of(name: str) -> str:
    """The default label of an API name: words apart, a trailing `Id` as `ID`, without `__c`."""
    plain = name.removesuffix("__c").replace("_", " ")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", plain)
    return re.sub(r"\bId$", "ID", words)


def _field(name: str, kind: str, label: str | None, **properties: Any) -> Field:
    return Field(name=name, type=kind, label=label or label_of(name), custom=name.endswith("__c"), **properties)


def text(name: str, length: int, *, label: str | None = None, required: bool = False, **more: Any) -> Field:
    """A single-line text field."""
    more.setdefault("permissionable", not required)
    return _field(name, "string", label, length=length, nillable=not required, **more)


def textarea(name: str, length: int, *, label: str | None = None, **more: Any) -> Field:
    """A multi-line text field; a long one cannot be filtered, sorted or grouped."""
    short = length < LONG_TEXT
    return _field(
        name,
        "textarea",
        label,
        length=length,
        filterable=short,
        sortable=short,
        groupable=short,
        aggregatable=short,
        extra_type_info="plaintextarea",
        **more,
    )


def phone(name: str, *, label: str | None = None) -> Field:
    """A telephone number (40 characters)."""
    return _field(name, "phone", label, length=40)


def email(name: str = "Email", length: int = 80, *, label: str | None = None, **more: Any) -> Field:
    """An e-mail address; the standard one can be used to look a row up."""
    return _field(name, "email", label, length=length, id_lookup=name == "Email", **more)


def url(name: str, *, label: str | None = None, length: int = 255, **more: Any) -> Field:
    """A web address."""
    return _field(name, "url", label, length=length, **more)


def picklist(
    name: str,
    values: tuple[str, ...] | list[str],
    *,
    default: str | None = None,
    length: int = 255,
    label: str | None = None,
    required: bool = False,
    **more: Any,
) -> Field:
    """A picklist. A required one has a default and is filled on create."""
    more.setdefault("permissionable", not required)
    kind = more.pop("kind", "picklist")
    return _field(
        name,
        kind,
        label,
        length=length,
        picklist=tuple(PicklistValue(v, v, default=v == default) for v in values),
        nillable=not required,
        defaulted_on_create=default is not None,
        **more,
    )


def boolean(name: str, *, label: str | None = None, permissionable: bool = True, **more: Any) -> Field:
    """A checkbox: never null, false unless told otherwise."""
    return _field(
        name,
        "boolean",
        label,
        nillable=False,
        defaulted_on_create=True,
        default=more.pop("default", 0),
        aggregatable=False,
        permissionable=permissionable,
        **more,
    )


def integer(name: str, *, digits: int = 8, label: str | None = None, **more: Any) -> Field:
    """A whole number of at most that many digits."""
    return _field(name, "int", label, digits=digits, **more)


def number(
    name: str,
    kind: str = "double",
    *,
    precision: int = 18,
    scale: int = 0,
    label: str | None = None,
    **more: Any,
) -> Field:
    """A decimal: `double`, `currency` or `percent`."""
    return _field(name, kind, label, precision=precision, scale=scale, groupable=False, **more)


def date(name: str, *, label: str | None = None, **more: Any) -> Field:
    """A date without a time."""
    return _field(name, "date", label, **more)


def datetime(name: str, *, label: str | None = None, **more: Any) -> Field:
    """A moment in UTC."""
    return _field(name, "datetime", label, groupable=False, **more)


def reference(
    name: str,
    *targets: str,
    label: str | None = None,
    child: str | None = None,
    required: bool = False,
    **more: Any,
) -> Field:
    """A lookup to one object, or to several (then it is polymorphic)."""
    relationship = f"{name[:-3]}__r" if name.endswith("__c") else name.removesuffix("Id")
    more.setdefault("permissionable", not required)
    return _field(
        name,
        "reference",
        label,
        length=18,
        reference_to=tuple(sorted(targets)),
        relationship_name=more.pop("relationship_name", relationship),
        child_relationship_name=child,
        nillable=not required,
        name_pointing=len(targets) > 1,
        **more,
    )


def read_only(field: Field, **more: Any) -> Field:
    """The same field, written by the platform only."""
    return replace(field, createable=False, updateable=False, permissionable=more.pop("permissionable", False), **more)


def owner(*targets: str, label: str | None = None) -> Field:
    """OwnerId: always filled, the running user by default."""
    return reference("OwnerId", *targets, label=label, required=True, defaulted_on_create=True)


def record_id(label: str) -> Field:
    """The Id field of an object; its label appears in messages about malformed ids."""
    return Field(
        name="Id",
        type="id",
        label=label,
        length=18,
        createable=False,
        updateable=False,
        nillable=False,
        defaulted_on_create=True,
        id_lookup=True,
        permissionable=False,
    )


def is_deleted() -> Field:
    """IsDeleted: true once the row lies in the recycle bin."""
    return read_only(boolean("IsDeleted", label="Deleted"))


def audit() -> list[Field]:
    """CreatedDate, CreatedById, LastModifiedDate, LastModifiedById and SystemModstamp."""
    always = {"nillable": False, "defaulted_on_create": True}
    return [
        read_only(datetime("CreatedDate"), **always),
        read_only(reference("CreatedById", "User", label="Created By ID"), **always),
        read_only(datetime("LastModifiedDate"), **always),
        read_only(reference("LastModifiedById", "User", label="Last Modified By ID"), **always),
        read_only(datetime("SystemModstamp", label="System Modstamp"), **always),
    ]


def address(prefix: str = "", *, label: str | None = None) -> list[Field]:
    """The parts of an address and the compound field that shows them together."""
    compound = f"{prefix}Address"
    part: dict[str, Any] = {"compound_field_name": compound}
    accuracy = ("Address", "NearAddress", "Block", "Street", "ExtendedZip", "Zip", "City", "County", "State")
    return [
        textarea(f"{prefix}Street", 255, **part),
        text(f"{prefix}City", 40, **part),
        text(f"{prefix}State", 80, label=label_of(f"{prefix}State/Province"), **part),
        text(f"{prefix}PostalCode", 20, label=label_of(f"{prefix}Zip/Postal Code"), **part),
        text(f"{prefix}Country", 80, **part),
        number(f"{prefix}Latitude", precision=18, scale=15, **part),
        number(f"{prefix}Longitude", precision=18, scale=15, **part),
        picklist(f"{prefix}GeocodeAccuracy", accuracy, length=40, restricted_picklist=True, **part),
        Field(
            name=compound,
            type="address",
            label=label or label_of(compound),
            createable=False,
            updateable=False,
            sortable=False,
            groupable=False,
            aggregatable=False,
            query_by_distance=True,
            permissionable=False,
        ),
    ]


def person_name() -> list[Field]:
    """LastName, FirstName, Salutation and the Name computed from them."""
    part: dict[str, Any] = {"compound_field_name": "Name"}
    return [
        text("LastName", 80, required=True, **part),
        text("FirstName", 40, **part),
        picklist("Salutation", ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof."), length=40, **part),
        replace(
            read_only(text("Name", 121, label="Full Name"), nillable=False),
            name_field=True,
            id_lookup=True,
            extra_type_info="personname",
        ),
    ]


def external_id(name: str, length: int, *, label: str | None = None, case_sensitive: bool = False) -> Field:
    """A unique custom text field by which rows can be upserted."""
    return text(
        name,
        length,
        label=label,
        external_id=True,
        unique=True,
        id_lookup=True,
        case_sensitive=case_sensitive,
    )


def named(fields: list[Field]) -> dict[str, Field]:
    """Fields by name, in the given order."""
    return {each.name: each for each in fields}
