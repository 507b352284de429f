"""Companies, opportunities and roles as the native sync writes them: without the rules of the public API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.record import NATIVE_SYNC
from actionsync_simulators.marketo.crm_objects.definition import ObjectKind
from actionsync_simulators.marketo.crm_objects.records import change, insert, remove
from actionsync_simulators.marketo.fields.values import from_crm, to_json
from actionsync_simulators.marketo.opportunities.kinds import OPPORTUNITY, ROLE

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription


def put(site: Subscription, kind: ObjectKind, values: Mapping[str, Any]) -> bool:
    """Add or change the record with the key among the values (JSON values); False when it was like that already.

    ValueError for a value that cannot be stored.
    """
    stored = {name: from_crm(kind.fields[name], value) for name, value in values.items()}
    old = kind.find(site, {name: stored[name] for name in kind.dedupe_fields})
    if old is None:
        insert(kind, site, stored, origin=NATIVE_SYNC)
        return True
    changed = {
        name: value
        for name, value in stored.items()
        if name not in kind.dedupe_fields and to_json(kind.fields[name], value) != to_json(kind.fields[name], old[name])
    }
    change(kind, site, old, changed, origin=NATIVE_SYNC)
    return bool(changed)


def take_away_opportunity(site: Subscription, external_id: str) -> bool:
    """Remove an opportunity and its roles; False when it was not there."""
    old = OPPORTUNITY.find(site, {"externalOpportunityId": external_id})
    if old is None:
        return False
    remove(OPPORTUNITY, site, old, origin=NATIVE_SYNC)
    return True


def set_roles(site: Subscription, external_id: str, roles: Iterable[Mapping[str, Any]]) -> bool:
    """Let an opportunity have exactly these roles (`leadId`, `role` and more); False when it had them already."""
    wanted = {(role["leadId"], role["role"].casefold()): role for role in roles}
    changed = False
    for old in site.database.rows('SELECT * FROM opportunity_roles WHERE "externalOpportunityId" = ?', (external_id,)):
        if (old["leadId"], old["role"].casefold()) not in wanted:
            remove(ROLE, site, old, origin=NATIVE_SYNC)
            changed = True
    for role in wanted.values():
        changed = put(site, ROLE, {"externalOpportunityId": external_id, **role}) or changed
    return changed
