"""Operations that REST has no call for: lead conversion and merge. Each request has its own result."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from actionsync_simulators.salesforce.bulk.cells import typed_value
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, too_many_records, wrong_id_type
from actionsync_simulators.salesforce.gateway.xml import SCHEMA_INSTANCE, element, is_nil, local_name
from actionsync_simulators.salesforce.people.conversion import LeadConvert, convert_lead
from actionsync_simulators.salesforce.people.merge import merge
from actionsync_simulators.salesforce.rows.lookup import id_in_body
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.soap.envelope import children, flag_in, text_in
from actionsync_simulators.salesforce.state import Org

MOST_CONVERSIONS = 100
MOST_MERGES = 200
_TYPE = f"{{{SCHEMA_INSTANCE}}}type"


def convert_leads(org: Org, write: Write, operation: Element) -> str:
    """The results of convertLead: each lead is converted by itself."""
    asked = list(children(operation, "leadConverts"))
    if len(asked) > MOST_CONVERSIONS:
        raise too_many_records(MOST_CONVERSIONS)
    return "".join(_result(partial(_converted, org, write, one), _not_converted) for one in asked)


def merge_records(org: Org, write: Write, operation: Element) -> str:
    """The results of merge: each request is a transaction."""
    asked = list(children(operation, "request"))
    if len(asked) > MOST_MERGES:
        raise too_many_records(MOST_MERGES)
    return "".join(_result(partial(_merged, org, write, one), _not_merged) for one in asked)


def _result(run: Callable[[], str], refused: Callable[[str], str]) -> str:
    try:
        return f"<result>{run()}</result>"
    except ApiError as error:
        return f"<result>{refused(_errors(error))}</result>"


def _errors(error: ApiError) -> str:
    return "".join(
        "<errors>"
        + "".join(element("fields", name) for name in item.fields or ())
        + element("message", item.message)
        + element("statusCode", item.code)
        + "</errors>"
        for item in error.items
    )


# Conversion


def _converted(org: Org, write: Write, asked: Element) -> str:
    order = LeadConvert(
        lead_id=text_in(asked, "leadId") or "",
        converted_status=text_in(asked, "convertedStatus") or "",
        account_id=text_in(asked, "accountId"),
        contact_id=text_in(asked, "contactId"),
        opportunity_id=text_in(asked, "opportunityId"),
        opportunity_name=text_in(asked, "opportunityName"),
        owner_id=text_in(asked, "ownerId"),
        create_opportunity=not flag_in(asked, "doNotCreateOpportunity"),
        overwrite_lead_source=flag_in(asked, "overwriteLeadSource"),
    )
    done = convert_lead(org, write, order)
    return (
        element("accountId", done.account_id)
        + element("contactId", done.contact_id)
        + element("leadId", done.lead_id)
        + element("opportunityId", done.opportunity_id)
        + element("success", True)
    )


def _not_converted(errors: str) -> str:
    nothing = element("accountId", None) + element("contactId", None)
    return nothing + errors + element("leadId", None) + element("opportunityId", None) + element("success", False)


# Merge


def _merged(org: Org, write: Write, asked: Element) -> str:
    master = next(children(asked, "masterRecord"), None)
    if master is None:
        raise api_error("REQUIRED_FIELD_MISSING", "masterRecord is missing", fields=())
    master_id = text_in(master, "Id") or text_in(master, "id") or ""
    sobject, _ = id_in_body(org, master_id)
    _check_type(sobject, master, master_id)
    done = merge(
        org,
        write,
        master_id=master_id,
        loser_ids=[(one.text or "").strip() for one in children(asked, "recordToMergeIds")],
        fields=_fields(write, sobject, master),
    )
    return (
        element("id", done.id)
        + "".join(element("mergedRecordIds", one) for one in done.merged_record_ids)
        + element("success", True)
        + "".join(element("updatedRelatedIds", one) for one in done.updated_related_ids)
    )


def _not_merged(errors: str) -> str:
    return errors + element("id", None) + element("success", False)


def _check_type(sobject: SObject, record: Element, record_id: str) -> None:
    """The record names its object: in an element (partner API) or as its XML type (enterprise API)."""
    named = text_in(record, "type") or (record.get(_TYPE) or "").rpartition(":")[2]
    if named and named.lower() not in (sobject.name.lower(), "sobject"):
        raise wrong_id_type(sobject.fields["Id"].label, record_id, "Id")


def _fields(write: Write, sobject: SObject, record: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for child in record:
        name = local_name(child)
        if name.lower() in ("id", "type", "attributes") or is_nil(child):
            continue
        if name == "fieldsToNull":
            fields[(child.text or "").strip()] = None
            continue
        field = write.caller.access.field(sobject, name)
        fields[name] = child.text if field is None else typed_value(field, child.text or "")
    return fields
