"""Whatever is created, changed, converted, merged, deleted and undeleted, in any order: the org stays in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.gateway.errors import ApiError
from actionsync_simulators.salesforce.gateway.messages import Caller
from actionsync_simulators.salesforce.people.conversion import LeadConvert, convert_lead
from actionsync_simulators.salesforce.people.merge import merge
from actionsync_simulators.salesforce.rows.undelete import undelete
from actionsync_simulators.salesforce.rows.write import create, delete, update
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.schema import Access
from actionsync_simulators.salesforce.state import Org
from hypothesis import given, settings
from hypothesis import strategies as st

START = datetime(2024, 1, 31, 12, 0, tzinfo=UTC)
EXPECTED = frozenset(
    {
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "DELETE_FAILED",
        "DUPLICATE_VALUE",
        "ENTITY_IS_DELETED",
        "FIELD_INTEGRITY_EXCEPTION",
        "INVALID_CROSS_REFERENCE_KEY",
        "REQUIRED_FIELD_MISSING",
        "UNDELETE_FAILED",
    }
)
"""How an operation on rows in any state may be refused."""

OBJECTS = ("Lead", "Contact", "Account", "Opportunity", "Task", "Event", "Campaign", "CampaignMember")
PARENTS = ("Lead", "Contact", "Account", "Opportunity", "Campaign")
OWNED = (
    ("Task", "WhoId"),
    ("Task", "WhatId"),
    ("Event", "WhoId"),
    ("Event", "WhatId"),
    ("Contact", "AccountId"),
    ("Opportunity", "AccountId"),
    ("OpportunityContactRole", "OpportunityId"),
    ("OpportunityContactRole", "ContactId"),
    ("CampaignMember", "CampaignId"),
    ("CampaignMember", "LeadOrContactId"),
)
"""Lookups that never point at a deleted row."""

KINDS = (
    *(f"create {name}" for name in OBJECTS),
    *("create Task", "convert", "convert", "merge Lead", "merge Contact", "merge Account"),
    *("delete", "delete", "undelete", "undelete", "repoint", "close", "wait"),
)
OPERATIONS = st.lists(st.tuples(st.sampled_from(KINDS), *[st.integers(0, 1 << 16)] * 3), min_size=10, max_size=60)


class Script:
    """Carries out generated operations; numbers choose among the rows made so far."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.made: dict[str, list[str]] = {name: [] for name in OBJECTS}

    def run(self, kind: str, *numbers: int) -> None:
        verb, _, name = kind.partition(" ")
        action: Callable[..., None] = getattr(self, f"_{verb}")
        try:
            with self.org.database.transaction():
                action(*([name] if name else []), *numbers)
        except ApiError as error:
            if error.code not in EXPECTED:
                raise

    @property
    def write(self) -> Write:
        return Write(Caller(self.org.api_user_id, "", Access()), self.org.now_text())

    def pick(self, name: str, number: int) -> str | None:
        rows = self.made[name]
        return rows[number % len(rows)] if rows else None

    def any_row(self, number: int) -> str | None:
        rows = [row for made in self.made.values() for row in made]
        return rows[number % len(rows)] if rows else None

    def _create(self, name: str, a: int, b: int, c: int) -> None:
        who = self.pick("Lead" if a % 2 else "Contact", b) if a % 3 else None
        what = self.pick(("Account", "Opportunity", "Campaign")[c % 3], b) if c % 4 else None
        day = (START + timedelta(days=c % 40 - 20)).date().isoformat()
        activity = {"WhoId": who, "WhatId": what, "Subject": "x"}
        records: dict[str, dict[str, Any]] = {
            "Lead": {"LastName": f"L{a}", "Company": "C", "HasOptedOutOfEmail": bool(a % 2)},
            "Contact": {"LastName": f"C{a}", "AccountId": self.pick("Account", b), "ReportsToId": self.pick(name, c)},
            "Account": {"Name": f"A{a}", "ParentId": self.pick("Account", b)},
            "Opportunity": {
                "Name": "O",
                "AccountId": self.pick("Account", b),
                "CloseDate": day,
                "StageName": "Closed Won" if a % 7 == 0 else "Prospecting",
            },
            "Task": activity
            | {"ActivityDate": day if b % 2 else None, "Status": "Completed" if c % 2 else "Not Started"}
            | {"ActionSync_Id__c": f"act-{c % 9}" if a % 5 == 0 else None},
            "Event": activity | {"ActivityDateTime": f"{day}T09:00:00Z", "DurationInMinutes": 30},
            "Campaign": {"Name": "C"},
            "CampaignMember": {
                "CampaignId": self.pick("Campaign", a),
                "LeadId": self.pick("Lead", b) if c % 2 else None,
                "ContactId": None if c % 2 else self.pick("Contact", b),
            },
        }
        self.made[name].append(create(self.org, self.write, self.org.sobject(name), records[name]))

    def _convert(self, a: int, b: int, c: int) -> None:
        lead = self.pick("Lead", a)
        if lead is None:
            return
        done = convert_lead(
            self.org,
            self.write,
            LeadConvert(
                lead_id=lead,
                converted_status="Closed - Converted",
                contact_id=self.pick("Contact", b) if c % 3 == 0 else None,
                account_id=self.pick("Account", b) if c % 3 == 1 else None,
                create_opportunity=bool(b % 2),
            ),
        )
        made = {"Account": done.account_id, "Contact": done.contact_id, "Opportunity": done.opportunity_id}
        for name, record_id in made.items():
            if record_id is not None and record_id not in self.made[name]:
                self.made[name].append(record_id)

    def _merge(self, name: str, a: int, b: int, c: int) -> None:
        winner, losers = self.pick(name, a), {each for each in (self.pick(name, b), self.pick(name, c)) if each}
        if winner is not None and losers:
            merge(self.org, self.write, master_id=winner, loser_ids=sorted(losers), fields={})

    def _delete(self, a: int, *_: int) -> None:
        self._each(a, delete)

    def _undelete(self, a: int, *_: int) -> None:
        self._each(a, undelete)

    def _each(self, number: int, action: Callable[..., None]) -> None:
        record_id = self.any_row(number)
        if record_id is not None:
            sobject = self.org.schema.object_for_prefix(record_id)
            assert sobject is not None
            action(self.org, self.write, sobject, record_id)

    def _repoint(self, a: int, b: int, c: int) -> None:
        task = self.pick("Task", a)
        if task is not None:
            changes = {"WhoId": self.pick("Contact" if c % 2 else "Lead", b)} if c % 3 else {"WhatId": None}
            update(self.org, self.write, self.org.sobject("Task"), task, changes)

    def _close(self, a: int, b: int, *_: int) -> None:
        task = self.pick("Task", a)
        if task is not None:
            changes = {"Status": "Completed" if b % 2 else "In Progress"}
            update(self.org, self.write, self.org.sobject("Task"), task, changes)

    def _wait(self, a: int, *_: int) -> None:
        self.org.clock = Clock(start=self.org.clock.now() + timedelta(days=a % 6), frozen=True)


def values(org: Org, sql: str) -> list[Any]:
    return [tuple(row) for row in org.database.rows(sql)]


def total(org: Org) -> int:
    return sum(values(org, f'SELECT count(*) FROM "{name}"')[0][0] for name in OBJECTS)


def in_order(org: Org) -> None:
    """Assert all that must be true of the rows at any time."""
    for child, field in OWNED:
        targets = " AND ".join(
            f'NOT EXISTS (SELECT 1 FROM "{target}" p WHERE p.Id = c."{field}" AND p.IsDeleted = 0)'
            for target in org.sobject(child).fields[field].reference_to
        )
        orphans = values(org, f'SELECT c.Id, c."{field}" FROM "{child}" c WHERE c.IsDeleted = 0'
                              f' AND c."{field}" IS NOT NULL AND {targets}')  # fmt: skip
        assert orphans == [], f"{child}.{field}"
    for name in PARENTS:
        closed = "(Status = 'Completed')"
        counted = {"Lead": "WhoId = p.Id", "Contact": "WhoId = p.Id", "Account": "(WhatId = p.Id OR AccountId = p.Id)"}
        mine = counted.get(name, "WhatId = p.Id")
        stale = values(
            org,
            f"SELECT * FROM (SELECT p.Id, p.LastActivityDate AS shown, (SELECT max(ActivityDate) FROM ("
            f'SELECT ActivityDate FROM "Task" WHERE {mine} AND {closed} AND IsDeleted = 0'
            f' UNION ALL SELECT ActivityDate FROM "Event" WHERE {mine} AND IsDeleted = 0)) AS latest'
            f' FROM "{name}" p WHERE p.IsDeleted = 0) WHERE shown IS NOT latest',
        )
        assert stale == [], name
    deleted = {row[0] for o in org.schema for row in values(org, f'SELECT Id FROM "{o.name}" WHERE IsDeleted = 1')}
    assert {row[0] for row in values(org, 'SELECT record_id FROM "sim_recycle_bin"')} == deleted
    for name in ("Lead", "Contact", "Account"):
        assert values(org, f'SELECT Id FROM "{name}" WHERE MasterRecordId IS NOT NULL AND IsDeleted = 0') == []
    for name, field in (("Contact", "ReportsToId"), ("Account", "ParentId")):
        assert values(org, f'SELECT Id FROM "{name}" WHERE "{field}" = Id') == []
    assert values(org, "SELECT Id FROM \"Task\" WHERE WhoId LIKE '00Q%' AND WhatId IS NOT NULL AND IsDeleted = 0") == []
    twice = 'SELECT CampaignId, LeadOrContactId FROM "CampaignMember" WHERE IsDeleted = 0 GROUP BY 1, 2'
    assert values(org, f"{twice} HAVING count(*) > 1") == []
    taken = 'SELECT ActionSync_Id__c FROM "Task" WHERE ActionSync_Id__c IS NOT NULL AND IsDeleted = 0 GROUP BY 1'
    assert values(org, f"{taken} HAVING count(*) > 1") == []
    assert values(org, 'SELECT Id FROM "Lead" WHERE IsConverted <> (ConvertedDate IS NOT NULL)') == []


@pytest.fixture(scope="module")
def simulator() -> SalesforceSimulator:
    return SalesforceSimulator(clock=Clock(start=START, frozen=True))


@settings(max_examples=150, deadline=None)
@given(OPERATIONS)
def test_any_sequence_leaves_the_org_in_order(
    simulator: SalesforceSimulator, operations: list[tuple[str, int, int, int]]
) -> None:
    org = simulator.org
    org.clock = simulator.clock
    simulator.reset()
    script = Script(org)
    seeded = total(org)
    for operation in operations:
        script.run(*operation)
        if operation[0] != "wait":
            in_order(org)
    made = sum(len(rows) for rows in script.made.values())
    assert total(org) == seeded + made, "nothing is lost before it is purged"
    org.clock = Clock(start=org.clock.now() + timedelta(days=15), frozen=True)
    org.upkeep.catch_up()
    in_order(org)
    assert values(org, 'SELECT count(*) FROM "sim_recycle_bin"') == [(0,)]
