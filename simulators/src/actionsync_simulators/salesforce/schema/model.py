"""What an org's data model is made of: fields, objects, and the schema that holds them.

Everything the simulator says about its data (describe, row checks, SOQL, tables) is read from these values,
so one definition per object is enough. All of them are immutable: adding a custom field makes a new `Schema`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

COMPOUND_TYPES = frozenset({"address", "location"})
"""Field types that are assembled from other fields when read, and have no column of their own."""

TEXT_TYPES = frozenset(
    {
        "string",
        "picklist",
        "multipicklist",
        "combobox",
        "textarea",
        "phone",
        "email",
        "url",
        "encryptedstring",
        "time",
    }
)
"""Field types that are stored as text and compared without regard to case."""

PICKLIST_TYPES = frozenset({"picklist", "multipicklist", "combobox"})
"""Field types that have a list of values."""

NUMBER_TYPES = frozenset({"double", "currency", "percent"})
"""Field types that are stored as floating point numbers."""


@dataclass(frozen=True, slots=True)
class PicklistValue:
    """One entry of a picklist; `value` is what the API carries."""

    value: str
    label: str
    default: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object, with every property that describe, SOQL or a row check asks for.

    `length` counts characters; `digits` is the number of digits of an int; `precision` and `scale` belong to
    decimals. `default` is the stored value a create starts from. `child_relationship_name` is how the
    referenced object calls the rows that point at it through this field.
    """

    name: str
    type: str
    label: str
    length: int = 0
    digits: int = 0
    precision: int = 0
    scale: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    defaulted_on_create: bool = False
    default: str | int | float | None = None
    reference_to: tuple[str, ...] = ()
    relationship_name: str | None = None
    child_relationship_name: str | None = None
    cascade_delete: bool = False
    picklist: tuple[PicklistValue, ...] = ()
    restricted_picklist: bool = False
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    id_lookup: bool = False
    custom: bool = False
    filterable: bool = True
    sortable: bool = True
    groupable: bool = True
    aggregatable: bool = True
    permissionable: bool = True
    calculated: bool = False
    compound_field_name: str | None = None
    name_field: bool = False
    name_pointing: bool = False
    extra_type_info: str | None = None
    query_by_distance: bool = False
    inline_help_text: str | None = None

    @property
    def stored(self) -> bool:
        """Whether the field has a column (compound fields have none)."""
        return self.type not in COMPOUND_TYPES

    @property
    def polymorphic(self) -> bool:
        """Whether the lookup may point at rows of more than one object."""
        return len(self.reference_to) > 1

    @property
    def required(self) -> bool:
        """Whether a create must bring a value."""
        return self.createable and not self.nillable and not self.defaulted_on_create

    @property
    def is_text(self) -> bool:
        """Whether the value is text that compares without regard to case."""
        return self.type in TEXT_TYPES

    @property
    def default_picklist_value(self) -> str | None:
        """The value a picklist starts from, if it has a default."""
        return next((entry.value for entry in self.picklist if entry.default), None)


@dataclass(frozen=True, slots=True)
class ChildRelationship:
    """How rows of `child_object` point at an object through `field`; the name is None where it has none."""

    relationship_name: str | None
    child_object: str
    field: str
    cascade_delete: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SObject:
    """One object: its fields in describe order and what the API lets one do with its rows.

    `activity` marks Task and Event, which share their custom fields. `id_label` is the label of the Id field;
    the vendor uses it in messages about malformed ids.
    """

    name: str
    label: str
    label_plural: str
    key_prefix: str
    fields: Mapping[str, Field]
    child_relationships: tuple[ChildRelationship, ...] = ()
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    undeletable: bool = True
    mergeable: bool = False
    replicateable: bool = True
    searchable: bool = True
    triggerable: bool = True
    layoutable: bool = True
    feed_enabled: bool = False
    mru_enabled: bool = False
    custom: bool = False
    activity: bool = False
    _by_lower_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    _children_by_lower_name: Mapping[str, ChildRelationship] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))
        object.__setattr__(self, "_by_lower_name", {name.lower(): f for name, f in self.fields.items()})
        named = {r.relationship_name.lower(): r for r in self.child_relationships if r.relationship_name}
        object.__setattr__(self, "_children_by_lower_name", named)

    def field(self, name: str) -> Field | None:
        """The field of that name in any casing, or None."""
        return self._by_lower_name.get(name.lower())

    def child_relationship(self, name: str) -> ChildRelationship | None:
        """The child relationship of that name in any casing, or None."""
        return self._children_by_lower_name.get(name.lower())

    def relationship(self, name: str) -> Field | None:
        """The lookup field whose parent relationship has that name in any casing, or None."""
        wanted = name.lower()
        for candidate in self.fields.values():
            if candidate.relationship_name is not None and candidate.relationship_name.lower() == wanted:
                return candidate
        return None

    @property
    def name_field(self) -> Field:
        """The field that names a row (Subject for Task); Id for an object that has none."""
        for candidate in self.fields.values():
            if candidate.name_field:
                return candidate
        return self.fields["Id"]

    @property
    def stored_fields(self) -> tuple[Field, ...]:
        """The fields that have a column, in describe order."""
        return tuple(f for f in self.fields.values() if f.stored)


class Schema:
    """All objects of an org. Lookups ignore case; child relationships are derived from the lookup fields."""

    __slots__ = ("_by_lower_name", "_by_prefix", "_objects")

    def __init__(self, objects: Iterable[SObject]) -> None:
        plain = {o.name: o for o in sorted(objects, key=lambda each: each.name)}
        self._objects: dict[str, SObject] = {
            name: replace(o, child_relationships=tuple(_children_of(name, plain.values()))) for name, o in plain.items()
        }
        self._by_lower_name = {name.lower(): o for name, o in self._objects.items()}
        self._by_prefix = {o.key_prefix: o for o in self._objects.values()}

    def __iter__(self) -> Iterator[SObject]:
        return iter(self._objects.values())

    def object(self, name: str) -> SObject | None:
        """The object of that name in any casing, or None."""
        return self._by_lower_name.get(name.lower())

    def object_for_prefix(self, record_id: str) -> SObject | None:
        """The object whose key prefix starts this record id, or None."""
        return self._by_prefix.get(record_id[:3])

    def with_field(self, object_name: str, new_field: Field) -> Schema:
        """This schema with one more field at the end of an object.

        Custom fields of activities live on Task and Event alike. Raises KeyError for an unknown object and
        ValueError when the object already has a field of that name.
        """
        target = self.object(object_name)
        if target is None:
            raise KeyError(object_name)
        targets = [o for o in self if o.activity] if target.activity else [target]
        changed: dict[str, SObject] = {}
        for each in targets:
            if each.field(new_field.name) is not None:
                raise ValueError(f"{each.name} already has a field {new_field.name}")
            changed[each.name] = replace(each, fields={**each.fields, new_field.name: new_field})
        return Schema(changed.get(o.name, o) for o in self)

    def with_picklist_values(self, object_name: str, field_name: str, values: Iterable[str]) -> Schema:
        """This schema with more values at the end of a picklist; values that it has already are left as they are.

        Raises KeyError for an unknown object or field, and ValueError for a field that is no picklist.
        """
        target = self.object(object_name)
        known = None if target is None else target.field(field_name)
        if target is None or known is None:
            raise KeyError(f"{object_name}.{field_name}")
        if known.type not in PICKLIST_TYPES:
            raise ValueError(f"{target.name}.{known.name} is no picklist but of type {known.type}")
        # A custom field of activities is one field on Task and Event; their standard ones are fields of their own.
        shared = target.activity and known.custom
        changed: dict[str, SObject] = {}
        for each in self:
            if each is target or (shared and each.activity):
                old = each.fields[known.name]
                have = {entry.value for entry in old.picklist}
                more = tuple(PicklistValue(v, v) for v in dict.fromkeys(values) if v not in have)
                grown = replace(old, picklist=(*old.picklist, *more))
                changed[each.name] = replace(each, fields={**each.fields, known.name: grown})
        return Schema(changed.get(o.name, o) for o in self)


def _children_of(parent: str, objects: Iterable[SObject]) -> Iterator[ChildRelationship]:
    for child in objects:
        for lookup in child.fields.values():
            if parent in lookup.reference_to:
                yield ChildRelationship(lookup.child_relationship_name, child.name, lookup.name, lookup.cascade_delete)
