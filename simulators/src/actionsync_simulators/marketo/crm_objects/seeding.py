"""The companies, opportunities, roles and sales persons that a subscription begins with: those of the world.

External ids are Salesforce ids, whether the native sync or somebody else's integration brought them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.crm_objects.keys import guid_of
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription
    from actionsync_simulators.seed.org import Account, World

SHARED = ("website", "mainPhone", "industry", "billingCity", "billingCountry", "numberOfEmployees")
"""What the people of an account have of it besides its name."""


def shared_values(world: World) -> dict[str | None, tuple[Any, ...]]:
    """Return the values of `SHARED` for each account id; for None those of a person without an account."""
    nothing: tuple[Any, ...] = (None,) * len(SHARED)
    return {None: nothing, **{account.id: _shared(account) for account in world.accounts}}


def _shared(account: Account) -> tuple[Any, ...]:
    return (
        account.website,
        account.phone,
        account.industry,
        account.billing_city,
        account.billing_country,
        account.employees,
    )


def seed_crm_objects(site: Subscription, world: World) -> None:
    """Fill the empty tables, the leads being there."""
    database = site.database
    columns = ", ".join(f'"{name}"' for name in SHARED)
    database.executemany(
        f'INSERT INTO companies ("externalCompanyId", company, {columns}, "externalSalesPersonId", "createdAt",'  # noqa: S608
        f' "updatedAt") VALUES ({", ".join("?" * (len(SHARED) + 5))})',
        (
            (one.id, one.name, *_shared(one), one.owner_id, wire(one.created_at), wire(one.updated_at))
            for one in world.accounts
        ),
    )
    database.executemany(
        'INSERT INTO sales_persons ("externalSalesPersonId", email, "firstName", "lastName", title, "createdAt",'
        ' "updatedAt") VALUES (?, ?, ?, ?, ?, ?, ?)',
        (
            (user.id, user.email, user.first_name, user.last_name, user.title, *[wire(user.created_at)] * 2)
            for user in world.users
        ),
    )
    database.executemany(
        'INSERT INTO opportunities ("marketoGUID", "externalOpportunityId", name, stage, amount, probability,'
        ' "closeDate", "isClosed", "isWon", source, "externalCompanyId", "externalSalesPersonId",'
        ' "externalCreatedDate", "createdAt", "updatedAt") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        _opportunities(site.seed, world),
    )
    database.executemany(
        'INSERT INTO opportunity_roles ("marketoGUID", "externalOpportunityId", "leadId", role, "isPrimary",'
        ' "externalCreatedDate", "createdAt", "updatedAt") VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        _roles(site.seed, world),
    )


def _opportunities(seed: int, world: World) -> Iterator[tuple[Any, ...]]:
    for number, one in enumerate(world.opportunities, start=1):
        created = wire(one.created_at)
        yield (
            guid_of(seed, "opportunities", number),
            one.id,
            one.name,
            one.stage_name,
            one.amount,
            one.probability,
            one.close_date,
            int(one.is_closed),
            int(one.is_won),
            one.lead_source,
            one.account_id,
            one.owner_id,
            created,
            created,
            wire(one.updated_at),
        )


def _roles(seed: int, world: World) -> Iterator[tuple[Any, ...]]:
    wanted = {role.contact_id for role in world.contact_roles}
    leads = {person.salesforce_id: person.marketo_id for person in world.people if person.salesforce_id in wanted}
    known = [role for role in world.contact_roles if role.contact_id in leads]
    for number, role in enumerate(known, start=1):
        created = wire(role.created_at)
        yield (
            guid_of(seed, "opportunity_roles", number),
            role.opportunity_id,
            leads[role.contact_id],
            role.role,
            int(role.is_primary),
            created,
            created,
            created,
        )
