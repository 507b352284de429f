"""How the world is generated: who there is, then who owns and is linked to what, then the details.

Every subject draws from a random stream of its own, so that a change in one leaves the others as they were.
People are in order of creation: Marketo ids and Salesforce ids grow with the time, as in the real systems.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple

from actionsync_simulators.seed import names
from actionsync_simulators.seed.companies import Company, companies
from actionsync_simulators.seed.org import (
    HISTORY_DAYS,
    Account,
    ContactRole,
    Opportunity,
    Person,
    PersonKind,
    Queue,
    Shares,
    User,
    World,
)
from actionsync_simulators.seed.salesforce_ids import salesforce_id, salesforce_ids

FIRST_MARKETO_ID = 1001
PROFILES = "https://linkedin.example/in/"
LEAD, CONTACT, QUEUE_LEAD, DELETED_LEAD, DELETED_CONTACT, MARKETO_ONLY = range(6)
KIND_NAMES: tuple[PersonKind, ...] = ("lead", "contact", "lead", "lead", "contact", "marketo_only")


class _Outline(NamedTuple):
    """What is settled about all people before their details are."""

    kinds: list[int]
    created: list[datetime]
    ids: list[str | None]
    accounts: list[int]  # index of the contact's account, -1 for everybody else


def generate_world(shares: Shares, *, seed: int, start: datetime) -> World:
    """Generate the world with these shares of people; `start` is aware."""
    start = start.astimezone(UTC).replace(microsecond=0)
    total = (
        shares.marketo_only
        + shares.queue_owned
        + shares.crm_deleted
        + shares.user_owned_leads
        + shares.user_owned_contacts
    )
    users, queues = make_users(start), make_queues(start)
    sellers = [user.id for user in users if user.role == "seller"]
    firms = companies(max(total // 40, 1), Random(f"{seed}:accounts"))  # noqa: S311 - a world, not a secret
    accounts = _accounts(firms, sellers, rng=Random(f"{seed}:account-owners"), start=start)  # noqa: S311
    outline = _outline(shares, len(accounts), rng=Random(f"{seed}:people"), start=start)  # noqa: S311
    opportunities, roles = _opportunities(
        total // 50,
        outline,
        accounts=accounts,
        rng=Random(f"{seed}:opportunities"),  # noqa: S311
        start=start,
    )
    people = _people(
        outline,
        shares,
        accounts=accounts,
        firms=firms,
        sellers=sellers,
        queues=[queue.id for queue in queues],
        opportunity_of=open_opportunities(opportunities, roles),
        seed=seed,
        start=start,
    )
    leads = sum(1 for record_id in outline.ids if record_id is not None and record_id.startswith("00Q"))
    contacts = sum(1 for record_id in outline.ids if record_id is not None and record_id.startswith("003"))
    issued = {
        "005": len(users),
        "00G": len(queues),
        "001": len(accounts),
        "006": len(opportunities),
        "00K": len(roles),
        "00Q": leads,
        "003": contacts,
    }
    return World(seed, start, users, queues, accounts, opportunities, roles, people, issued)


def make_users(start: datetime) -> tuple[User, ...]:
    """Return the 25 users: the API user, the user of Marketo's sync, 22 sellers, one inactive."""
    created = start - timedelta(days=900)
    cast: list[tuple[str, str, str, str]] = [
        ("Integration", "User", "integration", "api"),
        ("Marketo", "Sync", "marketo.sync", "marketo_sync"),
        *((first, last, f"{_ascii(first)}.{_ascii(last)}", "seller") for first, last in names.SELLERS),
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
            alias=(_ascii(first)[:1] + _ascii(last))[:8],
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


def _ascii(text: str) -> str:
    return names.plain(text)


def _accounts(firms: list[Company], sellers: list[str], *, rng: Random, start: datetime) -> list[Account]:
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


def _outline(shares: Shares, account_count: int, *, rng: Random, start: datetime) -> _Outline:
    deleted_contacts = shares.crm_deleted * 40 // 100
    kinds = (
        [LEAD] * shares.user_owned_leads
        + [CONTACT] * shares.user_owned_contacts
        + [QUEUE_LEAD] * shares.queue_owned
        + [DELETED_LEAD] * (shares.crm_deleted - deleted_contacts)
        + [DELETED_CONTACT] * deleted_contacts
        + [MARKETO_ONLY] * shares.marketo_only
    )
    rng.shuffle(kinds)
    random = rng.random
    span = HISTORY_DAYS * 86_400 - 3_600
    first = start - timedelta(days=HISTORY_DAYS)
    created = [
        first + timedelta(seconds=offset)
        for offset in sorted(int(random() * span) for _ in range(len(kinds)))
    ]
    lead_ids, contact_ids = salesforce_ids("00Q"), salesforce_ids("003")
    ids: list[str | None] = []
    accounts: list[int] = []
    for kind in kinds:
        if kind == MARKETO_ONLY:
            ids.append(None)
            accounts.append(-1)
        elif kind in (CONTACT, DELETED_CONTACT):
            ids.append(next(contact_ids))
            accounts.append(int(random() * account_count))
        else:
            ids.append(next(lead_ids))
            accounts.append(-1)
    return _Outline(kinds, created, ids, accounts)


def _opportunities(
    count: int, outline: _Outline, *, accounts: list[Account], rng: Random, start: datetime
) -> tuple[list[Opportunity], list[ContactRole]]:
    staff: dict[int, list[int]] = {}
    for index, account in enumerate(outline.accounts):
        if account >= 0 and outline.kinds[index] == CONTACT:
            staff.setdefault(account, []).append(index)
    opportunities: list[Opportunity] = []
    roles: list[ContactRole] = []
    staffed = list(staff)
    role_ids = salesforce_ids("00K")
    for record_id in islice(salesforce_ids("006"), count if staffed else 0):
        chosen = rng.choice(staffed)
        account = accounts[chosen]
        people = rng.sample(staff[chosen], min(len(staff[chosen]), rng.choice((1, 1, 2, 3))))
        since = max(outline.created[index] for index in people)
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
        for position, index in enumerate(people):
            contact_id = outline.ids[index]
            assert contact_id is not None
            role = rng.choice(names.CONTACT_ROLES)
            roles.append(ContactRole(next(role_ids), record_id, contact_id, role, position == 0, created))
    return opportunities, roles


def _people(
    outline: _Outline,
    shares: Shares,
    *,
    accounts: list[Account],
    firms: list[Company],
    sellers: list[str],
    queues: list[str],
    opportunity_of: dict[str, str],
    seed: int,
    start: datetime,
) -> list[Person]:
    rng = Random(f"{seed}:details")  # noqa: S311
    random = rng.random
    total = len(outline.kinds)
    other_firms = companies(max(total // 12, 3), Random(f"{seed}:companies"))  # noqa: S311
    twin_of = _twins(total, shares.share_email // 2, rng=Random(f"{seed}:shared-emails"))  # noqa: S311
    living = [
        index for index, kind in enumerate(outline.kinds) if kind not in (DELETED_LEAD, DELETED_CONTACT)
    ]
    out = set(Random(f"{seed}:unsubscribed").sample(living, shares.unsubscribed))  # noqa: S311
    first_names, last_names = names.FIRST_NAMES, names.LAST_NAMES
    plain_first = [names.plain(name) for name in first_names]
    plain_last = [names.plain(name) for name in last_names]
    first_count, last_count, title_count = len(first_names), len(last_names), len(names.TITLES)
    source_count, seller_count, firm_count = len(names.LEAD_SOURCES), len(sellers), len(other_firms)
    taken: set[str] = set()
    people: list[Person] = []
    marketo_id = FIRST_MARKETO_ID
    for index, kind in enumerate(outline.kinds):
        account_index = outline.accounts[index]
        account = accounts[account_index] if account_index >= 0 else None
        firm = firms[account_index] if account else other_firms[int(random() * firm_count)]
        first, last = int(random() * first_count), int(random() * last_count)
        twin = twin_of.get(index)
        if twin is None:
            first_name, last_name = first_names[first], last_names[last]
            local = f"{plain_first[first]}.{plain_last[last]}"
            email = f"{local}@{firm.domain}"
            again = 1
            while email in taken:
                again += 1
                email = f"{local}{again}@{firm.domain}"
            taken.add(email)
        else:
            first_name, last_name = people[twin].first_name or "", people[twin].last_name or ""
            email = people[twin].email or ""
        record_id = outline.ids[index]
        if kind == QUEUE_LEAD:
            owner: str | None = queues[int(random() * 2)]
        elif kind == LEAD or (kind == CONTACT and random() < 0.2):
            owner = sellers[int(random() * seller_count)]
        elif kind == CONTACT:
            owner = account.owner_id if account else None
        else:
            owner = None
        created = outline.created[index]
        updated = created
        if random() < 0.7:
            updated += timedelta(seconds=int(random() * ((start - created).total_seconds() - 60)))
        people.append(
            Person(
                KIND_NAMES[kind],
                first_name,
                last_name,
                email,
                account.name if account else firm.name,
                names.TITLES[int(random() * title_count)] if random() < 0.92 else None,
                f"{firm.phone_head} {int(random() * 9_000) + 1_000}" if random() < 0.85 else None,
                f"{PROFILES}{plain_first[first]}-{plain_last[last]}-{int(random() * 1e6):06d}"
                if random() < 0.6
                else None,
                names.LEAD_SOURCES[int(random() * source_count)] if random() < 0.9 else None,
                f"{firm.phone_head} {int(random() * 9_000) + 1_000}" if random() < 0.4 else None,
                created,
                updated,
                owner,
                record_id,
                account.id if account else None,
                opportunity_of.get(record_id) if record_id else None,
                index in out,
                marketo_id,
                kind in (DELETED_LEAD, DELETED_CONTACT),
            )
        )
        # Real subscriptions have gaps where people were deleted or merged.
        marketo_id += 1 if random() < 0.97 else 2 + int(random() * 5)
    return people


def _twins(total: int, pairs: int, *, rng: Random) -> dict[int, int]:
    """Return for the later person of each pair the earlier one, whose name and email it shares."""
    chosen = rng.sample(range(total), 2 * pairs) if 2 * pairs <= total else []
    return {max(a, b): min(a, b) for a, b in zip(chosen[::2], chosen[1::2], strict=True)}
