"""JSON or XML: which a caller wants, and an answer in the form of the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from actionsync_simulators.salesforce.gateway import xml
from actionsync_simulators.salesforce.gateway.messages import NO_BODY, Request, Response

XML_TYPES = ("application/xml", "text/xml")
SUFFIX = ".xml"


def prefers_xml(accept: str) -> bool:
    """Whether an Accept header ranks XML before JSON and before anything else."""
    ranks: dict[str, float] = {}
    for part in accept.split(","):
        kind, *parameters = (one.strip().lower() for one in part.split(";"))
        quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            ranks[kind] = float(quality)
        except ValueError:
            ranks[kind] = 0.0
    best = max((ranks.get(kind, 0.0) for kind in XML_TYPES), default=0.0)
    others = [ranks.get(kind, 0.0) for kind in ("application/json", "application/*", "*/*")]
    return best > 0 and best > max(others)


def into_xml(request: Request, response: Response) -> None:
    """Turn a JSON answer into an XML one."""
    payload = response.payload
    if payload is NO_BODY or not response.content_type.startswith("application/json"):
        return
    if isinstance(payload, bytes | str):
        payload = orjson.loads(payload)
    root, item = _names(request, payload, refused=response.status >= 400)
    response.payload, response.content_type = xml.document(root, payload, item=item), xml.XML_TYPE


def _names(request: Request, payload: Any, *, refused: bool) -> tuple[str, str]:
    """The names of the root element, and of each member when the answer is a list."""
    if isinstance(payload, list):
        if refused:
            return "Errors", "Error"
        return ("Versions", "Version") if request.segments == ("services", "data") else ("Results", "Result")
    if not isinstance(payload, Mapping):
        return "Result", "Result"
    attributes = payload.get("attributes")
    if isinstance(attributes, Mapping) and isinstance(attributes.get("type"), str):
        return attributes["type"], ""
    if "totalSize" in payload:
        return "QueryResult", ""
    return "Result", ""
