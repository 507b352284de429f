"""Field-level security: what one user may see and edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from actionsync_simulators.salesforce.schema.model import Field, SObject
from actionsync_simulators.salesforce.schema.sales_package import SALES_FIELDS


@dataclass(frozen=True, slots=True)
class Access:
    """The fields a user may not see, and those the user may see but not edit.

    `hidden` and `read_only` hold (object, field) pairs in API-name casing. Everything else is visible, and
    editable as far as the field itself allows.
    """

    hidden: frozenset[tuple[str, str]] = frozenset()
    read_only: frozenset[tuple[str, str]] = frozenset()
    read_only_objects: frozenset[str] = frozenset()

    def visible(self, object_name: str, field_name: str) -> bool:
        """Whether the user sees the field at all; a hidden field behaves as if it did not exist."""
        return (object_name, field_name) not in self.hidden

    def editable(self, object_name: str, field_name: str) -> bool:
        """Whether the user may write the field, as far as security goes."""
        pair = (object_name, field_name)
        return pair not in self.hidden and pair not in self.read_only

    def field(self, sobject: SObject, name: str) -> Field | None:
        """The field of that name in any casing if it exists and the user sees it."""
        found = sobject.field(name)
        if found is None or (self.hidden and (sobject.name, found.name) in self.hidden):
            return None
        return found

    def fields(self, sobject: SObject) -> list[Field]:
        """The fields of an object the user sees, in describe order."""
        return [f for f in sobject.fields.values() if self.visible(sobject.name, f.name)]

    def with_state(self, object_name: str, field_name: str, *, visible: bool, editable: bool) -> Access:
        """This access with one field set to editable, read-only (visible, not editable) or hidden."""
        pair = frozenset({(object_name, field_name)})
        hidden, read_only = self.hidden - pair, self.read_only - pair
        if not visible:
            return replace(self, hidden=hidden | pair, read_only=read_only)
        return replace(self, hidden=hidden, read_only=read_only if editable else read_only | pair)

    def with_object(self, object_name: str, *, editable: bool) -> Access:
        """This access with the rows of one object open for writing, or for reading only."""
        name = frozenset({object_name})
        others = self.read_only_objects - name
        return replace(self, read_only_objects=others if editable else others | name)


def _pairs(*names: str) -> Iterable[tuple[str, str]]:
    for name in names:
        object_name, field_name = name.split(".")
        yield object_name, field_name


_OPT_OUTS = ("Lead.HasOptedOutOfEmail", "Contact.HasOptedOutOfEmail")
_SALES_FIELDS = tuple(f"{activity}.{spec['name']}" for activity in ("Task", "Event") for spec in SALES_FIELDS)

PROFILES: dict[str, Access] = {
    "integration-ready": Access(),
    "fresh-org": Access(hidden=frozenset(_pairs("Lead.HasOptedOutOfEmail"))),
    "sales-fields-hidden": Access(hidden=frozenset(_pairs(*_OPT_OUTS, *_SALES_FIELDS))),
    "sales-fields-read-only": Access(read_only=frozenset(_pairs(*_SALES_FIELDS))),
}
"""Named starting points.

Everything open; the opt-out of leads hidden, as in a newly made org; both opt-outs and the 15 sales fields of
activities hidden, as for a user whom nobody gave them; those 15 fields to be read, but not written.
"""
