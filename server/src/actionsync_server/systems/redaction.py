"""Makes a system's own words fit for errors, logs and the delivery desk: they quote what they refuse."""

from __future__ import annotations

import re

LONGEST = 400

_ADDRESS = re.compile(r"[^\s<>()\[\]{}'\",;:]+@[^\s<>()\[\]{}'\",;:]+")
_TOKEN = re.compile(r"(?i)(bearer\s+|oauth\s+|(?:access_token|refresh_token|client_secret)[=:\s\"']+)[^\s&\"']+")
_LARGE_VALUE = re.compile(r"(?s)(data value too large: ).*(\s\(max length=\d+\))")


def redact(text: str) -> str:
    """Return `text` without addresses, tokens and over-long values, cut to a few hundred characters."""
    clean = _LARGE_VALUE.sub(r"\1…\2", text)
    clean = _TOKEN.sub(r"\1…", clean)
    clean = _ADDRESS.sub("(address)", clean)
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"
