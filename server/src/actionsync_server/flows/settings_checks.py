"""Checks of settings that only a connected system can answer, before they are stored."""

from __future__ import annotations

from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.model.errors import InvalidInput, NotConnected, NotPrepared, System, Violation
from actionsync_server.model.settings import OptOutField, Settings, UnsubscribeSettings

_PATH = "settings.unsubscribes.sales_opt_out_field"
_OBJECTS = ("Lead", "Contact")


class OptOutFieldCheck:
    """Refuses a sales opt-out field that Salesforce does not have, or does not let us write.

    Where Salesforce is not connected nobody can tell; then the alert `opt_out_field_not_writable` will.
    """

    def __init__(self, registry: ConnectionRegistry) -> None:
        self._registry = registry

    async def __call__(self, instance_id: str, before: Settings, after: Settings) -> None:
        """Check a change. Raises InvalidInput, or the failure of asking Salesforce."""
        if _choice(after.unsubscribes) == _choice(before.unsubscribes):
            return
        name = _choice(after.unsubscribes)
        if not name:
            return
        try:
            client = await self._registry.salesforce(instance_id)
        except NotConnected:
            return
        client.invalidate()  # the field may have been made a minute ago
        faults = []
        for kind in _OBJECTS:
            try:
                field = (await client.describe(kind)).fields.get(name)
            except NotPrepared as error:
                raise NotPrepared(System.SALESFORCE, f"the login may not see {kind} records") from error
            if field is None:
                faults.append(f"{kind} has no field {name} that the connected user sees")
            elif field.type != "boolean":
                faults.append(f"{name} of {kind} is no checkbox but {field.type}")
            elif not field.updateable:
                faults.append(f"the connected user may not edit {name} of {kind}")
        if faults:
            text = f"{'; '.join(faults)}: create it as a checkbox on Lead and Contact and let the user edit it"
            raise InvalidInput([Violation(_PATH, text)])


def _choice(settings: UnsubscribeSettings) -> str:
    return settings.sales_opt_out_field if settings.opt_out_field is OptOutField.SALES_OPT_OUT else ""
