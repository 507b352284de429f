"""What only the Marketo simulator has below `/_sim`: tokens, users, injected activities, extra types, the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.control import ControlError, ControlRoute
from actionsync_simulators.marketo.activities.native import NativeType
from actionsync_simulators.marketo.activities.types import FIRST_CUSTOM_TYPE
from actionsync_simulators.marketo.campaigns.controls import CampaignControls
from actionsync_simulators.marketo.gateway.identity import ApiClient
from actionsync_simulators.marketo.gateway.times import epoch_seconds, parse_datetime, wire_seconds
from actionsync_simulators.marketo.programs.controls import ProgramControls
from actionsync_simulators.marketo.smart_lists.controls import SmartListControls

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

LEDGER_PAGE = 10_000


class MarketoControls:
    """The control calls of one subscription."""

    def __init__(self, site: Subscription) -> None:
        self._site = site

    def routes(self) -> dict[tuple[str, str], ControlRoute]:
        """Return the calls by method and path."""
        return {
            ("POST", "tokens/expire"): self.expire_tokens,
            ("POST", "tokens/revoke"): self.revoke_tokens,
            ("POST", "users"): self.add_user,
            ("POST", "activities"): self.add_activities,
            ("POST", "activity-types"): self.add_activity_type,
            ("GET", "ledger/activities"): self.ledger,
            ("GET", "dated-changes"): lambda _: {"dated_changes": self._site.dated_changes.describe()},
            **SmartListControls(self._site).routes(),
            **ProgramControls(self._site).routes(),
            **CampaignControls(self._site).routes(),
        }

    def expire_tokens(self, arguments: dict[str, Any]) -> dict[str, int]:
        """End the life of the current token of `client_id`, or of every client."""
        return {"expired": self._site.identity.expire(arguments.get("client_id"))}

    def revoke_tokens(self, arguments: dict[str, Any]) -> dict[str, int]:
        """Make the current token of `client_id`, or of every client, unknown."""
        return {"revoked": self._site.identity.revoke(arguments.get("client_id"))}

    def add_user(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Add an API-only user with a custom service of its own."""
        hint = '{"client_id": "c", "client_secret": "s", "user": "u@example.com", "permissions": ["Read-Only Lead"]}'
        missing = {"client_id", "client_secret", "user", "permissions"} - set(arguments)
        if missing:
            raise ControlError(f"{sorted(missing)[0]} is missing", hint=hint)
        try:
            client = ApiClient.with_role(
                str(arguments["client_id"]),
                str(arguments["client_secret"]),
                user=str(arguments["user"]),
                permissions=list(arguments["permissions"]),
                partitions=arguments.get("partitions"),
            )
        except (TypeError, ValueError) as problem:
            raise ControlError(str(problem), hint=hint) from None
        self._site.identity.add_client(client)
        return {"client_id": client.client_id, "user": client.user, "permissions": sorted(client.permissions)}

    def add_activities(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Inject rows of any type, as the real subscription's own features would write them."""
        hint = (
            '[{"leadId": 1001, "activityTypeId": 46, "activityDate": "2026-01-20T12:40:36Z",'
            ' "primaryAttributeValue": "Web", "primaryAttributeValueId": null, "campaignId": 1130,'
            ' "attributes": {"Source": "…"}, "visibleAfter": 60}]'
        )
        rows = arguments.get("list") or [arguments]
        ids = []
        with self._site.database.transaction():
            for row in rows:
                try:
                    ids.append(self._inject(row))
                except (AttributeError, KeyError, TypeError, ValueError) as problem:
                    raise ControlError(f"not an activity: {problem!r}", hint=hint) from None
        return {"ids": ids}

    def _inject(self, row: dict[str, Any]) -> int:
        site = self._site
        lead_id, type_id = int(row["leadId"]), int(row["activityTypeId"])
        if not site.leads.exists(lead_id):
            raise ValueError(f"there is no lead {lead_id}")
        if site.types.get(type_id) is None and site.custom_types.get(type_id) is None:
            raise ValueError(f"there is no activity type {type_id}")
        date = row.get("activityDate")
        with site.recorder.hiding(float(row.get("visibleAfter", 0))):
            return site.recorder.add(
                lead_id,
                type_id,
                at=None if date is None else epoch_seconds(parse_datetime(date)),
                asset_id=row.get("primaryAttributeValueId"),
                asset=row.get("primaryAttributeValue"),
                attributes=dict(row.get("attributes") or {}),
                campaign_id=row.get("campaignId"),
            )

    def add_activity_type(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Add a native type that this subscription is to have, with an id of the caller's choice."""
        hint = '{"id": 60, "name": "Received Sales Call", "primaryAttribute": "Subject", "attributes": ["Source"]}'
        try:
            native = NativeType(
                int(arguments["id"]),
                str(arguments["name"]),
                str(arguments.get("description", f"{arguments['name']} (native activity)")),
                (str(arguments["primaryAttribute"]), "string") if arguments.get("primaryAttribute") else None,
                tuple((str(name), "string") for name in arguments.get("attributes", ())),
            )
        except (KeyError, TypeError, ValueError) as problem:
            raise ControlError(f"not an activity type: {problem!r}", hint=hint) from None
        if not 0 < native.id < FIRST_CUSTOM_TYPE:
            raise ControlError(f"id is {native.id}", hint=f"native ids are 1 to {FIRST_CUSTOM_TYPE - 1}")
        known = self._site.types.get(native.id)
        if self._site.types.has_name(native.name) and (known is None or known.name != native.name):
            raise ControlError(f"there is a type named {native.name!r} already", hint=hint)
        self._site.types.add(native)
        return native.as_json()

    def ledger(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return activity rows as written, hidden ones included: `type`, `lead`, `after` (row id), `limit`."""
        conditions, params = ["id > ?"], [_whole(arguments, "after", 0)]
        for name, column in (("type", "type_id"), ("lead", "lead_id")):
            if name in arguments:
                conditions.append(f"{column} = ?")
                params.append(_whole(arguments, name, 0))
        limit = min(_whole(arguments, "limit", LEDGER_PAGE), LEDGER_PAGE)
        rows = self._site.database.rows(
            f"SELECT * FROM activities WHERE {' AND '.join(conditions)} ORDER BY id LIMIT ?",  # noqa: S608
            (*params, limit),
        )
        return {
            "activities": [
                {
                    "id": row["id"],
                    "leadId": row["lead_id"],
                    "activityDate": wire_seconds(row["at"]),
                    "activityTypeId": row["type_id"],
                    "campaignId": row["campaign_id"],
                    "primaryAttributeValueId": row["asset_id"],
                    "primaryAttributeValue": row["asset"],
                    "attributes": orjson.loads(row["attributes"] or "{}"),
                    "visibleAt": None if row["visible_at"] is None else wire_seconds(int(row["visible_at"])),
                }
                for row in rows
            ],
            "after": rows[-1]["id"] if len(rows) == limit else None,
        }


def _whole(arguments: dict[str, Any], name: str, default: int) -> int:
    value = arguments.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ControlError(f"{name} is {value!r}", hint=f"{name} is a whole number") from None
