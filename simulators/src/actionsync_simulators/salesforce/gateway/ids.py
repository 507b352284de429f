"""Record ids on input: 15 or 18 characters, compared on the first 15, checksum verified."""

from __future__ import annotations

from actionsync_simulators.seed.salesforce_ids import eighteen, is_salesforce_id


def looks_like_id(text: str) -> bool:
    """Whether the text has the shape of an id, whatever its checksum says."""
    return len(text) in (15, 18) and text.isascii() and text.isalnum()


def full_id(text: str) -> str | None:
    """The 18-character form of a well-formed id; None for another shape or a wrong checksum."""
    return eighteen(text) if is_salesforce_id(text) else None
