"""How the world is generated: who there is, then who owns and is linked to what, then the details.

Every subject draws from a random stream of its own, so that a change in one leaves the others as they were.
People are in order of creation: Marketo ids and Salesforce ids grow with the time, as in the real systems.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from actionsync_simulators.seed import names
from actionsync_simulators.seed.companies import Company, companies
from actionsync_simulators.seed.org import HISTORY_DAYS, Account, Person, PersonKind, Shares, World
from actionsync_simulators.seed.salesforce_ids import salesforce_ids
from actionsync_simulators.seed.selling import (
    Employee,
    make_accounts,
    make_opportunities,
    make_queues,
    make_users,
    open_opportunities,
)

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


def stream(seed: int, subject: str) -> Random:
    """Return the random stream of one subject of the world with this seed."""
    return Random(f"{seed}:{subject}")  # noqa: S311 - a world, not a secret


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
    firms = companies(max(total // 40, 1), stream(seed, "accounts"))
    accounts = make_accounts(firms, sellers, rng=stream(seed, "account-owners"), start=start)
    outline = _outline(shares, len(accounts), rng=stream(seed, "people"), start=start)
    opportunities, roles = make_opportunities(
        total // 50,
        _staff(outline),
        accounts=accounts,
        rng=stream(seed, "opportunities"),
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
    created = [first + timedelta(seconds=offset) for offset in sorted(int(random() * span) for _ in range(len(kinds)))]
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


def _staff(outline: _Outline) -> dict[int, list[Employee]]:
    staff: dict[int, list[Employee]] = {}
    for kind, created, record_id, account in zip(*outline, strict=True):
        if kind == CONTACT and record_id is not None:
            staff.setdefault(account, []).append(Employee(record_id, created))
    return staff


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
    rng = stream(seed, "details")
    random = rng.random
    total = len(outline.kinds)
    other_firms = companies(max(total // 12, 3), stream(seed, "companies"))
    twin_of = _twins(total, shares.share_email // 2, rng=stream(seed, "shared-emails"))
    living = [index for index, kind in enumerate(outline.kinds) if kind not in (DELETED_LEAD, DELETED_CONTACT)]
    out = set(stream(seed, "unsubscribed").sample(living, shares.unsubscribed))
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
