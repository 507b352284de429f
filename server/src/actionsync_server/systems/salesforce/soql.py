"""Writing SOQL safely."""

from __future__ import annotations

_ESCAPES = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}


def quote(text: str) -> str:
    """Return `text` as a SOQL string literal, quotes included, so that it can never end the literal it stands in."""
    return "'" + "".join(_ESCAPES.get(letter, letter) for letter in text) + "'"
