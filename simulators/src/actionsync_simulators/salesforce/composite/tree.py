"""Trees: rows of one object with the rows below them, created in one call, all or none."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from actionsync_simulators.salesforce.describe.objects import sobject_of_path
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, json_parser_error, method_not_allowed
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.rows.write import create
from actionsync_simulators.salesforce.rows.write_options import Write, write_of
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.schema.model import ChildRelationship
from actionsync_simulators.salesforce.state import Org

MOST_RECORDS = 200
MOST_LEVELS = 5
MOST_TYPES = 5


class _Refused(Exception):
    """One record of the tree is refused, and with it the tree."""

    def __init__(self, reference_id: str, error: ApiError) -> None:
        super().__init__(reference_id)
        self.reference_id = reference_id
        self.error = error


@dataclass(frozen=True, slots=True)
class _Node:
    """A record of the tree: its own fields, and the lookup by which it hangs on its parent."""

    reference_id: str
    sobject: SObject
    fields: dict[str, Any]
    level: int
    parent: str | None = None
    parent_field: str | None = None


def tree(org: Org, request: Request, object_name: str) -> Response:
    """POST {base}/composite/tree/{T}.

    Rows are created level by level; the answer has them in that order. A refusal names the first record in the way.
    """
    sobject = sobject_of_path(org, object_name)
    if not sobject.createable:
        raise method_not_allowed("POST", [])
    body = request.json_object()
    try:
        nodes = _nodes(org, sobject, body.get("records"))
        with org.database.transaction():
            ids = _created(org, write_of(org, request), nodes)
    except _Refused as refused:
        errors = [item.row_wire() for item in refused.error.items]
        results = [{"referenceId": refused.reference_id, "errors": errors}]
        return Response(400, {"hasErrors": True, "results": results}, code=refused.error.code)
    results = [{"referenceId": reference_id, "id": record_id} for reference_id, record_id in ids.items()]
    return Response(201, {"hasErrors": False, "results": results})


def _created(org: Org, write: Write, nodes: list[_Node]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for node in nodes:
        fields = dict(node.fields)
        if node.parent is not None and node.parent_field is not None:
            fields[node.parent_field] = ids[node.parent]
        try:
            ids[node.reference_id] = create(org, write, node.sobject, fields)
        except ApiError as error:
            if error.code == "JSON_PARSER_ERROR":
                raise
            raise _Refused(node.reference_id, error) from None
    return ids


# From the body to the records, level by level


def _nodes(org: Org, root: SObject, records: Any) -> list[_Node]:
    nodes: list[_Node] = []
    seen: set[str] = set()
    waiting = deque((_checked(root, record, level=1), record) for record in _records(records))
    while waiting:
        node, record = waiting.popleft()
        if node.reference_id in seen:
            raise _invalid(node, f"Duplicate ReferenceId provided in the request: {node.reference_id}.")
        seen.add(node.reference_id)
        nodes.append(node)
        if len(nodes) + len(waiting) > MOST_RECORDS:
            raise _invalid(node, f"The number of records exceeds the limit of {MOST_RECORDS}.")
        if node.level > MOST_LEVELS:
            raise _invalid(node, f"The depth of the tree exceeds the limit of {MOST_LEVELS}.")
        for relation, below in _children(node.sobject, record):
            child = org.sobject(relation.child_object)
            waiting.extend(
                (
                    _checked(child, one, level=node.level + 1, parent=node.reference_id, parent_field=relation.field),
                    one,
                )
                for one in _records(below["records"])
            )
        if len({one.sobject.name for one in nodes}) > MOST_TYPES:
            raise _invalid(node, f"The number of different types of records exceeds the limit of {MOST_TYPES}.")
    return nodes


def _checked(
    sobject: SObject,
    record: dict[str, Any],
    *,
    level: int,
    parent: str | None = None,
    parent_field: str | None = None,
) -> _Node:
    attributes = record.get("attributes")
    given = attributes if isinstance(attributes, dict) else {}
    reference_id, kind = given.get("referenceId"), given.get("type")
    if not isinstance(reference_id, str) or not reference_id:
        raise _Refused("", _input_error("Include a reference ID for each record in the request."))
    nested = {id(below) for _, below in _children(sobject, record)}
    fields = {name: value for name, value in record.items() if name != "attributes" and id(value) not in nested}
    if parent_field is not None:
        fields = {name: value for name, value in fields.items() if name.lower() != parent_field.lower()}
    node = _Node(reference_id, sobject, fields, level, parent, parent_field)
    if not isinstance(kind, str) or not kind:
        raise _invalid(node, "Include a type for each record in the request.")
    if kind.lower() != sobject.name.lower():
        raise _invalid(node, f"The type {kind} does not match {sobject.name}, which is expected here.")
    return node


def _children(sobject: SObject, record: dict[str, Any]) -> list[tuple[ChildRelationship, dict[str, Any]]]:
    """The nested records of a record: members that are named as a child relationship and hold records."""
    found: list[tuple[ChildRelationship, dict[str, Any]]] = []
    for name, value in record.items():
        relation = sobject.child_relationship(name) if isinstance(value, dict) and "records" in value else None
        if relation is not None:
            found.append((relation, value))
    return found


def _records(records: Any) -> list[dict[str, Any]]:
    if not isinstance(records, list) or not records or not all(isinstance(one, dict) for one in records):
        raise json_parser_error("records must be an array of objects at [line:1, column:1]")
    return records


def _invalid(node: _Node, message: str) -> _Refused:
    return _Refused(node.reference_id, _input_error(message))


def _input_error(message: str) -> ApiError:
    return api_error("INVALID_INPUT", message, fields=())
