"""Reading leads: F3 (page and batch caps), long queries, halving, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.model.errors import NotPrepared, Refused

pytestmark = pytest.mark.asyncio


def rows(*ids: int) -> list[dict[str, Any]]:
    return [{"id": number, "email": f"p{number}@example.com"} for number in ids]


async def test_every_field_that_was_asked_for_is_there(marketo: Any, stub: Any) -> None:
    """Marketo may leave out what is null."""
    stub.result({"id": 5, "email": None}, {"id": 6, "email": "x@example.com", "company": "Acme"})
    assert await marketo.leads("id", [5, 6], ["email", "company"]) == [
        {"id": 5, "email": None, "company": None},
        {"id": 6, "email": "x@example.com", "company": "Acme"},
    ]
    assert stub.seen[0].query == {
        "filterType": ["id"],
        "filterValues": ["5,6"],
        "fields": ["email,company"],
        "batchSize": ["300"],
    }


@pytest.mark.parametrize(("count", "calls"), [(0, 0), (1, 1), (299, 1), (300, 1), (301, 2), (900, 3), (901, 4)])
async def test_values_go_in_batches_of_300(marketo: Any, stub: Any, count: int, calls: int) -> None:
    stub.result()
    await marketo.leads("id", list(range(count)), ["email"])
    sent = [value for seen in stub.seen for value in seen.query["filterValues"][0].split(",")]
    assert sent == [str(number) for number in range(count)]
    assert len(stub.seen) == calls


async def test_repeated_and_empty_values_are_sent_once_or_not_at_all(marketo: Any, stub: Any) -> None:
    stub.result()
    await marketo.leads("email", ["a@example.com", " a@example.com ", "", "b@example.com"], ["email"])
    assert stub.seen[0].query["filterValues"] == ["a@example.com,b@example.com"]
    assert await marketo.leads("email", [""], ["email"]) == []
    assert len(stub.seen) == 1


async def test_pages_follow_the_token_and_nothing_else(marketo: Any, stub: Any) -> None:
    stub.result(*rows(1, 2), nextPageToken="AB==", moreResult=True)
    stub.result(nextPageToken="CD==").result(*rows(3))
    found = await marketo.leads("leadSource", ["Web"], ["email"])
    assert [lead["id"] for lead in found] == [1, 2, 3]
    assert [seen.query.get("nextPageToken") for seen in stub.seen] == [None, ["AB=="], ["CD=="]]
    assert all(seen.query["filterValues"] == ["Web"] for seen in stub.seen)


async def test_the_last_page_may_say_so(marketo: Any, stub: Any) -> None:
    stub.result(*rows(1), nextPageToken="AB==", moreResult=False)
    assert len(await marketo.leads("id", [1], ["email"])) == 1
    assert len(stub.seen) == 1


async def test_pages_that_lead_nowhere_end(marketo: Any, stub: Any) -> None:
    stub.result(*rows(1), nextPageToken="AB==", moreResult=True)
    with pytest.raises(Refused):
        await marketo.leads("id", [1], ["email"])
    assert len(stub.seen) == 2


async def test_a_long_query_travels_as_a_form(marketo: Any, stub: Any) -> None:
    """8 KB is the longest address; 300 mail addresses are longer."""
    stub.result()
    addresses = [f"somebody.with.a.long.name+{number:04d}@subsidiary.example.com" for number in range(300)]
    await marketo.leads("email", addresses, ["email"])
    (seen,) = stub.seen
    assert (seen.method, seen.query) == ("POST", {"_method": ["GET"]})
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen.form["filterValues"] == [",".join(addresses)]


async def test_too_many_matches_halve_the_batch(marketo: Any, stub: Any) -> None:
    too_many = "Too many results match the filter"
    stub.error("1003", too_many).error("1003", too_many)
    stub.result(*rows(1)).result(*rows(2)).result(*rows(3, 1))
    found = await marketo.leads("email", ["a", "b", "c", "d"], ["email"])
    assert [seen.query["filterValues"][0] for seen in stub.seen] == ["a,b,c,d", "a,b", "a", "b", "c,d"]
    assert [lead["id"] for lead in found] == [1, 2, 3]


async def test_one_value_that_matches_too_many_cannot_be_halved(marketo: Any, stub: Any) -> None:
    stub.error("1003", "Too many results match the filter")
    with pytest.raises(Refused) as caught:
        await marketo.leads("email", ["a"], ["email"])
    assert "1,000" in caught.value.message


async def test_another_1003_is_not_halved(marketo: Any, stub: Any) -> None:
    stub.error("1003", "Invalid data")
    with pytest.raises(Refused):
        await marketo.leads("email", ["a", "b"], ["email"])
    assert len(stub.seen) == 1


async def test_a_comma_cannot_be_looked_up(marketo: Any, stub: Any) -> None:
    """It would be read as two values and bring back people that nobody asked for."""
    with pytest.raises(Refused) as caught:
        await marketo.leads("email", ['"a,b"@example.com'], ["email"])
    assert stub.seen == []
    assert "example.com" not in caught.value.message


async def test_fields_without_a_rest_name_are_not_fields(marketo: Any, stub: Any) -> None:
    stub.result({"id": 1, "dataType": "string", "rest": {"name": "email"}}, {"id": 2, "soap": {"name": "Old"}})
    assert await marketo.describe_fields() == {"email"}


async def test_the_simulated_subscription(systems: Any) -> None:
    fields = await systems.marketo.describe_fields()
    assert {"id", "email", "sfdcLeadOwnerId", "leadSource"} <= fields
    everybody = await systems.marketo.leads("id", list(range(1, 3_000)), ["email", "sfdcType"])
    assert len(everybody) >= 60
    assert all(set(lead) >= {"id", "email", "sfdcType"} for lead in everybody)
    some = [lead for lead in everybody if lead["email"]][:20]
    by_email = await systems.marketo.leads("email", [lead["email"].upper() for lead in some], ["email"])
    assert {lead["id"] for lead in some} <= {lead["id"] for lead in by_email}
    long = [f"nobody.at.all.{number:04d}@a-long-subdomain.example.com" for number in range(290)] + [some[0]["email"]]
    assert some[0]["id"] in {lead["id"] for lead in await systems.marketo.leads("email", long, ["email"])}
    with pytest.raises(NotPrepared) as caught:
        await systems.marketo.leads("id", [1], ["noSuchField"])
    assert caught.value.system_code == "1006"
