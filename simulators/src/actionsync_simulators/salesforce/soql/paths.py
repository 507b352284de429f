"""From written paths to columns: aliases, parent relationships, and the Name object behind polymorphic lookups."""

from __future__ import annotations

from functools import lru_cache

from actionsync_simulators.salesforce.schema import fields
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.schema.model import Field, Schema, SObject
from actionsync_simulators.salesforce.soql import errors, tree
from actionsync_simulators.salesforce.soql.errors import SoqlError
from actionsync_simulators.salesforce.soql.plan import Column, Step

MAX_LEVELS = 5
"""Parent relationships in one path."""

NAME = "Name"
"""The pseudo-object that stands for whatever a polymorphic lookup points at."""


class Aliases:
    """What the first word of a path may stand for beside a relationship: the queried object, or a named parent."""

    def __init__(self, source: SObject, node: tree.Statement | None = None) -> None:
        self._meant: dict[str, tuple[tree.Name, ...]] = {source.name.lower(): ()}
        if node is None:
            return
        if node.alias is not None:
            self._meant[node.alias.text.lower()] = ()
        for parent in node.parents:
            self._meant[parent.alias.text.lower()] = self.expanded(parent.path.names)

    def expanded(self, names: tuple[tree.Name, ...]) -> tuple[tree.Name, ...]:
        """The words of a path as seen from the queried object."""
        meant = self._meant.get(names[0].text.lower())
        return names if meant is None else (*meant, *names[1:])


class Paths:
    """Resolves the paths of one query text against the schema, as far as the user may see it."""

    def __init__(self, text: str, *, schema: Schema, access: Access) -> None:
        self._text = text
        self._schema = schema
        self._access = access

    def column(self, path: tree.Path, source: SObject, aliases: Aliases) -> Column:
        """The column a path means. Raises SoqlError (INVALID_FIELD) for what does not exist or is hidden."""
        names = path.names
        if len(names) > 1:
            names = aliases.expanded(names)
        owner, steps = source, []
        for name in names[:-1]:
            step = self._step(owner, name.text)
            if step is None:
                raise self._error(path, errors.unknown_parent(name.text))
            steps.append(step)
            owner = name_object(self._schema) if len(step.lookup.reference_to) > 1 else step.targets[0]
        if len(steps) > MAX_LEVELS:
            reason = f"Maximum of {MAX_LEVELS} parent relationship levels exceeded in field path '{path.text}'"
            raise SoqlError.at(self._text, path.at, errors.MALFORMED_QUERY, reason)
        field = self._access.field(owner, names[-1].text)
        if field is None:
            raise self._error(path, errors.no_such_column(names[-1].text, owner.name))
        return Column(tuple(steps), owner, field)

    def parent(self, path: tree.Path, source: SObject, aliases: Aliases) -> Step:
        """The parent relationship a path means. Raises SoqlError (INVALID_FIELD) for one that is none of `source`."""
        names = aliases.expanded(path.names)
        step = self._step(source, names[0].text) if len(names) == 1 else None
        if step is None:
            raise self._error(path, errors.unknown_parent(path.text))
        return step

    def _error(self, path: tree.Path, reason: str) -> SoqlError:
        return SoqlError.at(self._text, path.at, errors.INVALID_FIELD, reason)

    def _step(self, owner: SObject, relationship: str) -> Step | None:
        lookup = owner.relationship(relationship)
        if lookup is None or not self._access.visible(owner.name, lookup.name):
            return None
        known = (self._schema.object(name) for name in lookup.reference_to)
        targets = tuple(target for target in known if target is not None)
        return Step(lookup, targets) if targets else None


@lru_cache(maxsize=8)
def name_object(schema: Schema) -> SObject:
    """The Name object of a schema: what every target of a polymorphic lookup has in common.

    A field is read from the same field of the concrete row, and is null where that object has none.
    """
    members: list[Field] = [
        fields.record_id("ID"),
        fields.text("Name", 255, name_field=True),
        fields.text("LastName", 80),
        fields.text("FirstName", 40),
        fields.picklist("Type", ()),
        fields.text("Alias", 8),
        fields.reference("UserRoleId", "UserRole"),
        fields.reference("RecordTypeId", "RecordType"),
        fields.boolean("IsActive"),
        fields.reference("ProfileId", "Profile"),
        fields.text("Title", 128),
        fields.email(),
        fields.phone("Phone"),
        fields.text("NameOrAlias", 255),
        fields.text("Username", 80),
    ]
    return SObject(name=NAME, label="Name", label_plural="Names", key_prefix="", fields=fields.named(members))


def concrete_field(target: SObject, member: Field, access: Access) -> Field | None:
    """The field of a concrete object behind a member of the Name object (not `Type`), if it has one."""
    if member.name == "Name":
        return target.name_field
    if member.name == "NameOrAlias":
        return access.field(target, "Alias") or target.name_field
    return access.field(target, member.name)
