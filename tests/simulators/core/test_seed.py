"""The generated world: exact shares, valid and consistent ids, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

import pytest
from actionsync_simulators.seed.companies import companies
from actionsync_simulators.seed.org import HISTORY_DAYS, Shares, World, generate
from actionsync_simulators.seed.salesforce_ids import (
    checksum,
    eighteen,
    is_salesforce_id,
    salesforce_id,
    salesforce_ids,
    serial_of,
)

START = datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=UTC)
SIZES = (0, 1, 2, 7, 40, 333, 10_000)


@pytest.fixture(scope="module")
def world() -> World:
    return generate(10_000, seed=1, start=START)


def test_the_documented_shares_of_ten_thousand() -> None:
    assert Shares.of(10_000) == Shares(
        marketo_only=800,
        queue_owned=500,
        crm_deleted=200,
        user_owned_leads=5_100,
        user_owned_contacts=3_400,
        share_email=300,
        unsubscribed=400,
    )


@pytest.mark.parametrize("size", SIZES)
def test_the_shares_are_exact_for_every_size(size: int) -> None:
    world = generate(size, seed=3, start=START)
    shares = Shares.of(size)
    people = world.people
    assert len(people) == size
    owners = Counter(None if person.owner_id is None else person.owner_id[:3] for person in people)
    assert owners["00G"] == shares.queue_owned
    assert owners[None] == shares.marketo_only + shares.crm_deleted
    assert sum(person.kind == "marketo_only" for person in people) == shares.marketo_only
    assert sum(person.crm_deleted for person in people) == shares.crm_deleted
    owned = Counter(person.kind for person in people if person.owner_id and person.owner_id.startswith("005"))
    assert (owned["lead"], owned["contact"]) == (shares.user_owned_leads, shares.user_owned_contacts)
    addresses = Counter(person.email for person in people)
    assert sum(count for count in addresses.values() if count > 1) == shares.share_email
    assert set(addresses.values()) <= {1, 2}
    assert sum(person.unsubscribed for person in people) == shares.unsubscribed
    assert not any(person.unsubscribed and person.crm_deleted for person in people)
    assert len(world.accounts) == max(size // 40, 1)


def test_shares_add_up() -> None:
    for size in range(500):
        shares = Shares.of(size)
        parts = (
            shares.marketo_only
            + shares.queue_owned
            + shares.crm_deleted
            + shares.user_owned_leads
            + shares.user_owned_contacts
        )
        assert parts == size
        assert shares.unsubscribed <= size - shares.crm_deleted
        assert shares.share_email <= size
    with pytest.raises(ValueError, match="negative"):
        Shares.of(-1)


def test_the_same_seed_gives_the_same_world_another_one_another(world: World) -> None:
    assert generate(10_000, seed=1, start=START) == world
    other = generate(10_000, seed=2, start=START)
    assert other.people != world.people
    assert other.users == world.users


def test_every_person_is_consistent(world: World) -> None:
    users = {user.id for user in world.users if user.role == "seller"}
    queues = {queue.id for queue in world.queues}
    accounts = {account.id: account for account in world.accounts}
    for person in world.people:
        assert person.first_name
        assert person.last_name
        assert person.company
        assert person.email is not None
        assert person.email.isascii()
        assert person.email.endswith(".example")
        if person.kind == "marketo_only":
            assert (person.salesforce_id, person.owner_id, person.account_id) == (None, None, None)
            continue
        assert person.salesforce_id is not None
        assert is_salesforce_id(person.salesforce_id)
        assert len(person.salesforce_id) == 18
        assert person.salesforce_id.startswith("00Q" if person.kind == "lead" else "003")
        if person.kind == "contact":
            assert person.account_id is not None
            assert person.company == accounts[person.account_id].name
        else:
            assert person.account_id is None
            assert person.opportunity_id is None
        assert (person.owner_id is None) == person.crm_deleted
        assert person.owner_id is None or person.owner_id in (users | queues)
        assert person.owner_id not in queues or person.kind == "lead"


def test_ids_are_unique_and_grow_with_the_time(world: World) -> None:
    marketo_ids = [person.marketo_id for person in world.people]
    assert marketo_ids == sorted(set(marketo_ids))
    assert marketo_ids[-1] - marketo_ids[0] + 1 > len(marketo_ids), "real subscriptions have gaps"
    created = [person.created_at for person in world.people]
    assert created == sorted(created)
    salesforce = [person.salesforce_id for person in world.people if person.salesforce_id]
    assert len(set(salesforce)) == len(salesforce)
    assert world.issued["00Q"] + world.issued["003"] == len(salesforce)
    for prefix in ("00Q", "003"):
        serials = [serial_of(one) for one in salesforce if one.startswith(prefix)]
        assert serials == list(range(1, world.issued[prefix] + 1))


def test_times_are_whole_seconds_of_the_last_120_days(world: World) -> None:
    assert world.start == START.replace(microsecond=0)
    for person in world.people:
        assert world.start - timedelta(days=HISTORY_DAYS) <= person.created_at <= person.updated_at < world.start
        assert person.updated_at.microsecond == 0
        assert person.created_at.microsecond == 0
    span = world.people[-1].created_at - world.people[0].created_at
    assert span > timedelta(days=HISTORY_DAYS - 3)
    assert all(one.created_at <= one.updated_at < world.start for one in world.accounts)
    assert all(one.created_at <= one.updated_at < world.start for one in world.opportunities)


def test_opportunities_follow_the_rule(world: World) -> None:
    opportunities = {item.id: item for item in world.opportunities}
    contacts = {person.salesforce_id: person for person in world.people if person.kind == "contact"}
    assert len(opportunities) == 200
    roles_of: dict[str, list[str]] = {}
    for role in world.contact_roles:
        roles_of.setdefault(role.contact_id, []).append(role.opportunity_id)
        contact = contacts[role.contact_id]
        assert not contact.crm_deleted
        assert contact.account_id == opportunities[role.opportunity_id].account_id
        assert contact.created_at <= role.created_at
    assert sum(role.is_primary for role in world.contact_roles) == len(opportunities)
    for contact_id, contact in contacts.items():
        live = [opportunities[one] for one in roles_of.get(contact_id or "", ()) if not opportunities[one].is_closed]
        newest = max(live, key=lambda item: (item.updated_at, item.id), default=None)
        assert contact.opportunity_id == (newest.id if newest else None)
    assert any(len(roles) > 1 for roles in roles_of.values())
    assert {item.is_closed for item in opportunities.values()} == {True, False}
    assert all(item.is_closed or not item.is_won for item in opportunities.values())


def test_users_and_queues(world: World) -> None:
    assert len(world.users) == 25
    assert Counter(user.role for user in world.users) == {
        "api": 1,
        "marketo_sync": 1,
        "seller": 22,
        "inactive": 1,
    }
    assert [user.is_active for user in world.users] == [user.role != "inactive" for user in world.users]
    assert world.users[0].role == "api"
    assert len({user.username for user in world.users}) == 25
    assert all(user.id.startswith("005") and len(user.alias) <= 8 for user in world.users)
    assert len(world.queues) == 2
    assert all(queue.id.startswith("00G") for queue in world.queues)


def test_companies_have_different_names_even_when_they_are_many() -> None:
    made = companies(4_000, Random("1:accounts"))
    assert len({company.name for company in made}) == len(made) == 4_000
    assert len({company.domain for company in made}) == 4_000


@pytest.mark.parametrize(
    ("fifteen", "eighteen_characters"),
    [
        ("0014H00002x6HUh", "0014H00002x6HUhQAM"),
        ("0034H00002JsInQ", "0034H00002JsInQQAV"),
        ("005B0000003TOI6", "005B0000003TOI6IAO"),
        ("00Q8d000004XyZa", "00Q8d000004XyZaEAK"),
    ],
)
def test_checksums_are_those_of_real_ids(fifteen: str, eighteen_characters: str) -> None:
    assert fifteen + checksum(fifteen) == eighteen(fifteen) == eighteen(eighteen_characters) == eighteen_characters
    assert is_salesforce_id(fifteen)
    assert is_salesforce_id(eighteen_characters)
    assert not is_salesforce_id(eighteen_characters[:-1] + "5")
    assert not is_salesforce_id(eighteen_characters[:-1])


def test_ids_one_by_one_and_in_a_row_are_the_same() -> None:
    for start in (1, 61, 62, 3_840, 238_325):
        row = list(islice(salesforce_ids("00Q", start=start), 200))
        assert row == [salesforce_id("00Q", serial) for serial in range(start, start + 200)]
        assert [serial_of(one) for one in row] == list(range(start, start + 200))
    assert serial_of("0014H00002x6HUhQAM") is None


def test_ids_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="serial 0"):
        salesforce_id("00Q", 0)
    with pytest.raises(ValueError, match="key prefix"):
        salesforce_id("00", 1)
