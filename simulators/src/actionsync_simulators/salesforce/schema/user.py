"""Who works in the org: users, their profiles and roles, and groups (queues)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionsync_simulators.salesforce.schema.fields import (
    audit,
    boolean,
    datetime,
    email,
    named,
    person_name,
    phone,
    picklist,
    read_only,
    record_id,
    reference,
    text,
)
from actionsync_simulators.salesforce.schema.model import SObject
from actionsync_simulators.salesforce.schema.read_only import read_only_object

USER_TYPES = ("Standard", "PowerPartner", "CSPLitePortal", "CustomerSuccess", "Guest", "AutomatedProcess")
GROUP_TYPES = ("Regular", "Role", "RoleAndSubordinates", "Organization", "Queue", "Case", "Lead")


def user() -> SObject:
    """The User object: rows are switched off, never deleted."""
    locale: dict[str, Any] = {"length": 40, "required": True}
    names = [f for f in person_name() if f.name != "Salutation"]
    fields = [
        record_id("User ID"),
        text("Username", 80, required=True, unique=True, id_lookup=True),
        *names,
        text("CompanyName", 80),
        text("Division", 80),
        text("Department", 80),
        text("Title", 80),
        replace(email(length=128), nillable=False, permissionable=False),
        text("Alias", 8, required=True),
        text("CommunityNickname", 40, label="Nickname", required=True),
        boolean("IsActive", label="Active", permissionable=False),
        picklist("TimeZoneSidKey", ("America/Los_Angeles",), default="America/Los_Angeles", **locale),
        reference("UserRoleId", "UserRole", label="Role ID", child="Users", permissionable=False),
        picklist("LocaleSidKey", ("en_US", "en_GB", "de_DE", "fr_FR"), default="en_US", **locale),
        picklist("EmailEncodingKey", ("UTF-8", "ISO-8859-1"), default="UTF-8", length=40, required=True, label=None),
        reference("ProfileId", "Profile", label="Profile ID", child="Users", required=True),
        read_only(
            picklist("UserType", USER_TYPES, default="Standard", length=40, restricted_picklist=True),
            nillable=True,
        ),
        picklist("LanguageLocaleKey", ("en_US", "de", "fr"), default="en_US", **locale),
        phone("Phone"),
        phone("MobilePhone", label="Mobile"),
        text("FederationIdentifier", 512, label="SAML Federation ID"),
        reference("ManagerId", "User", label="Manager ID", child="DelegatedUsers"),
        read_only(datetime("LastLoginDate", label="Last Login")),
        *audit(),
    ]
    return SObject(
        name="User",
        label="User",
        label_plural="Users",
        key_prefix="005",
        fields=named(fields),
        deletable=False,
        undeletable=False,
        feed_enabled=True,
        layoutable=False,
    )


def group() -> SObject:
    """The Group object: public groups and queues."""
    fields = [
        record_id("Group ID"),
        text("Name", 40, required=True, name_field=True),
        text("DeveloperName", 80),
        read_only(reference("RelatedId", "User", "UserRole", label="Related ID", relationship_name="Related")),
        picklist("Type", GROUP_TYPES, default="Regular", length=40, restricted_picklist=True, required=True),
        email("Email", 255, label="Email"),
        boolean("DoesSendEmailToMembers", label="Send Email to Members", permissionable=False),
        boolean("DoesIncludeBosses", label="Include Bosses", permissionable=False, default=1),
        *audit(),
    ]
    return SObject(
        name="Group",
        label="Group",
        label_plural="Groups",
        key_prefix="00G",
        fields=named(fields),
        undeletable=False,
        replicateable=False,
        layoutable=False,
    )


def profile() -> SObject:
    """The Profile object (read-only here)."""
    fields = [
        record_id("Profile ID"),
        text("Name", 255, required=True, name_field=True),
        picklist("UserType", USER_TYPES, length=40),
        text("Description", 255),
        *audit(),
    ]
    return read_only_object("Profile", "Profile", "Profiles", "00e", fields)


def user_role() -> SObject:
    """The UserRole object."""
    fields = [
        record_id("Role ID"),
        text("Name", 80, required=True, name_field=True),
        reference("ParentRoleId", "UserRole", label="Parent Role ID", child="ChildRoles", relationship_name=None),
        text("DeveloperName", 80),
        *audit(),
    ]
    return SObject(
        name="UserRole",
        label="Role",
        label_plural="Roles",
        key_prefix="00E",
        fields=named(fields),
        undeletable=False,
        replicateable=False,
        searchable=False,
        layoutable=False,
    )
