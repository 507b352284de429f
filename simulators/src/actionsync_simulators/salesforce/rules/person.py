"""Leads, contacts, users: the computed name; a converted lead is frozen."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.rules.campaign import copy_to_memberships
from actionsync_simulators.salesforce.rules.object_rules import ObjectRules
from actionsync_simulators.salesforce.state import Org, Row


def full_name(first: str | None, last: str | None) -> str:
    """The Name of a person: first name and last name, as far as they are known."""
    return f"{first} {last}" if first and last else first or last or ""


class PersonRules(ObjectRules):
    """Keeps Name in step with its parts, and IsEmailBounced with its reason."""

    def before_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Compute the derived values."""
        row["Name"] = full_name(row["FirstName"], row["LastName"])
        if "IsEmailBounced" in row:
            row["IsEmailBounced"] = int(row["EmailBouncedReason"] is not None)


class ProspectRules(PersonRules):
    """A lead or contact: those who can be in campaigns."""

    def after_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Bring the campaign memberships up to date."""
        if old is not None:
            copy_to_memberships(org, old, row)


class LeadRules(ProspectRules):
    """A converted lead takes no more changes; conversion itself is not an update."""

    def before_change(self, old: Row) -> None:
        """Refuse to change a converted lead."""
        if old["IsConverted"]:
            raise api_error("CANNOT_UPDATE_CONVERTED_LEAD", fields=())


class UserRules(PersonRules):
    """Users are given the standard type; their names must look like e-mail addresses."""

    def default(self, org: Org, write: Write, row: Row) -> None:
        """Fill in the user type."""
        row["UserType"] = "Standard"

    def before_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Check the form of the username."""
        super().before_save(org, write, old, row)
        if "@" not in row["Username"]:
            raise api_error(
                "INVALID_EMAIL_ADDRESS",
                f"Username: invalid email address: {row['Username']}",
                fields=["Username"],
            )
