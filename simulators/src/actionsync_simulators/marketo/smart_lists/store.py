"""The smart lists of a subscription: kept as definitions, run as one query each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from actionsync_simulators.marketo.assets.request import FOLDER, Place
from actionsync_simulators.marketo.assets.seeding import GROUP_SMART_LISTS
from actionsync_simulators.marketo.gateway.times import wire
from actionsync_simulators.marketo.smart_lists.compile import Compiler
from actionsync_simulators.marketo.smart_lists.conditions import Query
from actionsync_simulators.marketo.smart_lists.definition import Definition, Group, MemberFilter, from_text, to_text
from actionsync_simulators.marketo.smart_lists.reading import DefinitionError, read_definition

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

NAME_AT_MOST = 255
_USERS = {
    "export": "SELECT id FROM export_jobs WHERE status IN ('Created', 'Queued', 'Processing')"
    " AND json_extract(request, '$.filter.smartListId') = ? LIMIT 1",
    "smart campaign": "SELECT id FROM campaigns WHERE json_extract(audience, '$.smartListId') = ? LIMIT 1",
}
"""What else uses smart lists: the query for one that uses a given list."""
DEEPEST = 10
"""So many smart lists may ask for each other in a row."""


@dataclass(frozen=True, slots=True)
class SmartList:
    """One smart list. Times are wire times."""

    id: int
    name: str
    description: str | None
    place: Place
    workspace: str
    definition: Definition
    created_at: str
    updated_at: str


class SmartLists:
    """The smart lists of one subscription."""

    def __init__(self, site: Subscription) -> None:
        self._site = site
        self._zone = ZoneInfo(site.switches.time_zone)

    def get(self, list_id: int) -> SmartList | None:
        """Return a smart list, or None."""
        row = self._site.database.row("SELECT * FROM smart_lists WHERE id = ?", (list_id,))
        return None if row is None else smart_list(row)

    def by_name(self, name: str) -> SmartList | None:
        """Return the oldest smart list of a name (in any case), or None."""
        row = self._site.database.row("SELECT * FROM smart_lists WHERE name = ? ORDER BY id LIMIT 1", (name,))
        return None if row is None else smart_list(row)

    def every(self) -> list[SmartList]:
        """Return all of them in the order of their ids."""
        return [smart_list(row) for row in self._site.database.rows("SELECT * FROM smart_lists ORDER BY id")]

    def create(
        self, name: str, definition: Definition, *, place: Place | None = None, description: str | None = None
    ) -> SmartList:
        """Add a smart list; DefinitionError for a bad or used name, or when lists ask for each other too deeply."""
        if not name.strip() or len(name) > NAME_AT_MOST:
            raise DefinitionError(f"name is blank or longer than {NAME_AT_MOST} characters")
        if self.by_name(name.strip()) is not None:
            raise DefinitionError(f"there is a smart list named {name.strip()!r} already")
        self._check_depth(definition)
        now = wire(self._site.clock.now())
        place = place or Place(GROUP_SMART_LISTS, FOLDER)
        cursor = self._site.database.execute(
            "INSERT INTO smart_lists (name, description, folder_id, folder_type, definition, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (name.strip(), description, place.id, place.type, to_text(definition), now, now),
        )
        made = self.get(int(cursor.lastrowid or 0))
        if made is None:
            raise LookupError(f"smart list {name!r} was not written")
        return made

    def define(self, members: Mapping[str, Any]) -> SmartList:
        """Add a smart list from its JSON form (`name`, `description`, `match`, `rule`, `filters`); DefinitionError."""
        unknown = sorted(set(members) - {"name", "description", "match", "rule", "filters"})
        if unknown:
            raise DefinitionError(f"{unknown[0]!r} is no member of a smart list")
        name, description = members.get("name"), members.get("description")
        if not isinstance(name, str) or not isinstance(description, str | None):
            raise DefinitionError("name is a text, and description, where there is one, another")
        return self.create(name, read_definition(self._site, members), description=description)

    def delete(self, list_id: int) -> None:
        """Remove a smart list. LookupError when there is none, DefinitionError when something uses it."""
        if self.get(list_id) is None:
            raise LookupError(f"there is no smart list {list_id}")
        user = self._user(list_id)
        if user is not None:
            raise DefinitionError(f"smart list {list_id} is used by {user}")
        self._site.database.execute("DELETE FROM smart_lists WHERE id = ?", (list_id,))

    def _user(self, list_id: int) -> str | None:
        """Return what uses a smart list, in words, or None."""
        other = self.user_of("smart list", list_id)
        if other is not None:
            return f"smart list {other.id}"
        for user, question in _USERS.items():
            found = self._site.database.value(question, (list_id,))
            if found is not None:
                return f"{user} {found}"
        return None

    def user_of(self, group: Group, group_id: int) -> SmartList | None:
        """Return a smart list that asks for membership in a list, smart list or program, or None."""
        return next((one for one in self.every() if one.definition.uses(group, group_id)), None)

    def user_of_type(self, type_id: int) -> SmartList | None:
        """Return a smart list that asks for activities of a type, or None."""
        return next((one for one in self.every() if one.definition.uses_type(type_id)), None)

    def members(self, list_id: int) -> list[int]:
        """Return the ids of the people who are on a smart list now, ascending; LookupError when there is none."""
        return self.people(self._definition(list_id))

    def people(self, definition: Definition) -> list[int]:
        """Return the ids of the people whom a definition finds now, ascending."""
        query = Query(self._site.clock.now(), self._zone)
        condition = Compiler(self._site, query, self._definition).condition(definition)
        rows = self._site.database.execute(f"SELECT id FROM leads WHERE {condition} ORDER BY id", query.params)  # noqa: S608
        return [int(row[0]) for row in rows]

    def _definition(self, list_id: int) -> Definition:
        found = self.get(list_id)
        if found is None:
            raise LookupError(f"there is no smart list {list_id}")
        return found.definition

    def _check_depth(self, definition: Definition, depth: int = 1) -> None:
        if depth > DEEPEST:
            raise DefinitionError(f"more than {DEEPEST} smart lists ask for each other")
        for one in definition.filters:
            if isinstance(one, MemberFilter) and one.group == "smart list":
                for list_id in one.ids:
                    self._check_depth(self._definition(list_id), depth + 1)


def smart_list(row: sqlite3.Row) -> SmartList:
    """Return the smart list of a row of its table."""
    return SmartList(
        row["id"],
        row["name"],
        row["description"],
        Place(row["folder_id"], row["folder_type"]),
        row["workspace"],
        from_text(row["definition"]),
        row["created_at"],
        row["updated_at"],
    )
