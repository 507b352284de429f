"""What the sales organisation works with: users, queues, accounts, opportunities and contact roles."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple

from actionsync_simulators.seed import names
from actionsync_simulators.seed.companies import Company
from actionsync_simulators.seed.org import HISTORY_DAYS, Account, ContactRole, Opportunity, Queue, User
from actionsync_simulators.seed.salesforce_ids import salesforce_id, salesforce_ids


class Employee(NamedTuple):
    """A contact as far as opportunities need it."""

    contact_id: str
    created_at: datetime


def make_users(start: datetime) -> tuple[User, ...]:
    """Return the 25 users: the API user, the user of Marketo's sync, 22 sellers, one inactive."""
    created = start - timedelta(days=900)
    cast: list[tuple[str, str, str, str]] = [
        ("Integration", "User", "integration", "api"),
        ("Marketo", "Sync", "marketo.sync", "marketo_sync"),
        *((first, last, f"{names.plain(first)}.{names.plain(last)}", "seller") for first, last in names.SELLERS),
        ("Former", "Colleague", "former.colleague", "inactive"),
    ]
    return tuple(
        User(
            id=salesforce_id("005", serial),
            username=f"{local}@simulator.example",
            first_name=first,
            last_name=last,
            email=f"{local}@simulator.example",
            title="Integration" if role in ("api", "marketo_sync") else "Sales Representative",
            alias=(names.plain(first)[:1] + names.plain(last))[:8],
            is_active=role != "inactive",
            role=role,  # type: ignore[arg-type]
            created_at=created + timedelta(days=serial),
        )
        for serial, (first, last, local, role) in enumerate(cast, start=1)
    )


def make_queues(start: datetime) -> tuple[Queue, ...]:
    """Return the two queues."""
    created = start - timedelta(days=850)
    return (
        Queue(salesforce_id("00G", 1), "Inbound Leads", "Inbound_Leads", created),
        Queue(salesforce_id("00G", 2), "Partner Leads", "Partner_Leads", created),
    )


def make_accounts(firms: list[Company], sellers: list[str], *, rng: Random, start: datetime) -> list[Account]:
    """Return one account for each firm, each owned by a seller, older than the history of people."""
    accounts = []
    for record_id, firm in zip(salesforce_ids("001"), firms, strict=False):
        created = start - timedelta(days=HISTORY_DAYS, seconds=rng.randrange(1, 600 * 86_400))
        accounts.append(
            Account(
                id=record_id,
                name=firm.name,
                website=f"https://www.{firm.domain}",
                industry=firm.industry,
                phone=f"{firm.phone_head} {rng.randrange(1000, 10_000)}",
                billing_city=firm.city,
                billing_country=firm.country,
                employees=int(10 ** (1 + 3 * rng.random())),
                owner_id=rng.choice(sellers),
                created_at=created,
                updated_at=created + timedelta(seconds=rng.randrange(int((start - created).total_seconds()))),
            )
        )
    return accounts


def make_opportunities(
    count: int, staff: dict[int, list[Employee]], *, accounts: list[Account], rng: Random, start: datetime
) -> tuple[list[Opportunity], list[ContactRole]]:
    """Return so many opportunities of accounts with contacts, and the contacts' roles in them.

    `staff` holds the contacts of each account (by its index); without any there are no opportunities.
    """
    opportunities: list[Opportunity] = []
    roles: list[ContactRole] = []
    staffed = list(staff)
    role_ids = salesforce_ids("00K")
    for record_id in islice(salesforce_ids("006"), count if staffed else 0):
        chosen = rng.choice(staffed)
        account = accounts[chosen]
        people = rng.sample(staff[chosen], min(len(staff[chosen]), rng.choice((1, 1, 2, 3))))
        since = max(employee.created_at for employee in people)
        created = since + timedelta(seconds=rng.randrange(int((start - since).total_seconds() - 1_800)))
        updated = created + timedelta(seconds=rng.randrange(int((start - created).total_seconds()) - 60))
        is_closed = rng.random() < 0.35
        is_won = is_closed and rng.random() < 0.55
        stage, probability = rng.choice(names.OPEN_STAGES)
        if is_closed:
            stage, probability = ("Closed Won", 100) if is_won else ("Closed Lost", 0)
        closes = updated if is_closed else start + timedelta(days=rng.randrange(5, 180))
        opportunities.append(
            Opportunity(
                id=record_id,
                name=f"{account.name} - {rng.choice(('New Business', 'Renewal', 'Expansion', 'Pilot'))}",
                account_id=account.id,
                stage_name=stage,
                amount=500 * rng.randrange(4, 400),
                probability=probability,
                close_date=closes.date().isoformat(),
                is_closed=is_closed,
                is_won=is_won,
                lead_source=rng.choice(names.LEAD_SOURCES) if rng.random() < 0.7 else None,
                owner_id=account.owner_id,
                created_at=created,
                updated_at=updated,
            )
        )
        for position, employee in enumerate(people):
            role = rng.choice(names.CONTACT_ROLES)
            roles.append(ContactRole(next(role_ids), record_id, employee.contact_id, role, position == 0, created))
    return opportunities, roles


def open_opportunities(opportunities: list[Opportunity], roles: list[ContactRole]) -> dict[str, str]:
    """Return each contact's most recently modified open opportunity (ties: the higher id)."""
    open_ones = {item.id: item for item in opportunities if not item.is_closed}
    best: dict[str, tuple[datetime, str]] = {}
    for role in roles:
        item = open_ones.get(role.opportunity_id)
        if item is None:
            continue
        rank = (item.updated_at, item.id)
        if role.contact_id not in best or best[role.contact_id] < rank:
            best[role.contact_id] = rank
    return {contact: rank[1] for contact, rank in best.items()}
