"""Opt-outs go both ways, never in a circle, and none is lost when the two sides fail or race."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio

COLLECTIONS = "/services/data/v60.0/composite/sobjects"


async def opted_out(pair: Any, person: Any) -> tuple[bool, bool]:
    """Return whether Salesforce and Marketo have the person opted out."""
    sobject = "Lead" if person.kind == "lead" else "Contact"
    record = await pair.salesforce.read(sobject, person.salesforce_id)
    marketo = await pair.marketo.person("id", person.marketo_id, "unsubscribed")
    return record["HasOptedOutOfEmail"], marketo["unsubscribed"]


@pytest.mark.parametrize("kind", ["lead", "contact"])
async def test_an_opt_out_in_salesforce_unsubscribes_in_marketo_and_back(pair: Any, kind: str) -> None:
    person = getattr(pair, kind)()
    for flag in (True, False):
        await pair.salesforce.update(kind.title(), person.salesforce_id, HasOptedOutOfEmail=flag)
        outcome = await pair.cycle()
        assert (outcome["updated"], outcome["opt_outs_pushed"]) == (1, 0)
        assert await opted_out(pair, person) == (flag, flag)
        assert await pair.marketo.activities() == [(13, person.marketo_id, "Unsubscribed")]


@pytest.mark.parametrize("kind", ["lead", "contact"])
async def test_unsubscribing_in_marketo_opts_out_in_salesforce_and_back(pair: Any, kind: str) -> None:
    person = getattr(pair, kind)()
    for flag in (True, False):
        await pair.marketo.write(person.marketo_id, unsubscribed=flag)
        assert (await pair.cycle())["opt_outs_pushed"] == 1
        assert await opted_out(pair, person) == (flag, flag)
        assert (await pair.cycle())["opt_outs_pushed"] == 0, "it does not travel in a circle"
        assert await opted_out(pair, person) == (flag, flag)


async def test_a_value_from_salesforce_is_not_sent_back_over_a_newer_one(pair: Any) -> None:
    person = pair.lead()
    await pair.salesforce.update("Lead", person.salesforce_id, HasOptedOutOfEmail=True)
    await pair.cycle()
    await pair.salesforce.update("Lead", person.salesforce_id, HasOptedOutOfEmail=False)
    assert (await pair.cycle())["opt_outs_pushed"] == 0
    assert await opted_out(pair, person) == (False, False)


async def test_an_unsubscribe_survives_another_edit_of_the_same_record_in_salesforce(pair: Any) -> None:
    person = pair.lead()
    await pair.marketo.write(person.marketo_id, unsubscribed=True)
    await pair.salesforce.update("Lead", person.salesforce_id, Title="Edited meanwhile")
    await pair.cycle()
    assert await opted_out(pair, person) == (True, True)
    assert (await pair.marketo.person("id", person.marketo_id))["title"] == "Edited meanwhile"


async def test_only_the_last_of_several_changes_counts(pair: Any) -> None:
    person = pair.lead()
    for flag in (True, False, True, False):
        await pair.marketo.write(person.marketo_id, unsubscribed=flag)
    assert (await pair.cycle())["opt_outs_pushed"] == 0, "Salesforce already has the last one"
    assert await opted_out(pair, person) == (False, False)


async def test_many_unsubscribes_go_in_few_calls(pair: Any) -> None:
    people = [one for one in pair.world.people if one.salesforce_id and not one.crm_deleted and not one.unsubscribed]
    for first in range(0, len(people), 300):
        await pair.marketo.call(
            "POST",
            "/rest/v1/leads.json",
            {
                "action": "updateOnly",
                "lookupField": "id",
                "input": [{"id": one.marketo_id, "unsubscribed": True} for one in people[first : first + 300]],
            },
        )
    outcome = await pair.cycle()
    assert outcome["opt_outs_pushed"] == len(people)
    assert outcome["salesforce_calls"] < 20
    left = await pair.salesforce.query("SELECT Id FROM Lead WHERE HasOptedOutOfEmail = false")
    assert left == []


async def test_a_person_without_a_record_in_salesforce_stays_in_marketo(pair: Any) -> None:
    only = pair.someone(lambda one: one.kind == "marketo_only" and not one.unsubscribed)
    gone = pair.someone(lambda one: one.crm_deleted)
    for person in (only, gone):
        await pair.marketo.write(person.marketo_id, unsubscribed=True)
    outcome = await pair.cycle()
    assert outcome["opt_outs_pushed"] == 0
    assert pair.sync.status()["pending_opt_outs"] == 0


async def test_the_opt_out_of_a_converted_lead_goes_to_the_contact(pair: Any) -> None:
    lead = pair.lead()
    converted = await pair.salesforce.control("convert", {"lead": lead.salesforce_id})
    await pair.cycle()
    await pair.marketo.write(lead.marketo_id, unsubscribed=True)
    assert (await pair.cycle())["opt_outs_pushed"] == 1
    contact = await pair.salesforce.read("Contact", converted["contact"])
    assert contact["HasOptedOutOfEmail"] is True


async def test_an_unsubscribe_of_a_lead_converted_meanwhile_is_not_lost(pair: Any) -> None:
    """Salesforce refuses the converted lead, the pull makes the person a contact, the next cycle opts it out."""
    lead = pair.lead()
    converted = await pair.salesforce.control("convert", {"lead": lead.salesforce_id})
    await pair.marketo.write(lead.marketo_id, unsubscribed=True)
    await pair.cycle()
    await pair.cycle()
    contact = await pair.salesforce.read("Contact", converted["contact"])
    marketo = await pair.marketo.person("id", lead.marketo_id)
    assert (contact["HasOptedOutOfEmail"], marketo["unsubscribed"]) == (True, True)
    assert pair.sync.status()["pending_opt_outs"] == 0


async def test_an_unsubscribe_of_a_record_merged_meanwhile_goes_to_the_winner(pair: Any) -> None:
    winner, loser = [
        one for one in pair.world.people if one.kind == "lead" and not one.crm_deleted and not one.unsubscribed
    ][:2]
    await pair.salesforce.control("merge", {"master": winner.salesforce_id, "losers": [loser.salesforce_id]})
    await pair.marketo.write(loser.marketo_id, unsubscribed=True)
    await pair.cycle()
    await pair.cycle()
    assert (await pair.salesforce.read("Lead", winner.salesforce_id))["HasOptedOutOfEmail"] is True
    assert (await pair.cycle())["opt_outs_pushed"] == 0
    assert (await pair.marketo.person("id", winner.marketo_id))["unsubscribed"] is True


async def test_an_unsubscribe_of_a_record_deleted_meanwhile_is_not_tried_for_ever(pair: Any) -> None:
    lead = pair.lead()
    await pair.salesforce.delete("Lead", lead.salesforce_id)
    await pair.marketo.write(lead.marketo_id, unsubscribed=True)
    await pair.cycle()
    await pair.cycle()
    assert pair.sync.status()["pending_opt_outs"] == 0
    assert (await pair.marketo.person("id", lead.marketo_id))["unsubscribed"] is True


async def test_a_push_that_fails_is_made_up_for_and_does_not_lose_the_value(pair: Any) -> None:
    person = pair.lead()
    await pair.marketo.write(person.marketo_id, unsubscribed=True)
    await pair.salesforce.update("Lead", person.salesforce_id, Title="Edited meanwhile")
    await pair.salesforce.control(
        "faults",
        {
            "match": {"method": "PATCH", "path": COLLECTIONS},
            "action": "error",
            "error": {"code": "SERVER_UNAVAILABLE", "http_status": 503},
        },
    )
    await pair.clock.advance(timedelta(seconds=60))
    outcome = await pair.sync.run_once()
    assert outcome["ok"] is False
    assert pair.sync.status()["pending_opt_outs"] == 1
    await pair.cycle()
    assert await opted_out(pair, person) == (True, True)
    assert pair.sync.status()["pending_opt_outs"] == 0


async def test_a_push_whose_answer_is_lost_is_not_a_second_write(pair: Any) -> None:
    person = pair.lead()
    await pair.marketo.write(person.marketo_id, unsubscribed=True)
    await pair.salesforce.control(
        "faults", {"match": {"method": "PATCH", "path": COLLECTIONS}, "action": "commit_then_drop"}
    )
    await pair.clock.advance(timedelta(seconds=60))
    outcome = await pair.sync.run_once()
    assert outcome["error"]["code"] == "CONNECTION_FAILED"
    assert (await pair.cycle())["opt_outs_pushed"] == 0
    assert await opted_out(pair, person) == (True, True)


async def test_a_hidden_opt_out_field_is_left_alone(pair: Any) -> None:
    """With the profile of a fresh org the field of leads is hidden: nothing may be read out of its absence."""
    lead = pair.someone(lambda one: one.kind == "lead" and one.unsubscribed)
    contact = pair.contact()
    await pair.cycle()
    await pair.salesforce.control("profile", {"profile": "fresh-org"})
    await pair.salesforce.update("Lead", lead.salesforce_id, Title="Edited")
    await pair.salesforce.update("Contact", contact.salesforce_id, HasOptedOutOfEmail=True)
    await pair.clock.advance(timedelta(seconds=60))
    outcome = await pair.sync.run_once()
    assert outcome["error"]["code"] == "INVALID_FIELD", "the rights changed under its hands"
    outcome = await pair.cycle()
    assert outcome["updated"] == 2
    marketo = await pair.marketo.person("id", lead.marketo_id)
    assert (marketo["title"], marketo["unsubscribed"]) == ("Edited", True)
    assert (await pair.marketo.person("id", contact.marketo_id))["unsubscribed"] is True
    other = pair.lead()
    await pair.marketo.write(other.marketo_id, unsubscribed=True)
    assert (await pair.cycle())["opt_outs_pushed"] == 0
    assert pair.sync.status()["pending_opt_outs"] == 1, "it waits for the right to write it"
