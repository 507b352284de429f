"""Objects whose rows the platform or an admin writes, never the API."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.fields import named, read_only
from actionsync_simulators.salesforce.schema.model import Field, SObject


def read_only_object(name: str, label: str, plural: str, prefix: str, fields: list[Field]) -> SObject:
    """The object; all its fields are made read-only."""
    return SObject(
        name=name,
        label=label,
        label_plural=plural,
        key_prefix=prefix,
        fields=named([read_only(each) for each in fields]),
        createable=False,
        updateable=False,
        deletable=False,
        undeletable=False,
        replicateable=False,
        searchable=False,
        triggerable=False,
        layoutable=False,
    )
