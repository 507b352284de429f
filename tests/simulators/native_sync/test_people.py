"""What changes in Salesforce arrives in Marketo: new, changed, deleted, merged and converted records, owners."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio


async def test_the_seed_is_already_in_step(pair: Any) -> None:
    outcome = await pair.cycle()
    assert {key: value for key, value in outcome.items() if key not in ("at", "salesforce_calls")} == {
        "ok": True,
        "opt_outs_pushed": 0,
        "records_read": 0,
    }
    assert await pair.marketo.activities() == []


async def test_reading_every_record_again_changes_nothing(pair: Any) -> None:
    """The seed in Marketo is what the sync would have made of the seed in Salesforce, field by field."""
    pair.simulators.marketo.database.execute("DROP TABLE IF EXISTS crm_sync_state")
    store = pair.sync._store
    store._start -= timedelta(days=2_000)
    outcome = await pair.cycle()
    synced = [person for person in pair.world.people if person.kind != "marketo_only"]
    assert outcome["records_read"] == len(synced)
    assert "updated" not in outcome
    assert "created" not in outcome
    assert "opportunities_changed" not in outcome
    assert "deleted" not in outcome
    assert await pair.marketo.activities() == []


async def test_a_new_lead_becomes_a_person_with_every_field(pair: Any) -> None:
    owner = pair.world.users[5].id
    lead = await pair.salesforce.create(
        "Lead",
        FirstName="Nova",
        LastName="Stern",
        Company="Sterne GmbH",
        Email="nova@sterne.example",
        Phone="+49 30 555 1",
        MobilePhone="+49 30 555 2",
        Title="Astronomer",
        LeadSource="Web",
        OwnerId=owner,
        HasOptedOutOfEmail=True,
        LinkedIn_Profile__c="https://linkedin.example/in/nova",
    )
    outcome = await pair.cycle()
    assert outcome["created"] == 1
    person = await pair.marketo.person("sfdcLeadId", lead)
    marketo_id = person.pop("id")
    assert person == {
        "firstName": "Nova",
        "lastName": "Stern",
        "email": "nova@sterne.example",
        "phone": "+49 30 555 1",
        "mobilePhone": "+49 30 555 2",
        "title": "Astronomer",
        "company": "Sterne GmbH",
        "leadSource": "Web",
        "unsubscribed": True,
        "linkedInProfileURL": "https://linkedin.example/in/nova",
        "sfdcId": lead,
        "sfdcType": "Lead",
        "sfdcLeadId": lead,
        "sfdcContactId": None,
        "sfdcAccountId": None,
        "sfdcOpptyId": None,
        "sfdcLeadOwnerId": owner,
        "sfdcIsDeleted": False,
    }
    assert await pair.marketo.activities() == [(12, marketo_id, None)]
    assert "created" not in await pair.cycle()


async def test_a_new_contact_becomes_a_person_with_its_account(pair: Any) -> None:
    account = pair.world.accounts[0]
    contact = await pair.salesforce.create(
        "Contact", LastName="Stern", AccountId=account.id, Email="stern@x.example", OwnerId=pair.world.users[4].id
    )
    assert (await pair.cycle())["created"] == 1
    person = await pair.marketo.person("sfdcContactId", contact)
    assert person["company"] == account.name
    assert person["sfdcAccountId"] == account.id
    assert person["sfdcType"] == "Contact"
    assert person["sfdcId"] == contact
    assert person["sfdcLeadId"] is None
    assert person["sfdcLeadOwnerId"] == pair.world.users[4].id


async def test_an_edit_writes_a_change_for_each_field_and_no_more(pair: Any) -> None:
    lead = pair.lead()
    await pair.salesforce.update("Lead", lead.salesforce_id, Title="Changed", Company="Changed Ltd")
    assert (await pair.cycle())["updated"] == 1
    assert (await pair.marketo.person("id", lead.marketo_id))["title"] == "Changed"
    assert await pair.marketo.activities() == [
        (13, lead.marketo_id, "Company Name"),
        (13, lead.marketo_id, "Job Title"),
    ]
    outcome = await pair.cycle()
    assert outcome["records_read"] == 0
    assert await pair.marketo.activities() == []


async def test_an_edit_within_the_second_of_a_cycle_is_not_lost(pair: Any) -> None:
    lead = pair.lead()
    await pair.salesforce.update("Lead", lead.salesforce_id, Title="First")
    await pair.cycle(seconds=0)
    await pair.salesforce.update("Lead", lead.salesforce_id, Title="Second")
    assert (await pair.cycle(seconds=0))["updated"] == 1
    assert (await pair.marketo.person("id", lead.marketo_id))["title"] == "Second"


async def test_a_touch_without_a_change_writes_nothing(pair: Any) -> None:
    lead = pair.lead()
    await pair.salesforce.update("Lead", lead.salesforce_id, Title=lead.title)
    outcome = await pair.cycle()
    assert (outcome["records_read"], outcome.get("updated", 0)) == (1, 0)
    assert await pair.marketo.activities() == []


async def test_an_owner_change_writes_a_23_and_a_13(pair: Any) -> None:
    lead = pair.lead()
    new_owner = next(user.id for user in pair.world.users if user.role == "seller" and user.id != lead.owner_id)
    await pair.salesforce.update("Lead", lead.salesforce_id, OwnerId=new_owner)
    await pair.cycle()
    assert (await pair.marketo.person("id", lead.marketo_id))["sfdcLeadOwnerId"] == new_owner
    kinds = [(kind, person) for kind, person, _ in await pair.marketo.activities()]
    assert kinds == [(13, lead.marketo_id), (23, lead.marketo_id)]


async def test_a_lead_given_to_a_queue_is_owned_by_the_queue(pair: Any) -> None:
    lead, queue = pair.lead(), pair.world.queues[1].id
    await pair.salesforce.update("Lead", lead.salesforce_id, OwnerId=queue)
    await pair.cycle()
    assert (await pair.marketo.person("id", lead.marketo_id))["sfdcLeadOwnerId"] == queue


async def test_salesforce_wins_a_conflict(pair: Any) -> None:
    lead = pair.lead()
    await pair.marketo.write(lead.marketo_id, title="From Marketo", phone="1234")
    await pair.cycle()
    assert (await pair.marketo.person("id", lead.marketo_id))["title"] == "From Marketo", "no change there, no conflict"
    await pair.salesforce.update("Lead", lead.salesforce_id, Title="From Salesforce")
    await pair.cycle()
    person = await pair.marketo.person("id", lead.marketo_id)
    assert (person["title"], person["phone"]) == ("From Salesforce", lead.phone)


async def test_a_deleted_record_is_marked_once_and_undelete_is_seen(pair: Any) -> None:
    lead = pair.lead()
    await pair.salesforce.delete("Lead", lead.salesforce_id)
    assert (await pair.cycle())["deleted"] == 1
    person = await pair.marketo.person("id", lead.marketo_id)
    assert person["sfdcIsDeleted"] is True
    kinds = [kind for kind, _, _ in await pair.marketo.activities()]
    assert kinds == [13, 29]
    assert "deleted" not in await pair.cycle(seconds=0)
    await pair.clock.advance(timedelta(minutes=5))
    await pair.salesforce.control("undelete", {"id": lead.salesforce_id})
    await pair.cycle()
    assert (await pair.marketo.person("id", lead.marketo_id))["sfdcIsDeleted"] is False


async def test_records_merged_in_salesforce_become_one_person(pair: Any) -> None:
    leads = [one for one in pair.world.people if one.kind == "lead" and not one.crm_deleted][:3]
    winner, *losers = leads
    await pair.salesforce.control(
        "merge",
        {
            "master": winner.salesforce_id,
            "losers": [one.salesforce_id for one in losers],
        },
    )
    outcome = await pair.cycle()
    assert outcome["merged"] == 2
    assert "deleted" not in outcome
    for loser in losers:
        assert await pair.marketo.people("id", loser.marketo_id) == []
    assert (await pair.marketo.person("sfdcLeadId", winner.salesforce_id))["id"] == winner.marketo_id
    merges = [one for one in await pair.marketo.activities() if one[0] == 32]
    assert {person for _, person, _ in merges} == {winner.marketo_id}


async def test_chained_merges_end_with_the_last_winner(pair: Any) -> None:
    first, second, third = [one for one in pair.world.people if one.kind == "lead" and not one.crm_deleted][:3]
    for master, loser in ((second, first), (third, second)):
        await pair.salesforce.control(
            "merge",
            {"master": master.salesforce_id, "losers": [loser.salesforce_id]},
        )
        await pair.clock.advance(timedelta(seconds=2))
    assert (await pair.cycle())["merged"] == 2
    assert await pair.marketo.people("id", first.marketo_id) == []
    assert await pair.marketo.people("id", second.marketo_id) == []
    assert len(await pair.marketo.people("id", third.marketo_id)) == 1


async def test_a_converted_lead_stays_the_same_person(pair: Any) -> None:
    lead = pair.lead()
    converted = await pair.salesforce.control("convert", {"lead": lead.salesforce_id})
    outcome = await pair.cycle()
    assert outcome["converted"] == 1
    assert "created" not in outcome
    person = await pair.marketo.person("id", lead.marketo_id)
    assert person["sfdcType"] == "Contact"
    assert person["sfdcContactId"] == converted["contact"]
    assert person["sfdcId"] == converted["contact"]
    assert person["sfdcAccountId"] == converted["account"]
    assert person["sfdcLeadId"] == lead.salesforce_id, "Marketo keeps the lead id"
    assert person["sfdcLeadOwnerId"] == lead.owner_id
    assert person["company"] == lead.company
    assert person["sfdcOpptyId"] == converted["opportunity"]
    activities = await pair.marketo.activities()
    assert (21, lead.marketo_id, None) in activities
    assert 12 not in [kind for kind, _, _ in activities]
    again = await pair.cycle()
    assert "converted" not in again
    assert "created" not in again


async def test_a_lead_converted_into_a_known_contact_is_merged_with_it(pair: Any) -> None:
    lead, contact = pair.lead(), pair.contact()
    await pair.salesforce.control(
        "convert",
        {
            "lead": lead.salesforce_id,
            "contact": contact.salesforce_id,
            "account": contact.account_id,
            "create_opportunity": False,
        },
    )
    assert (await pair.cycle())["merged"] == 1
    assert await pair.marketo.people("id", lead.marketo_id) == []
    person = await pair.marketo.person("sfdcContactId", contact.salesforce_id)
    assert person["id"] == contact.marketo_id
    assert person["sfdcType"] == "Contact"
    assert "created" not in await pair.cycle()


async def test_a_lead_converted_and_edited_between_two_cycles(pair: Any) -> None:
    """New in Salesforce and converted before Marketo ever saw the lead: one person, of the contact."""
    lead = await pair.salesforce.create("Lead", LastName="Quick", Company="Quick AG", Email="q@quick.example")
    await pair.salesforce.control("convert", {"lead": lead})
    outcome = await pair.cycle()
    assert outcome["created"] == 1
    (person,) = await pair.marketo.people("email", "q@quick.example")
    assert person["sfdcType"] == "Contact"


async def test_a_renamed_account_renames_the_company_of_its_contacts(pair: Any) -> None:
    contact = pair.contact()
    colleagues = [one for one in pair.world.people if one.account_id == contact.account_id and not one.crm_deleted]
    await pair.salesforce.update("Account", contact.account_id, Name="Renamed Corp")
    assert (await pair.cycle())["updated"] == len(colleagues)
    for colleague in colleagues:
        assert (await pair.marketo.person("id", colleague.marketo_id))["company"] == "Renamed Corp"


async def test_many_records_come_page_by_page(pair: Any) -> None:
    records = [
        {
            "attributes": {"type": "Lead"},
            "LastName": f"Bulk {number}",
            "Company": "Bulk Ltd",
            "Email": f"b{number}@b.example",
        }
        for number in range(2_400)
    ]
    for first in range(0, len(records), 200):
        await pair.salesforce.call(
            "POST",
            "http://salesforce.example/services/data/v60.0/composite/sobjects",
            {"allOrNone": True, "records": records[first : first + 200]},
        )
    assert (await pair.cycle())["created"] == 2_400
    assert len(await pair.marketo.people("email", "b2399@b.example")) == 1
