"""Gets a Marketo subscription ready for our eight activity types: finds them, makes what is missing.

What cannot be done is told as a finding. Running it again is harmless: it goes on where an earlier run, or the
subscription's limit, stopped it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actionsync_server.model.activity_types import TYPES, AttributeSpec, TypeSpec
from actionsync_server.model.connections import Finding, Severity
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import NotPrepared, Refused
from actionsync_server.systems.marketo import (
    ActivityTypeInfo,
    CustomActivityType,
    CustomActivityTypeSpec,
    CustomAttribute,
    Marketo,
)

_SUBJECT = "activity_types"
_NAME_TAKEN = "1017"
_TOO_MANY_TYPES = "1027"
_PREFIX = "Actionsync "


@dataclass(frozen=True, slots=True)
class PreparedTypes:
    """The ids of the types that accept rows, by apiName, and what is to be told."""

    ids: dict[str, int]
    findings: list[Finding]


async def prepare(client: Marketo, *, create: bool = True) -> PreparedTypes:
    """Find our types; with `create` make and approve what is missing.

    What this login may not do, or the subscription has no room for, is a finding; a system that is down raises.
    """
    visible = {info.type_id: info for info in await client.activity_types()}
    try:
        custom = {known.api_name.casefold(): known for known in await client.custom_activity_types()}
    except (Refused, NotPrepared) as error:
        # Rows may be written to types that this login cannot administer.
        ids = {info.api_name: info.type_id for info in visible.values() if info.api_name in _API_NAMES}
        missing = [spec for spec in TYPES.values() if spec.api_name not in ids]
        return PreparedTypes(ids, [_not_permitted(error.message)] if missing else [_all_there()])
    return await _Preparation(client, visible, custom).run(create=create)


_API_NAMES = frozenset(spec.api_name for spec in TYPES.values())


class _Preparation:
    """One pass over the eight types."""

    def __init__(
        self, client: Marketo, visible: Mapping[int, ActivityTypeInfo], custom: Mapping[str, CustomActivityType]
    ) -> None:
        self._client = client
        self._visible = visible
        self._custom = custom
        self._ids: dict[str, int] = {}
        self._findings: list[Finding] = []
        self._no_room_for: list[TypeSpec] = []

    async def run(self, *, create: bool) -> PreparedTypes:
        missing: list[TypeSpec] = []
        for spec in TYPES.values():
            known = self._custom.get(spec.api_name.casefold())
            info = self._visible.get(known.type_id) if known is not None else None
            if info is not None:
                self._ids[spec.api_name] = info.type_id
                if not _lacking(spec, {attribute.name for attribute in info.attributes}):
                    continue
            missing.append(spec)
        if create:
            missing = [spec for spec in missing if not await self._made(spec)]
        if self._no_room_for:
            self._findings.append(_no_room(self._no_room_for))
        if missing and not self._findings:
            self._findings.append(_missing(missing))
        return PreparedTypes(self._ids, self._findings or [_all_there()])

    async def _made(self, spec: TypeSpec) -> bool:
        """Make or complete one type; False when that is refused, which is then a finding."""
        known = self._custom.get(spec.api_name.casefold())
        if known is None and self._no_room_for:
            self._no_room_for.append(spec)
            return False
        try:
            known = known or await self._create(spec)
            await self._complete(spec, known)
        except (Refused, NotPrepared) as error:
            if error.system_code == _TOO_MANY_TYPES:
                self._no_room_for.append(spec)
            else:
                self._findings.append(_refused(spec, error))
            return False
        self._ids[spec.api_name] = known.type_id
        return True

    async def _create(self, spec: TypeSpec) -> CustomActivityType:
        try:
            return await self._client.create_custom_activity_type(_definition(spec, spec.name))
        except Refused as error:
            if error.system_code != _NAME_TAKEN:
                raise
        # Where Marketo's own sales activities are switched on, they own the plain name.
        return await self._client.create_custom_activity_type(_definition(spec, _PREFIX + spec.name))

    async def _complete(self, spec: TypeSpec, known: CustomActivityType) -> None:
        """Add the attributes that the latest version lacks (all, but after an interrupted run), and approve it."""
        has_draft = known.status != "approved"
        latest = await self._client.custom_activity_type(spec.api_name, draft=has_draft)
        lacking = _lacking(spec, {attribute.name for attribute in latest.attributes})
        if lacking:
            await self._client.create_attributes(spec.api_name, [_attribute(one) for one in lacking])
        if lacking or has_draft:
            await self._client.approve(spec.api_name)


def _lacking(spec: TypeSpec, present: set[str]) -> list[AttributeSpec]:
    return [attribute for attribute in spec.attributes if attribute.name not in present]


def _definition(spec: TypeSpec, name: str) -> CustomActivityTypeSpec:
    return CustomActivityTypeSpec(
        api_name=spec.api_name,
        name=name,
        trigger_name=spec.trigger_name,
        filter_name=spec.filter_name,
        primary_attribute=_attribute(spec.primary),
        description=f"{spec.name}, written by actionsync",
    )


def _attribute(attribute: AttributeSpec) -> CustomAttribute:
    return CustomAttribute(attribute.api_name, attribute.name, attribute.data_type)


def _all_there() -> Finding:
    return Finding(Severity.OK, _SUBJECT, "all eight sales activity types are there and approved")


def _missing(specs: list[TypeSpec]) -> Finding:
    names = ", ".join(spec.name for spec in specs)
    return Finding(
        Severity.WARNING,
        _SUBJECT,
        f"these activity types are missing or incomplete: {names}; such activities wait",
        "connect Marketo once more: connecting creates them",
        ActionOwner.ADMIN,
    )


def _no_room(specs: list[TypeSpec]) -> Finding:
    names = ", ".join(spec.name for spec in specs)
    return Finding(
        Severity.ERROR,
        _SUBJECT,
        f"this Marketo has no room for more custom activity types, ten are the most; activities that wait: {names}",
        "delete custom activity types that nobody uses, then connect Marketo once more",
        ActionOwner.MARKETO_ADMIN,
    )


def _refused(spec: TypeSpec, error: Refused | NotPrepared) -> Finding:
    return Finding(
        Severity.ERROR,
        _SUBJECT,
        f"Marketo refused the custom activity type {spec.name} ({error.system_code}): {error.message}",
        "give the API role the permission Read-Write Activity Metadata, then connect Marketo once more",
        ActionOwner.MARKETO_ADMIN,
    )


def _not_permitted(message: str) -> Finding:
    return Finding(
        Severity.ERROR,
        _SUBJECT,
        f"this login may not see custom activity types, and some of ours are missing: {message}",
        "give the API role the permission Read-Write Activity Metadata, then connect Marketo once more",
        ActionOwner.MARKETO_ADMIN,
    )
