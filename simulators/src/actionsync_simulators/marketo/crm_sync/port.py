"""What the sync needs of Marketo's state: the internal port, as the public API cannot write CRM fields."""

from __future__ import annotations

from typing import Any, Protocol


class Port(Protocol):
    """Marketo's side of the sync. All calls are synchronous and uncharged."""

    def find(self, sfdc_id: str) -> int | None:
        """Return the Marketo id of the person with this Salesforce lead or contact id, or None."""

    def get(self, lead_id: int) -> dict[str, Any]:
        """Return the fields of a person by their REST names. LookupError when there is none."""

    def create(self, values: dict[str, Any]) -> int:
        """Create a person and return its Marketo id. ValueError for a value that cannot be stored."""

    def update(self, lead_id: int, values: dict[str, Any]) -> bool:
        """Write the values that differ, with their activities; tell whether there were any."""

    def mark_deleted_in_crm(self, lead_id: int) -> None:
        """Note that the record was deleted in Salesforce."""

    def convert(self, lead_id: int, values: dict[str, Any]) -> None:
        """Make a lead a contact."""

    def merge(self, winner_id: int, loser_ids: list[int]) -> None:
        """Merge people; the losers cease to exist."""

    def put_company(self, values: dict[str, Any]) -> bool:
        """Add or change the company of an account; tell whether anything changed."""

    def put_opportunity(self, values: dict[str, Any]) -> bool:
        """Add or change an opportunity; tell whether anything changed."""

    def take_away_opportunity(self, sfdc_id: str) -> bool:
        """Remove an opportunity with its roles; tell whether it was there."""

    def set_roles(self, sfdc_id: str, roles: list[dict[str, Any]]) -> bool:
        """Let an opportunity have exactly these roles of people; tell whether anything changed."""

    def unsubscribed_changes_since(self, cursor: int) -> tuple[list[tuple[int, bool]], int]:
        """Return who was unsubscribed or resubscribed after the cursor, in order, and the new cursor.

        Changes that the sync made itself are left out. The list may stop early: ask again until the cursor stays.
        """
