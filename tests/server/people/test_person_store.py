"""People in the store: every key, lists in pages, counts that fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
import pytest_asyncio
from actionsync_server.model.persons import ListOrder, Person, PersonFields, Qualification, SkipReason
from actionsync_server.model.qualification import tombstone
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.person_writes import PersonWrites
from actionsync_server.store.persons import PagePosition, PersonFilter, Persons

pytestmark = pytest.mark.asyncio


def person(number: int, **values: str) -> Person:
    fields = PersonFields(**({"first_name": "Ann", "last_name": f"L{number:02}", "email": f"p{number}@x.io"} | values))
    return Person(
        f"p-{number:03}", number, fields, Qualification.QUALIFIED, SkipReason.NONE, 1, 1_000, 1_000 + number % 7
    )


async def store(database: Database, people: Sequence[Person], instance_id: str = "acme") -> None:
    async def work(transaction: Transaction) -> None:
        await PersonWrites(transaction, instance_id).create(people)

    await database.write(work)


@pytest_asyncio.fixture
async def persons(database: Database) -> Persons:
    return Persons(database, "acme")


async def test_every_key_finds_its_person(database: Database, persons: Persons) -> None:
    lead = person(1, salesforce_lead_id="00Q000000000001EAA")
    contact = person(2, salesforce_contact_id="003000000000002AAA", salesforce_lead_id="00Q000000000002EAA")
    await store(database, [lead, contact])
    assert await persons.get("p-001") == lead
    assert await persons.by_marketo_id(2) == contact
    assert await persons.by_salesforce_id("00Q000000000001") == lead
    assert await persons.by_salesforce_id("00Q000000000001EAA") == lead
    assert await persons.by_salesforce_id("003000000000002") == contact
    assert await persons.by_salesforce_id("00Q000000000002") == contact
    assert await persons.by_salesforce_id("003000000000009") is None
    assert await persons.many(["p-002", "p-404"]) == {"p-002": contact}
    assert await persons.many_by_marketo_id([1, 2, 404]) == {1: lead, 2: contact}
    assert await persons.many([]) == {}


async def test_two_people_of_one_salesforce_id_show_the_qualified_one(database: Database, persons: Persons) -> None:
    shared = "00Q000000000001EAA"
    older, newer = person(1, salesforce_lead_id=shared), person(2, salesforce_lead_id=shared)
    await store(database, [replace(older, qualification=Qualification.NOT_QUALIFIED), newer])
    found = await persons.by_salesforce_id(shared)
    assert found == newer


async def test_instances_do_not_see_each_other(database: Database, persons: Persons) -> None:
    await store(database, [person(1)], "other")
    assert await persons.by_marketo_id(1) is None
    assert await persons.page(PersonFilter(), after=None, count=10) == []
    assert (await persons.counts())[Qualification.QUALIFIED] == 0


@pytest.mark.parametrize("order", list(ListOrder))
@pytest.mark.parametrize("size", [1, 3, 7, 50])
async def test_pages_join_into_the_whole_list(
    database: Database, persons: Persons, order: ListOrder, size: int
) -> None:
    people = [person(number) for number in range(1, 24)]
    await store(database, people)
    expected = sorted(people, key=lambda one: one.person_id)
    if order is ListOrder.UPDATE_TIME_DESCENDING:
        expected = sorted(people, key=lambda one: (one.update_time, one.person_id), reverse=True)
    found: list[Person] = []
    after = None
    while page := await persons.page(PersonFilter(order=order), after=after, count=size):
        found += page
        after = PagePosition(page[-1].person_id, page[-1].update_time)
    assert found == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ann", [1, 2, 3]),
        ("ANN le", [1]),
        ("acme rock", [2]),
        ("rockets", [2]),
        ("å", [3]),
        ("100%", [3]),
        ("%", []),
        ("_", []),
        ("nn", []),
        ("lee@", []),
        ("mail.lee@x", [1]),
        ("ann ann ann", [1, 2, 3]),
    ],
)
async def test_search_looks_for_beginnings_of_words(
    database: Database, persons: Persons, query: str, expected: list[int]
) -> None:
    await store(
        database,
        [
            person(1, last_name="Lee", email="Mail.Lee@x.io"),
            person(2, company="Acme Rockets"),
            person(3, last_name="Åsen", company="100% Wool"),
        ],
    )
    found = await persons.page(PersonFilter(query=query), after=None, count=10)
    assert [one.marketo_id for one in found] == expected


async def test_listing_by_address_and_qualification(database: Database, persons: Persons) -> None:
    twins = [person(1, email="a@x.io"), person(2, email="A@X.io")]
    await store(database, [*twins, person(3)])

    async def lose(transaction: Transaction) -> None:
        lost = replace(twins[0], qualification=Qualification.NOT_QUALIFIED)
        await PersonWrites(transaction, "acme").update([(twins[0], lost)])

    await database.write(lose)
    qualified = await persons.page(PersonFilter(email=" a@X.IO "), after=None, count=10)
    assert [one.marketo_id for one in qualified] == [2]
    everybody = await persons.page(PersonFilter(qualification=None, email="a@x.io"), after=None, count=10)
    assert [one.marketo_id for one in everybody] == [1, 2]


async def test_counts_follow_every_change(database: Database, persons: Persons) -> None:
    people = [person(number) for number in range(1, 11)]
    await store(database, people)

    async def work(transaction: Transaction) -> None:
        writes = PersonWrites(transaction, "acme")
        await writes.update([(one, tombstone(one, at=9)) for one in people[:3]])
        lost = replace(people[4], qualification=Qualification.NOT_QUALIFIED)
        await writes.update([(people[4], lost)])
        await writes.update([(lost, replace(lost, qualification=Qualification.QUALIFIED))])

    await database.write(work)
    listed = await persons.page(PersonFilter(qualification=None), after=None, count=100)
    assert await persons.counts() == {
        **dict.fromkeys(Qualification, 0),
        **Counter(one.qualification for one in listed),
    }
