"""The control calls of smart lists: what a person does in Marketo's own pages, and no API call can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.control_error import ControlError
from actionsync_simulators.marketo.smart_lists.reading import DefinitionError
from actionsync_simulators.marketo.smart_lists.rules import rules

if TYPE_CHECKING:
    from actionsync_simulators.control import ControlRoute
    from actionsync_simulators.marketo.smart_lists.store import SmartList
    from actionsync_simulators.marketo.subscription import Subscription

HINT = (
    '{"name": "Sent template 7", "rule": "1 and (2 or 3)", "filters": [{"activity": "Was Sent Sales Email",'
    ' "constraints": [{"attribute": "Template ID", "operator": "is", "value": "7"}],'
    ' "date": {"operator": "in past", "value": "7 days"}, "atLeast": 1}, {"list": 1001},'
    ' {"field": "email", "operator": "contains", "value": "@example.com"}]}'
)


class SmartListControls:
    """Define, list, run and remove smart lists."""

    def __init__(self, site: Subscription) -> None:
        self._site = site

    def routes(self) -> dict[tuple[str, str], ControlRoute]:
        """Return the calls by method and path."""
        return {
            ("GET", "smart-lists"): self.every,
            ("POST", "smart-lists"): self.define,
            ("DELETE", "smart-lists"): self.delete,
            ("GET", "smart-lists/members"): self.members,
        }

    def every(self, _: dict[str, Any]) -> dict[str, Any]:
        """Return all smart lists with their rules."""
        return {"smart_lists": [self._shown(one) for one in self._site.smart_lists.every()]}

    def define(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Add a smart list, or a list of them: all or none."""
        given = arguments.get("list") if "filters" not in arguments else None
        try:
            with self._site.database.transaction():
                if given is None:
                    return self._shown(self._site.smart_lists.define(arguments))
                return {"smart_lists": [self._shown(self._site.smart_lists.define(one)) for one in given]}
        except DefinitionError as problem:
            raise ControlError(str(problem), hint=HINT) from None

    def delete(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Remove the smart list `id`."""
        list_id = self._id(arguments)
        try:
            self._site.smart_lists.delete(list_id)
        except DefinitionError as problem:
            raise ControlError(str(problem), hint="remove what uses it first") from None
        return {"deleted": list_id}

    def members(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Run the smart list `id`: the ids of its people now."""
        list_id = self._id(arguments)
        found = self._site.smart_lists.members(list_id)
        return {"id": list_id, "count": len(found), "members": found}

    def _id(self, arguments: dict[str, Any]) -> int:
        given = str(arguments.get("id", ""))
        if not given.isdecimal() or self._site.smart_lists.get(int(given)) is None:
            raise ControlError(f"there is no smart list {given or 'without id'!r}", hint="see GET /_sim/smart-lists")
        return int(given)

    def _shown(self, one: SmartList) -> dict[str, Any]:
        return {
            "id": one.id,
            "name": one.name,
            "description": one.description,
            "createdAt": one.created_at,
            "updatedAt": one.updated_at,
            "rules": rules(self._site, one.definition),
        }
