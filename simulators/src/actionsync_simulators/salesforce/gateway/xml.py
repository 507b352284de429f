"""Reading XML without its dangers, and writing it: text that any parser takes, elements, and JSON answers as XML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
XML_TYPE = "application/xml;charset=UTF-8"
NIL = f"{{{SCHEMA_INSTANCE}}}nil"


class UnreadableXml(Exception):
    """The text is no XML, or XML with a document type or entities of its own."""


def parsed(data: bytes) -> Element:
    """The root element of a document. Raises UnreadableXml."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
        raise UnreadableXml(str(problem)) from None
    return root


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """The namespace of an element, empty for none."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def is_nil(element: Element) -> bool:
    """Whether the element says that it has no value."""
    return element.get(NIL) in ("true", "1")


def legal(text: str) -> str:
    """The text without the characters that XML cannot carry."""
    return "".join(
        c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )


def text_of(value: Any) -> str:
    """A value as escaped text of an element."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(legal(str(value)))


def element(name: str, value: Any) -> str:
    """An element with a text; None becomes an element that says it is nil."""
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    return f"<{name}>{text_of(value)}</{name}>"


# JSON answers as XML


def document(root: str, payload: Any, *, item: str = "item") -> str:
    """A JSON answer as an XML document.

    Members become elements, members of a list repeat their name, and `attributes` of a record become attributes of
    its element. A list at the top becomes a root with one element called `item` for each member.
    """
    members = {item: payload} if isinstance(payload, list) else payload
    instance = f' xmlns:xsi="{SCHEMA_INSTANCE}"' if _has_null(members) else ""
    return XML_HEAD + _element(root, members, extra=instance)


def _element(name: str, value: Any, *, extra: str = "") -> str:
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    if not isinstance(value, Mapping):
        return f"<{name}{extra}>{text_of(value)}</{name}>"
    attributes = value.get("attributes")
    shown = extra
    if isinstance(attributes, Mapping):
        shown += "".join(f" {key}={quoteattr(legal(str(given)))}" for key, given in attributes.items())
    inner: list[str] = []
    for key, given in value.items():
        if key == "attributes" and isinstance(attributes, Mapping):
            continue
        inner += [_element(key, one) for one in (given if isinstance(given, list) else [given])]
    return f"<{name}{shown}>{''.join(inner)}</{name}>"


def _has_null(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_null(one) for one in value.values())
    if isinstance(value, list):
        return any(_has_null(one) for one in value)
    return value is None
