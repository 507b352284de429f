"""Loads the generated world into a subscription: people as already synced from Salesforce, their lists and history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.assets.request import FOLDER, PROGRAM
from actionsync_simulators.marketo.assets.seeding import (
    GROUP_LISTS,
    NEWSLETTER,
    SALES_LISTS,
    seed_assets,
)
from actionsync_simulators.marketo.campaigns.seeding import seed_campaigns
from actionsync_simulators.marketo.crm_objects.seeding import SHARED, seed_crm_objects, shared_values
from actionsync_simulators.marketo.gateway.times import epoch_seconds, wire
from actionsync_simulators.marketo.leads.forms import seed_forms
from actionsync_simulators.marketo.leads.rows import full_name
from actionsync_simulators.marketo.programs.seeding import seed_programs
from actionsync_simulators.marketo.seeding_grid import grid_activities
from actionsync_simulators.marketo.smart_lists.seeding import seed_smart_lists

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription
    from actionsync_simulators.seed.org import Person, World

LISTS = (
    (1001, "Sales Owned People", "Everyone with a sales owner", None, SALES_LISTS, FOLDER),
    (1002, "Newsletter", "Every tenth person", "Monthly Newsletter", NEWSLETTER, PROGRAM),
    (1003, "Empty List", None, None, GROUP_LISTS, FOLDER),
)
"""Static lists of the seed: id, name, description, program, parent and its type."""

ASSETS_MADE = timedelta(days=150)
"""How long before the start programs and the like were made: before the first person."""

COLUMNS = (
    "id",
    "firstName",
    "lastName",
    "mktoName",
    "email",
    "company",
    "title",
    "phone",
    "mobilePhone",
    "leadSource",
    "unsubscribed",
    "originalSourceType",
    "createdAt",
    "updatedAt",
)
SAME_AS = {
    "registrationSourceType": "originalSourceType",
    "leadPerson": "id",
    "personPrimaryLeadInterest": "id",
    "changed at": "updatedAt",
}
"""Columns that hold what another one holds."""
CONSTANT = {"personType": "'contact'", "isLead": "1", "leadPartitionId": "1"}
"""Columns that hold the same, written as SQL, for everybody."""
CRM_COLUMNS = (
    "sfdcType",
    "sfdcId",
    "sfdcLeadId",
    "sfdcContactId",
    "sfdcAccountId",
    "sfdcOpptyId",
    "sfdcLeadOwnerId",
    "sfdcIsDeleted",
)
EXTERNAL_COLUMNS = ("externalCompanyId", "externalSalesPersonId")
"""What links a person to a company and an owner where no native sync does."""


def load_world(site: Subscription, world: World) -> None:
    """Fill an empty subscription with the people of the world."""
    crm = site.switches.crm == "salesforce"
    social = site.switches.social == "on"
    names = [
        *COLUMNS,
        *SHARED,
        *(CRM_COLUMNS if crm else EXTERNAL_COLUMNS),
        *(("linkedInProfileURL",) if social else ()),
    ]
    owner_of_contacts = site.switches.contact_owner == "filled"
    with site.database.transaction():
        rows = _lead_rows(world, crm=crm, social=social, owner_of_contacts=owner_of_contacts)
        site.database.insert("leads", names, rows, same_as=SAME_AS, fixed=CONSTANT)
        seed_crm_objects(site, world)
        site.recorder.add_many(_new_leads(world.people, crm=crm))
        random = Random(f"{site.seed}:grid")  # noqa: S311 - reproducible, no secret
        site.recorder.add_many(grid_activities(world, random=random, adobe_actions=site.adobe_actions))
        _load_lists(site, world)
        made = wire(world.start - ASSETS_MADE)
        seed_assets(site.database, at=made)
        seed_forms(site.database)
        seed_programs(site.database, world, at=made)
        seed_campaigns(site.database, at=made)
        seed_smart_lists(site, at=made)


def _lead_rows(world: World, *, crm: bool, social: bool, owner_of_contacts: bool) -> Iterator[tuple[Any, ...]]:
    shared = shared_values(world)
    nothing = shared[None]
    for person in world.people:
        marketo_only = person.kind == "marketo_only"
        source = "Web form fillout" if marketo_only else "salesforce.com" if crm else "Web service API"
        row: tuple[Any, ...] = (
            person.marketo_id,
            person.first_name,
            person.last_name,
            full_name(person.first_name, person.last_name),
            person.email,
            person.company,
            person.title,
            person.phone,
            person.mobile_phone,
            person.lead_source,
            int(person.unsubscribed),
            source,
            wire(person.created_at),
            wire(person.updated_at),
            *shared.get(person.account_id, nothing),
        )
        if crm:
            contact = person.kind == "contact"
            owner = person.owner_id if owner_of_contacts or not contact else None
            row += (
                None if marketo_only else person.kind.capitalize(),
                person.salesforce_id,
                None if contact else person.salesforce_id,
                person.salesforce_id if contact else None,
                person.account_id,
                person.opportunity_id,
                owner,
                None if marketo_only else int(person.crm_deleted),
            )
        else:
            row += (person.account_id, person.owner_id if (person.owner_id or "").startswith("005") else None)
        yield (*row, person.linkedin_url) if social else row


def _new_leads(people: list[Person], *, crm: bool) -> Iterator[tuple[Any, ...]]:
    """Yield the New Lead row of everybody, at their creation."""
    for person in people:
        at = epoch_seconds(person.created_at)
        marketo_only = person.kind == "marketo_only"
        source = "Web form fillout" if marketo_only else "SFDC Sync" if crm else "Web service API"
        attributes = {"Created Date": person.created_at.date().isoformat(), "Source Type": source}
        if crm and not marketo_only:
            attributes["SFDC Type"] = person.kind.capitalize()
        if person.lead_source:
            attributes["Lead Source"] = person.lead_source
        name = full_name(person.first_name, person.last_name)
        yield person.marketo_id, at, types.NEW_LEAD, None, person.marketo_id, name, orjson.dumps(attributes).decode()


def _load_lists(site: Subscription, world: World) -> None:
    start = wire(world.start)
    site.database.executemany(
        "INSERT INTO static_lists (id, name, description, program_name, folder_id, folder_type, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*one, start, start) for one in LISTS],
    )
    owned = [person.marketo_id for person in world.people if (person.owner_id or "").startswith("005")]
    readers = [person.marketo_id for person in world.people[::10]]
    site.database.insert(
        "list_members",
        ("list_id", "lead_id", "created_at", "updated_at"),
        (
            (list_id, lead_id, start, start)
            for list_id, lead_ids in ((1001, owned), (1002, readers))
            for lead_id in lead_ids
        ),
    )
