"""Custom fields of activities, shared by Task and Event: the external id and the 15 sales fields."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.custom_fields import custom_field
from actionsync_simulators.salesforce.schema.model import Field
from actionsync_simulators.salesforce.schema.sales_package import EXTERNAL_ID_FIELD, SALES_FIELDS


def activity_custom_fields() -> list[Field]:
    """What an admin of this org has added to Activity."""
    return [custom_field(spec) for spec in (EXTERNAL_ID_FIELD, *SALES_FIELDS)]
